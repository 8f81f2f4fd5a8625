package paper

// The Noto faces have no check boxes, so they are drawn here as a font of three glyphs. As glyphs they keep
// their meaning in the PDF's text: a search or a screen reader finds ☑, not a nameless square.
const (
	boxEmpty   = '☐'
	boxTicked  = '☑'
	boxCrossed = '☒'
)

type point struct{ x, y int16 }

var (
	boxOuter = []point{{90, -60}, {90, 760}, {910, 760}, {910, -60}}
	boxInner = []point{{140, -10}, {860, -10}, {860, 710}, {140, 710}} // the other way round: a hole
	tick     = []point{{230, 370}, {300, 440}, {440, 280}, {730, 620}, {790, 560}, {440, 150}}
	cross    = []point{{250, 160}, {440, 350}, {250, 540}, {310, 600}, {500, 410}, {690, 600}, {750, 540}, {560, 350}, {750, 160}, {690, 100}, {500, 290}, {310, 100}}
)

// newMarks builds the face of check boxes, 1000 units to the em.
func newMarks() *face {
	const em = 1000
	f := &face{name: "marks", unitsPerEm: em, glyphs: 4, metrics: 4, longLoca: true, ascent: 880, descent: -120, box: [4]int{90, -60, 910, 760}}
	var glyf, hmtx []byte
	loca := be.AppendUint32(nil, 0)
	for _, contours := range [][][]point{nil, {boxOuter, boxInner}, {boxOuter, boxInner, tick}, {boxOuter, boxInner, cross}} {
		glyf = append(glyf, simpleGlyph(contours)...)
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		hmtx = be.AppendUint16(hmtx, em)
		hmtx = be.AppendUint16(hmtx, 90)
	}
	head := make([]byte, 54)
	be.PutUint32(head, 0x00010000)
	be.PutUint32(head[12:], 0x5F0F3CF5)
	be.PutUint16(head[18:], em)
	be.PutUint16(head[50:], 1) // long loca
	hhea := make([]byte, 36)
	be.PutUint32(hhea, 0x00010000)
	be.PutUint16(hhea[4:], uint16(f.ascent))
	descent := int16(f.descent)
	be.PutUint16(hhea[6:], uint16(descent))
	be.PutUint16(hhea[34:], uint16(f.metrics))
	maxp := make([]byte, 32)
	be.PutUint32(maxp, 0x00010000)
	be.PutUint16(maxp[4:], uint16(f.glyphs))
	be.PutUint16(maxp[6:], 24) // points of the largest glyph
	be.PutUint16(maxp[8:], 3)  // its contours
	be.PutUint16(maxp[14:], 1)
	f.tables = map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	f.set(boxEmpty, 1)
	f.set(boxTicked, 2)
	f.set(boxCrossed, 3)
	return f
}

// simpleGlyph encodes closed polygons as a TrueType glyph; every point lies on the outline.
func simpleGlyph(contours [][]point) []byte {
	if len(contours) == 0 {
		return nil
	}
	out := be.AppendUint16(nil, uint16(len(contours)))
	for _, v := range []int16{90, -60, 910, 760} {
		out = be.AppendUint16(out, uint16(v))
	}
	var flags, xs, ys []byte
	n, last := 0, point{}
	for _, contour := range contours {
		n += len(contour)
		out = be.AppendUint16(out, uint16(n-1))
		for _, p := range contour {
			flags = append(flags, 1)
			xs = be.AppendUint16(xs, uint16(p.x-last.x))
			ys = be.AppendUint16(ys, uint16(p.y-last.y))
			last = p
		}
	}
	out = be.AppendUint16(out, 0) // no instructions
	out = append(append(append(out, flags...), xs...), ys...)
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out
}
