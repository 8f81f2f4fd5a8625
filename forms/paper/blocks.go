package paper

import (
	"slices"
	"strings"
)

// cellGap parts the cells of a label row, in points.
const cellGap = 8

// labelCell is "label：value" of a label row.
type labelCell struct {
	label, value text
	open         bool // no value: a line to write on
	lined        bool // the cell carries a line at all
}

// labelRow sets cells of "标签：{{value}}" side by side; cells that cannot share the width go one under
// another.
func (c *composer) labelRow(n *node) error {
	cells := make([]labelCell, len(n.cells))
	for i, in := range n.cells {
		cells[i] = c.labelled(in)
	}
	widths, err := c.cellWidths(cells, n.weights)
	if err != nil {
		return err
	}
	if widths == nil {
		for _, cell := range cells {
			if err := c.labelCells([]labelCell{cell}, []float64{c.width}); err != nil {
				return err
			}
		}
		return nil
	}
	return c.labelCells(cells, widths)
}

// cellWidths divides the line by weights. When a cell would wrap while others have room to spare, each
// gets what its text needs and the rest is shared out; nil means that the cells do not fit on one line.
func (c *composer) cellWidths(cells []labelCell, weights []float64) ([]float64, error) {
	room := c.width - cellGap*float64(len(cells)-1)
	out := shares(weights, len(cells), room)
	if len(cells) == 1 {
		return out, nil
	}
	needs := make([]float64, len(cells))
	sum, wraps := 0.0, false
	for i, cell := range cells {
		l, err := c.oneLine(append(cell.label[:len(cell.label):len(cell.label)], cell.value...), c.body(alignLeft))
		if err != nil {
			return nil, err
		}
		w := l.width
		if cell.open {
			w += 4 * c.em() // room to write in
		}
		needs[i] = w + slack
		sum += needs[i]
		wraps = wraps || needs[i] > out[i]
	}
	switch {
	case !wraps:
		return out, nil
	case sum > room:
		return nil, nil
	}
	for i, share := range shares(weights, len(cells), room-sum) {
		out[i] = needs[i] + share
	}
	return out, nil
}

func (c *composer) labelCells(cells []labelCell, widths []float64) error {
	var rowLines []strip
	x := 0.0
	for i, cell := range cells {
		lines, err := c.labelLines(cell, widths[i])
		if err != nil {
			return err
		}
		for k := range lines {
			lines[k].shift(x, 0)
			if k == len(rowLines) {
				rowLines = append(rowLines, strip{height: c.lead})
			}
			rowLines[k].spans = append(rowLines[k].spans, lines[k].spans...)
			rowLines[k].rules = append(rowLines[k].rules, lines[k].rules...)
			rowLines[k].slots = append(rowLines[k].slots, lines[k].slots...)
		}
		x += widths[i] + cellGap
	}
	if len(rowLines) <= 8 {
		glueAll(rowLines)
		for i := 1; i < len(rowLines)-2; i++ {
			rowLines[i].price = priceOfLines
		}
	}
	for i := range rowLines {
		rowLines[i].label = true
	}
	c.out = append(c.out, rowLines...)
	return nil
}

// boxColumns sets the options of a choice with their check boxes in as many columns as the longest leaves room for.
func (c *composer) boxColumns(n *node) error {
	v := c.lookup(n.name)
	if v.field == nil {
		return nil
	}
	var cells []labelCell
	widest := 0.0
	for _, o := range v.field.Options {
		cell := labelCell{label: box(slices.Contains(v.picks, o)), value: plainText(o)}
		l, err := c.oneLine(append(cell.label[:1:1], cell.value...), c.body(alignLeft))
		if err != nil {
			return err
		}
		widest = max(widest, l.width+slack)
		cells = append(cells, cell)
	}
	columns := max(1, int((c.width+cellGap)/(widest+cellGap)))
	widths := shares(nil, columns, c.width-cellGap*float64(columns-1))
	for some := range slices.Chunk(cells, columns) {
		if err := c.labelCells(some, widths[:len(some)]); err != nil {
			return err
		}
	}
	return nil
}

// shares divides a width by weights; none means equal shares.
func shares(weights []float64, n int, width float64) []float64 {
	out := make([]float64, n)
	sum := 0.0
	for i := range out {
		out[i] = 1
		if weights != nil {
			out[i] = weights[i]
		}
		sum += out[i]
	}
	for i := range out {
		out[i] *= width / sum
	}
	return out
}

