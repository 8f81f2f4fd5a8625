package page

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// Parts of the page of registers.
const (
	tabEmployers = "employer"
	tabSites     = "site"
	tabGrids     = "grid"
)

// Employers is the page of the registers: employers, sites and grids, each a
// list with its form, and the import of all of them from a workbook.
type Employers struct {
	env  *Env
	regs *registers
	tabs *widgets.Segments
	at   string
	list registerList
	body *fyne.Container
	root fyne.CanvasObject
}

// registerList is what the page needs of any of its lists.
type registerList interface {
	Content() fyne.CanvasObject
	Actions() []widgets.Action
	New()
	Save()
	Find()
	Refresh()
	Step(by int)
	FocusFirst()
	Dirty() bool
	Leave()
	State() string
	Restore(state string)
	Show(id model.ID)
	guard(then, stay func())
	Back() bool
	unanswerer
}

// NewEmployers opens the list that holds arg, an employer's, site's or grid's id.
func NewEmployers(env *Env, arg string) *Employers {
	e := &Employers{env: env, regs: newRegisters(env), body: container.NewStack()}
	e.tabs = widgets.NewTabs([]widgets.Option{{Key: tabEmployers, Label: lang.T("employers.tab.employers")},
		{Key: tabSites, Label: lang.T("employers.tab.sites")}, {Key: tabGrids, Label: lang.T("employers.tab.grids")}}, e.turn)
	e.root = widgets.NewBorder(container.NewPadded(e.tabs), nil, nil, nil, e.body)
	e.show(e.tabOf(arg), arg)
	return e
}

// tabOf is the list a record stands in.
func (e *Employers) tabOf(id string) string {
	if id != "" {
		if h, err := e.env.Desk.Journal.Head(context.Background(), model.ID(id)); err == nil {
			switch h.Kind {
			case model.KindSite:
				return tabSites
			case model.KindGrid:
				return tabGrids
			}
		}
	}
	return tabEmployers
}

// turn goes to another list, after asking about what is not saved.
func (e *Employers) turn(tab string) {
	e.tabs.SetKey(e.at)
	if tab == "" || tab == e.at {
		return
	}
	e.list.guard(func() { e.show(tab, "") }, nil)
}

// show builds a list; the one before is dropped.
func (e *Employers) show(tab, arg string) {
	if e.list != nil {
		e.list.Leave()
	}
	e.regs.forget()
	e.at = tab
	e.tabs.SetKey(tab)
	switch tab {
	case tabSites:
		e.list = newRecordPage[model.Site](e.env, e.sites(), arg)
	case tabGrids:
		e.list = newRecordPage[model.Grid](e.env, e.grids(), arg)
	default:
		e.list = newRecordPage[model.Employer](e.env, e.employers(), arg)
	}
	e.body.Objects = []fyne.CanvasObject{e.list.Content()}
	e.body.Refresh()
	e.env.Host.ShowActions()
}

func (e *Employers) employers() recordSpec[model.Employer] {
	return recordSpec[model.Employer]{Place: "employers", Icon: fynetheme.AccountIcon(), Empty: lang.T("employers.empty"), New: lang.T("employers.new"),
		Columns: []widgets.Column[kept[model.Employer]]{
			{Title: lang.T("employers.col.name"), Cell: func(k kept[model.Employer]) string { return e.named(k.Value.Name, k.ID, k.Value.Twin) },
				Compare: func(a, b kept[model.Employer]) int { return strings.Compare(a.Value.Name, b.Value.Name) }},
			textColumn(lang.T("employers.col.uscc"), 158, 420, func(v *model.Employer) string { return v.USCC }),
			textColumn(lang.T("employers.col.grid"), 110, 520, func(v *model.Employer) string { return v.Grid }),
			textColumn(lang.T("employers.col.grade"), 50, 600, func(v *model.Employer) string { return v.Grade }),
		},
		Hide: func(k kept[model.Employer]) bool { return k.Value.StandsFor(k.ID) != "" }, Open: e.openEmployer}
}

