package paper

import (
	"errors"
	"fmt"
)

// sheet is one finished page.
type sheet struct {
	geometry geometry
	strips   []placed
}

// placed is a strip with the place of its top left corner on the page.
type placed struct {
	strip
	x, y float64
}

const (
	footerGap  = 6.0 // points between the text and the footer
	headerSize = 9.0
)

// layout is one job on its way to pages.
type layout struct {
	press  *Press
	tpl    *template
	values row
	symbol *symbol // of the token, nil without one
	marks  *pageMarks
	draft  bool
	copy   string
}

// sheets composes a document and divides it into sheets. Text that quotes page totals is composed again until
// the totals it quotes are the ones it has.
func (l *layout) sheets() ([]sheet, error) {
	total, annex := 1, 1
	for range 5 {
		l.values["pages"] = value{text: fmt.Sprint(total)}
		l.values["annex_pages"] = value{text: fmt.Sprint(annex)}
		body, err := l.section(l.tpl.body, l.tpl.style.geometry)
		if err != nil {
			return nil, err
		}
		var extra []sheet
		if l.tpl.annex != nil {
			g := l.tpl.style.geometry
			if l.tpl.annex.word == "landscape" {
				g = g.turned()
			}
			if extra, err = l.section(l.tpl.annex.kids, g); err != nil {
				return nil, err
			}
		}
		settled := !l.tpl.counts || (total == len(body)+len(extra) && annex == len(extra))
		total, annex = len(body)+len(extra), len(extra)
		if settled {
			return l.margins(append(body, extra...))
		}
	}
	return nil, fmt.Errorf("文书 %s 的页数无法确定，请调整模板中引用页数的文字", l.tpl.docType)
}

// section composes statements on sheets of one geometry; statements that print nothing make no sheet.
func (l *layout) section(nodes []*node, g geometry) ([]sheet, error) {
	strips, err := l.compose(nodes, g, 1)
	if err != nil || len(strips) == 0 {
		return nil, err
	}
	var footer []strip
	if l.tpl.footer != nil {
		if footer, err = l.compose(l.tpl.footer.kids, g, 1); err != nil {
			return nil, err
		}
	}
	reserve := 0.0
	for _, st := range footer {
		reserve += st.height
	}
	if reserve > 0 {
		reserve += footerGap
	}
	sheets, err := l.spread(nodes, strips, g, reserve)
	if err != nil {
		return nil, err
	}
	for i := range sheets {
		y := g.height - g.bottom - reserve + footerGap
		for _, st := range footer {
			sheets[i].strips = append(sheets[i].strips, placed{st, g.left, y})
			y += st.height
		}
	}
	return sheets, nil
}

// compose sets statements with the line pitch of the template times pitch.
func (l *layout) compose(nodes []*node, g geometry, pitch float64) ([]strip, error) {
	c := &composer{tpl: l.tpl, faces: l.press.faces, values: l.values, symbol: l.symbol, draft: l.draft,
		size: l.tpl.size, lead: l.tpl.lead * pitch, pitch: pitch, width: g.textWidth()}
	if err := c.nodes(nodes); err != nil {
		return nil, fmt.Errorf("文书 %s：%w", l.tpl.docType, err)
	}
	return c.out, nil
}

type filler struct {
	g          geometry
	room, used float64
	sheets     []sheet
	waste      float64 // see turning
	err        error
}

func (f *filler) newSheet() {
	if len(f.sheets) > 0 && f.used == 0 {
		return
	}
	f.closeTable(false)
	f.sheets = append(f.sheets, sheet{geometry: f.g})
	f.used = 0
}

// turn begins the page of a strip; a table that goes on there closes this page with its sums.
func (f *filler) turn(next *strip) {
	if len(f.sheets) > 0 && f.used > 0 {
		f.putAll(next.carry.before(carriedOver))
	}
	f.newSheet()
}

func (f *filler) putAll(list []strip, err error) {
	f.err = errors.Join(f.err, err)
	for _, st := range list {
		f.put(st)
	}
}

