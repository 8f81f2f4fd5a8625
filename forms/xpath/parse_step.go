package xpath

import "strings"

func (p *parser) axisAndTest() (step, error) {
	anyNode := nodeTest{kind: testNode}
	switch {
	case p.is(tokenPunct, "."):
		return step{axis: axisSelf, test: anyNode}, p.advance()
	case p.is(tokenPunct, ".."):
		return step{axis: axisParent, test: anyNode}, p.advance()
	case p.is(tokenPunct, "@"):
		if err := p.advance(); err != nil {
			return step{}, err
		}
		t, err := p.nodeTest()
		return step{axis: axisAttribute, test: t}, err
	}
	if p.tok.kind != tokenName {
		return step{}, p.unexpected()
	}
	ahead := p.lex
	next, err := ahead.next()
	if err == nil && next.kind == tokenPunct && next.text == "::" {
		axis, ok := axes[p.tok.text]
		if !ok {
			return step{}, p.lex.errorf(p.tok.pos, "没有名为 %s 的轴", p.tok.text)
		}
		if err := p.advance(); err != nil {
			return step{}, err
		}
		// After :: a name is a node test even if it looks like an operator.
		p.lex.operand = false
		if err := p.advance(); err != nil {
			return step{}, err
		}
		t, err := p.nodeTest()
		return step{axis: axis, test: t}, err
	}
	t, err := p.nodeTest()
	return step{axis: axisChild, test: t}, err
}

func (p *parser) nodeTest() (nodeTest, error) {
	if p.tok.kind != tokenName {
		return nodeTest{}, p.unexpected()
	}
	name := p.tok
	if err := p.advance(); err != nil {
		return nodeTest{}, err
	}
	if isNodeType(name.text) && p.is(tokenPunct, "(") {
		return p.typeTest(name.text)
	}
	if name.text == "*" {
		return nodeTest{kind: testAny}, nil
	}
	prefix, local, found := strings.Cut(name.text, ":")
	if !found {
		return nodeTest{kind: testName, local: name.text}, nil
	}
	uri, ok := p.namespace(prefix)
	if !ok {
		return nodeTest{}, p.lex.errorf(name.pos, "前缀 %s 没有声明", prefix)
	}
	if local == "*" {
		return nodeTest{kind: testSpace, space: uri}, nil
	}
	return nodeTest{kind: testQName, space: uri, local: local}, nil
}

func (p *parser) typeTest(name string) (nodeTest, error) {
	if err := p.advance(); err != nil {
		return nodeTest{}, err
	}
	t := nodeTest{kind: map[string]testKind{"node": testNode, "text": testText, "comment": testComment, "processing-instruction": testInstruction}[name]}
	if name == "processing-instruction" && p.tok.kind == tokenLiteral {
		t.local = p.tok.text
		if err := p.advance(); err != nil {
			return t, err
		}
	}
	return t, p.expect(")")
}

// The namespaces a form's expressions may use without declaring them.
var knownNamespaces = map[string]string{
	"xf": xformsSpace, "h": xhtmlSpace, "xhtml": xhtmlSpace, "html": xhtmlSpace,
	"jr": "http://openrosa.org/javarosa", "orx": "http://openrosa.org/xforms",
	"odk": "http://www.opendatakit.org/xforms", "ev": "http://www.w3.org/2001/xml-events",
	"xsd": "http://www.w3.org/2001/XMLSchema", "xml": "http://www.w3.org/XML/1998/namespace",
}

const (
	xformsSpace = "http://www.w3.org/2002/xforms"
	xhtmlSpace  = "http://www.w3.org/1999/xhtml"
)

func (p *parser) namespace(prefix string) (string, bool) {
	if p.opts.Namespace != nil {
		if uri, ok := p.opts.Namespace(prefix); ok {
			return uri, true
		}
	}
	uri, ok := knownNamespaces[prefix]
	return uri, ok
}
