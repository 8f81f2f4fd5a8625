package office_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/modeltest"
)

// The officers of the office under test, by their place in its list.
const (
	first = iota
	second
	third
	fourth
	expired
	assistant
)

// bureau is an office with a case opened on one employer and its site, on a
// real data folder.
type bureau struct {
	*office.Office
	t        *testing.T
	ctx      context.Context
	clock    *modeltest.Clock
	people   []model.ID
	employer model.ID
	site     model.ID
	lead     model.ID
	kase     model.ID
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	b := &bureau{t: t, ctx: context.Background(), clock: modeltest.NewClock(0)}
	officers := []model.Officer{*modeltest.Officer(1), *modeltest.Officer(2), *modeltest.Officer(3), *modeltest.Officer(4), *modeltest.Officer(5), *modeltest.Officer(6)}
	officers[expired].ValidTo = "2025-12-31"
	officers[assistant].Role, officers[assistant].CertNo = model.RoleAssistant, ""
	var err error
	b.Office, err = office.Create(b.ctx, office.Options{Dir: t.TempDir(), Clock: b.clock, IDs: &modeltest.IDs{Laptop: 1}, Params: modeltest.FastParams()},
		office.SetUp{Office: *modeltest.Office(), Officers: officers, Passphrase: modeltest.Passphrase})
	b.ok(err)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	b.ok(b.TakeLocalNumbers(b.ctx, modeltest.Day.Year(), 50))
	b.findPeople(officers)
	b.employer = b.save(modeltest.Employer(1))
	site := modeltest.Site(1, "")
	site.Owner, site.General, site.Subs = "", "", []model.ID{b.employer}
	b.site = b.save(site)
	b.lead, err = b.Desk.RegisterLead(b.ctx, model.Lead{Source: "来访", Employer: b.employer, Site: b.site})
	b.ok(err)
	return b
}

func (b *bureau) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) findPeople(officers []model.Officer) {
	b.t.Helper()
	heads, err := b.Store.List(b.ctx, model.Query{Kind: model.KindOfficer})
	b.ok(err)
	for _, o := range officers {
		for _, h := range heads {
			kept, err := model.As[model.Officer](h.Body)
			b.ok(err)
			if *kept == o {
				b.people = append(b.people, h.ID)
			}
		}
	}
	if len(b.people) != len(officers) {
		b.t.Fatalf("%d officers were kept of %d", len(b.people), len(officers))
	}
}

func (b *bureau) save(r model.Record) model.ID {
	b.t.Helper()
	id, err := b.Desk.Save(b.ctx, "", "", r)
	b.ok(err)
	return id
}

func (b *bureau) pick(who ...int) (out []model.ID) {
	for _, i := range who {
		out = append(out, b.people[i])
	}
	return out
}

// accepted opens the case.
func (b *bureau) accepted() *bureau {
	b.t.Helper()
	var err error
	b.kase, err = b.Desk.AcceptLead(b.ctx, casework.Acceptance{Lead: b.lead, Cause: "拖欠工资", Officers: b.pick(first, second), Reason: "属于管辖"})
	b.ok(err)
	return b
}

func (b *bureau) plan(who ...int) (model.ID, error) {
	return b.Desk.PlanVisit(b.ctx, model.Inspection{Type: "个案", Source: "来访", Matter: "工资支付", Case: b.kase, Employer: b.employer, Site: b.site,
		Officers: b.pick(who...), Start: modeltest.Day.Add(2 * time.Hour), Place: "工地", Contact: "某人"})
}

// announced is a visit that is approved and announced, and not yet recorded.
func (b *bureau) announced() model.ID {
	b.t.Helper()
	id, err := b.plan(first, second)
	b.ok(err)
	_, err = b.Desk.ApproveVisit(b.ctx, id, "同意")
	b.ok(err)
	_, err = b.Desk.AnnounceVisit(b.ctx, id)
	b.ok(err)
	return id
}

// recorded is a visit that found something.
func (b *bureau) recorded() model.ID {
	b.t.Helper()
	id := b.announced()
	start := b.Now().Add(-time.Hour) // the visit has just ended
	_, _, err := b.Desk.RecordVisit(b.ctx, casework.SiteRecord{Inspection: id, Start: start, End: start.Add(time.Hour), Place: "工地", Contact: "某人",
		Answers: map[string]any{"C14": casework.VerdictBreach, "C14_workers": int64(3), "C14_note": "三人未签合同"}})
	b.ok(err)
	return id
}

// orders drafts the orders of a recorded visit.
func (b *bureau) order(visit model.ID, due model.Date) model.ID {
	b.t.Helper()
	ids, _, err := b.Desk.DraftOrders(b.ctx, casework.OrderIn{Inspection: visit, Due: due})
	b.ok(err)
	return ids[0]
}

