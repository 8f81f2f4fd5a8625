package shell

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// narrowBelow is the width at 100 % under which the navigation shows icons only.
const narrowBelow = 1200

// nav is the navigation at the left.
type nav struct {
	root     *fyne.Container
	rows     []*navRow
	settings Settings
	name     *canvas.Text
	office   *widget.RichText
	officer  *canvas.Text
}

func newNav(s *Shell) *nav {
	n := &nav{settings: s.o.Settings}
	n.name = canvas.NewText(lang.T("app.name"), theme.Card)
	n.name.TextStyle.Bold = true
	n.name.TextSize = theme.Size(fynetheme.SizeNameSubHeadingText) + 2
	n.office = widget.NewRichText(&widget.TextSegment{Style: widget.RichTextStyle{
		ColorName: theme.ColorNavText, SizeName: fynetheme.SizeNameCaptionText,
	}})
	n.office.Wrapping = fyne.TextWrapBreak
	n.officer = canvas.NewText("", theme.NavText)
	n.officer.TextSize = theme.Size(fynetheme.SizeNameCaptionText)
	objects := []fyne.CanvasObject{widgets.NewGround(theme.NavBack), n.name, n.office, n.officer}
	for _, p := range s.o.Places {
		row := newNavRow(p.Icon, lang.T("nav."+p.Key), func() { s.Go(p.Key, "") })
		row.key = p.Key
		n.rows = append(n.rows, row)
		objects = append(objects, row)
	}
	fold := newNavRow(fynetheme.MenuIcon(), lang.T("nav.fold"), nil)
	fold.tapped = func() { n.toggle() }
	n.root = &fyne.Container{Layout: &navLayout{n, fold}, Objects: append(objects, fold)}
	if s.nav != nil {
		n.inherit(s.nav)
	}
	return n
}

// inherit keeps counts and names over a rebuild.
func (n *nav) inherit(old *nav) {
	n.identify(old.office.String(), old.officer.Text)
	for i, row := range n.rows {
		row.count = old.rows[i].count
	}
}

func (n *nav) mark(key string) {
	for _, row := range n.rows {
		row.active = row.key == key
		row.Refresh()
	}
}

// narrow tells whether icons only are shown in a window of a width.
func (n *nav) narrow(window float32) bool {
	switch n.settings.Get(settingNarrow) {
	case "narrow":
		return true
	case "wide":
		return false
	}
	return window < narrowBelow*fynetheme.TextSize()/13
}

func (n *nav) toggle() {
	next := "narrow"
	if n.root.Size().Width <= theme.Size(theme.SizeNavNarrow) {
		next = "wide"
	}
	n.settings.Set(settingNarrow, next)
	if c := fyne.CurrentApp().Driver().CanvasForObject(n.root); c != nil {
		c.Content().Resize(c.Size().SubtractWidthHeight(1, 0))
		c.Content().Resize(c.Size())
	}
}

// SetCount shows a number beside a place, 0 hides it.
func (s *Shell) SetCount(place string, count int) {
	for _, row := range s.nav.rows {
		if row.key == place && row.count != count {
			row.count = count
			row.Refresh()
		}
	}
}

// SetIdentity shows whose program this is: the office at the top of the
// navigation, the officer at its foot.
func (s *Shell) SetIdentity(office, officer string) {
	s.nav.identify(office, officer)
	s.nav.root.Refresh()
}

func (n *nav) identify(office, officer string) {
	n.office.Segments[0].(*widget.TextSegment).Text = office
	n.office.Refresh()
	n.officer.Text = officer
}

// navLayout stacks the rows under the names; the officer stands at the foot.
type navLayout struct {
	n    *nav
	fold *navRow
}

func (l *navLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Size(theme.SizeNavNarrow), 64+float32(len(l.n.rows)+1)*l.rowHeight())
}

func (l *navLayout) rowHeight() float32 { return theme.Size(theme.SizeRow) + 5 }

func (l *navLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	wide := size.Width > theme.Size(theme.SizeNavNarrow)
	large := theme.Size(fynetheme.SizeNameSubHeadingText) + 2
	l.n.name.TextSize = large
	if !wide {
		l.n.name.TextSize = shrunk(l.n.name.Text, large, size.Width-6)
	}
	l.n.office.Hidden, l.n.officer.Hidden = !wide, !wide
	l.n.name.Move(fyne.NewPos(14, 10))
	if !wide {
		l.n.name.Move(fyne.NewPos((size.Width-l.n.name.MinSize().Width)/2, 10))
	}
	l.n.office.Move(fyne.NewPos(9, 8+l.n.name.MinSize().Height))
	l.n.office.Resize(fyne.NewSize(size.Width-14, 1))
	y := 10 + l.n.name.MinSize().Height + 6
	if wide {
		y += l.n.office.MinSize().Height
	}
	for _, row := range l.n.rows {
		row.Move(fyne.NewPos(0, y))
		row.Resize(fyne.NewSize(size.Width, l.rowHeight()))
		y += l.rowHeight()
	}
	foot := size.Height - l.n.officer.MinSize().Height - 6
	l.n.officer.Move(fyne.NewPos(14, foot))
	l.fold.Move(fyne.NewPos(0, max(y, foot-l.rowHeight()-2)))
	l.fold.Resize(fyne.NewSize(size.Width, l.rowHeight()))
}

