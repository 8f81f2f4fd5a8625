package preview

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"unicode/utf16"
)

// What FPDF_GetLastError says after a failed load (fpdfview.h).
const (
	errPassword = 4
	errSecurity = 5
)

// FPDF_RenderPageBitmap's flags (fpdfview.h).
const (
	withAnnotations = 0x01 // stamps and signatures have a picture too
	redFirst        = 0x10 // RGB instead of BGR
)

const pointsPerInch = 72

var (
	errClosed = errors.New("PDF文件已经关闭，请重新打开")
	errMemory = errors.New("内存不够显示这个PDF文件，请关闭其他文件后再试")
)

// Document is an open PDF file. Pages count from 0.
type Document struct {
	viewer *Viewer
	pdf    []byte // nil after Close
	sizes  []size

	lib    *library // where handle and buffer are valid
	handle uint64
	buffer uint64 // pdf in the module's memory, which PDFium reads as it goes
}

// size is a page's width and height in points, as it is seen: turned and cropped.
type size struct{ w, h float64 }

// load brings the file into the session's instance, unless it is there.
func (d *Document) load(s *session) error {
	if d.pdf == nil {
		return errClosed
	}
	if d.lib == s.lib {
		return nil
	}
	buffer := s.alloc(len(d.pdf))
	if buffer == 0 {
		return errMemory
	}
	copy(s.view(buffer, len(d.pdf)), d.pdf)
	handle := s.call("FPDF_LoadMemDocument", buffer, uint64(len(d.pdf)), 0)
	if handle == 0 {
		code := s.number("FPDF_GetLastError")
		s.free(buffer)
		if code == errPassword || code == errSecurity {
			return errors.New("PDF文件有密码保护，请先去掉密码再打开")
		}
		return errors.New("PDF文件已损坏，打不开，请重新取得这个文件")
	}
	d.lib, d.handle, d.buffer = s.lib, handle, buffer
	return nil
}

// measure reads the size of every page. A page that has none is 0×0 here and
// an error when it is drawn.
func (d *Document) measure(s *session) error {
	n := s.number("FPDF_GetPageCount", d.handle)
	switch {
	case n <= 0:
		return errors.New("PDF文件里没有一页，请重新取得这个文件")
	case n > maxPages:
		return fmt.Errorf("PDF文件有%d页，超过%d页，请拆分后再打开", n, maxPages)
	}
	at := s.alloc(8) // FS_SIZEF: two 32-bit floats
	if at == 0 {
		return errMemory
	}
	defer s.free(at)
	d.sizes = make([]size, n)
	for i := range d.sizes {
		if s.call("FPDF_GetPageSizeByIndexF", d.handle, uint64(i), at) == 0 {
			continue
		}
		if b := s.view(at, 8); b != nil {
			d.sizes[i] = size{float(b), float(b[4:])}
		}
	}
	return nil
}

func float(b []byte) float64 {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
}

// Pages returns how many pages the file has.
func (d *Document) Pages() int { return len(d.sizes) }

// Size returns the width and height of page i in points (1/72 inch), 0 for a
// page that is not there or has no readable size.
func (d *Document) Size(i int) (w, h float64) {
	if i < 0 || i >= len(d.sizes) {
		return 0, 0
	}
	return d.sizes[i].w, d.sizes[i].h
}

