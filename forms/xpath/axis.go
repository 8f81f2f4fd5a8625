package xpath

import "sort"

type axis int

const (
	axisChild axis = iota
	axisSelf
	axisAttribute
	axisParent
	axisDescendant
	axisDescendantOrSelf
	axisAncestor
	axisAncestorOrSelf
	axisFollowing
	axisFollowingSibling
	axisPreceding
	axisPrecedingSibling
	axisNamespace // selects nothing: nodes carry their namespace in their names
)

var axes = map[string]axis{
	"child": axisChild, "self": axisSelf, "attribute": axisAttribute, "parent": axisParent,
	"descendant": axisDescendant, "descendant-or-self": axisDescendantOrSelf,
	"ancestor": axisAncestor, "ancestor-or-self": axisAncestorOrSelf,
	"following": axisFollowing, "following-sibling": axisFollowingSibling,
	"preceding": axisPreceding, "preceding-sibling": axisPrecedingSibling,
	"namespace": axisNamespace,
}

// reverse axes count positions towards the beginning of the document.
func (a axis) reverse() bool {
	return a == axisAncestor || a == axisAncestorOrSelf || a == axisPreceding || a == axisPrecedingSibling
}

// keepsOrder: applied to nodes of one depth in document order, the results
// follow in document order and none comes twice.
func (a axis) keepsOrder() bool { return a == axisChild || a == axisSelf || a == axisAttribute }

type testKind int

const (
	testNode testKind = iota
	testText
	testComment
	testInstruction
	testAny   // *
	testSpace // prefix:*
	testName  // name in no namespace or in that of XForms
	testQName // prefix:name
)

type nodeTest struct {
	kind         testKind
	space, local string
}

type step struct {
	axis   axis
	test   nodeTest
	preds  []expr
	filter *pushdown // preds[0] in the form a Table can work on, or nil
}

func (t nodeTest) matches(n Node, principal Kind) bool {
	kind := n.Kind()
	switch t.kind {
	case testNode:
		return true
	case testText:
		return kind == Text
	case testComment:
		return kind == Comment
	case testInstruction:
		_, _, target := n.Name()
		return kind == Instruction && (t.local == "" || t.local == target)
	}
	if kind != principal {
		return false
	}
	if t.kind == testAny {
		return true
	}
	space, _, local := n.Name()
	switch t.kind {
	case testSpace:
		return space == t.space
	case testName:
		return local == t.local && (space == "" || space == xformsSpace)
	}
	return local == t.local && space == t.space
}

// walk lists the nodes of an axis that pass the test, in axis order.
func (r *run) walk(n Node, a axis, t nodeTest) NodeSet {
	c := collector{run: r, test: t}
	switch a {
	case axisSelf:
		c.add(n)
	case axisChild:
		c.children(n)
	case axisAttribute:
		for _, x := range n.Attributes() {
			if t.matches(x, Attribute) {
				c.set = append(c.set, x)
			}
		}
	case axisParent:
		if p := n.Parent(); p != nil {
			c.add(p)
		}
	case axisDescendant:
		c.descend(n)
	case axisDescendantOrSelf:
		c.add(n)
		c.descend(n)
	case axisAncestorOrSelf:
		c.add(n)
		c.ancestors(n)
	case axisAncestor:
		c.ancestors(n)
	default:
		c.aside(n, a)
	}
	return c.set
}

// aside walks the axes that lead to what stands before or after n.
func (c *collector) aside(n Node, a axis) {
	switch a {
	case axisFollowingSibling:
		_, after := siblings(n)
		c.addAll(after)
	case axisPrecedingSibling:
		before, _ := siblings(n)
		c.addReversed(before, false)
	case axisFollowing:
		c.following(n)
	case axisPreceding:
		c.preceding(n)
	}
}

type collector struct {
	run  *run
	test nodeTest
	set  NodeSet
}

func (c *collector) add(n Node) {
	if c.run.step(1) && c.test.matches(n, Element) {
		c.set = append(c.set, n)
	}
}

func (c *collector) children(n Node) {
	if indexed, ok := n.(Indexed); ok && c.test.kind == testName {
		c.set = indexed.ChildrenNamed(c.test.local)
		c.run.step(1 + len(c.set))
		return
	}
	c.addAll(n.Children())
}

func (c *collector) addAll(nodes []Node) {
	for _, n := range nodes {
		c.add(n)
	}
}

func (c *collector) descend(n Node) {
	for _, child := range n.Children() {
		c.add(child)
		if c.run.err != nil {
			return
		}
		c.descend(child)
	}
}

func (c *collector) ancestors(n Node) {
	for p := n.Parent(); p != nil; p = p.Parent() {
		c.add(p)
	}
}

// addReversed adds nodes from the last to the first, deep with what is below.
func (c *collector) addReversed(nodes []Node, deep bool) {
	for i := len(nodes) - 1; i >= 0 && c.run.err == nil; i-- {
		if deep {
			c.addReversed(nodes[i].Children(), true)
		}
		c.add(nodes[i])
	}
}

func (c *collector) following(n Node) {
	if n.Kind() == Attribute { // what is below its element follows it
		n = n.Parent()
		c.descend(n)
	}
	for ; n != nil && c.run.err == nil; n = n.Parent() {
		_, after := siblings(n)
		for _, s := range after {
			c.add(s)
			c.descend(s)
		}
	}
	// Levels were visited from the inside out, which is document order.
}

func (c *collector) preceding(n Node) {
	if n.Kind() == Attribute {
		n = n.Parent()
	}
	for ; n != nil && c.run.err == nil; n = n.Parent() {
		before, _ := siblings(n)
		c.addReversed(before, true)
	}
}

func siblings(n Node) (before, after []Node) {
	p := n.Parent()
	if p == nil || n.Kind() == Attribute {
		return nil, nil
	}
	all := p.Children()
	for i, s := range all {
		if s == n {
			return all[:i], all[i+1:]
		}
	}
	return nil, nil
}

func sortByOrder(set NodeSet, order map[Node]int) NodeSet {
	out := append(NodeSet(nil), set...)
	sort.SliceStable(out, func(i, j int) bool { return order[out[i]] < order[out[j]] })
	n := 0
	for i, x := range out {
		if i == 0 || x != out[n-1] {
			out[n] = x
			n++
		}
	}
	return out[:n]
}
