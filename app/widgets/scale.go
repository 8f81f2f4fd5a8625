package widgets

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Scale picks a number between two on a slider, with the number beside it. Until
// it is moved it has no number. Left and Right step, Home and End go to the ends,
// a typed number is taken when it lies on the scale, BackSpace clears.
type Scale struct {
	widget.BaseWidget
	OnPicked func(value string) // "" when cleared

	slider *scaleSlider
	number *widget.Label
	value  string
	quiet  bool
}

// NewScale makes a scale from low to high in steps; onPicked may be nil.
func NewScale(low, high, step float64, onPicked func(value string)) *Scale {
	s := &Scale{OnPicked: onPicked, number: widget.NewLabel("–")}
	s.number.Alignment = fyne.TextAlignTrailing
	s.slider = &scaleSlider{scale: s}
	s.slider.Min, s.slider.Max, s.slider.Step = min(low, high), max(low, high), math.Abs(step)
	s.slider.Value = s.slider.Min
	s.slider.OnChanged = func(v float64) { s.take(strconv.FormatFloat(v, 'f', -1, 64)) }
	s.slider.ExtendBaseWidget(s.slider)
	s.ExtendBaseWidget(s)
	return s
}

// SetValue shows a number without telling; what is none clears the scale.
func (s *Scale) SetValue(value string) {
	s.quiet = true
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		v = s.slider.Min
	}
	s.slider.SetValue(v)
	s.show(value)
	s.quiet = false
}

// Value returns the number as text, "" for none.
func (s *Scale) Value() string { return s.value }

func (s *Scale) show(value string) {
	s.value = value
	if value == "" {
		value = "–"
	}
	s.number.SetText(value)
}

func (s *Scale) take(value string) {
	if s.quiet || s.value == value {
		return
	}
	s.show(value)
	if s.OnPicked != nil {
		s.OnPicked(value)
	}
}

// Focusable returns the part that takes the keyboard.
func (s *Scale) Focusable() fyne.Focusable { return s.slider }

// Enable implements fyne.Disableable.
func (s *Scale) Enable() { s.slider.Enable() }

// Disable implements fyne.Disableable.
func (s *Scale) Disable() { s.slider.Disable() }

// Disabled implements fyne.Disableable.
func (s *Scale) Disabled() bool { return s.slider.Disabled() }

// Children lets the focus be found inside.
func (s *Scale) Children() []fyne.CanvasObject { return []fyne.CanvasObject{s.slider} }

// CreateRenderer implements fyne.Widget.
func (s *Scale) CreateRenderer() fyne.WidgetRenderer {
	ends := func(v float64) fyne.CanvasObject { return NewCaption(strconv.FormatFloat(v, 'f', -1, 64)) }
	rail := canvas.NewRectangle(theme.Border) // Fyne's own is white
	rail.SetMinSize(fyne.NewSize(0, 3))
	inset := theme.Size(fynetheme.SizeNameInnerPadding) + theme.Size(fynetheme.SizeNameInlineIcon)/2
	track := container.New(layout.NewCustomPaddedLayout(0, 0, inset, inset), container.NewVBox(layout.NewSpacer(), rail, layout.NewSpacer()))
	line := NewBorder(nil, nil, ends(s.slider.Min), ends(s.slider.Max), container.NewStack(track, s.slider))
	return widget.NewSimpleRenderer(NewBorder(nil, nil, nil, AtLeast(44*fynetheme.TextSize()/13, 0, s.number), line))
}

// scaleSlider is Fyne's slider with our keys and focus ring.
type scaleSlider struct {
	widget.Slider
	scale *Scale
	lit   bool
	typed string
}

// FocusGained implements fyne.Focusable.
func (s *scaleSlider) FocusGained() {
	s.lit, s.typed = true, ""
	s.Slider.FocusGained()
	arrive(s)
	s.Refresh()
}

// FocusLost implements fyne.Focusable.
func (s *scaleSlider) FocusLost() {
	s.lit = false
	s.Slider.FocusLost()
	s.Refresh()
}

// TypedRune implements fyne.Focusable.
func (s *scaleSlider) TypedRune(r rune) {
	s.typed += string(r)
	v, err := strconv.ParseFloat(s.typed, 64)
	if err != nil {
		s.typed = string(r)
		v, err = strconv.ParseFloat(s.typed, 64)
	}
	if err == nil && v >= s.Min && v <= s.Max && !s.Disabled() {
		s.SetValue(v)
		s.settled()
	}
}

// settled tells a number also when the slider stood there already without being one.
func (s *scaleSlider) settled() { s.OnChanged(s.Value) }

// TypedShortcut implements fyne.Shortcutable.
func (s *scaleSlider) TypedShortcut(sc fyne.Shortcut) { passShortcut(s, sc) }

// TypedKey implements fyne.Focusable.
func (s *scaleSlider) TypedKey(k *fyne.KeyEvent) {
	if passKey(s, k) || s.Disabled() {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		enter(s)
		return
	case fyne.KeyBackspace, fyne.KeyDelete:
		s.typed = ""
		s.scale.take("")
		s.scale.SetValue("")
		return
	case fyne.KeyHome:
		s.SetValue(s.Min)
	case fyne.KeyEnd:
		s.SetValue(s.Max)
	case fyne.KeyLeft, fyne.KeyRight:
		s.Slider.TypedKey(k)
	default:
		return
	}
	s.settled()
}

// CreateRenderer implements fyne.Widget.
func (s *scaleSlider) CreateRenderer() fyne.WidgetRenderer {
	return withRing(&s.lit, s.Slider.CreateRenderer())
}
