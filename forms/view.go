package forms

import (
	"strings"

	"anxin/forms/xpath"
)

// Node is one line of a form as it is drawn: a group, a repeat as a whole (Row
// 0, Rows how many), a row of it (Row from 1), or a question. Texts are in the
// language of the instance with values put in.
type Node struct {
	Path     string
	Question *Question
	Depth    int // 0 for what stands at the top of the form
	Row      int
	Rows     int
	Label    string
	Hint     string
	Guidance string
	Value    string
	Error    string // the sentence of Fault, "" for none
	Fault    Fault
	Relevant bool
	Required bool
	Readonly bool
}

// Nodes lists what is shown now, in order. A repeat comes once as a whole,
// even without rows, and then row by row, each followed by what is in it.
func (in *Instance) Nodes() []Node { return in.nodes(false) }

// All lists everything, also what is not relevant or never shown.
func (in *Instance) All() []Node { return in.nodes(true) }

func (in *Instance) nodes(all bool) []Node {
	var out []Node
	var walk func(*node)
	walk = func(n *node) {
		for _, q := range n.question.Children {
			if !all && !q.shown() {
				continue
			}
			if q.IsRepeat() {
				if v := in.repeatView(n, q); all || v.Relevant {
					out = append(out, v)
				}
			}
			for _, c := range n.slots[q.slot] {
				if all || c.relevant {
					out = append(out, in.view(c))
					walk(c)
				}
			}
		}
	}
	walk(in.root)
	return out
}

// Node returns one node: of a question, group or row, or of a repeat as a
// whole if the path ends without a row.
func (in *Instance) Node(path string) (Node, bool) {
	n, repeat := in.lookup(path)
	if repeat != nil {
		return in.repeatView(n, repeat), true
	}
	if n == nil || n == in.root {
		return Node{}, false
	}
	return in.view(n), true
}

func (in *Instance) repeatView(parent *node, q *Question) Node {
	return Node{
		Path: parent.path() + "/" + q.Name, Question: q, Depth: q.depth - 1, Rows: len(parent.slots[q.slot]),
		Label: q.Label.In(in.env.Language), Hint: q.Hint.In(in.env.Language), Guidance: q.Guidance.In(in.env.Language),
		Relevant: parent.relevant && parent.offered[q.slot], Readonly: q.exprs.repeatCount != nil || in.frozen,
	}
}

func (in *Instance) view(n *node) Node {
	q := n.question
	v := Node{
		Path: n.path(), Question: q, Depth: q.depth - 1,
		Label: in.fill(n, q.Label, q.exprs.label), Hint: in.fill(n, q.Hint, q.exprs.hint), Guidance: in.fill(n, q.Guidance, q.exprs.guidance),
		Value: n.value, Error: n.fault.String(), Fault: n.fault, Relevant: n.relevant, Required: n.required, Readonly: n.readonly || in.frozen,
	}
	if q.IsRepeat() {
		v.Row = n.row + 1
	}
	return v
}

// Display returns the answer at path as people read it: the labels of choices
// joined by 、, dates and numbers as they are kept.
func (in *Instance) Display(path string) string {
	if n, _ := in.lookup(path); n != nil {
		return in.display(n)
	}
	return ""
}

func (in *Instance) display(n *node) string {
	q := n.question
	if !q.IsSelect() || n.value == "" {
		return n.value
	}
	words := []string{n.value}
	if q.Type != TypeSelectOne {
		words = strings.Fields(n.value)
	}
	for i, w := range words {
		words[i] = in.choiceLabel(q, w)
	}
	return strings.Join(words, "、")
}

// Choices returns what may be chosen at path now.
func (in *Instance) Choices(path string) ([]Choice, error) {
	n, _ := in.lookup(path)
	if n == nil {
		return nil, ErrNoSuchPath
	}
	return in.offered(n)
}

// Problem is one answer that keeps a form from being issued.
type Problem struct {
	Path, Label string
	Message     string // the sentence of Fault
	Fault       Fault
}

// Errors lists what is wrong with the relevant answers, in order.
func (in *Instance) Errors() []Problem {
	var out []Problem
	in.root.each(func(n *node) {
		if n.fault.Code != FaultNone && n.relevant {
			out = append(out, Problem{n.path(), in.fill(n, n.question.Label, n.question.exprs.label), n.fault.String(), n.fault})
		}
	})
	return out
}

// NextUnanswered returns the first question shown after path that must be
// answered and is not, going on from the beginning of the form; an empty path
// begins there. ok is false if there is none but perhaps that at path itself.
func (in *Instance) NextUnanswered(after string) (path string, ok bool) {
	from := in.root
	if n, repeat := in.lookup(after); n != nil {
		from = n
		if repeat != nil && len(n.slots[repeat.slot]) > 0 {
			from = n.slots[repeat.slot][0]
		}
	}
	var first, next *node
	passed := from == in.root
	in.root.each(func(n *node) {
		switch {
		case n == from:
			passed = true
		case !n.unanswered():
		case passed && next == nil:
			next = n
		case first == nil:
			first = n
		}
	})
	if next == nil {
		next = first
	}
	if next == nil {
		return "", false
	}
	return next.path(), true
}

// unanswered tells whether an answer is wanted of n now and is not there.
func (n *node) unanswered() bool {
	return n.relevant && n.required && n.value == "" && n.question.answered()
}

// Attachment is the answer to a question for a picture, a sound, a film or a
// file: Value names the bytes as whoever took them calls them.
type Attachment struct {
	Path  string
	Type  Type
	Value string
}

// Attachments lists those of the relevant answers, in order.
func (in *Instance) Attachments() []Attachment {
	var out []Attachment
	in.root.each(func(n *node) {
		switch n.question.Type {
		case TypeImage, TypeAudio, TypeVideo, TypeFile:
			if n.relevant && n.value != "" {
				out = append(out, Attachment{n.path(), n.question.Type, n.value})
			}
		}
	})
	return out
}

var _ xpath.Table = (*listNode)(nil)
