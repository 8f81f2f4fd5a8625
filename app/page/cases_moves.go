package page

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// readFile reads something of the whole file off the window and shows it; a
// file has hundreds of records.
func (d *caseDetail) readFile(title string, read func(ctx context.Context) error, show func() fyne.CanvasObject) fyne.CanvasObject {
	box := container.NewVBox(widgets.NewCaption(lang.T("cases.reading")))
	d.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return read(ctx) }, func(err error) {
		box.RemoveAll()
		if err != nil {
			showError(d.env, err)
			return
		}
		box.Add(show())
	})
	root, _ := widgets.NewFormScroll(box)
	return root
}

// moves lists the steps out of the state the case stands in.
func (d *caseDetail) moves() fyne.CanvasObject {
	var list []casework.Move
	return d.readFile(lang.T("cases.part.moves"), func(ctx context.Context) (err error) {
		list, err = d.env.Desk.Next(ctx, d.k.ID)
		return err
	}, func() fyne.CanvasObject { return d.movesList(list) })
}

// movesList puts the steps that can be taken before those that cannot.
func (d *caseDetail) movesList(list []casework.Move) fyne.CanvasObject {
	if len(list) == 0 {
		return container.NewVBox(widgets.NewEmptyState(nil, lang.T("cases.moves.none"), widgets.Action{}), d.matters())
	}
	open, closed := container.NewVBox(), container.NewVBox()
	for _, m := range list {
		if m.Open() {
			open.Add(d.openMove(m))
		} else {
			closed.Add(d.closedMove(m))
		}
	}
	if len(open.Objects) == 0 {
		open.Add(widgets.NewCaption(lang.T("cases.moves.noneopen")))
	}
	box := container.NewVBox(widgets.NewSectionCard(lang.T("cases.moves.open"), open))
	if len(closed.Objects) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("cases.moves.closed"), closed))
	}
	box.Add(d.matters())
	return box
}

func (d *caseDetail) openMove(m casework.Move) fyne.CanvasObject {
	return entry(entryWidth, widgets.NewActionButton(widgets.Action{Label: lang.Said(m.Act), Primary: true, Do: func() { d.take(m) }}),
		widgets.NewParagraph(d.leadsTo(m)), joined(m.Article, lang.Said(m.Note)), reasonList(m.Reasons))
}

func (d *caseDetail) closedMove(m casework.Move) fyne.CanvasObject {
	act := widgets.NewHeading(lang.Said(m.Act))
	act.Importance = widget.LowImportance
	to := widgets.NewParagraph(d.leadsTo(m))
	to.Importance = widget.LowImportance
	return entry(entryWidth, act, to, joined(m.Article, lang.Said(m.Note)), reasonList(m.Reasons))
}

// leadsTo says the state a step leads to.
func (d *caseDetail) leadsTo(m casework.Move) string {
	if m.To == d.k.Value.State {
		return lang.T("cases.moves.stays")
	}
	return lang.T("cases.moves.to", "state", stateLabel(m.To))
}

// entryWidth holds the name of a step.
const entryWidth = 150

// entry is one item of a list that is read: its head at the left in a column of
// a width, a title, and below it the notes that say something, each wrapped.
func entry(width float32, head, title fyne.CanvasObject, notes ...string) fyne.CanvasObject {
	words := container.New(layout.NewCustomPaddedVBoxLayout(-noteLift), title)
	for _, n := range notes {
		if n != "" {
			words.Add(widgets.NewCaption(n))
		}
	}
	return widgets.NewBorder(nil, nil, widgets.AtLeast(width, 0, container.NewVBox(head)), nil, words)
}

// taking is the form a step is taken with.
type taking struct {
	move   casework.Move
	paper  *widgets.Select
	why    *widgets.Entry
	fields []*widgets.Field
}

// take asks on which paper and why, and takes the step.
func (d *caseDetail) take(m casework.Move) {
	t := d.newTaking(m)
	body := container.NewVBox(widgets.NewParagraph(d.leadsTo(m)), widgets.NewFieldGrid(t.fields...))
	dialogs.Custom(d.env.Host.Window(), lang.Said(m.Act), body, t.why, func(done func()) []widgets.Action {
		return []widgets.Action{{Label: lang.Said(m.Act), Primary: true, Do: func() {
			if t.check() {
				done()
				d.carryOut(m, t.in())
			}
		}}}
	})
}

func (d *caseDetail) newTaking(m casework.Move) *taking {
	t := &taking{move: m, why: widgets.NewMultiLine(2)}
	if len(m.Documents) > 0 {
		t.paper = widgets.NewSelect(d.papers(m.Ready), nil)
		t.paper.SetKey(string(m.Ready[len(m.Ready)-1]))
		t.fields = append(t.fields, widgets.NewField(lang.T("cases.moves.document"), t.paper).Span().Star())
	}
	why := widgets.NewField(lang.T("cases.moves.reason"), t.why).Span()
	why.SetHint(joined(lang.T("cases.moves.reason.hint"), lang.Said(m.Note)))
	if t.paper == nil {
		why.Star()
	}
	t.fields = append(t.fields, why)
	return t
}

// documents are the papers of the case, for a choice among them.
func (d *caseDetail) documents() []kept[model.Document] {
	list, err := readAll[model.Document](d.env, model.Query{Case: d.k.ID, Limit: mostRows})
	if err != nil {
		showError(d.env, err)
	}
	return list
}

// papers are documents of the case by title and number.
func (d *caseDetail) papers(ids []model.ID) []widgets.Option {
	var out []widgets.Option
	for _, k := range d.documents() {
		if slices.Contains(ids, k.ID) {
			out = append(out, widgets.Option{Key: string(k.ID), Label: joined(k.Value.Title, k.Value.Issued.Number)})
		}
	}
	return out
}

// check asks for the paper, or for a reason where no paper gives one.
func (t *taking) check() bool {
	first, problem := t.fields[0], ""
	switch {
	case t.paper != nil && t.paper.Key() == "":
		problem = lang.T("cases.moves.document.missing")
	case t.paper == nil && t.why.Text == "":
		problem = lang.T("cases.moves.reason.missing")
	}
	first.SetError(problem)
	return problem == ""
}

func (t *taking) in() casework.MoveIn {
	in := casework.MoveIn{Reason: t.why.Text}
	if t.paper != nil {
		in.Document = model.ID(t.paper.Key())
	}
	return in
}

// carryOut takes the step and shows what can follow it.
func (d *caseDetail) carryOut(m casework.Move, in casework.MoveIn) {
	d.page.acts.do(lang.Said(m.Act), func(ctx context.Context) ([]casework.Reason, error) {
		return d.env.Desk.Move(ctx, d.k.ID, m.To, in)
	}, d.showMoves)
}