// labelled splits a cell after the first "：" its template writes.
func (c *composer) labelled(in inline) labelCell {
	if len(in) == 0 || in[0].name != "" {
		return labelCell{value: c.fill(in, true)}
	}
	at := strings.Index(in[0].literal, "：")
	if at < 0 {
		return labelCell{value: c.fill(in, true)}
	}
	at += len("：")
	out := labelCell{label: plainText(in[0].literal[:at])}
	rest := append(inline{{literal: in[0].literal[at:]}}, in[1:]...)
	if rest[0].literal == "" {
		rest = rest[1:]
	}
	out.lined = c.tpl.style.lined && !hasBoxes(rest)
	if len(rest) == 0 || (len(rest) == 1 && rest[0].name != "" && len(c.placed(rest[0], false)) == 0) {
		out.open, out.lined = true, true
		return out
	}
	out.value = c.fill(rest, true)
	return out
}

func hasBoxes(in inline) bool {
	for _, p := range in {
		if p.form.boxed() {
			return true
		}
	}
	return false
}

// labelLines sets one cell; its strips are a line high each.
func (c *composer) labelLines(lc labelCell, width float64) ([]strip, error) {
	s := c.body(alignLeft)
	label, err := c.oneLine(lc.label, s)
	if err != nil {
		return nil, err
	}
	indent := label.width
	s.first = indent
	if indent <= width/2 {
		s.hang = indent
	}
	first := strip{height: c.lead}
	first.place(label, s, 0, 0, indent)
	if words := strings.TrimSuffix(lc.label.plain(), "："); lc.open && isSigned(words) {
		first.slots = []slot{{words, indent, 0, width - indent, baseline(s)}}
	}
	out := []strip{first}
	for p, para := range lc.value.paragraphs() {
		if p > 0 {
			s.first = s.hang
		}
		lines, err := c.breakText(para, s, width)
		if err != nil {
			return nil, err
		}
		for i, l := range lines {
			x := s.hang
			if i == 0 {
				x = s.first
			}
			if p > 0 || i > 0 {
				out = append(out, strip{height: c.lead})
			}
			out[len(out)-1].place(l, s, x, 0, width-x)
		}
	}
	return c.underlined(out, lc, s.hang, indent, width), nil
}

func (c *composer) underlined(list []strip, lc labelCell, hang, indent, width float64) []strip {
	if !lc.lined {
		return list
	}
	for i := range list {
		from := hang
		if i == 0 {
			from = indent
		}
		y := baseline(c.body(alignLeft)) + underDrop
		list[i].rules = append(list[i].rules, rule{x1: from, y1: y, x2: width, y2: y, width: blankRule})
	}
	return list
}

// seal sets "agency | date" at the lower right, four characters in from the margin, with room for the seal
// above, and holds it to the text before it and to what follows, the receipt: the seal never stands alone on a page, the
// receipt only where there is no better way.
func (c *composer) seal(n *node) error {
	c.holdToText()
	c.out = append(c.out, strip{height: c.lead * 1.2, glue: true})
	s := c.body(alignCentre)
	widest := 0.0
	var texts []text
	for _, in := range n.cells {
		t := c.fill(in, true)
		l, err := c.oneLine(t, s)
		if err != nil {
			return err
		}
		widest = max(widest, l.width)
		texts = append(texts, t)
	}
	widest = min(widest, c.width-4*c.em())
	for _, t := range texts {
		lines, err := c.breakText(t, s, widest+slack)
		if err != nil {
			return err
		}
		for _, l := range lines {
			st := strip{height: c.lead, glue: true}
			st.place(l, s, c.width-4*c.em()-widest, 0, widest)
			c.out = append(c.out, st)
		}
	}
	c.out[len(c.out)-1].price = priceOfEnd
	return nil
}

// besideSymbol sets its block to the left of the QR symbol, or over the full width when there is none. The document's
// own symbol is on a page with something of the document above it.
func (c *composer) besideSymbol(n *node) error {
	sym := c.symbol
	if n.name != "" {
		var err error
		if sym, err = c.fieldSymbol(n.name); err != nil {
			return err
		}
	}
	if sym == nil {
		return c.keep(n)
	}
	if n.name == "" {
		c.holdToLast()
	}
	side := sym.side()
	outer, width := c.out, c.width
	c.out, c.width = nil, width-side-cellGap
	err := c.nodes(n.kids)
	block := c.out
	c.out, c.width = outer, width
	if err != nil {
		return err
	}
	height := 0.0
	for _, st := range block {
		height += st.height
	}
	if height < side {
		block = append(block, strip{height: side - height})
	}
	glueAll(block)
	placed := *sym
	placed.x = width - side
	block[0].symbol = &placed
	c.out = append(c.out, block...)
	return nil
}
