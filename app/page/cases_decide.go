package page

import (
	"context"
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

// matterRecusal is the matter that is about an officer.
const matterRecusal = "回避"

// matters lists what was decided or put on record within the case, and takes
// more down.
func (d *caseDetail) matters() fyne.CanvasObject {
	body := container.NewVBox()
	if lines := d.decided(); len(lines) > 0 {
		body.Add(rowsOf(lines))
	} else {
		body.Add(widgets.NewCaption(lang.T("cases.decide.none")))
	}
	if s := d.k.Value.Sanction; s != nil {
		body.Add(newLinkRow(line{Tag: lang.T("cases.propose"), Tone: theme.Warning, Title: yuan(s.FineFen), Text: s.Tier, Note: joined(string(s.ActOn), s.Reason)}))
	}
	return widgets.NewSectionCard(lang.T("cases.decide.title"), body,
		widgets.NewQuietButton(lang.T("cases.decide"), fynetheme.DocumentCreateIcon(), d.decide),
		widgets.NewQuietButton(lang.T("cases.propose"), fynetheme.WarningIcon(), d.propose))
}

func (d *caseDetail) decided() (out []line) {
	for _, x := range d.k.Value.Decisions {
		out = append(out, line{Tag: lang.Said(x.Matter), Tone: theme.Info, Title: lang.Said(x.Outcome), Text: joined(minuteText(x.At), d.page.names.name(x.By)),
			Note: joined(d.page.names.name(x.About), x.Reason), Open: d.to(placeDocuments, x.Document)})
	}
	return out
}

// deciding is the form of something put on record within a case.
type deciding struct {
	d       *caseDetail
	matter  *widgets.Select
	outcome *widgets.Select
	paper   *widgets.Select
	about   *widgets.Select
	at      *widgets.DateField
	why     *widgets.Entry
	fields  map[string]*widgets.Field
	again   func() // lays the dialog again
}

// decide asks what was decided and puts it on record.
func (d *caseDetail) decide() {
	x, err := d.newDeciding()
	if err != nil {
		showError(d.env, err)
		return
	}
	f := x.fields
	var body fyne.CanvasObject
	body, x.again = dialogForm(600, 250, widgets.NewFieldGrid(f["matter"], f["outcome"], f["at"], f["about"], f["paper"], f["why"]))
	title := lang.T("cases.decide")
	dialogs.Custom(d.env.Host.Window(), title, body, x.matter, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: title, Primary: true, Do: func() {
			if v, ok := x.value(); ok {
				shut()
				d.putOnRecord(v)
			}
		}}}
	})
}

func (d *caseDetail) newDeciding() (*deciding, error) {
	x := &deciding{d: d, outcome: widgets.NewSelect(nil, nil), at: widgets.NewDateTimeField(d.env.Now), why: widgets.NewMultiLine(2)}
	var names []widgets.Option
	seen := map[string]bool{}
	for _, m := range d.env.Desk.Law.Matters() {
		if !seen[m.Matter] {
			seen[m.Matter] = true
			names = append(names, widgets.Option{Key: m.Matter, Label: lang.Said(m.Matter)})
		}
	}
	x.matter = widgets.NewSelect(names, x.turn)
	x.at.SetValue(d.env.Now())
	papers := []widgets.Option{{Key: "", Label: lang.T("cases.decide.nopaper")}}
	for _, k := range d.documents() {
		if k.Value.Issued != nil {
			papers = append(papers, widgets.Option{Key: string(k.ID), Label: joined(k.Value.Title, casework.NumberOf(k.Value))})
		}
	}
	x.paper = widgets.NewSelect(papers, nil)
	x.paper.SetKey("")
	people, err := d.page.names.officers()
	x.about = widgets.NewSelect(people, nil)
	x.fields = map[string]*widgets.Field{
		"matter":  widgets.NewField(lang.T("cases.decide.matter"), x.matter).Star(),
		"outcome": widgets.NewField(lang.T("cases.decide.outcome"), x.outcome).Star(),
		"at":      widgets.NewField(lang.T("cases.decide.at"), x.at).Star(),
		"about":   widgets.NewField(lang.T("cases.decide.about"), x.about),
		"paper":   widgets.NewField(lang.T("cases.moves.document"), x.paper).Span(),
		"why":     widgets.NewField(lang.T("cases.moves.reason"), x.why).Span(),
	}
	x.fields["about"].SetVisible(false)
	return x, err
}

// turn offers the outcomes of a matter, with the article.
func (x *deciding) turn(matter string) {
	var outcomes []widgets.Option
	hint := ""
	for _, m := range x.d.env.Desk.Law.Matters() {
		if m.Matter == matter {
			outcomes = append(outcomes, widgets.Option{Key: m.Outcome, Label: lang.Said(m.Outcome)})
			hint = m.Article
		}
	}
	x.outcome.SetChoices(outcomes)
	x.fields["matter"].SetHint(hint)
	x.fields["about"].SetVisible(matter == matterRecusal)
	x.again()
}

// value reads what was typed; what the law says against it the use case tells.
func (x *deciding) value() (model.CaseDecision, bool) {
	v := model.CaseDecision{Matter: x.matter.Key(), Document: model.ID(x.paper.Key())}
	v.Outcome, v.Reason = x.outcome.Key(), strings.TrimSpace(x.why.Text)
	if v.Matter == matterRecusal {
		v.About = model.ID(x.about.Key())
	}
	at, err := x.at.Value()
	v.At = at
	ok := true
	for name, wrong := range map[string]bool{"matter": v.Matter == "", "outcome": v.Outcome == "", "at": err != nil} {
		x.fields[name].SetError("")
		if wrong {
			x.fields[name].SetError(lang.T("register.required"))
			ok = false
		}
	}
	x.again()
	return v, ok
}

func (d *caseDetail) putOnRecord(v model.CaseDecision) {
	d.page.acts.does("cases.decide", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, d.env.Desk.Decide(ctx, d.k.ID, v)
	}, d.showMoves)
}

// showMoves reads the case again and shows its steps.
func (d *caseDetail) showMoves() {
	d.page.Show(d.k.ID)
	if now, ok := d.page.shown.(*caseDetail); ok {
		now.show(partMoves)
	}
}
