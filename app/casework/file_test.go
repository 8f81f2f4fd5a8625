package casework

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/statute"
)

var shipped = sync.OnceValues(func() (*statute.Law, error) { return statute.Load(os.DirFS("../../assets/statute")) })

// law is the law by the tables the program ships.
func law(t testing.TB) *statute.Law {
	t.Helper()
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// at is an instant of 2026 in China.
func at(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, modeltest.Day.Location())
}

// People of the files of tests.
var (
	lead     = modeltest.ID(9, 1)
	assist   = modeltest.ID(9, 2)
	reviewer = modeltest.ID(9, 3)
	head     = modeltest.ID(9, 4)
	third    = modeltest.ID(9, 5)
	helper   = modeltest.ID(9, 6)
)

func people() map[model.ID]*model.Officer {
	out := map[model.ID]*model.Officer{}
	for n, id := range []model.ID{lead, assist, reviewer, head, third, helper} {
		o := modeltest.Officer(n)
		o.Role = []string{model.RoleInspector, model.RoleInspector, model.RoleReviewer, model.RoleApprover, model.RoleInspector, model.RoleAssistant}[n]
		out[id] = o
	}
	return out
}

// docID is the id of the paper of a type in a sound file.
func docID(docType string) model.ID {
	n := 0
	for _, c := range docType {
		n = n*256 + int(c)
	}
	return modeltest.ID(8, n)
}

// issuedPaper is a paper of a type issued at an instant.
func issuedPaper(docType string, on time.Time, fields map[string]any) Kept[model.Document] {
	return Kept[model.Document]{ID: docID(docType), Value: &model.Document{State: model.DocumentIssued, Type: docType, Title: docType, Case: modeltest.ID(7, 1),
		Fields: fields, Issued: &model.Issue{Number: docType + "号", At: on, By: lead}}}
}

func served(docType string, on time.Time) Kept[model.Service] {
	return Kept[model.Service]{ID: modeltest.ID(6, int(on.Unix()%1e6)), Value: &model.Service{Document: docID(docType), Mode: model.ServeDirect, At: on,
		Place: "项目部", Receiver: "收件人", Relation: "负责人", Officers: []model.ID{lead, assist}, ServedOn: model.DateOf(on)}}
}

func decided(matter, outcome string, by model.ID, on time.Time, paper string) model.CaseDecision {
	x := model.CaseDecision{Matter: matter, Decision: model.Decision{By: by, At: on, Outcome: outcome, Reason: "记录在案"}}
	if paper != "" {
		x.Document = docID(paper)
	}
	return x
}

// soundFile is the file of a penalty that was done in every step as the law
// asks: three workers' wage cards were kept from them, the order lapsed, the
// fine is large enough for a hearing and the case grave enough for a
// discussion. It stands before its archiving.
func soundFile(t testing.TB) *File {
	roll := modeltest.WageRoll(1, 28, modeltest.ID(7, 1))
	for i := range roll.Workers {
		w := &roll.Workers[i]
		w.Row, w.PayableFen, w.PaidFen = i+2, w.OwedFen, 0
	}
	f := &File{ID: modeltest.ID(7, 1), Office: modeltest.Office(), Employer: modeltest.Employer(1), Site: modeltest.Site(1, modeltest.ID(5, 1)),
		Lead: &model.Lead{State: model.LeadAccepted, ReceivedAt: at(3, 2, 9), DecideBy: "2026-03-09", Employer: modeltest.ID(5, 1),
			Decided: &model.Decision{By: lead, At: at(3, 3, 9), Outcome: model.LeadAccepted}},
		Officers: people(), Law: law(t), At: at(7, 31, 10)}
	f.Case = &model.Case{State: model.CaseClosed, Number: "20260303-0001", Cause: "克扣或无故拖欠工资", LeadOfficer: lead, Assistant: assist,
		OpenedAt: at(3, 3, 9), Employer: modeltest.ID(5, 1), BreachEnded: "2026-02-28"}
	f.Case.Sanction = &model.Sanction{Rules: []string{"wage.unit"}, Tier: "一般", FineFen: 3_500_000, Organisation: true, Grave: true, ActOn: "2026-03-20"}
	j, err := f.sanctionJudged()
	if err != nil || !j.Lawful() {
		t.Fatalf("%v %v", j.Reasons, err)
	}
	f.Case.Sanction.Version = j.Version
	soundVisit(f)
	f.Rolls = []Kept[model.WageRoll]{{ID: modeltest.ID(4, 1), Value: roll}}
	soundPapers(f, roll)
	f.Case.Log = soundLog()
	return f
}

