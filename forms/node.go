package forms

import (
	"strconv"
	"strings"

	"anxin/forms/xpath"
)

// node is one place of an instance: the root, a group, a row of a repeat or a
// question in one of them. It is also what expressions see: a node that is not
// relevant is not among the children of its parent.
type node struct {
	in       *Instance
	question *Question
	parent   *node
	row      int       // place among the rows, from 0
	slots    [][]*node // by the question's children; several only for repeats
	offered  []bool    // for the children that are repeats: whether rows belong there now

	value     string
	own       bool // relevant by its own expression
	relevant  bool // and by those above it
	required  bool
	readonly  bool
	fault     Fault
	extra     map[string]any // answers the form does not know
	visible   []xpath.Node   // cache of Children
	cachedFor int
}

// document is the root above the root element.
type document struct{ in *Instance }

func (d document) Kind() xpath.Kind                    { return xpath.Root }
func (d document) Name() (space, prefix, local string) { return "", "", "" }
func (d document) Parent() xpath.Node                  { return nil }
func (d document) Children() []xpath.Node              { return []xpath.Node{d.in.root} }
func (d document) Attributes() []xpath.Node            { return nil }
func (d document) Value() string                       { return "" }

func (n *node) Kind() xpath.Kind                    { return xpath.Element }
func (n *node) Name() (space, prefix, local string) { return "", "", n.question.Name }
func (n *node) Attributes() []xpath.Node            { return nil }

func (n *node) Parent() xpath.Node {
	if n.parent == nil {
		return document{n.in}
	}
	return n.parent
}

// Children are the relevant nodes below; of a question its answer as text.
func (n *node) Children() []xpath.Node {
	if !n.question.IsContainer() {
		if v := n.Value(); v != "" {
			return []xpath.Node{answer{n}}
		}
		return nil
	}
	if n.cachedFor == n.in.shape && n.visible != nil {
		return n.visible
	}
	out := make([]xpath.Node, 0, len(n.slots))
	for _, slot := range n.slots {
		for _, c := range slot {
			if c.relevant {
				out = append(out, c)
			}
		}
	}
	n.visible, n.cachedFor = out, n.in.shape
	return out
}

// ChildrenNamed implements xpath.Indexed.
func (n *node) ChildrenNamed(local string) []xpath.Node {
	q := n.question.child(local)
	if q == nil {
		return nil
	}
	slot := n.slots[q.slot]
	out := make([]xpath.Node, 0, len(slot))
	for _, c := range slot {
		if c.relevant {
			out = append(out, c)
		}
	}
	return out
}

// Value is the answer as expressions see it: empty if it is not relevant.
func (n *node) Value() string {
	if !n.relevant {
		return ""
	}
	if !n.question.IsContainer() {
		return n.value
	}
	var b strings.Builder
	for _, c := range n.Children() {
		b.WriteString(c.Value())
	}
	return b.String()
}

// answer is the text node of a question.
type answer struct{ of *node }

func (a answer) Kind() xpath.Kind                    { return xpath.Text }
func (a answer) Name() (space, prefix, local string) { return "", "", "" }
func (a answer) Parent() xpath.Node                  { return a.of }
func (a answer) Children() []xpath.Node              { return nil }
func (a answer) Attributes() []xpath.Node            { return nil }
func (a answer) Value() string                       { return a.of.Value() }

// path is the node's address with the numbers of its rows.
func (n *node) path() string {
	if n.parent == nil {
		return ""
	}
	s := n.parent.path() + "/" + n.question.Name
	if n.question.IsRepeat() {
		s += "[" + strconv.Itoa(n.row+1) + "]"
	}
	return s
}

// above is the ancestor-or-self that is an instance of q; the root for nil.
func (n *node) above(q *Question) *node {
	for p := n; p != nil; p = p.parent {
		if p.question == q {
			return p
		}
	}
	return n.in.root
}

// under calls visit for every instance of q at or below n.
func (n *node) under(q *Question, visit func(*node)) {
	if n.question == q {
		visit(n)
		return
	}
	if q.depth <= n.question.depth {
		return
	}
	next := q
	for next.depth > n.question.depth+1 {
		next = next.Parent
	}
	if next.Parent != n.question {
		return
	}
	// Rows may be added or removed by what visit does: go over a copy.
	for _, c := range append([]*node(nil), n.slots[next.slot]...) {
		c.under(q, visit)
	}
}

// each visits n and all below in document order.
func (n *node) each(visit func(*node)) {
	visit(n)
	for _, slot := range n.slots {
		for _, c := range slot {
			c.each(visit)
		}
	}
}

// lookup follows a path; rows count from 1 and are optional where there is
// but one. repeat is set if the path ends at a repeat without a row.
func (in *Instance) lookup(path string) (n *node, repeat *Question) {
	n = in.root
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		name, row, numbered := strings.Cut(part, "[")
		q := n.question.child(name)
		if q == nil {
			return nil, nil
		}
		at := 0
		if numbered {
			k, err := strconv.Atoi(strings.TrimSuffix(row, "]"))
			if err != nil {
				return nil, nil
			}
			at = k - 1
		}
		if q.IsRepeat() && !numbered && i == len(parts)-1 {
			return n, q
		}
		slot := n.slots[q.slot]
		if at < 0 || at >= len(slot) || numbered && !q.IsRepeat() {
			return nil, nil
		}
		n = slot[at]
	}
	return n, nil
}
