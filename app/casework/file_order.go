package casework

import (
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// orders are the rectification orders of the file.
func (f *File) orders() []Kept[model.Document] { return f.issued("D06") }

// dueShort: less time than the office thinks anybody needs.
func dueShort(f *File) (out []string) {
	check := func(doc *model.Document, issued time.Time) {
		least, err := f.Law.Parameter("order.minimum", issued, f.region())
		due := doc.DueBy.Time(issued.Location())
		if err == nil && due.Before(day(issued).AddDate(0, 0, int(least.Value()))) {
			out = append(out, nameOf(doc))
		}
	}
	for _, k := range f.orders() {
		check(k.Value, k.Value.Issued.At)
	}
	if f.draft != nil && f.draft.Type == "D06" {
		check(f.draft, f.At)
	}
	return out
}

func orderServed(f *File) []string {
	if len(f.orders()) == 0 {
		return []string{"没有已签发的指令书"}
	}
	return f.unserved(f.orders(), f.At)
}

// orderDue: seen again on the day the order set, or after it.
func orderDue(f *File) (out []string) {
	check := func(doc *model.Document, at time.Time) {
		if o := f.orderOf(doc, at); o != nil && model.DateOf(at) < o.DueBy {
			out = append(out, nameOf(o))
		}
	}
	for _, k := range f.issued("D07") {
		check(k.Value, k.Value.Issued.At)
	}
	if f.draft != nil && f.draft.Type == "D07" {
		check(f.draft, f.At)
	}
	return out
}

// orderOf is the order a re-inspection is about: the one it names, or the
// newest before it.
func (f *File) orderOf(recheck *model.Document, at time.Time) *model.Document {
	var found *model.Document
	for _, k := range before(f.orders(), at) {
		if k.ID == recheck.About {
			return k.Value
		}
		found = k.Value
	}
	return found
}

// lapsed tells whether an order was served, its day is over, and whoever went
// to see found it not obeyed; wages asks for orders to pay alone. Who was not
// looked at again may have obeyed.
func (f *File) lapsed(by time.Time, wages bool) bool {
	if _, effect := f.standing(matterRecheck, by); effect != statute.EffectFail {
		return false
	}
	for _, k := range before(f.orders(), by) {
		on := f.servedOn(k.ID)
		over := !on.IsZero() && !on.After(by) && model.DateOf(by) > k.Value.DueBy
		if over && (!wages || k.Value.Issued.AmountFen > 0) {
			return true
		}
	}
	return false
}

func wageOrderLapsed(f *File) []string { return unless(f.lapsed(f.actAt("D25", "D25a"), true)) }

// priorOrder: where the law fines only who let an order lapse.
func priorOrder(f *File) []string {
	if f.Case.Sanction == nil {
		return nil
	}
	for _, key := range f.Case.Sanction.Rules {
		rule, err := f.Law.Fine(key, f.Case.Sanction.ActOn.Time(f.At.Location()), f.region())
		if err == nil && rule.Prior && !f.lapsed(f.actAt("D09"), false) {
			return []string{rule.Title}
		}
	}
	return nil
}

// rechecked: the site was seen again after the order, and what was found is
// on record.
func rechecked(f *File) []string {
	orders, again := f.orders(), f.issued("D07")
	if len(orders) == 0 {
		return nil
	}
	last := orders[len(orders)-1].Value.Issued.At
	_, effect := f.standing(matterRecheck, f.At)
	seen := len(again) > 0 && again[len(again)-1].Value.Issued.At.After(last)
	return unless(seen && (effect == statute.EffectPass || effect == statute.EffectFail))
}

// revokeGround: everything corrected, or nothing found.
func revokeGround(f *File) []string {
	nothing := len(f.Breaches) == 0 && len(f.orders()) == 0
	return unless(nothing || f.passed(matterRecheck, f.actAt("D19a")))
}

// debts are what the rolls say each worker is owed.
func (f *File) debts() (out []statute.Debt) {
	for _, k := range f.Rolls {
		for _, w := range k.Value.Workers {
			out = append(out, statute.Debt{Months: months(w.From, w.To), Amount: statute.Fen(w.OwedFen)})
		}
	}
	return out
}

// months counts the months from one to another, both counted; 0 when one is
// not known.
func months(from, to string) int {
	a, err1 := time.Parse("2006-01", from)
	b, err2 := time.Parse("2006-01", to)
	if err1 != nil || err2 != nil || b.Before(a) {
		return 0
	}
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month()) + 1
}

// amount is the standing of the arrears against what is criminal.
func (f *File) amount(at time.Time) statute.Standing {
	v, err := f.Law.CriminalAmount(f.debts(), at, f.region())
	if err != nil {
		return statute.NotReached
	}
	return v.Standing
}

// transferMade: arrears of a criminal amount whose order lapsed go to the
// police, or the head has said in writing why not.
func transferMade(f *File) []string {
	at := f.decidedAt()
	if f.amount(at) != statute.Reached || !f.lapsed(at, true) {
		return nil
	}
	decided, _ := f.standing(matterTransfer, f.At)
	return unless(len(f.issued("D17")) > 0 || decided != nil)
}

// transferRipe: what else a transfer needs, as far as the file shows it.
func transferRipe(f *File) (out []string) {
	at := f.actAt("D17")
	lapsed := f.lapsed(at, true)
	missing := statute.Refusal{OrderServed: lapsed, OrderLapsed: lapsed, AbleToPay: true}.MissingElements()
	for _, r := range missing {
		out = append(out, bare(r.Text))
	}
	if f.amount(at) == statute.NotReached {
		out = append(out, "欠薪数额未达到标准")
	}
	return out
}

func transferApproved(f *File) []string { return unless(f.passed(matterTransfer, f.actAt("D17"))) }

// transferInTime: decided on within three days of the report, and sent within
// a day of the approval.
func transferInTime(f *File) (out []string) {
	at := f.actAt("D17")
	decided, effect := f.standing(matterTransfer, at)
	if decided == nil {
		return nil
	}
	if report := f.issued("D17a"); len(report) > 0 && f.over("transfer.decide", report[0].Value.Issued.At, decided.At) {
		out = append(out, "移送审批超过三日")
	}
	if effect == statute.EffectPass && f.over("transfer.send", decided.At, at) {
		out = append(out, "移送书")
	}
	return out
}
