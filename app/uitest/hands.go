package uitest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"anxin/app/widgets"
)

// root is what can be reached now: the topmost dialog or menu, else the window.
func (s *Screen) root() fyne.CanvasObject {
	if top := s.Win.Canvas().Overlays().Top(); top != nil {
		return top
	}
	return s.Win.Canvas().Content()
}

// walk visits the visible objects in drawing order until visit returns true.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject) bool) bool {
	if o == nil || !o.Visible() {
		return false
	}
	if visit(o) {
		return true
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			if walk(child, visit) {
				return true
			}
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			if walk(child, visit) {
				return true
			}
		}
	}
	return false
}

// Words returns the text an object itself shows.
func Words(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case interface{ Words() string }: // without the line breaks of the screen
		return o.Words()
	case *canvas.Text:
		return o.Text
	case *widget.RichText:
		return o.String()
	case *widget.Label:
		return o.Text
	}
	return ""
}

// Sees tells whether the text stands anywhere in reach.
func (s *Screen) Sees(text string) bool {
	return walk(s.root(), func(o fyne.CanvasObject) bool { return strings.Contains(Words(o), text) })
}

// Each visits everything visible in reach, in drawing order.
func (s *Screen) Each(visit func(fyne.CanvasObject)) {
	walk(s.root(), func(o fyne.CanvasObject) bool {
		visit(o)
		return false
	})
}

// MustSee fails the test unless every text stands somewhere in reach.
func (s *Screen) MustSee(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if !s.Sees(text) {
			s.t.Fatalf("the screen does not show %q", text)
		}
	}
}

// MustNotSee fails the test if a text stands somewhere in reach.
func (s *Screen) MustNotSee(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if s.Sees(text) {
			s.t.Fatalf("the screen shows %q", text)
		}
	}
}

// Tap taps what carries the text: a button, a row, a check, a segment. The text
// must be whole; of several the first drawn is taken.
func (s *Screen) Tap(text string) {
	s.t.Helper()
	var target fyne.Tappable
	var at fyne.Position
	found := s.tappable(s.root(), text, &target, &at)
	if !found {
		s.t.Fatalf("there is nothing to tap that says %q", text)
	}
	if b, ok := target.(fyne.Disableable); ok && b.Disabled() {
		s.t.Fatalf("%q is disabled", text)
	}
	target.Tapped(&fyne.PointEvent{Position: at})
}

// tappable finds the innermost tappable object around a text and the text's place in it.
func (s *Screen) tappable(root fyne.CanvasObject, text string, target *fyne.Tappable, at *fyne.Position) bool {
	d := fyne.CurrentApp().Driver()
	var around []fyne.Tappable
	return walk(root, func(o fyne.CanvasObject) bool {
		_, ground := o.(*widget.PopUp) // its taps only close it
		if t, ok := o.(fyne.Tappable); ok && !ground && o != root {
			around = append(around, t)
		}
		if strings.TrimSpace(Words(o)) != text {
			return false
		}
		least := o.MinSize() // a text may be given more room than it fills
		middle := d.AbsolutePositionForObject(o).AddXY(min(least.Width, o.Size().Width)/2, min(least.Height, o.Size().Height)/2)
		for i := len(around) - 1; i >= 0; i-- {
			outer := around[i].(fyne.CanvasObject)
			from := d.AbsolutePositionForObject(outer)
			inside := middle.X >= from.X && middle.Y >= from.Y && middle.X <= from.X+outer.Size().Width && middle.Y <= from.Y+outer.Size().Height
			if inside && contains(outer, o) {
				*target, *at = around[i], middle.Subtract(from)
				return true
			}
		}
		return false
	})
}

func contains(outer, inner fyne.CanvasObject) bool {
	return walk(outer, func(o fyne.CanvasObject) bool { return o == inner })
}

// Place is the middle of what says exactly a text and can be tapped, for a hand
// that moves a real mouse.
func (s *Screen) Place(text string) (at fyne.Position, ok bool) {
	var target fyne.Tappable
	if !s.tappable(s.root(), text, &target, &at) {
		return at, false
	}
	if b, ok := target.(fyne.Disableable); ok && b.Disabled() {
		return at, false
	}
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(target.(fyne.CanvasObject)).Add(at), true
}

// Focus puts the keyboard on an input.
func (s *Screen) Focus(o fyne.Focusable) { s.Win.Canvas().Focus(o) }

// Focused returns what has the keyboard.
func (s *Screen) Focused() fyne.Focusable { return s.Win.Canvas().Focused() }

// Type types text into what has the keyboard.
func (s *Screen) Type(text string) {
	s.t.Helper()
	for _, r := range text {
		f := s.Focused()
		if f == nil {
			s.t.Fatalf("nothing has the keyboard to type %q", text)
		}
		f.TypedRune(r)
	}
}

// Press presses a key as the driver delivers it: to what has the keyboard, else
// to the window. Tab moves the focus.
func (s *Screen) Press(keys ...fyne.KeyName) {
	c := s.Win.Canvas()
	for _, k := range keys {
		f := c.Focused()
		switch {
		case k == fyne.KeyTab:
			if t, ok := f.(fyne.Tabbable); !ok || !t.AcceptsTab() {
				c.FocusNext()
				continue
			}
			f.TypedKey(&fyne.KeyEvent{Name: k})
		case f != nil:
			f.TypedKey(&fyne.KeyEvent{Name: k})
		case c.OnTypedKey() != nil:
			c.OnTypedKey()(&fyne.KeyEvent{Name: k})
		}
	}
}

// Shortcut presses a key with modifiers, as the driver delivers it.
func (s *Screen) Shortcut(key fyne.KeyName, mod fyne.KeyModifier) {
	sc := &desktop.CustomShortcut{KeyName: key, Modifier: mod}
	if f, ok := s.Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(sc)
		return
	}
	widgets.PassShortcut(sc) // the test driver keeps the window's shortcuts to itself
}

// Input returns the input that stands right after a label: in the same row or below it.
func (s *Screen) Input(label string) fyne.Focusable {
	s.t.Helper()
	var input fyne.Focusable
	seen := false
	walk(s.root(), func(o fyne.CanvasObject) bool {
		if strings.TrimSuffix(strings.TrimSpace(Words(o)), "*") == label {
			seen = true
		}
		f, ok := o.(fyne.Focusable)
		if seen && ok {
			input = f
		}
		return seen && ok
	})
	if input == nil {
		s.t.Fatalf("there is no input labelled %q", label)
	}
	return input
}

// Fill types text into the input with the label, after emptying it.
func (s *Screen) Fill(label, text string) {
	s.t.Helper()
	input := s.Input(label)
	s.Focus(input)
	if e, ok := input.(interface{ SetText(string) }); ok {
		e.SetText("")
	}
	s.Type(text)
}

// Pick picks an option of the drop-down with the label.
func (s *Screen) Pick(label, option string) {
	s.t.Helper()
	drop, ok := s.Input(label).(interface {
		fyne.Tappable
		SetSelected(string)
	})
	if !ok {
		s.t.Fatalf("%q is no drop-down", label)
	}
	drop.SetSelected(option)
}

// Buttons returns the enabled buttons in reach that carry exactly a text, in
// drawing order; "" finds those with an icon only.
func (s *Screen) Buttons(text string) []*widgets.Button {
	var found []*widgets.Button
	s.Each(func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok && b.Text == text && !b.Disabled() {
			found = append(found, b)
		}
	})
	return found
}
