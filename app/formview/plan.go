package formview

import (
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// plan is the form as it is shown now: its parts in order, and which questions
// have a place in them. A plan is made anew whenever what is relevant or the rows
// of a repeat change; parts that stay the same are taken over with their widgets.
type plan struct {
	view     *View
	parts    []*widgets.Part
	pieces   map[string]*widgets.Part // by what they show
	former   *plan
	fields   map[string]*field
	order    []string        // the questions that have a place, in order
	relevant map[string]bool // of every node outside of closed rows
	rows     map[string]int  // of every repeat
	heads    map[string]string
	missing  map[string]bool
	card     int
	stale    bool // parts were forgotten, a new plan is due
}

// newPlan plans the parts from the instance, with what stays of the former plan.
func newPlan(v *View, former *plan) *plan {
	if former == nil {
		former = &plan{}
	}
	p := &plan{view: v, former: former, pieces: map[string]*widgets.Part{}, fields: map[string]*field{},
		relevant: map[string]bool{}, rows: map[string]int{}, heads: map[string]string{}, missing: map[string]bool{}}
	if v.o.Head != nil {
		p.add("head", 0, 0, func() *widgets.Part {
			return &widgets.Part{Make: func() fyne.CanvasObject { return v.o.Head }, Guess: fixed(v.o.Head.MinSize().Height), Stop: true}
		})
	}
	nodes := v.in.All()
	for _, n := range nodes {
		if unanswered(n) {
			p.missing[n.Path] = true
		}
	}
	p.group(nodes, place{})
	p.former = nil
	return p
}

// place is where the parts of a group go: on which card and how far in.
type place struct {
	card   int
	indent float32
}

// add puts a part at the end, the former one if it showed the same.
func (p *plan) add(key string, card int, indent float32, fresh func() *widgets.Part) *widgets.Part {
	part := p.former.pieces[key]
	if part == nil {
		part = fresh()
	}
	part.Card, part.Indent = card, indent
	p.pieces[key] = part
	p.parts = append(p.parts, part)
	return part
}

func (p *plan) newCard() int {
	p.card++
	return p.card
}

// forgetBelow makes the next plan draw what lies below a path anew.
func (p *plan) forgetBelow(prefix string) {
	p.stale = true
	for key := range p.pieces {
		if strings.Contains(key, prefix) {
			delete(p.pieces, key)
		}
	}
	for path := range p.fields {
		if strings.HasPrefix(path, prefix) {
			delete(p.fields, path)
		}
	}
}

// headed tells whether a heading says something else now.
func (p *plan) headed(n forms.Node) bool {
	label, ok := p.heads[n.Path]
	return ok && label != n.Label
}

// after is where the node that follows nodes[i] with all below it stands.
func after(nodes []forms.Node, i int) int {
	end := i + 1
	for end < len(nodes) && (nodes[end].Depth > nodes[i].Depth || isRowOf(nodes[end], nodes[i])) {
		end++
	}
	return end
}

// isRowOf tells whether a node is a row of a repeat given as a whole.
func isRowOf(n, repeat forms.Node) bool {
	return repeat.Question.IsRepeat() && repeat.Row == 0 && n.Row > 0 && n.Question == repeat.Question
}

// group plans the nodes of one group: runs of questions in lines, and groups and
// repeats between them.
func (p *plan) group(nodes []forms.Node, at place) {
	run := &run{plan: p, at: at}
	for i := 0; i < len(nodes); {
		n, end := nodes[i], after(nodes, i)
		p.relevant[n.Path] = n.Relevant
		switch {
		case n.Question.IsRepeat():
			run.end()
			p.repeat(n, nodes[i+1:end], at)
		case n.Question.IsContainer() && n.Relevant:
			run.end()
			p.section(n, nodes[i+1:end], at)
		case n.Question.IsContainer():
			p.hide(nodes[i+1 : end])
		case n.Relevant && drawn(n.Question.Type):
			run.add(n)
		}
		i = end
	}
	run.end()
}

// hide notes what has no place because the group around it is not relevant.
func (p *plan) hide(nodes []forms.Node) {
	for _, n := range nodes {
		p.relevant[n.Path] = n.Relevant
		if n.Question.IsRepeat() && n.Row == 0 {
			p.rows[n.Path] = n.Rows
		}
	}
}

// section plans a group with its heading: on a card of its own at the top of the
// form, on the card of what is around it further in.
func (p *plan) section(n forms.Node, nodes []forms.Node, at place) {
	if at.card == 0 {
		at.card = p.newCard()
	}
	if n.Label != "" {
		p.heading(n, at)
	}
	if n.Question.HasAppearance("table-list") {
		p.listTable(n, nodes, at)
		return
	}
	p.group(nodes, at)
}

func (p *plan) heading(n forms.Node, at place) {
	p.heads[n.Path] = n.Label
	p.add("heading "+n.Path+" "+n.Label, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{
			Make:  func() fyne.CanvasObject { return widgets.NewSectionHead(n.Label) },
			Guess: fixed(theme.Size(theme.SizeRow)),
			Drop:  func() {},
		}
	})
}

