package page

import (
	"cmp"
	"context"
	"errors"
	"strings"

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

// Leads lists complaints, reports and tasks from above, registers them and
// decides on them.
type Leads struct {
	*recordPage[model.Lead, *model.Lead]
	names *registers
	acts  *acts
}

// NewLeads opens the page; arg names a lead to open, "new" a new one.
func NewLeads(env *Env, arg string) *Leads {
	l := &Leads{names: newRegisters(env), acts: &acts{env: env}}
	l.recordPage = newRecordPage(env, recordSpec[model.Lead]{
		Place: placeLeads, Columns: l.columns(env),
		States:  []string{model.LeadRegistered, model.LeadSupplement, model.LeadAccepted, model.LeadRejected, model.LeadTransferred},
		Waiting: []string{model.LeadRegistered},
		Empty:   lang.T("leads.empty"), Icon: fynetheme.MailComposeIcon(), New: lang.T("leads.new"),
		Open: func(k kept[model.Lead]) (detail, error) { return l.open(env, k) },
	}, arg)
	return l
}

func (l *Leads) columns(env *Env) []widgets.Column[kept[model.Lead]] {
	return []widgets.Column[kept[model.Lead]]{
		textColumn(lang.T("leads.respondent"), 0, 0, l.respondent),
		textColumn(lang.T("leads.source"), 120, 440, func(v *model.Lead) string { return lang.Said(v.Source) }),
		moneyColumn(lang.T("leads.amount"), 92, 620, func(v *model.Lead) int64 { return v.AmountFen }),
		{Title: lang.T("col.due"), Width: 92, Cell: func(k kept[model.Lead]) string { return openDue(k.Value) },
			Tone:    func(k kept[model.Lead]) theme.Tone { return dueTone(k.Value.DecideBy, env.Now()) },
			Compare: func(a, b kept[model.Lead]) int { return cmp.Compare(a.Value.DecideBy, b.Value.DecideBy) }},
		stateColumn(func(v *model.Lead) string { return v.State }),
	}
}

// openDue is the day a lead must be decided by while it is not decided.
func openDue(v *model.Lead) string {
	if v.State != model.LeadRegistered {
		return ""
	}
	return string(v.DecideBy)
}

func (l *Leads) respondent(v *model.Lead) string {
	if v.Employer != "" {
		return l.names.name(v.Employer)
	}
	return l.names.name(v.Site)
}

// lead is one lead in its form.
type lead struct {
	page           *Leads
	env            *Env
	k              kept[model.Lead]
	form           *recordForm
	employer, site *pick
	picked         bool
	content        fyne.CanvasObject
}

func (l *Leads) open(env *Env, k kept[model.Lead]) (*lead, error) {
	d := &lead{page: l, env: env, k: k}
	var err error
	if d.form, err = newRecordForm(env, "lead", k.Value, nil); err != nil {
		return nil, err
	}
	changed := func() { d.picked = true }
	d.employer = l.names.newPick(lang.T("leads.employer"), model.KindEmployer, k.Value.Employer, changed)
	d.site = l.names.newPick(lang.T("leads.site"), model.KindSite, k.Value.Site, changed)
	d.site.party = d.employer.ID
	if d.decided() {
		d.form.Freeze()
		d.employer.Freeze()
		d.site.Freeze()
	}
	d.employer.SetHint(lang.T("leads.respondent.hint"))
	head := widgets.NewSectionCard(lang.T("leads.about"), container.NewVBox(d.standing(), widgets.NewFieldGrid(d.employer.Field, d.site.Field)))
	d.content = widgets.NewBorder(container.NewPadded(head), nil, nil, nil, container.NewPadded(d.form.Root()))
	return d, nil
}

// decided: a lead that was accepted or declined is only read.
func (d *lead) decided() bool { return d.k.ID != "" && d.k.Value.State != model.LeadRegistered }

// standing says where the lead stands and what comes next.
func (d *lead) standing() fyne.CanvasObject {
	v := d.k.Value
	switch {
	case d.k.ID == "":
		return widgets.NewCaption(lang.T("leads.standing.new"))
	case v.Decided != nil:
		row := widgets.NewBorder(nil, nil, widgets.NewTag(stateLabel(v.State), stateTone(v.State)), nil,
			widgets.NewParagraph(lang.T("leads.standing.decided", "at", minuteText(v.Decided.At), "who", d.page.names.name(v.Decided.By), "reason", v.Decided.Reason)))
		if v.Case == "" {
			return row
		}
		return container.NewVBox(row, newLinkRow(line{Tag: lang.T("nav.cases"), Tone: theme.Info, Title: d.page.names.name(v.Case),
			Open: func() { d.env.Host.Go(placeCases, string(v.Case)) }}))
	}
	return rowsOf([]line{{Tag: stateLabel(v.State), Tone: dueTone(v.DecideBy, d.env.Now()), Title: lang.T("leads.standing.decide"),
		Text: dueText(v.DecideBy, d.env.Now()), Note: clockNote(d.env, "complaint.accept", v.ReceivedAt)}})
}

// Content implements detail.
func (d *lead) Content() fyne.CanvasObject { return d.content }

// Actions implements detail.
func (d *lead) Actions() []widgets.Action {
	if d.k.ID != "" && d.k.Value.State == model.LeadSupplement {
		return []widgets.Action{{Label: lang.T("leads.supplemented"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: d.supplemented}}
	}
	if d.k.ID == "" || d.decided() {
		return nil
	}
	return []widgets.Action{
		{Label: lang.T("leads.accept"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: d.accept},
		{Label: lang.T("leads.supplement"), Icon: fynetheme.MailReplyIcon(), Do: d.askSupplement},
		{Label: lang.T("leads.decline"), Icon: fynetheme.CancelIcon(), Do: func() { d.decline(model.LeadRejected, lang.T("leads.decline")) }},
		{Label: lang.T("leads.transfer"), Icon: fynetheme.MailForwardIcon(), Do: func() { d.decline(model.LeadTransferred, lang.T("leads.transfer")) }},
	}
}

func (d *lead) Editable() bool { return !d.decided() }
func (d *lead) Dirty() bool    { return d.form.Dirty() || d.picked }
func (d *lead) Leave()         {}

// FocusFirst implements detail.
func (d *lead) FocusFirst() { widgets.Focus(d.employer.input.Focusable()) }

// Save implements detail.
func (d *lead) Save(saved func(model.ID)) {
	if formOK := d.form.OK(); !checkPicks(d.employer, d.site) || !formOK {
		return
	}
	if d.employer.ID() == "" && d.site.ID() == "" {
		d.employer.SetError(lang.T("leads.respondent.missing"))
		d.FocusFirst()
		d.employer.settle()
		return
	}
	v := *d.k.Value
	v.State = model.LeadRegistered
	if err := d.form.Write(&v); err != nil {
		showError(d.env, err)
		return
	}
	v.Employer, v.Site = d.employer.ID(), d.site.ID()
	write(d.env, func(ctx context.Context) (model.ID, error) {
		if d.k.ID == "" {
			return d.env.Desk.RegisterLead(ctx, v)
		}
		return d.env.Desk.Save(ctx, d.k.ID, d.k.Rev, &v)
	}, saved)
}

// accept asks for the cause and the two officers and opens the case.
func (d *lead) accept() {
	if d.unsaved() {
		return
	}
	two, err := d.page.names.newOwnPair(nil)
	if err != nil {
		showError(d.env, err)
		return
	}
	var options []widgets.Option
	for _, c := range d.env.Desk.Law.Dictionary("cause") {
		options = append(options, widgets.Option{Key: c.Text, Label: lang.Said(c.Text)})
	}
	cause := widgets.NewSelect(options, nil)
	causeField := widgets.NewField(lang.T("leads.cause"), cause).Star().Span()
	reason := widgets.NewMultiLine(2)
	body := widgets.NewFieldGrid(causeField, two.fields[0].Span(), two.fields[1].Span(), widgets.NewField(lang.T("leads.reason"), reason).Span())
	dialogs.Custom(d.env.Host.Window(), lang.T("leads.accept"), body, cause, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("leads.accept.verb"), Primary: true, Do: func() {
			causeField.SetError("")
			if cause.Key() == "" {
				causeField.SetError(lang.T("register.required"))
			}
			if !two.Check() || cause.Key() == "" {
				return
			}
			closeIt()
			d.open(casework.Acceptance{Lead: d.k.ID, Cause: cause.Key(), Officers: two.IDs(), Reason: reason.Text})
		}}}
	})
}

