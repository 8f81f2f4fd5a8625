package statute_test

import (
	"slices"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

var aDay = time.Date(2026, 9, 18, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// What the law wants before a penalty stands on every step into one.
func TestEveryWayIntoAPenaltyIsGated(t *testing.T) {
	law := load(t)
	into := func(to string) (out []statute.Transition) {
		for _, from := range model.CaseStates() {
			if row, ok := law.Transition(statute.OfCase, from, to, aDay, ""); ok {
				out = append(out, row)
			}
		}
		return out
	}
	for to, gates := range map[string][]string{
		model.CasePunished: {"two_officers", "duties_separate", "investigated", "prior_order", "notice_served", "statement_closed", "statement_weighed",
			"hearing_closed", "hearing_host", "reviewer_separate", "review_passed", "discussion_held", "law_applied", "fine_in_tier", "one_fine"},
		model.CaseHandled:     {"investigated", "notice_served", "statement_closed", "statement_weighed"},
		model.CaseNotPunished: {"investigated", "lawful_leniency", "educated"},
		model.CaseTransferred: {"transfer_approved"},
	} {
		rows := into(to)
		if len(rows) == 0 {
			t.Errorf("no step leads to %s", to)
		}
		for _, row := range rows {
			for _, g := range gates {
				if !slices.Contains(row.Gates, g) {
					t.Errorf("%s→%s has no gate %q", row.From, to, g)
				}
			}
			if !slices.Equal(row.Who, []statute.Duty{statute.DutyApprover}) || len(row.Documents) == 0 {
				t.Errorf("%s→%s: by %v on %v", row.From, to, row.Who, row.Documents)
			}
		}
	}
}

// Every state of a case is reached from its investigation, and but for the
// archive something leads out of each.
func TestTheStatesHangTogether(t *testing.T) {
	law := load(t)
	reached, queue := map[string]bool{model.CaseInvestigating: true}, []string{model.CaseInvestigating}
	for len(queue) > 0 {
		steps := law.Transitions(statute.OfCase, queue[0], aDay, "浙江")
		if len(steps) == 0 && queue[0] != model.CaseArchived {
			t.Errorf("nothing leads out of %s", queue[0])
		}
		queue = queue[1:]
		for _, s := range steps {
			if !reached[s.To] {
				reached[s.To], queue = true, append(queue, s.To)
			}
		}
	}
	for _, s := range model.CaseStates() {
		if !reached[s] {
			t.Errorf("%s is not reached", s)
		}
	}
	for _, s := range []string{model.LeadAccepted, model.LeadRejected, model.LeadTransferred, model.LeadSupplement} {
		if _, ok := law.Transition(statute.OfLead, model.LeadRegistered, s, aDay, ""); !ok {
			t.Errorf("a lead cannot become %s", s)
		}
	}
}

func TestDuties(t *testing.T) {
	c := &model.Case{LeadOfficer: "a", Assistant: "b"}
	officer := func(role string) *model.Officer { return &model.Officer{Role: role} }
	for _, x := range []struct {
		id   model.ID
		o    *model.Officer
		want statute.Duty
	}{
		{"a", officer(model.RoleApprover), statute.DutyLead}, // whoever handles it approves nothing in it
		{"b", officer(model.RoleReviewer), statute.DutyAssist},
		{"c", officer(model.RoleReviewer), statute.DutyReviewer},
		{"d", officer(model.RoleApprover), statute.DutyApprover},
		{"e", officer(model.RoleInspector), statute.DutyAny},
		{"f", officer(model.RoleAssistant), ""},
		{"g", nil, ""},
		{"", nil, ""},
	} {
		if got := statute.DutyOf(x.id, x.o, c); got != x.want {
			t.Errorf("%q is %q, want %q", x.id, got, x.want)
		}
	}
	for _, x := range []struct {
		duty   statute.Duty
		wanted []statute.Duty
		want   bool
	}{
		{statute.DutyLead, []statute.Duty{statute.DutyApprover}, false},
		{statute.DutyLead, []statute.Duty{statute.DutyOutsider}, false},
		{statute.DutyAny, []statute.Duty{statute.DutyOutsider}, true},
		{statute.DutyReviewer, []statute.Duty{statute.DutyAny}, true},
		{"", []statute.Duty{statute.DutyAny, statute.DutyOutsider}, false},
		{statute.DutyAssist, []statute.Duty{statute.DutyLead, statute.DutyAssist}, true},
	} {
		if got := x.duty.May(x.wanted); got != x.want {
			t.Errorf("%q for %v: %v", x.duty, x.wanted, got)
		}
	}
}

func TestMatters(t *testing.T) {
	law := load(t)
	m, ok := law.Matter("法制审核", "退补")
	if !ok || m.Effect != statute.EffectFail || !slices.Equal(m.Documents, []string{"D12"}) {
		t.Errorf("%+v %v", m, ok)
	}
	if _, ok := law.Matter("法制审核", "默许"); ok {
		t.Error("an outcome of no table")
	}
	if len(law.Matters()) < 25 {
		t.Errorf("%d outcomes", len(law.Matters()))
	}
}

func TestAuthorityFor(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		item, field, region string
		want                []string
	}{
		{"C28", "", "湖南", []string{"人力资源社会保障"}},
		{"C10", "", "湖南", []string{"人力资源社会保障"}},
		{"C10", "交通", "云南省", []string{"交通运输"}},
		{"C10", "", "云南", []string{"住房城乡建设", "交通运输", "水利"}},
		{"C28", "交通", "云南", []string{"人力资源社会保障"}},
		{"C09", "水利", "云南", []string{"水利"}},
		{"C10", "矿山", "云南", []string{"人力资源社会保障"}}, // a field of no row: the department itself
	} {
		var got []string
		a := law.AuthorityFor(c.item, c.field, aDay, c.region)
		for _, d := range a.Departments {
			got = append(got, d.Text)
		}
		if !slices.Equal(got, c.want) || a.Article == "" {
			t.Errorf("%s %s in %s: %v %q, want %v", c.item, c.field, c.region, got, a.Article, c.want)
		}
	}
}