func fixed(height float32) func(float32) float32 { return func(float32) float32 { return height } }

// run gathers questions that follow each other into lines as wide as the form.
type run struct {
	plan *plan
	at   place
	line []*field
	used int // twelfths
	card int
}

func (r *run) add(n forms.Node) {
	f := r.plan.field(n)
	if columns := headOf(n.Question); columns {
		r.flush()
		r.plan.listHead(n, f, r.place())
		return
	}
	if r.used+f.twelfths() > 12 {
		r.flush()
	}
	r.line = append(r.line, f)
	r.used += f.twelfths()
	if r.used >= 12 {
		r.flush()
	}
}

// place is where the lines go; questions at the top of a form get a card.
func (r *run) place() place {
	at := r.at
	if at.card == 0 {
		if r.card == 0 {
			r.card = r.plan.newCard()
		}
		at.card = r.card
	}
	return at
}

func (r *run) flush() {
	if len(r.line) > 0 {
		r.plan.line(r.line, r.place())
	}
	r.line, r.used = nil, 0
}

func (r *run) end() {
	r.flush()
	r.card = 0
}

// field takes a question's field over from the former plan or makes it.
func (p *plan) field(n forms.Node) *field {
	f := p.former.fields[n.Path]
	if f == nil {
		f = newField(p.view, n)
	}
	p.fields[n.Path] = f
	p.order = append(p.order, n.Path)
	return f
}

// line plans questions side by side.
func (p *plan) line(fields []*field, at place) {
	paths := make([]string, len(fields))
	for i, f := range fields {
		paths[i] = f.path
	}
	part := p.add("line "+strings.Join(paths, " "), at.card, at.indent, func() *widgets.Part {
		part := &widgets.Part{Guess: func(width float32) float32 { return guess(fields, width) }}
		part.Make = func() fyne.CanvasObject {
			boxes := make([]*widgets.Field, len(fields))
			for i, f := range fields {
				boxes[i] = f.widget()
			}
			return widgets.NewFieldGrid(boxes...)
		}
		part.Drop = func() {
			for _, f := range fields {
				if f.part == part || p.view.fields[f.path] != f {
					f.forget()
				}
			}
		}
		return part
	})
	part.Stop = false
	for _, f := range fields {
		f.part = part
		part.Stop = part.Stop || f.stops()
	}
}

// guess is about how high a line of questions is.
func guess(fields []*field, width float32) float32 {
	text, high := fynetheme.TextSize(), float32(0)
	if width < theme.Size(theme.SizeTwoColumns) {
		width = max(width, 1)
		for _, f := range fields {
			high += f.guess(width, text)
		}
		return high
	}
	for _, f := range fields {
		high = max(high, f.guess(width*float32(f.twelfths())/12, text))
	}
	return high
}
