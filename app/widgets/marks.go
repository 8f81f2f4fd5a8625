package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Marks is one row of a grid of choices: a circle per option for one answer, a
// square per option for several, each in the middle of its column. It is one stop
// of the Tab key: Left and Right move, Space and the digits mark, BackSpace clears,
// Enter, Up and Down go to another row.
type Marks struct {
	widget.DisableableWidget
	OnPicked func(keys []string)

	keys    []string // of the options, in order
	several bool
	on      []bool
	at      int
	focused bool
	ring    ring
	cells   []mark
	columns float32 // wanted width of all columns
}

type mark struct {
	outline, dot fyne.CanvasObject
}

// NewMarks makes a row for options; onPicked may be nil.
func NewMarks(options []Option, several bool, onPicked func(keys []string)) *Marks {
	m := &Marks{OnPicked: onPicked, several: several, on: make([]bool, len(options)), ring: newRing(), columns: marksWidth(options)}
	for _, o := range options {
		m.keys = append(m.keys, o.Key)
		m.cells = append(m.cells, newMark(several))
	}
	m.ExtendBaseWidget(m)
	return m
}

// marksWidth is the width the columns of a grid of choices want, equal for all rows
// of it and for its head.
func marksWidth(options []Option) float32 {
	column := 3 * theme.Size(theme.SizeRow)
	for _, o := range options {
		column = max(column, fyne.MeasureText(o.Label, fynetheme.TextSize(), fyne.TextStyle{}).Width+12)
	}
	return min(column, 4.5*theme.Size(theme.SizeRow)) * float32(len(options))
}

// OneLine returns the width the columns want.
func (m *Marks) OneLine() float32 { return m.columns }

// MarksHead is the head of a grid of choices: the labels over the columns of Marks.
type MarksHead struct {
	widget.BaseWidget
	columns float32
	row     *fyne.Container
}

// NewMarksHead makes the head for options.
func NewMarksHead(options []Option) *MarksHead {
	h := &MarksHead{columns: marksWidth(options), row: container.New(evenColumns{})}
	for _, o := range options {
		label := widget.NewLabelWithStyle(o.Label, fyne.TextAlignCenter, fyne.TextStyle{})
		label.Wrapping = WrapFor(o.Label)
		h.row.Add(label)
	}
	h.ExtendBaseWidget(h)
	return h
}

// OneLine returns the width the columns want.
func (h *MarksHead) OneLine() float32 { return h.columns }

// CreateRenderer implements fyne.Widget.
func (h *MarksHead) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(h.row) }

// evenColumns divides a width equally, without gaps.
type evenColumns struct{}

func (evenColumns) MinSize(o []fyne.CanvasObject) (size fyne.Size) {
	for _, child := range o {
		size = size.Max(child.MinSize())
	}
	size.Width *= float32(len(o))
	return size
}

func (evenColumns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	column := size.Width / float32(max(1, len(o)))
	for i, child := range o {
		child.Move(fyne.NewPos(column*float32(i), 0))
		child.Resize(fyne.NewSize(column, size.Height))
	}
}

func newMark(several bool) mark {
	if several {
		outline, dot := canvas.NewRectangle(theme.Card), canvas.NewRectangle(theme.Primary)
		outline.StrokeColor, outline.StrokeWidth, outline.CornerRadius = theme.Border, 1.5, 2
		dot.CornerRadius = 1
		return mark{outline, dot}
	}
	outline, dot := canvas.NewCircle(theme.Card), canvas.NewCircle(theme.Primary)
	outline.StrokeColor, outline.StrokeWidth = theme.Border, 1.5
	return mark{outline, dot}
}

// Keys returns the keys of the marked options in order.
func (m *Marks) Keys() []string {
	var keys []string
	for i, on := range m.on {
		if on {
			keys = append(keys, m.keys[i])
		}
	}
	return keys
}

// SetKeys marks exactly these without calling OnPicked.
func (m *Marks) SetKeys(keys []string) {
	for i, k := range m.keys {
		if m.on[i] = slices.Contains(keys, k); m.on[i] && !m.several {
			m.at = i
		}
	}
	m.Refresh()
}

// pick marks an option, or takes the mark of one of several away.
func (m *Marks) pick(i int) {
	if i < 0 || i >= len(m.on) || m.Disabled() {
		return
	}
	m.at = i
	before := slices.Clone(m.on)
	if m.several {
		m.on[i] = !m.on[i]
	} else {
		clear(m.on)
		m.on[i] = true
	}
	m.changed(before)
}

