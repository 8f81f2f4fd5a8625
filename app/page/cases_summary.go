package page

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// summary is what the case is about, its clocks, what is owed, and what
// happened, by date. What cannot be read is told and left out.
func (d *caseDetail) summary() fyne.CanvasObject {
	docs := listOf[model.Document](d)
	box := container.NewVBox(widgets.NewSectionCard(lang.T("cases.about"), d.about()))
	if clocks := d.clocks(docs); len(clocks) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("cases.clocks"), rowsOf(clocks)))
	}
	rolls := listOf[model.WageRoll](d)
	if money := d.money(docs, rolls); len(money) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("cases.money"), rowsOf(money)))
	}
	if len(rolls) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("inspections.roll.sum"), rollSum(rolls[0].Value)))
	}
	box.Add(widgets.NewSectionCard(lang.T("cases.timeline"), rowsOf(d.timeline(docs))))
	root, _ := widgets.NewFormScroll(box)
	return root
}

// listOf reads the records of a kind that belong to the case, newest first.
func listOf[T any, P recordOf[T]](d *caseDetail) []kept[T] {
	list, err := readAll[T, P](d.env, model.Query{Case: d.k.ID, Limit: mostRows})
	if err != nil {
		showError(d.env, err)
	}
	return list
}

// about is what was reported and who handles it. The complainant is left out:
// this screen is seen by the party too.
func (d *caseDetail) about() fyne.CanvasObject {
	c, name := d.k.Value, d.page.names.name
	lines := []line{
		{Tag: lang.T("leads.employer"), Text: name(c.Employer), Open: d.to("employers", c.Employer)},
		{Tag: lang.T("leads.site"), Text: name(c.Site), Open: d.to("employers", c.Site)},
		{Tag: lang.T("cases.officers"), Text: joined(name(c.LeadOfficer), name(c.Assistant))},
	}
	if l, err := readOne[model.Lead](d.env, c.Lead); err == nil { // a lead of another scope may not be on this laptop
		lines = append(lines, line{Tag: lang.T("nav.leads"), Text: l.Value.Claim, Note: joined(l.Value.Source, yuan(l.Value.AmountFen)), Open: d.to(placeLeads, c.Lead)})
	}
	return rowsOf(slices.DeleteFunc(lines, func(l line) bool { return l.Text == "" }))
}

func (d *caseDetail) to(place string, id model.ID) func() {
	if id == "" {
		return nil
	}
	return func() { d.env.Host.Go(place, string(id)) }
}

// running is the clock of the case; the investigation is the one that runs
// through more than one state.
func (d *caseDetail) running() line {
	c, now := d.k.Value, d.env.Now()
	l := line{Tag: string(c.DueBy), Tone: dueTone(c.DueBy, now), Title: lang.T("cases.clock.state", "state", stateLabel(c.State)), Text: dueLeft(c.DueBy, now)}
	if c.State == model.CaseInvestigating || c.State == model.CaseCorrecting {
		l.Title, l.Note = lang.T("cases.clock.investigate"), clockNote(d.env, "case.investigate", c.OpenedAt)
	}
	return l
}

// clocks are the days that run in the case, with their articles.
func (d *caseDetail) clocks(docs []kept[model.Document]) []line {
	now := d.env.Now()
	var out []line
	if d.k.Value.DueBy != "" {
		out = append(out, d.running())
	}
	for _, k := range docs {
		doc := k.Value
		if doc.DueBy == "" || (doc.State != model.DocumentIssued && doc.State != model.DocumentServed) {
			continue
		}
		out = append(out, line{Tag: string(doc.DueBy), Tone: dueTone(doc.DueBy, now), Title: lang.T("cases.clock.correct"), Text: dueLeft(doc.DueBy, now),
			Note: joined(casework.NumberOf(doc), fmt.Sprint(doc.Fields["employer"]), d.dueArticle(doc)), Open: d.to(placeDocuments, k.ID)})
	}
	return out
}

// dueArticle is the article behind the day a paper sets: that of the first
// clock its service starts, else that of the paper itself.
func (d *caseDetail) dueArticle(v *model.Document) string {
	row, err := d.env.Desk.Law.Catalogue(d.env.Now(), "").Get(v.Type)
	if err != nil {
		return ""
	}
	for _, key := range append(slices.Clone(row.OnIssue), row.OnService...) {
		if c, err := d.env.Desk.Law.Clock(key, d.env.Now(), ""); err == nil {
			return c.Article
		}
	}
	return row.Article
}

// happened is one entry of the timeline.
type happened struct {
	at time.Time
	line
}

// timeline is everything of the case, newest first.
func (d *caseDetail) timeline(docs []kept[model.Document]) []line {
	var all []happened
	add := func(at time.Time, tag string, tone theme.Tone, title, text, note string, open func()) {
		all = append(all, happened{at, line{Tag: tag, Tone: tone, Title: title, Text: text, Note: joined(minuteText(at), note), Open: open}})
	}
	for _, t := range d.k.Value.Log {
		add(t.At, lang.T("cases.kind.state"), theme.Neutral, stateLabel(t.To), d.page.names.name(t.By), t.Reason, d.to(placeDocuments, t.Document))
	}
	for _, x := range d.k.Value.Decisions {
		add(x.At, x.Matter, theme.Info, x.Outcome, d.page.names.name(x.By), x.Reason, d.to(placeDocuments, x.Document))
	}
	for _, k := range docs {
		doc := k.Value
		for _, e := range doc.Events {
			if e.Kind != model.EventServed { // the service has its own entry
				add(e.At, lang.T("documents.event."+e.Kind), theme.Info, doc.Title, e.Note, d.page.names.name(e.By), d.to(placeDocuments, k.ID))
			}
		}
		if doc.Issued != nil {
			add(doc.Issued.At, lang.T("nav.documents"), stateTone(doc.State), doc.Title, casework.NumberOf(doc), stateLabel(doc.State), d.to(placeDocuments, k.ID))
		}
	}
	for _, k := range listOf[model.Inspection](d) {
		add(k.Value.Start, lang.T("nav.inspections"), stateTone(k.Value.State), d.page.names.name(k.Value.Site), k.Value.Matter, stateLabel(k.Value.State), d.to(placeInspections, k.ID))
	}
	for _, k := range listOf[model.Interview](d) {
		add(k.Value.Start, lang.T("cases.kind.interview"), theme.Info, k.Value.Person, k.Value.Unit, lang.T("cases.interview.times", "n", k.Value.Times), nil)
	}
	for _, k := range listOf[model.Service](d) {
		add(k.Value.At, lang.T("cases.kind.service"), theme.Good, d.page.names.name(k.Value.Document), k.Value.Mode, k.Value.Place, d.to(placeDocuments, k.Value.Document))
	}
	for _, k := range listOf[model.Evidence](d) {
		add(evidenceAt(k.Value), lang.T("inspections.part.evidence"), evidenceTone(k.Value), k.Value.Name, k.Value.Category, evidenceState(k.Value), func() { d.show(partEvidence) })
	}
	slices.SortStableFunc(all, func(a, b happened) int { return b.at.Compare(a.at) })
	out := make([]line, len(all))
	for i, h := range all {
		out[i] = h.line
	}
	return out
}

// evidenceAt is when a photo was taken, or when the file came in.
func evidenceAt(e *model.Evidence) time.Time {
	if e.TakenAt.IsZero() {
		return e.ImportedAt
	}
	return e.TakenAt
}
