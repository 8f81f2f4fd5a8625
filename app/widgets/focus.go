package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// canvasOf returns the canvas an object is shown on, or nil.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// passKey hands function keys and Escape to the window, because a focused widget
// swallows every key; it also reports activity. True: the key is dealt with.
func passKey(o fyne.CanvasObject, k *fyne.KeyEvent) bool {
	activity()
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		if c := canvasOf(o); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(k)
		}
		return true
	}
	return false
}

// FocusNext moves the focus on from an object, as Tab does.
func FocusNext(o fyne.CanvasObject) {
	if c := canvasOf(o); c != nil {
		c.FocusNext()
	}
}

// FocusPrevious moves the focus back from an object, as Shift+Tab does.
func FocusPrevious(o fyne.CanvasObject) {
	if c := canvasOf(o); c != nil {
		c.FocusPrevious()
	}
}

// Reveal scrolls every scroll area around the object so that it can be seen;
// Fyne does not do this when Tab moves the focus.
func Reveal(o fyne.CanvasObject) { revealSpan(o, 0, o.Size().Height) }

// revealSpan scrolls so that the part of the object between two heights can be seen.
func revealSpan(o fyne.CanvasObject, from, to float32) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	around, _ := scrollsAround(root, o)
	for i := len(around) - 1; i >= 0; i-- {
		scrollTo(around[i], o, from, to)
	}
}

// scrollsAround walks to the object and returns the scroll areas on the way, outermost first.
func scrollsAround(at, target fyne.CanvasObject) (around []*container.Scroll, found bool) {
	if at == target {
		return nil, true
	}
	if at == nil || !at.Visible() {
		return nil, false
	}
	for _, child := range children(at) {
		inner, ok := scrollsAround(child, target)
		if !ok {
			continue
		}
		if s, is := at.(*container.Scroll); is {
			inner = append([]*container.Scroll{s}, inner...)
		}
		return inner, true
	}
	return nil, false
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.Split:
		return []fyne.CanvasObject{o.Leading, o.Trailing}
	case *widget.PopUp:
		return []fyne.CanvasObject{o.Content}
	case interface{ Children() []fyne.CanvasObject }:
		return o.Children()
	}
	return nil
}

// scrollTo moves one scroll area the least way that shows a span of the object
// with a small margin. The content is given its height first: a text that just
// grew would otherwise get it with the next frame only.
func scrollTo(s *container.Scroll, o fyne.CanvasObject, from, to float32) {
	const margin = 8
	size := s.Content.Size()
	if high := max(s.Content.MinSize().Height, s.Size().Height); high != size.Height {
		s.Content.Resize(fyne.NewSize(size.Width, high))
	}
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s).Y
	offset := s.Offset
	switch {
	case at+from < margin:
		offset.Y = max(0, offset.Y+at+from-margin)
	case at+to > s.Size().Height-margin:
		offset.Y += at + to - s.Size().Height + margin
	default:
		return
	}
	s.ScrollToOffset(offset)
}
