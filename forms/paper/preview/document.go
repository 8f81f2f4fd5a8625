package preview

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"sync"
	"sync/atomic"
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
	pdf    []byte
	sizes  []size
	closed atomic.Bool

	mu   sync.Mutex
	read map[int]characters // of the pages searched so far
}

// size is a page's width and height in points, as it is seen: turned and cropped.
type size struct{ w, h float64 }

// load brings the file into the session's instance, unless it is there, and
// returns its handle.
func (d *Document) load(s *session) (uint64, error) {
	if d.closed.Load() {
		return 0, errClosed
	}
	if l, ok := s.lib.loaded[d]; ok {
		return l.handle, nil
	}
	buffer := s.alloc(len(d.pdf))
	if buffer == 0 {
		return 0, errMemory
	}
	copy(s.view(buffer, len(d.pdf)), d.pdf)
	handle := s.call("FPDF_LoadMemDocument", buffer, uint64(len(d.pdf)), 0)
	if handle == 0 {
		code := s.number("FPDF_GetLastError")
		s.free(buffer)
		if code == errPassword || code == errSecurity {
			return 0, errors.New("PDF文件有密码保护，请先去掉密码再打开")
		}
		return 0, errors.New("PDF文件已损坏，打不开，请重新取得这个文件")
	}
	s.lib.loaded[d] = loaded{handle, buffer}
	return handle, nil
}

// measure reads the size of every page. A page that has none is 0×0 here and
// an error when it is drawn.
func measure(s *session, handle uint64) ([]size, error) {
	n := s.number("FPDF_GetPageCount", handle)
	switch {
	case n <= 0:
		return nil, errors.New("PDF文件里没有一页，请重新取得这个文件")
	case n > maxPages:
		return nil, fmt.Errorf("PDF文件有%d页，超过%d页，请拆分后再打开", n, maxPages)
	}
	at := s.alloc(8) // FS_SIZEF: two 32-bit floats
	if at == 0 {
		return nil, errMemory
	}
	defer s.free(at)
	sizes := make([]size, n)
	for i := range sizes {
		if s.call("FPDF_GetPageSizeByIndexF", handle, uint64(i), at) == 0 {
			continue
		}
		if b := s.view(at, 8); b != nil {
			sizes[i] = size{float(b), float(b[4:])}
		}
	}
	return sizes, nil
}

func integer(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) }

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
// cancelled before the page's turn comes is ctx.Err().
func (d *Document) Render(ctx context.Context, i int, dpi float64) (*image.RGBA, error) {
	w, h, err := d.pixels(i, dpi)
	if err != nil {
		return nil, err
	}
	return onPage(ctx, d, i, func(s *session, page uint64) (*image.RGBA, error) {
		bitmap := s.call("FPDFBitmap_Create", uint64(w), uint64(h), 0)
		if bitmap == 0 {
			return nil, errMemory
		}
		defer s.call("FPDFBitmap_Destroy", bitmap)
		s.call("FPDFBitmap_FillRect", bitmap, 0, 0, uint64(w), uint64(h), 0xFFFFFFFF)
		s.call("FPDF_RenderPageBitmap", bitmap, page, 0, 0, uint64(w), uint64(h), 0, withAnnotations|redFirst)
		stride := s.number("FPDFBitmap_GetStride", bitmap)
		return opaque(s.view(s.call("FPDFBitmap_GetBuffer", bitmap), stride*h), stride, w, h), nil
	})
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
	return onText(context.Background(), d, i, func(s *session, _, text uint64) (string, error) {
		n := max(0, s.number("FPDFText_CountChars", text))
		// A character above U+FFFF takes two units, and a zero ends the text.
		at := s.alloc(4*n + 2)
		if at == 0 {
			return "", errMemory
		}
		defer s.free(at)
		written := s.number("FPDFText_GetText", text, 0, uint64(n), at)
		return decode(s.view(at, 2*min(max(0, written), 2*n+1))), nil
	})
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
func onPage[T any](ctx context.Context, d *Document, i int, do func(*session, uint64) (T, error)) (T, error) {
	return turn(ctx, d.viewer, func(s *session) (T, error) {
		var none T
		handle, err := d.load(s)
		if err != nil {
			return none, err
		}
		page := s.call("FPDF_LoadPage", handle, uint64(i))
		if page == 0 {
			return none, fmt.Errorf("第%d页已损坏，画不出来，请重新取得这个文件", i+1)
		}
		defer s.call("FPDF_ClosePage", page)
		return do(s, page)
	})
}

// Close frees the document once the turn under way has ended. It may be
// called again.
func (d *Document) Close() {
	v := d.viewer
	v.mu.Lock()
	defer v.mu.Unlock()
	d.closed.Store(true)
	if v.lib == nil {
		return
	}
	l, ok := v.lib.loaded[d]
	if !ok {
		return // its memory went with its instance
	}
	delete(v.lib.loaded, d)
	s := &session{lib: v.lib, ctx: context.Background()}
	s.run(func() {
		s.call("FPDF_CloseDocument", l.handle)
		s.free(l.buffer)
	})
	if s.trap != nil || v.lib.memorySize() > keepMemory {
		v.drop()
	}
}