// navRow is one entry: icon, word, count. Ctrl and its number is its keyboard way,
// so it is no stop of the Tab key.
type navRow struct {
	widget.BaseWidget
	key    string
	label  string
	tapped func()
	active bool
	over   bool
	count  int

	ground *canvas.Rectangle
	icon   *widget.Icon
	word   *canvas.Text
	number *canvas.Text
}

func newNavRow(icon fyne.Resource, word string, tapped func()) *navRow {
	r := &navRow{label: word, tapped: tapped, ground: canvas.NewRectangle(theme.NavBack)}
	r.icon = widget.NewIcon(fynetheme.NewColoredResource(icon, theme.ColorNavText))
	r.word = canvas.NewText(word, theme.NavText)
	r.number = canvas.NewText("", theme.NavText)
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *navRow) Tapped(*fyne.PointEvent) { r.tapped() }

// MouseIn implements desktop.Hoverable.
func (r *navRow) MouseIn(*desktop.MouseEvent) {
	r.over = true
	r.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (r *navRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *navRow) MouseOut() {
	r.over = false
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *navRow) CreateRenderer() fyne.WidgetRenderer {
	v := &navRowRenderer{r}
	v.colour()
	return v
}

type navRowRenderer struct{ r *navRow }

func (v *navRowRenderer) Destroy()           {}
func (v *navRowRenderer) MinSize() fyne.Size { return fyne.NewSize(40, theme.Size(theme.SizeRow)) }
func (v *navRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.r.ground, v.r.icon, v.r.word, v.r.number}
}

func (v *navRowRenderer) Layout(size fyne.Size) {
	v.r.ground.Resize(size)
	if size.Width > theme.Size(theme.SizeNavNarrow) {
		v.layoutWide(size)
	} else {
		v.layoutNarrow(size)
	}
}

func (v *navRowRenderer) layoutWide(size fyne.Size) {
	r, side := v.r, theme.Size(fynetheme.SizeNameInlineIcon)
	r.icon.Resize(fyne.NewSquareSize(side))
	r.icon.Move(fyne.NewPos(15, (size.Height-side)/2))
	r.word.Text, r.word.Alignment = r.label, fyne.TextAlignLeading
	r.word.TextSize, r.number.TextSize = fynetheme.TextSize(), fynetheme.TextSize()
	r.word.Move(fyne.NewPos(15+side+9, 0))
	r.word.Resize(fyne.NewSize(size.Width-15-side-9, size.Height))
	m := r.number.MinSize()
	r.number.Move(fyne.NewPos(size.Width-m.Width-10, 0))
	r.number.Resize(fyne.NewSize(m.Width, size.Height))
}

// layoutNarrow puts a small word under the icon, as much of it as fits.
func (v *navRowRenderer) layoutNarrow(size fyne.Size) {
	r, side := v.r, theme.Size(fynetheme.SizeNameInlineIcon)-2
	r.icon.Resize(fyne.NewSquareSize(side))
	r.icon.Move(fyne.NewPos((size.Width-side)/2, 3))
	small := fynetheme.TextSize() * 9 / 13
	word := shrunk(r.label, small, size.Width-2)
	r.word.Alignment, r.word.TextSize, r.number.TextSize = fyne.TextAlignCenter, word, small
	r.word.Text = fitting(r.label, word, size.Width)
	r.word.Move(fyne.NewPos(0, side+3))
	r.word.Resize(fyne.NewSize(size.Width, size.Height-side-4))
	r.number.Move(fyne.NewPos((size.Width+side)/2+2, 0))
	r.number.Resize(r.number.MinSize())
}

// shrunk is the largest size at which a word has a width, if three quarters of
// the given one are enough; else it keeps its size and is cut.
func shrunk(word string, size, width float32) float32 {
	for smaller := size; smaller >= size*3/4; smaller -= 0.25 {
		if fyne.MeasureText(word, smaller, fyne.TextStyle{Bold: true}).Width <= width {
			return smaller
		}
	}
	return size
}

// fitting cuts a word to a width.
func fitting(word string, size, width float32) string {
	runes := []rune(word)
	for len(runes) > 1 && fyne.MeasureText(string(runes), size, fyne.TextStyle{}).Width > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes))
}

func (v *navRowRenderer) Refresh() {
	v.colour()
	v.Layout(v.r.Size())
	canvas.Refresh(v.r)
}

func (v *navRowRenderer) colour() {
	r := v.r
	r.ground.FillColor, r.word.Color = theme.NavBack, theme.NavText
	if r.over {
		r.ground.FillColor = theme.NavHover
	}
	if r.active {
		r.ground.FillColor, r.word.Color = theme.NavActive, theme.Card
	}
	r.ground.Hidden = !r.over && !r.active // the navigation has a ground of its own
	r.number.Text = ""
	if r.count > 0 {
		r.number.Text = strconv.Itoa(min(r.count, 999))
	}
}

// frameLayout puts the navigation beside the rest.
type frameLayout struct{ nav *nav }

func (f *frameLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	main := o[1].MinSize()
	return fyne.NewSize(theme.Size(theme.SizeNavNarrow)+main.Width, max(main.Height, o[0].MinSize().Height))
}

func (f *frameLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	side := theme.Size(theme.SizeNav)
	if f.nav.narrow(size.Width) {
		side = theme.Size(theme.SizeNavNarrow)
	}
	o[0].Resize(fyne.NewSize(side, size.Height))
	o[1].Move(fyne.NewPos(side, 0))
	o[1].Resize(fyne.NewSize(size.Width-side, size.Height))
}
