package forms

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"anxin/forms/xpath"
)

// Errors callers may ask for.
var (
	ErrFrozen     = errors.New("表单已定稿，不能再修改")
	ErrNoSuchPath = errors.New("表单里没有这一项")
)

// Env is what an instance takes from outside. Now is required and carries the
// zone in which today begins.
type Env struct {
	Now      func() time.Time
	Language string
	Lists    Lists // nil: external lists are empty
	DeviceID string
	Username string
	Random   io.Reader // nil: crypto/rand
}

// Instance is one filling-in of a form. It is not safe for concurrent use.
type Instance struct {
	form    *Form
	env     Env
	root    *node
	shape   int // rises when rows or relevance change
	frozen  bool
	filled  bool // has had answers from outside
	lists   map[string]*listNode
	work    worklist
	history history
}

// maxRows bounds the rows of one repeat, maxAllRows those of a repeat in all the
// rows above it together.
const (
	maxRows    = 10_000
	maxAllRows = 100_000
)

// most is how many rows a repeat below n may have.
func (n *node) most() int {
	most := maxAllRows
	for p := n; p.parent != nil; p = p.parent {
		if p.question.IsRepeat() {
			most /= max(1, len(p.parent.slots[p.question.slot]))
		}
	}
	return min(most, maxRows)
}

// New starts an instance: defaults are filled in and everything is computed.
func New(f *Form, env Env) (*Instance, error) {
	if f.plan == nil {
		return nil, errors.New("表单还没有编译")
	}
	if env.Now == nil {
		return nil, errors.New("表单实例缺少时钟")
	}
	if env.Language == "" {
		env.Language = f.DefaultLanguage
	}
	in := &Instance{form: f, env: env, lists: map[string]*listNode{}}
	in.root = in.grow(f.Root, nil, 0)
	in.setDefaults(in.root)
	in.Recalculate()
	return in, nil
}

// Form returns the definition the instance was made from.
func (in *Instance) Form() *Form { return in.form }

// grow builds the node of q with everything below. Repeats begin without rows:
// a row nobody asked for would have to be filled in.
func (in *Instance) grow(q *Question, parent *node, row int) *node {
	n := &node{in: in, question: q, parent: parent, row: row, own: true, relevant: true}
	n.slots, n.offered = make([][]*node, len(q.Children)), make([]bool, len(q.Children))
	for i, c := range q.Children {
		if c.IsRepeat() {
			n.offered[i] = true
			continue
		}
		n.slots[i] = []*node{in.grow(c, n, 0)}
	}
	return n
}

// setDefaults fills defaults and what the device knows, in document order.
func (in *Instance) setDefaults(from *node) {
	now := in.env.Now()
	from.each(func(n *node) {
		q := n.question
		switch {
		case q.Type == TypeStart:
			n.value = now.Format(time.RFC3339)
		case q.Type == TypeToday:
			n.value = now.Format(dateLayout)
		case q.Type == TypeDeviceID:
			n.value = in.env.DeviceID
		case q.Type == TypeUsername:
			n.value = in.env.Username
		case q.exprs.dynamicDefault != nil:
			if v, err := in.eval(q.exprs.dynamicDefault, n); err == nil {
				n.value = q.clean(answerText(v))
			}
		case q.Default != "":
			n.value = q.clean(q.Default)
		}
	})
}

// eval evaluates e with n as context.
func (in *Instance) eval(e *xpath.Expr, n *node) (xpath.Value, error) {
	return e.Eval(xpath.Context{
		Node: n, Root: document{in}, Now: in.env.Now(), Language: in.env.Language,
		Instance: in.list, ChoiceName: in.choiceName, Random: in.env.Random,
	})
}

// choiceName is jr:choice-name: the label of a choice of the question at an
// absolute path.
func (in *Instance) choiceName(_ xpath.Node, value, path string) string {
	_, below, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	q := in.form.Question(below)
	if q == nil {
		return ""
	}
	if c := q.choice(value); c != nil {
		return c.Label.In(in.env.Language)
	}
	if c, ok := in.registered(q, value); ok {
		return c.Label.In(in.env.Language)
	}
	return ""
}

// Set changes one answer. The value is the text XForms keeps: "12",
// "2026-11-21", "a b" for several choices. It returns the paths of which
// value, visibility, duty, error, choices or label changed. A value that does
// not fit the type is kept and shows as the node's error. Errors are ErrFrozen
// and ErrNoSuchPath.
func (in *Instance) Set(path, value string) ([]string, error) {
	if in.frozen {
		return nil, ErrFrozen
	}
	n, _ := in.lookup(path)
	if n == nil || n.question.IsContainer() {
		return nil, fmt.Errorf("%s：%w", path, ErrNoSuchPath)
	}
	in.filled = true
	value = n.question.clean(value)
	if value == n.value {
		return nil, nil
	}
	in.history.begin(n, n.question.byTyping())
	defer in.history.end()
	in.history.keepValue(n)
	n.value = value
	in.work.begin(in.form.plan)
	in.work.touch(n)
	in.valueChanged(n)
	in.run()
	return in.work.paths(), nil
}

// Value returns the answer at path, also one that is not relevant now; "" if
// there is none.
func (in *Instance) Value(path string) string {
	if n, _ := in.lookup(path); n != nil {
		return n.value
	}
	return ""
}

// SetLanguage changes the language of labels and messages.
func (in *Instance) SetLanguage(lang string) {
	in.env.Language = lang
	if !in.frozen {
		in.Recalculate()
	}
}

// Freeze ends the filling-in: what is computed stays as it is and no answer
// can be changed. The time of the end is taken.
func (in *Instance) Freeze() {
	if in.frozen {
		return
	}
	in.root.each(func(n *node) {
		if n.question.Type == TypeEnd && n.value == "" {
			n.value = in.env.Now().Format(time.RFC3339)
		}
	})
	in.frozen, in.history = true, history{}
}

// Frozen tells whether Freeze has been called.
func (in *Instance) Frozen() bool { return in.frozen }

// Name is the instance_name of the form's settings, computed.
func (in *Instance) Name() string {
	e := in.form.plan.instanceName
	if e == nil {
		return ""
	}
	v, err := in.eval(e, in.root)
	if err != nil {
		return ""
	}
	return answerText(v)
}
