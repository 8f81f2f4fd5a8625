package xpath

import (
	"fmt"
	"strings"
)

var nodeFunctions = map[string]function{
	"last": {0, 0, func(_ *run, f focus, _ []expr) Value { return Number(f.size) }},
	"position": {0, 1, func(r *run, f focus, a []expr) Value {
		if len(a) == 0 {
			return Number(f.pos)
		}
		set, ok := r.nodes(a[0], f)
		if !ok {
			return r.fail(fmt.Errorf("position() 的参数应是节点集"))
		}
		return Number(rowOf(set))
	}},
	"count": {1, 1, func(r *run, f focus, a []expr) Value {
		set, ok := r.nodes(a[0], f)
		if !ok {
			return r.fail(fmt.Errorf("count() 的参数应是节点集"))
		}
		return Number(len(set))
	}},
	"count-non-empty": {1, 1, func(r *run, f focus, a []expr) Value {
		n := 0
		for _, s := range r.texts(f, a) {
			if s != "" {
				n++
			}
		}
		return Number(n)
	}},
	"name": {0, 1, func(r *run, f focus, a []expr) Value { return r.nameOf(f, a, qualified) }},
	"local-name": {0, 1, func(r *run, f focus, a []expr) Value {
		return r.nameOf(f, a, func(_, _, local string) string { return local })
	}},
	"namespace-uri": {0, 1, func(r *run, f focus, a []expr) Value {
		return r.nameOf(f, a, func(uri, _, _ string) string { return uri })
	}},
	"id":      {1, 1, evalID},
	"lang":    {1, 1, evalLang},
	"current": {0, 0, func(r *run, _ focus, _ []expr) Value { return NodeSet{r.world.Node} }},
}

func qualified(_, prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

func (r *run) nameOf(f focus, args []expr, which func(space, prefix, local string) string) Value {
	n := f.node
	if len(args) == 1 {
		set, ok := r.nodes(args[0], f)
		if !ok {
			return r.fail(fmt.Errorf("name() 的参数应是节点集"))
		}
		if len(set) == 0 {
			return String("")
		}
		n = set[0]
	}
	return String(which(n.Name()))
}

// rowOf is the place of the first node of set among its siblings of the same
// name, from 1.
func rowOf(set NodeSet) int {
	if len(set) == 0 {
		return 0
	}
	space, _, local := set[0].Name()
	before, _ := siblings(set[0])
	n := 1
	for _, s := range before {
		if sp, _, l := s.Name(); s.Kind() == Element && sp == space && l == local {
			n++
		}
	}
	return n
}

func evalID(r *run, f focus, args []expr) Value {
	wanted := map[string]bool{}
	for _, s := range r.texts(f, args) {
		for _, id := range strings.FieldsFunc(s, isSpace) {
			wanted[id] = true
		}
	}
	var out NodeSet
	for _, n := range r.walk(rootOf(f.node), axisDescendant, nodeTest{kind: testAny}) {
		for _, a := range n.Attributes() {
			space, prefix, local := a.Name()
			if local == "id" && space == "" && prefix == "" && wanted[a.Value()] {
				out = append(out, n)
			}
		}
	}
	return out
}

// evalLang looks for xml:lang at the node and upwards (XPath 1.0, 4.3).
func evalLang(r *run, f focus, args []expr) Value {
	want := strings.ToLower(r.text(f, args, 0))
	for n := f.node; n != nil; n = n.Parent() {
		for _, a := range n.Attributes() {
			if space, prefix, local := a.Name(); local == "lang" && (prefix == "xml" || space == "xml" || space == knownNamespaces["xml"]) {
				has := strings.ToLower(a.Value())
				return Bool(has == want || strings.HasPrefix(has, want+"-"))
			}
		}
	}
	return Bool(false)
}
