package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// side is one side of a record's detail; open is called when it is turned to.
type side struct {
	label string
	body  fyne.CanvasObject
	open  func()
}

// sides shows one side of a detail at a time, so that each has the whole
// height. With only one there is nothing to turn.
type sides struct {
	list []side
	tabs *widgets.Segments
	head *fyne.Container
	body *fyne.Container
	root *fyne.Container
}

func newSides(list ...side) *sides {
	p := &sides{list: list, head: container.NewStack(), body: container.NewStack()}
	p.root = container.NewBorder(p.head, nil, nil, nil, container.NewPadded(p.body))
	p.Show(0)
	return p
}

// Root is what is shown.
func (p *sides) Root() fyne.CanvasObject { return p.root }

// Add appends a part.
func (p *sides) Add(x side) {
	p.list = append(p.list, x)
	options := make([]widgets.Option, len(p.list))
	for i, x := range p.list {
		options[i] = widgets.Option{Key: x.label, Label: x.label}
	}
	p.tabs = widgets.NewSegments(options, func(key string) {
		for i, x := range p.list {
			if x.label == key {
				p.Show(i)
			}
		}
	})
	p.tabs.SetKey(p.list[0].label)
	p.head.Objects = []fyne.CanvasObject{container.NewPadded(p.tabs)}
}

// Show turns to a part.
func (p *sides) Show(i int) {
	x := p.list[i]
	if p.tabs != nil {
		p.tabs.SetKey(x.label)
	}
	p.body.Objects = []fyne.CanvasObject{x.body}
	p.body.Refresh()
	if x.open != nil {
		x.open()
	}
}

// addPast adds what a kept employer or site has behind it, read when it is
// turned to.
func (e *Employers) addPast(p *sides, id model.ID) {
	if id == "" {
		return
	}
	body := container.NewVBox()
	root, _ := widgets.NewFormScroll(body)
	p.Add(side{lang.T("employers.part.past"), root, func() { e.readPast(body, id) }})
}

func (e *Employers) readPast(body *fyne.Container, id model.ID) {
	var past []casework.Past
	e.env.Host.Run(lang.T("employers.past.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		past, err = e.env.Desk.History(ctx, id)
		return err
	}, func(err error) {
		body.RemoveAll()
		switch {
		case err != nil:
			showError(e.env, err)
		case len(past) == 0:
			body.Add(widgets.AtLeast(0, 160, widgets.NewEmptyState(fynetheme.HistoryIcon(), lang.T("employers.past.empty"), widgets.Action{})))
		default:
			body.Add(widgets.NewCard(rowsOf(e.pastLines(past))))
		}
		body.Refresh()
	})
}

func (e *Employers) pastLines(past []casework.Past) []line {
	words := map[model.Kind]string{model.KindCase: lang.T("kind.case"), model.KindInspection: lang.T("kind.inspection"), model.KindDocument: lang.T("kind.document")}
	lines := make([]line, len(past))
	for i, p := range past {
		note := words[p.Kind]
		for _, more := range []string{dayText(p.On), p.Number} {
			if more != "" {
				note += "　" + more
			}
		}
		lines[i] = line{Tag: stateLabel(p.State), Tone: stateTone(p.State), Title: p.Title, Note: note,
			Open: func() { e.env.Host.Go(placeOf(p.Kind), string(p.Record)) }}
	}
	return lines
}
