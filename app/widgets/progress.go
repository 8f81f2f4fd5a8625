package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Progress is a thin bar, quiet enough for a status bar.
type Progress struct {
	widget.BaseWidget
	value float64
	trail *canvas.Rectangle
	bar   *canvas.Rectangle
}

// NewProgress makes an empty bar.
func NewProgress() *Progress {
	p := &Progress{trail: canvas.NewRectangle(theme.CardBorder), bar: canvas.NewRectangle(theme.Primary)}
	p.trail.CornerRadius, p.bar.CornerRadius = 3, 3
	p.ExtendBaseWidget(p)
	return p
}

// SetValue sets the part done, clamped to 0..1.
func (p *Progress) SetValue(done float64) {
	p.value = min(max(done, 0), 1)
	p.Refresh()
}

// Value returns the part done.
func (p *Progress) Value() float64 { return p.value }

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer { return &progressRenderer{p} }

type progressRenderer struct{ p *Progress }

func (r *progressRenderer) MinSize() fyne.Size { return fyne.NewSize(96, 6) }
func (r *progressRenderer) Destroy()           {}
func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.trail, r.p.bar}
}

func (r *progressRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos(0, (size.Height-6)/2)
	r.p.trail.Move(at)
	r.p.trail.Resize(fyne.NewSize(size.Width, 6))
	r.p.bar.Move(at)
	r.p.bar.Resize(fyne.NewSize(size.Width*float32(r.p.value), 6))
}

func (r *progressRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
