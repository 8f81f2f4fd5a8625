package paper

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var be = binary.BigEndian

// face is one TrueType font, parsed once and then only read: any number of goroutines may share it.
// Glyph outlines stay in the file's own bytes.
type face struct {
	name            string
	tables          map[string][]byte
	unitsPerEm      int
	glyphs          int // number of glyphs
	metrics         int // number of full horizontal metrics; later glyphs share the last advance
	longLoca        bool
	ascent, descent int // in font units
	box             [4]int
	pages           [0x110000 >> 8]*[256]uint16 // rune → glyph, 0 = none
}

// parseFace reads a TrueType font with outlines in a glyf table and a Unicode cmap of format 4 or 12.
// Collections and CFF outlines are refused by name. Every offset is checked here or where it is used,
// so a damaged file ends in an error, never in a panic.
func parseFace(name string, data []byte) (*face, error) {
	tables, err := sfntTables(data)
	if err != nil {
		return nil, fmt.Errorf("字体“%s”无法使用：%w", name, err)
	}
	f := &face{name: name, tables: tables}
	if err := f.parseHeaders(); err != nil {
		return nil, fmt.Errorf("字体“%s”无法使用：%w", name, err)
	}
	if err := f.parseCmap(); err != nil {
		return nil, fmt.Errorf("字体“%s”无法使用：%w", name, err)
	}
	return f, nil
}

func sfntTables(data []byte) (map[string][]byte, error) {
	if len(data) < 12 {
		return nil, errors.New("文件太短，不是字体文件")
	}
	switch be.Uint32(data) {
	case 0x00010000, 0x74727565: // "true": Apple's mark for the same format
	case 0x74746366:
		return nil, errors.New("这是字体合集（TTC），请先提取其中一个字体")
	case 0x4F54544F:
		return nil, errors.New("字形为 CFF 格式，请换用 TrueType 字形的字体")
	default:
		return nil, errors.New("不是 TrueType 字体文件")
	}
	n := int(be.Uint16(data[4:]))
	if len(data) < 12+16*n {
		return nil, errors.New("表目录不完整")
	}
	tables := make(map[string][]byte, n)
	for i := range n {
		rec := data[12+16*i:]
		tag, off, size := string(rec[:4]), int64(be.Uint32(rec[8:])), int64(be.Uint32(rec[12:]))
		if off+size > int64(len(data)) {
			return nil, fmt.Errorf("表 %q 超出文件末尾", tag)
		}
		tables[tag] = data[off : off+size : off+size]
	}
	return tables, nil
}

