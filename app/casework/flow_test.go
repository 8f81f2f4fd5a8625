package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/statute"
)

func timeDays(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// refused checks that a step was closed, and why.
func refused(t *testing.T, err error, why string) {
	t.Helper()
	var r *Refused
	if !errors.As(err, &r) || !strings.Contains(err.Error(), why) {
		t.Errorf("want a refusal for %q, got %v", why, err)
	}
}

// prelude is what a penalty asks for before its decision, each with a name to
// leave it out by. All of it, in this order, opens the way.
type prelude struct {
	name string
	do   func(b *bureau) error
	// vital: without it no penalty may come about.
	vital bool
}

func penaltyPrelude() []prelude {
	papers := map[string]model.ID{}
	issue := func(docType string) func(b *bureau) error {
		return func(b *bureau) error { papers[docType] = b.issue(docType); return nil }
	}
	serve := func(docType string) func(b *bureau) error {
		return func(b *bureau) error {
			if papers[docType] != "" {
				b.serve(papers[docType])
			}
			return nil
		}
	}
	decide := func(by model.ID, matter, outcome, docType string) func(b *bureau) error {
		return func(b *bureau) error { return b.decide(by, matter, outcome, papers[docType]) }
	}
	wait := func(days int) func(b *bureau) error { return func(b *bureau) error { b.wait(days); return nil } }
	move := func(by model.ID, to string) func(b *bureau) error {
		return func(b *bureau) error { return b.move(by, to) }
	}
	return []prelude{
		{"opening approved", decide(head, matterOpening, "同意立案", ""), true},
		{"order", issue("D06"), true}, {"order served", serve("D06"), true}, {"order made", move(lead, model.CaseCorrecting), false},
		{"order lapses", wait(10), true}, {"seen again", issue("D07"), true}, {"not corrected", decide(lead, matterRecheck, "逾期未改正", "D07"), true},
		{"transfer refused", decide0(head, matterTransfer, "不批准移送", "D17a", papers), true},
		{"report", issue("D18"), true}, {"concluded", move(lead, model.CaseConcluded), true},
		{"proposed", propose, true},
		{"notice", issue("D09"), true}, {"notice served", serve("D09"), true}, {"told of hearing", issue("D10"), true}, {"hearing paper served", serve("D10"), true},
		{"notified", move(lead, model.CaseNotified), false}, {"periods run", wait(20), true},
		{"to review", move(lead, model.CaseReview), false},
		{"review paper", issue("D12"), true}, {"review agrees", decide(reviewer, matterReview, "同意", "D12"), true},
		{"minutes", issue("D11"), true}, {"discussion agrees", decide(head, matterDiscussion, "同意", "D11"), true},
		{"decision", issue("D13"), true}, {"punished", move(head, model.CasePunished), false},
	}
}

// decide0 issues the paper a decision stands on and decides.
func decide0(by model.ID, matter, outcome, docType string, papers map[string]model.ID) func(b *bureau) error {
	return func(b *bureau) error {
		papers[docType] = b.issue(docType)
		return b.decide(by, matter, outcome, papers[docType])
	}
}

func propose(b *bureau) error {
	_, err := b.desks[lead].Propose(context.Background(), b.kase, model.Sanction{Rules: []string{"wage.unit"}, Tier: "一般", FineFen: 3_500_000,
		Organisation: true, Grave: true, ActOn: "2026-09-01"})
	return err
}

func TestAPenaltyFromLeadToArchive(t *testing.T) {
	b := newBureau(t, "湖南")
	refused(t, b.move(lead, model.CaseConcluded), "还没有签发《案件调查终结报告》")
	for _, p := range penaltyPrelude() {
		if err := p.do(b); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
	}
	decision := b.read().Log[len(b.read().Log)-1].Document
	refused(t, b.move(lead, model.CaseExecuting), "决定书尚未送达")
	b.serve(decision)
	b.must(b.move(lead, model.CaseExecuting))
	served := model.DateOf(b.clock.Now().AddDate(0, 0, 15))
	if got := b.read().DueBy; got < served {
		t.Errorf("to be paid by %s, want %s or the working day after", got, served)
	}
	b.issue("D19")
	refused(t, b.move(head, model.CaseClosed), "决定尚未执行完毕")
	b.must(b.decide(lead, matterExecution, "已履行", ""))
	refused(t, b.move(lead, model.CaseClosed), "应当由负责人办理")
	b.must(b.move(head, model.CaseClosed))
	refused(t, b.decide(lead, matterExecution, "已履行", ""), "案件已经结案")
	b.must(b.serveTheRest())
	b.must(b.move(lead, model.CaseArchived))
	if c := b.read(); c.DueBy != "" || len(c.Log) != 9 {
		t.Errorf("archived with due %q and %d steps: %+v", c.DueBy, len(c.Log), c.Log)
	}
	items, err := b.desks[lead].SelfCheck(context.Background(), b.kase)
	b.must(err)
	for _, i := range items {
		if !i.OK && !i.Warn {
			t.Errorf("%s: %s", i.Key, i.Reason)
		}
	}
}

// serveTheRest serves what the archive finds unserved.
func (b *bureau) serveTheRest() error {
	f, err := b.desks[lead].File(context.Background(), b.kase)
	if err != nil {
		return err
	}
	for _, k := range f.Documents {
		row, err := f.Law.Catalogue(f.At, "").Get(k.Value.Type)
		if err != nil {
			return err
		}
		if toBeServed(row) && f.servedOn(k.ID).IsZero() {
			b.serve(k.ID)
		}
	}
	return nil
}

// Whatever is left out before the decision, and in whatever number, there is
// no penalty without it.
func TestNoPenaltyAroundAGate(t *testing.T) {
	steps := penaltyPrelude()
	run := func(t failer, b *bureau, left map[int]bool) {
		steps := penaltyPrelude()
		vital := ""
		for n, p := range steps {
			if left[n] {
				if p.vital {
					vital = p.name
				}
				continue
			}
			if err := p.do(b); err != nil && vital == "" && len(left) == 0 {
				t.Fatalf("%s: %v", p.name, err)
			}
		}
		// From wherever the case stands, straight to the decision.
		_ = b.move(head, model.CasePunished)
		if b.read().State == model.CasePunished && vital != "" {
			t.Fatalf("punished without %q", vital)
		}
	}
	for n, p := range steps {
		t.Run(p.name, func(t *testing.T) { run(t, newBureau(t, "湖南"), map[int]bool{n: true}) })
	}
	t.Run("several", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			left := map[int]bool{}
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(steps)-1), 1, 5, rapid.ID[int]).Draw(rt, "left out") {
				left[n] = true
			}
			run(rt, openBureau(t, rt, "湖南"), left)
		})
	})
}

