package paper

import "fmt"

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

// lay composes a document and divides it into sheets. Text that quotes page totals is composed again until
// the totals it quotes are the ones it has.
func (p *Press) lay(t *template, values row, sym *symbol) ([]sheet, error) {
	total, annex := 1, 1
	for range 5 {
		values["pages"] = value{text: fmt.Sprint(total)}
		values["annex_pages"] = value{text: fmt.Sprint(annex)}
		body, err := p.section(t, t.body, t.style.geometry, values, sym)
		if err != nil {
			return nil, err
		}
		var extra []sheet
		if t.annex != nil {
			g := t.style.geometry
			if t.annex.word == "landscape" {
				g = g.turned()
			}
			if extra, err = p.section(t, t.annex.kids, g, values, sym); err != nil {
				return nil, err
			}
		}
		settled := !t.counts || (total == len(body)+len(extra) && annex == len(extra))
		total, annex = len(body)+len(extra), len(extra)
		if settled {
			return p.margins(t, append(body, extra...), values)
		}
	}
	return nil, fmt.Errorf("文书 %s 的页数无法确定，请调整模板中引用页数的文字", t.docType)
}

// section composes statements on sheets of one geometry; statements that print nothing make no sheet.
func (p *Press) section(t *template, nodes []*node, g geometry, values row, sym *symbol) ([]sheet, error) {
	strips, err := p.compose(t, nodes, g, values, sym)
	if err != nil || len(strips) == 0 {
		return nil, err
	}
	footer, err := p.footer(t, g, values)
	if err != nil {
		return nil, err
	}
	reserve := 0.0
	for _, st := range footer {
		reserve += st.height
	}
	if reserve > 0 {
		reserve += footerGap
	}
	sheets, err := paginate(strips, g, reserve)
	if err != nil {
		return nil, fmt.Errorf("文书 %s：%w", t.docType, err)
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

func (p *Press) footer(t *template, g geometry, values row) ([]strip, error) {
	if t.footer == nil {
		return nil, nil
	}
	return p.compose(t, t.footer.kids, g, values, nil)
}

func (p *Press) compose(t *template, nodes []*node, g geometry, values row, sym *symbol) ([]strip, error) {
	c := &composer{tpl: t, faces: p.faces, values: values, symbol: sym, size: t.size, lead: t.lead, width: g.textWidth()}
	if err := c.nodes(nodes); err != nil {
		return nil, fmt.Errorf("文书 %s：%w", t.docType, err)
	}
	return c.out, nil
}

// paginate fills sheets with strips. Glued strips move to the next sheet together, unless they are too
// high for any sheet.
func paginate(strips []strip, g geometry, reserve float64) ([]sheet, error) {
	f := &filler{g: g, room: g.height - g.top - g.bottom - reserve}
	if f.room < 40*mm {
		return nil, fmt.Errorf("页脚过高，页面没有留下正文的位置，请减少 @footer 中的行")
	}
	for i := 0; i < len(strips); {
		end, height := i, 0.0
		for {
			height += strips[end].height
			end++
			if end == len(strips) || !strips[end-1].glue {
				break
			}
		}
		if f.used+height > f.room+slack && height+headHeight(strips[i].head) <= f.room {
			f.newSheet()
		}
		for ; i < end; i++ {
			f.add(strips[i])
		}
	}
	f.closeTable(false)
	return f.sheets, nil
}

type filler struct {
	g          geometry
	room, used float64
	sheets     []sheet
}

func (f *filler) newSheet() {
	if len(f.sheets) > 0 && f.used == 0 {
		return
	}
	f.closeTable(false)
	f.sheets = append(f.sheets, sheet{geometry: f.g})
	f.used = 0
}

func (f *filler) add(st strip) {
	if f.used == 0 && len(f.sheets) > 1 && st.blank() {
		return // white space parts what stands on one page
	}
	if len(f.sheets) == 0 || f.used+st.height > f.room+slack {
		f.newSheet()
	}
	if f.used == 0 {
		for _, h := range st.head {
			f.put(h)
		}
		f.put(st)
		f.closeTable(true)
		return
	}
	f.put(st)
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
	line := rule{st.frame.x, y, st.frame.x + st.frame.width, y, hairline}
	st.rules = append(append([]rule(nil), st.rules...), line)
}

func headHeight(head []strip) (h float64) {
	for _, st := range head {
		h += st.height
	}
	return h
}

// margins writes what stands outside the type area: the running head from the second page on, and the
// page number with the total.
func (p *Press) margins(t *template, sheets []sheet, values row) ([]sheet, error) {
	for i := range sheets {
		g := sheets[i].geometry
		c := &composer{tpl: t, faces: p.faces, width: g.textWidth()}
		foot := setting{face: faceBody, size: t.style.pageNumber, lead: t.style.pageNumber * 1.4, align: alignCentre}
		if err := c.paragraphs(plainText(fmt.Sprintf("第 %d 页　共 %d 页", i+1, len(sheets))), foot); err != nil {
			return nil, err
		}
		sheets[i].strips = append(sheets[i].strips, placed{c.out[0], g.left, g.height - min(g.bottom-8*mm, 24*mm)})
		if i == 0 {
			continue
		}
		c.out = nil
		head := setting{face: faceBody, size: headerSize, lead: headerSize * 1.4, align: alignRight}
		if err := c.paragraphs(plainText(values["title"].text+"　"+values["number"].text), head); err != nil {
			return nil, err
		}
		y := g.top - 4*mm - float64(len(c.out))*head.lead
		for k, st := range c.out {
			sheets[i].strips = append(sheets[i].strips, placed{st, g.left, y + float64(k)*head.lead})
		}
	}
	return sheets, nil
}
