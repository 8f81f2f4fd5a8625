package casework

import (
	"context"
	"slices"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// paperTasks is what the papers of running cases wait for: to be issued, to be
// printed, to be served, to be scanned back, and the days that serving started.
func (d *Desk) paperTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Document](ctx, d, model.Query{States: []string{model.DocumentDraft, model.DocumentIssued, model.DocumentServed}})
	if err != nil {
		return nil, err
	}
	cases, err := all[model.Case](ctx, d, model.Query{States: RunningStates()})
	if err != nil {
		return nil, err
	}
	running := map[model.ID]bool{"": true} // a paper of no case is for itself
	for _, k := range cases {
		running[k.ID] = true
	}
	o, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	printed, err := d.printedPapers(ctx)
	if err != nil {
		return nil, err
	}
	if out, err = d.planTasks(ctx, list); err != nil {
		return nil, err
	}
	for _, k := range list {
		if !running[k.Value.Case] {
			continue
		}
		row, err := d.Law.Catalogue(d.Clock.Now(), o.Value.Region).Get(k.Value.Type)
		if err != nil {
			continue // a type of another region's table, or of a package: nothing is known of it
		}
		p := paperTask{d: d, row: row, region: o.Value.Region, doc: k.Value, printed: printed[k.ID], task: Task{Detail: k.Value.Title, Record: k.ID, Kind: model.KindDocument}}
		tasks, err := p.tasks()
		if err != nil {
			return nil, err
		}
		out = append(out, tasks...)
	}
	return out, nil
}

// paperTask asks one paper what it waits for.
type paperTask struct {
	d      *Desk
	row    statute.Document
	region string
	doc    *model.Document
	// printed: it went to a printer once, here or on another laptop.
	printed bool
	task    Task // with what all tasks of the paper share
}

func (p paperTask) tasks() ([]Task, error) {
	if p.doc.State == model.DocumentDraft {
		return []Task{p.act("paper.issue", "签发文书")}, nil
	}
	p.task.Detail = strings.TrimSpace(p.doc.Title + " " + NumberOf(p.doc))
	if p.doc.State == model.DocumentIssued {
		out, err := p.toServe()
		return append(p.toPrint(), out...), err
	}
	out, err := p.running()
	if missing := MissingScans(p.doc); len(missing) > 0 {
		out = append(out, p.act("paper.scan", "扫描回传已签字的文书"))
	}
	return out, err
}

func (p paperTask) act(act, title string) Task {
	t := p.task
	t.Act, t.Title = act, title
	return t
}

// toPrint: what was issued and neither printed, nor written into a file for a
// printer elsewhere, nor scanned back has no paper yet.
func (p paperTask) toPrint() []Task {
	scanned := slices.ContainsFunc(p.doc.Events, func(e model.Event) bool { return e.Kind == model.EventScanned })
	if p.printed || scanned {
		return nil
	}
	return []Task{p.act("paper.print", "打印文书")}
}

// toServe: a paper whose service starts a clock is for somebody. A decision has
// to reach them within days.
func (p paperTask) toServe() ([]Task, error) {
	if len(p.row.OnService) == 0 {
		return nil, nil
	}
	t := p.act("paper.serve", "送达文书")
	if p.doc.Type != orderPaper && !slices.Contains(p.row.OnIssue, clockServe) {
		return []Task{t}, nil
	}
	by, err := p.d.Law.Due(clockServe, p.doc.Issued.At, p.region)
	t.Due, t.Article = model.DateOf(by.Last), by.Rule.Article
	return []Task{t}, err
}

const (
	orderPaper = "D06"
	clockServe = "decision.serve"
)

// officeClocks are the clocks of service that bind the office itself: they stay until
// the case has gone on, also when they are over. The others are the party's,
// and stand for as long as they run.
var officeClocks = []string{"evidence.hold", "transfer.police"}

// running lists the days that run since a paper was served. The long ones, to
// ask for review and to sue, are on the case's own page.
func (p paperTask) running() (out []Task, err error) {
	if p.doc.Type == orderPaper {
		t := p.act("order.recheck", "到期复查整改情况")
		t.Due, t.Article = p.doc.DueBy, "《劳动保障监察条例》第十八条"
		out = append(out, t)
	}
	i := slices.IndexFunc(p.doc.Events, func(e model.Event) bool { return e.Kind == model.EventServed })
	if i < 0 {
		return out, nil
	}
	for _, key := range p.row.OnService {
		c, err := p.d.Law.Clock(key, p.d.Clock.Now(), p.region)
		if err != nil || !c.Timed() || strings.HasPrefix(key, "remedy.") {
			continue // a clock of another region has nothing to say here
		}
		by, err := p.d.Law.Due(key, p.doc.Events[i].At, p.region)
		if err != nil {
			return nil, err
		}
		due := model.DateOf(by.Last)
		if due < model.DateOf(p.d.Clock.Now()) && !slices.Contains(officeClocks, key) {
			continue
		}
		t := p.act("clock."+key, c.Title)
		t.Due, t.Article = due, c.Article
		out = append(out, t)
	}
	return out, nil
}
