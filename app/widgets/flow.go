package widgets

import "fyne.io/fyne/v2"

const flowGap = 6

// flow wraps its children like words of a text; its height follows the width it
// was last given, so that rows of options never set the least width of a window.
type flow struct{ width float32 }

// NewFlow lays objects side by side and wraps them to the next line as needed.
func NewFlow(objects ...fyne.CanvasObject) *fyne.Container {
	f := &flow{}
	return &fyne.Container{Layout: f, Objects: objects}
}

func (f *flow) run(objects []fyne.CanvasObject, width float32, place bool) float32 {
	var x, y, line float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if x > 0 && x+size.Width > width {
			x, y, line = 0, y+line+2, 0
		}
		if place {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(min(size.Width, max(width, 1)), size.Height))
		}
		x += size.Width + flowGap
		line = max(line, size.Height)
	}
	return y + line
}

// MinSize is as wide as the widest child and as high as the last width needs.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest float32
	for _, o := range objects {
		if o.Visible() {
			widest = max(widest, o.MinSize().Width)
		}
	}
	return fyne.NewSize(widest, f.run(objects, max(f.width, widest), false))
}

// Layout places the children.
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.run(objects, size.Width, true)
}
