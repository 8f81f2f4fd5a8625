package paper

import "slices"

const (
	cellPad  = 3.5 // points left and right of the text of a ruled cell
	cellPadY = 2.5
	// a ruled row of more lines is divided wherever a page ends, and one of at least leastDivided lines where the
	// page would stay too empty
	splitLines   = 14
	leastDivided = 5
	tableFactor  = 1.25
)

// ruled is one cell of a ruled row, broken into lines.
type ruled struct {
	lines []line
	s     setting
	x     float64
	width float64
	top   bool // text stands at the top, not in the middle
}

func (c *composer) ruledCell(t text, s setting, x, width float64) (ruled, error) {
	out := ruled{s: s, x: x, width: width}
	for _, para := range t.paragraphs() {
		lines, err := c.breakText(para, s, width-2*cellPad)
		if err != nil {
			return out, err
		}
		if s.align == alignCentre {
			lines = shared(lines, s.size, width-2*cellPad)
		}
		out.lines = append(out.lines, lines...)
	}
	return out, nil
}

// shared gives the lines of a centred cell about the same length when the last one would hold a single character,
// as the labels of a form are set. Where no even width within the room does it, as when a number is cut anyway, they
// stay as they are.
func shared(lines []line, em, room float64) []line {
	n := len(lines)
	if n < 2 || len(lines[n-1].glyphs) > 1 {
		return lines
	}
	var all []glyph
	for _, l := range lines {
		all = append(all, l.glyphs...)
	}
	for width := widthOf(all) / float64(n); width < room; width += em / 2 {
		if again := breakLines(all, em, width, width); len(again) <= n {
			return again
		}
	}
	return lines
}

// ruledRow draws cells with their borders. A row of very many lines becomes several strips.
func (c *composer) ruledRow(cells []ruled, least float64) []strip {
	deepest := 1
	for _, x := range cells {
		deepest = max(deepest, len(x.lines))
	}
	if deepest > splitLines {
		return c.pieces(cells, deepest)
	}
	row := c.ruledStrip(cells, 0, deepest, least)
	if deepest >= leastDivided && row.height > least {
		row.pieces = c.pieces(cells, deepest)
	}
	return []strip{row}
}

// pieces draws a row line by line.
func (c *composer) pieces(cells []ruled, deepest int) []strip {
	var out []strip
	for from := 0; from < deepest; from++ {
		out = append(out, c.ruledStrip(cells, from, from+1, 0))
	}
	first, last := &out[0], &out[len(out)-1]
	c.closeFrame(first, 0)
	c.closeFrame(last, last.height)
	return out
}

// ruledStrip draws the lines from..to of each cell between vertical borders, and all four borders when
// that is the whole row.
func (c *composer) ruledStrip(cells []ruled, from, to int, least float64) strip {
	lead, whole := 0.0, true
	for _, x := range cells {
		lead = max(lead, x.s.lead)
		whole = whole && from == 0 && len(x.lines) <= to
	}
	st := strip{height: float64(to-from) * lead, frame: &frame{0, c.width}}
	if whole {
		st.height = max(st.height+2*cellPadY, least)
	}
	for _, x := range cells {
		part := x.lines[min(from, len(x.lines)):min(to, len(x.lines))]
		y := 0.0
		if whole {
			y = (st.height - float64(len(part))*x.s.lead) / 2
			if x.top {
				y = cellPadY
			}
		}
		for _, l := range part {
			st.place(l, x.s, x.x+cellPad, y, x.width-2*cellPad)
			y += x.s.lead
		}
		st.rules = append(st.rules, rule{x1: x.x, y1: 0, x2: x.x, y2: st.height, width: hairline})
	}
	st.rules = append(st.rules, rule{x1: c.width, y1: 0, x2: c.width, y2: st.height, width: hairline})
	if whole {
		c.closeFrame(&st, 0)
		c.closeFrame(&st, st.height)
	}
	return st
}

func (c *composer) closeFrame(st *strip, y float64) {
	st.rules = append(st.rules, rule{x1: 0, y1: y, x2: c.width, y2: y, width: hairline})
}

// table prints rows under a head that every page repeats.
func (c *composer) table(n *node) error {
	columns, widths := c.columns(n)
	s := setting{face: faceBody, size: c.size, lead: c.size * tableFactor}
	headSetting := s
	headSetting.face, headSetting.align = faceHead, alignCentre
	head, err := c.tableRow(columns, widths, headSetting, headings(columns))
	if err != nil {
		return err
	}
	for i := range head {
		head[i].glue = true
	}
	c.out = append(c.out, head...)
	if err := c.tableRows(n, columns, widths, s, head); err != nil {
		return err
	}
	for _, kid := range n.kids {
		if err := c.tableFoot(kid, s, head); err != nil {
			return err
		}
	}
	return nil
}

// tableRows sets the rows of a table and the empty ones that fill it up.
func (c *composer) tableRows(n *node, columns []column, widths []float64, s setting, head []strip) error {
	add := func(texts []text, k *carry) error {
		strips, err := c.tableRow(columns, widths, s, texts)
		if err != nil {
			return err
		}
		for i := range strips {
			strips[i].head = head
		}
		strips[0].carry = k
		c.out = append(c.out, strips...)
		return nil
	}
	sums := c.carriedTable(n, columns, widths, s)
	done := 0
	err := c.eachRow(n.name, func() error {
		var k *carry
		if sums != nil {
			if err := sums.count(c.record); err != nil {
				return err
			}
			k = &carry{row: done, table: sums}
		}
		done++
		return add(c.rowTexts(columns), k)
	})
	if err != nil {
		return err
	}
	for i := done; i < n.pad; i++ {
		if err := add(c.emptyRow(columns, i == done), nil); err != nil {
			return err
		}
	}
	return sums.measure()
}

