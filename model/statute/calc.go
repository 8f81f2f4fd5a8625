package statute

import (
	"fmt"
	"io/fs"
	"math/big"
	"time"
)

// share is amount × num ÷ den rounded half up to the fen. The product is taken in big
// integers: hours and rates of a large payroll leave 64 bits.
func share(amount Fen, num, den int64) Fen {
	n := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(2*num))
	n.Add(n, big.NewInt(den))
	return Fen(n.Div(n, big.NewInt(2*den)).Int64())
}

// ExtraCompensation is the 加付赔偿金 on arrears at a percentage. The law allows 50 to 100;
// another percentage is an error. Source: 《劳动保障监察条例》第二十六条.
func (l *Law) ExtraCompensation(arrears Fen, percent int, on time.Time, region string) (Fen, error) {
	p, err := l.Parameter("extra_pay.percent", on, region)
	if err != nil {
		return 0, err
	}
	low, high := p.Values[0], p.Values[len(p.Values)-1]
	if int64(percent) < low || int64(percent) > high {
		return 0, fmt.Errorf("加付赔偿金的比例应在%d%%至%d%%之间（%s），请更正", low, high, p.Article)
	}
	return share(arrears, int64(percent), 100), nil
}

// OvertimeKind is the day on which overtime was worked.
type OvertimeKind string

const (
	OnWorkday OvertimeKind = "overtime.workday"
	OnRestDay OvertimeKind = "overtime.restday"
	OnHoliday OvertimeKind = "overtime.holiday"
)

// Overtime is the pay for overtime minutes at a monthly wage: monthly ÷ days a month ÷ 8
// hours × the rate of the day. Source: 《工资支付暂行规定》第十三条.
func (l *Law) Overtime(monthly Fen, minutes int, kind OvertimeKind, on time.Time, region string) (Fen, error) {
	days, err := l.Parameter("overtime.month_days", on, region) // in hundredths of a day
	if err != nil {
		return 0, err
	}
	rate, err := l.Parameter(string(kind), on, region)
	if err != nil {
		return 0, err
	}
	return share(monthly, 100*rate.Value()*int64(minutes), days.Value()*8*60*100), nil
}

// DoublePay is the second wage owed for working without a written contract: from the day
// after the first month to the day before a full year, at most eleven months. until is the
// last day counted (signing or the present). Part of a month counts by its calendar days.
// Source: 《中华人民共和国劳动合同法》第八十二条, 《劳动合同法实施条例》第六条、第七条.
func DoublePay(firstDay, until time.Time, monthly Fen) Fen {
	start := AddMonths(firstDay, 1)
	end := midnight(until).AddDate(0, 0, 1)
	if limit := AddMonths(firstDay, 12); end.After(limit) {
		end = limit
	}
	months := 0
	for months < 11 && !AddMonths(firstDay, months+2).After(end) {
		months++
	}
	total := monthly * Fen(months)
	from := AddMonths(firstDay, months+1)
	if months == 11 || !end.After(from) || end.Before(start) {
		return total
	}
	whole := daysBetween(from, AddMonths(firstDay, months+2))
	return total + share(monthly, daysBetween(from, end), whole)
}

func daysBetween(from, to time.Time) int64 { return int64(civil(to).Sub(civil(from)).Hours() / 24) }

// DeductionCap is the most that may be taken off a month's wage for damage: a fifth of it,
// and what remains may not fall below the minimum wage. Source: 《工资支付暂行规定》第十六条.
func DeductionCap(monthPay, minimumWage Fen) Fen {
	return max(0, min(share(monthPay, 20, 100), monthPay-minimumWage))
}

// LateFine is the additional fine for days of late payment, never more than the fine.
// Source: 《中华人民共和国行政处罚法》第七十二条第一款第（一）项.
func (l *Law) LateFine(fine Fen, days int, on time.Time, region string) (Fen, error) {
	c, err := l.Clock("fine.late", on, region)
	if err != nil {
		return 0, err
	}
	return min(fine, share(fine, int64(c.Length)*int64(max(days, 0)), 100)), nil
}

// Per is what the two ends of a fine are multiplied with.
type Per string

const (
	PerCase        Per = "case"         // a fine of the unit or the person
	PerWorker      Per = "worker"       // each worker concerned
	PerWorkerMonth Per = "worker_month" // each worker and month
	PerBase        Per = "base"         // percent of a base amount
)

// FineRange is the span of a fine the law allows.
type FineRange struct {
	Key   string
	Title string
	Per   Per
	Low   int64 // fen, or percent when Per is PerBase
	High  int64
	// Prior tells that the fine needs a prior order to correct that has lapsed.
	Prior bool
	Source
}

// Span returns the least and greatest fine. count is the number of workers or of worker
// months; with PerBase it is the base amount in fen.
func (f FineRange) Span(count int64) (low, high Fen) {
	switch f.Per {
	case PerBase:
		return share(Fen(count), f.Low, 100), share(Fen(count), f.High, 100)
	case PerCase:
		count = 1
	}
	return Fen(f.Low * count), Fen(f.High * count)
}

// Fine returns a range by key, as it stood on a day in a region.
func (l *Law) Fine(key string, on time.Time, region string) (FineRange, error) {
	f, _, ok := l.fines.at(key, on, region)
	if !ok {
		return FineRange{}, fmt.Errorf("没有名为“%s”的罚款幅度，请检查 fines.csv", key)
	}
	return f, nil
}

// FineKeys lists the keys of all ranges in the order of the table.
func (l *Law) FineKeys() []string { return append([]string(nil), l.fines.keys...) }

// HigherFine picks among the ranges one act falls under: the one with the higher greatest
// fine for the same count. Source: 《中华人民共和国行政处罚法》第二十九条.
func HigherFine(count int64, ranges ...FineRange) FineRange {
	var chosen FineRange
	var top Fen = -1
	for _, f := range ranges {
		if _, high := f.Span(count); high > top {
			chosen, top = f, high
		}
	}
	return chosen
}

func (l *Law) loadFines(fsys fs.FS) error {
	t, err := readTable(fsys, "fines.csv", "key", "title", "per", "low", "high", "prior", "basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		f := FineRange{Key: r.need("key"), Title: r.need("title"), Source: r.source()}
		f.Per = Per(r.oneOf("per", "case", "worker", "worker_month", "base"))
		f.Prior = r.oneOf("prior", "yes", "no") == "yes"
		if f.Per == PerBase {
			f.Low, f.High = int64(r.integer("low")), int64(r.integer("high"))
		} else {
			f.Low, f.High = int64(r.fen("low")), int64(r.fen("high"))
		}
		if f.Low > f.High || f.High <= 0 {
			r.fail("low", "下限不得高于上限，上限应大于0，请更正")
		}
		l.fines.add(r, f.Key, r.validity(), f)
	}
	return t.fault
}