func (f *face) parseHeaders() error {
	for _, want := range []struct {
		tag  string
		size int
	}{{"head", 54}, {"hhea", 36}, {"maxp", 6}, {"hmtx", 4}, {"loca", 4}, {"glyf", 0}, {"cmap", 4}} {
		t, ok := f.tables[want.tag]
		if !ok || len(t) < want.size {
			return fmt.Errorf("缺少表 %q 或表不完整", want.tag)
		}
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.unitsPerEm = int(be.Uint16(head[18:]))
	f.longLoca = be.Uint16(head[50:]) == 1
	f.glyphs = int(be.Uint16(f.tables["maxp"][4:]))
	f.metrics = int(be.Uint16(hhea[34:]))
	f.ascent, f.descent = int16At(hhea, 4), int16At(hhea, 6)
	for i := range f.box {
		f.box[i] = int16At(head, 36+2*i)
	}
	if f.unitsPerEm < 16 || f.unitsPerEm > 16384 {
		return errors.New("字身单位数不合规定")
	}
	if f.metrics < 1 || f.metrics > f.glyphs || len(f.tables["hmtx"]) < 4*f.metrics+2*(f.glyphs-f.metrics) {
		return errors.New("字宽表（hmtx）不完整")
	}
	width := 2
	if f.longLoca {
		width = 4
	}
	if len(f.tables["loca"]) < width*(f.glyphs+1) {
		return errors.New("字形位置表（loca）不完整")
	}
	return nil
}

// parseCmap takes the widest Unicode table: format 12 before format 4.
func (f *face) parseCmap() error {
	c := f.tables["cmap"]
	n := int(be.Uint16(c[2:]))
	if len(c) < 4+8*n {
		return errors.New("字符映射表（cmap）不完整")
	}
	var best []byte
	format := 0
	for i := range n {
		rec := c[4+8*i:]
		platform, off := be.Uint16(rec), int64(be.Uint32(rec[4:]))
		if off+2 > int64(len(c)) || (platform != 3 && platform != 0) {
			continue
		}
		if v := int(be.Uint16(c[off:])); (v == 12 || v == 4) && v > format {
			best, format = c[off:], v
		}
	}
	switch format {
	case 12:
		return f.parseCmap12(best)
	case 4:
		return f.parseCmap4(best)
	}
	return errors.New("没有 Unicode 字符映射表")
}

func (f *face) parseCmap12(t []byte) error {
	bad := errors.New("字符映射表（格式 12）不完整")
	if len(t) < 16 {
		return bad
	}
	n := int64(be.Uint32(t[12:]))
	if int64(len(t)) < 16+12*n {
		return bad
	}
	next := int64(0) // groups must ascend, which also bounds the work
	for i := range n {
		rec := t[16+12*i:]
		first, last, glyph := int64(be.Uint32(rec)), int64(be.Uint32(rec[4:])), int64(be.Uint32(rec[8:]))
		if first < next || last < first || last > 0x10FFFF {
			return bad
		}
		for r := first; r <= last; r++ {
			f.set(rune(r), glyph+r-first)
		}
		next = last + 1
	}
	return nil
}

func (f *face) parseCmap4(t []byte) error {
	bad := errors.New("字符映射表（格式 4）不完整")
	if len(t) < 16 {
		return bad
	}
	n := int(be.Uint16(t[6:])) / 2
	if len(t) < 16+8*n {
		return bad
	}
	next := 0
	for i := range n {
		last, first := int(be.Uint16(t[14+2*i:])), int(be.Uint16(t[16+2*n+2*i:]))
		delta, rangeAt := int(be.Uint16(t[16+4*n+2*i:])), 16+6*n+2*i
		offset := int(be.Uint16(t[rangeAt:]))
		if first < next || last < first {
			return bad
		}
		for r := first; r <= last && r != 0xFFFF; r++ {
			g := r + delta
			if offset != 0 {
				p := rangeAt + offset + 2*(r-first)
				if p+2 > len(t) {
					return bad
				}
				if g = int(be.Uint16(t[p:])); g != 0 {
					g += delta
				}
			}
			f.set(rune(r), int64(g&0xFFFF))
		}
		next = last + 1
	}
	return nil
}

func (f *face) set(r rune, glyph int64) {
	if glyph <= 0 || glyph >= int64(f.glyphs) {
		return
	}
	page := f.pages[r>>8]
	if page == nil {
		page = new([256]uint16)
		f.pages[r>>8] = page
	}
	page[r&0xFF] = uint16(glyph)
}

// glyph gives the glyph of a rune, 0 when the face has none.
func (f *face) glyph(r rune) uint16 {
	if r < 0 || r > 0x10FFFF || f.pages[r>>8] == nil {
		return 0
	}
	return f.pages[r>>8][r&0xFF]
}

// advance gives the advance and left side bearing of a glyph in font units.
func (f *face) advance(glyph uint16) (advance, bearing uint16) {
	t, g := f.tables["hmtx"], int(glyph)
	if g < f.metrics {
		return be.Uint16(t[4*g:]), be.Uint16(t[4*g+2:])
	}
	return be.Uint16(t[4*(f.metrics-1):]), be.Uint16(t[4*f.metrics+2*(g-f.metrics):])
}

// width is the advance of a rune in thousandths of the em, rounded as the PDF's width table has it.
func (f *face) width(r rune) int {
	a, _ := f.advance(f.glyph(r))
	return f.perMille(int(a))
}

func (f *face) perMille(units int) int {
	if units < 0 {
		return -f.perMille(-units)
	}
	return (units*1000 + f.unitsPerEm/2) / f.unitsPerEm
}

// outline gives the bytes of a glyph in the glyf table; an empty glyph such as the space has none.
func (f *face) outline(glyph uint16) ([]byte, error) {
	loca, glyf, g := f.tables["loca"], f.tables["glyf"], int(glyph)
	var from, to int64
	if f.longLoca {
		from, to = int64(be.Uint32(loca[4*g:])), int64(be.Uint32(loca[4*g+4:]))
	} else {
		from, to = 2*int64(be.Uint16(loca[2*g:])), 2*int64(be.Uint16(loca[2*g+2:]))
	}
	if from > to || to > int64(len(glyf)) {
		return nil, fmt.Errorf("字体“%s”的第 %d 号字形已损坏", f.name, g)
	}
	return glyf[from:to], nil
}

func int16At(b []byte, at int) int { return int(int16(be.Uint16(b[at:]))) }
