package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// WheelLayer is a transparent layer that takes only the mouse wheel and hands it
// to a scroll area: every Entry holds a scroller of its own that would swallow
// the wheel. Clicks pass through, because hits are tested per ability.
type WheelLayer struct {
	widget.BaseWidget
	to *container.Scroll
}

// NewWheelLayer makes the layer for a scroll area.
func NewWheelLayer(to *container.Scroll) *WheelLayer {
	w := &WheelLayer{to: to}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled implements fyne.Scrollable.
func (w *WheelLayer) Scrolled(e *fyne.ScrollEvent) { w.to.Scrolled(e) }

// CreateRenderer implements fyne.Widget.
func (w *WheelLayer) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// NewFormScroll puts a form in a vertical scroll area whose wheel also works
// while the pointer is over an input.
func NewFormScroll(content fyne.CanvasObject) (*fyne.Container, *container.Scroll) {
	s := container.NewVScroll(content)
	return container.NewStack(s, NewWheelLayer(s)), s
}

// Room is something around objects that can become larger with them, as a dialog.
type Room interface{ MakeRoom() }

// MakeRoom lays out anew what lies around an object in a dialog after the object
// wants more height or less: the toolkit does that for the window alone.
func MakeRoom(o fyne.CanvasObject) {
	if o != nil && canvasOf(o) != nil && canvasOf(o).Overlays().Top() != nil {
		LayOutAround(o)
	}
}

// LayOutAround lays out anew what lies around an object, also in the window. The
// toolkit does so by itself there, but loses a change of height when another
// follows in the same frame. Texts that wrap know their height once they have
// their width, hence twice.
func LayOutAround(o fyne.CanvasObject) {
	around := append(ancestors(o), o)
	for range 2 {
		for i := len(around) - 1; i >= 0; i-- {
			switch a := around[i].(type) {
			case Room:
				a.MakeRoom()
			case *fyne.Container:
				if a.Layout != nil {
					a.Layout.Layout(a.Objects, a.Size())
				}
			case *container.Scroll:
				a.Refresh()
			}
		}
	}
}
