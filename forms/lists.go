package forms

import (
	"fmt"
	"slices"

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
	// Search returns the rows of list for which where holds and which have
	// text in what people know them by (all if text is empty), at most limit
	// of them if limit is positive, always in the same order. An unknown list
	// is an error that names it.
	Search(list string, where Filter, text string, limit int) ([]Item, error)
}

// ownList is the instance id under which choice filters see the question's
// own choices.
const ownList = "__choices"

// maxItems bounds what one question takes from an external list.
const maxItems = 5000

// listRow is one row of a list; choice is set where the list is the form's own.
type listRow struct {
	item   Item
	choice *Choice
}

// finder returns the rows of a list for which where holds.
type finder func(id string, where Filter) ([]listRow, error)

// list is instance(id): a node whose child root holds the items.
func (in *Instance) list(id string) (xpath.Node, error) {
	if id == ownList {
		return nil, fmt.Errorf("instance('%s') 只能用在选项筛选里", id)
	}
	if n, ok := in.lists[id]; ok {
		return n, nil
	}
	n := newList(id, in.rows)
	in.lists[id] = n
	return n, nil
}

// rows finds in a list of the form, or else outside of it.
func (in *Instance) rows(id string, where Filter) ([]listRow, error) {
	if q := in.form.plan.lists[id]; q != nil {
		return choiceRows(q.Choices, where), nil
	}
	return in.outside(id, where, "", maxItems)
}

// outside asks the registers.
func (in *Instance) outside(id string, where Filter, text string, limit int) ([]listRow, error) {
	if in.env.Lists == nil {
		return nil, nil
	}
	items, err := in.env.Lists.Search(id, where, text, limit)
	rows := make([]listRow, len(items))
	for i, item := range items {
		rows[i].item = item
	}
	return rows, err
}

// choiceRows are the choices for which where holds.
func choiceRows(choices []Choice, where Filter) []listRow {
	var rows []listRow
	for i := range choices {
		if c := &choices[i]; where.Holds(c.column) {
			item := Item{"name": c.Name, "label": c.Label.In("")}
			for k, v := range c.Extra {
				item[k] = v
			}
			rows = append(rows, listRow{item, c})
		}
	}
	return rows
}

func (c *Choice) column(name string) string {
	if v, ok := c.Extra[name]; ok {
		return v
	}
	switch name {
	case "name":
		return c.Name
	case "label":
		return c.Label.In("")
	}
	return ""
}

// listNode is an element of a list: instance, root, item or field.
type listNode struct {
	name     string
	parent   *listNode
	children []xpath.Node
	text     string
	find     finder // on root only
	row      listRow
}

func newList(id string, find finder) *listNode {
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

// Children of an item are made when they are asked for: of most rows nobody
// does.
func (l *listNode) Children() []xpath.Node {
	if l.find != nil {
		rows, err := l.Select("item", Filter{})
		if err != nil {
			return nil
		}
		return rows
	}
	if l.children == nil {
		for _, k := range sortedKeys(l.row.item) {
			l.children = append(l.children, &listNode{name: k, parent: l, text: l.row.item[k]})
		}
	}
	return l.children
}

// Select implements xpath.Table on the root of a list.
func (l *listNode) Select(name string, where Filter) ([]xpath.Node, error) {
	if l.find == nil || name != "item" {
		return l.named(name), nil
	}
	rows, err := l.find(l.parent.text, where)
	if err != nil {
		return nil, err
	}
	out := make([]xpath.Node, len(rows))
	for i, row := range rows {
		out[i] = &listNode{name: "item", parent: l, row: row}
	}
	return out, nil
}

func (l *listNode) named(name string) []xpath.Node {
	var out []xpath.Node
	for _, c := range l.Children() {
		if c.(*listNode).name == name {
			out = append(out, c)
		}
	}
	return out
}

// offered are the choices of n now.
func (in *Instance) offered(n *node) ([]Choice, error) {
	if n.question.exprs.choices == nil {
		return n.question.Choices, nil
	}
	return in.choose(n, in.finder(n.question))
}

// finder finds for the choices of q, its own list included.
func (in *Instance) finder(q *Question) finder {
	return func(id string, where Filter) ([]listRow, error) {
		if id == ownList {
			return choiceRows(q.Choices, where), nil
		}
		return in.rows(id, where)
	}
}

// choose evaluates which choices n has, taking the rows of lists from find.
func (in *Instance) choose(n *node, find finder) ([]Choice, error) {
	q := n.question
	v, err := q.exprs.choices.Eval(xpath.Context{
		Node: n, Root: document{in}, Now: in.env.Now(), Language: in.env.Language, Random: in.env.Random, ChoiceName: in.choiceName,
		Instance: func(id string) (xpath.Node, error) { return newList(id, find), nil },
	})
	if err != nil {
		return nil, fmt.Errorf("选项读取失败：%w", err)
	}
	set, _ := v.(xpath.NodeSet)
	out := make([]Choice, 0, len(set))
	for _, x := range set {
		if l, ok := x.(*listNode); ok {
			out = append(out, q.choiceOf(l.row))
		}
	}
	return out, nil
}

// registered looks one value of a select from a file up in its list.
func (in *Instance) registered(q *Question, value string) (Choice, bool) {
	if q.File == "" || in.env.Lists == nil || value == "" {
		return Choice{}, false
	}
	items, err := in.env.Lists.Search(listID(q.File), q.isNamed(value), "", 1)
	if err != nil || len(items) == 0 {
		return Choice{}, false
	}
	return q.choiceOf(listRow{item: items[0]}), true
}

// isNamed is the condition that a row of the list is the choice of this name.
func (q *Question) isNamed(value string) Filter {
	return Filter{Op: "=", Field: q.column("value", "name"), Value: value}
}

// list is the id under which the choices of q are found.
func (q *Question) list() string {
	if q.File == "" {
		return ownList
	}
	return listID(q.File)
}

// offers tells whether value is among what n may choose now. Where the place
// in the list does not matter only that one row is looked at.
func (in *Instance) offers(n *node, value string) (bool, error) {
	q := n.question
	if q.exprs.choices == nil {
		return q.choice(value) != nil, nil
	}
	all := in.finder(q)
	find := func(id string, where Filter) ([]listRow, error) {
		if id == q.list() && !q.exprs.positional {
			where = where.And(q.isNamed(value))
		}
		return all(id, where)
	}
	found, err := in.choose(n, find)
	return slices.ContainsFunc(found, func(c Choice) bool { return c.Name == value }), err
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
func (q *Question) choiceOf(row listRow) Choice {
	if row.choice != nil {
		return *row.choice
	}
	return Choice{Name: row.item[q.column("value", "name")], Label: Text{"": row.item[q.column("label", "label")]}, Extra: row.item}
}
