package model

// KindPayment is wages paid to workers under the office's eyes (清欠).
const KindPayment Kind = "payment"

// Ways wages are paid (保障农民工工资支付条例 26, 30, 32, 63).
const (
	PayAccount   = "专户代发"
	PayTransfer  = "银行转账"
	PayCash      = "现金"
	PayGuarantee = "工资保证金"
	PayReserve   = "应急周转金"
	PayGeneral   = "总包垫付"
)

// PayWays lists the ways in the order they are offered.
func PayWays() []string {
	return []string{PayAccount, PayTransfer, PayCash, PayGuarantee, PayReserve, PayGeneral}
}

// States of a payment.
const (
	PaymentNoted  = "已支付"
	PaymentStruck = "已作废" // noted by mistake
)

// Payment is wages that were paid: on an agreement with instalments, on an order,
// or without a paper. Of a paper with instalments it counts towards the earliest
// that are open.
type Payment struct {
	State     string    `json:"state"`
	Case      ID        `json:"case"`
	Employer  ID        `json:"employer"`
	Document  ID        `json:"document"` // the agreement, promise or order
	On        Date      `json:"on"`
	AmountFen int64     `json:"amount_fen"`
	Workers   int       `json:"workers"` // how many were paid
	Way       string    `json:"way"`
	Note      string    `json:"note"` // what proves it: the slip, the bank's list
	By        ID        `json:"by"`   // who noted it
	Struck    *Decision `json:"struck,omitempty"`
}

func (*Payment) Kind() Kind { return KindPayment }

// Summary implements Record: a payment hangs on its paper.
func (p *Payment) Summary() Summary {
	return Summary{State: p.State, AmountFen: p.AmountFen, Count: p.Workers, Case: p.Case, Parent: p.Document, Find: []string{p.Way, p.Note}}
}
