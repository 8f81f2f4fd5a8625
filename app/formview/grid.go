package formview

import (
	"fyne.io/fyne/v2"

	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// listTable plans a group with the appearance table-list: the labels of the
// choices above, and a row of marks for each question of that list. A question of
// another list, or of no list, ends the grid and stands as it would elsewhere.
func (p *plan) listTable(group forms.Node, nodes []forms.Node, at place) {
	list := ""
	for i := 0; i < len(nodes); {
		n, end := nodes[i], after(nodes, i)
		p.relevant[n.Path] = n.Relevant
		switch {
		case n.Relevant && inGrid(n.Question):
			f := p.field(n)
			if n.Question.ListName != list {
				list = n.Question.ListName
				p.marksHead("grid "+n.Path, "", f, at)
			}
			p.line([]*field{f}, at)
		default:
			p.group(nodes[i:end], at)
		}
		i = end
	}
}

// listHead plans a question with the appearance label: its label and those of its
// choices, above the questions marked list-nolabel that follow.
func (p *plan) listHead(n forms.Node, f *field, at place) {
	f.look = lookNote // it takes no answer
	p.marksHead("grid "+n.Path, n.Label, f, at)
}

func (p *plan) marksHead(key, label string, f *field, at place) {
	part := p.add(key, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{Guess: fixed(theme.Size(theme.SizeRow)), Drop: func() {}, Make: func() fyne.CanvasObject {
			head := widgets.NewField(label, widgets.NewMarksHead(f.choices()))
			head.Wide, head.Beside = true, true
			head.SetLabel(label, false)
			return widgets.NewFieldGrid(head)
		}}
	})
	f.part = part
}

// choices are the choices of a question as the form lists them, without a filter.
func (f *field) choices() []widgets.Option {
	options := make([]widgets.Option, len(f.question.Choices))
	for i, c := range f.question.Choices {
		options[i] = widgets.Option{Key: c.Name, Label: labelOf(c, f.view.o.Language)}
	}
	return options
}
