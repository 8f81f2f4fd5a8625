package page

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// line is what a link row says.
type line struct {
	Tag   string
	Tone  theme.Tone
	Title string // stands out
	Text  string
	Note  string // small, below: the article, the place
	Wrap  bool   // the note takes as many lines as it needs
	Open  func() // nil: only to be read
}

// linkRow is one line that a tap or Enter opens.
type linkRow struct {
	widget.BaseWidget
	say    line
	ground *canvas.Rectangle
	body   fyne.CanvasObject
}

// noteLift draws the note up to its title.
const noteLift = 6

// tagWidth keeps the titles of rows below one another.
const tagWidth = 96

func newLinkRow(l line) *linkRow {
	r := &linkRow{say: l, ground: canvas.NewRectangle(theme.Card)}
	title := widget.NewLabelWithStyle(l.Title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := widget.NewLabel(l.Text)
	text.Truncation = fyne.TextTruncateEllipsis
	words := widgets.NewBorder(nil, nil, title, nil, text)
	if l.Title == "" {
		words = container.NewStack(text)
	}
	if l.Note != "" {
		note := widgets.NewCaption(l.Note)
		if !l.Wrap {
			note.Wrapping = fyne.TextWrapOff
			note.Truncation = fyne.TextTruncateEllipsis
		}
		words = container.New(layout.NewCustomPaddedVBoxLayout(-noteLift), words, note)
	}
	tag := widgets.AtLeast(tagWidth, 0, container.NewCenter(widgets.NewTag(l.Tag, l.Tone)))
	r.body = widgets.NewBorder(nil, nil, tag, nil, words)
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *linkRow) Tapped(*fyne.PointEvent) {
	if r.say.Open != nil {
		r.say.Open()
	}
}

// Cursor implements desktop.Cursorable.
func (r *linkRow) Cursor() desktop.Cursor {
	if r.say.Open == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained implements fyne.Focusable.
func (r *linkRow) FocusGained() {
	r.paint(theme.Selection)
	widgets.Reveal(r)
}

// FocusLost implements fyne.Focusable.
func (r *linkRow) FocusLost() { r.paint(theme.Card) }

// MouseIn implements desktop.Hoverable.
func (r *linkRow) MouseIn(*desktop.MouseEvent) {
	if r.say.Open != nil {
		r.paint(theme.Background)
	}
}

// MouseMoved implements desktop.Hoverable.
func (r *linkRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *linkRow) MouseOut() { r.paint(theme.Card) }

func (r *linkRow) paint(c color.Color) {
	r.ground.FillColor = c
	r.ground.Refresh()
}

// TypedRune implements fyne.Focusable.
func (r *linkRow) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (r *linkRow) TypedKey(k *fyne.KeyEvent) {
	if widgets.PassKey(r, k) {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.Tapped(nil)
	case fyne.KeyDown:
		widgets.FocusNext(r)
	case fyne.KeyUp:
		widgets.FocusPrevious(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (r *linkRow) TypedShortcut(s fyne.Shortcut) { widgets.PassShortcut(s) }

// CreateRenderer implements fyne.Widget.
func (r *linkRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.body))
}

// rowsOf stacks lines.
func rowsOf(lines []line) *fyne.Container {
	box := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, l := range lines {
		box.Add(newLinkRow(l))
	}
	return box
}

// linesAtOnce is how many lines are drawn in a twentieth of a second.
const linesAtOnce = 60

// folded stacks lines, the first of a long list at once and more when asked for.
func folded(lines []line) *fyne.Container {
	box := rowsOf(lines[:min(len(lines), linesAtOnce)])
	if rest := lines[len(box.Objects):]; len(rest) > 0 {
		var more *widgets.Button
		more = widgets.NewQuietButton(lang.T("page.more", "n", len(rest)), fynetheme.MoreHorizontalIcon(), func() {
			box.Remove(more)
			box.Add(folded(rest))
			box.Refresh()
		})
		box.Add(more)
	}
	return box
}

// Places of the navigation by what is opened there.
const (
	placeLeads       = "leads"
	placeInspections = "inspections"
	placeCases       = "cases"
	placeDocuments   = "documents"
)