func (e *Employers) sites() recordSpec[model.Site] {
	return recordSpec[model.Site]{Place: "employers", Icon: fynetheme.HomeIcon(), Empty: lang.T("sites.empty"), New: lang.T("sites.new"),
		Columns: []widgets.Column[kept[model.Site]]{
			{Title: lang.T("sites.col.name"), Cell: func(k kept[model.Site]) string { return e.named(k.Value.Name, k.ID, k.Value.Twin) },
				Compare: func(a, b kept[model.Site]) int { return strings.Compare(a.Value.Name, b.Value.Name) }},
			textColumn(lang.T("sites.col.general"), 170, 420, func(v *model.Site) string { return e.regs.name(v.General) }),
			textColumn(lang.T("sites.col.stage"), 60, 480, func(v *model.Site) string { return stageLabel(v.Stage) }),
			textColumn(lang.T("sites.col.permit"), 130, 620, func(v *model.Site) string { return v.PermitNo }),
		},
		Hide: func(k kept[model.Site]) bool { return k.Value.StandsFor(k.ID) != "" }, Open: e.openSite}
}

func (e *Employers) grids() recordSpec[model.Grid] {
	return recordSpec[model.Grid]{Place: "employers", Icon: fynetheme.GridIcon(), Empty: lang.T("grids.empty"), New: lang.T("grids.new"),
		Columns: []widgets.Column[kept[model.Grid]]{
			textColumn(lang.T("grids.col.code"), 130, 0, func(v *model.Grid) string { return v.Code }),
			textColumn(lang.T("grids.col.name"), 0, 0, func(v *model.Grid) string { return v.Name }),
			textColumn(lang.T("grids.col.level"), 50, 380, func(v *model.Grid) string { return strconv.Itoa(v.Level) }),
			textColumn(lang.T("grids.col.keeper"), 80, 420, func(v *model.Grid) string { return v.Keeper }),
		},
		Open: e.openGrid}
}

// Title implements shell.Page.
func (e *Employers) Title() string { return lang.T("nav.employers") }

// Content implements shell.Page.
func (e *Employers) Content() fyne.CanvasObject { return e.root }

// Actions adds the import and the look for doubles to what the list can do.
func (e *Employers) Actions() []widgets.Action {
	out := e.list.Actions()
	if e.at != tabGrids {
		out = append(out, widgets.Action{Label: lang.T("employers.alike"), Icon: fynetheme.ContentCopyIcon(), Do: e.findAlike})
	}
	return append(out, widgets.Action{Label: lang.T("employers.import"), Icon: fynetheme.UploadIcon(), Do: func() { e.env.Host.Go("employers", ImportArg) }})
}

// New implements shell.Creator.
func (e *Employers) New() { e.list.New() }

// Save implements shell.Saver.
func (e *Employers) Save() { e.list.Save() }

// Find implements shell.Finder.
func (e *Employers) Find() { e.list.Find() }

// Refresh implements shell.Refresher.
func (e *Employers) Refresh() {
	e.regs.forget()
	e.list.Refresh()
}

// Step implements shell.Stepper.
func (e *Employers) Step(by int) { e.list.Step(by) }

// FocusFirst implements shell.FirstFielder.
func (e *Employers) FocusFirst() { e.list.FocusFirst() }

// Dirty implements shell.Dirtier.
func (e *Employers) Dirty() bool { return e.list.Dirty() }

// Leave implements shell.Leaver.
func (e *Employers) Leave() { e.list.Leave() }

// State remembers the list and the record open in it.
func (e *Employers) State() string { return e.at + "/" + e.list.State() }

// Restore implements shell.Rememberer.
func (e *Employers) Restore(state string) {
	tab, open, ok := strings.Cut(state, "/")
	if !ok {
		return
	}
	if tab != e.at {
		e.show(tab, "")
	}
	e.list.Restore(open)
}
