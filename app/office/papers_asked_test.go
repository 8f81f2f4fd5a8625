package office_test

import (
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/model"
)

// A record of a statement drafted by hand names its person from the case: who was asked last, or for which statement
// it is, and only where nobody was asked yet and nobody was met on site the one who complained.
func TestAStatementDraftedByHandKnowsItsPerson(t *testing.T) {
	b := newBureau(t)
	lead, err := b.Desk.RegisterLead(b.ctx, model.Lead{Source: "来访", Employer: b.employer, Complainant: "马投诉", Phone: "13900000009"})
	b.ok(err)
	kase, err := b.Desk.AcceptLead(b.ctx, casework.Acceptance{Lead: lead, Cause: "拖欠工资", Officers: b.pick(first, second), Reason: "属于管辖"})
	b.ok(err)
	drafted := func(about model.ID) map[string]any {
		id, err := b.Desk.DraftPaper(b.ctx, casework.PaperIn{Type: "D28", Case: kase, About: about})
		b.ok(err)
		return b.document(id).Fields
	}
	if f := drafted(""); f["interviewee"] != "马投诉" || f["phone"] != "13900000009" || f["times"] != "1" || f["relation"] != "投诉人" {
		t.Errorf("the first statement is by %v, %v, for the %v. time", f["interviewee"], f["phone"], f["times"])
	}
	at := b.Now().Add(-2 * time.Hour)
	_, _, err = b.Desk.TakeInterview(b.ctx, model.Interview{Case: kase, Matter: "工资支付", Place: "大队询问室", Start: at, End: at.Add(40 * time.Minute), Officers: b.pick(first, second),
		Person: "王木工", Sex: "男", IDType: "身份证", IDNo: "11010519491231002X", Unit: "木工班", Relation: "劳动者", Address: "某村", Phone: "13900000001", Told: at})
	b.ok(err)
	f := drafted("")
	for name, want := range map[string]any{"interviewee": "王木工", "sex": "男", "born": "1949年12月", "id_number": "11010519491231002X", "employer": "木工班",
		"relation": "劳动者", "address": "某村", "phone": "13900000001", "times": "2"} {
		if f[name] != want {
			t.Errorf("%s is %v, want %v", name, f[name], want)
		}
	}
	rows, _ := f["questions"].([]any)
	if len(rows) < 6 {
		t.Fatalf("%d questions stand ready", len(rows))
	}
	opening, _ := rows[0].(map[string]any)
	if q, _ := opening["q"].(string); !strings.Contains(q, "这是我们的执法证件") {
		t.Errorf("the first question is %q", q)
	}
	asked, err := b.Desk.File(b.ctx, kase)
	b.ok(err)
	if f := drafted(asked.Interviews[0].ID); f["times"] != "1" || f["interviewee"] != "王木工" {
		t.Errorf("for its own statement: %v, %v", f["interviewee"], f["times"])
	}
}
