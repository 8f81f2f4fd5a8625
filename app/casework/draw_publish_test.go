package casework

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
)

// made records a visit that was drawn, with what was found.
func (l *lottery) made(x DrawnVisit, end time.Time, checklist map[string]any) {
	l.Helper()
	i := *x.Inspection.Value
	i.State, i.Start, i.End, i.Checklist = model.InspectionRecorded, end.Add(-time.Hour), end, checklist
	_, err := l.desk.commit(l.T.Context(), model.Change{ID: x.Visit, Base: x.Inspection.Rev, Record: &i})
	l.sure(err)
}

// due are the tasks of a draw, as acts with their days.
func (l *lottery) due(id model.ID) string {
	l.Helper()
	tasks, err := l.desk.drawTasks(l.T.Context())
	l.sure(err)
	var out []string
	for _, task := range tasks {
		out = append(out, task.Act+" "+string(task.Due))
		if task.Record != id || task.Article == "" {
			l.Errorf("task %+v", task)
		}
	}
	return strings.Join(out, ",")
}

// drawnTwo is a draw of two units, and its visits.
func (l *lottery) drawnTwo() (model.ID, *model.Draw, []DrawnVisit) {
	l.Helper()
	ask := l.asked()
	ask.Pick, ask.Partners = 2, "县住建局"
	id, err := l.desk.Draw(l.T.Context(), ask)
	l.sure(err)
	v, _, err := load[model.Draw](l.T.Context(), l.desk, id)
	l.sure(err)
	visits, err := l.desk.DrawnVisits(l.T.Context(), v)
	l.sure(err)
	return id, v, visits
}

// TestResultsOfADrawAreMadePublic: nothing waits before a visit was made; its
// result is due within 20 working days; what is made public is no task any more;
// a note made by mistake is taken back.
func TestResultsOfADrawAreMadePublic(t *testing.T) {
	l := newLottery(t)
	ctx := t.Context()
	id, _, visits := l.drawnTwo()
	if got := l.due(id); got != "" {
		t.Errorf("before any visit: %q", got)
	}
	if err := l.desk.PublishDraw(ctx, id, "公示栏"); err == nil || !strings.Contains(err.Error(), "没有已经检查") || !strings.Contains(err.Error(), "请先完成检查笔录") {
		t.Errorf("nothing to be made public: %v", err)
	}
	l.made(visits[0], l.Clock.Now(), map[string]any{"C01": VerdictConform})
	if got := l.due(id); got != "draw.publish 2026-10-22" {
		t.Errorf("after the first visit: %q", got)
	}
	if err := l.desk.PublishDraw(ctx, id, " "); err == nil || !strings.Contains(err.Error(), "在哪里公示") {
		t.Errorf("made public nowhere: %v", err)
	}
	l.sure(l.desk.PublishDraw(ctx, id, "县政府网站"))
	l.made(visits[1], l.Clock.Now(), map[string]any{"C14": VerdictBreach, "C15": VerdictBreach})
	l.sure(l.desk.PublishDraw(ctx, id, "县政府网站"))
	h, err := l.Head(ctx, id)
	l.sure(err)
	if got := l.due(id); got != "" || h.Summary.State != model.DrawPublished {
		t.Errorf("all public: %q, state %s", got, h.Summary.State)
	}
	l.sure(l.desk.TakeBackPublication(ctx, id))
	if got := l.due(id); !strings.HasPrefix(got, "draw.publish") {
		t.Errorf("taken back: %q", got)
	}
}

// TestResultsOfADrawAreCounted: what is made public of a draw says what was found;
// the ledger holds each pair, and the figures count it.
func TestResultsOfADrawAreCounted(t *testing.T) {
	l := newLottery(t)
	ctx := t.Context()
	id, v, visits := l.drawnTwo()
	l.made(visits[0], l.Clock.Now(), map[string]any{"C01": VerdictConform})
	l.made(visits[1], l.Clock.Now(), map[string]any{"C14": VerdictBreach, "C15": VerdictBreach})
	sheet, err := l.desk.DrawSheet(ctx, id)
	l.sure(err)
	if got := fmt.Sprint(sheet.Rows); len(sheet.Rows) != 2 || !strings.Contains(got, "未发现问题") || !strings.Contains(got, "发现 2 项问题，正在处理") || !strings.Contains(got, "县住建局") {
		t.Errorf("sheet %s", got)
	}
	tables, err := l.desk.Ledgers(ctx, Span{From: "2026-09-01", To: "2026-12-31"})
	l.sure(err)
	figures := map[string]string{}
	for _, row := range tables[0].Rows {
		figures[fmt.Sprint(row[0])] = fmt.Sprint(row[1])
	}
	for name, want := range map[string]string{"随机抽查（次）": "1", "双随机检查占比": "100.00%", "应用信用规则率": "100.00%", "跨部门联合率": "100.00%", "掌上执法率": "0.00%", "事项覆盖率": "75.00%"} {
		if figures[name] != want {
			t.Errorf("%s is %q, want %q", name, figures[name], want)
		}
	}
	at := slices.IndexFunc(tables, func(t Table) bool { return t.Name == "随机抽查台账" })
	if at < 0 {
		t.Fatal("there is no ledger of draws")
	}
	if rows := tables[at].Rows; len(rows) != 2 || !strings.Contains(fmt.Sprint(rows[0]), v.Hash) || !strings.Contains(fmt.Sprint(rows[1]), v.Hash) {
		t.Errorf("ledger %v", rows)
	}
}

// TestAVisitOfADrawThatIsNotHere: a visit that did not arrive on this laptop
// stands in the draw without a state, and hides neither the other one nor what
// else waits today.
func TestAVisitOfADrawThatIsNotHere(t *testing.T) {
	l := newLottery(t)
	ctx := t.Context()
	_, v, visits := l.drawnTwo()
	l.made(visits[1], l.Clock.Now(), map[string]any{"C01": VerdictConform})
	far := *v
	far.Pairs = slices.Clone(v.Pairs)
	far.Pairs[0].Visit = modeltest.ID(77, 7)
	far.Name = "别处的抽查"
	id := l.put(&far)
	got, err := l.desk.DrawnVisits(ctx, &far)
	l.sure(err)
	if len(got) != 2 || got[0].Here() || got[0].Inspection.Value.State != "" || got[0].Name == "" || !got[1].Here() {
		t.Errorf("visits %+v", got)
	}
	tasks, err := l.desk.Today(ctx)
	l.sure(err)
	if !slices.ContainsFunc(tasks, func(k Task) bool { return k.Record == id && k.Act == "draw.publish" && k.Due == "2026-10-22" }) {
		t.Errorf("today %+v", tasks)
	}
	l.sure(l.desk.PublishDraw(ctx, id, "公示栏"))
	h, err := l.Head(ctx, id)
	l.sure(err)
	if h.Summary.State != model.DrawOpen {
		t.Errorf("a draw with a visit elsewhere is %s", h.Summary.State)
	}
	sheet, err := l.desk.DrawSheet(ctx, id)
	l.sure(err)
	if len(sheet.Rows) != 1 {
		t.Errorf("sheet %v", sheet.Rows)
	}
}
