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

// ReadQR finds the QR code in a photo or in the scan of a whole page and gives its text, or ErrNoSymbol.
// Neither binariser of the decoder reads everything, so both are tried, at several sizes and on parts.
func ReadQR(img image.Image) (string, error) {
	b := img.Bounds()
	if b.Dx() < 21 || b.Dy() < 21 { // a symbol has at least 21 modules
		return "", ErrNoSymbol
	}
	grey := greyOf(img)
	// A page scanned at 150-300 dpi is read fastest at 1200 pixels; the finer sizes serve small symbols on large
	// pages, the coarser ones noise and blur.
	for _, width := range []int{1200, 2400, 700, 1700, min(b.Dx(), largestScan)} {
		if text, ok := decode(resample(grey, grey.Rect, width)); ok {
			return text, nil
		}
	}
	for _, part := range parts(grey.Rect) {
		for _, width := range []int{800, 1400} {
			if text, ok := decode(resample(grey, part, width)); ok {
				return text, nil
			}
		}
	}
	return "", ErrNoSymbol
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

func decode(img image.Image) (text string, ok bool) {
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
		if err == nil {
			return result.GetText(), true
		}
	}
	return "", false
}
