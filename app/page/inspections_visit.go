package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Parts of a visit, one in sight at a time.
const (
	partPlan      = "plan"
	partChecklist = "checklist"
	partRecord    = "record"
	partRoll      = "roll"
	partEvidence  = "evidence"
)

// part is one part of a visit.
type part interface {
	Content() fyne.CanvasObject
	FocusFirst()
}

// visit is one visit: its plan, and from the notice on what is found on site.
type visit struct {
	page *Inspections
	env  *Env
	k    kept[model.Inspection]

	plan     *visitPlan
	site     *siteRecord
	evidence *evidenceBox
	made     map[string]part
	tabs     *widgets.Segments
	body     *fyne.Container
	head     *fyne.Container
	content  fyne.CanvasObject
}

func (p *Inspections) open(env *Env, k kept[model.Inspection]) (*visit, error) {
	v := &visit{page: p, env: env, k: k, made: map[string]part{}, body: container.NewStack(), head: container.NewVBox()}
	var err error
	if v.plan, err = newVisitPlan(v); err != nil {
		return nil, err
	}
	v.site = newSiteRecord(v)
	v.made[partPlan] = v.plan
	first := partPlan
	if k.ID != "" {
		options := []widgets.Option{{Key: partPlan, Label: lang.T("inspections.part.plan")}}
		if v.onSite() {
			first = partChecklist
			options = append(options, widgets.Option{Key: partChecklist, Label: lang.T("inspections.part.checklist")},
				widgets.Option{Key: partRecord, Label: lang.T("inspections.part.record")})
		}
		options = append(options, widgets.Option{Key: partRoll, Label: lang.T("inspections.part.roll")},
			widgets.Option{Key: partEvidence, Label: lang.T("inspections.part.evidence")})
		v.tabs = widgets.NewTabs(options, v.turn)
		v.tabs.SetKey(first)
	}
	v.showHead()
	v.content = widgets.NewBorder(container.NewPadded(v.head), nil, nil, nil, container.NewPadded(v.body))
	v.turn(first)
	return v, nil
}

// onSite: from the notice on, the record of the site may be written.
func (v *visit) onSite() bool {
	return v.k.Value.State == model.InspectionAnnounced || v.recorded()
}

func (v *visit) recorded() bool { return v.k.Value.State == model.InspectionRecorded }

// part brings a part to the front and marks it as the one in sight.
func (v *visit) part(key string) {
	v.tabs.SetKey(key)
	v.turn(key)
}

// turn brings a part to the front; it is made when it is first wanted.
func (v *visit) turn(key string) {
	p, ok := v.made[key]
	if !ok {
		var err error
		if p, err = v.make(key); err != nil {
			showError(v.env, err)
			return
		}
		v.made[key] = p
	}
	v.body.Objects = []fyne.CanvasObject{p.Content()}
	v.body.Refresh()
}

func (v *visit) make(key string) (part, error) {
	switch key {
	case partChecklist:
		return v.site.checklist()
	case partRecord:
		return v.site.record()
	case partRoll:
		return newRollPart(v), nil
	default:
		return v.files(), nil
	}
}

// files is the evidence of the visit, made once.
func (v *visit) files() *evidenceBox {
	if v.evidence == nil {
		v.evidence = newEvidenceBox(v.env, casework.EvidenceIn{Case: v.k.Value.Case, Inspection: v.k.ID}, model.Query{Parent: v.k.ID}, nil)
	}
	return v.evidence
}

// showHead says where the visit stands and what comes next.
func (v *visit) showHead() {
	i := v.k.Value
	v.head.RemoveAll()
	if v.k.ID == "" {
		v.head.Add(widgets.NewCard(widgets.NewCaption(lang.T("inspections.next.new"))))
		return
	}
	announced := "inspections.next.announced"
	if casework.Started(i) {
		announced = "inspections.next.started"
	}
	next := map[string]string{model.InspectionPlanned: lang.T("inspections.next.planned"), model.InspectionApproved: lang.T("inspections.next.approved"),
		model.InspectionAnnounced: lang.T(announced), model.InspectionRecorded: lang.T("inspections.next.recorded")}[i.State]
	lines := []line{{Tag: stateLabel(i.State), Tone: stateTone(i.State), Title: v.page.inspected(i), Text: minuteText(i.Start), Note: next}}
	if i.Case != "" {
		lines = append(lines, line{Tag: lang.T("nav.cases"), Tone: theme.Info, Title: v.page.names.name(i.Case),
			Open: func() { v.env.Host.Go(placeCases, string(i.Case)) }})
	}
	v.head.Add(widgets.NewCard(container.NewVBox(rowsOf(lines), v.tabs)))
}

