package paper

import (
	"errors"
	"image"
	"image/draw"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// ErrNoSymbol says that no readable QR code is in a picture.
var ErrNoSymbol = errors.New("图中没有找到可识读的二维码，请对准二维码重新拍照或以 300 dpi 重新扫描")

// largestScan bounds the pixels of a side that are looked at.
const largestScan = 5000

// ErrOnlyMark says that a picture shows a page of ours that does not carry the document's code.
var ErrOnlyMark = errors.New("这一页只有左下角的页标，没有核验二维码，请改拍或改扫带核验二维码的那一页")

// ReadQR finds the QR code in a photo or in the scan of a whole page and gives its text, or ErrNoSymbol. A page mark
// is no such code; a page that has nothing else is ErrOnlyMark. Neither binariser of the decoder reads everything,
// so both are tried, at several sizes and on parts.
func ReadQR(img image.Image) (string, error) {
	r, err := newSymbolReader(img)
	if err != nil {
		return "", err
	}
	return r.read()
}

// GlanceQR is ReadQR for heaps of pages, most of which carry no code: one look, a tenth of the work. It reads clean
// scans.
func GlanceQR(img image.Image) (string, error) {
	r, err := newSymbolReader(img)
	if err != nil {
		return "", err
	}
	if text, ok := r.whole(1200); ok {
		return text, nil
	}
	return "", r.none()
}

// SeePage finds the page mark on a scan, whichever way the page lies, or the document's own code on the page that
// carries that; else it gives ErrNoSymbol.
func SeePage(img image.Image) (SeenPage, error) {
	r, err := newSymbolReader(img)
	if err != nil {
		return SeenPage{}, err
	}
	for _, size := range []float64{0.25, 0.4} {
		for _, corner := range corners(r.grey.Rect, size) {
			for _, width := range []int{600, 1000, 350} {
				text, points, ok := decode(resample(r.grey, corner, width))
				if m, is := ParsePageMark(text); ok && is {
					sym, err := (&pageMarks{m.Document}).page(m.Page, m.Total)
					return seenAt(m, sym, points, corner, float64(corner.Dx())/float64(width)), err
				}
			}
		}
	}
	return r.page()
}

// page finds the page by the document's own code.
func (r *symbolReader) page() (SeenPage, error) {
	text, err := r.read()
	if err != nil {
		return SeenPage{}, err
	}
	sym, err := newSymbol(text)
	if err != nil || sym == nil {
		return SeenPage{}, ErrNoSymbol // a code, but none that this press prints
	}
	return seenAt(PageMark{Document: MarkOf(text)}, sym, r.points, r.part, r.scale), nil
}

// symbolReader looks for a token's symbol beside page marks.
type symbolReader struct {
	grey *image.Gray
	mark bool // a page mark was seen

	// Where the token was found: its finder patterns on a part looked at in a scale.
	points []gozxing.ResultPoint
	part   image.Rectangle
	scale  float64
}

// read looks everywhere, at several sizes.
func (r *symbolReader) read() (string, error) {
	// A page scanned at 150-300 dpi is read fastest at 1200 pixels; the finer sizes serve small symbols on large
	// pages, the coarser ones noise and blur.
	if text, ok := r.whole(1200, 2400, 700, 1700, min(r.grey.Rect.Dx(), largestScan)); ok {
		return text, nil
	}
	for _, part := range parts(r.grey.Rect) {
		for _, width := range []int{800, 1400} {
			if text, ok := r.token(part, width); ok {
				return text, nil
			}
		}
	}
	return "", r.none()
}

func newSymbolReader(img image.Image) (*symbolReader, error) {
	if b := img.Bounds(); b.Dx() < 21 || b.Dy() < 21 { // a symbol has at least 21 modules
		return nil, ErrNoSymbol
	}
	return &symbolReader{grey: greyOf(img)}, nil
}

// none is what a search that found no token ends with.
func (r *symbolReader) none() error {
	if r.mark {
		return ErrOnlyMark
	}
	return ErrNoSymbol
}

// whole looks at the whole picture at several widths.
func (r *symbolReader) whole(widths ...int) (string, bool) {
	for _, w := range widths {
		if text, ok := r.token(r.grey.Rect, w); ok {
			return text, true
		}
	}
	return "", false
}

// token reads a part of the picture at a width in pixels. A page mark in the way is painted over.
func (r *symbolReader) token(part image.Rectangle, width int) (string, bool) {
	img := resample(r.grey, part, width)
	for range 2 {
		text, points, ok := decode(img)
		if !ok {
			return "", false
		}
		if _, is := ParsePageMark(text); !is {
			r.points, r.part, r.scale = points, part, float64(part.Dx())/float64(width)
			return text, true
		}
		r.mark = true
		draw.Draw(img, around(points), image.White, image.Point{}, draw.Src)
	}
	return "", false
}

// corners of a picture as parts of its shorter side, the lower left first: there the mark stands on a page that
// was scanned upright.
func corners(b image.Rectangle, size float64) []image.Rectangle {
	n := int(float64(min(b.Dx(), b.Dy())) * size)
	n = max(n, min(21, b.Dx(), b.Dy()))
	at := func(x, y int) image.Rectangle { return image.Rect(x, y, x+n, y+n) }
	return []image.Rectangle{at(b.Min.X, b.Max.Y-n), at(b.Max.X-n, b.Max.Y-n), at(b.Max.X-n, b.Min.Y), at(b.Min.X, b.Min.Y)}
}

func greyOf(img image.Image) *image.Gray {
	if g, ok := img.(*image.Gray); ok {
		return g
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// parts covers a picture with overlapping pieces half its size, from the lower right, where the code is printed.
func parts(b image.Rectangle) []image.Rectangle {
	var out []image.Rectangle
	w, h := b.Dx(), b.Dy()
	for row := 2; row >= 0; row-- {
		for col := 2; col >= 0; col-- {
			x, y := b.Min.X+w*col/4, b.Min.Y+h*row/4
			out = append(out, image.Rect(x, y, x+w/2, y+h/2))
		}
	}
	return out
}

// resample gives part of a picture at a width in pixels; each pixel is the mean of those it covers.
func resample(img *image.Gray, part image.Rectangle, width int) *image.Gray {
	height := max(1, min(part.Dy()*width/part.Dx(), 2*largestScan))
	out := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		top := part.Min.Y + y*part.Dy()/height
		bottom := max(top+1, part.Min.Y+(y+1)*part.Dy()/height)
		for x := range width {
			left := part.Min.X + x*part.Dx()/width
			right := max(left+1, part.Min.X+(x+1)*part.Dx()/width)
			out.Pix[y*out.Stride+x] = mean(img, left, top, right, bottom)
		}
	}
	return out
}

func mean(img *image.Gray, left, top, right, bottom int) uint8 {
	sum := 0
	for y := top; y < bottom; y++ {
		from := img.PixOffset(left, y)
		for _, v := range img.Pix[from : from+right-left] {
			sum += int(v)
		}
	}
	return uint8(sum / ((right - left) * (bottom - top)))
}

// decode gives the text of a symbol and the middles of its finder patterns: lower left, upper left, upper right.
func decode(img image.Image) (text string, points []gozxing.ResultPoint, ok bool) {
	defer func() { // the decoder indexes by what it believes it sees; a wild guess is "not found"
		if recover() != nil {
			text, ok = "", false
		}
	}()
	source := gozxing.NewLuminanceSourceFromImage(img)
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	for _, binarizer := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source)} {
		bitmap, err := gozxing.NewBinaryBitmap(binarizer)
		if err != nil {
			continue
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil && len(result.GetResultPoints()) >= 3 {
			return result.GetText(), result.GetResultPoints(), true
		}
	}
	return "", nil, false
}

// around is a box that holds the whole of a symbol whose finder patterns stand at the points.
func around(points []gozxing.ResultPoint) image.Rectangle {
	var box image.Rectangle
	for _, p := range points {
		x, y := int(p.GetX()), int(p.GetY())
		box = box.Union(image.Rect(x, y, x+1, y+1))
	}
	return box.Inset(-max(box.Dx(), box.Dy()) / 2)
}
