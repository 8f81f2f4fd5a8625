package page

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// addPast adds what a kept employer or site has behind it and its contact log,
// both read when they are turned to.
func (e *Employers) addPast(p *sides, id model.ID, of model.Contact) {
	if id == "" {
		return
	}
	past := &past{e: e, id: id, body: container.NewVBox()}
	root, _ := widgets.NewFormScroll(past.body)
	p.Add(side{lang.T("employers.part.past"), root, past.read})
	talks := newContactBox(e.env, e.regs, of, func(ctx context.Context) ([]kept[model.Contact], error) { return e.env.Desk.Contacts(ctx, id) }, nil)
	p.Add(side{lang.T("contacts.part"), talks.root, talks.reload})
}

// past is an employer or a site on one screen.
type past struct {
	e      *Employers
	id     model.ID
	body   *fyne.Container
	reader reader
}

func (p *past) read() {
	var o casework.Overview
	p.reader.read(p.e.env, lang.T("employers.past.reading"), func(ctx context.Context) (err error) {
		o, err = p.e.env.Desk.Overview(ctx, p.id)
		return err
	}, func(err error) {
		p.body.RemoveAll()
		if err != nil {
			showError(p.e.env, err)
		} else {
			p.tell(o)
		}
		p.body.Refresh()
	})
}

func (p *past) tell(o casework.Overview) {
	p.body.Add(widgets.NewCard(p.figures(o)))
	if len(o.Flags) > 0 {
		p.body.Add(widgets.NewSectionCard(lang.T("employers.flags"), rowsOf(flagLines(o.Flags))))
	}
	if len(o.Merged) > 0 {
		p.body.Add(widgets.NewSectionCard(lang.T("employers.merged"), rowsOf(p.mergedLines(o.Merged))))
	}
	if len(o.Sites) > 0 {
		p.body.Add(widgets.NewSectionCard(lang.T("employers.sites"), folded(p.siteLines(o.Sites))))
	}
	if len(o.Past) == 0 {
		p.body.Add(widgets.AtLeast(0, 160, widgets.NewEmptyState(fynetheme.HistoryIcon(), lang.T("employers.past.empty"),
			widgets.Action{Label: lang.T("inspections.new"), Do: func() { p.e.env.Host.Go(placeInspections, newArg) }})))
		return
	}
	p.body.Add(widgets.NewSectionCard(lang.T("employers.past.title"), folded(p.e.pastLines(o.Past))))
}

// figures are the numbers that are asked for first.
func (p *past) figures(o casework.Overview) fyne.CanvasObject {
	tag := func(words string, tone theme.Tone) fyne.CanvasObject { return widgets.NewTag(words, tone) }
	v := o.Visits
	row := []fyne.CanvasObject{p.visitsTag("employers.visits.routine", v.Year, v.Routine, v.RoutineCap), p.visitsTag("employers.visits.campaign", v.Year, v.Campaign, v.CampaignCap)}
	if v.ForCase > 0 {
		row = append(row, tag(lang.T("employers.visits.case", "n", v.ForCase), theme.Neutral))
	}
	running := theme.Neutral
	if o.Running > 0 {
		running = theme.Warning
	}
	row = append(row, tag(lang.T("employers.running", "n", o.Running), running))
	if o.Ordered > 0 {
		row = append(row, tag(lang.T("employers.ordered", "yuan", yuan(o.Ordered)), theme.Bad))
	}
	if n := len(o.Contacts); n > 0 {
		row = append(row, tag(lang.T("employers.contacts", "n", n), theme.Neutral))
	}
	return widgets.NewFlow(append(p.standing(), row...)...)
}

