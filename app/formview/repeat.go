package formview

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

const (
	openRows     = 3 // a repeat with at most so many rows shows them open
	summaryParts = 4 // answers in the head of a closed row
)

// repeat is a repeat of the form: a card with its rows. A row is a line that
// opens; the inputs of a closed row do not exist, so that a hundred rows are light.
type repeat struct {
	view *View
	path string
	root *fyne.Container
	list *fyne.Container
	add  *widgets.Button
	rows []*row
}

// row is one row of a repeat.
type row struct {
	repeat *repeat
	path   string
	root   *fyne.Container
	head   *rowHead
	body   *fyne.Container
	inner  *group // nil while closed
}

func (v *View) newRepeat(n forms.Node) *repeat {
	r := &repeat{view: v, path: n.Path, list: container.NewVBox()}
	v.repeats[n.Path] = r
	r.add = widgets.NewActionButton(widgets.Action{Label: lang.T("form.row.add"), Icon: fynetheme.ContentAddIcon(), Do: r.addRow})
	body := container.NewVBox()
	if n.Hint != "" {
		body.Add(widgets.NewCaption(n.Hint))
	}
	body.Add(r.list)
	r.root = widgets.NewSectionCard(n.Label, body, r.add)
	r.refresh()
	return r
}

func (r *repeat) object() fyne.CanvasObject { return r.root }

// arrange hides rows that are not relevant, and a repeat all of whose rows are not.
func (r *repeat) arrange() bool {
	whole, _ := r.view.in.Node(r.path)
	hidden := 0
	for _, row := range r.rows {
		n, _ := r.view.in.Node(row.path)
		row.root.Hidden = !n.Relevant
		if !n.Relevant {
			hidden++
		}
		if row.inner != nil {
			row.inner.arrange()
		}
	}
	return whole.Relevant && (hidden == 0 || hidden < len(r.rows))
}

// refresh brings the rows in step with the instance; rows that stay keep their widgets.
func (r *repeat) refresh() {
	n, ok := r.view.in.Node(r.path)
	if !ok {
		return
	}
	setEnabled(r.add, !n.Readonly)
	before := len(r.rows)
	for i := n.Rows; i < before; i++ {
		r.rows[i].forget()
	}
	r.rows = r.rows[:min(n.Rows, before)]
	for i := before; i < n.Rows; i++ {
		row := r.newRow(i + 1)
		r.rows = append(r.rows, row)
		if n.Rows <= openRows {
			row.open(true)
		}
	}
	if len(r.rows) != before || len(r.list.Objects) != len(r.rows) {
		r.list.Objects = nil
		for _, row := range r.rows {
			r.list.Objects = append(r.list.Objects, row.root)
		}
		r.list.Refresh()
	}
	r.refreshHeads()
}

func (r *repeat) refreshHeads() {
	for _, row := range r.rows {
		row.refreshHead()
	}
}

func (r *repeat) refreshHead(path string) {
	if row := r.row(path); row != nil {
		row.refreshHead()
	}
}

func (r *repeat) row(path string) *row {
	for _, row := range r.rows {
		if row.path == path {
			return row
		}
	}
	return nil
}

func (r *repeat) open(path string, on bool) {
	if row := r.row(path); row != nil {
		row.open(on)
	}
}

// addRow adds a row, opens it alone and puts the keyboard in it.
func (r *repeat) addRow() {
	path, changed, err := r.view.in.Add(r.path)
	r.view.settle(append(changed, r.path), err)
	if err != nil {
		return
	}
	for _, row := range r.rows {
		row.open(row.path == path)
	}
	if row := r.row(path); row != nil {
		row.focusFirst()
	}
}

// removeRow asks first when something was entered.
func (r *repeat) removeRow(at *row) {
	remove := func() {
		changed, err := r.view.in.Remove(at.path)
		if err == nil {
			r.dropFrom(at)
		}
		r.view.settle(append(changed, r.path), err)
	}
	if at.summary() == "" || r.view.o.Window == nil {
		remove()
		return
	}
	dialogs.Confirm(r.view.o.Window, dialogs.Question{
		Title: lang.T("form.row.remove"), Text: lang.T("form.row.remove.text", "row", at.summary()),
		Verb: lang.T("form.row.remove"), Danger: true, Yes: remove,
	})
}

// dropFrom forgets the widgets of a row and those after it: their paths have moved.
func (r *repeat) dropFrom(at *row) {
	for i, row := range r.rows {
		if row == at {
			for _, gone := range r.rows[i:] {
				gone.forget()
			}
			r.rows = r.rows[:i]
			return
		}
	}
}

