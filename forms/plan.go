package forms

import (
	"sort"
	"strings"

	"anxin/forms/xpath"
)

// facet is one thing that is computed for a node.
type facet int

const (
	facetCount    facet = iota // number of rows of a repeat
	facetRelevant              // shown or not, with all below
	facetValue                 // the answer; computed where there is a calculation
	facetRequired
	facetReadonly
	facetChoices // what may be chosen; only marks the node as changed
	facetLabel   // texts with references; only marks the node as changed
	facetError
	facets
)

// vertex is one facet of one question in the dependency graph.
type vertex struct {
	question *Question
	facet    facet
}

// edge leads from a question's value to what looks at it. What changes under
// one instance of top matters only to vertices under the same instance.
type edge struct {
	to  int // place in the plan's order
	top *Question
}

// plan is the order of computation of a form: every vertex stands after those
// it depends on.
type plan struct {
	questions    []*Question
	lists        map[string]*Question // one that uses it, for each choice list of the form
	order        []vertex
	place        map[vertex]int
	edges        map[int][]edge // from the place of a facetValue
	instanceName *xpath.Expr
}

// schemaNode shows the definition as a tree with one node for each question,
// on which references are resolved. The document has no question.
type schemaNode struct {
	question *Question
	parent   *schemaNode
	children []xpath.Node
	named    map[string][]xpath.Node
}

// schemaOf builds the tree and enters its nodes by question.
func schemaOf(f *Form) map[*Question]*schemaNode {
	all := map[*Question]*schemaNode{}
	var build func(*Question, *schemaNode)
	build = func(q *Question, parent *schemaNode) {
		n := &schemaNode{question: q, parent: parent, named: map[string][]xpath.Node{}}
		all[q] = n
		parent.children = append(parent.children, n)
		parent.named[q.Name] = append(parent.named[q.Name], n)
		for _, c := range q.Children {
			build(c, n)
		}
	}
	build(f.Root, &schemaNode{named: map[string][]xpath.Node{}})
	return all
}

func (s *schemaNode) Kind() xpath.Kind {
	if s.question == nil {
		return xpath.Root
	}
	return xpath.Element
}

func (s *schemaNode) Name() (space, prefix, local string) {
	if s.question == nil {
		return "", "", ""
	}
	return "", "", s.question.Name
}

func (s *schemaNode) Parent() xpath.Node {
	if s.parent == nil {
		return nil
	}
	return s.parent
}

func (s *schemaNode) Children() []xpath.Node { return s.children }
func (s *schemaNode) ChildrenNamed(local string) []xpath.Node {
	return s.named[local]
}
func (s *schemaNode) Attributes() []xpath.Node { return nil }
func (s *schemaNode) Value() string            { return "" }

// order builds the graph, sorts it and reports cycles.
func (c *compiler) order(p *plan) {
	c.schema = schemaOf(c.form)
	g := &graph{after: map[vertex][]vertex{}}
	type dependency struct {
		from vertex
		to   vertex
		top  *Question
	}
	var dependencies []dependency
	for _, q := range c.all {
		g.structure(q)
		for _, use := range c.uses(q) {
			to := vertex{q, use.facet}
			for _, ref := range use.refs {
				from := vertex{ref.Node.(*schemaNode).question, facetValue}
				if from.question == nil || from == to && use.facet == facetError {
					continue
				}
				g.add(from, to)
				dependencies = append(dependencies, dependency{from, to, ref.Top.(*schemaNode).question})
			}
		}
	}
	if cycle := g.sort(); cycle != nil {
		c.faultCycle(cycle)
		return
	}
	p.order, p.place, p.edges = g.sorted, make(map[vertex]int, len(g.sorted)), map[int][]edge{}
	for i, v := range g.sorted {
		p.place[v] = i
	}
	for _, d := range dependencies {
		from := p.place[d.from]
		p.edges[from] = append(p.edges[from], edge{p.place[d.to], d.top})
	}
}

// use is one facet of a question with what its expression looks at.
type use struct {
	facet facet
	refs  []xpath.Reference
}

