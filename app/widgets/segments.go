package widgets

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Segments picks one of a few options, all in sight, in one stop of the Tab key:
// the arrow keys move, the digits 1-9 pick, BackSpace clears, Enter moves on.
// The segments wrap when there is no room for one row.
type Segments struct {
	widget.DisableableWidget
	OnPicked func(key string) // "" when cleared
	Even     bool             // the segments share the whole width, as the points of a scale
	Tabs     bool             // they turn to the sides of a page and answer no question

	options []Option
	key     string
	tones   map[string]theme.Tone
	focused bool
	cells   []segment
	width   float32
	ring    ring
}

type segment struct {
	ground *canvas.Rectangle
	text   *canvas.Text
}

// NewSegments makes the row; onPicked may be nil.
func NewSegments(options []Option, onPicked func(key string)) *Segments {
	s := &Segments{OnPicked: onPicked, options: slices.Clone(options), ring: newRing()}
	s.ExtendBaseWidget(s)
	s.makeCells()
	return s
}

// SetTones tints the picked option by its meaning, for verdicts.
func (s *Segments) SetTones(tones map[string]theme.Tone) {
	s.tones = tones
	s.Refresh()
}

// SetChoices replaces the options and keeps the picked key if it is still there.
func (s *Segments) SetChoices(options []Option) {
	if slices.Equal(options, s.options) {
		return
	}
	s.options = slices.Clone(options)
	if s.index() < 0 {
		s.key = ""
	}
	s.makeCells()
	s.Refresh()
}

// NewTabs makes a row that turns to the sides of a page.
func NewTabs(options []Option, onPicked func(key string)) *Segments {
	s := NewSegments(options, onPicked)
	s.Tabs = true
	return s
}

func (s *Segments) makeCells() {
	s.cells = make([]segment, len(s.options))
	for i, o := range s.options {
		ground := canvas.NewRectangle(theme.Card)
		ground.StrokeWidth, ground.CornerRadius = 1, 3
		text := canvas.NewText(o.Label, theme.Text)
		text.Alignment = fyne.TextAlignCenter
		s.cells[i] = segment{ground, text}
	}
}

// Key returns the picked key, "" for none.
func (s *Segments) Key() string { return s.key }

// SetKey picks by key without calling OnPicked.
func (s *Segments) SetKey(key string) {
	if s.key == key {
		return
	}
	s.key = key
	s.Refresh()
}

func (s *Segments) index() int {
	return slices.IndexFunc(s.options, func(o Option) bool { return o.Key == s.key })
}

func (s *Segments) pick(i int) {
	key := ""
	if i >= 0 && i < len(s.options) {
		key = s.options[i].Key
	}
	if s.Disabled() || key == s.key {
		return
	}
	s.key = key
	s.Refresh()
	if s.OnPicked != nil {
		s.OnPicked(key)
	}
}

// Tapped implements fyne.Tappable; tapping the picked option again keeps it.
func (s *Segments) Tapped(e *fyne.PointEvent) {
	if c := canvasOf(s); c != nil && !s.Disabled() {
		c.Focus(s)
	}
	for i, cell := range s.cells {
		at, size := cell.ground.Position(), cell.ground.Size()
		if e.Position.X >= at.X && e.Position.Y >= at.Y && e.Position.X < at.X+size.Width && e.Position.Y < at.Y+size.Height {
			s.pick(i)
			return
		}
	}
}

// FocusGained implements fyne.Focusable.
func (s *Segments) FocusGained() {
	s.focused = true
	s.Refresh()
	arrive(s)
}

// FocusLost implements fyne.Focusable.
func (s *Segments) FocusLost() {
	s.focused = false
	s.Refresh()
}