// open opens the case and goes to it.
func (d *lead) open(a casework.Acceptance) {
	var id model.ID
	d.page.acts.does("leads.accept", func(ctx context.Context) (_ []casework.Reason, err error) {
		id, err = d.env.Desk.AcceptLead(ctx, a)
		return nil, err
	}, func() {
		d.page.tally()
		d.env.Host.Go(placeCases, string(id))
	})
}

// askSupplement asks the complainant for what is missing; the period to decide
// stands still.
func (d *lead) askSupplement() {
	d.askReason(reasonOf{lang.T("leads.supplement"), lang.T("leads.supplement.what"), lang.T("leads.supplement.hint"), lang.T("leads.supplement.missing")},
		func(ctx context.Context, text string) error { return d.env.Desk.AskSupplement(ctx, d.k.ID, text) })
}

// supplemented puts the lead back: the period to decide runs anew.
func (d *lead) supplemented() {
	d.page.acts.does("leads.supplemented", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, d.env.Desk.Supplemented(ctx, d.k.ID)
	}, func() { d.page.Show(d.k.ID) })
}

// decline asks for the reason the complainant is told.
func (d *lead) decline(outcome, title string) {
	d.askReason(reasonOf{title, lang.T("leads.reason"), lang.T("leads.reason.hint"), lang.T("leads.reason.missing")},
		func(ctx context.Context, text string) error {
			return d.env.Desk.DeclineLead(ctx, d.k.ID, outcome, text)
		})
}

// reasonOf are the words of the question for a reason.
type reasonOf struct{ title, label, hint, missing string }

// askReason asks for a text and does an act with it.
func (d *lead) askReason(q reasonOf, act func(ctx context.Context, text string) error) {
	if d.unsaved() {
		return
	}
	dialogs.Ask(d.env.Host.Window(), dialogs.Prompt{Title: q.title, Label: q.label, Hint: q.hint, Verb: q.title, Lines: 3,
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return errors.New(q.missing)
			}
			return nil
		},
		OK: func(text string) {
			d.page.acts.do(q.title, func(ctx context.Context) ([]casework.Reason, error) { return nil, act(ctx, text) }, func() { d.page.Show(d.k.ID) })
		}})
}

// unsaved asks to save before an act: it is done on what the journal has.
func (d *lead) unsaved() bool {
	if d.Dirty() {
		d.env.Host.Toast(lang.T("page.savefirst"), theme.Warning)
	}
	return d.Dirty()
}
