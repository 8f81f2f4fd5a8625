package formview

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
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
	rowIndent    = 12
)

// repeat is a repeat of the form: a table where its questions are few and short
// and there is room, else lines that open. The inputs of a closed line do not exist.
type repeat struct {
	view    *View
	path    string
	columns []*forms.Question // of the table; nil when it cannot be one
	table   bool
	opened  []bool // by row
	heads   map[string]*rowHead
	cells   map[string]*tableRow
}

// repeat plans a repeat: a heading, its rows, and the line to add one.
func (p *plan) repeat(n forms.Node, nodes []forms.Node, at place) {
	p.rows[n.Path] = n.Rows
	r := p.view.repeats[n.Path]
	if r == nil {
		r = &repeat{view: p.view, path: n.Path, columns: columnsOf(n.Question), heads: map[string]*rowHead{}, cells: map[string]*tableRow{}}
		p.view.repeats[n.Path] = r
	}
	r.count(n.Rows)
	r.table = r.fits()
	if !n.Relevant || n.Rows > 0 && !anyRelevant(nodes, n.Question) {
		p.hide(nodes)
		return
	}
	if at.card == 0 {
		at.card = p.newCard()
	}
	p.heading(n, at)
	if n.Hint != "" && !p.view.in.Frozen() {
		p.add("hint "+n.Path, at.card, at.indent, func() *widgets.Part {
			return &widgets.Part{Make: func() fyne.CanvasObject { return widgets.NewCaption(n.Hint) }, Guess: fixed(theme.Size(theme.SizeRow))}
		})
	}
	if r.table && n.Rows > 0 {
		p.tableHead(r, n, at)
	}
	for i := 0; i < len(nodes); {
		end := after(nodes, i)
		p.relevant[nodes[i].Path] = nodes[i].Relevant
		switch {
		case !nodes[i].Relevant:
			p.hide(nodes[i+1 : end])
		case r.table:
			p.tableRow(r, n, nodes[i:end], at)
		default:
			p.openLine(r, nodes[i:end], at)
		}
		i = end
	}
	if !n.Readonly {
		p.foot(r, n, at)
	}
}

func anyRelevant(nodes []forms.Node, q *forms.Question) bool {
	return slices.ContainsFunc(nodes, func(n forms.Node) bool { return n.Question == q && n.Relevant })
}

// foot is the line below the rows: the button that adds one, and the keys.
func (p *plan) foot(r *repeat, n forms.Node, at place) {
	table := r.table && n.Rows > 0
	key := "foot " + n.Path
	if table {
		key += " table"
	}
	p.add(key, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{Stop: true, Guess: fixed(theme.Size(theme.SizeRow)), Drop: func() {}, Make: func() fyne.CanvasObject {
			add := widgets.NewActionButton(widgets.Action{Label: lang.T("form.row.add"), Icon: fynetheme.ContentAddIcon(), Do: r.addRow})
			line := container.NewHBox(add)
			if !table {
				return line
			}
			return widgets.NewBorder(nil, nil, line, nil, widgets.NewCaption(lang.T("form.table.keys")))
		}}
	})
}

// openLine plans a row as a line, and what is in it when it is open.
func (p *plan) openLine(r *repeat, nodes []forms.Node, at place) {
	n := nodes[0]
	p.add("row "+n.Path, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{Stop: true, Guess: fixed(theme.Size(theme.SizeRow) + 4),
			Make: func() fyne.CanvasObject {
				head := newRowHead(r, n.Row)
				r.heads[n.Path] = head
				r.refreshHead(n.Path)
				return head.root
			},
			Drop: func() { delete(r.heads, n.Path) }}
	})
	if r.opened[n.Row-1] {
		p.group(nodes[1:], place{at.card, at.indent + rowIndent})
	}
}

// count brings what is open in step with the number of rows.
func (r *repeat) count(rows int) {
	for len(r.opened) < rows {
		r.opened = append(r.opened, rows <= openRows)
	}
	r.opened = r.opened[:rows]
}

// setOpen opens or closes a row of lines; false if nothing changed.
func (r *repeat) setOpen(number int, on bool) bool {
	if r.table || number < 1 || number > len(r.opened) || r.opened[number-1] == on {
		return false
	}
	r.opened[number-1] = on
	return true
}

func (r *repeat) toggle(number int) {
	r.setOpen(number, !r.opened[number-1])
	r.view.lay()
	r.refreshHead(rowPath(r.path, number))
}

// addRow adds a row, opens it alone and puts the keyboard in it.
func (r *repeat) addRow() {
	path, changed, err := r.view.in.Add(r.path)
	if err == nil {
		clear(r.opened)
		r.count(rowNumber(path))
		r.setOpen(rowNumber(path), true)
	}
	r.view.settle(append(changed, r.path), err)
	if err == nil {
		r.refreshHeads()
		r.view.Jump(path)
	}
}

// removeRow asks first when something was entered.
func (r *repeat) removeRow(number int) {
	path := rowPath(r.path, number)
	remove := func() {
		changed, err := r.view.in.Remove(path)
		if err == nil {
			r.opened = slices.Delete(r.opened, number-1, number)
			r.view.plan.forgetBelow(r.path + "[")
			r.dropNested()
		}
		r.view.settle(append(changed, r.path), err)
		if rows := r.view.in.Count(r.path); err == nil && rows > 0 {
			r.view.Jump(rowPath(r.path, min(number, rows)))
		}
	}
	summary := r.summary(path)
	if summary == "" || r.view.o.Window == nil {
		remove()
		return
	}
	dialogs.Confirm(r.view.o.Window, dialogs.Question{
		Title: lang.T("form.row.remove"), Text: lang.T("form.row.remove.text", "row", summary),
		Verb: lang.T("form.row.remove"), Danger: true, Yes: remove,
	})
}

