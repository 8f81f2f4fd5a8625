package page

import (
	"cmp"
	"strings"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// Inspections lists visits, plans them, takes them through approval and
// notice, and records what was found on site.
type Inspections struct {
	*recordPage[model.Inspection, *model.Inspection]
	names *registers
	acts  *acts
}

// ofCase before a case's id as the argument of the page plans a visit of the case.
const ofCase = "case:"

// NewInspections opens the page; arg names a visit to open, "new" a new one,
// "case:" and an id a new one of a case.
func NewInspections(env *Env, arg string) *Inspections {
	p := &Inspections{names: newRegisters(env), acts: &acts{env: env}}
	of, isNew := strings.CutPrefix(arg, ofCase)
	if isNew {
		arg = ""
	}
	p.recordPage = newRecordPage(env, recordSpec[model.Inspection]{
		Place: placeInspections, Columns: p.columns(),
		States:  []string{model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced, model.InspectionRecorded},
		Waiting: []string{model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced},
		Empty:   lang.T("inspections.empty"), Icon: fynetheme.SearchIcon(), New: lang.T("inspections.new"),
		Open: func(k kept[model.Inspection]) (detail, error) { return p.open(env, k) },
	}, arg)
	if isNew {
		p.planFor(model.ID(of))
	}
	return p
}

// Actions adds the way to the random draws.
func (p *Inspections) Actions() []widgets.Action {
	return append(p.recordPage.Actions(), widgets.Action{Label: lang.T("draws.open"), Icon: fynetheme.MediaReplayIcon(), Do: func() { p.env.Host.Go(placeInspections, DrawsArg) }})
}

func (p *Inspections) columns() []widgets.Column[kept[model.Inspection]] {
	return []widgets.Column[kept[model.Inspection]]{
		{Title: lang.T("inspections.date"), Width: 92, Cell: func(k kept[model.Inspection]) string { return dayText(k.Value.Start) },
			Compare: func(a, b kept[model.Inspection]) int { return a.Value.Start.Compare(b.Value.Start) }},
		textColumn(lang.T("inspections.inspected"), 0, 0, p.inspected),
		{Title: lang.T("inspections.type"), Width: 78, DropBelow: 420, Cell: func(k kept[model.Inspection]) string { return lang.Said(k.Value.Type) },
			Compare: func(a, b kept[model.Inspection]) int { return cmp.Compare(a.Value.Type, b.Value.Type) }},
		stateColumn(func(v *model.Inspection) string { return v.State }),
	}
}

// inspected is the site where there is one: an employer has many.
func (p *Inspections) inspected(v *model.Inspection) string {
	if v.Site != "" {
		return p.names.name(v.Site)
	}
	return p.names.name(v.Employer)
}

// planFor opens a new visit with what the case knows.
func (p *Inspections) planFor(of model.ID) {
	c, err := readOne[model.Case](p.env, of)
	if err != nil {
		showError(p.env, err)
		return
	}
	v := &model.Inspection{Type: "个案", Source: "投诉举报", Matter: c.Value.Cause, Case: of, Employer: c.Value.Employer, Site: c.Value.Site,
		Officers: []model.ID{c.Value.LeadOfficer, c.Value.Assistant}}
	if s, err := readOne[model.Site](p.env, v.Site); err == nil {
		v.Place = s.Value.Address
		if v.Employer == "" {
			v.Employer = s.Value.General
		}
	}
	p.NewFrom(kept[model.Inspection]{Value: v})
}