// The decision may be made on the first day after the longest period of the
// party has ended, and on no day before.
func TestADecisionWaitsToTheDay(t *testing.T) {
	for days := range 20 {
		b := newBureau(t, "湖南")
		var told time.Time
		for _, p := range penaltyPrelude() {
			switch p.name {
			case "periods run":
				told = b.clock.Now()
				b.wait(days)
			default:
				_ = p.do(b)
			}
		}
		asked, err := law(t).Due("hearing.request", told, "湖南")
		b.must(err)
		if got, want := b.read().State == model.CasePunished, asked.Passed(b.clock.Now()); got != want {
			t.Errorf("%d days after the notice of %s: punished %v", days, model.DateOf(told), got)
		}
	}
}

// walkAct is one thing people do in a case, in any order and by anybody.
func walkAct(rt *rapid.T, b *bureau, l *statute.Law) {
	by := rapid.SampledFrom([]model.ID{lead, assist, reviewer, head, third, helper}).Draw(rt, "by")
	switch rapid.IntRange(0, 4).Draw(rt, "act") {
	case 0:
		id := b.issue(rapid.SampledFrom([]string{"D05", "D06", "D07", "D09", "D10", "D11", "D12", "D13", "D14", "D15", "D17", "D17a", "D18", "D19", "D19a", "D26", "D26a"}).Draw(rt, "paper"))
		if rapid.Bool().Draw(rt, "served") {
			b.serve(id)
		}
	case 1:
		m := rapid.SampledFrom(l.Matters()).Draw(rt, "matter")
		var doc model.ID
		if len(m.Documents) > 0 {
			doc = b.issue(m.Documents[0])
		}
		_ = b.decide(by, m.Matter, m.Outcome, doc)
	case 2:
		b.wait(rapid.IntRange(1, 12).Draw(rt, "days"))
	default:
		steps := l.Transitions(statute.OfCase, b.read().State, b.clock.Now(), "湖南")
		if len(steps) > 0 {
			_ = b.move(by, rapid.SampledFrom(steps).Draw(rt, "step").To)
		}
	}
}

