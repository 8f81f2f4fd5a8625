package preview

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"testing"

	"anxin/assets"
)

// notice is a page of A4 with 60 lines of text and a table's rules.
func notice() []byte {
	var b bytes.Buffer
	for i := range 60 {
		y := 800 - 12*i
		fmt.Fprintf(&b, "BT /L 9 Tf 72 %d Td (%02d  Li Ming  2026-03  owed 12,345.67  paid 2,000.00  rest 10,345.67) Tj ET 72 %d 450 0.5 re f\n", y, i, y-3)
	}
	return file("", catalog, kids(1),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents 4 0 R/Resources<</Font<</L 5 0 R>>>>>>",
		stream("", b.String()),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
}

func BenchmarkRenderA4(b *testing.B) {
	for _, dpi := range []int{96, 150} {
		b.Run(strconv.Itoa(dpi)+"dpi", func(b *testing.B) {
			d := open(b, newViewer(b), notice())
			for b.Loop() {
				render(b, d, 0, float64(dpi))
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	d := open(b, newViewer(b), notice())
	for b.Loop() {
		if _, err := d.Text(0); err != nil {
			b.Fatal(err)
		}
	}
}

func start(b *testing.B, cacheDir string) {
	v := New(assets.Pdfium, cacheDir)
	d, err := v.Open(context.Background(), squares())
	if err != nil {
		b.Fatal(err)
	}
	d.Close()
	if err := v.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkStartWithoutCache(b *testing.B) {
	for b.Loop() {
		start(b, "")
	}
}

func BenchmarkStartWithCache(b *testing.B) {
	start(b, cache)
	for b.Loop() {
		start(b, cache)
	}
}

// BenchmarkRestart is what a trap costs the next turn.
func BenchmarkRestart(b *testing.B) {
	v := newViewer(b)
	d := open(b, v, squares())
	for b.Loop() {
		v.mu.Lock()
		v.drop()
		v.mu.Unlock()
		if _, err := d.Text(0); err != nil {
			b.Fatal(err)
		}
	}
}
