package preview

import (
	"context"
	"errors"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"anxin/assets"
	"anxin/forms/paper"
)

// letter is a paper of two pages whose first paragraph goes over several lines.
func letter(t testing.TB) []byte {
	t.Helper()
	press, err := paper.NewPress(assets.Papers, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	return printed(t, press, "samples/D06.json")
}

func TestFindMarksWhatItFinds(t *testing.T) {
	v := newViewer(t)
	d := open(t, v, letter(t))
	for name, c := range map[string]struct {
		text string
		hits int // -1: one or more
	}{
		"a word":                 {"保障农民工工资支付条例", -1},
		"any case and width":     {"（ＱＲ）", 0},
		"nothing":                {" 　\n", 0},
		"what is not there":      {"阿房宫赋", 0},
		"a number with its mark": {"¥", -1},
	} {
		hits, err := d.Find(t.Context(), c.text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.hits >= 0 && len(hits) != c.hits || c.hits < 0 && len(hits) == 0 {
			t.Errorf("%s: %d hits", name, len(hits))
		}
		for _, h := range hits {
			marked(t, d, h, name)
		}
	}
}

// marked fails the test unless the marks of a hit lie on the page, and on ink.
func marked(t *testing.T, d *Document, h Hit, name string) {
	t.Helper()
	if len(h.Marks) == 0 {
		t.Errorf("%s: a hit without a mark", name)
	}
	page := render(t, d, h.Page, 72)
	for _, m := range h.Marks {
		if !(0 <= m.Left && m.Left < m.Right && m.Right <= 1 && 0 <= m.Top && m.Top < m.Bottom && m.Bottom <= 1) {
			t.Errorf("%s: the mark %+v is not on the page", name, m)
			continue
		}
		size := page.Bounds().Size()
		box := image.Rect(int(m.Left*float64(size.X)), int(m.Top*float64(size.Y)), int(math.Ceil(m.Right*float64(size.X))), int(math.Ceil(m.Bottom*float64(size.Y))))
		if !inked(page.SubImage(box).(*image.RGBA)) {
			t.Errorf("%s: page %d: there is nothing under the mark %+v", name, h.Page+1, m)
		}
	}
}

func inked(m *image.RGBA) bool {
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			if m.RGBAAt(x, y).R < 128 {
				return true
			}
		}
	}
	return false
}

// Any stretch of a page's own text is found where it stands, also over the end
// of a line: then it has a mark on each.
func TestFindGoesOnInTheNextLine(t *testing.T) {
	v := newViewer(t)
	d := open(t, v, letter(t))
	text, err := d.Text(0)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	over := 0
	for i := range lines[:len(lines)-1] {
		end, begin := []rune(strings.TrimSpace(lines[i])), []rune(strings.TrimSpace(lines[i+1]))
		if len(end) < 20 || len(begin) < 6 {
			continue // the last line of a paragraph
		}
		over++
		want := string(end[len(end)-4:]) + string(begin[:4])
		hits, err := d.Find(t.Context(), want)
		if err != nil || len(hits) == 0 {
			t.Errorf("%q over the end of a line: %d hits, %v", want, len(hits), err)
			continue
		}
		if n := len(hits[0].Marks); n != 2 {
			t.Errorf("%q over the end of a line has %d marks", want, n)
		}
	}
	if over == 0 {
		t.Error("no paragraph goes over a line")
	}
}

func TestFindKnowsNamesAboveTheFirstPlane(t *testing.T) {
	d := open(t, newViewer(t), spoken())
	for text, want := range map[string]Mark{
		"薪𠮷":         {72.0 / 595.28, 0, 108.0 / 595.28, 1},
		"OWED 386":   {72.0 / 595.28, 0, 200.0 / 595.28, 1},
		"owed386,45": {72.0 / 595.28, 0, 200.0 / 595.28, 1},
	} {
		hits, err := d.Find(t.Context(), text)
		if err != nil || len(hits) != 1 || len(hits[0].Marks) != 1 {
			t.Fatalf("%s: %+v, %v", text, hits, err)
		}
		if m := hits[0].Marks[0]; m.Left < want.Left-0.01 || m.Right > want.Right+0.01 {
			t.Errorf("%s stands at %+v", text, m)
		}
	}
}

// A page that is turned is marked as it is seen.
func TestMarksOfATurnedPage(t *testing.T) {
	upright := open(t, newViewer(t), spoken())
	turned := open(t, newViewer(t), []byte(strings.Replace(string(spoken()), "/Type/Page/Parent", "/Type/Page/Rotate 90/Parent", 1)))
	find := func(d *Document) Mark {
		hits, err := d.Find(t.Context(), "Owed")
		if err != nil || len(hits) != 1 {
			t.Fatalf("%+v, %v", hits, err)
		}
		return hits[0].Marks[0]
	}
	a, b := find(upright), find(turned)
	for _, pair := range [][2]float64{{1 - a.Bottom, b.Left}, {1 - a.Top, b.Right}, {a.Left, b.Top}, {a.Right, b.Bottom}} {
		if math.Abs(pair[0]-pair[1]) > 0.001 {
			t.Fatalf("upright %+v, turned %+v", a, b)
		}
	}
}

func TestFindBringsSoManyAndNoMore(t *testing.T) {
	many := stream("", "BT /L 4 Tf 5 TL 0 840 Td "+strings.Repeat("(aaaaaaaaaaaaaaaaaaaaaaaaa) Tj T* ", 100)+"ET")
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</L 5 0 R>>>>>>"
	d := open(t, newViewer(t), file("", catalog, kids(1), page, many, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"))
	hits, err := d.Find(t.Context(), "aa") // 25 letters a line hold 12, and the last goes on below
	if err != nil || len(hits) != mostHits {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

func TestFindStops(t *testing.T) {
	d := open(t, newViewer(t), spoken())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Find(ctx, "Owed"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	d.Close()
	if _, err := d.Find(t.Context(), "Owed"); !errors.Is(err, errClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestFolded(t *testing.T) {
	for in, want := range map[string]string{"（二）": "(二)", "ＡＢｃ １": "abc1", "余杭\r\n区": "余杭区", "～": "~", "￥": "￥", "𠮷 Ü": "𠮷ü", "\ufeff\u200b\x02": ""} {
		if got := string(folded(in)); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
	if c := (characters{[]rune("aaaa"), []int{0, 1, 3, 7}}); !slices.Equal(c.places([]rune("aa")), []span{{0, 1}, {3, 7}}) {
		t.Errorf("places %v", c.places([]rune("aa")))
	}
}
