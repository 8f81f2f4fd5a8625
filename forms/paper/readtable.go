package paper

import (
	"slices"
	"strconv"
	"strings"
)

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
		if err := p.tableLine(n, line, s); err != nil {
			return err
		}
	}
	if len(n.columns) == 0 {
		return p.fail(n.line, "@table 里没有写栏目")
	}
	return p.carried(n)
}

// tableLine takes one line of a @table: a foot, a rule for the whole table, or a column.
func (p *parser) tableLine(n *node, line int, s string) error {
	word, rest, _ := strings.Cut(s, " ")
	switch word {
	case "@foot":
		kid := &node{verb: "foot", line: line}
		if err := readText(p, kid, rest); err != nil {
			return err
		}
		n.kids = append(n.kids, kid)
		return nil
	case "@carry":
		n.carry = strings.Fields(rest)
		return nil
	case "@pad":
		var err error
		if n.pad, err = strconv.Atoi(rest); err != nil || n.pad < 1 || n.pad > 40 {
			return p.fail(line, "@pad 之后应是 1 到 40 的行数")
		}
		return nil
	}
	c, err := p.column(line, s, p.tpl.field(n.name))
	n.columns = append(n.columns, c)
	return err
}

// carried checks the columns of @carry: money columns that the table prints, the first column free for the words.
func (p *parser) carried(n *node) error {
	for _, name := range n.carry {
		i := slices.IndexFunc(n.columns, func(c column) bool { return c.name == name })
		f := findField(p.tpl.field(n.name).Columns, name)
		if i < 1 || f == nil || f.Kind != Money {
			return p.fail(n.line, "@carry 的“%s”应是本表的 money 类栏目，且不在第一栏", name)
		}
	}
	return nil
}

func (p *parser) column(line int, s string, rows *Field) (column, error) {
	words := strings.Split(s, "|")
	for i := range words {
		words[i] = strings.Trim(words[i], " ")
	}
	c := column{}
	if len(words) == 5 {
		if err := p.columnFlags(line, words[4], &c); err != nil {
			return c, err
		}
		words = words[:4]
	}
	if len(words) != 4 {
		return c, p.fail(line, "栏目应写作“名称 | 标题 | 宽度 | 对齐”，末尾可加“| optional”或“| strike”")
	}
	c.name, c.heading = words[0], newLines(words[1])
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

func (p *parser) columnFlags(line int, s string, c *column) error {
	for _, w := range strings.Fields(s) {
		c.optional, c.strike = c.optional || w == "optional", c.strike || w == "strike"
		if w != "optional" && w != "strike" {
			return p.fail(line, "栏目末尾只能写 optional、strike，不认识“%s”", w)
		}
	}
	return nil
}
