package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// Option is one of several: Key is what is stored, Label what is read.
type Option struct{ Key, Label string }

// Select is a drop-down of options with an outline, as inputs have one.
type Select struct {
	widget.Select
	OnPicked func(key string) // "" when cleared

	options []Option
	quiet   bool
}

// NewSelect makes a drop-down; onPicked may be nil.
func NewSelect(options []Option, onPicked func(key string)) *Select {
	s := &Select{OnPicked: onPicked}
	s.PlaceHolder = lang.T("widget.selectone")
	s.ExtendBaseWidget(s)
	s.OnChanged = func(string) {
		if s.OnPicked != nil && !s.quiet {
			s.OnPicked(s.Key())
		}
	}
	s.SetChoices(options)
	return s
}

// SetChoices replaces the options and keeps the picked one if it is still there.
// Equal labels would be one to Fyne, so later ones are told apart by their key.
func (s *Select) SetChoices(options []Option) {
	key := s.Key()
	s.options = slices.Clone(options)
	labels := make([]string, len(options))
	for i, o := range s.options {
		if slices.Contains(labels[:i], o.Label) {
			s.options[i].Label = o.Label + " (" + o.Key + ")"
		}
		labels[i] = s.options[i].Label
	}
	s.Options = labels
	s.SetKey(key)
}

// Key returns the key of the picked option, "" for none.
func (s *Select) Key() string {
	for _, o := range s.options {
		if s.Selected != "" && o.Label == s.Selected {
			return o.Key
		}
	}
	return ""
}

// SetKey picks by key without calling OnPicked; an unknown key picks none.
func (s *Select) SetKey(key string) {
	label := ""
	for _, o := range s.options {
		if o.Key == key {
			label = o.Label
		}
	}
	s.quiet = true
	s.Selected = label
	s.quiet = false
	s.Refresh()
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() {
	s.Select.FocusGained()
	Reveal(s)
}

// TypedKey implements fyne.Focusable: Enter moves on, BackSpace and Delete clear.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	if passKey(s, k) || s.Disabled() {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		FocusNext(s)
	case fyne.KeyBackspace, fyne.KeyDelete:
		s.ClearSelected()
	default:
		s.Select.TypedKey(k)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	line := canvas.NewRectangle(nil)
	line.StrokeWidth, line.CornerRadius = 1, theme.Size(fynetheme.SizeNameInputRadius)
	r := &outlined{WidgetRenderer: s.Select.CreateRenderer(), line: line, owner: s}
	r.colour()
	return r
}

// outlined adds an outline to a renderer of Fyne's.
type outlined struct {
	fyne.WidgetRenderer
	line  *canvas.Rectangle
	owner *Select
}

func (r *outlined) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.line.Move(fyne.NewPos(0.5, 0.5))
	r.line.Resize(size.SubtractWidthHeight(1, 1))
}

func (r *outlined) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.line)
}

func (r *outlined) Refresh() {
	r.colour()
	r.WidgetRenderer.Refresh()
}

func (r *outlined) colour() {
	r.line.StrokeColor = theme.Border
	if c := canvasOf(r.owner); c != nil && c.Focused() == fyne.Focusable(r.owner) {
		r.line.StrokeColor = theme.Primary
	}
	r.line.Refresh()
}

// Check is Fyne's check box that scrolls itself into view and passes keys on.
type Check struct{ widget.Check }

// NewCheck makes a check box.
func NewCheck(label string, onChanged func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = label, onChanged
	c.ExtendBaseWidget(c)
	return c
}

// Set checks or unchecks without calling OnChanged.
func (c *Check) Set(on bool) {
	c.Checked = on
	c.Refresh()
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	Reveal(c)
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if passKey(c, k) {
		return
	}
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		FocusNext(c)
	}
}

// Checks is a set of check boxes that wraps: any number of options may be picked.
type Checks struct {
	Root     *fyne.Container
	OnPicked func(keys []string) // in the order of the options

	options []Option
	boxes   []*Check
}

// NewChecks makes the set.
func NewChecks(options []Option, onPicked func(keys []string)) *Checks {
	c := &Checks{Root: NewFlow(), OnPicked: onPicked}
	c.SetChoices(options)
	return c
}

// SetChoices replaces the options and keeps what is picked and still there.
func (c *Checks) SetChoices(options []Option) {
	if slices.Equal(options, c.options) && len(c.boxes) > 0 {
		return
	}
	keys := c.Keys()
	c.options, c.boxes, c.Root.Objects = slices.Clone(options), nil, nil
	for _, o := range options {
		box := NewCheck(o.Label, func(bool) {
			if c.OnPicked != nil {
				c.OnPicked(c.Keys())
			}
		})
		c.boxes = append(c.boxes, box)
		c.Root.Objects = append(c.Root.Objects, box)
	}
	c.SetKeys(keys)
	c.Root.Refresh()
}

// Keys returns the picked keys in the order of the options.
func (c *Checks) Keys() []string {
	var keys []string
	for i, box := range c.boxes {
		if box.Checked {
			keys = append(keys, c.options[i].Key)
		}
	}
	return keys
}

// SetKeys picks exactly these keys without calling OnPicked.
func (c *Checks) SetKeys(keys []string) {
	for i, box := range c.boxes {
		if want := slices.Contains(keys, c.options[i].Key); box.Checked != want {
			box.Set(want)
		}
	}
}

// Boxes returns the check boxes, to focus or disable them.
func (c *Checks) Boxes() []*Check { return c.boxes }
