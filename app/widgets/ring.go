package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
)

// ring shows what has the keyboard: two pixels of a dark line along the edge and
// a white hair inside it, so that it stands out on a white, grey or filled ground.
type ring struct{ outer, inner *canvas.Rectangle }

func newRing() ring {
	r := ring{canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)}
	radius := theme.Size(fynetheme.SizeNameInputRadius)
	r.outer.StrokeColor, r.outer.StrokeWidth, r.outer.CornerRadius = theme.Focus, 2, radius
	r.inner.StrokeColor, r.inner.StrokeWidth, r.inner.CornerRadius = theme.Card, 1, radius-1
	r.show(false)
	return r
}

func (r ring) show(on bool) { r.outer.Hidden, r.inner.Hidden = !on, !on }

func (r ring) resize(size fyne.Size) {
	r.outer.Move(fyne.NewPos(1, 1))
	r.outer.Resize(size.SubtractWidthHeight(2, 2))
	r.inner.Move(fyne.NewPos(2.5, 2.5))
	r.inner.Resize(size.SubtractWidthHeight(5, 5))
}

func (r ring) objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.outer, r.inner} }

// ringed adds the ring to the renderer of one of Fyne's widgets, which repaints
// when the keyboard comes or goes.
type ringed struct {
	fyne.WidgetRenderer
	ring ring
	lit  *bool // the widget has the keyboard
}

func withRing(lit *bool, r fyne.WidgetRenderer) *ringed { return &ringed{r, newRing(), lit} }

func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.ring.resize(size)
}

func (r *ringed) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.ring.objects()...)
}

func (r *ringed) Refresh() {
	r.ring.show(*r.lit)
	r.WidgetRenderer.Refresh()
}
