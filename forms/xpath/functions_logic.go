package xpath

var logicFunctions = map[string]function{
	"true":    {0, 0, func(*run, focus, []expr) Value { return Bool(true) }},
	"false":   {0, 0, func(*run, focus, []expr) Value { return Bool(false) }},
	"boolean": {1, 1, func(r *run, f focus, a []expr) Value { return Bool(Truth(a[0].eval(r, f))) }},
	"not":     {1, 1, func(r *run, f focus, a []expr) Value { return Bool(!Truth(a[0].eval(r, f))) }},
	"boolean-from-string": textFunction(1, func(s []string) Value {
		return Bool(s[0] == "true" || s[0] == "1")
	}),
	"if": {3, 3, func(r *run, f focus, a []expr) Value {
		if Truth(a[0].eval(r, f)) {
			return a[1].eval(r, f)
		}
		return a[2].eval(r, f)
	}},
	"coalesce": {1, -1, func(r *run, f focus, a []expr) Value {
		var last Value = String("")
		for _, e := range a {
			last = e.eval(r, f)
			if s := last.String(); s != "" && s != "NaN" {
				return last
			}
		}
		return last
	}},
	"once": {1, 1, func(r *run, f focus, a []expr) Value {
		if s := f.node.Value(); s != "" {
			return String(s)
		}
		return a[0].eval(r, f)
	}},
	"checklist": {2, -1, func(r *run, f focus, a []expr) Value {
		n := 0
		for _, e := range a[2:] {
			n += r.trues(e, f)
		}
		return within(float64(n), r.num(f, a, 0), r.num(f, a, 1))
	}},
	"weighted-checklist": {2, -1, func(r *run, f focus, a []expr) Value {
		total := 0.0
		for i := 2; i+1 < len(a); i += 2 {
			if r.trues(a[i], f) > 0 {
				total += r.num(f, a, i+1)
			}
		}
		return within(total, r.num(f, a, 0), r.num(f, a, 1))
	}},
}

// trues counts how often e is true: of a node-set, every node with a value
// counts.
func (r *run) trues(e expr, f focus) int {
	v := e.eval(r, f)
	set, ok := v.(NodeSet)
	if !ok {
		if Truth(v) {
			return 1
		}
		return 0
	}
	n := 0
	for _, x := range set {
		if x.Value() != "" {
			n++
		}
	}
	return n
}

// within tests a count against bounds, -1 meaning none.
func within(n, least, most float64) Value {
	return Bool((least == -1 || n >= least) && (most == -1 || n <= most))
}
