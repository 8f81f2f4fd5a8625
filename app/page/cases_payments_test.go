package page

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/statute"
)

// agreement puts an issued agreement with two instalments into the journal.
func (w *world) agreement(of model.ID) model.ID {
	w.Helper()
	id := modeltest.ID(8, 77)
	series, err := w.env.Desk.Series("D23", w.clock.Now())
	sure(w, err)
	serial, err := w.store.NextNumber(w.Context(), series)
	sure(w, err)
	doc := modeltest.Issued(modeltest.Draft(of, "桃花源第1建筑工程有限公司"), series, serial, w.clock.Now())
	doc.Type, doc.Title = "D23", "调解协议书"
	doc.Fields["instalments"] = []any{map[string]any{"pay_on": "2026-09-10", "pay": "100000.00"}, map[string]any{"pay_on": "2026-10-31", "pay": "50000.00"}}
	_, err = w.store.Commit(w.Context(), model.Batch{Author: w.me, Use: &model.NumberUse{Series: series, Serial: serial, Document: id}, Changes: []model.Change{{ID: id, Record: doc}}})
	sure(w, err)
	return id
}

// TestInstalmentsArePaidAndTakenBack: an overdue instalment of the case stands
// among what waits; it is opened by Enter, what is wrong is said, the payment is
// noted, taken back, noted again and struck out with a reason.
func TestInstalmentsArePaidAndTakenBack(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			kase := modeltest.ID(8, 70)
			_, err := w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: kase, Record: modeltest.Case(1, w.employer, w.site)}}})
			sure(t, err)
			w.agreement(kase)
			uitest.Language(t, tag)
			today := NewToday(w.env, "")
			w.show(today)
			w.wide()
			w.screen.MustSee(lang.T("task.payment.due"))
			w.screen.Tap(lang.T("task.payment.due"))
			if got := w.host.last(); got != [2]string{placeCases, string(kase)} {
				t.Fatalf("the task leads to %v", got)
			}
			p := NewCases(w.env, string(kase))
			w.show(p)
			w.screen.MustSee(lang.T("payments.title"), lang.Said("逾期"), statute.Fen(10_000_000).String())
			w.screen.Capture("payments-" + tag)
			w.act(lang.T("payments.new"))
			w.screen.Tap(lang.T("payments.note.verb"))
			w.screen.MustSee(lang.T("payments.amount.wrong"))
			w.screen.Press(fyne.KeyEscape)
			w.screen.Tap(lang.Said("逾期")) // the instalment itself: its amount stands there
			w.screen.Capture("payment-ask-" + tag)
			w.screen.Fill(lang.T("payments.workers"), "12")
			w.screen.Tap(lang.T("payments.note.verb"))
			k := only[model.Payment](w)
			if k.Value.AmountFen != 10_000_000 || k.Value.Workers != 12 || k.Value.Case != kase || k.Value.Employer != w.employer {
				t.Fatalf("payment %+v", k.Value)
			}
			w.screen.MustSee(lang.Said("已付清"), lang.T("state.paid"))
			w.screen.MustNotSee(lang.Said("逾期"))
			w.screen.Capture("payments-noted-" + tag)
			w.host.undo()
			w.screen.MustSee(lang.Said("逾期"), lang.T("state.struck"), lang.T("payments.strike.undo"))
			w.act(lang.T("payments.new"))
			w.screen.Fill(lang.T("payments.amount"), "200")
			w.screen.Tap(lang.T("payments.note.verb"))
			w.screen.Tap(lang.T("state.paid"))
			w.screen.Press(fyne.KeyReturn) // for no reason: said, and nothing is struck out
			w.screen.MustSee(lang.T("daybooks.strike.needed"))
			w.screen.Type("登记到别的案件")
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustSee("登记到别的案件")
			w.screen.MustNotSee(lang.T("state.paid"))
		})
	}
}

// TestAnAgreementWithoutACaseIsPaid on its own page.
func TestAnAgreementWithoutACaseIsPaid(t *testing.T) {
	w := newWorld(t)
	id := w.agreement("")
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.wide()
	w.screen.Tap(lang.T("payments.title"))
	w.screen.Tap(lang.T("payments.new"))
	w.screen.Fill(lang.T("payments.amount"), "30000")
	w.screen.Tap(lang.T("payments.note.verb"))
	if k := only[model.Payment](w); k.Value.Document != id || k.Value.AmountFen != 3_000_000 {
		t.Fatalf("payment %+v", k.Value)
	}
	w.screen.Tap(lang.T("payments.title"))
	w.screen.MustSee(lang.T("payments.left", "yuan", "70,000.00"))
	w.screen.Capture("payments-document")
}
