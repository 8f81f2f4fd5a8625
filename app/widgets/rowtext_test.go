package widgets

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"pgregory.net/rapid"

	"anxin/app/theme"
	"anxin/assets"
)

func ourTheme(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Faces{Regular: assets.ScreenRegular, Bold: assets.ScreenBold}, 1))
}

// What is shown of a text fits, begins as the text does, and could not be a
// letter longer.
func TestTextsAreCutToTheirRoom(t *testing.T) {
	ourTheme(t)
	letters := []rune("桃花源县（一二三）Abcij，.1234567890 —吴𬱖")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.SampledFrom(letters)).Draw(t, "text"))
		room := rapid.Float32Range(20, 400).Draw(t, "room")
		size := rapid.SampledFrom([]float32{11.5, 13, 19.5}).Draw(t, "size")
		wide := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width }
		const round = 0.5 // of a pixel, between a text and its letters
		got := cutShort(text, size, room)
		if got == text {
			if wide(text) > room+round {
				t.Fatalf("%q is %.1f wide and left whole in %.1f", text, wide(text), room)
			}
			return
		}
		begin, cut := strings.CutSuffix(got, "…")
		if !cut || !strings.HasPrefix(text, begin) || wide(got) > room+round && begin != "" {
			t.Fatalf("%q becomes %q, %.1f wide in %.1f", text, got, wide(got), room)
		}
		next := text[len(begin):]
		_, n := utf8.DecodeRuneInString(next)
		if longer := begin + next[:n] + "…"; wide(longer) < room-round && wide(text) > room+round {
			t.Fatalf("%q becomes %q, yet %q has room in %.1f", text, got, longer, room)
		}
	})
}

// Scrolling by a row fills the row that comes in and touches no other, and a row
// is drawn with as many texts as it has columns and nothing heavier.
func TestScrollingFillsOnlyTheNewRows(t *testing.T) {
	ourTheme(t)
	filled := 0
	name := func(i int) string {
		filled++
		return strings.Repeat("名", i%40)
	}
	columns := []Column[int]{
		{Title: "名称", Cell: name, Note: func(i int) string { return "第" + strings.Repeat("号", i%7) }},
		{Title: "编号", Width: 80, Cell: func(i int) string { return strings.Repeat("9", i%30) }},
	}
	l := NewRecordList(columns, widget.NewLabel(""))
	rows := make([]int, 100_000)
	for i := range rows {
		rows[i] = i
	}
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(600, 500))
	l.SetRows(rows)
	step := l.list.row() + theme.Size(fynetheme.SizeNamePadding)
	for n := range 50 {
		filled = 0
		l.list.ScrollToOffset(l.list.GetScrollOffset() + step)
		if filled > 1 {
			t.Fatalf("step %d fills %d rows", n, filled)
		}
	}
	filled = 0
	l.list.ScrollToOffset(60_000 * step)
	inSight := int(500/step) + 2
	if filled == 0 || filled > inSight {
		t.Errorf("a jump fills %d rows, of which %d are in sight", filled, inSight)
	}
	row := l.newRow()
	l.fillRow(39, row)
	if texts, others := drawn(row); texts != 3 || others != 0 {
		t.Errorf("a row of two columns and a note draws %d texts and %d other things", texts, others)
	}
}

// drawn counts what is drawn for an object.
func drawn(o fyne.CanvasObject) (texts, others int) {
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *canvas.Text:
		return 1, 0
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	default:
		return 0, 1
	}
	for _, p := range parts {
		a, b := drawn(p)
		texts, others = texts+a, others+b
	}
	return texts, others
}

// The ring of a large area covers only its edge: what is hollow is reckoned for
// every pixel within it where the processor draws.
func TestTheRingOfAListCoversOnlyItsEdge(t *testing.T) {
	ourTheme(t)
	f := newFrame()
	f.resize(fyne.NewSize(600, 500))
	f.show(true)
	var area float32
	for _, o := range f.objects() {
		if !o.Visible() {
			t.Fatal("a side is hidden")
		}
		area += o.Size().Width * o.Size().Height
	}
	if edge := float32(2*(600+500)) * 3; area > edge || area < edge*0.9 {
		t.Errorf("the ring covers %.0f pixels, want somewhat less than %.0f", area, edge)
	}
	f.show(false)
	for _, o := range f.objects() {
		if o.Visible() {
			t.Fatal("a side is shown without the keyboard")
		}
	}
}
