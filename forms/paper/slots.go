package paper

import (
	"image"
	"slices"
	"strings"

	"github.com/makiuchi-d/gozxing"
)

// Slot is a line on which somebody signs. Its place is given from the upper left corner of the page's code, the page
// mark or the document's own, so that it is found again on a scan that lies askew.
type Slot struct {
	Page                int     // from 1
	Label               string  // 被询问人签名（指印）
	X, Y, Width, Height float64 // millimetres, Y downwards
}

// slot is a place to sign on a strip, in points from its upper left corner.
type slot struct {
	label               string
	x, y, width, height float64
}

// signWords are found in the labels of lines that are signed on.
var signWords = []string{"签名", "签字", "签章", "盖章", "指印", "签收"}

func isSigned(label string) bool {
	for _, w := range signWords {
		if strings.Contains(label, w) {
			return true
		}
	}
	return false
}

// Slots lists the lines of a document that are there to be signed, page by page. A document without a token has no
// page marks and therefore none.
func (p *Press) Slots(job Job) ([]Slot, error) {
	sheets, _, err := p.sheets(&job)
	if err != nil {
		return nil, err
	}
	var out []Slot
	for i, s := range sheets {
		x, y, ok := s.codeAt()
		if !ok {
			continue
		}
		for _, st := range s.strips {
			for _, at := range st.slots {
				out = append(out, Slot{Page: i + 1, Label: at.label, X: (st.x + at.x - x) / mm, Y: (st.y + at.y - y) / mm,
					Width: at.width / mm, Height: at.height / mm})
			}
		}
	}
	return out, nil
}

// codeAt is the upper left corner of the page's code, without its quiet zone.
func (s *sheet) codeAt() (x, y float64, ok bool) {
	for _, st := range s.strips {
		if st.symbol != nil && (st.symbol.mark || st.symbol.token) {
			return st.x + st.symbol.x + st.symbol.quiet(), st.y + st.symbol.y + st.symbol.quiet(), true
		}
	}
	return 0, 0, false
}

// carries says whether the document's code stands on the sheet.
func (s *sheet) carries() bool {
	return slices.ContainsFunc(s.strips, func(st placed) bool { return st.symbol != nil && st.symbol.token })
}

// SeenPage is the code of a page found on a picture, with the way the page lies there. Page and Total are 0 on the
// page that carries the document's own code.
type SeenPage struct {
	PageMark
	x0, y0 float64 // the code's upper left corner in pixels
	ux, uy float64 // one millimetre to the right on the page
	vx, vy float64 // one millimetre down
}

// finderInset is how far the middle of a finder pattern is from the symbol's edges, in modules.
const finderInset = 3.5

// seenAt computes how a page lies from the finder patterns of its code: lower left, upper left, upper right, found
// on a part of the picture that was looked at in another scale.
func seenAt(m PageMark, sym *symbol, points []gozxing.ResultPoint, corner image.Rectangle, scale float64) SeenPage {
	at := func(p gozxing.ResultPoint) (x, y float64) {
		return float64(corner.Min.X) + p.GetX()*scale, float64(corner.Min.Y) + p.GetY()*scale
	}
	blx, bly := at(points[0])
	tlx, tly := at(points[1])
	trx, try := at(points[2])
	span := (float64(sym.count) - 2*finderInset) * sym.module() / mm // between two patterns, millimetres
	s := SeenPage{PageMark: m, ux: (trx - tlx) / span, uy: (try - tly) / span, vx: (blx - tlx) / span, vy: (bly - tly) / span}
	inset := finderInset * sym.module() / mm
	s.x0, s.y0 = tlx-inset*(s.ux+s.vx), tly-inset*(s.uy+s.vy)
	return s
}

// at gives the pixel of a place on the page, in millimetres from the code.
func (s *SeenPage) at(x, y float64) image.Point {
	return image.Pt(int(s.x0+x*s.ux+y*s.vx), int(s.y0+x*s.uy+y*s.vy))
}

const (
	inkStep   = 0.25 // millimetres between two looks
	inkDark   = 150  // of 255: darker is ink
	inkTall   = 5    // looks a stroke of a pen covers from top to bottom; a printed line covers fewer
	inkColumn = 0.03 // share of the columns with such a stroke that a signature has at least
)

// Signed says whether something was written on a slot. It is a hint for the officer who checks the scans, not a
// judgement on whose hand it was. The printed line itself, which a page that lies askew brings in, is one thin
// stroke in each column; writing has tall ones or several above one another.
func (s *SeenPage) Signed(img image.Image, slot Slot) bool {
	grey, columns, written := greyOf(img), 0, 0
	for x := 1.0; x < slot.Width-1; x += inkStep {
		dark, runs, last := 0, 0, false
		for y := 0.5; y < slot.Height; y += inkStep {
			p := s.at(slot.X+x, slot.Y+y)
			ink := p.In(grey.Rect) && grey.GrayAt(p.X, p.Y).Y < inkDark
			if ink {
				dark++
				if !last {
					runs++
				}
			}
			last = ink
		}
		columns++
		if dark >= inkTall || runs > 1 {
			written++
		}
	}
	return written > 2 && float64(written) >= inkColumn*float64(columns)
}
