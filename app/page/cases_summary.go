package page

import (
	"context"
	"errors"
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

// story is everything of a case that its summary tells, read in one go.
type story struct {
	lead       *kept[model.Lead]
	employer   *model.Employer
	site       *model.Site
	docs       []kept[model.Document]
	rolls      []kept[model.WageRoll]
	visits     []kept[model.Inspection]
	interviews []kept[model.Interview]
	services   []kept[model.Service]
	evidence   []kept[model.Evidence]
	contacts   []kept[model.Contact]
	payments   []kept[model.Payment]
}

// readStory reads a case; it is called off the window. A lead or a party of
// another scope may not be on this laptop and is left out.
func (d *caseDetail) readStory(ctx context.Context) (*story, error) {
	c, s := d.k.Value, &story{}
	if l, err := readOne[model.Lead](d.env, c.Lead); err == nil {
		s.lead = &l
	}
	if h, err := d.page.names.standing(c.Employer); err == nil {
		s.employer, _ = model.As[model.Employer](h.Body)
	}
	if h, err := d.page.names.standing(c.Site); err == nil {
		s.site, _ = model.As[model.Site](h.Body)
	}
	return s, errors.Join(ofCaseInto(ctx, d, &s.docs), ofCaseInto(ctx, d, &s.rolls), ofCaseInto(ctx, d, &s.visits), ofCaseInto(ctx, d, &s.interviews),
		ofCaseInto(ctx, d, &s.services), ofCaseInto(ctx, d, &s.evidence), ofCaseInto(ctx, d, &s.contacts), ofCaseInto(ctx, d, &s.payments))
}

// ofCaseInto reads the records of a kind that belong to the case, newest first.
func ofCaseInto[T any, P recordOf[T]](ctx context.Context, d *caseDetail, into *[]kept[T]) (err error) {
	*into, err = readList[T, P](ctx, d.env, model.Query{Case: d.k.ID, Limit: mostRows})
	return err
}

// summary is what the case is about, its clocks, who has a part in it, what is
// owed, and what happened, by date.
func (d *caseDetail) summary() fyne.CanvasObject {
	var s *story
	return d.readFile(lang.T("cases.part.summary"), func(ctx context.Context) (err error) {
		s, err = d.readStory(ctx)
		return err
	}, func() fyne.CanvasObject { return d.tell(s) })
}

func (d *caseDetail) tell(s *story) fyne.CanvasObject {
	box := container.NewVBox(widgets.NewSectionCard(lang.T("cases.about"), d.about(s)))
	for _, part := range []struct {
		title string
		lines []line
	}{{"cases.clocks", d.clocks(s.docs)}, {"cases.people", d.people(s)}, {"cases.money", d.money(s.docs, s.rolls)},
		{"payments.title", d.payments().lines(model.Payment{Case: d.k.ID}, s.docs, s.payments)}} {
		if len(part.lines) > 0 {
			box.Add(widgets.NewSectionCard(lang.T(part.title), rowsOf(part.lines)))
		}
	}
	if len(s.rolls) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("inspections.roll.sum"), rollSum(s.rolls[0].Value)))
	}
	box.Add(widgets.NewSectionCard(lang.T("cases.timeline"), folded(d.timeline(s))))
	return box
}

