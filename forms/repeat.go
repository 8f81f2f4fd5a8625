package forms

import "fmt"

// Add appends a row to the repeat at path, such as /workers, with its defaults
// and returns the path of the row and what changed besides.
func (in *Instance) Add(path string) (row string, changed []string, err error) {
	parent, q, err := in.editableRepeat(path)
	if err != nil {
		return "", nil, err
	}
	if n := len(parent.slots[q.slot]); n >= parent.most() {
		return "", nil, fmt.Errorf("%s 已有 %d 行，不能再加", path, n)
	}
	in.work.begin(in.form.plan)
	in.history.begin(nil, false)
	defer in.history.end()
	n := in.addRow(parent, q)
	if in.history.open.node == nil { // the first of several done together
		in.history.open.node = n
	}
	in.run()
	return n.path(), in.work.paths(), nil
}

// Remove deletes the row at path, such as /workers[2]; those after it move up.
func (in *Instance) Remove(path string) ([]string, error) {
	n, err := in.editableRow(path)
	if err != nil {
		return nil, err
	}
	in.work.begin(in.form.plan)
	in.history.begin(n, false)
	defer in.history.end()
	in.dropRow(n.parent, n.question, n.row)
	in.run()
	return in.work.paths(), nil
}

// Move puts the row at path in place to, counted from 1.
func (in *Instance) Move(path string, to int) ([]string, error) {
	n, err := in.editableRow(path)
	if err != nil {
		return nil, err
	}
	rows := n.parent.slots[n.question.slot]
	if to < 1 || to > len(rows) {
		return nil, fmt.Errorf("%s 只有 %d 行，不能移到第 %d 行", path, len(rows), to)
	}
	if to-1 == n.row {
		return nil, nil
	}
	in.work.begin(in.form.plan)
	in.history.begin(n, false)
	defer in.history.end()
	in.history.keepRows(repeatAt{n.parent, n.question})
	for i := n.row; i < to-1; i++ {
		rows[i], rows[i+1] = rows[i+1], rows[i]
	}
	for i := n.row; i > to-1; i-- {
		rows[i], rows[i-1] = rows[i-1], rows[i]
	}
	in.renumber(n.parent, n.question, 0)
	in.run()
	return in.work.paths(), nil
}

// Count returns the number of rows of the repeat at path.
func (in *Instance) Count(path string) int {
	parent, q := in.lookup(path)
	if q == nil {
		return 0
	}
	return len(parent.slots[q.slot])
}

func (in *Instance) editableRepeat(path string) (*node, *Question, error) {
	if in.frozen {
		return nil, nil, ErrFrozen
	}
	parent, q := in.lookup(path)
	if q == nil {
		return nil, nil, fmt.Errorf("%s：%w", path, ErrNoSuchPath)
	}
	if q.exprs.repeatCount != nil {
		return nil, nil, fmt.Errorf("%s 的行数由表单计算，不能增减", path)
	}
	in.filled = true
	return parent, q, nil
}

func (in *Instance) editableRow(path string) (*node, error) {
	if in.frozen {
		return nil, ErrFrozen
	}
	n, repeat := in.lookup(path)
	if n == nil || repeat != nil || !n.question.IsRepeat() {
		return nil, fmt.Errorf("%s：%w", path, ErrNoSuchPath)
	}
	if n.question.exprs.repeatCount != nil {
		return nil, fmt.Errorf("%s 的行数由表单计算，不能增减", path)
	}
	in.filled = true
	return n, nil
}

// addRow appends a row and marks it and what looks at it.
func (in *Instance) addRow(parent *node, q *Question) *node {
	in.history.keepRows(repeatAt{parent, q})
	n := in.grow(q, parent, len(parent.slots[q.slot]))
	parent.slots[q.slot] = append(parent.slots[q.slot], n)
	in.shape++
	in.setDefaults(n)
	in.markRow(n)
	w := &in.work
	w.repeats[repeatAt{parent, q}] = true
	w.mark(w.plan.place[vertex{q, facetRelevant}], parent)
	return n
}

// markRow asks for everything in a row that is new to be computed.
func (in *Instance) markRow(n *node) {
	w := &in.work
	n.each(func(x *node) {
		for f := facetRelevant; f < facets; f++ {
			w.markFacet(x, f)
		}
		for _, c := range x.question.Children {
			w.mark(w.plan.place[vertex{c, facetCount}], x)
			if c.IsRepeat() {
				w.repeats[repeatAt{x, c}] = true
				w.mark(w.plan.place[vertex{c, facetRelevant}], x)
			}
		}
		in.valueChanged(x)
	})
}

// dropRow takes a row away and marks what looked at it.
func (in *Instance) dropRow(parent *node, q *Question, row int) {
	in.history.keepRows(repeatAt{parent, q})
	rows := parent.slots[q.slot]
	rows[row].each(in.valueChanged)
	parent.slots[q.slot] = append(rows[:row:row], rows[row+1:]...)
	in.renumber(parent, q, row)
}

// moved marks a node whose address has changed.
func (in *Instance) moved(n *node) {
	in.work.touch(n)
	in.valueChanged(n)
	for _, q := range n.question.Children {
		if q.IsRepeat() {
			in.work.repeats[repeatAt{n, q}] = true
		}
	}
}

// renumber gives the rows from place on their numbers again and marks those
// that moved.
func (in *Instance) renumber(parent *node, q *Question, place int) {
	rows := parent.slots[q.slot]
	for i := place; i < len(rows); i++ {
		if n := rows[i]; n.row != i {
			n.row = i
			n.each(in.moved)
		}
	}
	in.shape++
	in.work.repeats[repeatAt{parent, q}] = true
	in.work.mark(in.work.plan.place[vertex{q, facetRelevant}], parent)
}
