package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

func TestMatterIsPutOnRecord(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.clock.Move(time.Hour)
	w.opening(id, lang.T("cases.part.moves"))
	w.screen.MustSee(lang.T("cases.decide.none"))
	w.screen.Tap(lang.T("cases.decide"))
	w.screen.Pick(lang.T("cases.decide.matter"), "陈述申辩")
	w.screen.MustSee("第四十五条")
	w.screen.Pick(lang.T("cases.decide.outcome"), "当事人提出")
	w.screen.Fill(lang.T("cases.moves.reason"), "称已付部分工资")
	w.screen.Capture("case-decide")
	w.screen.Tap(lang.T("cases.decide"))
	c := only[model.Case](w).Value
	if len(c.Decisions) != 1 || c.Decisions[0].Outcome != "当事人提出" || c.Decisions[0].By != w.me {
		t.Fatalf("decisions %+v", c.Decisions)
	}
	w.screen.MustSee("称已付部分工资")
	w.screen.Tap(lang.T("cases.part.summary"))
	w.screen.MustSee("陈述申辩")
}

func TestMatterThatIsAnothersIsRefused(t *testing.T) {
	w := newWorld(t)
	w.opening(w.opened(), lang.T("cases.part.moves"))
	w.screen.Tap(lang.T("cases.decide"))
	w.screen.Tap(lang.T("cases.decide"))
	w.screen.MustSee(lang.T("register.required"))
	w.screen.Pick(lang.T("cases.decide.matter"), "立案审批")
	w.screen.Pick(lang.T("cases.decide.outcome"), "同意立案")
	w.screen.Tap(lang.T("cases.decide"))
	w.screen.MustSee("应当由")
	if n := len(only[model.Case](w).Value.Decisions); n != 0 {
		t.Errorf("%d decisions on record", n)
	}
}

func TestSanctionIsProposedWithinTheLaw(t *testing.T) {
	w := newWorld(t)
	w.opening(w.opened(), lang.T("cases.part.moves"))
	w.screen.Tap(lang.T("cases.propose"))
	w.screen.Capture("case-propose")
	rule, err := w.env.Desk.Law.Fine("wage.unit", w.clock.Now(), "")
	sure(t, err)
	w.screen.Tap(rule.Title)
	w.screen.Pick(lang.T("cases.propose.tier"), "一般")
	w.screen.Fill(lang.T("cases.propose.act"), "2026-09-01")
	w.screen.Fill(lang.T("cases.propose.fine"), "不知道")
	w.screen.Tap(lang.T("cases.propose"))
	w.screen.MustSee(lang.T("cases.propose.wrong"))
	w.screen.Fill(lang.T("cases.propose.fine"), "30000")
	w.screen.Tap(lang.T("cases.propose"))
	s := only[model.Case](w).Value.Sanction
	if s == nil || s.FineFen != 3000000 || s.Tier != "一般" || s.ActOn != "2026-09-01" || s.Version == "" {
		t.Fatalf("proposed %+v, said %v", s, w.host.said)
	}
	w.screen.MustSee("30,000.00")
}

func TestFileIsBoundAndCaseExported(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	w.papers.bound = BoundFile{Pages: 33, Pieces: 12, Failed: 2, Absent: []string{"送达回证的 PDF 还没有同步到本机"}}
	id := w.opened()
	p := w.opening(id, lang.T("cases.part.summary"))
	dir := t.TempDir()
	bound, bundle := filepath.Join(dir, "案卷.pdf"), filepath.Join(dir, "案件.axb")
	uitest.AnswerFiles(t, bound, bundle)
	w.papers.binding = func() { w.screen.MustSee("限期改正指令书", lang.T("dialog.cancel")) }
	w.act(lang.T("cases.bind"))
	w.screen.MustSee("33", "送达回证的 PDF", lang.T("cases.bound.failed", "n", 2))
	w.screen.Capture("case-bound")
	w.screen.Tap(lang.T("cases.bound.open"))
	if raw, err := os.ReadFile(bound); err != nil || !bytes.Contains(raw, []byte(id)) || len(files.shown) != 1 {
		t.Errorf("bound %q, %v, shown %v", raw, err, files.shown)
	}
	w.act(lang.T("cases.export"))
	if _, err := os.Stat(bundle); err != nil {
		t.Error(err)
	}
	w.act(lang.T("documents.new"))
	if got := w.host.last(); got != [2]string{placeDocuments, ofCase + string(id)} {
		t.Errorf("went to %v", got)
	}
	if p.shown == nil {
		t.Error("the case is not shown any more")
	}
}

func TestCaseShowsItsMoney(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.order(id, "018f0000-0000-7000-8000-000000000001", 1)
	_, err := w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{
		{Record: &model.WageRoll{Case: id, File: "工资表.xlsx", Workers: []model.Worker{{Name: "张三", OwedFen: 1234500}}}}}})
	sure(t, err)
	uitest.Language(t, "en")
	w.opening(id, lang.T("cases.part.summary"))
	w.screen.MustSee(lang.T("cases.money"), "12,345.00", "1 workers")
	w.screen.Capture("case-money-english")
}
