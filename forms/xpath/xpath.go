// Package xpath is the expression language of the forms: XPath 1.0 with the
// functions of ODK XForms, evaluated over a small node interface so that it
// runs on an instance tree and on any XML document alike.
//
// An expression is compiled once and evaluated many times; an Expr is safe for
// concurrent use. Source length, nesting and evaluation steps are limited, and
// no input makes the package panic. It refuses XPath variables, external
// access of any kind and regular expressions that backtrack: it reads nothing
// but the nodes, the clock, the lists and the randomness it is handed.
package xpath

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Limits that keep a hostile expression from holding up the program.
const (
	maxSource    = 64 << 10
	maxDepth     = 120
	defaultSteps = 4_000_000
)

// ErrLimit is wrapped by the error of an expression that is too long, nested
// too deeply or takes too many steps.
var ErrLimit = errors.New("表达式超出限制")

// Kind tells what a node is in the XPath data model.
type Kind int

// The kinds of nodes. Other stands for what XPath has no test for but node().
const (
	Root Kind = iota
	Element
	Attribute
	Text
	Comment
	Instruction
	Other
)

// Node is what an expression sees of a tree. Implementations must be
// comparable with ==, the same node always being the same value.
type Node interface {
	Kind() Kind
	// Name returns the namespace URI, the prefix and the local name; for a
	// processing instruction the local name is its target.
	Name() (space, prefix, local string)
	// Parent is nil for a root; the element for an attribute.
	Parent() Node
	Children() []Node
	Attributes() []Node
	// Value is the string-value of the node.
	Value() string
}

// Table is a node whose element children stand in a store of their own (a
// register, a file). A step such as item[name='x'] on a Table hands the
// condition over instead of loading all children.
type Table interface {
	Node
	// Select returns the children called name for which where holds. A zero
	// Filter means all of them.
	Select(name string, where Filter) ([]Node, error)
}

// Indexed is a node that finds its children by name without a walk over all
// of them. The names are those of elements in no namespace.
type Indexed interface {
	Node
	ChildrenNamed(local string) []Node
}

// Filter is a condition on the fields of one row of a Table. Op is "" (always
// true), "and", "or", "=", "starts-with" or "contains".
type Filter struct {
	Op    string
	Field string
	Value string
	Args  []Filter
}

// Holds tells whether the condition holds for a row that is read by field.
func (w Filter) Holds(field func(name string) string) bool {
	switch w.Op {
	case "and":
		return !slices.ContainsFunc(w.Args, func(a Filter) bool { return !a.Holds(field) })
	case "or":
		return slices.ContainsFunc(w.Args, func(a Filter) bool { return a.Holds(field) })
	case "=":
		return field(w.Field) == w.Value
	case "starts-with":
		return strings.HasPrefix(field(w.Field), w.Value)
	case "contains":
		return strings.Contains(field(w.Field), w.Value)
	}
	return true
}

// And is the condition that both hold.
func (w Filter) And(other Filter) Filter {
	if w.Op == "" {
		return other
	}
	return Filter{Op: "and", Args: []Filter{w, other}}
}

// Options bind an expression to its surroundings while it is compiled.
type Options struct {
	// Reference turns ${name} into a path expression. whole asks for the
	// absolute path, as the arguments of indexed-repeat need it. Nil refuses
	// references.
	Reference func(name string, whole bool) (string, error)
	// Namespace resolves a prefix of a name test; nil knows the usual ones.
	Namespace func(prefix string) (uri string, ok bool)
}

// Context is the world one evaluation sees. Node is also what current()
// returns; absolute paths begin at Root, by default the root above Node.
// Everything but Node may be left zero.
type Context struct {
	Node     Node
	Root     Node
	Now      time.Time
	Language string
	// Instance returns the document element of a secondary instance.
	Instance func(id string) (Node, error)
	// Itext returns the values of a translated text in the active language.
	Itext func(id string) []Node
	// ChoiceName returns the label of a choice of the question at path.
	ChoiceName func(from Node, value, path string) string
	Random     io.Reader
	MaxSteps   int
}

// Expr is a compiled expression.
type Expr struct {
	source string
	root   expr
	faults []Fault
}

// Compile parses source. The error names the position in runes, from 1.
func Compile(source string, opts Options) (*Expr, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("表达式长达 %d 字节，上限 %d：%w", len(source), maxSource, ErrLimit)
	}
	p := &parser{lex: lexer{src: source}, opts: opts}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Expr{source: source, root: root, faults: p.faults}, nil
}

// String returns the source.
func (e *Expr) String() string { return e.source }

// Positional tells whether the expression, as a condition on rows, may ask for
// the place of the row among the others.
func (e *Expr) Positional() bool { return placed(e.root) }

// Fault is a call that cannot succeed. Unknown is the name of a function the
// language does not have, "" if only the number of arguments is wrong.
type Fault struct {
	Text    string
	Unknown string
}

// Faults lists the calls that cannot succeed, in order. Such a call fails only
// when it is reached; a compiler of forms refuses it beforehand.
func (e *Expr) Faults() []Fault { return e.faults }

// Eval evaluates the expression.
func (e *Expr) Eval(c Context) (Value, error) {
	if c.Node == nil {
		return nil, errors.New("表达式缺少起始节点")
	}
	steps := c.MaxSteps
	if steps <= 0 {
		steps = defaultSteps
	}
	r := &run{world: c, left: steps}
	v := e.root.eval(r, focus{node: c.Node, pos: 1, size: 1})
	if r.err != nil {
		return nil, r.err
	}
	return v, nil
}

// run is the state of one evaluation; the first error sticks and ends it.
type run struct {
	world Context
	left  int
	err   error
	order map[Node]int
}

// focus is the context node, position and size of XPath 1.0 section 1.
type focus struct {
	node      Node
	pos, size int
}

func (r *run) fail(err error) Value {
	if r.err == nil {
		r.err = err
	}
	return String("")
}

// step charges n units of work and tells whether the evaluation may go on.
func (r *run) step(n int) bool {
	r.left -= n
	if r.left < 0 {
		r.fail(fmt.Errorf("表达式计算步数过多：%w", ErrLimit))
	}
	return r.err == nil
}
