package page

import (
	"fmt"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// change writes a case as it should stand.
func (w *world) change(id model.ID, edit func(*model.Case)) {
	w.Helper()
	k, err := readOne[model.Case](w.env, id)
	sure(w, err)
	edit(k.Value)
	_, err = w.store.Commit(w.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: id, Base: k.Rev, Record: k.Value}}})
	sure(w, err)
}

// order puts an issued order to correct into a case.
func (w *world) order(of, id model.ID, serial int) {
	w.Helper()
	series, err := w.env.Desk.Series("D06", w.clock.Now())
	sure(w, err)
	_, err = w.store.Commit(w.Context(), model.Batch{Author: w.me, Use: &model.NumberUse{Document: id, Series: series, Serial: serial},
		Changes: []model.Change{{ID: id, Record: &model.Document{
			State: model.DocumentIssued, Type: "D06", Title: "限期改正指令书", Case: of, DueBy: "2026-09-28", Fields: map[string]any{"employer": "某公司"},
			Issued: &model.Issue{Number: fmt.Sprintf("〔2026〕第%d号", serial), Series: series, Serial: serial, At: w.clock.Now(), By: w.me}}}}})
	sure(w, err)
}

// opening shows a part of a case as the officer sees it.
func (w *world) opening(id model.ID, part string) *Cases {
	w.Helper()
	p := NewCases(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.Tap(part)
	w.screen.Settle()
	return p
}

func TestCaseStepRestsOnTheChosenPaper(t *testing.T) {
	w := newWorld(t)
	id, first, second := w.opened(), model.ID("018f0000-0000-7000-8000-000000000001"), model.ID("018f0000-0000-7000-8000-000000000002")
	w.order(id, first, 1)
	w.order(id, second, 2)
	p := w.opening(id, lang.T("cases.part.moves"))
	w.screen.Capture("case-moves")
	w.screen.MustSee(lang.T("cases.moves.open"), lang.T("cases.moves.closed"), "撤销立案", "应当由负责人办理", "还没有签发《案件调查终结报告》")
	if len(w.screen.Buttons("调查终结")) > 0 || len(w.screen.Buttons("责令限期改正")) != 1 {
		t.Error("only the steps that are open have a button")
	}
	w.screen.Tap("责令限期改正")
	w.screen.Pick(lang.T("cases.moves.document"), "限期改正指令书　〔2026〕第1号")
	w.screen.Fill(lang.T("cases.moves.reason"), "欠薪属实")
	w.screen.Capture("case-move-dialog")
	w.screen.Tap("责令限期改正")

	c := only[model.Case](w).Value
	last := c.Log[len(c.Log)-1]
	if c.State != model.CaseCorrecting || last.Document != first || last.Reason != "欠薪属实" || last.By != w.me {
		t.Fatalf("state %s after %+v, said %v", c.State, last, w.host.said)
	}
	if p.shown.(*caseDetail).tabs.Key() != partMoves {
		t.Error("the steps that follow are not shown")
	}
	w.screen.MustSee("已改正结案", lang.T("cases.moves.noneopen"))
	w.screen.Tap(lang.T("cases.part.summary"))
	w.screen.MustSee("欠薪属实", lang.T("cases.clock.investigate"))
}

func TestCaseStepWithoutPaperAsksWhy(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.change(id, func(c *model.Case) { c.State = model.CaseTransferred })
	w.opening(id, lang.T("cases.part.moves"))
	w.screen.Tap("退回继续办理")
	w.screen.Tap("退回继续办理")
	w.screen.MustSee(lang.T("cases.moves.reason.missing"))
	if c := only[model.Case](w).Value; c.State != model.CaseTransferred {
		t.Fatalf("went to %s without a reason", c.State)
	}
	w.screen.Fill(lang.T("cases.moves.reason"), "公安机关不予立案")
	w.screen.Tap("退回继续办理")
	if c := only[model.Case](w).Value; c.State != model.CaseConcluded || c.Log[len(c.Log)-1].Reason != "公安机关不予立案" {
		t.Errorf("state %s, log %+v", c.State, c.Log)
	}
}

// What is closed when the button is pressed is refused with its grounds,
// though it was open when it was listed.
func TestCaseStepThatClosedMeanwhileIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.change(id, func(c *model.Case) { c.State = model.CaseTransferred })
	w.opening(id, lang.T("cases.part.moves"))
	w.change(id, func(c *model.Case) { c.LeadOfficer, c.Assistant = c.Assistant, c.LeadOfficer })
	w.screen.Tap("退回继续办理")
	w.screen.Fill(lang.T("cases.moves.reason"), "公安机关不予立案")
	w.screen.Tap("退回继续办理")
	w.screen.MustSee("应当由主办办理")
	if c := only[model.Case](w).Value; c.State != model.CaseTransferred {
		t.Errorf("the case went to %s", c.State)
	}
}

func TestArchivedCaseHasNoNextStep(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.change(id, func(c *model.Case) { c.State, c.DueBy = model.CaseArchived, "" })
	w.opening(id, lang.T("cases.part.moves"))
	w.screen.MustSee(lang.T("cases.moves.none"), "归档")
	w.screen.Tap(lang.T("cases.part.summary"))
	w.screen.MustNotSee(lang.T("cases.clock.investigate"), lang.T("cases.clock.state", "state", "归档"))
}

// Whatever state a case stands in, it can be listed and its clock has a name.
func TestCaseOfEveryStateOpens(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	for _, state := range model.CaseStates() {
		w.change(id, func(c *model.Case) { c.State = state })
		w.clock.Move(time.Minute)
		w.opening(id, lang.T("cases.part.moves"))
		w.screen.MustSee(stateLabel(state))
		w.screen.MustNotSee(lang.T("cases.reading"))
	}
}

func TestStatesHaveWordsInBothLanguages(t *testing.T) {
	for _, tag := range []string{"zh-Hans", "en"} {
		uitest.Language(t, tag)
		seen := map[string]string{}
		for _, state := range append(model.CaseStates(), model.LeadStates()...) {
			w, ok := stateWords[state]
			if !ok || !lang.Has("state."+w.key) {
				t.Errorf("%s: no word for %q", tag, state)
				continue
			}
			label := stateLabel(state)
			if tag == "en" && label == state || tag != "en" && label != state {
				t.Errorf("%s: %q is called %q", tag, state, label)
			}
			if was := seen[label]; was != "" {
				t.Errorf("%s: %q and %q are both called %q", tag, was, state, label)
			}
			seen[label] = state
		}
	}
	uitest.Language(t, "zh-Hans")
}
