package statute_test

import (
	"strings"
	"testing"

	"anxin/model/statute"

	"pgregory.net/rapid"
)

func TestExtraCompensation(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for percent, want := range map[int]statute.Fen{50: 34_696_838, 75: 52_045_257, 100: 69_393_676} {
		if got, err := law.ExtraCompensation(69_393_676, percent, on, "湖南"); err != nil || got != want {
			t.Errorf("%d%%: %s, %v; want %s", percent, got, err, want)
		}
	}
	for _, percent := range []int{0, 49, 101} {
		if _, err := law.ExtraCompensation(100, percent, on, ""); err == nil || !strings.Contains(err.Error(), "第二十六条") {
			t.Errorf("%d%% is outside the law: %v", percent, err)
		}
	}
}

func TestOvertime(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for kind, want := range map[statute.OvertimeKind]statute.Fen{
		statute.OnWorkday: 7_500, // 4350 a month is 25 an hour
		statute.OnRestDay: 10_000,
		statute.OnHoliday: 15_000,
	} {
		if got, err := law.Overtime(435_000, 120, kind, on, ""); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", kind, got, err, want)
		}
	}
}

func TestDoublePay(t *testing.T) {
	for _, c := range []struct {
		name, first, until string
		want               statute.Fen
	}{
		{"within the first month", "2026-01-01", "2026-01-31", 0},
		{"the first day after it", "2026-01-01", "2026-02-01", 21_429}, // 6000 / 28
		{"one month more", "2026-01-01", "2026-02-28", 600_000},
		{"a month and a half", "2026-01-01", "2026-03-15", 600_000 + 290_323}, // 15 of 31 days
		{"a year", "2025-01-01", "2025-12-31", 6_600_000},
		{"long after", "2020-01-01", "2026-09-18", 6_600_000},
		{"from the last day of a month", "2026-01-31", "2026-03-30", 600_000}, // 28 February to 30 March
		{"signed before the start", "2026-01-01", "2025-06-01", 0},
	} {
		if got := statute.DoublePay(day(t, c.first), day(t, c.until), 600_000); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDeductionCap(t *testing.T) {
	for _, c := range []struct{ pay, minimum, want statute.Fen }{
		{500_000, 170_000, 100_000},
		{200_000, 170_000, 30_000},
		{150_000, 170_000, 0},
	} {
		if got := statute.DeductionCap(c.pay, c.minimum); got != c.want {
			t.Errorf("of %s with %s to remain: %s, want %s", c.pay, c.minimum, got, c.want)
		}
	}
}

func TestLateFine(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for days, want := range map[int]statute.Fen{-2: 0, 0: 0, 1: 60_000, 10: 600_000, 33: 1_980_000, 34: 2_000_000, 400: 2_000_000} {
		if got, err := law.LateFine(2_000_000, days, on, ""); err != nil || got != want {
			t.Errorf("%d days: %s, %v; want %s", days, got, err, want)
		}
	}
}

func TestFineSpan(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for _, c := range []struct {
		key       string
		count     int64
		low, high statute.Fen
		prior     bool
	}{
		{"hours", 12, 1_200_00, 6_000_00, false},
		{"women_minors", 3, 3_000_00, 15_000_00, false},
		{"child", 5, 25_000_00, 25_000_00, false}, // five worker months
		{"deposit", 7, 3_500_00, 14_000_00, false},
		{"dispatch", 2, 10_000_00, 20_000_00, true},
		{"wage.unit", 28, 20_000_00, 50_000_00, true}, // one case, however many workers
		{"account", 1, 50_000_00, 100_000_00, true},
		{"insurance.base", 1_000_00, 1_000_00, 3_000_00, false},
	} {
		f, err := law.Fine(c.key, on, "湖南")
		if err != nil {
			t.Error(err)
			continue
		}
		if low, high := f.Span(c.count); low != c.low || high != c.high || f.Prior != c.prior {
			t.Errorf("%s × %d: %s to %s, prior %v", c.key, c.count, low, high, f.Prior)
		}
	}
	if _, err := law.Fine("none", on, ""); err == nil {
		t.Error("there is no such range")
	}
	if len(law.FineKeys()) < 17 {
		t.Errorf("only %d ranges", len(law.FineKeys()))
	}
}

func TestHigherFine(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	wage, err := law.Fine("wage.unit", on, "")
	if err != nil {
		t.Fatal(err)
	}
	account, err := law.Fine("account", on, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]statute.FineRange{{wage, account}, {account, wage}} {
		if got := statute.HigherFine(1, order...); got.Key != "account" {
			t.Errorf("chosen %s", got.Key)
		}
	}
}

func TestHearingNeeded(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for _, c := range []struct {
		name, region string
		sanction     statute.Sanction
		codes        string
	}{
		{"Guangdong, below", "广东", statute.Sanction{Organisation: true, Fine: 99_999_99}, ""},
		{"Guangdong, at the amount", "广东", statute.Sanction{Organisation: true, Fine: 100_000_00}, "fine"},
		{"Jiangxi, a person", "江西", statute.Sanction{Fine: 3_000_00}, "fine"},
		{"not known: a low amount", "湖南", statute.Sanction{Organisation: true, Fine: 20_000_00}, "fine"},
		{"work stopped", "广东", statute.Sanction{Organisation: true, Fine: 50_000_00, StopsWork: true}, "stops_work"},
		{"everything", "江西", statute.Sanction{Organisation: true, Fine: 50_000_00, StopsWork: true, Licence: true}, "fine stops_work licence"},
	} {
		needed, reasons, err := law.HearingNeeded(c.sanction, on, c.region)
		if err != nil || needed != (c.codes != "") || codes(reasons) != c.codes {
			t.Errorf("%s: %v %v, %v", c.name, needed, reasons, err)
		}
	}
}

func TestVisitsOver(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	for _, c := range []struct {
		kind   statute.VisitKind
		visits int
		region string
		over   bool
		code   string
	}{
		{statute.RoutineVisit, 1, "山东", false, "visits_left"},
		{statute.RoutineVisit, 2, "山东", true, "visits_over"},
		{statute.CampaignVisit, 1, "山东/青岛", true, "visits_over"},
		{statute.RoutineVisit, 9, "湖南", false, "visits_unknown"},
	} {
		if over, reason := law.VisitsOver(c.kind, c.visits, on, c.region); over != c.over || reason.Code != c.code || reason.Article == "" {
			t.Errorf("%+v: %v %+v", c, over, reason)
		}
	}
}

func TestGuaranteeRate(t *testing.T) {
	law, on := load(t), day(t, "2026-09-18")
	const contract = 20_000_000_00
	for _, c := range []struct {
		name      string
		facts     statute.GuaranteeFacts
		low, high statute.Fen
		exempt    bool
		codes     string
	}{
		{"standard", statute.GuaranteeFacts{Contract: contract}, 200_000_00, 600_000_00, false, "standard"},
		{"several projects", statute.GuaranteeFacts{Contract: contract, OtherProjects: true}, 100_000_00, 600_000_00, false, "standard floor"},
		{"two clean years", statute.GuaranteeFacts{Contract: contract, CleanYears: 2}, 200_000_00, 600_000_00, false, "standard lower"},
		{"three clean years", statute.GuaranteeFacts{Contract: contract, CleanYears: 3}, 200_000_00, 600_000_00, true, "standard exempt"},
		{"recent arrears", statute.GuaranteeFacts{Contract: contract, RecentArrears: true, OtherProjects: true}, 200_000_00, 600_000_00, false, "standard raise"},
		{"small and clean", statute.GuaranteeFacts{Contract: 2_999_999_99, CleanYears: 1}, 30_000_00, 90_000_00, true, "standard small"},
		{"small, nothing known", statute.GuaranteeFacts{Contract: 2_999_999_99}, 30_000_00, 90_000_00, false, "standard"},
	} {
		g, err := law.GuaranteeRate(c.facts, on, "湖南")
		if err != nil {
			t.Fatal(err)
		}
		low, high := g.Deposit(c.facts.Contract)
		if low != c.low || high != c.high || g.Exempt != c.exempt || codes(g.Reasons) != c.codes {
			t.Errorf("%s: %s to %s, exempt %v, %s", c.name, low, high, g.Exempt, codes(g.Reasons))
		}
	}
}

// The second wage never falls when the day it is counted to moves on, and never passes
// eleven months.
func TestDoublePayGrows(t *testing.T) {
	start := day(t, "2024-01-01")
	rapid.Check(t, func(t *rapid.T) {
		first := start.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "first"))
		until := first.AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "days"))
		monthly := statute.Fen(rapid.Int64Range(1, 5_000_000).Draw(t, "monthly"))
		today, tomorrow := statute.DoublePay(first, until, monthly), statute.DoublePay(first, until.AddDate(0, 0, 1), monthly)
		if today < 0 || tomorrow < today || tomorrow > 11*monthly {
			t.Fatalf("from %s: %d until %s, %d a day later", first, today, until, tomorrow)
		}
	})
}
