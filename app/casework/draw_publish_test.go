package casework

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anxin/model"
)

// made records a visit that was drawn, with what was found.
func (l *lottery) made(x DrawnVisit, end time.Time, checklist map[string]any) {
	l.Helper()
	i := *x.Inspection.Value
	i.State, i.Start, i.End, i.Checklist = model.InspectionRecorded, end.Add(-time.Hour), end, checklist
	_, err := l.desk.commit(l.T.Context(), model.Change{ID: x.Visit, Base: x.Inspection.Rev, Record: &i})
	l.sure(err)
}

// TestResultsOfADrawAreMadePublic: nothing waits before a visit was made; its
// result is due within 20 working days; what is made public is no task any more
// and stands in the ledger; a note made by mistake is taken back.
func TestResultsOfADrawAreMadePublic(t *testing.T) {
	l := newLottery(t)
	ctx := t.Context()
	ask := l.asked()
	ask.Pick, ask.Partners = 2, "县住建局"
	id, err := l.desk.Draw(ctx, ask)
	l.sure(err)
	v, _, err := load[model.Draw](ctx, l.desk, id)
	l.sure(err)
	due := func() string {
		t.Helper()
		tasks, err := l.desk.drawTasks(ctx)
		l.sure(err)
		var out []string
		for _, task := range tasks {
			out = append(out, task.Act+" "+string(task.Due))
			if task.Record != id || task.Article == "" {
				t.Errorf("task %+v", task)
			}
		}
		return strings.Join(out, ",")
	}
	if got := due(); got != "" {
		t.Errorf("before any visit: %q", got)
	}
	if err := l.desk.PublishDraw(ctx, id, "公示栏"); err == nil || !strings.Contains(err.Error(), "没有已经检查") {
		t.Errorf("nothing to be made public: %v", err)
	}
	visits, err := l.desk.DrawnVisits(ctx, v)
	l.sure(err)
	l.made(visits[0], l.Clock.Now(), map[string]any{"C01": VerdictConform})
	if got := due(); got != "draw.publish 2026-10-22" {
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
	if got := due(); got != "" || h.Summary.State != model.DrawPublished {
		t.Errorf("all public: %q, state %s", got, h.Summary.State)
	}
	l.sure(l.desk.TakeBackPublication(ctx, id))
	if got := due(); !strings.HasPrefix(got, "draw.publish") {
		t.Errorf("taken back: %q", got)
	}
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
	for _, table := range tables {
		if table.Name == "随机抽查台账" && (len(table.Rows) != 2 || !strings.Contains(fmt.Sprint(table.Rows[0]), v.Hash)) {
			t.Errorf("ledger %v", table.Rows)
		}
	}
}