// However people act, each change of state has its actor, its time, the paper
// the table wants, an actor who may, and a step of the table behind it.
func TestAnyWalkLeavesAFullLog(t *testing.T) {
	l := law(t)
	reached := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		b := openBureau(t, rt, "湖南")
		for range rapid.IntRange(20, 60).Draw(rt, "acts") {
			walkAct(rt, b, l)
		}
		c := b.read()
		state := model.CaseInvestigating
		for _, s := range c.Log[1:] {
			row, ok := l.Transition(statute.OfCase, s.From, s.To, s.At, "湖南")
			if !ok || s.From != state {
				rt.Fatalf("%s→%s after %s is no step", s.From, s.To, state)
			}
			if s.By == "" || s.At.IsZero() || s.Act == "" || len(row.Documents) > 0 && s.Document == "" {
				rt.Fatalf("a step without its marks: %+v", s)
			}
			if !statute.DutyOf(s.By, people()[s.By], c).May(row.Who) || s.By == helper {
				rt.Fatalf("%s was done by %s", s.Act, s.By)
			}
			state = s.To
			reached[state] = true
		}
		if state != c.State {
			rt.Fatalf("the case says %s, its log %s", c.State, state)
		}
	})
	// How far blind walks come is chance; that they come anywhere is not.
	if len(reached) == 0 {
		t.Error("no walk took a single step")
	}
}

func TestMovesSayWhatStandsAgainstThem(t *testing.T) {
	b := newBureau(t, "湖南")
	ctx := context.Background()
	moves, err := b.desks[lead].Next(ctx, b.kase)
	b.must(err)
	byTo := map[string]Move{}
	for _, m := range moves {
		byTo[m.To] = m
	}
	m := byTo[model.CaseConcluded]
	if m.Open() || len(m.Reasons) == 0 || m.Act != "调查终结" || !slices.Equal(m.Documents, []string{"D18"}) {
		t.Errorf("concluding: %+v", m)
	}
	for _, r := range m.Reasons {
		if r.Text == "" || r.Article == "" {
			t.Errorf("a reason without its words: %+v", r)
		}
	}
	if m := byTo[model.CaseSuspended]; m.Open() || !strings.Contains(fmt.Sprint(m.Reasons), "没有中止调查的规定") {
		t.Errorf("suspending in a province without such a rule: %+v", m)
	}
}

func TestAMoveNeedsItsPaperAndItsPerson(t *testing.T) {
	b := newBureau(t, "湖南")
	ctx := context.Background()
	order := b.issue("D06")
	moves, err := b.desks[assist].Next(ctx, b.kase)
	b.must(err)
	for _, m := range moves {
		if m.To == model.CaseCorrecting && (!m.Open() || !slices.Equal(m.Ready, []model.ID{order})) {
			t.Errorf("ordering: %+v", m)
		}
	}
	if _, err := b.desks[lead].Move(ctx, b.kase, model.CasePunished, MoveIn{}); err == nil || !strings.Contains(err.Error(), "不能转为“行政处罚”") {
		t.Errorf("a step the table does not have: %v", err)
	}
	_, err = b.desks[lead].Move(ctx, b.kase, model.CaseCorrecting, MoveIn{Document: b.issue("D03")})
	refused(t, err, "所选文书不是已签发的")
	refused(t, b.move(helper, model.CaseCorrecting), "应当由主办或者协办办理")
}

func TestWhoMayDecide(t *testing.T) {
	b := newBureau(t, "湖南")
	for _, c := range []struct {
		by              model.ID
		matter, outcome string
		paper           string
		want            string
	}{
		{lead, matterReview, "同意", "D12", "应当由法制审核人员办理"},
		{head, matterReview, "同意", "D12", "应当由法制审核人员办理"},
		{reviewer, matterReview, "同意", "", "应当附已签发的《重大执法决定法制审核意见书》"},
		{assist, matterHearing, hearingHeld, "D10b", "应当由非本案承办人员办理"},
		{lead, matterDiscussion, "同意", "D11", "应当由负责人办理"},
		{assist, matterOpening, "同意立案", "", "应当由负责人办理"},
		{head, matterRecusal, "驳回申请", "", "请写明申请谁回避"},
		{helper, matterHearing, hearingHeld, "D10b", "应当由非本案承办人员办理"},
	} {
		var doc model.ID
		if c.paper != "" {
			doc = b.issue(c.paper)
		}
		refused(t, b.decide(c.by, c.matter, c.outcome, doc), c.want)
	}
	b.must(b.decide(third, matterHearing, hearingHeld, b.issue("D10b")))
	if err := b.decide(lead, "占卜", "吉", ""); err == nil {
		t.Error("a matter of no table was decided")
	}
	ctx := context.Background()
	late := model.CaseDecision{Matter: matterExecution, Decision: model.Decision{Outcome: "已履行", At: b.clock.Now().Add(time.Hour)}}
	refused(t, b.desks[lead].Decide(ctx, b.kase, late), "办理时间晚于现在")
	late.At = b.read().OpenedAt.Add(-time.Hour)
	refused(t, b.desks[lead].Decide(ctx, b.kase, late), "办理时间早于立案")
	silent := model.CaseDecision{Matter: matterRecheck, Decision: model.Decision{Outcome: "部分改正"}, Document: b.issue("D07")}
	refused(t, b.desks[lead].Decide(ctx, b.kase, silent), "请写明理由")
}

