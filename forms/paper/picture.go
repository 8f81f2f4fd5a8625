package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // photos of papers come as PNG too
	"io"

	"github.com/evanoberholster/imagemeta"
	"golang.org/x/image/draw"
)

// Limits of a picture that is to be printed.
const (
	mostPixels   = 120_000_000
	mostPicture  = 64 << 20 // bytes
	printQuality = 82       // JPEG
)

// LongestSide is enough for a photo over the full type area at 200 dpi, in pixels.
const LongestSide = 1300

// ErrNoPicture says that bytes are no picture that can be printed.
var ErrNoPicture = errors.New("不是能打印的图片（jpg、png），或者图片已损坏")

// PreparePicture makes the print of a photo: turned upright as its EXIF notes ask, scaled so that its longer
// side has at most longest pixels, and without any of the notes, which may tell place and owner. The same
// bytes give the same print. Job.Images takes prints by their SHA-256.
func PreparePicture(raw []byte, longest int) ([]byte, error) {
	img, err := decodePicture(raw)
	if err != nil {
		return nil, err
	}
	img = upright(shrink(img, longest), orientation(raw))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: printQuality}); err != nil {
		return nil, fmt.Errorf("转换图片：%w", err)
	}
	return out.Bytes(), nil
}

func decodePicture(raw []byte) (image.Image, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || len(raw) > mostPicture || cfg.Width < 1 || cfg.Height < 1 || cfg.Width > mostPixels/cfg.Height {
		return nil, ErrNoPicture
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, ErrNoPicture
	}
	return img, nil
}

// orientation is the EXIF value 1-8; a photo without notes stands as it is.
func orientation(raw []byte) (value int) {
	defer func() { // a third party's reader meets anybody's bytes
		if recover() != nil {
			value = 1
		}
	}()
	x, err := imagemeta.Decode(io.ReadSeeker(bytes.NewReader(raw)))
	if err != nil {
		return 1
	}
	return int(x.Orientation)
}

// shrink scales a picture down, on white where it is transparent.
func shrink(img image.Image, longest int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if most := max(w, h); most > longest {
		w, h = max(1, w*longest/most), max(1, h*longest/most)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Rect, img, b, draw.Over, nil)
	return out
}

// upright undoes the turning and mirroring of an EXIF orientation.
func upright(img *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			out.SetRGBA(x, y, img.RGBAAt(sx, sy))
		}
	}
	return out
}

// picture is a print of Job.Images, drawn from its own bytes.
type picture struct {
	hash          string
	data          []byte
	width, height int
	grey          bool
}

type shownPicture struct {
	*picture
	x, y, width, height float64
}

// within scales the picture into a box, never above 150 dpi.
func (p *picture) within(width, height float64) (w, h float64) {
	const least = 72.0 / 150
	scale := min(width/float64(p.width), height/float64(p.height), least)
	return float64(p.width) * scale, float64(p.height) * scale
}

// newPicture checks that the bytes given for a hash are its picture and one PreparePicture made.
func newPicture(hash string, images map[string][]byte) (*picture, error) {
	data, ok := images[hash]
	if sum := sha256.Sum256(data); !ok || hex.EncodeToString(sum[:]) != hash {
		return nil, errors.New("的图片没有随文书提供或者内容不符，请重新选择图片")
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" || cfg.ColorModel == color.CMYKModel {
		return nil, fmt.Errorf("的图片%w", ErrNoPicture)
	}
	return &picture{hash: hash, data: data, width: cfg.Width, height: cfg.Height, grey: cfg.ColorModel == color.GrayModel}, nil
}