// moveRow gives a row another place; the keyboard goes with it, to the question
// below the row it was on.
func (r *repeat) moveRow(number, to int, below string) {
	if to < 1 || to > r.view.in.Count(r.path) {
		return
	}
	changed, err := r.view.in.Move(rowPath(r.path, number), to)
	if err == nil {
		open := r.opened[number-1]
		r.opened = slices.Insert(slices.Delete(r.opened, number-1, number), to-1, open)
		r.view.plan.forgetBelow(r.path + "[")
		r.dropNested()
	}
	r.view.settle(append(changed, r.path), err)
	if err == nil {
		r.view.Jump(rowPath(r.path, to) + below)
	}
}

// dropNested forgets which rows were open in repeats inside: their paths have moved.
func (r *repeat) dropNested() {
	for path := range r.view.repeats {
		if strings.HasPrefix(path, r.path+"[") {
			delete(r.view.repeats, path)
		}
	}
}

// rowOf is the innermost row a question lies in: its repeat, its number, and the
// path of the question below it.
func (v *View) rowOf(path string) (r *repeat, number int, below string) {
	end := strings.LastIndexByte(path, ']') + 1
	if end == 0 {
		return nil, 0, ""
	}
	start := strings.LastIndexByte(path[:end], '[')
	return v.repeats[path[:start]], rowNumber(path[:end]), path[end:]
}

// shortcut moves the row with the keyboard by Alt+Up and Alt+Down and removes it
// by Ctrl+Minus.
func (v *View) rowShortcut(f *field, s *desktop.CustomShortcut) bool {
	r, number, below := v.rowOf(f.path)
	if n, ok := v.in.Node(f.path); r == nil || !ok || n.Readonly && v.in.Frozen() {
		return false
	}
	switch {
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyUp:
		r.moveRow(number, number-1, below)
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyDown:
		r.moveRow(number, number+1, below)
	case s.Modifier == fyne.KeyModifierControl && s.KeyName == fyne.KeyMinus:
		r.removeRow(number)
	default:
		return false
	}
	return true
}

func (r *repeat) refreshHeads() {
	for path := range r.heads {
		r.refreshHead(path)
	}
}

func (r *repeat) refreshHead(path string) {
	head := r.heads[path]
	if number := rowNumber(path); head != nil && number <= len(r.opened) {
		n, _ := r.view.in.Node(r.path)
		head.show(r.summary(path), r.opened[number-1], r.problems(path), !n.Readonly)
	}
}

// summary is what a closed row says: its first answers, those about a person's
// protected data left out.
func (r *repeat) summary(path string) string {
	n, ok := r.view.in.Node(path)
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
		text := r.view.in.Display(path + "/" + q.Name)
		if text != "" && q.Type == forms.TypeImage && r.view.o.Called != nil {
			text = r.view.o.Called(text)
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// problems counts the errors in the row once all errors are shown.
func (r *repeat) problems(path string) int {
	if !r.view.strict {
		return 0
	}
	count := 0
	for _, p := range r.view.in.Errors() {
		if strings.HasPrefix(p.Path, path+"/") {
			count++
		}
	}
	return count
}

func rowPath(repeat string, number int) string {
	return repeat + "[" + strconv.Itoa(number) + "]"
}

// rowNumber is the number at the end of a row's path.
func rowNumber(path string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(path[strings.LastIndexByte(path, '[')+1:], "]"))
	if err != nil {
		return 0
	}
	return n
}

// rowHead is the line of a row: number, summary, errors, move, remove.
type rowHead struct {
	root   *fyne.Container
	number int
	toggle *widgets.Button
	tag    *widgets.Tag
	remove *widgets.Button
	moves  *fyne.Container
}

func newRowHead(r *repeat, number int) *rowHead {
	h := &rowHead{number: number, tag: widgets.NewTag("", theme.Bad)}
	h.toggle = widgets.NewQuietButton("", fynetheme.MenuExpandIcon(), func() { r.toggle(number) }).Hinted(lang.T("widget.verb.fold"))
	h.toggle.Alignment = widget.ButtonAlignLeading
	h.remove = widgets.NewQuietButton("", fynetheme.DeleteIcon(), func() { r.removeRow(number) }).Hinted(lang.T("widget.verb.remove"))
	h.moves = container.NewHBox(
		widgets.NewIconTap(fynetheme.MoveUpIcon(), func() { r.moveRow(number, number-1, "") }).Hinted(lang.T("widget.verb.up")),
		widgets.NewIconTap(fynetheme.MoveDownIcon(), func() { r.moveRow(number, number+1, "") }).Hinted(lang.T("widget.verb.down")))
	right := container.NewHBox(h.tag, h.moves, h.remove)
	h.root = widgets.NewPanel(theme.Background, widgets.NewBorder(nil, nil, nil, right, h.toggle))
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
	h.moves.Hidden = !removable
	setEnabled(h.remove, removable)
}

// short cuts a summary, because a button's text sets the least width of the form,
// and a form stands beside a list. A Chinese character is as wide as two others.
func short(text string) string {
	const most = 48
	wide := 0
	for i, r := range text {
		wide++
		if r >= firstWide {
			wide++
		}
		if wide > most {
			return text[:i] + "…"
		}
	}
	return text
}

// firstWide is where the scripts begin whose characters fill a square.
const firstWide = '\u2e80'
