package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
	"anxin/assets"
)

// The star never stands on a line of its own, however long the label is.
func TestStarStandsBesideAWord(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Faces{Regular: assets.ScreenRegular, Bold: assets.ScreenBold}, 1))
	room := theme.Size(theme.SizeLabel) - 2*theme.Size(fynetheme.SizeNameInnerPadding)
	broken := 0
	for _, of := range []string{"Decided within", "处理期限说明以及办理结果"} {
		for n := 1; n <= len([]rune(of)); n++ {
			for _, more := range []string{"", "l", "ll", "m"} {
				label := string([]rune(of)[:n]) + more
				f := NewField(label, NewEntry()).Star()
				if f.stacked() {
					continue
				}
				if f.label.Segments[0].Textual() != label {
					broken++
				}
				if alone(f, room) {
					t.Errorf("the star of %q stands alone", label)
				}
			}
		}
	}
	if broken == 0 {
		t.Error("no label was broken for its star: the test looks at none that is as wide as its place")
	}
	if f := NewField("名称", NewEntry()).Star(); f.Label() != "名称" || strings.Contains(f.label.Segments[0].Textual(), "\n") {
		t.Errorf("a short label became %q", f.label.Segments[0].Textual())
	}
}

// alone lays the label out and looks for a line that holds nothing but the star.
func alone(f *Field, room float32) bool {
	put(f.label, 0, 0, theme.Size(theme.SizeLabel))
	lines := map[float32]string{}
	var walk func(o fyne.CanvasObject, y float32)
	walk = func(o fyne.CanvasObject, y float32) {
		y += o.Position().Y
		switch o := o.(type) {
		case *canvas.Text:
			lines[y] += o.Text
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, y)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, y)
			}
		}
	}
	walk(f.label, 0)
	for _, line := range lines {
		if strings.TrimSpace(line) == "*" {
			return true
		}
	}
	return false
}