func soundVisit(f *File) {
	f.Inspections = []Kept[model.Inspection]{{ID: modeltest.ID(3, 1), Value: &model.Inspection{State: model.InspectionRecorded, Type: "日常",
		Officers: []model.ID{lead, assist}, Approved: &model.Decision{By: head, At: at(3, 10, 8)}, Announced: at(3, 10, 9), Start: at(3, 10, 10), End: at(3, 10, 12)}}}
	locked := func(q string) model.QA { return model.QA{Question: q, Answer: "听清楚了。", Locked: true} }
	f.Interviews = []Kept[model.Interview]{{ID: modeltest.ID(3, 2), Value: &model.Interview{State: model.InterviewDone, Person: "马某", Officers: []model.ID{lead, assist},
		Start: at(3, 10, 14), End: at(3, 10, 15), QAs: []model.QA{locked("这是我们的执法证件"), locked("应当如实回答"), locked("有权申请回避，有权核对笔录")}}}}
	f.Breaches = []Finding{{Code: "C23", Label: "工资卡本人持有"}, {Code: wageItem, Label: "无拖欠"}}
	f.Evidence = []Kept[model.Evidence]{{ID: modeltest.ID(3, 3), Value: &model.Evidence{Category: "视听资料", Name: "工资卡.jpg", Supports: []string{"C23"}}}}
}

func soundPapers(f *File, roll *model.WageRoll) {
	type paper struct {
		docType string
		on      time.Time
		serve   bool
	}
	for _, p := range []paper{{"D05", at(3, 3, 9), false}, {"D03", at(3, 10, 12), false}, {"D28", at(3, 10, 15), false},
		{"D06", at(3, 10, 16), true}, {"D07", at(3, 20, 10), false}, {"D08", at(3, 10, 11), true}, {"D08a", at(3, 13, 11), false},
		{"D17a", at(3, 23, 9), false}, {"D17", at(3, 23, 15), false}, {"D18", at(3, 24, 10), false}, {"D09", at(3, 25, 10), true},
		{"D10", at(3, 25, 11), true}, {"D10a", at(4, 1, 10), true}, {"D10b", at(4, 20, 10), false}, {"D12", at(4, 22, 10), false},
		{"D11", at(4, 24, 10), false}, {"D13", at(4, 27, 10), true}, {"D19", at(6, 30, 10), false}} {
		k := issuedPaper(p.docType, p.on, map[string]any{"shown": "已看清证件"})
		if p.docType == "D03" {
			k.Value.Inspection = modeltest.ID(3, 1)
		}
		if p.docType == "D06" {
			k.Value.DueBy, k.Value.WageRoll, k.Value.Issued.AmountFen = "2026-03-19", modeltest.ID(4, 1), roll.TotalFen()
		}
		if p.docType == "D13" {
			k.Value.Events = []model.Event{{Kind: model.EventScanned, At: p.on, By: lead}}
		}
		f.Documents = append(f.Documents, k)
		if p.serve {
			f.Services = append(f.Services, served(p.docType, p.on.Add(time.Hour)))
		}
	}
	f.Case.Decisions = []model.CaseDecision{
		decided(matterHold, "批准", head, at(3, 10, 10), ""),
		decided(matterRecheck, "逾期未改正", lead, at(3, 20, 11), "D07"),
		decided(matterTransfer, "批准移送", head, at(3, 23, 10), "D17a"),
		decided(matterStatement, "当事人提出", lead, at(3, 27, 9), ""),
		decided(matterStatement, "复核后不采纳", lead, at(3, 30, 9), ""),
		decided(matterHearing, "当事人要求", lead, at(3, 27, 9), ""),
		decided(matterHearing, hearingHeld, third, at(4, 20, 9), "D10b"),
		decided(matterReview, "同意", reviewer, at(4, 22, 11), "D12"),
		decided(matterDiscussion, "同意", head, at(4, 24, 11), "D11"),
		decided(matterExecution, "已履行", lead, at(6, 1, 11), ""),
	}
}

