package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"pgregory.net/rapid"

	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// reelRig is a reel of boxes whose heights are guessed wrong, in a window.
type reelRig struct {
	reel  *widgets.Reel
	parts []*widgets.Part
	boxes map[*widgets.Part]*canvas.Rectangle
}

func newReelRig(heights []float32, stops []bool) *reelRig {
	r := &reelRig{reel: widgets.NewReel(), boxes: map[*widgets.Part]*canvas.Rectangle{}}
	for i, high := range heights {
		p := &widgets.Part{Guess: func(float32) float32 { return 30 }, Stop: stops[i], Card: 1 + i/9}
		p.Make = func() fyne.CanvasObject {
			box := canvas.NewRectangle(theme.Card)
			box.SetMinSize(fyne.NewSize(10, high))
			r.boxes[p] = box
			return box
		}
		p.Drop = func() { delete(r.boxes, p) }
		r.parts = append(r.parts, p)
	}
	r.reel.SetParts(r.parts)
	return r
}

// check is what must hold after every act: boxes stand below each other in order,
// and where a part has no widgets the gap lies outside of the view.
func (r *reelRig) check(t *rapid.T, view float32) {
	d := fyne.CurrentApp().Driver()
	below, gap := float32(-1e9), false
	for _, p := range r.parts {
		box := r.boxes[p]
		if (box != nil) != p.Made() {
			t.Fatal("a part that has widgets was not made, or the other way round")
		}
		if box == nil {
			gap = true
			continue
		}
		top := d.AbsolutePositionForObject(box).Y
		if top < below {
			t.Fatalf("a part begins at %.0f, the one before ends at %.0f", top, below)
		}
		if gap && below < view && top > 0 {
			t.Fatalf("nothing stands between %.0f and %.0f", below, top)
		}
		below, gap = top+box.Size().Height, false
	}
	if gap && below < view {
		t.Fatalf("nothing stands below %.0f", below)
	}
}

func TestReelKeepsTheViewFilled(t *testing.T) {
	s := uitest.New(t)
	rapid.Check(t, func(t *rapid.T) {
		heights := rapid.SliceOfN(rapid.Float32Range(10, 200), 70, 200).Draw(t, "heights")
		stops := rapid.SliceOfN(rapid.Bool(), len(heights), len(heights)).Draw(t, "stops")
		r := newReelRig(heights, stops)
		s.Show(r.reel)
		view := s.Win.Canvas().Size().Height
		r.check(t, view)
		for range rapid.IntRange(1, 6).Draw(t, "acts") {
			switch rapid.IntRange(0, 2).Draw(t, "act") {
			case 0:
				by := rapid.Float32Range(-5000, 5000).Draw(t, "wheel")
				s.Each(func(o fyne.CanvasObject) {
					if w, ok := o.(*widgets.WheelLayer); ok {
						w.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, by)})
					}
				})
			case 1:
				p := r.parts[rapid.IntRange(0, len(r.parts)-1).Draw(t, "part")]
				r.reel.Reach(p)
				box := r.boxes[p]
				if box == nil {
					t.Fatal("a part that was reached has no widgets")
				}
				if top := fyne.CurrentApp().Driver().AbsolutePositionForObject(box).Y; top < -1 || top+box.Size().Height > view+1 {
					t.Fatalf("a part that was reached stands at %.0f of %.0f, %.0f high", top, view, box.Size().Height)
				}
			case 2:
				r.parts = append(r.parts[:0:0], r.parts[len(r.parts)/3:]...)
				r.reel.SetParts(r.parts)
			}
			r.check(t, view)
		}
	})
}
