package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// Select is a drop-down of options with an outline, as inputs have one.
type Select struct {
	widget.Select
	OnPicked func(key string) // "" when cleared

	options []Option
	quiet   bool
	lit     bool
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
	s.lit = true
	s.Select.FocusGained()
	arrive(s)
}

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() {
	s.lit = false
	s.Select.FocusLost()
}

// TypedKey implements fyne.Focusable: Space and Down open, Enter moves on,
// BackSpace and Delete clear, Right and Left step through the options.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	if passKey(s, k) || s.Disabled() {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		enter(s)
	case fyne.KeyBackspace, fyne.KeyDelete:
		s.ClearSelected()
	case fyne.KeySpace, fyne.KeyDown, fyne.KeyUp:
		s.open("")
	default:
		s.Select.TypedKey(k)
	}
}

// TypedRune implements fyne.Focusable: typing opens the options that match.
func (s *Select) TypedRune(r rune) {
	if r != ' ' && !s.Disabled() {
		s.open(string(r))
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (s *Select) TypedShortcut(sc fyne.Shortcut) { passShortcut(s, sc) }

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(*fyne.PointEvent) {
	if s.Disabled() {
		return
	}
	if c := canvasOf(s); c != nil {
		c.Focus(s)
	}
	s.open("")
}

// open shows the options, those that match a text.
func (s *Select) open(text string) {
	c := canvasOf(s)
	if c == nil || len(s.options) == 0 {
		return
	}
	openMenu(c, s, s.options, s.Key(), text, func(o Option) {
		if s.Selected != o.Label {
			s.SetSelected(o.Label)
		}
	})
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	line := canvas.NewRectangle(color.Transparent)
	line.StrokeColor, line.StrokeWidth, line.CornerRadius = theme.Border, 1, theme.Size(fynetheme.SizeNameInputRadius)
	return withRing(&s.lit, &outlined{s.Select.CreateRenderer(), line})
}

// outlined adds an outline to a renderer of Fyne's.
type outlined struct {
	fyne.WidgetRenderer
	line *canvas.Rectangle
}

func (r *outlined) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.line.Move(fyne.NewPos(0.5, 0.5))
	r.line.Resize(size.SubtractWidthHeight(1, 1))
}

func (r *outlined) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.line)
}