// carriedTable is nil when the table carries no sums.
func (c *composer) carriedTable(n *node, columns []column, widths []float64, s setting) *carriedTable {
	if n.carry == nil {
		return nil
	}
	return &carriedTable{columns: n.carry, set: func(texts map[string]string) ([]strip, error) {
		cells := make([]text, len(columns))
		for i, col := range columns {
			cells[i] = plainText(texts[col.name])
		}
		cells[widest(columns, n.carry)] = plainText(texts[""])
		return c.tableRow(columns, widths, s, cells)
	}}
}

// widest is the place of the widest column that is not among the taken ones.
func widest(columns []column, taken []string) int {
	out := -1
	for i, col := range columns {
		if !slices.Contains(taken, col.name) && (out < 0 || col.width > columns[out].width) {
			out = i
		}
	}
	return max(out, 0)
}

func headings(columns []column) []text {
	out := make([]text, len(columns))
	for i, col := range columns {
		out[i] = plainText(col.heading)
	}
	return out
}

// rowTexts are the cells of the row at hand.
func (c *composer) rowTexts(columns []column) []text {
	out := make([]text, len(columns))
	for i, col := range columns {
		p := part{name: col.name}
		if col.strike {
			p.form = formStrike
		}
		out[i] = c.placed(p, false)
	}
	return out
}

// emptyRow is a row nothing stands in; the first one after the last full row says so.
func (c *composer) emptyRow(columns []column, first bool) []text {
	out := make([]text, len(columns))
	if first && !c.draft {
		out[widest(columns, nil)] = plainText("（以下空白）")
	}
	return out
}

// columns leaves out the optional columns no row fills and spreads the rest over the width.
func (c *composer) columns(n *node) ([]column, []float64) {
	var out []column
	var weights []float64
	for _, col := range n.columns {
		if col.optional && !c.anyFilled(n.name, col.name) {
			continue
		}
		out = append(out, col)
		weights = append(weights, col.width)
	}
	return out, shares(weights, len(weights), c.width)
}

func (c *composer) anyFilled(rows, name string) bool {
	for _, r := range c.values[rows].rows {
		if r[name].filled() {
			return true
		}
	}
	return false
}

// tableRow sets one row of cells; a head row centres them all.
func (c *composer) tableRow(columns []column, widths []float64, s setting, texts []text) ([]strip, error) {
	cells := make([]ruled, len(columns))
	x := 0.0
	for i, col := range columns {
		if s.face != faceHead {
			s.align = col.align
		}
		var err error
		if cells[i], err = c.ruledCell(texts[i], s, x, widths[i]); err != nil {
			return nil, err
		}
		x += widths[i]
	}
	return c.ruledRow(cells, 0), nil
}

// tableFoot is a row of equal cells that stays with the row above it and with what follows: those who sign a
// table sign on a page that shows some of it.
func (c *composer) tableFoot(n *node, s setting, head []strip) error {
	c.out[len(c.out)-1].glue = true
	widths := shares(nil, len(n.cells), c.width)
	cells := make([]ruled, len(n.cells))
	x := 0.0
	for i, in := range n.cells {
		var err error
		if cells[i], err = c.ruledCell(c.fill(in, true), s, x, widths[i]); err != nil {
			return err
		}
		x += widths[i]
	}
	strips := c.ruledRow(cells, 0)
	for i := range strips {
		strips[i].head = head
		strips[i].glue = true
	}
	c.out = append(c.out, strips...)
	return nil
}

// gridBlock is a ruled form: labels and values by turns.
func (c *composer) gridBlock(n *node) error {
	c.grid = shares(n.weights, len(n.weights), c.width)
	err := c.nodes(n.kids)
	c.grid = nil
	return err
}

func (c *composer) tallRow(n *node) error { return c.gridRow(n, n.weights[0]*mm) }

// gridRow sets one row of a @grid; its last cell takes the columns that are left.
func (c *composer) gridRow(n *node, least float64) error {
	cells := make([]ruled, len(n.cells))
	x := 0.0
	for i, in := range n.cells {
		width := c.grid[i]
		if i == len(n.cells)-1 {
			width = c.width - x
		}
		s := setting{face: faceBody, size: c.size, lead: c.lead * 0.9}
		if i%2 == 0 && len(n.cells) > 1 {
			s.align = alignCentre
		}
		t := c.fill(in, false)
		var err error
		if cells[i], err = c.ruledCell(t, s, x, width); err != nil {
			return err
		}
		cells[i].top = s.align != alignCentre && len(t.paragraphs()) > 1 // an opinion above its signature line
		x += width
	}
	strips := c.ruledRow(cells, max(least, c.lead*1.25))
	for i := range len(cells) - 1 {
		label, next := c.fill(n.cells[i], false).plain(), cells[i+1]
		if isSigned(label) && len(c.fill(n.cells[i+1], false)) == 0 {
			strips[0].slots = append(strips[0].slots, slot{label, next.x, 0, next.width, strips[0].height})
			strips[0].pieces = nil // it is signed in one piece
		}
	}
	c.out = append(c.out, strips...)
	return nil
}
