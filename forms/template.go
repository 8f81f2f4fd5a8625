package forms

import (
	"strings"

	"anxin/forms/xpath"
)

// template is a text with ${name} in it: pieces of text and, between them,
// expressions whose values are put in.
type template struct {
	pieces []string // one more than exprs
	exprs  []*xpath.Expr
}

// templates are the texts with references by language; texts without any are
// not among them.
type templates map[string]template

func (c *compiler) templates(q *Question, column string, text Text) templates {
	var out templates
	for lang, s := range text {
		if !strings.Contains(s, "${") {
			continue
		}
		if out == nil {
			out = templates{}
		}
		out[lang] = c.template(q, column, s)
	}
	return out
}

func (c *compiler) template(q *Question, column, s string) template {
	var t template
	for {
		start := strings.Index(s, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(s[start:], '}')
		if end < 0 {
			c.fault(q, column, "文字里的 ${ 没有配对的 }")
			break
		}
		e := c.expression(q, q, column, s[start:start+end+1])
		if e == nil {
			break
		}
		t.pieces = append(t.pieces, s[:start])
		t.exprs = append(t.exprs, e)
		s = s[start+end+1:]
	}
	t.pieces = append(t.pieces, s)
	return t
}

// fill returns text in the language of the instance with the values put in.
func (in *Instance) fill(n *node, text Text, ts templates) string {
	s := text.In(in.env.Language)
	if len(ts) == 0 || !strings.Contains(s, "${") {
		return s
	}
	for lang, t := range ts {
		if text[lang] != s || len(t.exprs)+1 != len(t.pieces) {
			continue
		}
		var b strings.Builder
		for i, e := range t.exprs {
			b.WriteString(t.pieces[i])
			b.WriteString(in.shownValue(n, e))
		}
		b.WriteString(t.pieces[len(t.pieces)-1])
		return b.String()
	}
	return s
}

// shownValue is the value of a reference as people read it: the label of a
// choice instead of its name.
func (in *Instance) shownValue(n *node, e *xpath.Expr) string {
	v, err := in.eval(e, n)
	if err != nil {
		return ""
	}
	if set, ok := v.(xpath.NodeSet); ok && len(set) > 0 {
		if target, ok := set[0].(*node); ok {
			return in.display(target)
		}
	}
	return answerText(v)
}