// about is what was reported and who handles it. The complainant is left out:
// this screen is seen by the party too.
func (d *caseDetail) about(s *story) fyne.CanvasObject {
	c, name := d.k.Value, d.page.names.name
	lines := []line{
		{Tag: lang.T("leads.employer"), Text: name(c.Employer), Open: d.to("employers", c.Employer)},
		{Tag: lang.T("leads.site"), Text: name(c.Site), Open: d.to("employers", c.Site)},
	}
	if l := s.lead; l != nil {
		lines = append(lines, line{Tag: lang.T("nav.leads"), Text: l.Value.Claim, Note: joined(lang.Said(l.Value.Source), yuan(l.Value.AmountFen)), Open: d.to(placeLeads, c.Lead)})
	}
	lines = append(lines, line{Tag: stateLabel(c.State), Tone: stateTone(c.State), Text: lang.T("cases.next"), Open: func() { d.show(partMoves) }})
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
	l := line{Tag: string(c.DueBy), Tone: dueTone(c.DueBy, now), Title: lang.T("cases.clock.state", "state", stateLabel(c.State)), Text: dueLeft(c.DueBy, now), Wrap: true}
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
		out = append(out, line{Tag: string(doc.DueBy), Tone: dueTone(doc.DueBy, now), Title: lang.T("cases.clock.correct"), Text: dueLeft(doc.DueBy, now), Wrap: true,
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
func (d *caseDetail) timeline(s *story) []line {
	var all []happened
	add := func(at time.Time, l line) {
		if !at.IsZero() {
			l.Note = joined(minuteText(at), l.Note)
			all = append(all, happened{at, l})
		}
	}
	d.tellSteps(s, add)
	d.tellPapers(s, add)
	d.tellActs(s, add)
	slices.SortStableFunc(all, func(a, b happened) int { return b.at.Compare(a.at) })
	out := make([]line, len(all))
	for i, h := range all {
		out[i] = h.line
	}
	return out
}

// tellSteps tells where the case came from and how it went on.
func (d *caseDetail) tellSteps(s *story, add func(time.Time, line)) {
	name := d.page.names.name
	if l := s.lead; l != nil {
		add(l.Value.ReceivedAt, line{Tag: lang.T("nav.leads"), Tone: theme.Info, Title: lang.T("cases.lead.received"), Text: lang.Said(l.Value.Source), Note: name(l.Value.Receiver), Open: d.to(placeLeads, l.ID)})
		if x := l.Value.Decided; x != nil {
			add(x.At, line{Tag: lang.T("nav.leads"), Tone: stateTone(l.Value.State), Title: stateLabel(l.Value.State), Text: name(x.By), Note: x.Reason, Open: d.to(placeLeads, l.ID)})
		}
	}
	for _, t := range d.k.Value.Log {
		add(t.At, line{Tag: lang.T("cases.kind.state"), Title: stateLabel(t.To), Text: name(t.By), Note: t.Reason, Open: d.to(placeDocuments, t.Document)})
	}
	for _, x := range d.k.Value.Decisions {
		add(x.At, line{Tag: lang.Said(x.Matter), Tone: theme.Info, Title: lang.Said(x.Outcome), Text: name(x.By), Note: x.Reason, Open: d.to(placeDocuments, x.Document)})
	}
	if x := d.k.Value.Extended; x != nil {
		add(x.At, line{Tag: lang.T("cases.kind.state"), Tone: theme.Warning, Title: lang.Said(x.Outcome), Text: name(x.By), Note: x.Reason})
	}
}

// tellPapers tells of the papers and how they were served.
func (d *caseDetail) tellPapers(s *story, add func(time.Time, line)) {
	name := d.page.names.name
	for _, k := range s.docs {
		doc := k.Value
		for _, e := range doc.Events {
			if e.Kind != model.EventServed { // the service has its own entry
				add(e.At, line{Tag: lang.T("documents.event." + e.Kind), Tone: theme.Info, Title: doc.Title, Text: e.Note, Note: name(e.By), Open: d.to(placeDocuments, k.ID)})
			}
		}
		if doc.Issued != nil {
			add(doc.Issued.At, line{Tag: lang.T("nav.documents"), Tone: stateTone(doc.State), Title: doc.Title, Text: casework.NumberOf(doc), Note: stateLabel(doc.State), Open: d.to(placeDocuments, k.ID)})
		}
	}
	for _, k := range s.services {
		add(k.Value.At, line{Tag: lang.T("cases.kind.service"), Tone: theme.Good, Title: name(k.Value.Document), Text: lang.Said(k.Value.Mode), Note: k.Value.Place, Open: d.to(placeDocuments, k.Value.Document)})
	}
}

// tellActs tells what the officers did and took in.
func (d *caseDetail) tellActs(s *story, add func(time.Time, line)) {
	name := d.page.names.name
	for _, k := range s.visits {
		add(k.Value.Start, line{Tag: lang.T("nav.inspections"), Tone: stateTone(k.Value.State), Title: name(k.Value.Site), Text: k.Value.Matter, Note: stateLabel(k.Value.State), Open: d.to(placeInspections, k.ID)})
	}
	for _, k := range s.interviews {
		add(k.Value.Start, line{Tag: lang.T("cases.kind.interview"), Tone: theme.Info, Title: k.Value.Person, Text: k.Value.Unit, Note: lang.T("cases.interview.times", "n", k.Value.Times)})
	}
	for _, k := range s.evidence {
		add(evidenceAt(k.Value), line{Tag: lang.T("inspections.part.evidence"), Tone: evidenceTone(k.Value), Title: k.Value.Name, Text: lang.Said(k.Value.Category), Note: evidenceState(k.Value), Open: func() { d.show(partEvidence) }})
	}
	for _, k := range s.contacts {
		add(k.Value.At, line{Tag: wayLabel(k.Value.Way), Tone: stateTone(k.Value.State), Title: k.Value.Person, Text: k.Value.Said, Note: joined(name(k.Value.By), k.Value.Next), Open: func() { d.show(partContacts) }})
	}
}

// evidenceAt is when a photo was taken, or when the file came in.
func evidenceAt(e *model.Evidence) time.Time {
	if e.TakenAt.IsZero() {
		return e.ImportedAt
	}
	return e.TakenAt
}
