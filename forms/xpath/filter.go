package xpath

import "slices"

// pushdown is what a Table can answer itself of a predicate: fields of the row
// compared with what does not depend on the row, joined by and, or. It may be
// less strict than the predicate, which is evaluated all the same on the rows
// that come.
type pushdown struct {
	op    string
	field string
	value expr
	args  []*pushdown
}

// pushable recognises a predicate of that shape, nil if it is another.
func pushable(e expr) *pushdown {
	switch e := e.(type) {
	case *chain:
		return pushableChain(e)
	case *call:
		if (e.name == "starts-with" || e.name == "contains") && len(e.args) == 2 {
			if field, ok := rowField(e.args[0]); ok && independent(e.args[1]) {
				return &pushdown{op: e.name, field: field, value: e.args[1]}
			}
		}
	}
	return nil
}

func pushableChain(c *chain) *pushdown {
	switch c.ops[0] {
	case "and", "or":
		return pushableTerms(c)
	case "=":
		if len(c.terms) != 2 {
			return nil
		}
		for i, t := range c.terms {
			if field, ok := rowField(t); ok && independent(c.terms[1-i]) && stringLike(c.terms[1-i]) {
				return &pushdown{op: "=", field: field, value: c.terms[1-i]}
			}
		}
	}
	return nil
}

// pushableTerms takes of an "and" what a Table understands, of an "or" only the
// whole. Nothing is taken beside a term that asks for the place of the row,
// which depends on the rows that come.
func pushableTerms(c *chain) *pushdown {
	p := &pushdown{op: c.ops[0]}
	for _, t := range c.terms {
		switch arg := pushable(t); {
		case arg != nil:
			p.args = append(p.args, arg)
		case c.ops[0] == "or" || placed(t):
			return nil
		}
	}
	switch len(p.args) {
	case 0:
		return nil
	case 1:
		return p.args[0]
	}
	return p
}

// placed tells whether e may ask for position() or last() of the row itself.
func placed(e expr) bool {
	switch e := e.(type) {
	case constant:
		return false
	case *negation:
		return placed(e.of)
	case *chain:
		return slices.ContainsFunc(e.terms, placed)
	case *call:
		return e.name == "position" || e.name == "last" || slices.ContainsFunc(e.args, placed)
	case *location:
		return e.base != nil && placed(e.base)
	}
	return true
}

// rowField recognises a field of the row: a single child step without
// predicates, also written ./name or @name.
func rowField(e expr) (string, bool) {
	l, ok := e.(*location)
	if !ok || l.absolute || l.base != nil {
		return "", false
	}
	steps := l.steps
	if len(steps) == 2 && steps[0].axis == axisSelf && steps[0].test.kind == testNode && len(steps[0].preds) == 0 {
		steps = steps[1:]
	}
	if len(steps) != 1 || steps[0].test.kind != testName || len(steps[0].preds) > 0 || steps[0].axis != axisChild {
		return "", false
	}
	return steps[0].test.local, true
}

// independent tells that e does not look at the row: it starts at the root, at
// current() or is a constant.
func independent(e expr) bool {
	switch e := e.(type) {
	case constant:
		return true
	case *location:
		if e.base != nil {
			return independent(e.base)
		}
		return e.absolute
	case *call:
		if e.name == "position" || e.name == "last" || len(e.args) == 0 {
			return e.name == "current" || e.name == "today"
		}
		for _, a := range e.args {
			if !independent(a) {
				return false
			}
		}
		return true
	}
	return false
}

// stringLike excludes numbers, dates and truth values, whose comparison with
// a field is not one of strings.
func stringLike(e expr) bool {
	switch e := e.(type) {
	case constant:
		_, ok := e.value.(String)
		return ok
	case *location:
		return true
	case *call:
		switch e.name {
		case "current", "string", "concat", "normalize-space", "substr", "substring", "substring-before", "substring-after", "translate", "selected-at", "coalesce":
			return true
		}
	}
	return false
}

// fromTable answers a child step on a Table; ok is false for any other node.
func (r *run) fromTable(n Node, s *step) (NodeSet, bool) {
	t, ok := n.(Table)
	if !ok || s.axis != axisChild || s.test.kind != testName {
		return nil, false
	}
	var where Filter
	if s.filter != nil {
		where = r.filterOf(s.filter, focus{node: n, pos: 1, size: 1})
	}
	if r.err != nil {
		return nil, true
	}
	rows, err := t.Select(s.test.local, where)
	if err != nil {
		r.fail(err)
		return nil, true
	}
	r.step(len(rows))
	return rows, true
}

func (r *run) filterOf(p *pushdown, f focus) Filter {
	out := Filter{Op: p.op, Field: p.field}
	for _, a := range p.args {
		out.Args = append(out.Args, r.filterOf(a, f))
	}
	if p.value != nil {
		v := p.value.eval(r, f)
		if set, ok := v.(NodeSet); ok && len(set) != 1 {
			return r.anyOf(p, set)
		}
		out.Value = v.String()
	}
	return out
}

// anyOf: a field equals a node-set if it equals one of its nodes. The other
// operators convert the set to the string of its first node.
func (r *run) anyOf(p *pushdown, set NodeSet) Filter {
	if p.op != "=" {
		return Filter{Op: p.op, Field: p.field, Value: set.String()}
	}
	out := Filter{Op: "or"}
	for _, n := range set {
		out.Args = append(out.Args, Filter{Op: "=", Field: p.field, Value: n.Value()})
	}
	return out
}
