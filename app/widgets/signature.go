package widgets

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// The size of a signature pad at 100 % and the radius of its pen, in logical pixels.
const (
	signatureWidth  = 360
	signatureHeight = 140
	penRadius       = 1.4
)

// Signature is a pad to sign on by mouse, pen or finger. Strokes are kept as
// points and drawn as smooth curves, because positions come once a frame only.
type Signature struct {
	widget.BaseWidget
	strokes [][]fyne.Position
	times   [][]time.Time
	raster  *canvas.Raster
	now     func() time.Time
}

// Point is a place of the pen on the pad, in its logical pixels, and when it
// was there.
type Point struct {
	X, Y float32
	At   time.Time
}

// NewSignature makes an empty pad; now is asked for the moment of each point.
func NewSignature(now func() time.Time) *Signature {
	s := &Signature{now: now}
	s.raster = canvas.NewRaster(func(w, h int) image.Image { return s.draw(w, h) })
	s.ExtendBaseWidget(s)
	return s
}

// Empty tells whether nothing was written.
func (s *Signature) Empty() bool { return len(s.strokes) == 0 }

// Clear takes all strokes away.
func (s *Signature) Clear() {
	s.strokes, s.times = nil, nil
	s.raster.Refresh()
}

// Strokes are what was written, stroke by stroke.
func (s *Signature) Strokes() [][]Point {
	out := make([][]Point, len(s.strokes))
	for i, stroke := range s.strokes {
		for j, p := range stroke {
			out[i] = append(out[i], Point{X: p.X, Y: p.Y, At: s.times[i][j]})
		}
	}
	return out
}

// PNG returns the signature, dark on transparent, so many pixels wide.
func (s *Signature) PNG(width int) ([]byte, error) {
	size := s.Size()
	if size.Width <= 0 || size.Height <= 0 {
		size = fyne.NewSize(signatureWidth, signatureHeight)
	}
	var out bytes.Buffer
	picture := s.draw(width, int(float32(width)*size.Height/size.Width))
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("签名图片没有生成，请重新签名：%w", err)
	}
	return out.Bytes(), nil
}

// MouseDown implements desktop.Mouseable: a stroke begins, a dot is a stroke too.
func (s *Signature) MouseDown(e *desktop.MouseEvent) {
	s.strokes, s.times = append(s.strokes, []fyne.Position{e.Position}), append(s.times, []time.Time{s.now()})
	s.raster.Refresh()
}

// MouseUp implements desktop.Mouseable.
func (s *Signature) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable.
func (s *Signature) Dragged(e *fyne.DragEvent) {
	if s.Empty() {
		s.strokes, s.times = append(s.strokes, nil), append(s.times, nil)
	}
	last := len(s.strokes) - 1
	s.strokes[last], s.times[last] = append(s.strokes[last], e.Position), append(s.times[last], s.now())
	s.raster.Refresh()
}

// DragEnd implements fyne.Draggable.
func (s *Signature) DragEnd() {}

// Cursor implements desktop.Cursorable.
func (s *Signature) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// CreateRenderer implements fyne.Widget.
func (s *Signature) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(theme.Card)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = theme.Border, 1, 3
	return widget.NewSimpleRenderer(AtLeast(signatureWidth, signatureHeight, container.NewStack(ground, s.raster)))
}

func (s *Signature) draw(w, h int) image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, w, h))
	size := s.Size()
	if size.Width <= 0 || w <= 0 || h <= 0 {
		return picture
	}
	pen := pen{picture, float64(w) / float64(size.Width)}
	for _, stroke := range s.strokes {
		for i := range stroke {
			pen.curve(stroke, i)
		}
	}
	return picture
}

// pen draws round dots on a picture, scaled from logical pixels.
type pen struct {
	on    *image.NRGBA
	scale float64
}

// curve draws the piece of a stroke that ends at point i as a Catmull-Rom spline
// through its neighbours.
func (p pen) curve(stroke []fyne.Position, i int) {
	at := func(k int) (x, y float64) {
		point := stroke[min(max(k, 0), len(stroke)-1)]
		return float64(point.X) * p.scale, float64(point.Y) * p.scale
	}
	x0, y0 := at(i - 2)
	x1, y1 := at(i - 1)
	x2, y2 := at(i)
	x3, y3 := at(i + 1)
	steps := int(math.Hypot(x2-x1, y2-y1)) + 1
	for n := 0; n <= steps; n++ {
		t := float64(n) / float64(steps)
		p.dot(spline(x0, x1, x2, x3, t), spline(y0, y1, y2, y3, t))
	}
}

func spline(a, b, c, d, t float64) float64 {
	return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
}

// dot draws one round dot with a soft edge; the darker of two overlapping ones wins.
func (p pen) dot(x, y float64) {
	r := penRadius * p.scale
	for py := int(y - r - 1); py <= int(y+r+1); py++ {
		for px := int(x - r - 1); px <= int(x+r+1); px++ {
			cover := min(r+0.5-math.Hypot(float64(px)+0.5-x, float64(py)+0.5-y), 1)
			if cover <= 0 || !image.Pt(px, py).In(p.on.Rect) {
				continue
			}
			if a := uint8(cover * 255); a > p.on.NRGBAAt(px, py).A {
				p.on.SetNRGBA(px, py, color.NRGBA{R: 0x10, G: 0x18, B: 0x30, A: a})
			}
		}
	}
}
