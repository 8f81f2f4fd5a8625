package paper

import (
	"fmt"
	"slices"
	"strings"
)

// readCondition takes the condition of an @if or @unless.
func readCondition(p *parser, n *node, s string) (err error) {
	n.when, err = p.condition(n.line, s)
	return err
}

// readCopy takes the names of the copies that print the block.
func readCopy(p *parser, n *node, s string) error {
	n.when = condition{"copy", options(s)}
	for _, o := range n.when.options {
		if !slices.Contains(p.tpl.copies, o) {
			return p.fail(n.line, "没有名为“%s”的联，请在文件开头用 copies 写明", o)
		}
	}
	return nil
}

// readVoid takes nothing, or a height in millimetres.
func readVoid(p *parser, n *node, s string) error {
	if s == "" {
		return nil
	}
	return readNumbers(p, n, s)
}

// readSymbol takes nothing for the token's own symbol, or the text field whose QR code is printed.
func readSymbol(p *parser, n *node, s string) error {
	n.name = s
	if s == "" {
		return nil
	}
	if f := p.tpl.field(s); f == nil || f.Kind != Text {
		return p.fail(n.line, "@qr 之后应是 text 类字段，“%s”不是", s)
	}
	return p.use(n.line, s)
}

// readBoxes takes a choice.
func readBoxes(p *parser, n *node, s string) error {
	n.name = s
	if f := p.lookup(s); f == nil || f.Options == nil {
		return p.fail(n.line, "@boxes 之后应是 choice、choices 类字段，“%s”不是", s)
	}
	return p.use(n.line, s)
}

// readImage takes an image field and the greatest height in millimetres.
func readImage(p *parser, n *node, s string) error {
	name, height, _ := strings.Cut(s, " ")
	n.name = name
	if f := p.lookup(name); f == nil || f.Kind != Image {
		return p.fail(n.line, "@image 之后应是 image 类字段，“%s”不是", name)
	}
	if err := readNumbers(p, n, height); err != nil {
		return err
	}
	return p.use(n.line, name)
}

// readPhotos takes a rows field with one image column and the greatest height in millimetres.
func readPhotos(p *parser, n *node, s string) error {
	name, height, _ := strings.Cut(s, " ")
	if err := readEach(p, n, name); err != nil {
		return err
	}
	pictures := 0
	for _, c := range p.tpl.field(name).Columns {
		p.used[name+"."+c.Name]++
		if c.Kind == Image {
			pictures++
		}
	}
	if pictures != 1 {
		return p.fail(n.line, "@photos 的“%s”应有且只有一个 image 类栏目", name)
	}
	return readNumbers(p, n, height)
}

// newPage begins a page.
func (c *composer) newPage(*node) error {
	c.out = append(c.out, strip{page: true})
	return nil
}

// cut is the line a stub or a slip is torn or stamped along, with words in its middle.
func (c *composer) cut(n *node) error {
	s := c.body(alignCentre)
	s.size = c.size * 0.8
	l, err := c.oneLine(c.fill(n.cells[0], true), s)
	if err != nil {
		return err
	}
	st := strip{height: c.lead * 1.4, glue: true}
	y := st.height / 2
	st.place(l, s, 0, y-baseline(s)+s.size*0.38, c.width)
	side := (c.width - l.width) / 2
	if side > 3*c.em() {
		st.rules = append(st.rules, rule{x1: 0, y1: y, x2: side - c.em(), y2: y, width: hairline, dashed: true},
			rule{x1: c.width - side + c.em(), y1: y, x2: c.width, y2: y, width: hairline, dashed: true})
	}
	c.out = append(c.out, st)
	return nil
}

// tail is how a document ends: one block, held to the lines before it.
func (c *composer) tail(n *node) error {
	c.holdToText()
	return c.keep(n)
}

// mostHeld bounds the label rows that go over to another page with a signature.
const mostHeld = 12

