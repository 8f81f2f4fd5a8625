package preview

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"

	"anxin/assets"
)

// cache spares the tests the translation of the module more than once.
var cache string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "preview")
	if err != nil {
		panic(err)
	}
	cache = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func newViewer(t testing.TB) *Viewer {
	t.Helper()
	v := New(assets.Pdfium, cache)
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return v
}

func open(t testing.TB, v *Viewer, pdf []byte) *Document {
	t.Helper()
	d, err := v.Open(context.Background(), pdf)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(d.Close)
	return d
}

func render(t testing.TB, d *Document, i int, dpi float64) *image.RGBA {
	t.Helper()
	m, err := d.Render(context.Background(), i, dpi)
	if err != nil {
		t.Fatalf("page %d at %v dpi: %v", i, dpi, err)
	}
	return m
}

// file writes a PDF: objects 1, 2, … in order, the first being the catalog,
// and what else the trailer says.
func file(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, xref)
	return b.Bytes()
}

// stream writes a stream object.
func stream(dict, body string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

const catalog = "<</Type/Catalog/Pages 2 0 R>>"

// kids writes the page tree: n pages from object 3 on.
func kids(n int) string {
	var refs []string
	for i := range n {
		refs = append(refs, fmt.Sprintf("%d 0 R", 3+i))
	}
	return fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, strings.Join(refs, " "))
}

// squares is one page of 200×100 points: a red square of 50 points from the
// lower left corner, and an annotation, a green one at the upper right.
func squares() []byte {
	return file("",
		catalog, kids(1),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Annots[5 0 R]>>",
		stream("", "1 0 0 rg 0 0 50 50 re f"),
		"<</Type/Annot/Subtype/Stamp/Rect[150 50 200 100]/F 4/AP<</N 6 0 R>>>>",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 50 50]", "0 1 0 rg 0 0 50 50 re f"),
	)
}

var (
	white = color.RGBA{255, 255, 255, 255}
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
)

// works fails the test unless v draws a known page as it is.
func works(t testing.TB, v *Viewer) {
	t.Helper()
	checkSquares(t, open(t, v, squares()))
}

func checkSquares(t testing.TB, d *Document) {
	t.Helper()
	m := render(t, d, 0, 72)
	if m.Bounds() != image.Rect(0, 0, 200, 100) {
		t.Fatalf("bounds %v", m.Bounds())
	}
	for at, want := range map[image.Point]color.RGBA{
		{25, 75}: red, {175, 25}: green, {25, 25}: white, {100, 50}: white, {175, 75}: white,
	} {
		if got := m.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

// spoken is one page of text: a standard face, and a face without outlines
// whose codes 1, 2, 3 mean 欠, 薪 and 𠮷, which is above U+FFFF.
func spoken() []byte {
	const meaning = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /X def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfchar <0001> <6B20> <0002> <85AA> <0003> <D842DFB7> endbfchar
endcmap end end`
	return file("",
		catalog, kids(1),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents 4 0 R/Resources<</Font<</L 5 0 R/H 6 0 R>>>>>>",
		stream("", "BT /L 12 Tf 72 700 Td (Owed 386,452.30) Tj ET BT /H 12 Tf 72 600 Td <000100020003> Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor 9 0 R>>",
		stream("", meaning),
		"<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80>>",
	)
}
