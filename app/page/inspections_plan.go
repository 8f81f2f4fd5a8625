package page

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// visitPlan is the part of a visit that is approved: whom, why, when, by whom.
type visitPlan struct {
	v              *visit
	form           *recordForm
	employer, site *pick
	two            *pair
	helpers        []model.ID
	named          *widgets.Paragraph // the helpers by name
	code           *visitCode
	picked         bool
	content        fyne.CanvasObject
}

func newVisitPlan(v *visit) (*visitPlan, error) {
	i := v.k.Value
	p := &visitPlan{v: v, helpers: i.Helpers}
	changed := func() { p.picked = true }
	p.employer = v.page.names.newPick(lang.T("inspections.employer"), model.KindEmployer, i.Employer, changed)
	p.employer.Star()
	p.site = v.page.names.newPick(lang.T("leads.site"), model.KindSite, i.Site, func() { changed(); p.fromSite() })
	p.site.party = p.employer.ID
	var err error
	if p.two, err = p.officers(changed); err != nil {
		return nil, err
	}
	if p.form, err = newRecordForm(v.env, "visit", i, nil); err != nil {
		return nil, err
	}
	p.code = newVisitCode(p, changed)
	if !v.Editable() {
		p.form.Freeze()
		p.employer.Freeze()
		p.site.Freeze()
		p.two.Freeze()
	}
	head := container.NewVBox(widgets.NewSectionCard(lang.T("inspections.object"),
		widgets.NewFieldGrid(p.employer.Field, p.site.Field, p.two.fields[0], p.two.fields[1], p.helperField(changed), p.code.field)))
	if papers := v.papers(); len(papers) > 0 {
		head.Add(widgets.NewSectionCard(lang.T("inspections.papers"), rowsOf(papers)))
	}
	p.content = widgets.NewBorder(head, nil, nil, nil, p.form.Root())
	return p, nil
}

// officers are those of the visit; for a new one without a case, those proposed.
func (p *visitPlan) officers(changed func()) (*pair, error) {
	if p.v.k.ID == "" && len(p.v.k.Value.Officers) == 0 {
		return p.v.page.names.newOwnPair(changed)
	}
	return p.v.page.names.newPair(p.v.k.Value.Officers, changed)
}

// helperField names who comes along beside the two officers, and lets them be
// chosen from everybody of the office.
func (p *visitPlan) helperField(changed func()) *widgets.Field {
	p.named = widgets.NewParagraph("")
	choose := widgets.NewQuietButton(lang.T("inspections.helpers.choose"), fynetheme.AccountIcon(), func() { p.chooseHelpers(changed) })
	if !p.v.Editable() {
		choose.Hide()
	}
	p.nameHelpers()
	return widgets.NewField(lang.T("inspections.helpers"), widgets.NewBorder(nil, nil, nil, choose, p.named)).Span()
}

func (p *visitPlan) nameHelpers() {
	names := make([]string, len(p.helpers))
	for i, id := range p.helpers {
		names[i] = p.v.page.names.name(id)
	}
	p.named.SetText(joined(names...))
	if len(names) == 0 {
		p.named.SetText(lang.T("inspections.helpers.none"))
	}
}

// helperHeight shows some eight names at a time.
const helperHeight = 240

func (p *visitPlan) chooseHelpers(changed func()) {
	people, err := p.v.page.names.officers()
	if err != nil {
		showError(p.v.env, err)
		return
	}
	people = slices.DeleteFunc(people, func(o widgets.Option) bool { return slices.Contains(p.two.IDs(), model.ID(o.Key)) })
	checks := widgets.NewChecks(people, nil)
	keys := make([]string, len(p.helpers))
	for i, id := range p.helpers {
		keys[i] = string(id)
	}
	checks.SetKeys(keys)
	scroll, _ := widgets.NewFormScroll(checks.Root)
	dialogs.Custom(p.v.env.Host.Window(), lang.T("inspections.helpers"), widgets.AtLeast(420, helperHeight, scroll), nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("inspections.helpers.take"), Primary: true, Do: func() {
			shut()
			p.helpers = nil
			for _, key := range checks.Keys() {
				p.helpers = append(p.helpers, model.ID(key))
			}
			p.nameHelpers()
			changed()
		}}}
	})
}

// fromSite takes place and employer from the site chosen, where nothing stands yet.
func (p *visitPlan) fromSite() {
	s, err := readOne[model.Site](p.v.env, p.site.ID())
	if err != nil {
		return // nothing is chosen any more
	}
	if p.employer.ID() == "" && s.Value.General != "" {
		p.employer.Set(s.Value.General, p.v.page.names.name(s.Value.General))
	}
	if p.form.in.Value("/plan/place") == "" {
		changed, err := p.form.in.Set("/plan/place", s.Value.Address)
		if err == nil { // a form that has no place keeps its own
			p.form.view.Apply(changed)
		}
	}
}

// papers are the documents of the visit.
func (v *visit) papers() []line {
	if v.k.ID == "" {
		return nil
	}
	docs, err := readAll[model.Document](v.env, model.Query{Parent: v.k.ID})
	if err != nil {
		showError(v.env, err)
	}
	var out []line
	for _, d := range docs {
		number := ""
		if d.Value.Issued != nil {
			number = d.Value.Issued.Number
		}
		out = append(out, line{Tag: stateLabel(d.Value.State), Tone: stateTone(d.Value.State), Title: d.Value.Title, Text: number,
			Open: func() { v.env.Host.Go(placeDocuments, string(d.ID)) }})
	}
	return out
}

// Content implements part.
func (p *visitPlan) Content() fyne.CanvasObject { return p.content }

// FocusFirst implements part.
func (p *visitPlan) FocusFirst() { widgets.Focus(p.employer.input.Focusable()) }

func (p *visitPlan) dirty() bool { return p.picked || p.form.Dirty() }

// save plans the visit, or writes its changed plan.
func (p *visitPlan) save(saved func(model.ID)) {
	formOK, twoOK := p.form.OK(), p.two.Check()
	if !checkPicks(p.employer, p.site) || !twoOK || !formOK {
		return
	}
	k := p.v.k
	i := *k.Value
	if err := p.form.Write(&i); err != nil {
		showError(p.v.env, err)
		return
	}
	i.Employer, i.Site, i.Officers, i.Helpers = p.employer.ID(), p.site.ID(), p.two.IDs(), p.helpers
	write(p.v.env, func(ctx context.Context) (id model.ID, err error) {
		if k.ID == "" {
			id, err = p.v.env.Desk.PlanVisit(ctx, i)
		} else {
			id, err = p.v.env.Desk.Save(ctx, k.ID, k.Rev, &i)
		}
		if err != nil {
			return "", err
		}
		return id, p.code.keep(ctx, id)
	}, saved)
}
