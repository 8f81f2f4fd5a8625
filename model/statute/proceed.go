package statute

import (
	"time"
)

// neededParameters are the figures the arithmetic asks for; a table without one is refused.
var neededParameters = []string{
	"extra_pay.percent", "overtime.month_days", "overtime.workday", "overtime.restday", "overtime.holiday",
	"hearing.person", "hearing.organisation", "spot.person", "spot.organisation", "review.person", "review.organisation", "order.minimum",
	"guarantee.low", "guarantee.high", "guarantee.floor", "guarantee.small", "guarantee.lower_years", "guarantee.exempt_years",
}

// Sanction is what is proposed against a party, as far as a hearing depends on it.
type Sanction struct {
	Organisation bool // otherwise a natural person
	Fine         Fen
	StopsWork    bool // 责令停工、停产停业
	Licence      bool // 降低资质等级、吊销许可证件、限制从业
}

// HearingNeeded tells whether the party must be told of its right to a hearing, and why.
// The amount from which a fine is large is set by region; where it is not known a low one
// stands as an office setting. Source: 《中华人民共和国行政处罚法》第六十三条.
func (l *Law) HearingNeeded(s Sanction, on time.Time, region string) (bool, []Reason, error) {
	key, party := "hearing.person", "对公民"
	if s.Organisation {
		key, party = "hearing.organisation", "对单位"
	}
	threshold, err := l.Parameter(key, on, region)
	if err != nil {
		return false, nil, err
	}
	var reasons []Reason
	if s.Fine >= Fen(threshold.Value()) {
		reasons = append(reasons, threshold.reason("fine", "拟%s罚款%s元，达到较大数额标准%s元。", party, s.Fine, Fen(threshold.Value())))
	}
	const article = "《中华人民共和国行政处罚法》第六十三条第一款"
	if s.StopsWork {
		reasons = append(reasons, Reason{"stops_work", "拟责令停工或者停产停业。", article + "第（四）项"})
	}
	if s.Licence {
		reasons = append(reasons, Reason{"licence", "拟降低资质等级、吊销许可证件或者限制从业。", article + "第（三）项、第（四）项"})
	}
	return len(reasons) > 0, reasons, nil
}

// VisitKind is the kind of inspection a yearly cap counts.
type VisitKind string

const (
	RoutineVisit  VisitKind = "visits.routine"
	CampaignVisit VisitKind = "visits.campaign"
)

// VisitsOver tells whether one more visit of a kind goes over the yearly cap of the region.
// visits is the number already made this year without those the cap exempts (leads,
// transfers, data alarms, own request). With no cap known the reason says so and over is
// false. Source: 国办发〔2024〕54号.
func (l *Law) VisitsOver(kind VisitKind, visits int, on time.Time, region string) (over bool, reason Reason) {
	limit, _, ok := l.parameters.at(string(kind), on, region)
	if !ok {
		return false, Reason{"visits_unknown", "本地区的年度检查频次上限尚未录入，请按公布的上限核对。", "国办发〔2024〕54号"}
	}
	if int64(visits) < limit.Value() {
		return false, limit.reason("visits_left", "本年度已检查%d次，上限为%d次。", visits, limit.Value())
	}
	return true, limit.reason("visits_over", "本年度已检查%d次，达到上限%d次。", visits, limit.Value())
}

// GuaranteeFacts is what the rate of the wage guarantee deposit depends on.
type GuaranteeFacts struct {
	Contract      Fen
	CleanYears    int  // full years without arrears up to the contract
	RecentArrears bool // arrears within the last two years
	OtherProjects bool // more projects of the same contractor in the area
}

// GuaranteeRate is the rate of the deposit in hundredths of a percent of the contract.
type GuaranteeRate struct {
	Low, High int
	// Exempt tells that the deposit may be waived.
	Exempt  bool
	Reasons []Reason
}

// Deposit is the least and greatest deposit for the contract.
func (g GuaranteeRate) Deposit(contract Fen) (low, high Fen) {
	return share(contract, int64(g.Low), 10000), share(contract, int64(g.High), 10000)
}

// GuaranteeRate finds the rate of the wage guarantee deposit.
// Source: 《工程建设领域农民工工资保证金规定》.
func (l *Law) GuaranteeRate(f GuaranteeFacts, on time.Time, region string) (GuaranteeRate, error) {
	p := map[string]Parameter{}
	for _, name := range []string{"low", "high", "floor", "small", "lower_years", "exempt_years"} {
		found, err := l.Parameter("guarantee."+name, on, region)
		if err != nil {
			return GuaranteeRate{}, err
		}
		p[name] = found
	}
	g := GuaranteeRate{Low: int(p["low"].Value()), High: int(p["high"].Value())}
	g.Reasons = append(g.Reasons, p["low"].reason("standard", "存储比例不低于合同额的%s，不超过%s。", rateText(g.Low), rateText(g.High)))
	if f.OtherProjects && !f.RecentArrears {
		g.Low = int(p["floor"].Value())
		g.Reasons = append(g.Reasons, p["floor"].reason("floor", "同一地区有多个在建工程，比例可以下浮，但不得低于%s。", rateText(g.Low)))
	}
	switch years := int64(f.CleanYears); {
	case f.RecentArrears:
		g.Reasons = append(g.Reasons, p["lower_years"].reason("raise", "前%d年内发生过工资拖欠，应当提高存储比例。", p["lower_years"].Value()))
	case years >= p["exempt_years"].Value():
		g.Exempt = true
		g.Reasons = append(g.Reasons, p["exempt_years"].reason("exempt", "连续%d年未拖欠工资，可以免予存储。", years))
	case years >= p["lower_years"].Value():
		g.Reasons = append(g.Reasons, p["lower_years"].reason("lower", "连续%d年未拖欠工资，可以降低存储比例。", years))
	}
	if f.Contract < Fen(p["small"].Value()) && f.CleanYears >= 1 && !f.RecentArrears {
		g.Exempt = true
		g.Reasons = append(g.Reasons, p["small"].reason("small", "合同额低于%s元且前一年未拖欠工资，可以免予存储。", Fen(p["small"].Value())))
	}
	return g, nil
}

func rateText(hundredths int) string { return Fen(hundredths).Plain() + "%" }
