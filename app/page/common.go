package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// kept is a record as it was read: its id, the revision it stands at, its value.
type kept[T any] = casework.Kept[T]

// recordOf is the pointer type of a record, so that a page can be written once
// for all kinds.
type recordOf[T any] interface {
	*T
	model.Record
}

// readOne reads a record at its head.
func readOne[T any, P recordOf[T]](env *Env, id model.ID) (kept[T], error) {
	h, err := env.Desk.Journal.Head(context.Background(), id)
	if err != nil {
		return kept[T]{}, err
	}
	v, err := model.As[T, P](h.Body)
	return kept[T]{ID: h.ID, Rev: h.Rev, Value: v}, err
}

// readAll reads the heads of a query that are of the kind of T, in its order.
func readAll[T any, P recordOf[T]](env *Env, q model.Query) ([]kept[T], error) {
	return readList[T, P](context.Background(), env, q)
}

// readList is readAll until its context ends.
func readList[T any, P recordOf[T]](ctx context.Context, env *Env, q model.Query) ([]kept[T], error) {
	q.Kind = P(new(T)).Kind()
	heads, err := env.Desk.Journal.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]kept[T], 0, len(heads))
	for _, h := range heads {
		v, err := model.As[T, P](h.Body)
		if err != nil {
			return nil, err
		}
		out = append(out, kept[T]{ID: h.ID, Rev: h.Rev, Value: v})
	}
	return out, nil
}

// mostRows is how many records a list holds; a search reaches the others.
const mostRows = 1000

// filterWidth shows the longest state whole.
const filterWidth = 112

// newArg as the argument of a page opens a new record.
const newArg = "new"

// detail is what the right pane shows of one record.
type detail interface {
	Content() fyne.CanvasObject
	// Actions are the acts on this record, the most important first.
	Actions() []widgets.Action
	// Editable tells whether there is something to save by hand.
	Editable() bool
	Dirty() bool
	// Save writes what was edited and calls saved with the record's id; it
	// shows what is wrong otherwise.
	Save(saved func(model.ID))
	FocusFirst()
	// Leave is told that the detail is dropped: write drafts.
	Leave()
}

// reading is a detail that only shows; embed it and add what differs.
type reading struct{ content fyne.CanvasObject }

func (r *reading) Content() fyne.CanvasObject { return r.content }
func (*reading) Actions() []widgets.Action    { return nil }
func (*reading) Editable() bool               { return false }
func (*reading) Dirty() bool                  { return false }
func (*reading) Save(func(model.ID))          {}
func (*reading) FocusFirst()                  {}
func (*reading) Leave()                       {}

// recordSpec is a page of records as data.
type recordSpec[T any] struct {
	Place   string // key of the navigation
	Columns []widgets.Column[kept[T]]
	States  []string       // choices of the filter; none: no filter
	Waiting []string       // states counted beside the place in the navigation
	Empty   string         // what to do while there is no record, in words
	Icon    fyne.Resource  // of the empty list
	New     string         // words of the button that makes a record; "": none are made here
	Begin   widgets.Action // offered by the empty list where none are made here
	// Open makes the detail of a record; a new one has no id.
	Open func(k kept[T]) (detail, error)
	// Exact is what every record of the page is picked by, see model.Exactly.
	Exact []string
	// Hide leaves a record out unless it is searched for; nil hides none.
	Hide func(k kept[T]) bool
}

// recordPage lists the records of a kind at the left and shows one at the
// right. Embedded in a page it gives the shell all it asks for.
type recordPage[T any, P recordOf[T]] struct {
	env  *Env
	spec recordSpec[T]

	panes  *widgets.Panes
	list   *widgets.RecordList[kept[T]]
	search *widgets.Entry
	filter *widgets.Select
	count  *fyne.Container
	empty  *fyne.Container // shown in place of the list
	right  *fyne.Container
	shown  detail
	id     model.ID // of what is shown; "" with shown set: a new one
	quiet  bool     // a row is selected to show where one is, not to open it
	built  bool     // the shell knows the page
	reader reader
}

