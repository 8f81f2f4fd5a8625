package formview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/widgets"
	"anxin/forms"
)

// group is a group of the form, the form itself, or a row of a repeat: runs of
// questions in grids, and groups and repeats between them.
type group struct {
	view  *View
	items []item
}

// item is one part of a group. arrange shows what is relevant and hides the
// rest, and tells whether anything is left to see.
type item interface {
	object() fyne.CanvasObject
	arrange() bool
}

// newGroup reads the nodes deeper than or at a depth; the slice holds one group only.
func (v *View) newGroup(nodes []forms.Node, depth int) *group {
	g := &group{view: v}
	var run *grid
	for i := 0; i < len(nodes); {
		n := nodes[i]
		end := i + 1
		for end < len(nodes) && (nodes[end].Depth > depth || isRowOf(nodes[end], n)) {
			end++
		}
		switch {
		case n.Question.IsRepeat():
			g.items, run = append(g.items, v.newRepeat(n)), nil
		case n.Question.IsContainer():
			g.items, run = append(g.items, v.newSection(n, nodes[i+1:end])), nil
		case drawn(n.Question.Type):
			if run == nil {
				run = &grid{box: widgets.NewFieldGrid()}
				run.root = run.box
				if depth == 0 {
					run.root = widgets.NewCard(run.box)
				}
				g.items = append(g.items, run)
			}
			run.fields = append(run.fields, v.newField(n))
		}
		i = end
	}
	g.arrange()
	return g
}

// isRowOf tells whether a node is a row of a repeat given as a whole.
func isRowOf(n, repeat forms.Node) bool {
	return repeat.Question.IsRepeat() && repeat.Row == 0 && n.Row > 0 && n.Question == repeat.Question
}

// drawn tells whether questions of a type are shown at all.
func drawn(t forms.Type) bool {
	switch t {
	case forms.TypeCalculate, forms.TypeHidden, forms.TypeStart, forms.TypeEnd, forms.TypeToday, forms.TypeDeviceID, forms.TypeUsername:
		return false
	}
	return true
}

func (g *group) objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(g.items))
	for i, it := range g.items {
		objects[i] = it.object()
	}
	return objects
}

func (g *group) arrange() bool {
	any := false
	for _, it := range g.items {
		seen := it.arrange()
		if o := it.object(); o.Visible() != seen {
			if seen {
				o.Show()
			} else {
				o.Hide()
			}
		}
		any = any || seen
	}
	return any
}

// grid is a run of questions. Only the relevant ones have widgets in it.
type grid struct {
	root   *fyne.Container
	box    *fyne.Container
	fields []*field
	shown  []*field
}

func (g *grid) object() fyne.CanvasObject { return g.root }

func (g *grid) arrange() bool {
	var now []*field
	for _, f := range g.fields {
		if f.relevant {
			now = append(now, f)
		}
	}
	if !same(now, g.shown) {
		g.shown = now
		fields := make([]*widgets.Field, len(now))
		for i, f := range now {
			fields[i] = f.widget()
		}
		widgets.SetFields(g.box, fields...)
	}
	return len(now) > 0
}

func same(a, b []*field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// section is a group of the form with its heading: a card at the top of the
// form, a plain heading further in.
type section struct {
	root  *fyne.Container
	inner *group
}

func (v *View) newSection(n forms.Node, nodes []forms.Node) *section {
	s := &section{inner: v.newGroup(nodes, n.Depth+1)}
	body := container.NewVBox(s.inner.objects()...)
	switch {
	case n.Depth == 0 && n.Label != "":
		s.root = widgets.NewSectionCard(n.Label, body)
	case n.Depth == 0:
		s.root = widgets.NewCard(body)
	case n.Label != "":
		s.root = container.NewVBox(widgets.NewHeading(n.Label), body)
	default:
		s.root = body
	}
	return s
}

func (s *section) object() fyne.CanvasObject { return s.root }
func (s *section) arrange() bool             { return s.inner.arrange() }
