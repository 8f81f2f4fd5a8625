package forms

import "fmt"

// ChangeKind tells what moving a draft to another version did.
type ChangeKind string

// What can happen to a question or its answer. A removed answer is kept aside
// in the record, not shown.
const (
	ChangeAdded      ChangeKind = "added"
	ChangeRemoved    ChangeKind = "removed"
	ChangeRetyped    ChangeKind = "retyped"
	ChangeRecomputed ChangeKind = "recomputed"
)

// Change is one difference between a draft and the draft moved. Before and
// After are answers as people read them.
type Change struct {
	Kind   ChangeKind
	Path   string
	Label  string
	Before string
	After  string
}

// MoveTo carries the answers over to another version of the same form and
// lists what is different. The instance itself stays as it is; a frozen one
// cannot be moved. Answers are matched by question name where names are unique
// in both versions, so that a question may have changed its group, otherwise
// by path.
func (in *Instance) MoveTo(f *Form) (*Instance, []Change, error) {
	if in.frozen {
		return nil, nil, ErrFrozen
	}
	if f.ID != in.form.ID {
		return nil, nil, fmt.Errorf("表单 %s 的草稿不能转到表单 %s", in.form.ID, f.ID)
	}
	moved, err := New(f, in.env)
	if err != nil {
		return nil, nil, err
	}
	if in.form.uniqueNames() == nil && f.uniqueNames() == nil {
		flat, err := in.Flat()
		if err != nil {
			return nil, nil, err
		}
		err = moved.LoadFlat(flat)
		return moved, in.changesTo(moved), err
	}
	err = moved.load(in.nested(in.root, nil), moved.loadNested)
	return moved, in.changesTo(moved), err
}

// changesTo compares the two instances question by question.
func (in *Instance) changesTo(moved *Instance) []Change {
	var out []Change
	after := map[string]*node{}
	moved.root.each(func(n *node) { after[n.key()] = n })
	before := map[string]*node{}
	in.root.each(func(n *node) {
		before[n.key()] = n
		if c, ok := in.change(n, moved, after[n.key()]); ok {
			out = append(out, c)
		}
	})
	moved.root.each(func(n *node) {
		if before[n.key()] == nil && !n.question.IsContainer() {
			out = append(out, Change{Kind: ChangeAdded, Path: n.path(), Label: n.question.Label.In(in.env.Language), After: moved.display(n)})
		}
	})
	return out
}

// key names a node whatever group it stands in: the rows above it and its
// name.
func (n *node) key() string {
	s := n.question.Name
	for p := n.parent; p != nil; p = p.parent {
		if p.question.IsRepeat() {
			s = fmt.Sprintf("%s[%d]/%s", p.question.Name, p.row, s)
		}
	}
	if n.question.IsRepeat() {
		s += fmt.Sprintf("[%d]", n.row)
	}
	return s
}

func (in *Instance) change(n *node, moved *Instance, to *node) (Change, bool) {
	if n.question.IsContainer() {
		return Change{}, false
	}
	c := Change{Path: n.path(), Label: n.question.Label.In(in.env.Language), Before: in.display(n)}
	if to == nil {
		c.Kind = ChangeRemoved
		return c, true
	}
	c.After = moved.display(to)
	switch {
	case n.question.Type != to.question.Type:
		c.Kind = ChangeRetyped
	case n.value != to.value:
		c.Kind = ChangeRecomputed
	default:
		return Change{}, false
	}
	return c, true
}
