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

func TestPaymentsAreNotedRemindedAndStruckOut(t *testing.T) {
	k := newKeeper(t, 1)
	ctx := t.Context()
	k.put(modeltest.Office())
	employer := k.put(modeltest.Employer(1))
	kase := k.put(modeltest.Case(1, employer, ""))
	paper := k.IDs.NewID()
	device := modeltest.Device(1)
	k.sure(k.AddBlock(ctx, model.Block{Series: "调/2026", From: 1, To: 9, Next: 1, Device: device.ID, Epoch: device.Epoch, Source: "test"}))
	doc := agreed(kase)
	doc.Issued.Series, doc.Issued.Serial = "调/2026", 1
	_, err := k.Commit(ctx, model.Batch{Author: k.desk.me, Use: &model.NumberUse{Series: "调/2026", Serial: 1, Document: paper}, Changes: []model.Change{{ID: paper, Record: doc}}})
	k.sure(err)
	due := func() string {
		t.Helper()
		paid, err := k.desk.paidOn(ctx)
		k.sure(err)
		var out []string
		for _, task := range instalmentTasks(Kept[model.Document]{ID: paper, Value: doc}, paid[paper], model.DateOf(k.Clock.Now())) {
			out = append(out, task.Detail+" "+string(task.Due))
			if task.Record != kase || task.Kind != model.KindCase || task.Article == "" {
				t.Errorf("task %+v", task)
			}
		}
		return strings.Join(out, "; ")
	}
	if got := due(); got != "100,000.00 · 沅水劳务有限责任公司 2026-09-20" {
		t.Errorf("two days before: %q", got)
	}
	good := model.Payment{Document: paper, On: "2026-09-18", AmountFen: 4_000_000, Workers: 12, Way: model.PayAccount, Note: "代发清单 1-3 页"}
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
		bad := good
		c.spoil(&bad)
		if _, err := k.desk.NotePayment(ctx, bad); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
	id, err := k.desk.NotePayment(ctx, good)
	k.sure(err)
	p, rev, err := load[model.Payment](ctx, k.desk, id)
	k.sure(err)
	if p.Case != kase || p.Employer != employer || p.State != model.PaymentNoted || p.By != k.desk.me {
		t.Errorf("payment %+v", p)
	}
	if got := due(); !strings.HasPrefix(got, "60,000.00 ") {
		t.Errorf("paid in part: %q", got)
	}
	more := *p
	more.AmountFen *= 2
	if _, err := k.desk.commit(ctx, model.Change{ID: id, Base: rev, Record: &more}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("another amount: %v", err)
	}
	good.AmountFen = 6_000_000
	second, err := k.desk.NotePayment(ctx, good)
	k.sure(err)
	if got := due(); got != "" {
		t.Errorf("the first is paid: %q", got)
	}
	checkPaymentLedgers(t, k, map[string]string{"清欠金额（元）": "100000", "清欠人数（人次）": "24", "支付方式：专户代发": "2"})
	if err := k.desk.StrikePayment(ctx, second, " "); err == nil || !strings.Contains(err.Error(), "原因") {
		t.Errorf("struck out for nothing: %v", err)
	}
	k.sure(k.desk.StrikePayment(ctx, second, "登记重复"))
	if err := k.desk.StrikePayment(ctx, second, "再来"); err == nil || !strings.Contains(err.Error(), "已经作废") {
		t.Errorf("struck out twice: %v", err)
	}
	k.Clock.Move(timeDays(30))
	if got := due(); !strings.HasPrefix(got, "60,000.00 ") || !strings.Contains(got, "50,000.50 · 沅水劳务有限责任公司 2026-10-31") == (model.DateOf(k.Clock.Now()) >= "2026-10-24") {
		t.Errorf("a month later: %q", got)
	}
	checkPaymentLedgers(t, k, map[string]string{"清欠金额（元）": "40000", "清欠人数（人次）": "12", "支付协议履行率": "0.00%"})
}

// checkPaymentLedgers compares figures of the year, and looks into the ledgers.
func checkPaymentLedgers(t *testing.T, k *keeper, want map[string]string) {
	t.Helper()
	l, err := k.desk.readLedgers(t.Context(), Span{From: "2026-01-01", To: "2026-12-31"})
	k.sure(err)
	figures := Table{}
	l.paymentFigures(&figures)
	for _, row := range figures.Rows {
		if value, asked := want[fmt.Sprint(row[0])]; asked && fmt.Sprint(row[1]) != value {
			t.Errorf("%v is %v, want %s", row[0], row[1], value)
		}
	}
	if paid, parts := l.paymentLedger(), l.instalmentLedger(); len(paid.Rows) != 2 || len(parts.Rows) != 2 || !strings.Contains(fmt.Sprint(parts.Rows), "2026-10-31") {
		t.Errorf("ledgers %v, %v", paid.Rows, parts.Rows)
	}
}
