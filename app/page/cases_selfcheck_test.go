package page

import (
	"slices"
	"testing"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/model"
)

func TestSelfCheckVerdicts(t *testing.T) {
	for _, c := range []struct {
		name string
		item casework.CheckItem
		want verdict
	}{
		{"met", casework.CheckItem{OK: true, KnockOut: "程序违法", Warn: true}, verdictOK},
		{"knock-out", casework.CheckItem{KnockOut: "程序违法"}, verdictKnockOut},
		{"a knock-out stays one though no act is stopped", casework.CheckItem{KnockOut: "超过期限", Warn: true}, verdictKnockOut},
		{"not met", casework.CheckItem{}, verdictFailed},
		{"warning", casework.CheckItem{Warn: true}, verdictWarn},
	} {
		if got := verdictOf(c.item); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
	}
}

func TestCasesSelfCheckListsTheWorstFirst(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	p := NewCases(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.act(lang.T("cases.check"))
	w.screen.Capture("case-check")
	items, err := w.env.Desk.SelfCheck(w.Context(), id)
	sure(t, err)
	var count [len(verdictWords)]int
	for _, i := range items {
		count[verdictOf(i)]++
	}
	if count[verdictKnockOut] == 0 || count[verdictOK] == 0 {
		t.Fatalf("a case without an approved opening: %v", count)
	}
	w.screen.MustSee(lang.T("cases.check.sum", "n", len(items)))
	for v, n := range count {
		w.screen.MustSee(tally(verdict(v), n))
	}
	at := slices.IndexFunc(items, func(i casework.CheckItem) bool { return i.Key == "case_opened" })
	if at < 0 || items[at].OK {
		t.Fatalf("the opening is not found wanting: %+v", items)
	}
	w.screen.MustSee(items[at].Item, items[at].Reason, lang.T("cases.check.ground", "ground", items[at].KnockOut))

	// A decision that is recorded shows when the file is checked again.
	w.change(id, func(c *model.Case) {
		c.Decisions = append(c.Decisions, model.CaseDecision{Matter: "立案审批", Decision: model.Decision{By: w.other, At: w.clock.Now(), Outcome: "同意立案"}})
	})
	w.act(lang.T("cases.check"))
	again, err := w.env.Desk.SelfCheck(w.Context(), id)
	sure(t, err)
	if slices.Equal(items, again) {
		t.Fatal("recording the approval changed nothing")
	}
	w.screen.MustNotSee(items[at].Reason)
	w.screen.Resize(1000-168, 700-60)
	w.screen.Capture("case-check-narrow")
	w.screen.Tap(lang.T("cases.part.moves"))
	w.screen.Capture("case-moves-narrow")
}
