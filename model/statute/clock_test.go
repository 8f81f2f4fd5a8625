package statute_test

import (
	"strings"
	"testing"
	"time"

	"anxin/model/statute"
)

func TestDue(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		key, from, region, want string
		firm                    bool
		version                 string
	}{
		{"complaint.accept", "2026-02-10", "湖南", "2026-02-24", true, "2005-02-01"},
		{"case.investigate", "2026-09-18", "湖南", "2026-12-17", true, "2004-12-01"},
		{"case.investigate", "2026-11-20", "湖南", "2027-02-12", false, "2004-12-01"}, // no table of 2027
		{"evidence.hold", "2026-09-28", "", "2026-10-13", true, "2021-07-15"},
		{"fine.pay", "2026-09-18", "", "2026-10-08", true, "2021-07-15"},      // 10-03 lies in the holiday
		{"penalty.total", "2026-07-06", "", "2026-10-08", true, "2021-07-15"}, // 10-04 lies in the holiday
		{"remedy.review", "2026-09-18", "", "2026-11-17", true, "2024-01-01"},
		{"remedy.sue", "2026-04-01", "", "2026-10-08", true, "2015-05-01"}, // six months on is 10-01
		{"remedy.sue", "2026-08-31", "", "2027-03-01", false, "2015-05-01"},
		{"remedy.not_told", "2025-06-19", "", "2026-06-22", true, "2024-01-01"},
		{"transfer.decide", "2026-09-18", "", "2026-09-21", true, "2020-08-07"},
		{"hearing.notice", "2026-10-13", "", "2026-09-28", true, "2021-07-15"}, // counted back
		{"annual.report", "2026-12-31", "", "2027-01-31", true, "初始"},
		{"service.public", "2021-06-01", "", "2021-08-02", false, "初始"}, // 60 days then
		{"service.public", "2026-06-01", "", "2026-07-01", true, "2022-01-01"},
		{"service.public", "2026-06-01", "山东", "2026-07-01", true, "2022-01-01"},
		{"service.public", "2026-06-01", "山东省/青岛市", "2026-07-31", true, "山东/青岛@初始"},
		{"service.public", "2026-06-01", "山东/青岛", "2026-07-31", true, "山东/青岛@初始"},
	} {
		got, err := law.Due(c.key, day(t, c.from).Add(9*time.Hour), c.region)
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		if !got.Last.Equal(day(t, c.want)) || got.Firm != c.firm || got.Version != c.version {
			t.Errorf("%s from %s in %q = %s firm %v version %s; want %s %v %s", c.key, c.from, c.region,
				got.Last.Format(time.DateOnly), got.Firm, got.Version, c.want, c.firm, c.version)
		}
		if got.Rule.Article == "" {
			t.Errorf("%s has no article", c.key)
		}
	}
}

func TestDueAlternate(t *testing.T) {
	law := load(t)
	d, err := law.Due("transfer.decide", day(t, "2026-09-30"), "")
	if err != nil {
		t.Fatal(err)
	}
	if want := day(t, "2026-10-08"); !d.Last.Equal(want) {
		t.Errorf("three days, rolled: %s", d.Last)
	}
	if want := day(t, "2026-10-10"); !d.Alternate.Equal(want) {
		t.Errorf("three working days: %s, want the make-up Saturday", d.Alternate)
	}
}

func TestDueInHours(t *testing.T) {
	law := load(t)
	from := time.Date(2026, 9, 18, 16, 30, 0, 0, shanghai)
	d, err := law.Due("transfer.send", from, "")
	if err != nil || !d.Last.Equal(from.Add(24*time.Hour)) {
		t.Fatalf("%v %v", d.Last, err)
	}
	if d.Passed(d.Last) || !d.Passed(d.Last.Add(time.Second)) {
		t.Error("an hour clock ends at its instant")
	}
}

