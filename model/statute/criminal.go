package statute

import (
	"fmt"
	"io/fs"
	"time"
)

// Debt is what one worker is owed.
type Debt struct {
	Months int // months of wages unpaid
	Amount Fen
}

// Standing is a verdict that may stay open.
type Standing string

const (
	Reached    Standing = "达到"
	NotReached Standing = "未达到"
	Unsure     Standing = "待定" // within the national range, the region's amount is not known
)

// AmountVerdict tells whether arrears are of the amount that is criminal.
type AmountVerdict struct {
	Standing Standing
	Reasons  []Reason
}

type criminalRow struct {
	oneMonths, manyWorkers             int
	oneLow, oneHigh, manyLow, manyHigh Fen
	Source
}

func (l *Law) loadCriminal(fsys fs.FS) error {
	t, err := readTable(fsys, "criminal.csv", "region", "one_months", "one_low", "one_high", "many_workers", "many_low", "many_high",
		"basis", "mark", "valid_from", "valid_to", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		row := criminalRow{
			oneMonths: r.integer("one_months"), manyWorkers: r.integer("many_workers"),
			oneLow: r.fen("one_low"), oneHigh: r.fen("one_high"), manyLow: r.fen("many_low"), manyHigh: r.fen("many_high"),
			Source: r.source(),
		}
		if row.oneLow <= 0 || row.oneLow > row.oneHigh || row.manyLow <= 0 || row.manyLow > row.manyHigh {
			r.fail("one_low", "各项数额应大于0，且下限不高于上限，请更正")
		}
		l.criminal.add(r, "", r.validity(), row)
	}
	return t.fault
}

// CriminalAmount judges arrears against the amount for refusing to pay remuneration: one
// worker for three months or more, or ten workers or more in total. Where the region's
// amount is unknown the national range leaves the verdict open between its ends.
// Source: 法释〔2013〕3号 第三条 and the amounts set by the provinces.
func (l *Law) CriminalAmount(debts []Debt, on time.Time, region string) (AmountVerdict, error) {
	row, _, ok := l.criminal.at("", on, region)
	if !ok {
		return AmountVerdict{}, fmt.Errorf("%s没有拒不支付劳动报酬数额标准，请检查 criminal.csv", on.Format(time.DateOnly))
	}
	var largest, total Fen
	for _, d := range debts {
		total += d.Amount
		if d.Months >= row.oneMonths {
			largest = max(largest, d.Amount)
		}
	}
	one := standing(largest, row.oneLow, row.oneHigh)
	many := NotReached
	if len(debts) >= row.manyWorkers {
		many = standing(total, row.manyLow, row.manyHigh)
	}
	reason := func(code, format string, args ...any) Reason {
		return Reason{Code: code, Text: fmt.Sprintf(format, args...), Article: row.Article}
	}
	ground := map[Standing][]Reason{}
	ground[one] = append(ground[one], reason("one", "一名劳动者被欠%d个月以上的最大数额为%s元，标准为%s，%s。", row.oneMonths, largest, span(row.oneLow, row.oneHigh), one))
	ground[many] = append(ground[many], reason("many", "被欠劳动者%d名、合计%s元，标准为%d名以上且合计%s，%s。", len(debts), total, row.manyWorkers, span(row.manyLow, row.manyHigh), many))
	for _, s := range []Standing{Reached, Unsure} {
		if len(ground[s]) > 0 {
			return AmountVerdict{s, ground[s]}, nil
		}
	}
	return AmountVerdict{NotReached, ground[NotReached]}, nil
}

func standing(amount, low, high Fen) Standing {
	switch {
	case amount >= high:
		return Reached
	case amount >= low:
		return Unsure
	}
	return NotReached
}

func span(low, high Fen) string {
	if low == high {
		return low.String() + "元"
	}
	return low.String() + "元至" + high.String() + "元（以本省确定的数额为准）"
}

// Refusal is what else must be shown, beside the amount, for the crime of refusing to pay.
type Refusal struct {
	Evaded      bool // property moved, absconded, accounts destroyed or forged
	AbleToPay   bool // able to pay and does not
	OrderServed bool // 责令支付文书 served, or posted when absconded
	OrderLapsed bool // its period ended unpaid
	Excused     bool // a sound reason for not knowing of the order, or for not paying in time
	PaidSince   bool // paid before the police opened the case
}

// MissingElements lists what still keeps a transfer to the police from being ripe.
// Source: 刑法 第二百七十六条之一, 法释〔2013〕3号 第二条、第四条、第六条.
func (r Refusal) MissingElements() []Reason {
	var missing []Reason
	ask := func(lacking bool, code, text, article string) {
		if lacking {
			missing = append(missing, Reason{code, text, article})
		}
	}
	const interpretation = "《最高人民法院关于审理拒不支付劳动报酬刑事案件适用法律若干问题的解释》"
	ask(!r.Evaded && !r.AbleToPay, "evasion", "尚无转移财产、逃匿等逃避支付行为或者有能力支付而不支付的证据。", "《中华人民共和国刑法》第二百七十六条之一、"+interpretation+"第二条")
	ask(!r.OrderServed, "order_served", "责令支付文书尚未送达（逃匿的尚未张贴并拍照、录像）。", interpretation+"第四条")
	ask(!r.OrderLapsed, "order_lapsed", "责令支付的期限尚未届满。", interpretation+"第四条第一款")
	ask(r.Excused, "excused", "行为人有正当理由未知悉责令支付或者未及时支付。", interpretation+"第四条第一款")
	ask(r.PaidSince, "paid", "刑事立案前已经支付，可以不追究刑事责任的情形。", interpretation+"第六条")
	return missing
}
