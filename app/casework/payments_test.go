package casework

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
)

// agreed is an issued agreement of a case with two instalments.
func agreed(of model.ID) *model.Document {
	doc := modeltest.Issued(modeltest.Draft(of, "沅水劳务有限责任公司"), "", 0, modeltest.Day)
	doc.Type, doc.Title, doc.State = "D23", "调解协议书", model.DocumentIssued
	doc.Fields["instalments"] = []any{map[string]any{"pay_on": "2026-10-31", "pay": "50000.50"}, map[string]any{"pay_on": "2026-09-20", "pay": 100000.0}}
	return doc
}

func TestInstalmentsAreReadFromThePaper(t *testing.T) {
	promise := agreed("")
	promise.Type = "D23a"
	promise.Fields["instalments"], promise.Fields["due"] = nil, "2026年10月8日"
	promise.Issued.AmountFen = 300
	withdrawn := agreed("")
	withdrawn.State = model.DocumentWithdrawn
	draft := agreed("")
	draft.Issued = nil
	order := agreed("")
	order.Type = "D06"
	for _, c := range []struct {
		name string
		doc  *model.Document
		paid int64
		want string
	}{
		{"by their days", agreed(""), 0, "[{1 2026-09-20 10000000 0} {2 2026-10-31 5000050 0}]"},
		{"the earliest is paid first", agreed(""), 10_000_100, "[{1 2026-09-20 10000000 10000000} {2 2026-10-31 5000050 100}]"},
		{"more than was owed", agreed(""), 99_000_000, "[{1 2026-09-20 10000000 10000000} {2 2026-10-31 5000050 5000050}]"},
		{"a promise without instalments", promise, 0, "[{1 2026-10-08 300 0}]"},
		{"withdrawn", withdrawn, 0, "[]"},
		{"not issued", draft, 0, "[]"},
		{"an order", order, 0, "[]"},
	} {
		if got := fmt.Sprint(Instalments(c.doc, c.paid)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestWhatIsPaidIsSpreadWhole: of any payments nothing is lost, no instalment gets
// more than its own, and a later one nothing before an earlier one is paid.
func TestWhatIsPaidIsSpreadWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := agreed("")
		var rows []any
		total := int64(0)
		for n := range rapid.IntRange(1, 12).Draw(t, "instalments") {
			fen := rapid.Int64Range(1, 1_000_000_00).Draw(t, "fen")
			total += fen
			rows = append(rows, map[string]any{"pay_on": fmt.Sprintf("2026-%02d-15", 12-n), "pay": fmt.Sprintf("%d.%02d", fen/100, fen%100)})
		}
		doc.Fields["instalments"] = rows
		paid := rapid.Int64Range(0, 2*total).Draw(t, "paid")
		spread, open := int64(0), false
		for _, i := range Instalments(doc, paid) {
			if i.PaidFen < 0 || i.Left() < 0 || open && i.PaidFen > 0 {
				t.Fatalf("%+v", i)
			}
			open = open || i.Left() > 0
			spread += i.PaidFen
		}
		if spread != min(paid, total) {
			t.Fatalf("of %d paid %d are spread", paid, spread)
		}
	})
}

// paidPaper is an agreement of a case on which payments are noted.
type paidPaper struct {
	*keeper
	employer, kase, paper model.ID
	doc                   *model.Document
}

func newPaidPaper(t *testing.T) *paidPaper {
	k := newKeeper(t, 1)
	p := &paidPaper{keeper: k, paper: k.IDs.NewID()}
	k.put(modeltest.Office())
	p.employer = k.put(modeltest.Employer(1))
	p.kase = k.put(modeltest.Case(1, p.employer, ""))
	device := modeltest.Device(1)
	k.sure(k.AddBlock(t.Context(), model.Block{Series: "调/2026", From: 1, To: 9, Next: 1, Device: device.ID, Epoch: device.Epoch, Source: "test"}))
	p.doc = agreed(p.kase)
	p.doc.Issued.Series, p.doc.Issued.Serial = "调/2026", 1
	_, err := k.Commit(t.Context(), model.Batch{Author: k.desk.me, Use: &model.NumberUse{Series: "调/2026", Serial: 1, Document: p.paper}, Changes: []model.Change{{ID: p.paper, Record: p.doc}}})
	k.sure(err)
	return p
}

// due is what of the paper waits, in words.
func (p *paidPaper) due(t *testing.T) string {
	t.Helper()
	tasks, err := p.desk.planTasks(t.Context(), []Kept[model.Document]{{ID: p.paper, Value: p.doc}})
	p.sure(err)
	var out []string
	for _, task := range tasks {
		out = append(out, task.Detail+" "+string(task.Due))
		if task.Record != p.kase || task.Kind != model.KindCase || task.Article == "" {
			t.Errorf("task %+v", task)
		}
	}
	return strings.Join(out, "; ")
}

var paidPart = model.Payment{On: "2026-09-18", AmountFen: 4_000_000, Workers: 12, Way: model.PayAccount, Note: "代发清单 1-3 页"}

