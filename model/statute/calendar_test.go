package statute_test

import (
	"testing"
	"testing/fstest"
	"time"

	"anxin/model/statute"

	"pgregory.net/rapid"
)

var shanghai = time.FixedZone("CST", 8*3600)

// day is midnight of a date as written in the tables, in the zone of the country.
func day(t testing.TB, text string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAddWorkingVectors(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-02-10", 5, "2026-02-24"},
		{"2026-09-18", 5, "2026-09-24"},
		{"2026-09-28", 7, "2026-10-13"},
		{"2026-09-18", 60, "2026-12-17"},
		{"2026-01-05", 60, "2026-04-03"},
		{"2026-01-05", 90, "2026-05-20"},
		{"2026-09-24", -5, "2026-09-18"}, // the make-up Sunday of 20 September counts
		{"2026-01-05", 0, "2026-01-05"},
	} {
		got, firm := law.Calendar.AddWorking(day(t, c.from).Add(17*time.Hour), c.n)
		if !got.Equal(day(t, c.want)) || !firm {
			t.Errorf("%s %+d working days = %s, firm %v; want %s", c.from, c.n, got.Format(time.DateOnly), firm, c.want)
		}
	}
}

func TestWorking(t *testing.T) {
	law := load(t)
	for _, c := range []struct {
		date          string
		working, firm bool
	}{
		{"2026-01-04", true, true},  // make-up Sunday
		{"2026-01-10", false, true}, // Saturday
		{"2026-02-16", false, true}, // Monday of the Spring Festival
		{"2026-10-08", true, true},
		{"2027-01-01", true, false}, // a Friday, no table yet
		{"2027-01-02", false, false},
	} {
		if working, firm := law.Calendar.Working(day(t, c.date)); working != c.working || firm != c.firm {
			t.Errorf("%s: working %v firm %v, want %v %v", c.date, working, firm, c.working, c.firm)
		}
	}
}

func TestRollOff(t *testing.T) {
	law := load(t)
	for from, want := range map[string]string{
		"2026-10-01": "2026-10-08", // through the holiday
		"2026-02-14": "2026-02-14", // a Saturday, worked
		"2026-10-17": "2026-10-19", // a plain weekend
	} {
		if got, firm := law.Calendar.RollOff(day(t, from)); !got.Equal(day(t, want)) || !firm {
			t.Errorf("last day %s rolls to %s, want %s", from, got.Format(time.DateOnly), want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-08-31", 6, "2027-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
	} {
		if got := statute.AddMonths(day(t, c.from), c.n); !got.Equal(day(t, c.want)) {
			t.Errorf("%s %+d months = %s, want %s", c.from, c.n, got.Format(time.DateOnly), c.want)
		}
	}
}

func TestYearTableFaults(t *testing.T) {
	const header = "date,kind,name\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"other year":   {"2026.csv", header + "2027-01-01,off,元旦\n", "holidays/2026.csv 第2行“date”列：日期不属于2026年，请更正。"},
		"twice":        {"2026.csv", header + "2026-01-01,off,元旦\n2026-01-01,work,元旦\n", "holidays/2026.csv 第3行“date”列：同一天写了两次，请删去一行。"},
		"kind":         {"2026.csv", header + "2026-01-01,rest,元旦\n", "holidays/2026.csv 第2行“kind”列：“rest”不是可用的值，可用：off、work。"},
		"date":         {"2026.csv", header + "1/1,off,元旦\n", "holidays/2026.csv 第2行“date”列：日期应写成“2026-01-31”的样子，请更正。"},
		"name of file": {"next.csv", header, "holidays/next.csv：文件名应是年份，如“2026.csv”，请改名。"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := statute.NewCalendar(fstest.MapFS{"holidays/" + c.file: {Data: []byte(c.text)}})
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// Counting n working days on and n back again from the last day lands on the last working
// day not after the start.
func TestAddWorkingThereAndBack(t *testing.T) {
	law := load(t)
	start := day(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		from := start.AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, "offset"))
		n := rapid.IntRange(1, 40).Draw(t, "n")
		last, _ := law.Calendar.AddWorking(from, n)
		if working, _ := law.Calendar.Working(last); !working {
			t.Fatalf("%s is not worked", last)
		}
		back, _ := law.Calendar.AddWorking(last, -n)
		if back.After(from) {
			t.Fatalf("from %s to %s and back to %s", from, last, back)
		}
		if next, _ := law.Calendar.AddWorking(back, 1); !next.After(from) {
			t.Fatalf("a working day lies between %s and %s", back, from)
		}
	})
}