func (b *bureau) interview(person string, from, to time.Duration, who ...int) error {
	_, _, err := b.Desk.TakeInterview(b.ctx, model.Interview{Case: b.kase, Site: b.site, Matter: "工资支付一事", Place: "会议室", Person: person, Unit: "某公司",
		Relation: "班组长", Officers: b.pick(who...), Start: modeltest.Day.Add(from), End: modeltest.Day.Add(to),
		QAs: []model.QA{{Question: "欠了几个月？", Answer: "三个月。"}}})
	return err
}

// refused: the act was refused by a gate, for a reason that holds the words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	var r *casework.Refused
	if !errors.As(err, &r) {
		t.Errorf("not refused by a gate: %v", err)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q lacks %q", err, w)
		}
	}
}

func TestTwoCertifiedOfficersOrNothing(t *testing.T) {
	b := newBureau(t).accepted()
	order := b.order(b.recorded(), "2026-09-28")
	_, err := b.Desk.Issue(b.ctx, order)
	b.ok(err)
	lead, err := b.Desk.RegisterLead(b.ctx, model.Lead{Source: "来访", Employer: b.employer})
	b.ok(err)
	acts := map[string]func(who ...int) error{
		"accept": func(who ...int) error {
			_, err := b.Desk.AcceptLead(b.ctx, casework.Acceptance{Lead: lead, Cause: "拖欠工资", Officers: b.pick(who...), Reason: "属于管辖"})
			return err
		},
		"visit":     func(who ...int) error { _, err := b.plan(who...); return err },
		"interview": func(who ...int) error { return b.interview("甲", 5*time.Hour, 6*time.Hour, who...) },
		"service": func(who ...int) error {
			_, _, err := b.Desk.Serve(b.ctx, model.Service{Document: order, Mode: model.ServeDirect, At: modeltest.Day.Add(time.Hour), Place: "工地",
				Receiver: "某人", Relation: "负责人", Officers: b.pick(who...)})
			return err
		},
	}
	cases := []struct {
		name string
		who  []int
		want string
	}{
		{"expired", []int{first, expired}, "到期"},
		{"assistant", []int{assistant, second}, "协管员"},
		{"the same twice", []int{first, first}, "重复"},
		{"one only", []int{second}, "只有1名"},
		{"nobody", nil, "只有0名"},
		{"two and an expired third", []int{first, second, expired}, "到期"},
	}
	for act, do := range acts {
		for _, c := range cases {
			t.Run(act+" "+c.name, func(t *testing.T) { refused(t, do(c.who...), c.want, "《劳动保障监察条例》第十六条") })
		}
		t.Run(act+" two", func(t *testing.T) {
			if err := do(first, second); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLeavingAPaperNeedsProofAndReason(t *testing.T) {
	b := newBureau(t).accepted()
	order := b.order(b.recorded(), "2026-09-28")
	leave := model.Service{Document: order, Mode: model.ServeLeave, At: modeltest.Day.Add(time.Hour), Place: "工地", Receiver: "某人",
		Refusal: "未说明理由", Witness: "某社区 某人", Officers: b.pick(first, second)}
	serve := func(change func(*model.Service)) error {
		s := leave
		change(&s)
		_, _, err := b.Desk.Serve(b.ctx, s)
		return err
	}
	refused(t, serve(func(*model.Service) {}), "还没有签发")
	_, err := b.Desk.Issue(b.ctx, order)
	b.ok(err)
	const article = "《中华人民共和国民事诉讼法》第八十九条"
	cases := []struct {
		name   string
		change func(*model.Service)
		want   string
	}{
		{"without a witness or a photo", func(s *model.Service) { s.Witness = "" }, article},
		{"without a reason", func(s *model.Service) { s.Refusal = "" }, article},
		{"without a place", func(s *model.Service) { s.Place = "" }, "地点"},
		{"without a time", func(s *model.Service) { s.At = time.Time{} }, "时间"},
		{"before it was issued", func(s *model.Service) { s.At = modeltest.Day.Add(-time.Hour) }, "早于签发"},
		{"posting an order without wages", func(s *model.Service) { s.Mode, s.Evidence = model.ServePost, []model.ID{b.employer} }, "张贴只用于"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { refused(t, serve(c.change), c.want) })
	}
	if n, err := b.Store.Count(b.ctx, model.Query{Kind: model.KindService}); err != nil || n != 0 {
		t.Errorf("%d services were kept of refused ones: %v", n, err)
	}
	b.ok(serve(func(*model.Service) {}))
}

func TestNobodyAsksTwoPeopleAtOnce(t *testing.T) {
	b := newBureau(t).accepted()
	b.ok(b.interview("甲", time.Hour, 2*time.Hour, first, second))
	refused(t, b.interview("乙", 90*time.Minute, 3*time.Hour, second, third), "重叠")
	refused(t, b.interview("乙", 80*time.Minute, 100*time.Minute, first, third), "重叠")
	refused(t, b.interview("乙", 3*time.Hour, 3*time.Hour, first, second), "晚于开始时间")
	refused(t, b.interview("乙、丙", 3*time.Hour, 4*time.Hour, first, second), "只能询问一人")
	b.ok(b.interview("乙", 90*time.Minute, 3*time.Hour, third, fourth))
	b.ok(b.interview("丙", 2*time.Hour, 150*time.Minute, first, second))
}

func TestOrderNeedsADayToCome(t *testing.T) {
	b := newBureau(t).accepted()
	visit := b.recorded()
	for _, due := range []model.Date{"", "2026-09-17", "2026-09-18", "2026-02-30"} {
		_, err := b.Desk.Issue(b.ctx, b.order(visit, due))
		refused(t, err, "改正期限", "《劳动保障监察条例》第十八条")
	}
	b.ok(func() error { _, err := b.Desk.Issue(b.ctx, b.order(visit, "2026-09-19")); return err }())
	rows, err := b.Store.Numbers(b.ctx, "劳监令/2026")
	if err != nil || len(rows) != 1 {
		t.Errorf("refused orders took numbers: %v %v", rows, err)
	}
}

func TestOrderNeedsTheSiteRecord(t *testing.T) {
	b := newBureau(t).accepted()
	visit := b.announced()
	id, err := b.Desk.Draft(b.ctx, model.Document{Type: "D06", Case: b.kase, Inspection: visit, DueBy: "2026-09-28", Fields: map[string]any{}})
	b.ok(err)
	_, err = b.Desk.Issue(b.ctx, id)
	refused(t, err, "现场检查笔录", "《行政处罚法》第五十五条")
	h, err := b.Store.Head(b.ctx, id)
	if err != nil || h.Summary.State != model.DocumentDraft {
		t.Errorf("the refused order is %s: %v", h.Summary.State, err)
	}
}

func TestNoStateIsEditedPastItsAct(t *testing.T) {
	b := newBureau(t).accepted()
	visit := b.announced()
	b.ok(b.interview("甲", time.Hour, 2*time.Hour, first, second))
	lead, err := b.Desk.RegisterLead(b.ctx, model.Lead{Source: "来访", Employer: b.employer})
	b.ok(err)
	draft, err := b.Desk.Draft(b.ctx, model.Document{Type: "D06", Case: b.kase, Inspection: visit, Fields: map[string]any{}})
	b.ok(err)
	interviews, err := b.Store.List(b.ctx, model.Query{Kind: model.KindInterview})
	b.ok(err)
	cases := []struct {
		name   string
		id     model.ID
		record model.Record
	}{
		{"lead accepted without a case", lead, &model.Lead{State: model.LeadAccepted, Source: "来访", Employer: b.employer}},
		{"new lead that is accepted", "", &model.Lead{State: model.LeadAccepted, Source: "来访"}},
		{"case closed", b.kase, &model.Case{State: model.CaseClosed}},
		{"new case", "", modeltest.Case(1, b.employer, b.site)},
		{"visit recorded without a record", visit, &model.Inspection{State: model.InspectionRecorded}},
		{"visit put back to planned", visit, &model.Inspection{State: model.InspectionPlanned}},
		{"new visit that is approved", "", &model.Inspection{State: model.InspectionApproved}},
		{"draft that says it is issued", draft, &model.Document{State: model.DocumentIssued, Type: "D06", Fields: map[string]any{}}},
		{"new paper that is served", "", &model.Document{State: model.DocumentServed, Type: "D06", Fields: map[string]any{}}},
		{"statement opened again", interviews[0].ID, &model.Interview{State: model.InterviewDraft}},
		{"new service", "", &model.Service{Mode: model.ServeDirect}},
		{"employer in the place of a lead", lead, modeltest.Employer(2)},
		{"record that is not there", modeltest.ID(7, 7), modeltest.Employer(2)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before, _ := b.Store.Head(b.ctx, c.id)
			if _, err := b.Desk.Save(b.ctx, c.id, before.Rev, c.record); err == nil {
				t.Error("saved")
			}
			if after, _ := b.Store.Head(b.ctx, c.id); after.Rev != before.Rev {
				t.Error("the record changed")
			}
		})
	}
}
