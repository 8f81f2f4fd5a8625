package casework

import (
	"strings"
	"testing"

	"anxin/model"
)

func TestLiableUnitFollowsTheItemsParty(t *testing.T) {
	site := &model.Site{Owner: "owner", General: "general", Subs: []model.ID{"sub"}}
	cases := []struct {
		name    string
		parties []string
		want    model.ID
	}{
		{"the employer's own duty", []string{"用"}, "sub"},
		{"shared with the inspected subcontractor", []string{"总", "分"}, "sub"},
		{"the general contractor's", []string{"总"}, "general"},
		{"the owner's", []string{"建"}, "owner"},
		{"owner or general: the first that is there, general before owner as the list says", []string{"建", "总"}, "owner"},
		{"wage arrears fall on the employer first", []string{"用", "总", "建"}, "sub"},
		{"nobody named", nil, ""},
	}
	for _, c := range cases {
		if got := Liable(Finding{Parties: c.parties}, "sub", site); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	both := &model.Site{Owner: "one", General: "one"}
	if got := Liable(Finding{Parties: []string{"总"}}, "other", both); got != "one" {
		t.Errorf("a unit that is owner and general contractor at once: %q", got)
	}
	if got := Liable(Finding{Parties: []string{"建"}}, "sub", &model.Site{Subs: []model.ID{"sub"}}); got != "" {
		t.Errorf("a site without an owner gave %q", got)
	}
}

func TestLapse(t *testing.T) {
	f := Finding{Penalty: "《保障农民工工资支付条例》第五十五条第（三）项：责令限期改正；逾期不改正的，责令项目停工，并处5万元以上10万元以下的罚款；情节严重的，给予施工单位限制承接新工程等处罚；《劳动保障监察条例》第二十四条：责令改正"}
	article, follows := f.Lapse()
	if article != "《保障农民工工资支付条例》第五十五条第（三）项" || follows != "责令项目停工，并处5万元以上10万元以下的罚款" {
		t.Errorf("%q %q", article, follows)
	}
	if a, l := (Finding{Penalty: "《禁止使用童工规定》第六条：按照每使用一名童工每月处5000元罚款的标准给予处罚"}).Lapse(); a != "" || l != "" {
		t.Errorf("a penalty that needs no order gave %q %q", a, l)
	}
}

func TestRollFillsWhatTheChecklistLeavesOpen(t *testing.T) {
	roll := &model.WageRoll{Workers: []model.Worker{
		{Name: "韩建", IDNo: "340822201103140171", From: "2026-06", To: "2026-08", OwedFen: 100},
		{Name: "吕波花", IDNo: "340822198707134042", From: "2026-06", To: "2026-08", OwedFen: 250}}}
	before := map[string]any{"C14": VerdictBreach, "C27": VerdictBreach}
	got := withRoll(before, roll)
	if got["C33"] != VerdictBreach || got["C33_workers"] != int64(1) || !strings.Contains(answer(got, "C33_note"), "韩建") {
		t.Errorf("minor: %v", got)
	}
	if got["C27_workers"] != int64(2) || !strings.Contains(answer(got, "C27_note"), "3.50元") || got["C14"] != VerdictBreach {
		t.Errorf("arrears: %v", got)
	}
	if len(before) != 2 {
		t.Error("the answers given were changed")
	}
	kept := withRoll(map[string]any{"C27": VerdictBreach, "C27_note": "另见", "C27_workers": 5}, roll)
	if kept["C27_note"] != "另见" || kept["C27_workers"] != 5 {
		t.Errorf("what the officer wrote was replaced: %v", kept)
	}
}

func TestFrameLocksTheQuestionsOfTheLaw(t *testing.T) {
	two := []*model.Officer{{Name: "陈志远", CertNo: "1"}, {Name: "赵雪𬱖", CertNo: "2"}}
	v := &model.Interview{Person: "刘䶮", Unit: "某公司", Matter: "某事", QAs: []model.QA{{Question: "问？", Answer: "答。"}}}
	out := frame(v, "某局", two)
	if len(out) != 8 || !out[0].Locked || !strings.Contains(out[0].Question, "赵雪𬱖") || out[5].Locked || !out[7].Locked {
		t.Errorf("%+v", out)
	}
	v.QAs = out
	if again := frame(v, "某局", two); len(again) != len(out) {
		t.Error("framing twice added the questions again")
	}
}