// holdToText keeps what follows on a page with the text before it: with two lines of it and with the label rows
// between, such as the address above a signature, which would say little alone. Where that left the page before too
// empty, the last two lines are enough.
func (c *composer) holdToText() {
	i, lines := len(c.out)-1, 0
	hold := func() {
		if st := &c.out[i]; !st.glue {
			st.glue = true
			if lines >= 2 {
				st.price = priceOfLines
			}
		}
		if !c.out[i].blank() {
			lines++
		}
		i--
	}
	for n := 0; i >= 0 && n < mostHeld && (c.out[i].label || c.out[i].blank()); n++ {
		hold()
	}
	for n := 0; i >= 0 && n < 2; n++ {
		hold()
	}
}

// holdToLast keeps what follows on a page with the last strip that shows something.
func (c *composer) holdToLast() {
	for i := len(c.out) - 1; i >= 0; i-- {
		c.out[i].glue, c.out[i].price = true, 0
		if !c.out[i].blank() {
			return
		}
	}
}

// void strikes through empty paper: a space of its own, or the rest of the page.
func (c *composer) void(n *node) error {
	if n.weights == nil {
		c.out = append(c.out, strip{fill: c.width})
		return nil
	}
	c.out = append(c.out, struckSpace(c.width, n.weights[0]*mm))
	return nil
}

func struckSpace(width, height float64) strip {
	return strip{height: height, rules: []rule{{x1: 0, y1: height - 2, x2: width, y2: 2, width: blankRule}}}
}

// image sets a picture in the middle of the line.
func (c *composer) image(n *node) error {
	pic := c.lookup(n.name).picture
	if pic == nil {
		return nil
	}
	w, h := pic.within(c.width, n.weights[0]*mm)
	c.out = append(c.out, strip{height: h + 6, pictures: []shownPicture{{picture: pic, x: (c.width - w) / 2, y: 3, width: w, height: h}}})
	return nil
}

// photos sets pictures two beside one another, the words of their rows under them.
func (c *composer) photos(n *node) error {
	width := (c.width - 3*cellGap) / 2
	var pair []strip
	flush := func() {
		glueAll(pair)
		c.out = append(c.out, pair...)
		pair = nil
	}
	shown := 0
	err := c.eachRow(n.name, func() error {
		cell, err := c.photo(n, width)
		if err != nil || cell == nil {
			return err
		}
		if shown%2 == 0 {
			flush()
		}
		pair = beside(pair, cell, float64(shown%2)*(width+3*cellGap))
		shown++
		return nil
	})
	flush()
	return err
}

// photo sets one picture with its caption; nil when the row has no picture.
func (c *composer) photo(n *node, width float64) ([]strip, error) {
	var out []strip
	s := setting{face: faceBody, size: c.size * 0.85, lead: c.size * 1.2, align: alignCentre}
	var words []string
	for _, f := range c.tpl.field(n.name).Columns {
		v := c.lookup(f.Name)
		if v.picture != nil {
			w, h := v.picture.within(width, n.weights[0]*mm)
			out = []strip{{height: n.weights[0]*mm + 6, pictures: []shownPicture{{picture: v.picture, x: (width - w) / 2, y: 3 + n.weights[0]*mm - h, width: w, height: h}}}}
		}
		if v.text != "" && f.Kind != Image {
			words = append(words, v.text)
		}
	}
	if out == nil {
		return nil, nil
	}
	for _, para := range words {
		lines, err := c.breakText(plainText(strings.ReplaceAll(para, "\n", " ")), s, width)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			st := strip{height: s.lead}
			st.place(l, s, 0, 0, width)
			out = append(out, st)
		}
	}
	return append(out, strip{height: s.lead / 2}), nil
}

// beside puts the strips of a cell at x into the strips of its row.
func beside(row, cell []strip, x float64) []strip {
	for i, st := range cell {
		st.shift(x, 0)
		if i == len(row) {
			row = append(row, strip{})
		}
		row[i].height = max(row[i].height, st.height)
		row[i].spans = append(row[i].spans, st.spans...)
		row[i].rules = append(row[i].rules, st.rules...)
		row[i].pictures = append(row[i].pictures, st.pictures...)
	}
	return row
}

// fieldSymbol is the QR code of a text field; nil when it is empty.
func (c *composer) fieldSymbol(name string) (*symbol, error) {
	v := c.lookup(name)
	s, err := newSymbol(v.text)
	if err != nil {
		return nil, fmt.Errorf("“%s”（%s）的%w", v.field.Label, name, err)
	}
	return s, nil
}