// newRecordPage lays the page out and opens the record named by arg, if any.
func newRecordPage[T any, P recordOf[T]](env *Env, spec recordSpec[T], arg string) *recordPage[T, P] {
	p := &recordPage[T, P]{env: env, spec: spec, right: container.NewStack(), count: container.NewHBox(), empty: container.NewStack()}
	p.list = widgets.NewRecordList(spec.Columns, p.empty)
	p.list.OnSelect = p.selected
	p.list.OnOpen = func(kept[T]) { p.panes.ShowDetail(); p.FocusFirst() }
	p.search = widgets.NewEntry()
	p.search.SetPlaceHolder(lang.T("page.search"))
	p.search.OnChanged = func(string) { p.reload() }
	p.panes = widgets.NewPanes(widgets.NewBorder(p.filterBar(), nil, nil, nil, p.list), p.right)
	p.clear()
	p.reload()
	switch arg {
	case "":
	case newArg:
		p.New()
	default:
		p.Show(model.ID(arg))
	}
	p.built = true
	return p
}

func (p *recordPage[T, P]) filterBar() fyne.CanvasObject {
	right := container.NewHBox()
	if len(p.spec.States) > 0 {
		options := []widgets.Option{{Key: "", Label: lang.T("page.allstates")}}
		for _, s := range p.spec.States {
			options = append(options, widgets.Option{Key: s, Label: stateLabel(s)})
		}
		p.filter = widgets.NewSelect(options, func(string) { p.reload() })
		p.filter.SetKey("")
		right.Add(widgets.AtLeast(filterWidth, 0, p.filter))
	}
	right.Add(p.count)
	return container.NewPadded(widgets.NewBorder(nil, nil, nil, right, p.search))
}

// Title implements shell.Page.
func (p *recordPage[T, P]) Title() string { return lang.T("nav." + p.spec.Place) }

// Content implements shell.Page.
func (p *recordPage[T, P]) Content() fyne.CanvasObject { return p.panes.Root }

// Actions puts the acts on the record first, then what every list can do.
func (p *recordPage[T, P]) Actions() []widgets.Action {
	var out []widgets.Action
	if p.shown != nil {
		out = append(out, p.shown.Actions()...)
		if p.shown.Editable() {
			out = append(out, widgets.Action{Label: lang.T("page.save"), Icon: fynetheme.DocumentSaveIcon(), Do: p.Save})
		}
	}
	if p.spec.New != "" {
		out = append(out, widgets.Action{Label: p.spec.New, Icon: fynetheme.ContentAddIcon(), Do: p.New})
	}
	return append(out, widgets.Action{Label: lang.T("page.refresh"), Icon: fynetheme.ViewRefreshIcon(), Do: p.Refresh})
}

// New opens an empty record.
func (p *recordPage[T, P]) New() {
	if p.spec.New == "" {
		return
	}
	p.NewFrom(kept[T]{Value: new(T)})
}

// NewFrom opens a new record with what is known of it already.
func (p *recordPage[T, P]) NewFrom(k kept[T]) {
	p.guard(func() {
		p.list.Unselect()
		p.open(k)
		p.panes.ShowDetail()
		p.FocusFirst()
	}, nil)
}

// Save writes what is edited.
func (p *recordPage[T, P]) Save() {
	if p.shown != nil && p.shown.Editable() {
		p.shown.Save(p.saved)
	}
}

func (p *recordPage[T, P]) saved(id model.ID) {
	p.env.Host.Say(lang.T("page.saved"))
	p.Show(id)
}

// Submit does the first act on the record, the one its state waits for.
func (p *recordPage[T, P]) Submit() {
	if p.shown == nil {
		return
	}
	for _, a := range p.shown.Actions() {
		if a.Primary && !a.Disabled {
			a.Do()
			return
		}
	}
}

// Find puts the keyboard on the search.
func (p *recordPage[T, P]) Find() {
	p.panes.ShowList()
	widgets.Focus(p.search)
}

