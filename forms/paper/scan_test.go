package paper

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/common"
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
	n, modules := float64(s.count), s.modules()
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			col := (dx*cos+dy*sin)/px(symbolWidth)*n + n/2
			row := (dy*cos-dx*sin)/px(symbolWidth)*n + n/2
			v := 255
			if col >= 0 && row >= 0 && col < n && row < n && modules[int(row)][int(col)] {
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
	area := (2*blur + 1) * (2*blur + 1)
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			at := image.Pt(int(dx*cos+dy*sin+cx), int(dy*cos-dx*sin+cy))
			v := 0
			for py := at.Y - blur; py <= at.Y+blur; py++ {
				for px := at.X - blur; px <= at.X+blur; px++ {
					switch {
					case px >= blot.Min.X && px < blot.Max.X && py >= blot.Min.Y && py < blot.Max.Y:
						v += 60
					case px >= 0 && py >= 0 && px < b.Dx() && py < b.Dy():
						v += int(clean.Pix[py*clean.Stride+px])
					default:
						v += 255
					}
				}
			}
			v /= area
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
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
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
	if raced {
		cases = cases[:1]
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

// photographed is a page as a phone sees it: its corners at the given parts of a picture, the light falling off to one
// side, on a dark desk, noisy, and kept as a JPEG.
func photographed(t *testing.T, page *image.Gray, width, height int, corners [4][2]float64) image.Image {
	t.Helper()
	var x, y [4]float64
	for i, c := range corners {
		x[i], y[i] = c[0]*float64(width), c[1]*float64(height)
	}
	toPage := common.PerspectiveTransform_QuadrilateralToQuadrilateral(x[0], y[0], x[1], y[1], x[2], y[2], x[3], y[3],
		0, 0, float64(page.Rect.Dx()), 0, float64(page.Rect.Dx()), float64(page.Rect.Dy()), 0, float64(page.Rect.Dy()))
	rnd := rand.New(rand.NewPCG(5, 6))
	out := image.NewGray(image.Rect(0, 0, width, height))
	row := make([]float64, 2*width)
	for py := range height {
		for px := range width {
			row[2*px], row[2*px+1] = float64(px)+0.5, float64(py)+0.5
		}
		toPage.TransformPoints(row)
		for px := range width {
			v := 70.0 // the desk
			if at := image.Pt(int(row[2*px]), int(row[2*px+1])); row[2*px] >= 0 && row[2*px+1] >= 0 && at.In(page.Rect) {
				v = float64(page.GrayAt(at.X, at.Y).Y)
			}
			light := 0.55 + 0.4*float64(px)/float64(width)
			out.Pix[py*out.Stride+px] = uint8(max(0, min(255, v*light+float64(rnd.IntN(25)-12))))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// A page photographed at an angle is read, whichever side the phone was held on.
func TestPhotographedPagesAreRead(t *testing.T) {
	cases := map[string][4][2]float64{ // upper left, upper right, lower right, lower left
		"from below":         {{0.18, 0.06}, {0.82, 0.07}, {0.98, 0.95}, {0.03, 0.96}},
		"from above":         {{0.02, 0.04}, {0.97, 0.05}, {0.83, 0.95}, {0.17, 0.94}},
		"from the left":      {{0.04, 0.03}, {0.88, 0.15}, {0.9, 0.86}, {0.05, 0.98}},
		"from a corner":      {{0.2, 0.03}, {0.95, 0.12}, {0.86, 0.97}, {0.04, 0.84}},
		"upside down, askew": {{0.86, 0.97}, {0.06, 0.92}, {0.16, 0.05}, {0.9, 0.08}},
	}
	if raced {
		cases = map[string][4][2]float64{"from below": cases["from below"]}
	}
	printed := mustPrint(t, receiptJob())
	page := grayFile(t, rasterised(t, printed.PDF, "300", strconv.Itoa(printed.SymbolPage))[0])
	for name, corners := range cases {
		t.Run(name, func(t *testing.T) {
			if got, err := ReadQR(photographed(t, page, 2250, 3000, corners)); err != nil || got != token {
				t.Errorf("ReadQR gives %q, %v", got, err)
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