// Content implements detail.
func (v *visit) Content() fyne.CanvasObject { return v.content }

// Actions are the acts the state of the visit lets happen next.
func (v *visit) Actions() []widgets.Action {
	if v.k.ID == "" {
		return nil
	}
	evidence := widgets.Action{Label: lang.T("evidence.add"), Icon: fynetheme.MediaPhotoIcon(), Do: v.addEvidence}
	finish := widgets.Action{Label: lang.T("inspections.finish"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: v.site.finish}
	roll := widgets.Action{Label: lang.T("inspections.roll.import"), Icon: fynetheme.UploadIcon(), Do: v.importRoll, Disabled: v.recorded() || v.k.Value.Case == ""}
	switch v.k.Value.State {
	case model.InspectionPlanned:
		return []widgets.Action{{Label: lang.T("inspections.approve"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: v.approve}, roll, evidence}
	case model.InspectionApproved:
		return []widgets.Action{{Label: lang.T("inspections.announce"), Icon: fynetheme.MailSendIcon(), Primary: true, Do: v.announce}, roll, evidence}
	case model.InspectionAnnounced:
		if casework.Started(v.k.Value) {
			return []widgets.Action{finish, roll, evidence}
		}
		finish.Primary = false
		return []widgets.Action{{Label: lang.T("inspections.start"), Icon: fynetheme.MediaPlayIcon(), Primary: true, Do: v.start}, finish, roll, evidence}
	}
	return []widgets.Action{{Label: lang.T("inspections.orders"), Icon: fynetheme.DocumentCreateIcon(), Primary: true, Do: v.orders}, evidence}
}

// Editable: the plan is saved by hand until it is approved; what is found on
// site saves itself.
func (v *visit) Editable() bool {
	return v.k.ID == "" || v.k.Value.State == model.InspectionPlanned
}

// Save brings the plan to the front, where its errors are shown.
func (v *visit) Save(saved func(model.ID)) {
	if v.tabs != nil {
		v.part(partPlan)
	}
	v.plan.save(saved)
}

func (v *visit) Dirty() bool { return v.Editable() && v.plan.dirty() }

// Leave writes the draft and stops watching the card.
func (v *visit) Leave() {
	v.site.draft.flush()
	if v.evidence != nil {
		v.evidence.Leave()
	}
}

// FocusFirst implements detail.
func (v *visit) FocusFirst() {
	key := partPlan
	if v.tabs != nil {
		key = v.tabs.Key()
	}
	if p := v.made[key]; p != nil {
		p.FocusFirst()
	}
}

// again reads the visit again after an act.
func (v *visit) again() { v.page.Show(v.k.ID) }

func (v *visit) approve() {
	if v.unsaved() {
		return
	}
	title := lang.T("inspections.approve")
	dialogs.Ask(v.env.Host.Window(), dialogs.Prompt{Title: title, Label: lang.T("inspections.opinion"), Value: lang.T("inspections.opinion.agree"), Verb: title, Lines: 2,
		OK: func(opinion string) {
			v.page.acts.do(title, func(ctx context.Context) ([]casework.Reason, error) {
				_, err := v.env.Desk.ApproveVisit(ctx, v.k.ID, opinion)
				return nil, err
			}, v.again)
		}})
}

func (v *visit) announce() {
	v.page.acts.does("inspections.announce", func(ctx context.Context) ([]casework.Reason, error) {
		_, err := v.env.Desk.AnnounceVisit(ctx, v.k.ID)
		return nil, err
	}, v.again)
}

// start notes that the visit begins now and puts the keyboard on the checklist.
func (v *visit) start() {
	v.site.draft.flush()
	v.page.acts.does("inspections.start", func(ctx context.Context) ([]casework.Reason, error) {
		return v.env.Desk.StartVisit(ctx, v.k.ID)
	}, func() {
		v.again()
		v.page.FocusFirst()
	})
}

func (v *visit) unsaved() bool {
	if v.Dirty() {
		v.env.Host.Toast(lang.T("page.savefirst"), theme.Warning)
	}
	return v.Dirty()
}

func (v *visit) addEvidence() {
	v.part(partEvidence)
	v.files().pick()
}

// Dropped takes files dropped on the window as evidence of the open visit.
func (p *Inspections) Dropped(paths []string) {
	v, ok := p.shown.(*visit)
	if !ok || v.k.ID == "" {
		p.env.Host.Toast(lang.T("evidence.nowhere"), theme.Warning)
		return
	}
	v.part(partEvidence)
	v.files().Add(paths)
}
