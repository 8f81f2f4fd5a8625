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

// TestInterviewIsReadOutAskedAndConfirmed: the opening is read out and confirmed,
// the questions come from the bank of the person's role, and no record is made
// before rights and duties were confirmed.
func TestInterviewIsReadOutAskedAndConfirmed(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			id := w.opened()
			uitest.Language(t, tag)
			p := w.opening(id, lang.T("cases.part.statement"))
			w.screen.Resize(1366-168, 768-60)
			s := p.shown.(*caseDetail).statement
			w.screen.MustSee(lang.T("cases.statement.told.missing"))
			w.screen.Tap(lang.T("cases.statement.opening"))
			w.screen.MustSee("申请回避")
			w.screen.MustNotSee("逐页签名") // that closes the record
			w.screen.Capture("statement-opening-" + tag)
			w.clock.Move(time.Minute)
			w.screen.Tap(lang.T("cases.statement.told.verb"))
			w.screen.MustSee(lang.T("cases.statement.told", "at", w.env.Now().Format("15:04")))

			w.screen.Tap(lang.T("cases.statement.bank"))
			w.screen.Tap(lang.T("role.劳动者"))
			first := bankOf(s.form.in.Form())[0]
			w.screen.Tap(first.shown)
			w.screen.Capture("statement-bank-" + tag)
			w.screen.Tap(lang.T("cases.statement.bank.take"))
			v, err := s.value()
			sure(t, err)
			if len(v.QAs) != 1 || v.QAs[0].Question != first.words || !v.Told.Equal(w.env.Now()) {
				t.Fatalf("the statement has %+v, told %v", v.QAs, v.Told)
			}
			w.screen.Tap(lang.T("cases.statement.bank"))
			w.screen.Tap(lang.T("role.劳动者"))
			w.screen.MustNotSee(first.shown) // it was asked
			w.screen.Tap(lang.T("role.建设单位"))
			w.screen.Tap(lang.T("cases.statement.bank.all"))
			if v, err = s.value(); err != nil || len(v.QAs) != 4 {
				t.Errorf("%d questions, %v", len(v.QAs), err)
			}
			w.screen.Capture("statement-asked-" + tag)
			w.passes()
			p.Leave()
			again := w.opening(id, lang.T("cases.part.statement"))
			if at := again.shown.(*caseDetail).statement.toldAt; at.IsZero() {
				t.Error("the draft forgot that rights were confirmed")
			}
			again.shown.(*caseDetail).statement.confirmTold(time.Time{})
			if again.shown.(*caseDetail).statement.mayFinish() {
				t.Error("a record is made although rights were not confirmed")
			}
		})
	}
}

// Another's record is named by its number: an officer in two rooms at once blocks
// the record, a person in two only warns.
func TestOverlapsNameTheOtherRecord(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	at := w.clock.Now()
	v := model.Interview{Case: id, Site: w.site, Matter: "工资支付", Place: "项目部", Person: "李四", IDNo: "430725198001010019", Relation: "班组长",
		Start: at, Told: at, End: at.Add(time.Hour), Officers: []model.ID{w.me, w.other}, QAs: []model.QA{{Question: "欠了几个月？", Answer: "三个月。"}}}
	_, _, err := w.env.Desk.TakeInterview(t.Context(), v)
	sure(t, err)
	const number = "桃人社劳监问字〔2026〕第1号"
	other := v
	other.Person, other.IDNo, other.QAs = "王五", "", nil
	reasons, err := w.env.Desk.InterviewReasons(t.Context(), other)
	sure(t, err)
	if text := reasonList(reasons); !blocks(reasons) || !strings.Contains(text, "李四") || !strings.Contains(text, number) {
		t.Errorf("two rooms at once: %s", text)
	}
	other = v
	other.Officers = []model.ID{w.me, w.other}
	other.Start, other.End = v.End, v.End.Add(time.Hour)
	reasons, err = w.env.Desk.InterviewReasons(t.Context(), other)
	sure(t, err)
	if strings.Contains(reasonList(reasons), "重叠") {
		t.Errorf("one after the other: %s", reasonList(reasons))
	}
	third := v
	third.Officers = nil
	reasons, err = w.env.Desk.InterviewReasons(t.Context(), third)
	sure(t, err)
	if text := reasonList(reasons); !strings.Contains(text, "同时在另一份笔录中接受询问") || !strings.Contains(text, number) {
		t.Errorf("one person in two records: %s", text)
	}
	visit := v
	visit.Told = time.Time{}
	reasons, err = w.env.Desk.InterviewReasons(t.Context(), visit)
	sure(t, err)
	if !strings.Contains(reasonList(reasons), "权利义务") {
		t.Errorf("rights not confirmed: %s", reasonList(reasons))
	}
}

// A telephone that cannot be one is told where it is typed, on site and in a
// statement.
func TestDoubtfulTelephonesAreToldWhereTheyAreTyped(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	p.shown.(*visit).part(partRecord)
	w.screen.Settle()
	reason := strings.TrimRight(statute.CheckPhone("139073612").Reason, "。")
	if reason == "" {
		t.Fatal("the telephone is not doubted at all")
	}
	w.screen.Fill("联系电话", "139073612")
	w.screen.MustSee(reason)
	w.screen.Fill("联系电话", "13907361234")
	w.screen.MustNotSee(reason)
}