func TestAnInvestigationIsExtendedOnceAndInTime(t *testing.T) {
	b := newBureau(t, "湖南")
	if got := b.read().DueBy; got != "2026-12-17" {
		t.Fatalf("due %s", got)
	}
	b.issue("D26")
	refused(t, b.move(lead, model.CaseInvestigating), "应当由负责人办理")
	b.must(b.move(head, model.CaseInvestigating))
	c := b.read()
	if c.DueBy != "2027-01-28" || c.Extended == nil || c.Extended.By != head || c.State != model.CaseInvestigating {
		t.Errorf("extended to %s by %+v", c.DueBy, c.Extended)
	}
	b.issue("D26")
	refused(t, b.move(head, model.CaseInvestigating), "已经延长过一次")

	late := newBureau(t, "湖南")
	late.wait(95)
	late.issue("D26")
	refused(t, late.move(head, model.CaseInvestigating), "应当在原期限届满前批准")
}

func TestAPauseStopsTheClock(t *testing.T) {
	b := newBureau(t, "浙江")
	b.wait(3)
	b.issue("D26a")
	b.must(b.move(head, model.CaseSuspended))
	if c := b.read(); c.DueBy != "" || len(c.Pauses) != 1 || !c.Pauses[0].To.IsZero() {
		t.Fatalf("suspended: %+v", c)
	}
	b.wait(7) // 21 to 28 September 2026: 22, 23, 24 and 28 are worked
	b.must(b.move(lead, model.CaseInvestigating))
	c := b.read()
	if c.DueBy != "2026-12-23" || c.Pauses[0].To.IsZero() || c.State != model.CaseInvestigating {
		t.Errorf("resumed, due %s: %+v", c.DueBy, c.Pauses)
	}
	refused(t, b.move(head, model.CaseSuspended), "还没有签发《中止调查审批表》")
}

func TestALeadIsSupplemented(t *testing.T) {
	b := newBureau(t, "湖南")
	ctx := context.Background()
	d := b.desks[lead]
	id, err := d.RegisterLead(ctx, model.Lead{Source: "信访", Employer: b.read().Employer})
	b.must(err)
	if err := d.AskSupplement(ctx, id, ""); err == nil {
		t.Error("asked for nothing")
	}
	b.must(d.AskSupplement(ctx, id, "劳动者名单"))
	if err := d.AskSupplement(ctx, id, "劳动者名单"); err == nil {
		t.Error("asked twice")
	}
	b.wait(10)
	b.must(d.Supplemented(ctx, id))
	l, _, err := load[model.Lead](ctx, d, id)
	b.must(err)
	if l.State != model.LeadRegistered || l.DecideBy != "2026-10-10" {
		t.Errorf("supplemented: %s, decide by %s", l.State, l.DecideBy)
	}
	if err := d.Supplemented(ctx, b.lead); err == nil {
		t.Error("an accepted lead was supplemented")
	}
}

func TestHolidaysMoveEveryRunningClock(t *testing.T) {
	b := newBureau(t, "湖南")
	ctx := context.Background()
	b.issue("D26")
	b.must(b.move(head, model.CaseInvestigating))
	b.wait(103) // 30 December 2026
	late, err := b.desks[lead].RegisterLead(ctx, model.Lead{Source: "信访", Employer: b.read().Employer})
	b.must(err)
	fresh, err := law(t).WithHolidays("2027.csv", []byte("date,kind,name\n2027-01-01,off,元旦\n2027-01-04,off,元旦\n"))
	b.must(err)
	n, err := b.desks[lead].Recount(ctx)
	if err != nil || n != 0 {
		t.Errorf("nothing changed, yet %d moved (%v)", n, err)
	}
	n, err = b.desks[lead].WithLaw(fresh).Recount(ctx)
	if err != nil || n != 2 {
		t.Fatalf("%d moved (%v)", n, err)
	}
	l, _, err := load[model.Lead](ctx, b.desks[lead], late)
	if err != nil || l.DecideBy != "2027-01-08" {
		t.Errorf("decide by %s (%v)", l.DecideBy, err)
	}
	if got := b.read().DueBy; got != "2027-02-01" {
		t.Errorf("due %s after two days off more", got)
	}
}
