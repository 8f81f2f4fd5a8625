package forms

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"anxin/forms/xpath"
)

// worklist is what is still to be computed, in the order of the plan.
type worklist struct {
	plan    *plan
	pending []map[*node]bool // by place in the order: the scopes to visit
	next    int
	changed map[*node]bool
	repeats map[repeatAt]bool
	full    bool
	// restoring: values come back as they were, nothing new was answered.
	restoring bool
}

// repeatAt is a repeat as a whole, in one place of the instance.
type repeatAt struct {
	parent *node
	repeat *Question
}

func (w *worklist) begin(p *plan) {
	w.plan, w.next, w.full, w.restoring = p, len(p.order), false, false
	if len(w.pending) != len(p.order) {
		w.pending = make([]map[*node]bool, len(p.order))
	}
	w.changed, w.repeats = map[*node]bool{}, map[repeatAt]bool{}
}

func (w *worklist) touch(n *node) { w.changed[n] = true }

// mark asks for a vertex to be computed for all its instances under scope.
func (w *worklist) mark(place int, scope *node) {
	if w.pending[place] == nil {
		w.pending[place] = map[*node]bool{}
	}
	w.pending[place][scope] = true
	w.next = min(w.next, place)
}

func (w *worklist) markFacet(n *node, f facet) { w.mark(w.plan.place[vertex{n.question, f}], n) }

// paths lists what changed, in document order of the paths' text.
func (w *worklist) paths() []string {
	out := make([]string, 0, len(w.changed)+len(w.repeats))
	for n := range w.changed {
		if p := n.path(); p != "" && n.attached() {
			out = append(out, p)
		}
	}
	for r := range w.repeats {
		if r.parent.attached() {
			out = append(out, r.parent.path()+"/"+r.repeat.Name)
		}
	}
	sort.Strings(out)
	return out
}

// attached tells whether n is still part of its instance.
func (n *node) attached() bool {
	for ; n.parent != nil; n = n.parent {
		slot := n.parent.slots[n.question.slot]
		if n.row >= len(slot) || slot[n.row] != n {
			return false
		}
	}
	return true
}

// valueChanged marks everything that looks at n.
func (in *Instance) valueChanged(n *node) {
	w := &in.work
	for _, e := range w.plan.edges[w.plan.place[vertex{n.question, facetValue}]] {
		w.mark(e.to, n.above(e.top))
	}
	w.markFacet(n, facetError)
}

// run computes what is marked until nothing is.
func (in *Instance) run() {
	w := &in.work
	for w.next < len(w.plan.order) {
		at := w.next
		w.next++
		scopes := w.pending[at]
		if len(scopes) == 0 {
			continue
		}
		w.pending[at] = nil
		v := w.plan.order[at]
		for scope := range scopes {
			if !scope.attached() {
				continue
			}
			scope.under(v.question.holder(v.facet), func(n *node) { in.compute(v, n) })
			if v.facet == facetRelevant && v.question.IsRepeat() {
				scope.under(v.question.Parent, func(n *node) { in.computeOffered(v.question, n) })
			}
		}
	}
}

// holder is the question whose instances a facet is computed for: the count of
// a repeat belongs to what holds the repeat.
func (q *Question) holder(f facet) *Question {
	if f == facetCount && q.Parent != nil {
		return q.Parent
	}
	return q
}

// Recalculate computes everything again, as on a new day or after a register
// changed, and returns what is different.
func (in *Instance) Recalculate() []string {
	w := &in.work
	w.begin(in.form.plan)
	w.full = true
	for i := range w.plan.order {
		w.mark(i, in.root)
	}
	in.run()
	return w.paths()
}

func (in *Instance) compute(v vertex, n *node) {
	x := &v.question.exprs
	switch v.facet {
	case facetCount:
		in.computeCount(v.question, n)
	case facetRelevant:
		in.computeRelevant(n)
	case facetValue:
		in.computeValue(n)
	case facetRequired:
		in.flip(n, &n.required, x.required)
	case facetReadonly:
		in.flip(n, &n.readonly, x.readonly)
	case facetChoices, facetLabel:
		if !in.work.full {
			in.work.touch(n)
		}
		if v.facet == facetChoices && x.choices != nil {
			in.work.markFacet(n, facetError)
		}
	case facetError:
		if f := in.check(n); f != n.fault {
			n.fault = f
			in.work.touch(n)
		}
	}
}

