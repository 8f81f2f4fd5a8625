package paper

import (
	"fmt"
	"slices"
)

// Bits of a composite glyph's component record (OpenType, glyf table).
const (
	argsAreWords   = 0x0001
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasXYScale     = 0x0040
	hasTwoByTwo    = 0x0080
)

// subset builds a TrueType font in which glyph i+1 draws runes[i]; glyph 0 is .notdef, and the parts of
// composite glyphs follow. It has no cmap: the PDF addresses glyphs by number. Two runes that share an
// outline get a glyph each, so that each keeps its own entry in the PDF's ToUnicode table.
func (f *face) subset(runes []rune) ([]byte, error) {
	if len(runes) > 0xFFFE {
		return nil, fmt.Errorf("字体“%s”一次用字超过 65534 个", f.name)
	}
	b := &subsetter{face: f, parts: map[uint16]uint16{}, order: make([]uint16, 1, len(runes)+16)}
	for _, r := range runes {
		b.order = append(b.order, f.glyph(r))
	}
	for i := 0; i < len(b.order); i++ { // order grows while composite glyphs name their parts
		if err := b.add(b.order[i]); err != nil {
			return nil, err
		}
	}
	return b.font(), nil
}

type subsetter struct {
	face             *face
	order            []uint16          // new glyph → old glyph
	parts            map[uint16]uint16 // old glyph of a component → new glyph
	glyf, hmtx, loca []byte
}

func (b *subsetter) add(glyph uint16) error {
	data, err := b.face.outline(glyph)
	if err != nil {
		return err
	}
	b.loca = be.AppendUint32(b.loca, uint32(len(b.glyf)))
	start := len(b.glyf)
	b.glyf = append(b.glyf, data...)
	if len(data) >= 10 && int16At(data, 0) < 0 {
		if err := b.renumber(b.glyf[start:]); err != nil {
			return err
		}
	}
	for len(b.glyf)%4 != 0 {
		b.glyf = append(b.glyf, 0)
	}
	advance, bearing := b.face.advance(glyph)
	b.hmtx = be.AppendUint16(b.hmtx, advance)
	b.hmtx = be.AppendUint16(b.hmtx, bearing)
	return nil
}

// renumber points the components of a composite glyph at their new numbers.
func (b *subsetter) renumber(glyph []byte) error {
	for at := 10; ; {
		if at+4 > len(glyph) {
			return fmt.Errorf("字体“%s”的复合字形已损坏", b.face.name)
		}
		flags, old := be.Uint16(glyph[at:]), be.Uint16(glyph[at+2:])
		if int(old) >= b.face.glyphs {
			return fmt.Errorf("字体“%s”的复合字形引用了不存在的部件", b.face.name)
		}
		part, ok := b.parts[old]
		if !ok {
			if len(b.order) > 0xFFFE {
				return fmt.Errorf("字体“%s”的复合字形部件过多", b.face.name)
			}
			part = uint16(len(b.order))
			b.parts[old] = part
			b.order = append(b.order, old)
		}
		be.PutUint16(glyph[at+2:], part)
		at += 4 + componentArgs(flags)
		if flags&moreComponents == 0 {
			return nil
		}
	}
}

func componentArgs(flags uint16) int {
	n := 2
	if flags&argsAreWords != 0 {
		n = 4
	}
	switch {
	case flags&hasScale != 0:
		n += 2
	case flags&hasXYScale != 0:
		n += 4
	case flags&hasTwoByTwo != 0:
		n += 8
	}
	return n
}

func (b *subsetter) font() []byte {
	clone := func(tag string) []byte { return slices.Clone(b.face.tables[tag]) }
	head, hhea, maxp := clone("head"), clone("hhea"), clone("maxp")
	be.PutUint32(head[8:], 0)  // checksum of the whole, left out of subsets
	be.PutUint16(head[50:], 1) // long loca
	be.PutUint16(hhea[34:], uint16(len(b.order)))
	be.PutUint16(maxp[4:], uint16(len(b.order)))
	tables := map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp, "hmtx": b.hmtx,
		"loca": be.AppendUint32(b.loca, uint32(len(b.glyf))), "glyf": b.glyf,
	}
	for _, tag := range []string{"cvt ", "fpgm", "prep"} { // hinting programs the outlines call
		if t, ok := b.face.tables[tag]; ok {
			tables[tag] = t
		}
	}
	return writeSFNT(tables)
}

// writeSFNT joins tables into a font file, sorted by tag, each padded to four bytes.
func writeSFNT(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	size := 12
	for tag, t := range tables {
		tags = append(tags, tag)
		size += 16 + len(t) + 3
	}
	slices.Sort(tags)
	power, exponent := 1, 0
	for power*2 <= len(tags) {
		power, exponent = power*2, exponent+1
	}
	out := be.AppendUint32(make([]byte, 0, size), 0x00010000)
	for _, v := range []int{len(tags), power * 16, exponent, (len(tags) - power) * 16} {
		out = be.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*len(tags)
	for _, tag := range tags {
		t := tables[tag]
		out = append(out, tag...)
		out = be.AppendUint32(out, checksum(t))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(t)))
		at += (len(t) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func checksum(t []byte) (sum uint32) {
	for len(t) >= 4 {
		sum += be.Uint32(t)
		t = t[4:]
	}
	if len(t) > 0 {
		var last [4]byte
		copy(last[:], t)
		sum += be.Uint32(last[:])
	}
	return sum
}