func TestPassedAfterTheLastDay(t *testing.T) {
	law := load(t)
	d, err := law.Due("fine.pay", day(t, "2026-06-01"), "")
	if err != nil {
		t.Fatal(err)
	}
	if end := day(t, "2026-06-16").AddDate(0, 0, 1); d.Passed(end.Add(-time.Minute)) || !d.Passed(end) {
		t.Errorf("last day %s must count whole", d.Last)
	}
}

func TestDueRefuses(t *testing.T) {
	law := load(t)
	for key, want := range map[string]string{
		"no.such.clock":  "没有名为“no.such.clock”的期限规定",
		"complaint.reps": "不是期限",
		"fine.late":      "不是期限",
		"case.suspend":   "没有名为“case.suspend”的期限规定", // 浙江 only
	} {
		if _, err := law.Due(key, day(t, "2026-09-18"), "湖南"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", key, err, want)
		}
	}
	if _, err := law.Due("penalty.total", day(t, "2020-01-01"), ""); err == nil {
		t.Error("a rule is not in force before its first day")
	}
}

func TestEveryClockHasItsSource(t *testing.T) {
	law := load(t)
	keys := law.ClockKeys()
	if len(keys) < 39 {
		t.Errorf("%d clocks, the law lists 39", len(keys))
	}
	for _, key := range keys {
		c, err := law.Clock(key, day(t, "2026-09-18"), "浙江")
		if err != nil {
			t.Error(err)
			continue
		}
		if c.Article == "" || c.Mark == "" || c.Setting != (c.Mark == statute.Knowledge) || c.LengthText() == "" {
			t.Errorf("%s: %+v", key, c)
		}
	}
}

func TestWithSettings(t *testing.T) {
	law := load(t)
	own, err := law.WithSettings(map[string]string{"order.report": "5w", "transfer.decide": "3W", "order.presets": "7;10", "hearing.organisation": "50,000"})
	if err != nil {
		t.Fatal(err)
	}
	from := day(t, "2026-09-30")
	for key, want := range map[string]string{"order.report": "2026-10-13", "transfer.decide": "2026-10-10"} {
		if d, _ := own.Due(key, from, ""); !d.Last.Equal(day(t, want)) {
			t.Errorf("%s = %s, want %s", key, d.Last.Format(time.DateOnly), want)
		}
	}
	if p, _ := own.Parameter("hearing.organisation", from, "湖南"); p.Value() != 50_000_00 {
		t.Errorf("own threshold: %v", p.Values)
	}
	if p, _ := own.Parameter("hearing.organisation", from, "广东"); p.Value() != 100_000_00 {
		t.Errorf("a published threshold must stay: %v", p.Values)
	}
	if d, _ := law.Due("order.report", from, ""); !d.Last.Equal(day(t, "2026-10-10")) {
		t.Errorf("the law it was made from has changed: %s", d.Last)
	}
	for key, value := range map[string]string{
		"case.investigate": "90W", "transfer.decide": "5C", "order.report": "soon", "order.presets": "",
		"overtime.workday": "100", "nothing": "1", "notice.statement": "0W", "order.statement": "",
	} {
		if _, err := law.WithSettings(map[string]string{key: value}); err == nil {
			t.Errorf("%s may not be set to %q", key, value)
		}
	}
}

// Every setting offered can be adopted as it stands.
func TestSettingsAreAdoptable(t *testing.T) {
	law := load(t)
	offered := law.Settings()
	if len(offered) < 10 {
		t.Fatalf("only %d settings", len(offered))
	}
	for _, s := range offered {
		if _, err := law.WithSettings(map[string]string{s.Key: s.Value}); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func BenchmarkDue(b *testing.B) {
	law := load(b)
	from := time.Date(2026, 9, 18, 9, 0, 0, 0, shanghai)
	for b.Loop() {
		if _, err := law.Due("case.investigate", from, "湖南"); err != nil {
			b.Fatal(err)
		}
	}
}
