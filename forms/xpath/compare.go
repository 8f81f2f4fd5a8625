package xpath

import "math"

// compare follows XPath 1.0 section 3.4; where a date takes part both sides
// are compared as days.
func (r *run) compare(op string, left, right Value) bool {
	ls, lset := left.(NodeSet)
	rs, rset := right.(NodeSet)
	_, lbool := left.(Bool)
	_, rbool := right.(Bool)
	switch {
	case (lbool || rbool) && (op == "=" || op == "!="):
		return r.compareSimple(op, left, right)
	case lset && rset:
		return r.compareSets(op, ls, rs)
	case lset:
		return r.anyNode(ls, func(v Value) bool { return r.compareSimple(op, v, right) })
	case rset:
		return r.anyNode(rs, func(v Value) bool { return r.compareSimple(op, left, v) })
	}
	return r.compareSimple(op, left, right)
}

func (r *run) anyNode(set NodeSet, holds func(Value) bool) bool {
	for _, n := range set {
		if r.step(1) && holds(String(n.Value())) {
			return true
		}
	}
	return false
}

// compareSets looks for a pair that satisfies op; equality, the common case,
// goes through a map instead of through all pairs.
func (r *run) compareSets(op string, left, right NodeSet) bool {
	if op == "=" {
		values := make(map[string]bool, len(right))
		for _, n := range right {
			values[n.Value()] = true
		}
		for _, n := range left {
			if r.step(1) && values[n.Value()] {
				return true
			}
		}
		return false
	}
	return r.anyNode(left, func(l Value) bool {
		return r.anyNode(right, func(v Value) bool { return r.compareSimple(op, l, v) })
	})
}

func (r *run) compareSimple(op string, left, right Value) bool {
	if op == "=" || op == "!=" {
		return r.equal(left, right) == (op == "=")
	}
	a, b := r.number(left), r.number(right)
	if math.IsNaN(a) || math.IsNaN(b) {
		return false
	}
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

func (r *run) equal(left, right Value) bool {
	if isBool(left) || isBool(right) {
		return Truth(left) == Truth(right)
	}
	if isNumeric(left) || isNumeric(right) {
		return r.number(left) == r.number(right)
	}
	return left.String() == right.String()
}

func isBool(v Value) bool {
	_, ok := v.(Bool)
	return ok
}

func isNumeric(v Value) bool {
	switch v.(type) {
	case Number, DateTime, dayNumber:
		return true
	}
	return false
}