func soundLog() []model.Transition {
	s := func(from, to string, by model.ID, on time.Time, paper string) model.Transition {
		return model.Transition{From: from, To: to, By: by, At: on, Document: docID(paper)}
	}
	return []model.Transition{
		{To: model.CaseInvestigating, By: lead, At: at(3, 3, 9)},
		s(model.CaseInvestigating, model.CaseCorrecting, lead, at(3, 10, 16), "D06"),
		s(model.CaseCorrecting, model.CaseConcluded, lead, at(3, 24, 10), "D18"),
		s(model.CaseConcluded, model.CaseNotified, lead, at(3, 25, 10), "D09"),
		s(model.CaseNotified, model.CaseHearing, head, at(4, 1, 10), "D10a"),
		s(model.CaseHearing, model.CaseReview, lead, at(4, 20, 11), "D10b"),
		s(model.CaseReview, model.CaseDiscussion, lead, at(4, 23, 10), "D12"),
		s(model.CaseDiscussion, model.CasePunished, head, at(4, 27, 11), "D13"),
		s(model.CasePunished, model.CaseExecuting, lead, at(4, 28, 10), "D13"),
		s(model.CaseExecuting, model.CaseClosed, head, at(6, 30, 11), "D19"),
	}
}

func TestASoundFilePasses(t *testing.T) {
	f := soundFile(t)
	items := SelfCheck(f)
	for _, i := range items {
		if !i.OK {
			t.Errorf("%s: %s", i.Key, i.Reason)
		}
	}
	if len(items) < 50 {
		t.Errorf("only %d items were checked", len(items))
	}
}

func TestGatesAndChecksAreTheSameSet(t *testing.T) {
	known := map[string]bool{}
	out := map[string]bool{}
	for _, g := range law(t).Gates() {
		known[g.Key] = true
		if g.KnockOut != "" {
			out[g.KnockOut] = true
		}
		if gateChecks[g.Key] == nil {
			t.Errorf("gate %q of the table has no check", g.Key)
		}
	}
	for key := range gateChecks {
		if !known[key] {
			t.Errorf("check %q stands for no gate of the table", key)
		}
	}
	for _, word := range statute.KnockOuts() {
		if !out[word] {
			t.Errorf("no gate knocks out for %s", word)
		}
	}
	if _, err := soundFile(t).Gate("horse"); err == nil {
		t.Error("an unknown gate was asked")
	}
}

// paperOf finds a paper of the file.
func paperOf(f *File, docType string) *model.Document {
	for _, k := range f.Documents {
		if k.Value.Type == docType {
			return k.Value
		}
	}
	panic(fmt.Sprintf("the file has no %s", docType))
}

// without takes the papers of a type out, and what was served of them.
func without(f *File, docType string) {
	var kept []Kept[model.Document]
	for _, k := range f.Documents {
		if k.Value.Type != docType {
			kept = append(kept, k)
		}
	}
	f.Documents = kept
}

func unserve(f *File, docType string) {
	var kept []Kept[model.Service]
	for _, k := range f.Services {
		if k.Value.Document != docID(docType) {
			kept = append(kept, k)
		}
	}
	f.Services = kept
}

