package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// TestCanvasAround: an input is found in the window that shows it before the
// toolkit knows its canvas, and not where a dialog lies above it.
func TestCanvasAround(t *testing.T) {
	test.NewTempApp(t)
	first, second := test.NewTempWindow(t, widget.NewLabel("")), test.NewTempWindow(t, widget.NewLabel(""))
	shown, covered := NewEntry(), NewEntry()
	first.SetContent(container.NewVBox(covered))
	first.Canvas().Overlays().Add(container.NewVBox(widget.NewLabel("")))
	second.SetContent(container.NewVScroll(container.NewVBox(shown)))
	windows := []fyne.Window{first, second}
	for name, c := range map[string]struct {
		input *Entry
		want  fyne.Canvas
	}{
		"in the second window": {shown, second.Canvas()},
		"below a dialog":       {covered, nil},
		"in no window":         {NewEntry(), nil},
	} {
		if got := canvasAround(windows, c.input); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
