package xpath

import (
	"fmt"
	"math"
)

// expr is a node of the syntax tree.
type expr interface {
	eval(r *run, f focus) Value
}

type (
	constant struct{ value Value }
	// chain is terms joined by operators of one precedence, left to right.
	chain struct {
		terms  []expr
		ops    []string
		closed bool // stands in parentheses: must not be extended
	}
	negation struct {
		of    expr
		twice bool // an even number of signs: only the conversion is left
	}
	union    struct{ parts []expr }
	filtered struct {
		base  expr
		preds []expr
	}
	location struct {
		absolute bool
		base     expr // nil: the context node, or the root if absolute
		steps    []step
	}
	call struct {
		name string
		args []expr
		fn   func(*run, focus, []expr) Value
	}
)

func (c constant) eval(*run, focus) Value { return c.value }

func (c *chain) eval(r *run, f focus) Value {
	left := c.terms[0].eval(r, f)
	for i, op := range c.ops {
		if !r.step(1) {
			return String("")
		}
		// and, or stop at the first term that decides.
		if op == "and" || op == "or" {
			if Truth(left) == (op == "or") {
				return Bool(op == "or")
			}
			left = Bool(Truth(c.terms[i+1].eval(r, f)))
			continue
		}
		left = r.operate(op, left, c.terms[i+1].eval(r, f))
	}
	return left
}

func (r *run) operate(op string, left, right Value) Value {
	switch op {
	case "=", "!=", "<", "<=", ">", ">=":
		return Bool(r.compare(op, left, right))
	}
	a, b := r.number(left), r.number(right)
	switch op {
	case "+":
		return Number(a + b)
	case "-":
		return Number(a - b)
	case "*":
		return Number(a * b)
	case "div":
		return Number(a / b)
	}
	return Number(math.Mod(a, b))
}

func (n *negation) eval(r *run, f focus) Value {
	v := r.number(n.of.eval(r, f))
	if n.twice {
		return Number(v)
	}
	return Number(-v)
}

func (u *union) eval(r *run, f focus) Value {
	var all NodeSet
	for _, part := range u.parts {
		set, ok := r.nodes(part, f)
		if !ok {
			return r.fail(fmt.Errorf("| 的两边都应是节点集"))
		}
		all = append(all, set...)
	}
	return r.sorted(all)
}

func (p *filtered) eval(r *run, f focus) Value {
	set, ok := r.nodes(p.base, f)
	if !ok {
		return r.fail(fmt.Errorf("[ ] 只能接在节点集之后"))
	}
	for _, pred := range p.preds {
		set = r.keep(set, pred)
	}
	return set
}

func (c *call) eval(r *run, f focus) Value {
	if !r.step(1) {
		return String("")
	}
	if c.fn == nil {
		return r.fail(fmt.Errorf("函数 %s() 不存在或参数个数不对", c.name))
	}
	return c.fn(r, f, c.args)
}

func (l *location) eval(r *run, f focus) Value {
	var set NodeSet
	switch {
	case l.base != nil:
		base, ok := r.nodes(l.base, f)
		if !ok {
			return r.fail(fmt.Errorf("/ 只能接在节点集之后"))
		}
		set = base
	case l.absolute:
		set = NodeSet{r.root()}
	default:
		set = NodeSet{f.node}
	}
	flat := len(set) <= 1
	for i := range l.steps {
		s := &l.steps[i]
		set = r.advance(set, s)
		if r.err != nil {
			return String("")
		}
		flat = flat && s.axis.keepsOrder()
		if !flat && len(set) > 1 {
			set = r.sorted(set)
		}
	}
	return set
}

// root is where absolute paths begin, also inside the conditions on another
// instance.
func (r *run) root() Node {
	if r.world.Root != nil {
		return r.world.Root
	}
	return rootOf(r.world.Node)
}

func rootOf(n Node) Node {
	for p := n.Parent(); p != nil; p = n.Parent() {
		n = p
	}
	return n
}

// nodes evaluates e to a node-set. An empty string literal counts as the
// empty set, as the field's engines have it.
func (r *run) nodes(e expr, f focus) (NodeSet, bool) {
	switch v := e.eval(r, f).(type) {
	case NodeSet:
		return v, true
	case String:
		return nil, v == ""
	}
	return nil, false
}

// advance takes one step from every node of set.
func (r *run) advance(set NodeSet, s *step) NodeSet {
	var out NodeSet
	for _, n := range set {
		if !r.step(1) {
			return nil
		}
		found, ok := r.fromTable(n, s)
		if !ok {
			found = r.walk(n, s.axis, s.test)
		}
		for _, pred := range s.preds {
			found = r.keep(found, pred)
		}
		if s.axis.reverse() {
			for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
				found[i], found[j] = found[j], found[i]
			}
		}
		if len(set) == 1 {
			return found
		}
		out = append(out, found...)
	}
	return out
}

// keep filters set by a predicate; a number asks for a position.
func (r *run) keep(set NodeSet, pred expr) NodeSet {
	var out NodeSet
	if c, ok := pred.(constant); ok {
		if n, ok := c.value.(Number); ok { // [3] needs no walk
			if i := int(n); Number(i) == n && i >= 1 && i <= len(set) {
				return NodeSet{set[i-1]}
			}
			return nil
		}
	}
	for i, n := range set {
		if !r.step(1) {
			return nil
		}
		v := pred.eval(r, focus{node: n, pos: i + 1, size: len(set)})
		if num, ok := v.(Number); ok {
			if float64(num) == float64(i+1) {
				out = append(out, n)
			}
		} else if Truth(v) {
			out = append(out, n)
		}
	}
	return out
}

// sorted puts a set in document order without duplicates.
func (r *run) sorted(set NodeSet) NodeSet {
	if len(set) < 2 {
		return set
	}
	for _, n := range set {
		r.ensureOrder(n)
	}
	return sortByOrder(set, r.order)
}

// ensureOrder makes sure that the document of n is numbered.
func (r *run) ensureOrder(n Node) {
	if r.order == nil {
		r.order = map[Node]int{}
	}
	if _, ok := r.order[n]; ok {
		return
	}
	r.numberTree(rootOf(n))
	if _, ok := r.order[n]; !ok { // a row read from a table on its own
		r.order[n] = len(r.order)
	}
}

func (r *run) numberTree(n Node) {
	if _, seen := r.order[n]; seen || !r.step(1) {
		return
	}
	r.order[n] = len(r.order)
	for _, a := range n.Attributes() {
		r.order[a] = len(r.order)
	}
	if _, outside := n.(Table); outside {
		return
	}
	for _, c := range n.Children() {
		r.numberTree(c)
	}
}
