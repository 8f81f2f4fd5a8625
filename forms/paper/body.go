package paper

import (
	"strconv"
	"strings"
)

// node is one statement of a template's body.
type node struct {
	verb    string // "" is a plain line
	line    int
	cells   []inline  // what is printed, divided at "|"
	weights []float64 // widths or sizes written before the text
	name    string    // the field of @each, @table, @image, @photos, @qr
	when    condition // of @if, @unless, @copy
	word    string    // a bare option, as in "@annex landscape"
	columns []column  // @table
	carry   []string  // columns of @table whose sums go over pages
	pad     int       // least number of rows of a @table
	kids    []*node
	other   []*node // after @else
}

// inline is text with placeholders.
type inline []part

// part is a literal, a placeholder when name is set, or text under a condition when inner is set.
type part struct {
	when    condition
	not     bool // printed unless the condition holds
	inner   inline
	literal string
	name    string
	blank   int  // width of the blank an empty value leaves, in characters
	form    form // how the value is printed
}

// form is how a placeholder prints its value, as written after the colon.
type form string

const (
	formPlain  form = ""
	formBoxes  form = "boxes" // a choice as all its options with check boxes
	formList   form = "list"  // the same, an option a line
	formBox    form = "box"   // a flag as a check box
	formCount  form = "count" // how many rows
	formStrike form = "/"     // a blank nobody will fill is struck through
)

// boxed says that the value is printed as check boxes.
func (f form) boxed() bool { return f == formBoxes || f == formList || f == formBox }

// column of a @table.
type column struct {
	name, heading string
	width         float64
	align         align
	optional      bool // left out when no row fills it
	strike        bool // an empty cell is struck through
}

// Placeholders that need no declaration.
var (
	builtins    = []string{"title", "number", "pages", "annex_pages", "copy"}
	rowBuiltins = []string{"n", "no", "stop"} // 1 2 3 · 一 二 三 · ；；。
)

const defaultBlank = 6

// nodes reads statements up to the matching @end or @else (depth > 0) or the end of the file. The closing
// line is left for block to look at.
func (p *parser) nodes(depth int) ([]*node, error) {
	var out []*node
	for {
		s, line, ok := p.next()
		if !ok {
			if depth > 0 {
				return nil, p.fail(line, "缺少 @end")
			}
			return out, nil
		}
		if s == "@end" || s == "@else" {
			if depth == 0 {
				return nil, p.fail(line, "多出一个 %s", s)
			}
			p.at-- // it was the line just read
			return out, nil
		}
		n, err := p.statement(s, line, depth)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
}

func (p *parser) statement(s string, line, depth int) (*node, error) {
	n := &node{line: line}
	if strings.HasPrefix(s, "@") {
		n.verb, s, _ = strings.Cut(s[1:], " ")
		s = strings.Trim(s, " ")
	}
	v, ok := verbs[n.verb]
	if !ok {
		return nil, p.fail(line, "没有 @%s 这种写法", n.verb)
	}
	if v.top && depth > 0 {
		return nil, p.fail(line, "@%s 不能写在其他块里面", n.verb)
	}
	if err := v.read(p, n, s); err != nil {
		return nil, err
	}
	if err := p.gridCells(n); err != nil {
		return nil, err
	}
	if v.block {
		return n, p.block(n, depth)
	}
	return n, nil
}

// gridCells checks a statement against the @grid it stands in.
func (p *parser) gridCells(n *node) error {
	switch {
	case n.verb == "tall" && p.grid == 0:
		return p.fail(n.line, "@tall 只能写在 @grid 里面")
	case p.grid == 0 && len(n.cells) > 1 && (n.verb == "" || n.verb == "flush"):
		return p.fail(n.line, "“|”只能用在 @row、@grid、@table、@seal 里")
	case len(n.cells) > p.grid && p.grid > 0 && (n.verb == "" || n.verb == "tall"):
		return p.fail(n.line, "写了 %d 栏，@grid 只有 %d 栏", len(n.cells), p.grid)
	}
	return nil
}

func (p *parser) block(n *node, depth int) (err error) {
	rows, grid := p.rows, p.grid
	switch n.verb {
	case "each":
		p.rows = p.tpl.field(n.name)
	case "grid":
		p.grid = len(n.weights)
	}
	if n.kids, err = p.nodes(depth + 1); err != nil {
		return err
	}
	s, line, _ := p.next()
	if s == "@else" {
		if n.verb != "if" && n.verb != "unless" {
			return p.fail(line, "@else 只能用在 @if 或 @unless 之后")
		}
		if n.other, err = p.nodes(depth + 1); err != nil {
			return err
		}
		if s, line, _ = p.next(); s != "@end" {
			return p.fail(line, "@else 之后缺少 @end")
		}
	}
	p.rows, p.grid = rows, grid
	return nil
}

// readText takes the whole argument as cells of text.
func readText(p *parser, n *node, s string) error {
	for _, c := range strings.Split(s, "|") {
		in, err := p.inline(n.line, strings.Trim(c, " "))
		if err != nil {
			return err
		}
		n.cells = append(n.cells, in)
	}
	return nil
}

// readWeighted takes "[2 1 1] a | b | c".
func readWeighted(p *parser, n *node, s string) error {
	if strings.HasPrefix(s, "[") {
		list, rest, ok := strings.Cut(s[1:], "]")
		if !ok {
			return p.fail(n.line, "宽度之后缺少“]”")
		}
		if err := readNumbers(p, n, list); err != nil {
			return err
		}
		s = strings.Trim(rest, " ")
	}
	if err := readText(p, n, s); err != nil {
		return err
	}
	if n.weights != nil && len(n.weights) != len(n.cells) {
		return p.fail(n.line, "写了 %d 个宽度，却有 %d 栏", len(n.weights), len(n.cells))
	}
	return nil
}

// readTall takes "30 a | b": a height in millimetres before the cells.
func readTall(p *parser, n *node, s string) error {
	height, rest, _ := strings.Cut(s, " ")
	if err := readNumbers(p, n, height); err != nil {
		return err
	}
	return readText(p, n, rest)
}

func readNumbers(p *parser, n *node, s string) error {
	for _, w := range strings.Fields(s) {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil || v <= 0 || v > 400 {
			return p.fail(n.line, "“%s”应是 0 到 400 之间的数", w)
		}
		n.weights = append(n.weights, v)
	}
	if len(n.weights) == 0 {
		return p.fail(n.line, "@%s 之后缺少数字", n.verb)
	}
	return nil
}

func readSize(p *parser, n *node, s string) error {
	size, lead, err := p.sizes(n.line, s)
	n.weights = []float64{size, lead}
	return err
}

func readNothing(p *parser, n *node, s string) error {
	if s != "" {
		return p.fail(n.line, "@%s 之后不应有文字", n.verb)
	}
	return nil
}

func readAnnex(p *parser, n *node, s string) error {
	if s != "" && s != "landscape" {
		return p.fail(n.line, "@annex 之后只能写 landscape（横排）或不写")
	}
	n.word = s
	return nil
}

func readEach(p *parser, n *node, s string) error {
	n.name = s
	f := p.tpl.field(s)
	if f == nil || f.Kind != Rows {
		return p.fail(n.line, "@%s 之后应是 rows 类的字段，“%s”不是", n.verb, s)
	}
	if p.rows != nil {
		return p.fail(n.line, "@each 里面不能再写 @%s", n.verb)
	}
	p.used[s]++
	return nil
}