// TypedRune implements fyne.Focusable.
func (s *Segments) TypedRune(r rune) {
	if i := int(r - '1'); i >= 0 && i < min(9, len(s.options)) {
		s.pick(i)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Segments) TypedKey(k *fyne.KeyEvent) {
	if passKey(s, k) {
		return
	}
	switch at := s.index(); k.Name {
	case fyne.KeyRight:
		s.pick(min(at+1, len(s.options)-1))
	case fyne.KeyLeft:
		s.pick(max(at-1, 0))
	case fyne.KeyDown: // the next row of a list, never another answer
		FocusNext(s)
	case fyne.KeyUp:
		FocusPrevious(s)
	case fyne.KeySpace:
		s.pick(max(at, 0))
	case fyne.KeyBackspace, fyne.KeyDelete:
		s.pick(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		enter(s)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (s *Segments) TypedShortcut(sc fyne.Shortcut) { passShortcut(s, sc) }

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentsRenderer{s}
	r.colour()
	return r
}

type segmentsRenderer struct{ s *Segments }

func (r *segmentsRenderer) Destroy() {}

func (r *segmentsRenderer) Objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, c := range r.s.cells {
		all = append(all, c.ground, c.text)
	}
	return append(all, r.s.ring.objects()...)
}

func (r *segmentsRenderer) cellSize(c segment) fyne.Size {
	c.text.TextSize = fynetheme.TextSize()
	return fyne.NewSize(max(c.text.MinSize().Width+16, 40), theme.Size(theme.SizeRow)-2)
}

// OneLine returns the width all segments need in one row.
func (s *Segments) OneLine() float32 {
	if s.Even {
		return math.MaxFloat32 // a scale takes the whole width
	}
	r := &segmentsRenderer{s}
	var width float32
	for _, c := range s.cells {
		width += r.cellSize(c).Width + 3
	}
	return width
}

func (r *segmentsRenderer) run(width float32, place bool) (height float32) {
	var x, y float32
	share := r.share(width)
	for _, c := range r.s.cells {
		size := r.cellSize(c)
		size.Width = max(size.Width, share)
		if x > 0 && x+size.Width > width {
			x, y = 0, y+size.Height+3
		}
		if place {
			c.ground.Move(fyne.NewPos(x, y+1))
			c.ground.Resize(size)
			c.text.Move(fyne.NewPos(x, y+1))
			c.text.Resize(size)
		}
		x += size.Width + 3
		height = y + size.Height + 2
	}
	return height
}

// share is the width of every segment of an even row, 0 if they do not fit in one.
func (r *segmentsRenderer) share(width float32) float32 {
	if !r.s.Even || len(r.s.cells) == 0 {
		return 0
	}
	share := width/float32(len(r.s.cells)) - 3
	for _, c := range r.s.cells {
		if r.cellSize(c).Width > share {
			return 0
		}
	}
	return share
}

func (r *segmentsRenderer) MinSize() fyne.Size {
	var widest float32
	for _, c := range r.s.cells {
		widest = max(widest, r.cellSize(c).Width)
	}
	return fyne.NewSize(widest, r.run(max(r.s.width, widest), false))
}

func (r *segmentsRenderer) Layout(size fyne.Size) {
	r.s.width = size.Width
	r.run(size.Width, true)
	i := max(r.s.index(), 0)
	if i < len(r.s.cells) { // the ring lies around the segment the keys act on
		ground := r.s.cells[i].ground
		r.s.ring.resize(ground.Size())
		for _, o := range r.s.ring.objects() {
			o.Move(o.Position().Add(ground.Position()))
		}
	}
}

func (r *segmentsRenderer) Refresh() {
	r.colour()
	r.s.ring.show(r.s.focused && len(r.s.cells) > 0)
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

func (r *segmentsRenderer) colour() {
	for i, c := range r.s.cells {
		surface, ink, line := theme.Card, theme.Text, theme.Border
		if o := r.s.options[i]; o.Key == r.s.key && r.s.key != "" {
			surface, ink = theme.Primary, theme.Card
			if tone, ok := r.s.tones[o.Key]; ok {
				surface, ink = tone.Pair()
			}
			line = ink
			if ink == theme.Card {
				line = theme.Primary
			}
		}
		if r.s.focused {
			line = theme.Primary
		}
		if r.s.Disabled() && surface == theme.Card {
			ink = theme.Secondary
		}
		c.ground.FillColor, c.ground.StrokeColor, c.text.Color = surface, line, ink
		c.text.TextStyle.Bold = surface != theme.Card
	}
}