// undecide takes what was decided on a matter back, an outcome of it or all.
func undecide(f *File, matter, outcome string) {
	var kept []model.CaseDecision
	for _, x := range f.Case.Decisions {
		if x.Matter != matter || outcome != "" && x.Outcome != outcome {
			kept = append(kept, x)
		}
	}
	f.Case.Decisions = kept
}

func decide(f *File, x model.CaseDecision) { f.Case.Decisions = append(f.Case.Decisions, x) }

// drafting makes a paper about to be issued.
func drafting(f *File, docType string, fields map[string]any) {
	f.draft = &model.Document{State: model.DocumentDraft, Type: docType, Title: docType, Fields: fields}
}

// add puts a further paper in, and serves it when asked.
func add(f *File, docType string, on time.Time, serve bool) {
	f.Documents = append(f.Documents, issuedPaper(docType, on, nil))
	if serve {
		f.Services = append(f.Services, served(docType, on))
	}
}

// spoilers breaks each condition in a sound file, one way or several.
var spoilers = map[string][]func(f *File){
	"two_officers": {
		func(f *File) { f.Case.Assistant = lead },
		func(f *File) { f.Inspections[0].Value.Officers = []model.ID{lead} },
		func(f *File) { f.Services[0].Value.Officers = []model.ID{lead, helper} },
	},
	"officers_certified": {
		func(f *File) { f.Officers[assist].ValidTo = "2026-03-09" },
		func(f *File) { f.Officers[lead].Suspended = true },
		func(f *File) { f.Interviews[0].Value.Officers = []model.ID{lead, assist, helper} },
	},
	"certificate_shown": {
		func(f *File) { paperOf(f, "D03").Fields = nil },
		func(f *File) { f.Interviews[0].Value.QAs[0].Answer = "" },
	},
	"duties_separate": {
		func(f *File) { f.Case.Log[7].By = lead },
		func(f *File) { f.Case.Decisions[8].By = assist },
	},
	"recusal_settled": {
		func(f *File) { decide(f, recusal("申请回避", lead)) },
		func(f *File) { decide(f, recusal("决定回避", assist)) },
	},
	"reviewer_separate":   {func(f *File) { f.Case.Decisions[7].By = lead }},
	"hearing_host":        {func(f *File) { f.Case.Decisions[6].By = assist }},
	"no_overlap":          {func(f *File) { f.Interviews[0].Value.Start = at(3, 10, 11) }, func(f *File) { f.Interviews = append(f.Interviews, f.Interviews[0]) }},
	"single_person":       {func(f *File) { f.Interviews[0].Value.Person = "马某、王某" }},
	"rights_told":         {func(f *File) { f.Interviews[0].Value.QAs = f.Interviews[0].Value.QAs[:2] }},
	"party_named":         {func(f *File) { f.Employer = nil }, func(f *File) { f.Employer.USCC = "" }, func(f *File) { f.Employer.Name = "" }, func(f *File) { f.Office.Name = "" }},
	"case_opened":         {func(f *File) { without(f, "D05") }},
	"accepted_in_time":    {func(f *File) { f.Lead.Decided.At = at(3, 10, 9) }, func(f *File) { f.Case.OpenedAt = at(3, 4, 9) }},
	"limit_open":          {func(f *File) { f.Case.BreachEnded = "2024-02-28" }},
	"visit_cap":           {func(f *File) { f.Office.Region, f.Visits = "山东", 2 }},
	"visit_approver":      {func(f *File) { f.Inspections[0].Value.Approved.By = lead }},
	"visit_order":         {func(f *File) { f.Inspections[0].Value.Announced = at(3, 10, 11) }},
	"inspection_approved": {func(f *File) { f.Inspections[0].Value.Approved = nil }},
	"inspection_noticed":  {func(f *File) { f.Inspections[0].Value.Announced = time.Time{} }},
	"record_made":         {func(f *File) { without(f, "D03") }},
	"record_same_day":     {func(f *File) { paperOf(f, "D03").Issued.At = at(3, 11, 9) }},
	"evidence_kind":       {func(f *File) { f.Evidence[0].Value.Category = "照片" }},
	"evidence_enough":     {func(f *File) { f.Evidence[0].Value.Damaged = "不完整" }, func(f *File) { f.Rolls = nil }, func(f *File) { f.Evidence[0].Value.Supports = nil }},
	"facts_clear": {
		func(f *File) { paperOf(f, "D06").Issued.AmountFen++ },
		func(f *File) { f.Rolls[0].Value.Workers[0].PaidFen = 1 },
		func(f *File) { f.Breaches, f.Interviews, f.Rolls = nil, nil, nil },
	},
	"cause_named": {func(f *File) { f.Case.Cause = "" }, func(f *File) { f.Case.Cause = "欠薪" }},
	"law_applied": {
		func(f *File) { f.Case.Sanction.FineFen = 6_000_000 },
		func(f *File) { f.Case.Sanction.Version = "wage.unit@2020-05-01" },
		func(f *File) { f.Case.Sanction.ActOn = "" },
		func(f *File) { f.Case.Sanction = nil },
		func(f *File) { f.Case.Sanction.Rules = []string{"horse"} },
	},
	"fine_in_tier":     {func(f *File) { f.Case.Sanction.Tier = "轻微" }, func(f *File) { f.Case.Sanction.Tier = "" }},
	"one_fine":         {func(f *File) { add(f, "D13a", at(4, 1, 9), false) }, func(f *File) { drafting(f, "D13", nil) }},
	"lawful_leniency":  {func(f *File) { drafting(f, "D15", nil) }},
	"educated":         {func(f *File) { drafting(f, "D15", nil) }},
	"spot_limit":       {func(f *File) { drafting(f, "D13a", map[string]any{"amount_fen": int64(300_001)}) }},
	"hold_approved":    {func(f *File) { undecide(f, matterHold, "") }, func(f *File) { f.Case.Decisions[0].At = at(3, 10, 12) }},
	"hold_settled":     {func(f *File) { without(f, "D08a") }, func(f *File) { paperOf(f, "D08a").Issued.At = at(3, 20, 9) }},
	"extend_in_time":   {func(f *File) { f.Case.Extended = &model.Decision{By: head, At: at(6, 2, 9)} }},
	"suspend_allowed":  {func(f *File) { f.Case.Pauses = []model.Pause{{From: at(4, 1, 9), To: at(4, 2, 9)}} }},
	"suspended":        {func(*File) {}, func(f *File) { add(f, "D26a", at(4, 1, 9), false); add(f, "D26b", at(4, 2, 9), false) }},
	"investigated":     {func(f *File) { paperOf(f, "D18").Issued.At = at(3, 26, 9) }},
	"transfer_made":    {func(f *File) { without(f, "D17"); undecide(f, matterTransfer, "") }},
	"transfer_ripe":    {func(f *File) { undecide(f, matterRecheck, "") }, func(f *File) { f.Rolls = nil }},
	"transfer_in_time": {func(f *File) { f.Case.Decisions[2].At = at(3, 22, 10) }, func(f *File) { paperOf(f, "D17a").Issued.At = at(3, 16, 10) }},
	"due_short":        {func(f *File) { paperOf(f, "D06").DueBy = "2026-03-12" }},
	"order_served":     {func(f *File) { unserve(f, "D06") }, func(f *File) { without(f, "D06") }},
	"order_due":        {func(f *File) { paperOf(f, "D06").DueBy = "2026-03-21" }},
	"order_lapsed":     {func(f *File) { undecide(f, matterRecheck, "") }, func(f *File) { paperOf(f, "D06").Issued.AmountFen = 0 }},
	"prior_order": {
		func(f *File) { without(f, "D06") },
		func(f *File) { unserve(f, "D06") },
		func(f *File) { f.Case.Decisions[1].Outcome = "已改正" },
		func(f *File) { undecide(f, matterRecheck, "") },
	},
	"rechecked":            {func(f *File) { without(f, "D07") }, func(f *File) { f.Case.Decisions[1].Outcome = "无法核实" }},
	"revoke_ground":        {func(*File) {}},
	"investigated_in_time": {func(f *File) { paperOf(f, "D18").Issued.At = at(6, 10, 9) }},
	"notice_served": {
		func(f *File) { without(f, "D09") },
		func(f *File) { unserve(f, "D09") },
		func(f *File) { paperOf(f, "D09").Issued.At = at(4, 28, 9) },
	},
	"statement_closed": {
		func(f *File) { paperOf(f, "D13").Issued.At = at(3, 30, 9) },
		func(f *File) { unserve(f, "D09") },
		func(f *File) { without(f, "D09") },
	},
	"statement_weighed": {func(f *File) { undecide(f, matterStatement, "复核后不采纳") }},
	"hearing_closed": {
		func(f *File) { undecide(f, matterHearing, hearingHeld) },
		func(f *File) { undecide(f, matterHearing, ""); unserve(f, "D10") },
		func(f *File) { undecide(f, matterHearing, ""); paperOf(f, "D13").Issued.At = at(4, 1, 9) },
	},
	"hearing_noticed":    {func(f *File) { unserve(f, "D10a") }, func(f *File) { f.Case.Decisions[6].At = at(4, 10, 9) }},
	"review_passed":      {func(f *File) { undecide(f, matterReview, "") }, func(f *File) { f.Case.Decisions[7].Outcome = "退补" }, func(f *File) { without(f, "D12") }},
	"discussion_held":    {func(f *File) { undecide(f, matterDiscussion, "") }, func(f *File) { f.Case.Decisions[8].Outcome = "不同意" }},
	"decided_in_time":    {func(f *File) { paperOf(f, "D13").Issued.At = at(6, 10, 9) }},
	"transfer_approved":  {func(f *File) { f.Case.Decisions[2].Outcome = "不批准移送" }, func(f *File) { f.Case.Decisions[2].At = at(3, 24, 10) }},
	"city_head":          {func(*File) {}},
	"decision_made":      {func(f *File) { without(f, "D13") }},
	"decision_sealed":    {func(f *File) { paperOf(f, "D13").Events = nil }},
	"decision_served":    {func(f *File) { unserve(f, "D13") }},
	"served_in_time":     {func(f *File) { unserve(f, "D13"); f.Services = append(f.Services, served("D13", at(5, 20, 9))) }},
	"service_proved":     {func(f *File) { f.Services[0].Value.Relation = "" }, func(f *File) { f.Services[0].Value.Mode = "托梦" }},
	"electronic_consent": {func(f *File) { f.Services[0].Value.Mode = model.ServeElectron }},
	"executed":           {func(f *File) { undecide(f, matterExecution, "") }},
	"urged":              {func(*File) {}, func(f *File) { add(f, "D24", at(7, 30, 9), true) }},
	"remedy_expired":     {func(*File) {}, func(f *File) { f.At = at(12, 31, 9).AddDate(0, 5, 0) }, func(f *File) { without(f, "D13") }},
	"blacklist_told":     {func(*File) {}, func(f *File) { add(f, "D25", at(7, 30, 9), true) }},
	"file_complete":      {func(f *File) { without(f, "D19") }, func(f *File) { unserve(f, "D10") }, func(f *File) { f.Documents[0].Value.State = model.DocumentDraft }},
}

