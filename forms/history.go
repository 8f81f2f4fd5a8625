package forms

import "slices"

// maxActs bounds how many acts back a person can go.
const maxActs = 200

// history is what can be taken back and done again.
type history struct {
	open   *act // gathers what is changing now; nil while nothing may be taken back
	past   []*act
	future []*act

	joining bool // all that is done now is one act:
	joined  *act // this one, nil before the first
}

// act is one thing a person did with everything that followed from it: the
// places that changed, as they were before it.
type act struct {
	node   *node // the answer or row the act was about
	typing bool  // typing on in the same question belongs to the same act
	values map[*node]string
	rows   map[repeatAt][]*node
}

// begin opens an act about n. What is typed on in one question joins the act
// before.
func (h *history) begin(n *node, typing bool) {
	h.future = nil
	if h.joined != nil {
		h.open = h.joined
		return
	}
	if last := len(h.past) - 1; typing && !h.joining && last >= 0 && h.past[last].typing && h.past[last].node == n {
		h.open = h.past[last]
		return
	}
	h.open = &act{node: n, typing: typing, values: map[*node]string{}, rows: map[repeatAt][]*node{}}
	if h.joining {
		h.open.typing, h.joined = false, h.open
	}
	h.past = append(h.past, h.open)
	if len(h.past) > maxActs {
		h.past = slices.Delete(h.past, 0, 1)
	}
}

func (h *history) end() { h.open = nil }

// keepValue and keepRows note a place before its first change in an act.
func (h *history) keepValue(n *node) {
	if h.open == nil {
		return
	}
	if _, kept := h.open.values[n]; !kept {
		h.open.values[n] = n.value
	}
}

func (h *history) keepRows(at repeatAt) {
	if h.open == nil {
		return
	}
	if _, kept := h.open.rows[at]; !kept {
		h.open.rows[at] = slices.Clone(at.parent.slots[at.repeat.slot])
	}
}

// byTyping tells a question that is answered by typing, letter after letter.
func (q *Question) byTyping() bool {
	switch q.Type {
	case TypeText, TypeInteger, TypeDecimal, TypeBarcode:
		return true
	}
	return false
}

// Together makes all that do changes in the form one act, which Undo takes back
// as a whole: a block of cells that was pasted, say.
func (in *Instance) Together(do func()) {
	if in.history.joining {
		do()
		return
	}
	in.history.joining = true
	defer func() { in.history.joining, in.history.joined = false, nil }()
	do()
}

// CanUndo tells whether Undo would take something back.
func (in *Instance) CanUndo() bool { return !in.frozen && len(in.history.past) > 0 }

// CanRedo tells whether Redo would do something again.
func (in *Instance) CanRedo() bool { return !in.frozen && len(in.history.future) > 0 }

// Undo takes back the last Set, Add, Remove or Move, or what was done Together, with all that followed
// from it, rows that were dropped included. It returns the path of the answer
// or row that act was about, of its repeat if the row is gone, and what
// changed, as Set does; "" if there is nothing to take back. Letters typed
// into one question one after the other are one act. Loading answers and
// freezing end what can be taken back.
func (in *Instance) Undo() (at string, changed []string) {
	return in.swap(&in.history.past, &in.history.future)
}

// Redo does again what Undo took back last.
func (in *Instance) Redo() (at string, changed []string) {
	return in.swap(&in.history.future, &in.history.past)
}

// swap puts back what the last act of from says and leaves in to how to
// return.
func (in *Instance) swap(from, to *[]*act) (at string, changed []string) {
	if in.frozen || len(*from) == 0 {
		return "", nil
	}
	last := len(*from) - 1
	s := (*from)[last]
	*from = slices.Delete(*from, last, last+1)
	*to = append(*to, s)
	s.typing = false
	in.work.begin(in.form.plan)
	in.work.restoring = true
	for r, rows := range s.rows {
		s.rows[r] = slices.Clone(r.parent.slots[r.repeat.slot])
		in.restoreRows(r, rows)
	}
	for n, value := range s.values {
		s.values[n] = n.value
		n.value = value
		in.work.touch(n)
		in.valueChanged(n)
		in.work.markFacet(n, facetValue)
	}
	in.run()
	return in.place(s.node), in.work.paths()
}

// restoreRows makes rows those of a repeat again.
func (in *Instance) restoreRows(at repeatAt, rows []*node) {
	slot := &at.parent.slots[at.repeat.slot]
	before, after := setOf(*slot), setOf(rows)
	for n := range before {
		if !after[n] {
			n.each(in.valueChanged)
		}
	}
	*slot = rows
	for i, n := range rows {
		if !before[n] {
			n.row = i
			in.markRow(n)
		}
	}
	in.renumber(at.parent, at.repeat, 0)
}

func setOf(nodes []*node) map[*node]bool {
	set := make(map[*node]bool, len(nodes))
	for _, n := range nodes {
		set[n] = true
	}
	return set
}

// place is the path of a node, or of its repeat if it is a row that is gone.
func (in *Instance) place(n *node) string {
	for !n.attached() {
		for !n.question.IsRepeat() {
			n = n.parent
		}
		if n.parent.attached() {
			return n.parent.path() + "/" + n.question.Name
		}
		n = n.parent
	}
	return n.path()
}
