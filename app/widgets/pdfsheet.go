package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// The ink over what was found, and over the one one is at. A page is white in
// every theme.
var (
	inkFound = color.NRGBA{R: 0xFF, G: 0xD6, B: 0x00, A: 0x66}
	inkAt    = color.NRGBA{R: 0xFF, G: 0x7A, B: 0x00, A: 0x88}
)

// pdfSheet is the page of a PDFView: its picture with marks over it, and the keys.
type pdfSheet struct {
	widget.BaseWidget
	view    *PDFView
	picture *canvas.Image
	ink     *fyne.Container
	lit     bool
}

func newPDFSheet(v *PDFView) *pdfSheet {
	s := &pdfSheet{view: v, picture: canvas.NewImageFromImage(nil), ink: container.NewWithoutLayout()}
	s.picture.FillMode = canvas.ImageFillContain
	s.ExtendBaseWidget(s)
	return s
}

func (s *pdfSheet) show(drawn image.Image, size fyne.Size) {
	s.picture.Image = drawn
	s.picture.SetMinSize(size)
	s.picture.Refresh()
	s.Refresh()
}

// mark puts ink over hits and returns where on the sheet the one stands that one
// is at, -1 for none.
func (s *pdfSheet) mark(hits []PDFHit, at int) (from fyne.Position, size fyne.Size) {
	s.ink.RemoveAll()
	for i, h := range hits {
		for k, m := range h.Marks {
			r := s.inkOver(m)
			s.ink.Add(r)
			if i != at {
				continue
			}
			r.FillColor = inkAt
			if k == 0 {
				from, size = r.Position(), r.Size()
			}
		}
	}
	s.ink.Refresh()
	return from, size
}

func (s *pdfSheet) inkOver(m PDFMark) *canvas.Rectangle {
	const edge = 1
	page := s.picture.MinSize()
	r := canvas.NewRectangle(inkFound)
	r.CornerRadius = 2
	r.Move(fyne.NewPos(float32(m.Left)*page.Width-edge, float32(m.Top)*page.Height-edge))
	r.Resize(fyne.NewSize(float32(m.Right-m.Left)*page.Width+2*edge, float32(m.Bottom-m.Top)*page.Height+2*edge))
	return r
}

// TypedKey implements fyne.Focusable.
func (s *pdfSheet) TypedKey(k *fyne.KeyEvent) {
	if passKey(s, k) {
		return
	}
	v := s.view
	screen := v.scroll.Size().Height
	switch k.Name {
	case fyne.KeyDown:
		s.roll(screen / 10)
	case fyne.KeyUp:
		s.roll(-screen / 10)
	case fyne.KeyPageDown, fyne.KeySpace:
		if !s.roll(screen * 9 / 10) {
			v.Turn(1)
		}
	case fyne.KeyPageUp:
		if !s.roll(-screen*9/10) && v.Turn(-1) {
			v.scroll.ScrollToBottom()
		}
	case fyne.KeyRight:
		v.Turn(1)
	case fyne.KeyLeft:
		v.Turn(-1)
	case fyne.KeyHome:
		v.Turn(-v.at)
	case fyne.KeyEnd:
		if v.pages != nil {
			v.Turn(v.pages.Count() - 1 - v.at)
		}
	}
}

// roll moves the page under its window and tells whether it moved.
func (s *pdfSheet) roll(by float32) bool {
	scroll := s.view.scroll
	before := scroll.Offset
	most := max(0, scroll.Content.MinSize().Height-scroll.Size().Height)
	scroll.ScrollToOffset(fyne.NewPos(before.X, min(max(before.Y+by, 0), most)))
	return scroll.Offset.Y != before.Y
}

// TypedRune implements fyne.Focusable.
func (s *pdfSheet) TypedRune(r rune) {
	activity()
	switch r {
	case '+', '=':
		s.view.scale(s.view.zoom + 1)
	case '-':
		s.view.scale(s.view.zoom - 1)
	case '0':
		s.view.scale(pdfStartZoom)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (s *pdfSheet) TypedShortcut(sc fyne.Shortcut) { passShortcut(s, sc) }

// KeyDown implements desktop.Keyable.
func (s *pdfSheet) KeyDown(k *fyne.KeyEvent) { s.view.held(k, true) }

// KeyUp implements desktop.Keyable.
func (s *pdfSheet) KeyUp(k *fyne.KeyEvent) { s.view.held(k, false) }

// Tapped implements fyne.Tappable: the keys go to the page.
func (s *pdfSheet) Tapped(*fyne.PointEvent) {
	if c := canvasOf(s); c != nil {
		c.Focus(s)
	}
}

// FocusGained implements fyne.Focusable. The page is not scrolled into view: it
// may be higher than its window.
func (s *pdfSheet) FocusGained() {
	s.lit = true
	activity()
	s.Refresh()
}

// FocusLost implements fyne.Focusable.
func (s *pdfSheet) FocusLost() {
	s.lit, s.view.shift = false, false
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *pdfSheet) CreateRenderer() fyne.WidgetRenderer {
	return &ringed{widget.NewSimpleRenderer(container.NewStack(s.picture, s.ink)), newFrame(), &s.lit}
}

var _ desktop.Keyable = (*pdfSheet)(nil)