// Refresh reads list and record again, unless something is being edited.
func (p *recordPage[T, P]) Refresh() {
	if p.shown != nil && p.id != "" && !p.shown.Dirty() {
		p.Show(p.id)
		return
	}
	p.reload()
}

// Step opens the next (+1) or the record before.
func (p *recordPage[T, P]) Step(by int) { p.list.Step(by) }

// FocusFirst puts the keyboard on the first input of the record.
func (p *recordPage[T, P]) FocusFirst() {
	if p.shown != nil {
		p.shown.FocusFirst()
	}
}

// Arrived puts the keyboard into a new record.
func (p *recordPage[T, P]) Arrived() {
	if p.shown != nil && p.id == "" {
		p.FocusFirst()
	}
}

// Dirty tells whether something is not saved.
func (p *recordPage[T, P]) Dirty() bool { return p.shown != nil && p.shown.Dirty() }

// Leave writes drafts.
func (p *recordPage[T, P]) Leave() {
	if p.shown != nil {
		p.shown.Leave()
	}
}

// Show reads the list again and opens a record from the journal.
func (p *recordPage[T, P]) Show(id model.ID) {
	p.id = id
	p.reload()
	k, err := readOne[T, P](p.env, id)
	if err != nil {
		p.clear()
		dialogs.Error(p.env.Host.Window(), err)
		return
	}
	p.open(k)
	p.panes.ShowDetail()
}

// emptyState says what to do when there is no record, or none that is looked for.
func (p *recordPage[T, P]) emptyState() fyne.CanvasObject {
	if p.search.Text != "" || (p.filter != nil && p.filter.Key() != "") {
		return widgets.NewEmptyState(fynetheme.SearchIcon(), lang.T("page.nomatch"), widgets.Action{Label: lang.T("page.showall"), Do: p.showAll})
	}
	act := p.spec.Begin
	if p.spec.New != "" {
		act = widgets.Action{Label: p.spec.New, Icon: fynetheme.ContentAddIcon(), Do: p.New, Primary: true}
	}
	return widgets.NewEmptyState(p.spec.Icon, p.spec.Empty, act)
}

// showAll drops search and filter.
func (p *recordPage[T, P]) showAll() {
	if p.filter != nil {
		p.filter.SetKey("")
	}
	p.search.SetText("") // reads the list again when there was a text
	p.reload()
}

// selected opens the row one moved to, after asking about what is not saved.
func (p *recordPage[T, P]) selected(k kept[T]) {
	if p.quiet || (k.ID == p.id && p.shown != nil) {
		if !p.quiet {
			p.panes.ShowDetail()
		}
		return
	}
	p.guard(func() {
		p.open(k)
		p.panes.ShowDetail()
	}, p.reload)
}

// open shows a record in the right pane.
func (p *recordPage[T, P]) open(k kept[T]) {
	d, err := p.spec.Open(k)
	if err != nil {
		dialogs.Error(p.env.Host.Window(), err)
		return
	}
	p.Leave()
	p.shown, p.id = d, k.ID
	p.right.Objects = []fyne.CanvasObject{d.Content()}
	p.right.Refresh()
	if p.built {
		p.env.Host.ShowActions()
	}
}

// clear shows that nothing is open.
func (p *recordPage[T, P]) clear() {
	p.shown, p.id = nil, ""
	p.right.Objects = []fyne.CanvasObject{widgets.NewEmptyState(nil, lang.T("page.pick"), widgets.Action{})}
	p.right.Refresh()
}

// guard goes on when nothing is unsaved, else asks; stay is what putting it
// off does.
func (p *recordPage[T, P]) guard(then, stay func()) {
	if !p.Dirty() {
		then()
		return
	}
	dialogs.Choose(p.env.Host.Window(), lang.T("shell.dirty.title"), lang.T("shell.dirty.text", "page", p.Title()), stay,
		widgets.Action{Label: lang.T("shell.dirty.discard"), Danger: true, Do: then},
		widgets.Action{Label: lang.T("page.save"), Primary: true, Do: func() {
			p.Save()
			if !p.Dirty() { // else what was wrong has been shown
				then()
			}
		}})
}
