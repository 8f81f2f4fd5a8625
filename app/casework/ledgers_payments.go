package casework

import (
	"anxin/model"
)

// paymentsOf are the payments of the span that count.
func (l *ledgers) paymentsOf() (out []Kept[model.Payment]) {
	for _, k := range l.payments {
		if k.Value.State == model.PaymentNoted && l.span.has(k.Value.On) {
			out = append(out, k)
		}
	}
	return out
}

func (l *ledgers) paymentLedger() Table {
	t := Table{Name: "清欠台账", Head: []string{"支付日期", "案件", "单位", "依据文书", "文号", "人数", "金额（元）", "方式", "凭证", "登记人", "状态", "作废原因"}}
	papers := map[model.ID]*model.Document{}
	for _, k := range l.papers {
		papers[k.ID] = k.Value
	}
	for _, k := range l.payments {
		v := k.Value
		if !l.span.has(v.On) {
			continue
		}
		title, number, why := "", "", ""
		if p := papers[v.Document]; p != nil {
			title, number = p.Title, NumberOf(p)
		}
		if v.Struck != nil {
			why = v.Struck.Reason
		}
		t.Rows = append(t.Rows, []any{string(v.On), l.names[v.Case], l.names[v.Employer], title, number, v.Workers, yuanCell(v.AmountFen), v.Way, v.Note, l.names[v.By], v.State, why})
	}
	return t
}

func (l *ledgers) instalmentLedger() Table {
	t := Table{Name: "分期支付台账", Head: []string{"文书", "文号", "支付方", "案件", "期次", "应付日期", "应付（元）", "已付（元）", "情况"}}
	paid, today := PaidOn(l.payments, l.papers), model.DateOf(l.desk.Clock.Now())
	for _, k := range Counted(l.papers) {
		for _, i := range Instalments(k.Value, paid[k.ID]) {
			if l.span.has(i.Due) {
				t.Rows = append(t.Rows, []any{k.Value.Title, NumberOf(k.Value), PartyOf(k.Value), l.names[k.Value.Case], i.No, string(i.Due), yuanCell(i.Fen), yuanCell(i.PaidFen), i.Standing(today)})
			}
		}
	}
	return t
}

// How an instalment stands.
const (
	InstalmentPaid    = "已付清"
	InstalmentOverdue = "逾期"
	InstalmentOpen    = "未到期"
)

// Standing is how an instalment stands on a day.
func (i Instalment) Standing(today model.Date) string {
	switch {
	case i.Left() <= 0:
		return InstalmentPaid
	case i.Due < today:
		return InstalmentOverdue
	}
	return InstalmentOpen
}

func (l *ledgers) paymentFigures(t *Table) {
	workers, fen := 0, int64(0)
	byWay := map[string]int{}
	for _, k := range l.paymentsOf() {
		workers += k.Value.Workers
		fen += k.Value.AmountFen
		byWay[k.Value.Way]++
	}
	plans, kept := 0, 0
	paid, counts := PaidOn(l.payments, l.papers), standsFor(l.papers)
	for _, k := range l.issued(planPapers...) {
		if _, other := counts[k.ID]; other {
			continue
		}
		parts := Instalments(k.Value, paid[k.ID])
		if len(parts) == 0 {
			continue
		}
		plans++
		if parts[len(parts)-1].Left() <= 0 { // the last is paid last
			kept++
		}
	}
	t.figure("清欠金额（元）", yuanCell(fen), "支付日期在期间内，未作废")
	t.figure("清欠人数（人次）", workers, "同上，每笔支付的人数相加")
	t.perWord("支付方式", "同上，按方式的笔数", byWay)
	t.figure("支付协议和承诺（份）", plans, "签发日期在期间内，载明支付期限，未撤回")
	t.figure("支付协议履行率", rate(kept, plans), "今日已全部付清的／同上")
}