func TestWrongPaymentsAreRefused(t *testing.T) {
	p := newPaidPaper(t)
	for _, c := range []struct {
		says  string
		spoil func(*model.Payment)
	}{
		{"请填写支付金额", func(p *model.Payment) { p.AmountFen = 0 }},
		{"今天或者以前", func(p *model.Payment) { p.On = "2026-09-19" }},
		{"今天或者以前", func(p *model.Payment) { p.On = "" }},
		{"请选择支付方式", func(p *model.Payment) { p.Way = "以物抵薪" }},
		{"不能小于零", func(p *model.Payment) { p.Workers = -1 }},
		{"哪份文书", func(p *model.Payment) { p.Document = "" }},
	} {
		bad := paidPart
		bad.Document = p.paper
		c.spoil(&bad)
		if _, err := p.desk.NotePayment(t.Context(), bad); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
}

func TestPaymentsAreNotedRemindedAndStruckOut(t *testing.T) {
	p := newPaidPaper(t)
	ctx := t.Context()
	if got := p.due(t); got != "100,000.00 · 沅水劳务有限责任公司 2026-09-20" {
		t.Errorf("two days before: %q", got)
	}
	good := paidPart
	good.Document = p.paper
	id, err := p.desk.NotePayment(ctx, good)
	p.sure(err)
	kept, rev, err := load[model.Payment](ctx, p.desk, id)
	p.sure(err)
	if kept.Case != p.kase || kept.Employer != p.employer || kept.State != model.PaymentNoted || kept.By != p.desk.me {
		t.Errorf("payment %+v", kept)
	}
	if got := p.due(t); !strings.HasPrefix(got, "60,000.00 ") {
		t.Errorf("paid in part: %q", got)
	}
	more := *kept
	more.AmountFen *= 2
	if _, err := p.desk.commit(ctx, model.Change{ID: id, Base: rev, Record: &more}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("another amount: %v", err)
	}
	good.AmountFen = 6_000_000
	second, err := p.desk.NotePayment(ctx, good)
	p.sure(err)
	if got := p.due(t); got != "" {
		t.Errorf("the first is paid: %q", got)
	}
	checkPaymentLedgers(t, p.keeper, map[string]string{"清欠金额（元）": "100000", "清欠人数（人次）": "24", "支付方式：专户代发": "2"})
	for _, c := range []struct{ reason, says string }{{" ", "原因"}, {"登记重复", ""}, {"再来", "已经作废"}} {
		err := p.desk.StrikePayment(ctx, second, c.reason)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("struck out for %q: %v", c.reason, err)
		}
	}
	p.Clock.Move(timeDays(36)) // 24 October, seven days before the second
	if got := p.due(t); got != "60,000.00 · 沅水劳务有限责任公司 2026-09-20; 50,000.50 · 沅水劳务有限责任公司 2026-10-31" {
		t.Errorf("on %s: %q", model.DateOf(p.Clock.Now()), got)
	}
	checkPaymentLedgers(t, p.keeper, map[string]string{"清欠金额（元）": "40000", "清欠人数（人次）": "12", "支付协议履行率": "0.00%"})
}

// TestAPaymentFollowsItsPaper: a formal edition is no second agreement, and what was
// paid on an agreement that was taken back counts for its successors.
func TestAPaymentFollowsItsPaper(t *testing.T) {
	first, formal, old, middle, newest := agreed(""), agreed(""), agreed(""), agreed(""), agreed("")
	first.Issued.Provisional, formal.About = "暂1", "first"
	first.Events = []model.Event{{Kind: model.EventCorrected, Record: "formal"}}
	old.State, middle.State = model.DocumentWithdrawn, model.DocumentWithdrawn
	middle.Replaces, newest.Replaces = "old", "middle"
	draft := agreed("")
	draft.Issued, draft.Replaces = nil, "newest"
	docs := []Kept[model.Document]{{ID: "newest", Value: newest}, {ID: "formal", Value: formal}, {ID: "old", Value: old}, {ID: "first", Value: first}, {ID: "middle", Value: middle}, {ID: "draft", Value: draft}}
	var counted []model.ID
	for _, k := range Counted(docs) {
		counted = append(counted, k.ID)
	}
	if got := fmt.Sprint(counted); got != "[newest first draft]" {
		t.Errorf("what counts: %s", got)
	}
	var payments []Kept[model.Payment]
	for i, id := range []model.ID{"first", "formal", "old", "middle", "newest", ""} {
		payments = append(payments, Kept[model.Payment]{Value: &model.Payment{Document: id, AmountFen: 1 << i}})
	}
	if got := fmt.Sprint(PaidOn(payments, docs)); got != "map[:32 first:3 newest:28]" {
		t.Errorf("paid: %s", got)
	}
}

// checkPaymentLedgers compares figures of the year, and looks into the ledgers.
func checkPaymentLedgers(t *testing.T, k *keeper, want map[string]string) {
	t.Helper()
	l, err := k.desk.readLedgers(t.Context(), Span{From: "2026-01-01", To: "2026-12-31"})
	k.sure(err)
	figures, got := Table{}, map[string]string{}
	l.paymentFigures(&figures)
	for _, row := range figures.Rows {
		got[fmt.Sprint(row[0])] = fmt.Sprint(row[1])
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %s (of %v)", name, got[name], value, got)
		}
	}
	if paid, parts := l.paymentLedger(), l.instalmentLedger(); len(paid.Rows) != 2 || len(parts.Rows) != 2 || !strings.Contains(fmt.Sprint(parts.Rows), "2026-10-31") {
		t.Errorf("ledgers %v, %v", paid.Rows, parts.Rows)
	}
}
