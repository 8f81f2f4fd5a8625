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
	ring halo
	lit  *bool // the widget has the keyboard
}

// halo is what is drawn around a widget.
type halo interface {
	show(on bool)
	resize(size fyne.Size)
	objects() []fyne.CanvasObject
}

func withRing(lit *bool, r fyne.WidgetRenderer) *ringed { return &ringed{r, newRing(), lit} }

// frame is the ring of a large area, of four plain sides each: of a hollow
// rectangle every pixel within is reckoned too, in every picture.
type frame struct{ outer, inner [4]*canvas.Rectangle }

func newFrame() *frame {
	f := &frame{}
	for i := range f.outer {
		f.outer[i], f.inner[i] = canvas.NewRectangle(theme.Focus), canvas.NewRectangle(theme.Card)
	}
	f.show(false)
	return f
}

func (f *frame) show(on bool) {
	for i := range f.outer {
		f.outer[i].Hidden, f.inner[i].Hidden = !on, !on
	}
}

func (f *frame) resize(size fyne.Size) {
	sides(f.outer, 1, 2, size)
	sides(f.inner, 3, 1, size)
}

// sides lays four sides of a thickness along an edge, so far inside it.
func sides(side [4]*canvas.Rectangle, inside, thick float32, size fyne.Size) {
	w, h := size.Width-2*inside, size.Height-2*inside
	side[0].Move(fyne.NewPos(inside, inside))
	side[1].Move(fyne.NewPos(inside, size.Height-inside-thick))
	side[2].Move(fyne.NewPos(inside, inside))
	side[3].Move(fyne.NewPos(size.Width-inside-thick, inside))
	for i, r := range side {
		if i < 2 {
			r.Resize(fyne.NewSize(w, thick))
		} else {
			r.Resize(fyne.NewSize(thick, h))
		}
	}
}

func (f *frame) objects() (all []fyne.CanvasObject) {
	for i := range f.outer {
		all = append(all, f.outer[i], f.inner[i])
	}
	return all
}

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
