package widgets_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// book is a PDF in a test: its pages are lines of text, each line a strip of the page.
type book struct {
	pages  [][]string
	drawn  []int // pages
	widths []int
	asked  []string
	closed bool
	fail   error
}

func (b *book) Count() int { return len(b.pages) }
func (b *book) Close()     { b.closed = true }

func (b *book) Draw(_ context.Context, i, width int) (image.Image, error) {
	b.drawn, b.widths = append(b.drawn, i), append(b.widths, width)
	sheet := image.NewRGBA(image.Rect(0, 0, width, width*297/210))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	for k, line := range b.pages[i] {
		high := sheet.Rect.Dy() / 20
		strip := image.Rect(width/10, k*high+high/3, width/10+len([]rune(line))*width/20, k*high+high)
		draw.Draw(sheet, strip, image.NewUniform(color.Gray{Y: 0xB0}), image.Point{}, draw.Src)
	}
	return sheet, b.fail
}

func (b *book) Find(_ context.Context, text string) (out []widgets.PDFHit, _ error) {
	b.asked = append(b.asked, text)
	for i, lines := range b.pages {
		for k, line := range lines {
			at := strings.Index(line, text)
			if at < 0 {
				continue
			}
			from := 0.1 + float64(len([]rune(line[:at])))/20
			out = append(out, widgets.PDFHit{Page: i, Marks: []widgets.PDFMark{
				{Left: from, Top: float64(k)/20 + 1.0/60, Right: from + float64(len([]rune(text)))/20, Bottom: float64(k+1) / 20}}})
		}
	}
	return out, b.fail
}

// reader is a view in a window whose work is done at once.
type reader struct {
	*uitest.Screen
	t      *testing.T
	view   *widgets.PDFView
	failed []error
}

func newReader(t *testing.T, b *book) *reader {
	r := &reader{Screen: uitest.New(t), t: t}
	run := func(_ string, work func(context.Context) error, then func(error)) func() {
		then(work(t.Context()))
		return func() {}
	}
	r.view = widgets.NewPDFView(run, func(err error) { r.failed = append(r.failed, err) })
	r.Show(r.view)
	r.Resize(700, 500)
	r.view.Open(b)
	r.Settle()
	return r
}

func (r *reader) at(page, all int) {
	r.t.Helper()
	r.MustSee(lang.T("pdf.page", "n", page, "all", all))
}

func (r *reader) found(n, all int) {
	r.t.Helper()
	r.MustSee(lang.T("pdf.find.count", "n", n, "all", all))
}

// ink returns the marks that can be seen, the one one is at apart.
func (r *reader) ink() (all []fyne.Position, at fyne.Position) {
	r.Each(func(o fyne.CanvasObject) {
		rect, ok := o.(*canvas.Rectangle)
		if !ok {
			return
		}
		if c, ok := rect.FillColor.(color.NRGBA); ok && c.R == 0xFF && c.B == 0 {
			all = append(all, rect.Position())
			if c.G < 0x80 {
				at = fyne.CurrentApp().Driver().AbsolutePositionForObject(rect)
			}
		}
	})
	return all, at
}

// tale is a book where 工资 stands thrice, at the head of page 1 and twice on page 3, and 工 once more.
func tale() *book {
	long := make([]string, 19)
	long[0], long[18] = "拖欠工资", "补发工资"
	return &book{pages: [][]string{{"支付工资", "期限"}, {"名册", "工人"}, long}}
}

func TestPDFViewFindsText(t *testing.T) {
	b := tale()
	r := newReader(t, b)
	r.MustNotSee(lang.T("pdf.find.none"))
	r.Shortcut(fyne.KeyF, fyne.KeyModifierControl) // nothing of the view has the keyboard
	r.Tap(lang.T("pdf.find"))
	r.Type("工")
	r.found(1, 4)
	r.Type("资")
	r.found(1, 3)
	r.at(1, 3)
	if marks, _ := r.ink(); len(marks) != 1 {
		t.Errorf("page 1 has %d marks", len(marks))
	}
	r.Press(fyne.KeyReturn)
	r.found(2, 3)
	r.at(3, 3)
	r.Capture("pdf-found")
	_, high := r.ink()
	r.Press(fyne.KeyF3)
	r.found(3, 3)
	marks, low := r.ink()
	if bottom := r.Win.Canvas().Size().Height; len(marks) != 2 || low.Y <= 0 || low.Y > bottom || low == high {
		t.Errorf("%d marks; the lowest stands at %v in a window %v high", len(marks), low, bottom)
	}
	r.Press(fyne.KeyF3)
	r.found(1, 3) // from the last to the first
	r.at(1, 3)
	held := r.Focused().(desktop.Keyable)
	held.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	r.Press(fyne.KeyF3)
	r.found(3, 3)
	r.Press(fyne.KeyReturn)
	r.found(2, 3)
	held.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	r.Press(fyne.KeyReturn)
	r.found(3, 3)
	r.Press(fyne.KeyUp, fyne.KeyUp)
	r.found(1, 3)
	r.Press(fyne.KeyDown)
	r.found(2, 3)
	if strings.Join(b.asked, " ") != "工 工资" {
		t.Errorf("searched for %q", b.asked)
	}
	r.Press(fyne.KeyEscape)
	if marks, _ := r.ink(); len(marks) != 0 {
		t.Errorf("%d marks stay after the search is closed", len(marks))
	}
	r.Shortcut(fyne.KeyF, fyne.KeyModifierControl) // the keyboard is on the page now
	r.found(2, 3)                                  // from page 3 on, where one is
	r.Type("没有的字")                                 // the old text is selected and goes
	r.MustSee(lang.T("pdf.find.none"))
	r.Press(fyne.KeyReturn, fyne.KeyF3)
	r.at(3, 3)
}

