package statute_test

import (
	"strings"
	"testing"

	"anxin/model/statute"
)

func codes(reasons []statute.Reason) string {
	var all []string
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return strings.Join(all, " ")
}

func debts(n, months int, each statute.Fen) []statute.Debt {
	all := make([]statute.Debt, n)
	for i := range all {
		all[i] = statute.Debt{Months: months, Amount: each}
	}
	return all
}

func TestCriminalAmount(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		name, region string
		debts        []statute.Debt
		want         statute.Standing
		codes        string
	}{
		{"Hunan, 28 workers", "湖南", debts(28, 3, 24_783_46), statute.Reached, "one many"},
		{"Hunan, one at the amount", "湖南", debts(1, 3, 6_000_00), statute.Reached, "one"},
		{"Hunan, one below", "湖南", debts(1, 3, 5_999_99), statute.NotReached, "one many"},
		{"Hunan, two months only", "湖南", debts(1, 2, 60_000_00), statute.NotReached, "one many"},
		{"Hunan, nine workers", "湖南", debts(9, 2, 10_000_00), statute.NotReached, "one many"},
		{"Hunan, ten workers", "湖南", debts(10, 2, 4_000_00), statute.Reached, "many"},
		{"Hunan by its full name", "湖南省", debts(1, 3, 6_000_00), statute.Reached, "one"},
		{"a county of Hunan", "湖南/桃源", debts(10, 2, 4_000_00), statute.Reached, "many"},
		{"Shenzhen is of class one", "广东/深圳", debts(1, 3, 15_000_00), statute.NotReached, "one many"},
		{"Meizhou is of class two", "广东/梅州", debts(1, 3, 15_000_00), statute.Reached, "one"},
		{"poor counties of Hubei", "湖北/贫困县", debts(10, 1, 3_000_00), statute.Reached, "many"},
		{"Zhejiang, within the range", "浙江", debts(1, 3, 8_000_00), statute.Unsure, "one"},
		{"Zhejiang, above the range", "浙江", debts(1, 3, 20_000_00), statute.Reached, "one"},
		{"Zhejiang, below the range", "浙江", debts(1, 3, 4_999_99), statute.NotReached, "one many"},
		{"nobody", "湖南", nil, statute.NotReached, "one many"},
	} {
		got, err := law.CriminalAmount(c.debts, day(t, "2026-09-18"), c.region)
		if err != nil || got.Standing != c.want || codes(got.Reasons) != c.codes || !strings.Contains(got.Reasons[0].Article, "《") {
			t.Errorf("%s: %+v, %v; want %s by %s", c.name, got, err, c.want, c.codes)
		}
	}
	if _, err := law.CriminalAmount(nil, day(t, "2012-01-01"), "浙江"); err == nil {
		t.Error("the interpretation is of 2013")
	}
}

func TestMissingElements(t *testing.T) {
	for want, r := range map[string]statute.Refusal{
		"":                                  {Evaded: true, OrderServed: true, OrderLapsed: true},
		"order_lapsed":                      {AbleToPay: true, OrderServed: true},
		"evasion order_served order_lapsed": {},
		"excused paid":                      {Evaded: true, OrderServed: true, OrderLapsed: true, Excused: true, PaidSince: true},
	} {
		if got := codes(r.MissingElements()); got != want {
			t.Errorf("%+v lacks %q, want %q", r, got, want)
		}
	}
}

func TestBlacklistCandidate(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		name                     string
		conduct                  statute.Conduct
		on, region               string
		met                      bool
		version                  string
		reasons, missing, spared string
	}{
		{"order lapsed", statute.Conduct{CriminalAmount: true, OrderLapsed: true}, "2026-10-09", "湖南", true, "2022", "criminal_amount order_lapsed", "", ""},
		{"order not lapsed", statute.Conduct{CriminalAmount: true}, "2026-10-09", "湖南", false, "2022", "criminal_amount", "order_lapsed", ""},
		{"lapsed alone", statute.Conduct{OrderLapsed: true}, "2026-10-09", "湖南", false, "2022", "order_lapsed", "", ""},
		{"paid before the decision", statute.Conduct{MassEvent: true, OrderLapsed: true, Paid: true}, "2026-10-09", "", true, "2022", "mass_event order_lapsed", "", "paid"},
		{"the rule of 2017 asks no order", statute.Conduct{CriminalAmount: true}, "2019-05-01", "浙江", true, "2017", "criminal_amount", "", ""},
		{"the local rule", statute.Conduct{Arrears: 100_000_00, Workers: 20}, "2014-02-01", "地方旧规", true, "local-2014", "arrears", "", ""},
		{"the local rule, 21 workers", statute.Conduct{Workers: 21, Complaints: 1}, "2014-02-01", "地方旧规", true, "local-2014", "workers", "", ""},
	} {
		got, err := law.BlacklistCandidate(c.conduct, day(t, c.on), c.region)
		if err != nil || got.Met != c.met || got.Version != c.version || codes(got.Reasons) != c.reasons ||
			codes(got.Missing) != c.missing || codes(got.Spared) != c.spared {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if _, err := law.BlacklistCandidate(statute.Conduct{}, day(t, "2014-02-01"), "湖南"); err == nil {
		t.Error("there was no national rule in 2014")
	}
	old, err := law.RuleVersion("blacklist", "2017")
	if err != nil || !old.Judge(statute.Conduct{MassEvent: true}).Met {
		t.Errorf("%+v, %v", old, err)
	}
	if _, err := law.RuleVersion("blacklist", "1999"); err == nil {
		t.Error("there is no such version")
	}
}

func TestPublicationCandidate(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		conduct statute.Conduct
		met     bool
	}{
		{statute.Conduct{Decided: true, ChildLabour: true}, true},
		{statute.Conduct{ChildLabour: true}, false},
		{statute.Conduct{Decided: true}, false},
		{statute.Conduct{Decided: true, CriminalAmount: true, Transferred: true}, true},
	} {
		if got, err := law.PublicationCandidate(c.conduct, day(t, "2026-09-18"), "湖南"); err != nil || got.Met != c.met {
			t.Errorf("%+v: %+v, %v", c.conduct, got, err)
		}
	}
}

func TestCreditGrade(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		conduct      statute.Conduct
		grade, codes string
	}{
		{statute.Conduct{}, "A", "clean"},
		{statute.Conduct{Punished: true}, "B", "punished"},
		{statute.Conduct{Handled: 2}, "B", "handled"},
		{statute.Conduct{Handled: 3, Punished: true}, "C", "handled"},
		{statute.Conduct{Refused: true, ChildLabour: true}, "C", "child_labour refused"},
	} {
		grade, reasons, err := law.CreditGrade(c.conduct, day(t, "2026-12-31"), "湖南")
		if err != nil || grade != c.grade || codes(reasons) != c.codes {
			t.Errorf("%+v: %s %v, %v; want %s", c.conduct, grade, reasons, err, c.grade)
		}
	}
	if _, _, err := law.CreditGrade(statute.Conduct{}, day(t, "2010-01-01"), ""); err == nil {
		t.Error("there was no rule in 2010")
	}
}