func recusal(outcome string, who model.ID) model.CaseDecision {
	x := decided(matterRecusal, outcome, head, at(3, 5, 9), "")
	x.About = who
	return x
}

func TestEveryGateClosesOnWhatItForbids(t *testing.T) {
	for _, g := range law(t).Gates() {
		if len(spoilers[g.Key]) == 0 {
			t.Errorf("gate %q: no file is known on which it closes", g.Key)
		}
		for n, spoil := range spoilers[g.Key] {
			f := soundFile(t)
			spoil(f)
			reasons, err := f.Gate(g.Key)
			if err != nil || len(reasons) == 0 {
				t.Errorf("gate %q stays open on file %d (%v)", g.Key, n, err)
				continue
			}
			if r := reasons[0]; r.Article != g.Article || r.Code != g.Key || r.Blocks != g.Blocks || r.Text == "" {
				t.Errorf("gate %q: %+v", g.Key, r)
			}
		}
	}
}

// What opens a gate that is closed on the sound file.
func TestGatesOpen(t *testing.T) {
	for _, c := range []struct {
		key  string
		mend func(f *File)
	}{
		{"revoke_ground", func(f *File) { f.Case.Decisions[1].Outcome = "已改正" }},
		{"revoke_ground", func(f *File) { f.Breaches = nil; without(f, "D06") }},
		{"lawful_leniency", func(f *File) {
			drafting(f, "D15", nil)
			f.Case.Decisions[1].Outcome = "已改正"
			f.Case.Sanction.Grounds = []string{"first_offence", "slight_harm"}
		}},
		{"educated", func(f *File) {
			drafting(f, "D15", nil)
			decide(f, decided(matterEducation, "已教育", lead, at(7, 1, 9), ""))
		}},
		{"city_head", func(f *File) { decide(f, decided(matterQuery, "设区的市级以上批准", head, at(7, 1, 9), "")) }},
		{"urged", func(f *File) { add(f, "D24", at(7, 1, 9), true) }},
		{"blacklist_told", func(f *File) { add(f, "D25", at(7, 1, 9), true) }},
		{"remedy_expired", func(f *File) { f.At = at(11, 30, 9) }},
		{"electronic_consent", func(f *File) { f.Services[0].Value.Mode = model.ServeElectron; add(f, "D16a", at(3, 10, 9), false) }},
		{"suspended", func(f *File) { add(f, "D26a", at(4, 1, 9), false) }},
		{"suspend_allowed", func(f *File) { f.Office.Region = "浙江"; f.Case.Pauses = []model.Pause{{From: at(4, 1, 9)}} }},
		{"statement_closed", func(f *File) {
			paperOf(f, "D13").Issued.At = at(3, 26, 9)
			decide(f, decided(matterStatement, statementWaived, lead, at(3, 25, 15), ""))
			undecide(f, matterStatement, "当事人提出")
		}},
		{"hearing_closed", func(f *File) { undecide(f, matterHearing, "") }}, // told, and not asked for in time
		{"fine_in_tier", func(f *File) { f.Case.Sanction.Tier, f.Case.Sanction.Reason = "轻微", "主动消除危害后果" }},
		{"transfer_made", func(f *File) { without(f, "D17"); f.Case.Decisions[2].Outcome = "不批准移送" }},
		{"executed", func(f *File) {
			without(f, "D13")
			undecide(f, matterExecution, "")
			f.Case.Decisions[1].Outcome = "已改正"
		}},
		{"party_named", func(f *File) { f.Employer.USCC, f.Employer.Note = "", "无证照经营" }},
		{"limit_open", func(f *File) { f.Case.BreachEnded = "" }},
		{"one_fine", func(f *File) { drafting(f, "D13", map[string]any{"party": "项目负责人"}) }},
		{"spot_limit", func(f *File) { drafting(f, "D13a", map[string]any{"amount_fen": int64(300_000)}) }},
	} {
		f := soundFile(t)
		c.mend(f)
		if reasons, err := f.Gate(c.key); err != nil || len(reasons) > 0 {
			t.Errorf("%s stays closed: %v %v", c.key, reasons, err)
		}
	}
}