// Render draws page i on white, its annotations included, dpi dots to the
// inch. An impossible resolution, a page that is not there or damaged and a
// picture of more than 25 million dots are errors with a sentence; a ctx
// cancelled before or while it is drawn is ctx.Err().
func (d *Document) Render(ctx context.Context, i int, dpi float64) (*image.RGBA, error) {
	w, h, err := d.pixels(i, dpi)
	if err != nil {
		return nil, err
	}
	var picture *image.RGBA
	err = d.onPage(ctx, i, func(s *session, page uint64) error {
		bitmap := s.call("FPDFBitmap_Create", uint64(w), uint64(h), 0)
		if bitmap == 0 {
			return errMemory
		}
		defer s.call("FPDFBitmap_Destroy", bitmap)
		s.call("FPDFBitmap_FillRect", bitmap, 0, 0, uint64(w), uint64(h), 0xFFFFFFFF)
		s.call("FPDF_RenderPageBitmap", bitmap, page, 0, 0, uint64(w), uint64(h), 0, withAnnotations|redFirst)
		stride := s.number("FPDFBitmap_GetStride", bitmap)
		picture = opaque(s.view(s.call("FPDFBitmap_GetBuffer", bitmap), stride*h), stride, w, h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return picture, nil
}

// pixels is the picture's width and height.
func (d *Document) pixels(i int, dpi float64) (w, h int, err error) {
	if i < 0 || i >= len(d.sizes) {
		return 0, 0, fmt.Errorf("没有第%d页，PDF文件共%d页", i+1, len(d.sizes))
	}
	if !(dpi > 0) || math.IsInf(dpi, 0) {
		return 0, 0, fmt.Errorf("第%d页：分辨率%v不是正数，请改正", i+1, dpi)
	}
	wide := max(1, math.Round(d.sizes[i].w*dpi/pointsPerInch))
	high := max(1, math.Round(d.sizes[i].h*dpi/pointsPerInch))
	if !(wide*high <= maxPixels) {
		return 0, 0, fmt.Errorf("第%d页在每英寸%.0f点时太大，请调低分辨率", i+1, dpi)
	}
	return int(wide), int(high), nil
}

// opaque copies rows of RGBx, x being anything; nil for no pixels.
func opaque(pixels []byte, stride, w, h int) *image.RGBA {
	if pixels == nil {
		return nil
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(m.Pix[y*m.Stride:(y+1)*m.Stride], pixels[y*stride:])
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 0xFF
	}
	return m
}

// Text returns the text of page i in reading order as PDFium finds it, lines
// ending with "\n".
func (d *Document) Text(i int) (string, error) {
	if i < 0 || i >= len(d.sizes) {
		return "", fmt.Errorf("没有第%d页，PDF文件共%d页", i+1, len(d.sizes))
	}
	var text string
	err := d.onPage(context.Background(), i, func(s *session, page uint64) error {
		t := s.call("FPDFText_LoadPage", page)
		if t == 0 {
			return fmt.Errorf("第%d页的文字读不出来，请重新取得这个文件", i+1)
		}
		defer s.call("FPDFText_ClosePage", t)
		n := max(0, s.number("FPDFText_CountChars", t))
		// A character above U+FFFF takes two units, and a zero ends the text.
		at := s.alloc(4*n + 2)
		if at == 0 {
			return errMemory
		}
		defer s.free(at)
		written := s.number("FPDFText_GetText", t, 0, uint64(n), at)
		text = decode(s.view(at, 2*min(max(0, written), 2*n+1)))
		return nil
	})
	return text, err
}

// decode reads little-endian UTF-16; half a surrogate pair becomes U+FFFD.
func decode(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		if u := binary.LittleEndian.Uint16(b); u != 0 {
			units = append(units, u)
		}
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "\r\n", "\n")
}

// onPage takes a turn with page i loaded.
func (d *Document) onPage(ctx context.Context, i int, do func(*session, uint64) error) error {
	return d.viewer.turn(ctx, func(s *session) error {
		if err := d.load(s); err != nil {
			return err
		}
		page := s.call("FPDF_LoadPage", d.handle, uint64(i))
		if page == 0 {
			return fmt.Errorf("第%d页已损坏，画不出来，请重新取得这个文件", i+1)
		}
		defer s.call("FPDF_ClosePage", page)
		return do(s, page)
	})
}

// Close frees the document. It may be called again.
func (d *Document) Close() {
	v := d.viewer
	v.mu.Lock()
	defer v.mu.Unlock()
	d.pdf = nil
	v.release(d.lib, func(s *session) {
		s.call("FPDF_CloseDocument", d.handle)
		s.free(d.buffer)
	})
	d.lib = nil
}
