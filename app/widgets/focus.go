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

// Focus gives an input the keyboard; false if it is in no window. An input shown
// only just now has its canvas in the toolkit's books with the next frame, hence
// the look into the windows.
func Focus(f fyne.Focusable) bool {
	o := f.(fyne.CanvasObject)
	c := canvasOf(o)
	if c == nil {
		c = canvasAround(fyne.CurrentApp().Driver().AllWindows(), o)
	}
	if c == nil {
		return false
	}
	c.Focus(f)
	return true
}

// canvasAround is the canvas of the window an object can be seen in, or nil.
func canvasAround(windows []fyne.Window, o fyne.CanvasObject) fyne.Canvas {
	for _, w := range windows {
		c := w.Canvas()
		root := c.Overlays().Top()
		if root == nil {
			root = c.Content()
		}
		if Holds(root, o) {
			return c
		}
	}
	return nil
}

// Keeper surrounds inputs, as a form does, and takes the Enter key, function keys
// and shortcuts the input with the keyboard has no use for. It tells whether it took them.
type Keeper interface {
	TakeKey(*fyne.KeyEvent) bool
	TakeShortcut(fyne.Shortcut) bool
}

// passKey hands function keys and Escape to the keepers around an object and then
// to the window, because a focused widget swallows every key; it also reports
// activity. True: the key is dealt with.
func passKey(o fyne.CanvasObject, k *fyne.KeyEvent) bool {
	activity()
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		if kept(o, func(keeper Keeper) bool { return keeper.TakeKey(k) }) {
			return true
		}
		if c := keyboardOf(o); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(k)
		}
		return true
	}
	return false
}

// keyboardOf is the canvas of an object with the keyboard. One that is not shown
// any more keeps the keyboard all the same, which nobody sees: it loses it here.
func keyboardOf(o fyne.CanvasObject) fyne.Canvas {
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		c := w.Canvas()
		if f, ok := c.Focused().(fyne.CanvasObject); ok && f == o && canvasAround([]fyne.Window{w}, o) == nil {
			c.Unfocus()
			return c
		}
	}
	return canvasOf(o)
}

// passShortcut hands a shortcut to the keepers around an object and then to the window.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if !kept(o, func(keeper Keeper) bool { return keeper.TakeShortcut(s) }) {
		PassShortcut(s)
	}
}

// kept offers something to the keepers around an object, the innermost first.
func kept(o fyne.CanvasObject, take func(Keeper) bool) bool {
	around := ancestors(o)
	for i := len(around) - 1; i >= 0; i-- {
		if keeper, ok := around[i].(Keeper); ok && take(keeper) {
			return true
		}
	}
	return false
}

// arrivals remember which object had the keyboard last, in the window and in
// what lies above it, to tell a move of the keyboard from its return.
var arrivals [2]fyne.CanvasObject

// arrive notes that an object got the keyboard and tells whether it moved there
// from another one; false when a window or a dialog gave it back.
func arrive(o fyne.CanvasObject) (moved bool) {
	layer := 0
	if c := canvasOf(o); c != nil && c.Overlays().Top() != nil {
		layer = 1
	}
	moved = arrivals[layer] != o
	arrivals[layer] = o
	Reveal(o)
	return moved
}

// FocusNext moves the focus on from an object, as Tab does.
func FocusNext(o fyne.CanvasObject) {
	if c := canvasOf(o); c != nil {
		c.FocusNext()
	}
}

// enter is the Enter key in an input of one line: keepers around it come first, as
// when it adds a row, else the keyboard moves on.
func enter(o fyne.CanvasObject) {
	k := &fyne.KeyEvent{Name: fyne.KeyReturn}
	if !kept(o, func(keeper Keeper) bool { return keeper.TakeKey(k) }) {
		FocusNext(o)
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
	around := ancestors(o)
	for i := len(around) - 1; i >= 0; i-- {
		switch a := around[i].(type) {
		case *container.Scroll:
			scrollTo(a, o, from, to)
		case *Reel:
			a.arrange(false) // the parts next to it are wanted now
		}
	}
}

// ancestors are the objects an object on a canvas lies in, outermost first.
func ancestors(o fyne.CanvasObject) []fyne.CanvasObject {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	around, _ := wayTo(root, o)
	return around
}

// wayTo walks to an object and returns what lies on the way, outermost first.
func wayTo(at, target fyne.CanvasObject) (way []fyne.CanvasObject, found bool) {
	if at == target {
		return nil, true
	}
	if at == nil || !at.Visible() {
		return nil, false
	}
	for _, child := range children(at) {
		if inner, ok := wayTo(child, target); ok {
			return append([]fyne.CanvasObject{at}, inner...), true
		}
	}
	return nil, false
}

// layers are what lies in the layers above the window: the toolkit's own object for
// a layer does not tell.
var layers = map[fyne.CanvasObject]fyne.CanvasObject{}

// OpenLayer says what lies in a layer above the window, until CloseLayer.
func OpenLayer(layer, inside fyne.CanvasObject) { layers[layer] = inside }

// CloseLayer forgets a layer.
func CloseLayer(layer fyne.CanvasObject) { delete(layers, layer) }

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	if inside, ok := layers[o]; ok {
		return []fyne.CanvasObject{inside}
	}
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

// Holds tells whether an object lies in another, or is it.
func Holds(outer, inner fyne.CanvasObject) bool {
	_, in := wayTo(outer, inner)
	return in
}