func (m *Marks) changed(before []bool) {
	m.Refresh()
	if m.OnPicked != nil && !slices.Equal(before, m.on) {
		m.OnPicked(m.Keys())
	}
}

// move goes to another option; of one answer that is the answer.
func (m *Marks) move(by int) {
	to := min(max(m.at+by, 0), len(m.on)-1)
	if m.several {
		m.at = to
		m.Refresh()
		return
	}
	m.pick(to)
}

// Tapped implements fyne.Tappable.
func (m *Marks) Tapped(e *fyne.PointEvent) {
	if c := canvasOf(m); c != nil && !m.Disabled() {
		c.Focus(m)
	}
	if column := m.column(); column > 0 {
		m.pick(int(e.Position.X / column))
	}
}

func (m *Marks) column() float32 { return m.Size().Width / float32(max(1, len(m.on))) }

// FocusGained implements fyne.Focusable.
func (m *Marks) FocusGained() {
	m.focused = true
	m.Refresh()
	arrive(m)
}

// FocusLost implements fyne.Focusable.
func (m *Marks) FocusLost() {
	m.focused = false
	m.Refresh()
}

// TypedRune implements fyne.Focusable.
func (m *Marks) TypedRune(r rune) {
	if r >= '1' && r <= '9' {
		m.pick(int(r - '1'))
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (m *Marks) TypedShortcut(s fyne.Shortcut) { passShortcut(m, s) }

// TypedKey implements fyne.Focusable.
func (m *Marks) TypedKey(k *fyne.KeyEvent) {
	if passKey(m, k) {
		return
	}
	switch k.Name {
	case fyne.KeyRight:
		m.move(1)
	case fyne.KeyLeft:
		m.move(-1)
	case fyne.KeySpace:
		m.pick(m.at)
	case fyne.KeyBackspace, fyne.KeyDelete:
		if before := slices.Clone(m.on); !m.Disabled() {
			clear(m.on)
			m.changed(before)
		}
	case fyne.KeyDown:
		FocusNext(m)
	case fyne.KeyReturn, fyne.KeyEnter:
		enter(m)
	case fyne.KeyUp:
		FocusPrevious(m)
	}
}

// CreateRenderer implements fyne.Widget.
func (m *Marks) CreateRenderer() fyne.WidgetRenderer {
	r := &marksRenderer{m}
	r.colour()
	return r
}

type marksRenderer struct{ m *Marks }

func (r *marksRenderer) Destroy() {}

func (r *marksRenderer) Objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, c := range r.m.cells {
		all = append(all, c.outline, c.dot)
	}
	return append(all, r.m.ring.objects()...)
}

func (r *marksRenderer) MinSize() fyne.Size {
	side := theme.Size(theme.SizeRow)
	return fyne.NewSize(side*float32(len(r.m.cells)), side-2)
}

func (r *marksRenderer) Layout(size fyne.Size) {
	side := theme.Size(fynetheme.SizeNameInlineIcon)
	column := r.m.column()
	for i, c := range r.m.cells {
		middle := fyne.NewPos(column*(float32(i)+0.5), size.Height/2)
		c.outline.Move(middle.SubtractXY(side/2, side/2))
		c.outline.Resize(fyne.NewSquareSize(side))
		c.dot.Move(middle.SubtractXY(side/4, side/4))
		c.dot.Resize(fyne.NewSquareSize(side / 2))
		if i == r.m.at {
			around := fyne.NewSquareSize(side + 10)
			r.m.ring.resize(around)
			for _, o := range r.m.ring.objects() {
				o.Move(o.Position().Add(middle.SubtractXY(around.Width/2, around.Height/2)))
			}
		}
	}
}

func (r *marksRenderer) Refresh() {
	r.colour()
	r.Layout(r.m.Size())
	canvas.Refresh(r.m)
}

func (r *marksRenderer) colour() {
	ink := color.Color(theme.Primary)
	if r.m.Disabled() {
		ink = theme.Secondary
	}
	for i, c := range r.m.cells {
		setVisible(c.dot, r.m.on[i])
		switch dot := c.dot.(type) {
		case *canvas.Circle:
			dot.FillColor = ink
		case *canvas.Rectangle:
			dot.FillColor = ink
		}
	}
	r.m.ring.show(r.m.focused)
}