func (r *repeat) newRow(number int) *row {
	n, _ := r.view.in.Node(rowPath(r.path, number))
	row := &row{repeat: r, path: n.Path, body: container.NewVBox()}
	row.head = newRowHead(number, func() { row.open(row.inner == nil) }, func() { r.removeRow(row) })
	row.body.Hide()
	row.root = container.NewVBox(row.head.root, row.body)
	return row
}

// open makes or drops the inputs of the row.
func (r *row) open(on bool) {
	if on == (r.inner != nil) {
		return
	}
	if !on {
		r.forget()
		r.body.RemoveAll()
		r.body.Hide()
		r.refreshHead()
		return
	}
	echo := r.repeat.view.busy
	r.repeat.view.busy = true
	nodes := r.repeat.view.in.All()
	depth := 0
	var inside []forms.Node
	for _, n := range nodes {
		if strings.HasPrefix(n.Path, r.path+"/") {
			if len(inside) == 0 {
				depth = n.Depth
			}
			inside = append(inside, n)
		}
	}
	r.inner = r.repeat.view.newGroup(inside, depth)
	r.body.Objects = r.inner.objects()
	r.body.Show()
	r.body.Refresh()
	r.repeat.view.busy = echo
	r.refreshHead()
}

// forget drops the view's knowledge of the inputs below the row.
func (r *row) forget() {
	r.inner = nil
	for path := range r.repeat.view.fields {
		if strings.HasPrefix(path, r.path+"/") {
			delete(r.repeat.view.fields, path)
		}
	}
	for path := range r.repeat.view.repeats {
		if strings.HasPrefix(path, r.path+"/") {
			delete(r.repeat.view.repeats, path)
		}
	}
}

// focusFirst puts the keyboard on the first input of the row.
func (r *row) focusFirst() {
	for _, it := range r.inner.items {
		if g, ok := it.(*grid); ok && len(g.shown) > 0 && focus(g.shown[0].control.focus()) {
			return
		}
	}
}

func (r *row) refreshHead() {
	n, _ := r.repeat.view.in.Node(r.repeat.path)
	r.head.show(r.summary(), r.inner != nil, r.problems(), !n.Readonly)
}

// summary is what a closed row says: its first answers, those about a person's
// protected data left out.
func (r *row) summary() string {
	n, ok := r.repeat.view.in.Node(r.path)
	if !ok {
		return ""
	}
	var parts []string
	for _, q := range n.Question.Children {
		if len(parts) == summaryParts {
			break
		}
		if q.IsContainer() || !drawn(q.Type) || q.Law["personal"] != "" {
			continue
		}
		if text := r.repeat.view.in.Display(r.path + "/" + q.Name); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// problems counts the errors in the row once all errors are shown.
func (r *row) problems() int {
	if !r.repeat.view.strict {
		return 0
	}
	count := 0
	for _, p := range r.repeat.view.in.Errors() {
		if strings.HasPrefix(p.Path, r.path+"/") {
			count++
		}
	}
	return count
}

func rowPath(repeat string, number int) string {
	return repeat + "[" + strconv.Itoa(number) + "]"
}

// rowHead is the line of a row: number, summary, errors, remove.
type rowHead struct {
	root   *fyne.Container
	number int
	toggle *widgets.Button
	tag    *widgets.Tag
	remove *widgets.Button
}

func newRowHead(number int, toggle, remove func()) *rowHead {
	h := &rowHead{number: number, tag: widgets.NewTag("", theme.Bad)}
	h.toggle = widgets.NewQuietButton("", fynetheme.MenuExpandIcon(), toggle)
	h.toggle.Alignment = widget.ButtonAlignLeading
	h.remove = widgets.NewQuietButton("", fynetheme.DeleteIcon(), remove)
	h.root = widgets.NewPanel(theme.Background, container.NewBorder(nil, nil, nil, container.NewHBox(h.tag, h.remove), h.toggle))
	return h
}

func (h *rowHead) show(summary string, open bool, problems int, removable bool) {
	text := lang.T("form.row", "n", h.number)
	if summary != "" {
		text += "  " + short(summary)
	}
	icon := fynetheme.MenuExpandIcon()
	if open {
		icon = fynetheme.MenuDropDownIcon()
	}
	if h.toggle.Text != text || h.toggle.Icon != icon {
		h.toggle.Text, h.toggle.Icon = text, icon
		h.toggle.Refresh()
	}
	word := ""
	if problems > 0 {
		word = lang.T("form.row.errors", "n", problems)
	}
	h.tag.Set(word, theme.Bad)
	setEnabled(h.remove, removable)
}

// short cuts a summary, because a button's text sets the least width of the form.
func short(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
