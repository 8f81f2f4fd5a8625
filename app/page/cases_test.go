package page

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// spoken is a statement as an officer types it.
const spoken = `时间：2026年9月18日 地点：项目部会议室
被询问人：刘大龙  男 桃花源第1建筑工程有限公司现场负责人
问：你单位在该项目有多少工人？
答：28人。
问：6月至8月的工资发了没有？
答：没有发完，
还欠一部分。
`

func (w *world) statementFile() string {
	w.Helper()
	path := filepath.Join(w.TempDir(), "问答.txt")
	sure(w, os.WriteFile(path, []byte(spoken), 0o600))
	return path
}

func TestStatementIsImportedTakenAndKept(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	p := NewCases(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	uitest.AnswerFiles(t, w.statementFile())
	w.act(lang.T("cases.statement.import"))
	w.screen.MustSee("刘大龙", "项目部会议室", lang.T("cases.statement.locked"))
	w.screen.Capture("case-statement")
	p.shown.(*caseDetail).statement.form.view.Jump("/qas[2]/answer")
	w.screen.Capture("case-questions")
	w.act(lang.T("cases.statement.finish"))
	w.screen.MustSee("请填写询问结束时间。")
	w.screen.Fill("开始时间", "2026-09-18 15:20")
	w.screen.Fill("结束时间", "2026-09-18 16:35")
	w.screen.Fill("证件号码", "430725198001010019")
	w.screen.Fill("与案件关系", "项目负责人")

	d := p.shown.(*caseDetail)
	d.Leave()
	p.Show(id)
	d = p.shown.(*caseDetail)
	w.act(lang.T("cases.statement.finish")) // opens the part again, on the draft
	w.screen.MustSee("刘大龙", "2026-09-18 16:35")
	w.act(lang.T("cases.statement.finish"))
	if last := w.host.said[len(w.host.said)-1]; last != lang.T("cases.statement.told.first") {
		t.Fatalf("a record without rights told says %q", last)
	}
	d.statement.confirmTold(w.clock.Now())
	w.act(lang.T("cases.statement.finish"))

	k := only[model.Interview](w)
	v := k.Value
	if v.State != model.InterviewDone || v.Person != "刘大龙" || v.Sex != "男" || v.Times != 1 || v.End.Sub(v.Start) != 75*time.Minute {
		t.Fatalf("interview %+v, said %v", v, w.host.said)
	}
	if n := len(v.QAs); n != 9 || !v.QAs[0].Locked || v.QAs[5].Answer != "28人。" || !v.QAs[n-1].Locked {
		t.Errorf("%d questions: %+v", n, v.QAs)
	}
	docs, err := readAll[model.Document](w.env, model.Query{Case: id})
	sure(t, err)
	if len(docs) != 1 || docs[0].Value.Type != "D28" || w.host.last() != [2]string{placeDocuments, string(docs[0].ID)} {
		t.Errorf("documents %v, went to %v", docs, w.host.last())
	}
	if w.env.Prefs.Get(statementDraft(id)) != "" {
		t.Error("the draft is still there after the record was made")
	}
	if d.statement == nil {
		t.Error("the statement was not opened")
	}
}

func TestStatementReplacesOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	p := NewCases(w.env, string(id))
	w.show(p)
	file := w.statementFile()
	uitest.AnswerFiles(t, file, file)
	w.act(lang.T("cases.statement.import"))
	w.act(lang.T("cases.statement.import"))
	w.screen.MustSee(lang.T("cases.statement.replace"))
	w.screen.Tap(lang.T("dialog.cancel"))
	if n := p.shown.(*caseDetail).statement.form.in.Count("/qas"); n != 2 {
		t.Errorf("%d questions, want 2", n)
	}
}

func TestBadStatementFileNamesTheLine(t *testing.T) {
	w := newWorld(t)
	p := NewCases(w.env, string(w.opened()))
	w.show(p)
	path := filepath.Join(t.TempDir(), "乱.txt")
	sure(t, os.WriteFile(path, []byte("答：没有问就答\n"), 0o600))
	uitest.AnswerFiles(t, path)
	w.act(lang.T("cases.statement.import"))
	w.screen.MustSee("第1行")
}

func TestCaseShowsClocksAndWhatHappened(t *testing.T) {
	w := newWorld(t)
	v := w.announced()
	v.Dropped(photos(t)[:1])
	c := only[model.Case](w)
	p := NewCases(w.env, string(c.ID))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("case")
	w.screen.MustSee(c.Value.Number, string(c.Value.DueBy), lang.T("cases.clock.investigate"), "行政检查审批表", "行政检查通知书", "好.png", "拖欠工资")
	w.screen.Resize(1000-168, 700-60)
	w.screen.Capture("case-narrow")
	w.screen.Tap("行政检查通知书")
	if got := w.host.last(); got[0] != placeDocuments || got[1] == "" {
		t.Errorf("went to %v", got)
	}
	w.act(lang.T("inspections.new"))
	if got := w.host.last(); got != [2]string{placeInspections, ofCase + string(c.ID)} {
		t.Errorf("went to %v", got)
	}
	p.Dropped(photos(t)[1:2])
	w.screen.MustSee("坏.png")
	list, err := readAll[model.Evidence](w.env, model.Query{Case: c.ID})
	sure(t, err)
	if len(list) != 2 {
		t.Errorf("%d pieces of evidence in the case, want 2", len(list))
	}
}