// standing is the grid, the grade and the list of the record shown.
func (p *past) standing() (out []fyne.CanvasObject) {
	h, err := p.e.env.Desk.Journal.Head(context.Background(), p.id)
	if err != nil {
		return nil // the overview was read from it just now
	}
	grid, grade, tone, listed := "", "", theme.Info, ""
	switch h.Kind {
	case model.KindEmployer:
		if v, err := model.As[model.Employer](h.Body); err == nil {
			grid, grade, listed = v.Grid, v.Grade, v.Listed
			if grade == "C" {
				tone = theme.Bad
			}
		}
	case model.KindSite:
		if v, err := model.As[model.Site](h.Body); err == nil {
			grid, grade = v.Grid, ""
			if v.Stage != "" {
				out = append(out, widgets.NewTag(stageLabel(v.Stage), theme.Info))
			}
		}
	}
	if grid != "" {
		out = append(out, widgets.NewTag(lang.T("employers.grid", "grid", grid), theme.Neutral))
	}
	if grade != "" {
		out = append(out, widgets.NewTag(lang.T("employers.grade", "grade", grade), tone))
	}
	if listed != "" {
		out = append(out, widgets.NewTag(listed, theme.Bad))
	}
	return out
}

// visitsTag says how many visits of the year were made, and of how many.
func (p *past) visitsTag(key string, year, n int, limit int64) fyne.CanvasObject {
	count, tone := fmt.Sprint(n), theme.Neutral
	if limit > 0 {
		count = fmt.Sprintf("%d/%d", n, limit)
		tone = theme.Good
		if int64(n) >= limit {
			tone = theme.Warning
		}
	}
	return widgets.NewTag(lang.T(key, "year", year, "n", count), tone)
}

func flagLines(flags []casework.Reason) []line {
	out := make([]line, len(flags))
	for i, f := range flags {
		out[i] = line{Tag: lang.T("employers.flag"), Tone: theme.Warning, Text: lang.Said(f.Text), Note: f.Article, Wrap: true}
	}
	return out
}

func (p *past) mergedLines(list []casework.Named) []line {
	out := make([]line, len(list))
	for i, n := range list {
		out[i] = line{Tag: stateLabel(model.RegisterMerged), Text: n.Name, Open: func() { p.e.env.Host.Go("employers", string(n.ID)) }}
	}
	return out
}

// siteLines are the sites of an employer: how far each is, and whether its
// guarantee and account are in order.
func (p *past) siteLines(list []kept[model.Site]) []line {
	region := ""
	if o, err := p.e.env.Desk.Office(context.Background()); err == nil {
		region = o.Value.Region
	}
	out := make([]line, len(list))
	for i, k := range list {
		v := k.Value
		l := line{Tag: stageLabel(v.Stage), Tone: theme.Info, Title: v.Name, Text: string(v.Started),
			Open: func() { p.e.env.Host.Go("employers", string(k.ID)) }, Wrap: true}
		for _, f := range p.e.env.Desk.SiteFlags(v, region) {
			l.Note, l.Tone = joined(l.Note, lang.Said(f.Text)), theme.Warning
		}
		if l.Note == "" {
			l.Note = joined(lang.Said(v.GuaranteeKind), string(v.GuaranteeTo), v.AccountBank)
		}
		out[i] = l
	}
	return out
}

func stageLabel(stage string) string {
	if stage == "" {
		return lang.T("sites.stage.none")
	}
	return lang.T("sites.stage." + stage)
}

func (e *Employers) pastLines(past []casework.Past) []line {
	words := map[model.Kind]string{model.KindCase: lang.T("kind.case"), model.KindInspection: lang.T("kind.inspection"), model.KindDocument: lang.T("kind.document")}
	lines := make([]line, len(past))
	for i, p := range past {
		lines[i] = line{Tag: stateLabel(p.State), Tone: stateTone(p.State), Title: p.Title, Note: joined(words[p.Kind], p.Type, pastDay(p), p.Number, yuan(p.AmountFen)),
			Open: func() { e.env.Host.Go(placeOf(p.Kind), string(p.Record)) }}
	}
	return lines
}

func pastDay(p casework.Past) string {
	if p.On.IsZero() {
		return ""
	}
	return dayText(p.On)
}