func TestPDFViewLooksAgainInOtherPages(t *testing.T) {
	first, second := tale(), &book{pages: [][]string{{"工资"}}}
	r := newReader(t, first)
	r.view.Find()
	r.Type("工资")
	r.Press(fyne.KeyF3)
	r.at(3, 3)
	r.view.Open(second)
	r.at(1, 1)
	r.found(1, 1)
	if !first.closed {
		t.Error("the former pages are still open")
	}
	second.fail = errors.New("第1页已损坏")
	r.Type("甲")
	if len(r.failed) != 1 {
		t.Errorf("told of %v", r.failed)
	}
	r.view.Close()
	r.Type("乙")
	if n := len(second.asked); n != 2 {
		t.Errorf("%d searches of pages that are closed", n)
	}
}

// A search or a page that comes late does not stand in for the newest one.
func TestPDFViewKeepsToTheNewest(t *testing.T) {
	var waiting []func()
	cancelled := 0
	s, b := uitest.New(t), tale()
	v := widgets.NewPDFView(func(_ string, work func(context.Context) error, then func(error)) func() {
		waiting = append(waiting, func() { then(work(t.Context())) })
		return func() { cancelled++ }
	}, func(err error) { t.Error(err) })
	s.Show(v)
	v.Open(b)
	v.Find()
	s.Type("工")
	s.Type("资")
	if cancelled != 1 {
		t.Errorf("%d searches were cancelled", cancelled)
	}
	for i := len(waiting) - 1; i >= 0; i-- { // the newest comes first
		waiting[i]()
	}
	s.MustSee(lang.T("pdf.find.count", "n", 1, "all", 3))
}

func TestPDFViewMovesByKeys(t *testing.T) {
	b := tale()
	r := newReader(t, b)
	r.Press(fyne.KeyPageDown) // nothing has the keyboard
	r.at(1, 3)
	var sheet fyne.Focusable
	r.Each(func(o fyne.CanvasObject) {
		if f, ok := o.(interface {
			fyne.Focusable
			fyne.Tappable
			desktop.Keyable
		}); ok {
			f.Tapped(&fyne.PointEvent{})
			sheet = f
		}
	})
	for _, step := range []struct {
		keys []fyne.KeyName
		page int
	}{
		{[]fyne.KeyName{fyne.KeyLeft}, 1},
		{[]fyne.KeyName{fyne.KeyRight}, 2},
		{[]fyne.KeyName{fyne.KeyEnd}, 3},
		{[]fyne.KeyName{fyne.KeyRight, fyne.KeyEnd}, 3},
		{[]fyne.KeyName{fyne.KeyHome}, 1},
		{[]fyne.KeyName{fyne.KeyPageDown}, 1}, // the rest of the page first
		{[]fyne.KeyName{fyne.KeyPageDown}, 2},
		{[]fyne.KeyName{fyne.KeyPageUp}, 1},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyUp, fyne.KeySpace, fyne.KeySpace}, 2},
	} {
		if r.Press(step.keys...); r.Focused() != sheet {
			t.Fatalf("%v moves the keyboard", step.keys)
		}
		r.at(step.page, 3)
	}
	r.Type("++-0--")
	want := []int{700, 900, 700, 560, 420}
	if got := b.widths[len(b.widths)-len(want):]; !slices.Equal(got, want) {
		t.Errorf("drawn %v wide, want %v", got, want)
	}
}

func TestPDFViewTellsOfAPageThatCannotBeDrawn(t *testing.T) {
	b := tale()
	b.fail = errors.New("第1页已损坏")
	r := newReader(t, b)
	r.MustSee(lang.T("pdf.failed"))
	if len(r.failed) != 1 {
		t.Errorf("told of %v", r.failed)
	}
}
