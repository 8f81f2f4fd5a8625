package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"anxin/app/widgets"
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
	at   int // the one shown
	tabs *widgets.Segments
	head *fyne.Container
	body *fyne.Container
	root *fyne.Container
}

func newSides(list ...side) *sides {
	p := &sides{list: list, head: container.NewStack(), body: container.NewStack()}
	p.root = widgets.NewBorder(p.head, nil, nil, nil, container.NewPadded(p.body))
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
	p.tabs = widgets.NewTabs(options, func(key string) {
		for i, x := range p.list {
			if x.label == key {
				p.Show(i)
			}
		}
	})
	p.tabs.SetKey(p.list[0].label)
	p.head.Objects = []fyne.CanvasObject{container.NewPadded(p.tabs)}
}

// Banner puts something above all parts.
func (p *sides) Banner(o fyne.CanvasObject) {
	inside := p.root.Objects
	p.root.Layout, p.root.Objects = layout.NewBorderLayout(o, nil, nil, nil), []fyne.CanvasObject{o, container.New(layout.NewBorderLayout(p.head, nil, nil, nil), inside...)}
}

// Show turns to a part.
func (p *sides) Show(i int) {
	x := p.list[i]
	p.at = i
	if p.tabs != nil {
		p.tabs.SetKey(x.label)
	}
	p.body.Objects = []fyne.CanvasObject{x.body}
	p.body.Refresh()
	if x.open != nil {
		x.open()
	}
}
