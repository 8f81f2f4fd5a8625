package paper

import (
	"slices"
	"strconv"
	"strings"
)

// condition is what an @if or {{if}} asks: that a value is there or, with options, that one of them is picked.
type condition struct {
	name    string
	options []string
}

func (c condition) holds(v value) bool {
	if c.options == nil {
		return v.filled()
	}
	return slices.ContainsFunc(c.options, func(o string) bool { return slices.Contains(v.picks, o) })
}

// condition reads "name" or "name = option/option"; name is a field, a built-in or, inside @each, a column.
func (p *parser) condition(line int, s string) (condition, error) {
	name, list, picks := strings.Cut(s, " = ")
	c := condition{name: strings.Trim(name, " ")}
	if picks {
		c.options = options(list)
		f := p.lookup(c.name)
		for _, o := range c.options {
			if f == nil || !slices.Contains(f.Options, o) {
				return c, p.fail(line, "“%s”不是有选项“%s”的 choice 类字段，请核对名称和选项", c.name, o)
			}
		}
	}
	if slices.Contains(builtins, c.name) {
		return c, nil
	}
	return c, p.use(line, c.name)
}

// inline reads text with {{placeholders}} and {{if name}}…{{end}}; " // " starts a new line.
func (p *parser) inline(line int, s string) (inline, error) {
	out, _, err := p.inlineUntil(line, newLines(s), false)
	return out, err
}

func newLines(s string) string { return strings.ReplaceAll(s, " // ", "\n") }

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
	if piece.when, err = p.condition(line, name); err != nil {
		return piece, "", err
	}
	piece.not = verb == "unless"
	piece.inner, rest, err = p.inlineUntil(line, tail, true)
	if piece.inner == nil {
		piece.inner = inline{}
	}
	return piece, rest, err
}

func (p *parser) placeholder(line int, s string) (part, error) {
	name, option, _ := strings.Cut(s, ":")
	out := part{name: name, blank: defaultBlank, form: form(option)}
	if n, err := strconv.Atoi(option); err == nil && n >= 0 && n <= 60 {
		out.blank, out.form = n, formPlain
	} else if err := p.formOf(line, s, name, out.form); err != nil {
		return out, err
	}
	if name == "pages" || name == "annex_pages" {
		p.tpl.counts = true
	}
	if slices.Contains(builtins, name) || (p.rows != nil && slices.Contains(rowBuiltins, name)) {
		return out, nil
	}
	return out, p.use(line, name)
}

// formKinds are the kinds of field a form is for; nil for all.
var formKinds = map[form][]Kind{
	formPlain: {"", Text, Date, Time, Money, Flag, Choice, Choices, Rows}, formStrike: nil,
	formBoxes: {Choice, Choices}, formList: {Choice, Choices}, formBox: {Flag}, formCount: {Rows},
}

// formOf checks that the word after the colon suits the kind of the field.
func (p *parser) formOf(line int, s, name string, f form) error {
	kind := Kind("")
	if field := p.lookup(name); field != nil {
		kind = field.Kind
	}
	suits, known := formKinds[f]
	switch {
	case !known:
		return p.fail(line, "{{%s}}：冒号之后应是 0 到 60 的空格数，或 boxes、list、box、count、/", s)
	case suits == nil || slices.Contains(suits, kind):
		return nil
	case f == formPlain:
		return p.fail(line, "{{%s}}：图片请用 @image 或 @photos 排印", s)
	}
	return p.fail(line, "{{%s}}：只有 %s 类字段可以写 %s", s, kindNames(suits), f)
}

func kindNames(list []Kind) string {
	var out []string
	for _, k := range list {
		out = append(out, string(k))
	}
	return strings.Join(out, "、")
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
