package forms

import (
	"fmt"

	"anxin/forms/xpath"
)

// Filter is a condition on the rows of an external list: Op is "" (all rows),
// "and", "or", "=", "starts-with" or "contains"; an "or" without Args holds
// for no row.
type Filter = xpath.Filter

// Item is one row of an external list by column; every list has at least the
// columns name and label.
type Item map[string]string

// Lists looks things up in registers and files outside the form.
type Lists interface {
	// Find returns the rows of list for which where holds, at most limit of
	// them if limit is positive. An unknown list is an error that names it.
	Find(list string, where Filter, limit int) ([]Item, error)
}

// ownList is the instance id under which choice filters see the question's
// own choices.
const ownList = "__choices"

// maxItems bounds what one question takes from an external list.
const maxItems = 5000

// list is instance(id): a node whose child root holds the items.
func (in *Instance) list(id string) (xpath.Node, error) {
	if id == ownList {
		return nil, fmt.Errorf("instance('%s') 只能用在选项筛选里", id)
	}
	if n, ok := in.lists[id]; ok {
		return n, nil
	}
	n := newList(id, func(where Filter) ([]Item, error) {
		if items, ok := in.form.choiceItems(id); ok {
			return items, nil
		}
		if in.env.Lists == nil {
			return nil, nil
		}
		return in.env.Lists.Find(id, where, maxItems)
	})
	in.lists[id] = n
	return n, nil
}

// choiceItems are the choices of an internal list as rows.
func (f *Form) choiceItems(list string) (items []Item, ok bool) {
	for _, q := range f.plan.questions {
		if q.ListName == list && q.File == "" {
			return itemsOf(q.Choices), true
		}
	}
	return nil, false
}

func itemsOf(choices []Choice) []Item {
	items := make([]Item, len(choices))
	for i, c := range choices {
		item := Item{"name": c.Name, "label": c.Label.In("")}
		for k, v := range c.Extra {
			item[k] = v
		}
		items[i] = item
	}
	return items
}

// listNode is an element of an external list: instance, root, item or field.
type listNode struct {
	name     string
	parent   *listNode
	children []xpath.Node
	text     string
	find     func(Filter) ([]Item, error) // on root only
	place    int                          // of an item among those found
}

func newList(id string, find func(Filter) ([]Item, error)) *listNode {
	top := &listNode{name: "instance", text: id}
	top.children = []xpath.Node{&listNode{name: "root", parent: top, find: find}}
	return top
}

func (l *listNode) Kind() xpath.Kind                    { return xpath.Element }
func (l *listNode) Name() (space, prefix, local string) { return "", "", l.name }
func (l *listNode) Attributes() []xpath.Node            { return nil }
func (l *listNode) Value() string                       { return l.text }

func (l *listNode) Parent() xpath.Node {
	if l.parent == nil {
		return nil
	}
	return l.parent
}

func (l *listNode) Children() []xpath.Node {
	if l.find == nil {
		return l.children
	}
	rows, err := l.Select("item", Filter{})
	if err != nil {
		return nil
	}
	return rows
}

// Select implements xpath.Table on the root of a list.
func (l *listNode) Select(name string, where Filter) ([]xpath.Node, error) {
	if l.find == nil || name != "item" {
		return l.named(name), nil
	}
	items, err := l.find(where)
	if err != nil {
		return nil, err
	}
	out := make([]xpath.Node, len(items))
	for i, item := range items {
		row := &listNode{name: "item", parent: l, place: i}
		for _, k := range sortedKeys(item) {
			row.children = append(row.children, &listNode{name: k, parent: row, text: item[k]})
		}
		out[i] = row
	}
	return out, nil
}

func (l *listNode) named(name string) []xpath.Node {
	var out []xpath.Node
	for _, c := range l.children {
		if c.(*listNode).name == name {
			out = append(out, c)
		}
	}
	return out
}

// item is a row as it was found.
func (l *listNode) item() Item {
	out := Item{}
	for _, c := range l.children {
		out[c.(*listNode).name] = c.(*listNode).text
	}
	return out
}

// offered are the choices of n now.
func (in *Instance) offered(n *node) ([]Choice, error) {
	q := n.question
	if q.exprs.choices == nil {
		return q.Choices, nil
	}
	v, err := q.exprs.choices.Eval(xpath.Context{
		Node: n, Root: document{in}, Now: in.env.Now(), Language: in.env.Language, Random: in.env.Random, ChoiceName: in.choiceName,
		Instance: func(id string) (xpath.Node, error) {
			if id == ownList {
				return newList(id, func(Filter) ([]Item, error) { return itemsOf(q.Choices), nil }), nil
			}
			return in.list(id)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("选项读取失败：%w", err)
	}
	set, _ := v.(xpath.NodeSet)
	out := make([]Choice, 0, len(set))
	for _, x := range set {
		if row, ok := x.(*listNode); ok {
			out = append(out, q.choiceOf(row.item()))
		}
	}
	return out, nil
}

// registered looks one value of a select from a file up in its list.
func (in *Instance) registered(q *Question, value string) (Choice, bool) {
	if q.File == "" || in.env.Lists == nil || value == "" {
		return Choice{}, false
	}
	items, err := in.env.Lists.Find(listID(q.File), Filter{Op: "=", Field: q.column("value", "name"), Value: value}, 1)
	if err != nil || len(items) == 0 {
		return Choice{}, false
	}
	return q.choiceOf(items[0]), true
}

// column is the column of an external list a parameter names, or the standard
// one.
func (q *Question) column(parameter, standard string) string {
	if c := q.Parameters[parameter]; c != "" {
		return c
	}
	return standard
}

// choiceOf turns a row of a list into a choice; the parameters value and
// label name other columns than name and label.
func (q *Question) choiceOf(row Item) Choice {
	if q.File == "" {
		if c := q.choice(row["name"]); c != nil {
			return *c
		}
	}
	return Choice{Name: row[q.column("value", "name")], Label: Text{"": row[q.column("label", "label")]}, Extra: row}
}
