package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"anxin/app/theme"
)

// toastTime is how long a toast stays; one that offers something stays offerTime.
const (
	toastTime = 4 * time.Second
	offerTime = 8 * time.Second
)

// Toasts is a layer over a window that shows short messages which go by themselves.
// It holds nothing a person must answer.
type Toasts struct {
	Root *fyne.Container

	after func(time.Duration, func()) // calls back on the UI goroutine
	turn  int
	offer func() // nil: nothing is offered
}

// NewToasts makes the layer; after calls a function on the UI goroutine when the
// time has passed.
func NewToasts(after func(time.Duration, func())) *Toasts {
	return &Toasts{Root: container.NewStack(), after: after}
}

// Show replaces the message shown.
func (t *Toasts) Show(text string, tone theme.Tone) { t.show(text, tone, nil, toastTime) }

// Offer replaces the message shown by one with a button, for as long as it stands.
func (t *Toasts) Offer(text, verb string, do func()) {
	button := NewQuietButton(verb, nil, func() { t.Take() })
	t.show(text, theme.Good, button, offerTime)
	t.offer = do
}

// Offers tells whether a message with a button stands.
func (t *Toasts) Offers() bool { return t.offer != nil }

// Take does what is offered, once; false when nothing is.
func (t *Toasts) Take() bool {
	do := t.offer
	if do == nil {
		return false
	}
	t.clear()
	do()
	return true
}

func (t *Toasts) clear() {
	t.offer = nil
	t.Root.RemoveAll()
}

func (t *Toasts) show(text string, tone theme.Tone, more fyne.CanvasObject, stays time.Duration) {
	surface, ink := tone.Pair()
	ground := canvas.NewRectangle(surface)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = ink, 1, 4
	line := container.NewHBox(canvas.NewText(text, ink))
	if more != nil {
		line.Add(more)
	}
	box := container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(6, 6, 14, 14), line))
	t.offer = nil
	t.Root.Objects = []fyne.CanvasObject{NewBorder(nil,
		container.New(layout.NewCustomPaddedLayout(0, 40, 0, 0), container.NewHBox(layout.NewSpacer(), box, layout.NewSpacer())), nil, nil)}
	t.Root.Refresh()
	t.turn++
	mine := t.turn
	t.after(stays, func() {
		if t.turn == mine { // a later message has its own time
			t.clear()
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
