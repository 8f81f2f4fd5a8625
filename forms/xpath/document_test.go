package xpath

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// domNode is an XML document as the tests need it: one node for each token,
// so that CDATA sections stay apart from the text beside them.
type domNode struct {
	kind                 Kind
	space, prefix, local string
	value                string
	parent               *domNode
	children, attrs      []*domNode
	prefixes             map[string]string
}

func (n *domNode) Kind() Kind                     { return n.kind }
func (n *domNode) Name() (space, pre, loc string) { return n.space, n.prefix, n.local }
func (n *domNode) Children() []Node               { return asNodes(n.children) }
func (n *domNode) Attributes() []Node             { return asNodes(n.attrs) }

func (n *domNode) Parent() Node {
	if n.parent == nil {
		return nil
	}
	return n.parent
}

func (n *domNode) Value() string {
	if n.kind != Element && n.kind != Root {
		return n.value
	}
	var b strings.Builder
	for _, c := range n.children {
		if c.kind == Element || c.kind == Text {
			b.WriteString(c.Value())
		}
	}
	return b.String()
}

func asNodes(list []*domNode) []Node {
	out := make([]Node, len(list))
	for i, n := range list {
		out[i] = n
	}
	return out
}

// parseXML builds the tree; prefixes of all the document's declarations are
// collected on the root.
func parseXML(src string) (*domNode, error) {
	root := &domNode{kind: Root, prefixes: map[string]string{}}
	d := xml.NewDecoder(strings.NewReader(strings.TrimSpace(src)))
	at := root
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		at = at.accept(t, root)
	}
}

func (n *domNode) accept(t xml.Token, root *domNode) *domNode {
	add := func(c *domNode) *domNode {
		c.parent = n
		n.children = append(n.children, c)
		return c
	}
	switch t := t.(type) {
	case xml.StartElement:
		c := add(&domNode{kind: Element, prefix: t.Name.Space, local: t.Name.Local})
		c.takeAttributes(t.Attr, root)
		c.space = c.resolve(c.prefix)
		return c
	case xml.EndElement:
		return n.parent
	case xml.CharData:
		if n.kind != Root {
			add(&domNode{kind: Text, value: string(t)})
		}
	case xml.Comment:
		add(&domNode{kind: Comment, value: string(t)})
	case xml.ProcInst:
		if t.Target != "xml" {
			add(&domNode{kind: Instruction, local: t.Target, value: string(t.Inst)})
		}
	case xml.Directive:
		add(&domNode{kind: Other})
	}
	return n
}

func (n *domNode) takeAttributes(attrs []xml.Attr, root *domNode) {
	n.prefixes = map[string]string{}
	for _, a := range attrs {
		switch {
		case a.Name.Space == "xmlns":
			n.prefixes[a.Name.Local] = a.Value
			root.prefixes[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			n.prefixes[""] = a.Value
		default:
			n.attrs = append(n.attrs, &domNode{kind: Attribute, prefix: a.Name.Space, local: a.Name.Local, value: a.Value, parent: n})
		}
	}
	for _, a := range n.attrs {
		if a.prefix != "" {
			a.space = n.resolve(a.prefix)
		}
	}
}

func (n *domNode) resolve(prefix string) string {
	for p := n; p != nil; p = p.parent {
		if uri, ok := p.prefixes[prefix]; ok {
			return uri
		}
	}
	if prefix == "xml" {
		return knownNamespaces["xml"]
	}
	return ""
}

// find follows an address such as /0/3/@id.
func (n *domNode) find(address string) *domNode {
	for _, part := range strings.Split(strings.Trim(address, "/"), "/") {
		if part == "" {
			continue
		}
		if name, ok := strings.CutPrefix(part, "@"); ok {
			for _, a := range n.attrs {
				if qualified("", a.prefix, a.local) == name {
					n = a
					break
				}
			}
			continue
		}
		i, err := strconv.Atoi(part)
		if err != nil || i >= len(n.children) {
			return nil
		}
		n = n.children[i]
	}
	return n
}

// address is the inverse of find.
func (n *domNode) address() string {
	if n.parent == nil {
		return "/"
	}
	up := strings.TrimSuffix(n.parent.address(), "/")
	if n.kind == Attribute {
		return up + "/@" + qualified("", n.prefix, n.local)
	}
	for i, c := range n.parent.children {
		if c == n {
			return up + "/" + strconv.Itoa(i)
		}
	}
	return up + "/?"
}

// each visits all elements.
func (n *domNode) each(visit func(*domNode)) {
	visit(n)
	for _, c := range n.children {
		c.each(visit)
	}
}

func (n *domNode) attr(name string) (string, bool) {
	for _, a := range n.attrs {
		if a.local == name {
			return a.value, true
		}
	}
	return "", false
}
