package paper

import (
	"fmt"
	"strings"
)

// verb is one kind of statement: how its argument is read and how it is set.
type verb struct {
	read  func(p *parser, n *node, s string) error
	set   func(c *composer, n *node) error
	block bool // statements follow up to @end
	top   bool // only outside other blocks
}

var verbs map[string]verb

func init() { // a map literal would refer to itself through the block verbs
	verbs = map[string]verb{
		"":        {read: readText, set: (*composer).plain},
		"flush":   {read: readText, set: (*composer).flush},
		"agency":  {read: readText, set: (*composer).agency},
		"title":   {read: readText, set: (*composer).title},
		"heading": {read: readText, set: (*composer).heading},
		"caption": {read: readText, set: (*composer).caption},
		"centre":  {read: readText, set: (*composer).centre},
		"right":   {read: readText, set: (*composer).right},
		"ask":     {read: readText, set: (*composer).ask},
		"answer":  {read: readText, set: (*composer).answer},
		"row":     {read: readWeighted, set: (*composer).labelRow},
		"seal":    {read: readText, set: (*composer).seal},
		"boxes":   {read: readBoxes, set: (*composer).boxColumns},
		"lines":   {read: readNumbers, set: (*composer).ruledLines},
		"space":   {read: readNumbers, set: (*composer).space},
		"size":    {read: readSize, set: (*composer).resize},
		"rule":    {read: readNothing, set: (*composer).acrossRule},
		"if":      {read: readCondition, set: (*composer).when, block: true},
		"unless":  {read: readCondition, set: (*composer).when, block: true},
		"each":    {read: readEach, set: (*composer).each, block: true},
		"keep":    {read: readNothing, set: (*composer).keep, block: true},
		"tail":    {read: readNothing, set: (*composer).tail, block: true},
		"copy":    {read: readCopy, set: (*composer).when, block: true},
		"qr":      {read: readSymbol, set: (*composer).besideSymbol, block: true},
		"page":    {read: readNothing, set: (*composer).newPage},
		"cut":     {read: readText, set: (*composer).cut},
		"void":    {read: readVoid, set: (*composer).void},
		"image":   {read: readImage, set: (*composer).image},
		"photos":  {read: readPhotos, set: (*composer).photos},
		"table":   {read: readTable, set: (*composer).table},
		"grid":    {read: readNumbers, set: (*composer).gridBlock, block: true},
		"tall":    {read: readTall, set: (*composer).tallRow},
		"annex":   {read: readAnnex, set: (*composer).inner, block: true, top: true},
		"footer":  {read: readNothing, set: (*composer).inner, block: true, top: true},
	}
}

// composer turns statements into strips.
type composer struct {
	tpl        *template
	faces      *faceSet
	values     row
	record     row // the row of @each
	symbol     *symbol
	draft      bool // blanks are left open instead of being struck through
	size, lead float64
	pitch      float64 // what the line pitch is multiplied by, see pitches
	width      float64
	grid       []float64 // column widths while inside @grid
	out        []strip
}

func (c *composer) em() float64 { return c.size }

// nodes sets a list of statements; a @size lasts to the end of the list.
func (c *composer) nodes(list []*node) error {
	size, lead := c.size, c.lead
	for _, n := range list {
		if err := verbs[n.verb].set(c, n); err != nil {
			return err
		}
	}
	c.size, c.lead = size, lead
	return nil
}

func (c *composer) inner(n *node) error { return c.nodes(n.kids) }

func (c *composer) resize(n *node) error {
	c.size, c.lead = n.weights[0], n.weights[1]*c.pitch
	return nil
}

func (c *composer) when(n *node) error {
	if n.when.holds(c.lookup(n.when.name)) == (n.verb != "unless") {
		return c.nodes(n.kids)
	}
	return c.nodes(n.other)
}

func (c *composer) lookup(name string) value {
	if v, ok := c.record[name]; ok {
		return v
	}
	return c.values[name]
}

func (c *composer) each(n *node) error {
	return c.eachRow(n.name, func() error { return c.nodes(n.kids) })
}