func (c *compiler) uses(q *Question) []use {
	var out []use
	add := func(f facet, at *Question, e *xpath.Expr) {
		if e != nil {
			out = append(out, use{f, e.References(c.schema[at])})
		}
	}
	x := &q.exprs
	add(facetCount, q.Parent, x.repeatCount)
	add(facetRelevant, q, x.relevant)
	add(facetRequired, q, x.required)
	add(facetReadonly, q, x.readonly)
	add(facetChoices, q, x.choices)
	add(facetError, q, x.constraint)
	for _, ts := range []templates{x.label, x.hint, x.guidance} {
		for _, t := range ts {
			for _, e := range t.exprs {
				add(facetLabel, q, e)
			}
		}
	}
	if len(q.Trigger) == 0 {
		add(facetValue, q, x.calculation)
		return out
	}
	// With a trigger the calculation runs when the trigger changes, whatever
	// else it looks at.
	for _, name := range q.Trigger {
		if t, err := c.find(name); err == nil {
			if e, err := xpath.Compile(reference(q, t, false), xpath.Options{}); err == nil {
				add(facetValue, q, e)
			}
		}
	}
	return out
}

// graph holds for each vertex those that come after it.
type graph struct {
	vertices []vertex
	after    map[vertex][]vertex
	sorted   []vertex
}

func (g *graph) add(from, to vertex) { g.after[from] = append(g.after[from], to) }

// structure adds what follows from the tree: rows exist before what is in
// them, relevance is inherited, errors look at everything of their own node.
func (g *graph) structure(q *Question) {
	for f := facet(0); f < facets; f++ {
		g.vertices = append(g.vertices, vertex{q, f})
	}
	relevant, value := vertex{q, facetRelevant}, vertex{q, facetValue}
	g.add(vertex{q, facetCount}, relevant)
	g.add(relevant, value)
	for _, f := range []facet{facetRequired, facetReadonly, facetChoices, facetLabel, facetError} {
		g.add(value, vertex{q, f})
	}
	g.add(vertex{q, facetRequired}, vertex{q, facetError})
	g.add(vertex{q, facetChoices}, vertex{q, facetError})
	if q.Parent != nil {
		g.add(vertex{q.Parent, facetRelevant}, relevant)
		g.add(vertex{q.Parent, facetCount}, relevant)
		g.add(vertex{q.Parent, facetCount}, vertex{q, facetCount})
	}
}

// sort orders the vertices depth first; it returns a cycle if there is one.
func (g *graph) sort() []vertex {
	const (
		unseen = iota
		open
		done
	)
	state := make(map[vertex]int, len(g.vertices))
	var path, cycle []vertex
	var visit func(vertex) bool
	visit = func(v vertex) bool {
		state[v] = open
		path = append(path, v)
		for _, w := range g.after[v] {
			if state[w] == open {
				for i := range path {
					if path[i] == w {
						cycle = append(append(cycle, path[i:]...), w)
						return false
					}
				}
			}
			if state[w] == unseen && !visit(w) {
				return false
			}
		}
		path = path[:len(path)-1]
		state[v] = done
		g.sorted = append(g.sorted, v)
		return true
	}
	for i := len(g.vertices) - 1; i >= 0; i-- {
		if v := g.vertices[i]; state[v] == unseen && !visit(v) {
			return cycle
		}
	}
	for i, j := 0, len(g.sorted)-1; i < j; i, j = i+1, j-1 {
		g.sorted[i], g.sorted[j] = g.sorted[j], g.sorted[i]
	}
	return nil
}

// columnOf names the XLSForm column a facet is written in.
var columnOf = map[facet]string{
	facetCount: "repeat_count", facetRelevant: "relevant", facetValue: "calculation", facetRequired: "required",
	facetReadonly: "readonly", facetChoices: "choice_filter", facetLabel: "label", facetError: "constraint",
}

func (c *compiler) faultCycle(cycle []vertex) {
	var names []string
	blame := cycle[0]
	for _, v := range cycle {
		if n := len(names); n == 0 || names[n-1] != v.question.Path {
			names = append(names, v.question.Path)
		}
		if e := v.question.exprs; v.facet == facetValue && e.calculation != nil || v.facet == facetRelevant && e.relevant != nil || v.facet == facetCount && e.repeatCount != nil {
			blame = v
		}
	}
	c.fault(blame.question, columnOf[blame.facet], "循环引用：%s，请去掉其中一处引用", strings.Join(names, " → "))
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
