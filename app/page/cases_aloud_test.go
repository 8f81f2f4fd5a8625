package page

import (
	"strings"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/statute"
)

// TestInterviewIsTimedJudgedAndRead: the stopwatch runs from the mark to the
// mark, an officer in two rooms at once is told, the record is read large.
func TestInterviewIsTimedJudgedAndRead(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	busy := model.Interview{State: model.InterviewDone, Case: id, Person: "李四", Officers: []model.ID{w.me, w.other},
		Start: w.clock.Now(), End: w.clock.Now().Add(2 * time.Hour)}
	_, err := w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{{Record: &busy}}})
	sure(t, err)
	p := w.opening(id, lang.T("cases.part.statement"))
	s := p.shown.(*caseDetail).statement
	w.clock.Move(5 * time.Minute)
	w.screen.Tap(lang.T("cases.statement.begin"))
	w.clock.Move(61 * time.Second)
	w.passes()
	if got := s.watch.label.Text; got == "" || got != lang.T("cases.statement.timer", "time", hours(w.clock.Now().Sub(first(s.span())))) {
		t.Errorf("the stopwatch says %q", got)
	}
	w.clock.Move(20 * time.Minute)
	w.screen.Tap(lang.T("cases.statement.end"))
	w.screen.MustSee("历时")
	w.screen.Fill("姓名", "刘大龙")
	w.screen.Fill("证件号码", "430725198001010018")
	w.screen.Fill("联系电话", "1390736")
	w.passes()
	w.screen.MustSee("李四", "重叠", strings.TrimRight(statute.CheckPhone("1390736").Reason, "。"))
	w.screen.Capture("case-statement-judged")
	w.screen.Tap(lang.T("cases.statement.large"))
	w.screen.MustSee(lang.T("cases.statement.large.title"), "申请回避", "逐页签名")
	w.screen.Capture("case-statement-large")
	w.screen.Tap(lang.T("dialog.close"))
	p.Leave()
	s.watch.label.SetText("")
	w.passes()
	if s.watch.label.Text != "" {
		t.Error("the stopwatch runs on after the page was left")
	}
	uitest.Language(t, "en")
	w.opening(id, lang.T("cases.part.statement"))
	w.screen.MustSee("Large type", "Took")
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("case-statement-english")
}

func first(start, _ time.Time) time.Time { return start }
