package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"anxin/app/theme"
)

// toastTime is how long a toast stays.
const toastTime = 4 * time.Second

// Toasts is a layer over a window that shows short messages which go by themselves.
// It holds nothing a person must answer.
type Toasts struct {
	Root *fyne.Container

	after func(time.Duration, func()) // calls back on the UI goroutine
	turn  int
}

// NewToasts makes the layer; after calls a function on the UI goroutine when the
// time has passed.
func NewToasts(after func(time.Duration, func())) *Toasts {
	return &Toasts{Root: container.NewStack(), after: after}
}

// Show replaces the message shown.
func (t *Toasts) Show(text string, tone theme.Tone) {
	surface, ink := tone.Pair()
	ground := canvas.NewRectangle(surface)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = ink, 1, 4
	words := canvas.NewText(text, ink)
	box := container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(6, 6, 14, 14), words))
	t.Root.Objects = []fyne.CanvasObject{container.NewBorder(nil,
		container.New(layout.NewCustomPaddedLayout(0, 40, 0, 0), container.NewHBox(layout.NewSpacer(), box, layout.NewSpacer())), nil, nil)}
	t.Root.Refresh()
	t.turn++
	mine := t.turn
	t.after(toastTime, func() {
		if t.turn == mine { // a later message has its own time
			t.Root.RemoveAll()
		}
	})
}

// Text returns the message shown, "" for none.
func (t *Toasts) Text() string {
	text := ""
	for _, o := range t.Root.Objects {
		walk(o, func(o fyne.CanvasObject) {
			if c, ok := o.(*canvas.Text); ok {
				text = c.Text
			}
		})
	}
	return text
}

func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	visit(o)
	for _, child := range children(o) {
		walk(child, visit)
	}
}
