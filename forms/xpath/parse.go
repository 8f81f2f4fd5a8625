package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// parser is a recursive descent over the grammar of XPath 1.0 section 3.
type parser struct {
	lex    lexer
	opts   Options
	tok    token
	depth  int
	whole  bool // inside arguments that take absolute paths
	faults []Fault
}

func (p *parser) parse() (expr, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenEnd {
		return nil, p.lex.errorf(0, "表达式是空的")
	}
	e, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenEnd {
		return nil, p.unexpected()
	}
	return e, nil
}

func (p *parser) advance() (err error) {
	p.tok, err = p.lex.next()
	return err
}

func (p *parser) unexpected() error {
	if p.tok.kind == tokenEnd {
		return p.lex.errorf(p.tok.pos, "表达式没有写完")
	}
	return p.lex.errorf(p.tok.pos, "不该有 %q", p.tok.text)
}

func (p *parser) is(kind tokenKind, text string) bool {
	return p.tok.kind == kind && p.tok.text == text
}

// accept consumes the punctuation text if it is next.
func (p *parser) accept(text string) (bool, error) {
	if !p.is(tokenPunct, text) {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) expect(text string) error {
	if !p.is(tokenPunct, text) {
		if p.tok.kind == tokenEnd {
			return p.lex.errorf(p.tok.pos, "缺少 %s", text)
		}
		return p.lex.errorf(p.tok.pos, "应是 %s，却是 %q", text, p.tok.text)
	}
	return p.advance()
}

// enter guards the recursion; leave undoes it.
func (p *parser) enter() error {
	p.depth++
	if p.depth > maxDepth {
		return fmt.Errorf("表达式嵌套超过 %d 层：%w", maxDepth, ErrLimit)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// levels are the binary operators from the loosest to the tightest.
var levels = [...][]string{
	{"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"},
}

func (p *parser) binary(level int) (expr, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for chain := 0; p.tok.kind == tokenOperator && contains(levels[level], p.tok.text); chain++ {
		if chain > maxSource/2 {
			return nil, ErrLimit
		}
		op := p.tok.text
		if err := p.advance(); err != nil {
			return nil, err
		}
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = join(op, left, right)
	}
	return left, nil
}

// join makes long chains of one operator flat, so that depth of the tree is
// bounded by nesting and not by length.
func join(op string, left, right expr) expr {
	if c, ok := left.(*chain); ok && len(c.ops) > 0 && levelOf(c.ops[0]) == levelOf(op) && !c.closed {
		c.ops = append(c.ops, op)
		c.terms = append(c.terms, right)
		return c
	}
	return &chain{terms: []expr{left, right}, ops: []string{op}}
}

func levelOf(op string) int {
	for i, ops := range levels {
		if contains(ops, op) {
			return i
		}
	}
	return -1
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (p *parser) unary() (expr, error) {
	minus := false
	signed := false
	for p.is(tokenOperator, "-") {
		minus, signed = !minus, true
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	e, err := p.union()
	if err != nil || !signed {
		return e, err
	}
	return &negation{of: e, twice: !minus}, nil
}

func (p *parser) union() (expr, error) {
	first, err := p.path()
	if err != nil || !p.is(tokenOperator, "|") {
		return first, err
	}
	u := &union{parts: []expr{first}}
	for p.is(tokenOperator, "|") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		part, err := p.path()
		if err != nil {
			return nil, err
		}
		u.parts = append(u.parts, part)
	}
	return u, nil
}

// path parses a location path or a filter expression with what follows it.
func (p *parser) path() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	primary, err := p.startsPrimary()
	if err != nil {
		return nil, err
	}
	if !primary {
		return p.locationPath()
	}
	base, err := p.primary()
	if err != nil {
		return nil, err
	}
	preds, err := p.predicates()
	if err != nil {
		return nil, err
	}
	if len(preds) > 0 {
		base = &filtered{base: base, preds: preds}
	}
	if !p.is(tokenPunct, "/") && !p.is(tokenPunct, "//") {
		return base, nil
	}
	lp := &location{base: base}
	return lp, p.steps(lp)
}

// startsPrimary tells whether a primary expression begins here: anything but a
// step. A name begins one only if it is a function being called.
func (p *parser) startsPrimary() (bool, error) {
	switch p.tok.kind {
	case tokenNumber, tokenLiteral, tokenReference:
		return true, nil
	case tokenPunct:
		return p.tok.text == "(", nil
	case tokenName:
		ahead := p.lex
		next, err := ahead.next()
		if err != nil {
			return false, nil // reported when it is reached
		}
		return next.kind == tokenPunct && next.text == "(" && !isNodeType(p.tok.text), nil
	case tokenEnd, tokenOperator:
		return false, p.unexpected()
	}
	return false, nil
}

func isNodeType(name string) bool {
	return name == "node" || name == "text" || name == "comment" || name == "processing-instruction"
}

func (p *parser) locationPath() (expr, error) {
	lp := &location{}
	if p.is(tokenPunct, "/") || p.is(tokenPunct, "//") {
		lp.absolute = true
		if p.is(tokenPunct, "/") {
			ahead := p.lex
			next, err := ahead.next()
			if err == nil && !startsStep(next) {
				return lp, p.advance()
			}
		}
		return lp, p.steps(lp)
	}
	if err := p.oneStep(lp); err != nil {
		return nil, err
	}
	return lp, p.steps(lp)
}

func startsStep(t token) bool {
	if t.kind == tokenName {
		return true
	}
	return t.kind == tokenPunct && (t.text == "." || t.text == ".." || t.text == "@")
}

// steps parses ("/" step | "//" step)*.
func (p *parser) steps(lp *location) error {
	for {
		switch {
		case p.is(tokenPunct, "//"):
			lp.steps = append(lp.steps, step{axis: axisDescendantOrSelf, test: nodeTest{kind: testNode}})
		case p.is(tokenPunct, "/"):
		default:
			return nil
		}
		if err := p.advance(); err != nil {
			return err
		}
		if err := p.oneStep(lp); err != nil {
			return err
		}
	}
}

func (p *parser) oneStep(lp *location) error {
	s, err := p.axisAndTest()
	if err != nil {
		return err
	}
	if s.preds, err = p.predicates(); err != nil {
		return err
	}
	if len(s.preds) > 0 {
		s.filter = pushable(s.preds[0])
	}
	lp.steps = append(lp.steps, s)
	return nil
}

func (p *parser) predicates() ([]expr, error) {
	var preds []expr
	for p.is(tokenPunct, "[") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		e, err := p.binary(0)
		if err != nil {
			return nil, err
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
		preds = append(preds, e)
	}
	return preds, nil
}

func (p *parser) primary() (expr, error) {
	t := p.tok
	if t.kind == tokenName {
		return p.call()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch t.kind {
	case tokenNumber:
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, p.lex.errorf(t.pos, "的数字 %s 太大", t.text)
		}
		return constant{Number(f)}, nil
	case tokenLiteral:
		return p.literal(t)
	case tokenReference:
		return p.reference(t)
	}
	e, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if c, ok := e.(*chain); ok {
		c.closed = true
	}
	return e, p.expect(")")
}

// literal keeps a string; ${name} inside it becomes the path it stands for,
// as jr:choice-name wants its second argument.
func (p *parser) literal(t token) (expr, error) {
	s := t.text
	start := strings.Index(s, "${")
	if start < 0 || p.opts.Reference == nil {
		return constant{String(s)}, nil
	}
	end := strings.IndexByte(s[start:], '}')
	if end < 0 {
		return constant{String(s)}, nil
	}
	name := strings.TrimSpace(s[start+2 : start+end])
	path, err := p.opts.Reference(name, true)
	if err != nil {
		return nil, p.lex.errorf(t.pos, "%v", err)
	}
	return constant{String(s[:start] + path + s[start+end+1:])}, nil
}

// reference replaces ${name} by the path the form gives for it.
func (p *parser) reference(t token) (expr, error) {
	if p.opts.Reference == nil {
		return nil, p.lex.errorf(t.pos, "这里不能用 ${%s}", t.text)
	}
	path, err := p.opts.Reference(t.text, p.whole)
	if err != nil {
		return nil, p.lex.errorf(t.pos, "%v", err)
	}
	sub := &parser{lex: lexer{src: path}, opts: Options{Namespace: p.opts.Namespace}, depth: p.depth}
	e, err := sub.parse()
	if err != nil {
		return nil, p.lex.errorf(t.pos, "的 ${%s} 无法解析：%v", t.text, err)
	}
	return e, nil
}

func (p *parser) call() (expr, error) {
	name := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	c := &call{name: strings.TrimPrefix(name.text, "xf:")}
	outer := p.whole
	for !p.is(tokenPunct, ")") {
		if len(c.args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		// indexed-repeat(node, repeat, index, ...): all but the indexes are
		// paths through every row.
		p.whole = outer || c.name == "indexed-repeat" && (len(c.args) == 0 || len(c.args)%2 == 1)
		arg, err := p.binary(0)
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, arg)
	}
	p.whole = outer
	p.bind(c, name)
	return c, p.expect(")")
}

// bind looks the function up. What cannot be called is remembered and fails
// when it is reached, so that if(false(), unknown(), 1) still has a value.
func (p *parser) bind(c *call, at token) {
	f, ok := functions[c.name]
	if !ok {
		text := p.lex.errorf(at.pos, "的 %s() 不是已知的函数", c.name).Error()
		p.faults = append(p.faults, Fault{Text: text, Unknown: c.name})
		return
	}
	if n := len(c.args); n < f.min || f.max >= 0 && n > f.max {
		text := p.lex.errorf(at.pos, "的 %s() 有 %d 个参数，应有%s", c.name, n, f.arity()).Error()
		p.faults = append(p.faults, Fault{Text: text})
		return
	}
	c.fn = f.eval
}