// flip sets a yes-or-no facet from its expression.
func (in *Instance) flip(n *node, to *bool, e *xpath.Expr) {
	now := in.truth(e, n, false)
	if now != *to {
		*to = now
		in.work.touch(n)
		in.work.markFacet(n, facetError)
	}
}

// truth evaluates a condition; without one, or if it fails, it is otherwise.
func (in *Instance) truth(e *xpath.Expr, n *node, otherwise bool) bool {
	if e == nil {
		return otherwise
	}
	v, err := in.eval(e, n)
	if err != nil {
		return otherwise
	}
	return xpath.Truth(v)
}

func (in *Instance) computeRelevant(n *node) {
	n.own = in.truth(n.question.exprs.relevant, n, true)
	now := n.own && (n.parent == nil || n.parent.relevant)
	if now == n.relevant {
		return
	}
	n.relevant = now
	in.shape++
	in.work.touch(n)
	in.valueChanged(n)
	for i, slot := range n.slots {
		if q := n.question.Children[i]; q.IsRepeat() {
			in.work.repeats[repeatAt{n, q}] = true
		}
		for _, c := range slot {
			in.work.markFacet(c, facetRelevant)
		}
	}
}

// computeOffered decides whether the repeat q as a whole belongs below parent
// now. Its condition is that of its rows; where there are none yet it is
// evaluated for the row that would come.
func (in *Instance) computeOffered(q *Question, parent *node) {
	now := true
	if rows := parent.slots[q.slot]; len(rows) == 0 {
		now = in.truth(q.exprs.relevant, &node{in: in, question: q, parent: parent, relevant: true}, true)
	} else {
		now = slices.ContainsFunc(rows, func(n *node) bool { return n.own })
	}
	if now != parent.offered[q.slot] {
		parent.offered[q.slot] = now
		in.work.repeats[repeatAt{parent, q}] = true
	}
}

func (in *Instance) computeValue(n *node) {
	q := n.question
	triggered := len(q.Trigger) > 0
	if q.exprs.calculation == nil && !triggered || in.frozen || triggered && (in.work.full || in.work.restoring) {
		return
	}
	text := "" // a trigger without a calculation empties the answer
	if q.exprs.calculation != nil {
		if v, err := in.eval(q.exprs.calculation, n); err == nil {
			text = q.clean(answerText(v))
		}
	}
	if text != n.value {
		in.history.keepValue(n)
		n.value = text
		in.work.touch(n)
		in.valueChanged(n)
	}
}

// computeCount makes the rows of q below parent as many as its count says.
// Rows beyond it are dropped from the end.
func (in *Instance) computeCount(q *Question, parent *node) {
	if q.exprs.repeatCount == nil || in.frozen || parent.question != q.Parent {
		return
	}
	v, err := in.eval(q.exprs.repeatCount, parent)
	if err != nil {
		return
	}
	want, ok := xpath.ParseNumber(v.String())
	if !ok || want < 0 {
		want = 0
	}
	rows := &parent.slots[q.slot]
	most := int(min(want, float64(parent.most())))
	for len(*rows) > most {
		in.dropRow(parent, q, len(*rows)-1)
	}
	for len(*rows) < most {
		in.addRow(parent, q)
	}
}

// answerText is how a computed value is kept as an answer. Numbers are cut to
// the 15 digits a double holds, so that 0.1+0.2 is kept as 0.3.
func answerText(v xpath.Value) string {
	switch v := v.(type) {
	case xpath.Number:
		f := float64(v)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return ""
		}
		short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
		if err != nil {
			short = f
		}
		return xpath.Number(short).String()
	case xpath.DateTime:
		if v.Invalid {
			return ""
		}
	}
	return strings.TrimSpace(v.String())
}
