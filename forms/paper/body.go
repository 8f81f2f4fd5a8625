package paper

import (
	"slices"
	"strconv"
	"strings"
)

// node is one statement of a template's body.
type node struct {
	verb    string // "" is a plain line
	line    int
	cells   []inline  // what is printed, divided at "|"
	weights []float64 // widths or sizes written before the text
	name    string    // the field of @if, @unless, @each, @table
	word    string    // a bare option, as in "@annex landscape"
	columns []column  // @table
	kids    []*node
	other   []*node // after @else
}

// inline is text with placeholders.
type inline []part

// part is a literal, a placeholder when name is set, or text under a condition when when is set.
type part struct {
	when    string
	not     bool // printed unless the condition holds
	inner   inline
	literal string
	name    string
	blank   int  // width of the blank an empty value leaves, in characters
	boxes   bool // a choice printed as all its options with check boxes
}

// column of a @table.
type column struct {
	name, heading string
	width         float64
	align         align
	optional      bool // left out when no row fills it
}

// Placeholders that need no declaration.
var (
	builtins    = []string{"title", "number", "pages", "annex_pages"}
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

// readCondition takes the name of a field or, inside @each, of a column.
func readCondition(p *parser, n *node, s string) error {
	n.name = s
	return p.condition(n.line, s)
}

func (p *parser) condition(line int, name string) error {
	if slices.Contains(builtins, name) {
		return nil
	}
	return p.use(line, name)
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

// readTable takes the column lines itself: "name | 标题 | 宽度 | left|right|centre [| optional]", then @end.
func readTable(p *parser, n *node, s string) error {
	if err := readEach(p, n, s); err != nil {
		return err
	}
	for {
		s, line, ok := p.next()
		if !ok {
			return p.fail(line, "@table 缺少 @end")
		}
		if s == "@end" {
			break
		}
		if foot, isFoot := strings.CutPrefix(s, "@foot "); isFoot {
			kid := &node{verb: "foot", line: line}
			if err := readText(p, kid, foot); err != nil {
				return err
			}
			n.kids = append(n.kids, kid)
			continue
		}
		c, err := p.column(line, s, p.tpl.field(n.name))
		if err != nil {
			return err
		}
		n.columns = append(n.columns, c)
	}
	if len(n.columns) == 0 {
		return p.fail(n.line, "@table 里没有写栏目")
	}
	return nil
}

func (p *parser) column(line int, s string, rows *Field) (column, error) {
	words := strings.Split(s, "|")
	for i := range words {
		words[i] = strings.Trim(words[i], " ")
	}
	c := column{}
	if len(words) == 5 && words[4] == "optional" {
		c.optional, words = true, words[:4]
	}
	if len(words) != 4 {
		return c, p.fail(line, "栏目应写作“名称 | 标题 | 宽度 | 对齐”，末尾可加“| optional”")
	}
	c.name, c.heading = words[0], words[1]
	if !slices.Contains(rowBuiltins, c.name) {
		if findField(rows.Columns, c.name) == nil {
			return c, p.fail(line, "“%s”没有栏目“%s”", rows.Name, c.name)
		}
		p.used[rows.Name+"."+c.name]++
	}
	var ok bool
	if c.align, ok = aligns[words[3]]; !ok {
		return c, p.fail(line, "没有对齐方式“%s”，可用 left、right、centre", words[3])
	}
	var err error
	if c.width, err = strconv.ParseFloat(words[2], 64); err != nil || c.width < 1 || c.width > 300 {
		return c, p.fail(line, "宽度“%s”应是 1 到 300 之间的毫米数", words[2])
	}
	return c, nil
}

// inline reads text with {{placeholders}} and {{if name}}…{{end}}; " // " starts a new line.
func (p *parser) inline(line int, s string) (inline, error) {
	out, _, err := p.inlineUntil(line, strings.ReplaceAll(s, " // ", "\n"), false)
	return out, err
}

// inlineUntil reads up to the end of s or, when nested, past the matching {{end}}.
func (p *parser) inlineUntil(line int, s string, nested bool) (out inline, rest string, err error) {
	for {
		before, after, found := strings.Cut(s, "{{")
		if before != "" {
			out = append(out, part{literal: before})
		}
		if !found {
			if nested {
				err = p.fail(line, "{{if}} 没有对应的 {{end}}")
			}
			return out, "", err
		}
		inner, tail, closed := strings.Cut(after, "}}")
		if !closed {
			return nil, "", p.fail(line, "“{{”没有对应的“}}”")
		}
		if inner == "end" {
			if !nested {
				return nil, "", p.fail(line, "多出一个 {{end}}")
			}
			return out, tail, nil
		}
		var piece part
		if piece, s, err = p.piece(line, inner, tail); err != nil {
			return nil, "", err
		}
		out = append(out, piece)
	}
}

// piece reads one placeholder or one whole {{if}}…{{end}} and gives what follows it.
func (p *parser) piece(line int, inner, tail string) (piece part, rest string, err error) {
	verb, name, _ := strings.Cut(inner, " ")
	if verb != "if" && verb != "unless" {
		piece, err = p.placeholder(line, inner)
		return piece, tail, err
	}
	if err := p.condition(line, name); err != nil {
		return piece, "", err
	}
	piece.when, piece.not = name, verb == "unless"
	piece.inner, rest, err = p.inlineUntil(line, tail, true)
	return piece, rest, err
}

func (p *parser) placeholder(line int, s string) (part, error) {
	name, option, hasOption := strings.Cut(s, ":")
	out := part{name: name, blank: defaultBlank}
	if hasOption {
		n, err := strconv.Atoi(option)
		switch {
		case option == "boxes":
			if f := p.lookup(name); f == nil || len(f.Options) == 0 {
				return out, p.fail(line, "{{%s}}：只有 choice、choices 类字段可以写 boxes", s)
			}
			out.boxes = true
		case err != nil || n < 0 || n > 60:
			return out, p.fail(line, "{{%s}}：冒号之后应是 0 到 60 的空格数或 boxes", s)
		default:
			out.blank = n
		}
	}
	if name == "pages" || name == "annex_pages" {
		p.tpl.counts = true
	}
	if slices.Contains(builtins, name) || (p.rows != nil && slices.Contains(rowBuiltins, name)) {
		return out, nil
	}
	return out, p.use(line, name)
}

// lookup finds what a name means here: a column of the rows being repeated, else a field.
func (p *parser) lookup(name string) *Field {
	if p.rows != nil {
		if f := findField(p.rows.Columns, name); f != nil {
			return f
		}
	}
	return p.tpl.field(name)
}

func (p *parser) use(line int, name string) error {
	if p.rows != nil && findField(p.rows.Columns, name) != nil {
		p.used[p.rows.Name+"."+name]++
		return nil
	}
	if p.tpl.field(name) == nil {
		return p.fail(line, "“%s”没有声明，请在文件开头用 field 声明或改正名称", name)
	}
	p.used[name]++
	return nil
}