func (f *filler) add(st strip) {
	if st.page {
		f.newSheet()
		return
	}
	if f.used == 0 && len(f.sheets) > 1 && st.blank() {
		return // white space parts what stands on one page
	}
	if st.fill > 0 {
		f.void(st)
		return
	}
	if len(f.sheets) == 0 || f.used+st.height > f.room+slack {
		f.turn(&st)
	}
	if f.used == 0 {
		f.putAll(st.head, nil)
		f.putAll(st.carry.before(broughtForward))
		f.put(st)
		f.closeTable(true)
		return
	}
	f.put(st)
}

// leastVoid is the height below which an empty end of a page is no room to write in.
const leastVoid = 12 * mm

// void strikes through what is left of the page.
func (f *filler) void(st strip) {
	if left := f.room - f.used; f.used > 0 && left >= leastVoid {
		f.put(struckSpace(st.fill, left))
	}
}

func (f *filler) put(st strip) {
	page := &f.sheets[len(f.sheets)-1]
	page.strips = append(page.strips, placed{st, f.g.left, f.g.top + f.used})
	f.used += st.height
}

// closeTable draws the line a ruled table lacks where a page begins or ends inside one of its rows.
func (f *filler) closeTable(atTop bool) {
	if len(f.sheets) == 0 {
		return
	}
	list := f.sheets[len(f.sheets)-1].strips
	if len(list) == 0 {
		return
	}
	st := &list[len(list)-1]
	if st.frame == nil {
		return
	}
	y := st.height
	if atTop {
		y = 0
	}
	line := rule{x1: st.frame.x, y1: y, x2: st.frame.x + st.frame.width, y2: y, width: hairline}
	st.rules = append(append([]rule(nil), st.rules...), line)
}

func headHeight(head []strip) (h float64) {
	for _, st := range head {
		h += st.height
	}
	return h
}

// margins writes what stands outside the type area: the name of the copy, the running head from the second
// page on, the page number with the total, and the page mark.
func (l *layout) margins(sheets []sheet) ([]sheet, error) {
	for i := range sheets {
		s := &sheets[i]
		c := &composer{tpl: l.tpl, faces: l.press.faces, width: s.geometry.textWidth()}
		if err := l.pageNumber(c, s, i+1, len(sheets)); err != nil {
			return nil, err
		}
		if err := l.headLines(c, s, i > 0); err != nil {
			return nil, err
		}
		if l.marks == nil || s.carries() {
			continue
		}
		m, err := l.marks.page(i+1, len(sheets))
		if err != nil {
			return nil, err
		}
		s.strips = append(s.strips, placed{strip{symbol: m}, s.geometry.left - m.quiet(), s.geometry.height - markBottom - m.side() + m.quiet()})
	}
	return sheets, nil
}

func (l *layout) pageNumber(c *composer, s *sheet, n, total int) error {
	size := l.tpl.style.pageNumber
	if size == 0 {
		return nil
	}
	foot := setting{face: faceBody, size: size, lead: size * 1.4, align: alignCentre}
	if err := c.paragraphs(plainText(fmt.Sprintf("第 %d 页　共 %d 页", n, total)), foot); err != nil {
		return err
	}
	s.strips = append(s.strips, placed{c.out[0], s.geometry.left, s.geometry.height - min(s.geometry.bottom-8*mm, 24*mm)})
	return nil
}

// headLines writes the name of the copy at the upper left and the running head at the upper right.
func (l *layout) headLines(c *composer, s *sheet, running bool) error {
	write := func(words string, a align) error {
		c.out = nil
		head := setting{face: faceBody, size: headerSize, lead: headerSize * 1.4, align: a}
		if err := c.paragraphs(plainText(words), head); err != nil {
			return err
		}
		y := s.geometry.top - 4*mm - float64(len(c.out))*head.lead
		for k, st := range c.out {
			s.strips = append(s.strips, placed{st, s.geometry.left, y + float64(k)*head.lead})
		}
		return nil
	}
	if l.copy != "" {
		if err := write("（"+l.copy+"）", alignLeft); err != nil {
			return err
		}
	}
	if !running || l.tpl.style.pageNumber == 0 {
		return nil
	}
	return write(l.values["title"].text+"　"+l.values["number"].text, alignRight)
}
