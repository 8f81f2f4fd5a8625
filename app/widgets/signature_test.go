package widgets_test

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestSignature(t *testing.T) {
	s := uitest.New(t)
	moment := time.Date(2026, 9, 18, 10, 0, 0, 0, time.UTC)
	pad := widgets.NewSignature(func() time.Time { moment = moment.Add(time.Second); return moment })
	s.Show(container.NewCenter(pad))
	if !pad.Empty() {
		t.Fatal("a new pad is not empty")
	}
	at := func(x, y float32) fyne.PointEvent { return fyne.PointEvent{Position: fyne.NewPos(x, y)} }
	pad.MouseDown(&desktop.MouseEvent{PointEvent: at(20, 70)})
	for i := range 16 {
		pad.Dragged(&fyne.DragEvent{PointEvent: at(20+float32(i)*20, 70+float32(i%2)*40-20)})
	}
	pad.DragEnd()
	s.Capture("signature")
	raw, err := pad.PNG(720)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Dx(); got != 720 {
		t.Errorf("the picture is %d pixels wide", got)
	}
	dark := 0
	for y := range picture.Bounds().Dy() {
		for x := range 720 {
			if _, _, _, a := picture.At(x, y).RGBA(); a > 0x8000 {
				dark++
			}
		}
	}
	if dark < 1500 || dark > 12000 {
		t.Errorf("%d dark pixels are no line across the pad", dark)
	}
	strokes := pad.Strokes()
	if len(strokes) != 1 || len(strokes[0]) != 17 || strokes[0][16].At.Sub(strokes[0][0].At) != 16*time.Second || strokes[0][0].X != 20 {
		t.Errorf("strokes %v", strokes)
	}
	pad.Clear()
	if !pad.Empty() {
		t.Error("a cleared pad is not empty")
	}
}
