package paper

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// scannedAs is a page of a printed document as a scanner gives it: turned, noisy, blurred, with a blot over a share of
// the symbol's area.
func scannedAs(t *testing.T, clean *image.Gray, degrees float64, noise, blur int, blot image.Rectangle) *image.Gray {
	t.Helper()
	b := clean.Rect
	out := image.NewGray(b)
	rnd := rand.New(rand.NewPCG(3, 4))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			at := image.Pt(int(dx*cos+dy*sin+cx), int(dy*cos-dx*sin+cy))
			v, n := 0, 0
			for ky := -blur; ky <= blur; ky++ {
				for kx := -blur; kx <= blur; kx++ {
					p := at.Add(image.Pt(kx, ky))
					switch {
					case p.In(blot):
						v += 60
					case p.In(b):
						v += int(clean.GrayAt(p.X, p.Y).Y)
					default:
						v += 255
					}
					n++
				}
			}
			v /= n
			if noise > 0 {
				v += rnd.IntN(2*noise) - noise
			}
			out.Pix[y*out.Stride+x] = uint8(max(0, min(255, v)))
		}
	}
	return out
}

func grayFile(t *testing.T, file string) *image.Gray {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	img, _, err := image.Decode(in)
	if err != nil {
		t.Fatal(err)
	}
	return greyOf(img)
}

// zbar gives what zbarimg reads in a picture, nil where it is not installed.
func zbar(t *testing.T, img image.Image) []string {
	t.Helper()
	if _, err := exec.LookPath("zbarimg"); err != nil {
		return nil
	}
	file := filepath.Join(t.TempDir(), "page.png")
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("zbarimg", "-q", "--raw", file).Output() // fails on pages without a code
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// The code and the mark of a printed page are read by our reader, on worn scans too. What zbar reads of the same
// picture, where it is installed, is the same.
func TestPrintedPagesAreRead(t *testing.T) {
	cases := []struct {
		name    string
		dpi     string
		degrees float64
		noise   int
		blur    int
		blot    float64 // share of the symbol's area
	}{
		{"150 dpi, turned left, noise, blot", "150", -7, 25, 0, 0.08},
		{"300 dpi, turned right, noise, blur", "300", 7, 40, 1, 0},
		{"150 dpi", "150", 0, 0, 0, 0}, {"300 dpi", "300", 0, 0, 0, 0}, {"150 dpi, turned right", "150", 7, 15, 0, 0},
		{"300 dpi, turned left, blot", "300", -7, 20, 0, 0.08}, {"150 dpi, blot", "150", 0, 10, 0, 0.08},
		{"300 dpi, upside down", "300", 180, 20, 1, 0},
	}
	if !testingSoak() {
		cases = cases[:1] // the rest takes a minute
	}
	job := receiptJob()
	printed := mustPrint(t, job)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clean := grayFile(t, rasterised(t, printed.PDF, c.dpi, strconv.Itoa(printed.SymbolPage))[0])
			img := scannedAs(t, clean, c.degrees, c.noise, c.blur, blotOf(t, job, clean, c.blot))
			if got, err := ReadQR(img); err != nil || got != token {
				t.Errorf("ReadQR gives %q, %v", got, err)
			}
			want := PageMark{Document: MarkOf(token)} // the page of the code itself has no mark
			if got, err := SeePage(img); err != nil || got.PageMark != want {
				t.Errorf("SeePage gives %v, %v", got, err)
			}
			for _, text := range zbar(t, img) {
				if text != "" && text != token {
					t.Errorf("zbar reads %q", text)
				}
			}
		})
	}
}

// blotOf is a dark spot over a share of the area of a page's symbol, clear of its finder patterns.
func blotOf(t *testing.T, job Job, page *image.Gray, share float64) image.Rectangle {
	t.Helper()
	sheets, _, err := newPress(t).sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sheets {
		for _, st := range s.strips {
			if st.symbol == nil || !st.symbol.token {
				continue
			}
			scale := float64(page.Rect.Dx()) / s.geometry.width
			x, y := (st.x+st.symbol.x+st.symbol.quiet()+symbolWidth*0.5)*scale, (st.y+st.symbol.y+st.symbol.quiet()+symbolWidth*0.55)*scale
			side := math.Sqrt(share) * symbolWidth * scale
			return image.Rect(int(x), int(y), int(x+side), int(y+side))
		}
	}
	t.Fatal("the document has no symbol")
	return image.Rectangle{}
}

// A page without the token's symbol says so.
func TestPageWithOnlyAMark(t *testing.T) {
	printed := mustPrint(t, orderJob(3))
	file := rasterised(t, printed.PDF, "90", "1")[0]
	img := grayFile(t, file)
	if _, err := ReadQR(img); !errors.Is(err, ErrOnlyMark) {
		t.Errorf("ReadQR gives %v", err)
	}
	if m, err := SeePage(img); err != nil || m.Page != 1 || m.Total != printed.Pages {
		t.Errorf("SeePage gives %v, %v", m, err)
	}
	if _, err := SeePage(image.NewGray(image.Rect(0, 0, 900, 1200))); !errors.Is(err, ErrNoSymbol) {
		t.Errorf("an empty page gives %v", err)
	}
}

// scrawl writes on a slot of a page as a pen would.
func scrawl(img *image.Gray, seen SeenPage, s Slot) {
	for x := 3.0; x < s.Width-3 && x < 28; x += 0.05 {
		y := s.Height/2 + math.Sin(x*1.3)*s.Height/3
		p := seen.at(s.X+x, s.Y+y)
		draw.Draw(img, image.Rect(p.X-1, p.Y-1, p.X+2, p.Y+2), image.Black, image.Point{}, draw.Src)
	}
}

// On a scan that lies askew the signature lines are found, the signed and the unsigned.
func TestSignedSlots(t *testing.T) {
	job := interviewJob(nil)
	printed := mustPrint(t, job)
	slots, err := newPress(t).Slots(job)
	if err != nil || len(slots) < 6 {
		t.Fatalf("%d signature lines, %v", len(slots), err)
	}
	pages, turns := []int{printed.Pages}, []float64{2.5}
	if testingSoak() {
		pages, turns = []int{1, printed.Pages}, []float64{0, 2.5, -2.5}
	}
	for _, page := range pages {
		for _, degrees := range turns {
			img := scannedAs(t, grayFile(t, rasterised(t, printed.PDF, "150", strconv.Itoa(page))[0]), degrees, 12, 0, image.Rectangle{})
			seen, err := SeePage(img)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for i, s := range slots {
				if s.Page != page {
					continue
				}
				if seen.Signed(img, s) {
					t.Errorf("page %d at %v°: %s counts as signed", page, degrees, s.Label)
				}
				if i%2 == 0 {
					scrawl(img, seen, s)
					if !seen.Signed(img, s) {
						t.Errorf("page %d at %v°: the signature on %s is not seen", page, degrees, s.Label)
					}
				}
				n++
			}
			if n == 0 {
				t.Errorf("page %d has no signature lines", page)
			}
		}
	}
}
