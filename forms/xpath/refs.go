package xpath

// Reference is a node an expression looks at. Top is the highest node of the
// walk that leads there: what changes outside Top does not matter to it.
type Reference struct {
	Node Node
	Top  Node
}

// References finds, on a tree that has one of every node there can be, which
// nodes the expression looks at when evaluated at start. Conditions are not
// evaluated but looked into; instances other than the tree are ignored.
func (e *Expr) References(start Node) []Reference {
	a := &analysis{current: start, seen: map[Reference]bool{}, left: defaultSteps}
	a.record(a.visit(e.root, []Reference{{start, start}}))
	return a.found
}

type analysis struct {
	current Node
	found   []Reference
	seen    map[Reference]bool
	left    int
}

func (a *analysis) record(set []Reference) {
	for _, ref := range set {
		if !a.seen[ref] {
			a.seen[ref] = true
			a.found = append(a.found, ref)
		}
	}
}

// visit returns the nodes e may select from the given context nodes and
// records those it reads on the way.
func (a *analysis) visit(e expr, at []Reference) []Reference {
	switch e := e.(type) {
	case *chain:
		for _, t := range e.terms {
			a.record(a.visit(t, at))
		}
	case *negation:
		a.record(a.visit(e.of, at))
	case *union:
		var all []Reference
		for _, p := range e.parts {
			all = append(all, a.visit(p, at)...)
		}
		return all
	case *filtered:
		set := a.visit(e.base, at)
		for _, p := range e.preds {
			a.record(a.visit(p, set))
		}
		return set
	case *call:
		return a.visitCall(e, at)
	case *location:
		return a.visitLocation(e, at)
	}
	return nil
}

func (a *analysis) visitCall(c *call, at []Reference) []Reference {
	var all []Reference
	for _, arg := range c.args {
		all = append(all, a.visit(arg, at)...)
	}
	switch c.name {
	case "current":
		return []Reference{{a.current, a.current}}
	case "instance", "jr:itext":
		a.record(all)
		return nil
	case "once", "if", "randomize", "indexed-repeat", "coalesce", "position":
		if c.name == "position" {
			all = a.withParents(all)
		}
		return all
	}
	a.record(all)
	if readsContext(c) {
		return at
	}
	return nil
}

// withParents widens the scope of references to what holds the rows, since
// the place among siblings depends on the siblings.
func (a *analysis) withParents(set []Reference) []Reference {
	out := make([]Reference, 0, len(set))
	for _, ref := range set {
		if p := ref.Top.Parent(); p != nil {
			ref.Top = p
		}
		out = append(out, ref)
	}
	return out
}

// readsContext: these look at the context node when they have no argument.
func readsContext(c *call) bool {
	if len(c.args) > 0 {
		return false
	}
	switch c.name {
	case "string", "number", "string-length", "normalize-space":
		return true
	}
	return false
}

func (a *analysis) visitLocation(l *location, at []Reference) []Reference {
	set := at
	switch {
	case l.base != nil:
		set = a.visit(l.base, at)
	case l.absolute:
		root := rootOf(a.current)
		set = []Reference{{root, root}}
	}
	r := &run{world: Context{Node: a.current}, left: a.left}
	for i := range l.steps {
		s := &l.steps[i]
		set = stepReferences(r, set, s)
		for _, p := range s.preds {
			a.record(a.visit(p, set))
		}
	}
	a.left = max(r.left, 0)
	return set
}

func stepReferences(r *run, set []Reference, s *step) []Reference {
	var out []Reference
	seen := map[Reference]bool{}
	for _, ref := range set {
		for _, n := range r.walk(ref.Node, s.axis, s.test) {
			next := Reference{n, ref.Top}
			switch s.axis {
			case axisParent, axisAncestor, axisAncestorOrSelf:
				if encloses(n, ref.Top) {
					next.Top = n
				}
			case axisFollowing, axisPreceding:
				next.Top = rootOf(n)
			case axisFollowingSibling, axisPrecedingSibling:
				if p := n.Parent(); p != nil && encloses(p, ref.Top) {
					next.Top = p
				}
			}
			if !seen[next] {
				seen[next] = true
				out = append(out, next)
			}
		}
	}
	return out
}

// encloses tells whether n is other or lies above it.
func encloses(n, other Node) bool {
	for p := other; p != nil; p = p.Parent() {
		if p == n {
			return true
		}
	}
	return false
}