// eachRow runs do once a row, with the row's columns and counters in reach.
func (c *composer) eachRow(name string, do func() error) error {
	rows := c.values[name].rows
	defer func() { c.record = nil }()
	for i, r := range rows {
		c.record = row{"n": {text: fmt.Sprint(i + 1)}, "no": {text: chineseNumber(i + 1)}, "stop": {text: "；"}}
		if i == len(rows)-1 {
			c.record["stop"] = value{text: "。"}
		}
		for k, v := range r {
			c.record[k] = v
		}
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// chineseNumber writes 1-999 as list numbers are written: 一、十、十二、二十、一百零五.
func chineseNumber(n int) string {
	const digits = "零一二三四五六七八九"
	d := []rune(digits)
	switch {
	case n < 10:
		return string(d[n])
	case n < 20:
		return "十" + strings.TrimPrefix(string(d[n%10]), "零")
	case n < 100:
		return string(d[n/10]) + "十" + strings.TrimPrefix(string(d[n%10]), "零")
	case n < 1000 && n%100 == 0:
		return string(d[n/100]) + "百"
	case n < 1000 && n%100 < 10:
		return string(d[n/100]) + "百零" + string(d[n%10])
	case n < 1000:
		return string(d[n/100]) + "百" + string(d[n%100/10]) + "十" + strings.TrimPrefix(string(d[n%10]), "零")
	}
	return fmt.Sprint(n)
}

func (c *composer) body(a align) setting {
	return setting{face: faceBody, size: c.size, lead: c.lead, align: a}
}

func (c *composer) plain(n *node) error {
	if c.grid != nil {
		return c.gridRow(n, 0)
	}
	s := c.body(alignJustify)
	s.first = 2 * c.em()
	return c.paragraphs(c.fill(n.cells[0], true), s)
}

func (c *composer) flush(n *node) error {
	return c.paragraphs(c.fill(n.cells[0], true), c.body(alignLeft))
}

func (c *composer) centre(n *node) error {
	return c.paragraphs(c.fill(n.cells[0], true), c.body(alignCentre))
}

func (c *composer) right(n *node) error {
	return c.paragraphs(c.fill(n.cells[0], true), c.body(alignRight))
}

func (c *composer) agency(n *node) error {
	return c.display(n, c.tpl.style.agencySize)
}

func (c *composer) title(n *node) error {
	from := len(c.out)
	if err := c.display(n, c.tpl.style.titleSize); err != nil {
		return err
	}
	c.bookmark(from, n, 1)
	c.gap(c.lead * 0.35)
	return nil
}

// caption is the title of a part: an annex, a block of a form.
func (c *composer) caption(n *node) error {
	from := len(c.out)
	err := c.display(n, c.size*1.5)
	c.bookmark(from, n, 2)
	return err
}

// bookmark lists a heading among the PDF's bookmarks.
func (c *composer) bookmark(from int, n *node, level int) {
	if words := strings.Join(strings.Fields(c.fill(n.cells[0], false).plain()), " "); words != "" && from < len(c.out) {
		c.out[from].bookmark, c.out[from].level = words, level
	}
}

func (c *composer) display(n *node, size float64) error {
	return c.paragraphs(c.fill(n.cells[0], true), setting{face: faceTitle, size: size, lead: size * 1.5, align: alignCentre, glue: true})
}

func (c *composer) heading(n *node) error {
	s := c.body(alignLeft)
	s.face, s.glue = faceHead, true
	if !c.tpl.style.lined {
		s.first = 2 * c.em()
	}
	from := len(c.out)
	err := c.paragraphs(c.fill(n.cells[0], true), s)
	c.bookmark(from, n, 2)
	return err
}

func (c *composer) ask(n *node) error    { return c.speech(n, true) }
func (c *composer) answer(n *node) error { return c.speech(n, false) }

// speech sets a question or an answer with its first word hanging; a question stays with its answer.
func (c *composer) speech(n *node, glue bool) error {
	s := c.body(alignJustify)
	s.hang, s.glue = 2*c.em(), glue
	return c.paragraphs(c.fill(n.cells[0], true), s)
}

// keep holds a block on one page.
func (c *composer) keep(n *node) error {
	from := len(c.out)
	if err := c.nodes(n.kids); err != nil {
		return err
	}
	glueAll(c.out[from:])
	return nil
}

func glueAll(list []strip) {
	for i := range len(list) - 1 {
		list[i].glue = true
	}
}

func (c *composer) gap(height float64) {
	glue := len(c.out) > 0 && c.out[len(c.out)-1].glue
	c.out = append(c.out, strip{height: height, glue: glue})
}

func (c *composer) space(n *node) error {
	c.gap(n.weights[0] * mm)
	return nil
}

func (c *composer) acrossRule(*node) error {
	c.out = append(c.out, strip{height: 8, rules: []rule{{x1: 0, y1: 4, x2: c.width, y2: 4, width: hairline}}, glue: true})
	return nil
}

// ruledLines leaves lines to write on by hand.
func (c *composer) ruledLines(n *node) error {
	for range int(n.weights[0]) {
		y := c.lead - 3
		c.out = append(c.out, strip{height: c.lead, rules: []rule{{x1: 0, y1: y, x2: c.width, y2: y, width: blankRule}}, glue: true})
	}
	c.out[len(c.out)-1].glue = false
	return nil
}
