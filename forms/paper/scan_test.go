package paper

import (
	"errors"
	"image"
	"image/color"
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"
)

// page paints a token's symbol on a white A4 page at a resolution in dots per inch, turned by degrees about its
// middle, with noise in grey levels.
func page(t testing.TB, token string, dpi, degrees float64, noise int) *image.Gray {
	t.Helper()
	s, err := newSymbol(token)
	if err != nil {
		t.Fatal(err)
	}
	px := func(pt float64) float64 { return pt * dpi / 72 }
	img := image.NewGray(image.Rect(0, 0, int(px(paperWidth)), int(px(paperHeight))))
	rnd := rand.New(rand.NewPCG(1, 2))
	cx, cy := px(150*mm+symbolWidth/2), px(230*mm+symbolWidth/2)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	n := float64(len(s.modules))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			col := (dx*cos+dy*sin)/px(symbolWidth)*n + n/2
			row := (dy*cos-dx*sin)/px(symbolWidth)*n + n/2
			v := 255
			if col >= 0 && row >= 0 && col < n && row < n && s.modules[int(row)][int(col)] {
				v = 0
			}
			if noise > 0 {
				v = max(0, min(255, v+rnd.IntN(2*noise)-noise))
			}
			img.Pix[y*img.Stride+x] = uint8(v)
		}
	}
	return img
}

func TestReadQR(t *testing.T) {
	cases := []struct {
		name         string
		dpi, degrees float64
		noise        int
	}{
		{"150 dpi", 150, 0, 0}, {"200 dpi, noise", 200, 0, 40}, {"300 dpi", 300, 0, 0}, {"300 dpi, askew", 300, 6, 30},
		{"200 dpi, on its side", 200, 90, 20}, {"200 dpi, upside down", 200, 180, 20},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, err := ReadQR(page(t, token, c.dpi, c.degrees, c.noise)); err != nil || got != token {
				t.Errorf("read %q, %v", got, err)
			}
		})
	}
}

// A photo of nothing but the code, and one with the code small in a corner.
func TestReadQROfOtherPictures(t *testing.T) {
	whole := page(t, token, 300, 0, 0)
	part := whole.SubImage(image.Rect(1700, 2650, 2200, 3150))
	if got, err := ReadQR(part); err != nil || got != token {
		t.Errorf("a cut-out: read %q, %v", got, err)
	}
	large := image.NewGray(image.Rect(0, 0, 4000, 3000))
	draw.Draw(large, large.Rect, image.NewUniform(color.Gray{230}), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(large, image.Rect(3300, 2300, 3700, 2700), part, part.Bounds(), draw.Src, nil)
	if got, err := ReadQR(large); err != nil || got != token {
		t.Errorf("small on a large picture: read %q, %v", got, err)
	}
}

func TestReadQRFindsNone(t *testing.T) {
	for _, img := range []image.Image{image.NewGray(image.Rect(0, 0, 0, 0)), image.NewGray(image.Rect(0, 0, 20, 900)), image.NewRGBA(image.Rect(5, 5, 700, 900))} {
		if text, err := ReadQR(img); !errors.Is(err, ErrNoSymbol) {
			t.Errorf("%v: read %q, %v", img.Bounds(), text, err)
		}
	}
}

func TestSymbol(t *testing.T) {
	for _, text := range []string{"A", "https://example.gov.cn/v#" + token[:120], token} {
		s, err := newSymbol(text)
		if err != nil {
			t.Fatal(err)
		}
		if s.module() < 0.4*mm || s.side() < symbolWidth+8*s.module()-slack {
			t.Errorf("%d characters: modules of %.2f points", len(text), s.module())
		}
	}
	if s, err := newSymbol(""); s != nil || err != nil {
		t.Errorf("no token gives %v, %v", s, err)
	}
	if _, err := newSymbol(strings.Repeat("甲", 3000)); !errors.Is(err, errTokenTooLong) {
		t.Errorf("a token of 9,000 bytes: %v", err)
	}
}

// rasterised gives a page of a PDF as a picture file.
func rasterised(t *testing.T, pdf []byte, dpi, page string) []string {
	t.Helper()
	dir := t.TempDir()
	tool(t, pdf, "pdftoppm", "-r", dpi, "-f", page, "-l", page, "-gray", "-png", "FILE", filepath.Join(dir, "page"))
	files, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	return files
}

// The code of a printed page is read by our reader and, where it is installed, by zbar.
func TestPrintedCodeIsRead(t *testing.T) {
	for name, page := range map[string]string{"D06": "3", "D16": "1", "D28": "2"} {
		files := rasterised(t, mustPrint(t, samples()[name]).PDF, "300", page)
		ours, theirs := "", ""
		for _, file := range files {
			in, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			img, _, err := image.Decode(in)
			in.Close()
			if err != nil {
				t.Fatal(err)
			}
			if text, err := ReadQR(img); err == nil {
				ours = text
			}
			if _, err := exec.LookPath("zbarimg"); err == nil {
				out, _ := exec.Command("zbarimg", "-q", "--raw", file).Output() // fails on pages without a code
				theirs += strings.TrimSuffix(string(out), "\n")
			}
		}
		if ours != token {
			t.Errorf("%s: ReadQR gives %q", name, ours)
		}
		if theirs != "" && theirs != token {
			t.Errorf("%s: zbarimg gives %q", name, theirs)
		}
	}
}
