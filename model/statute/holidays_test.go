package statute

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const holidays2027 = `{"year":2027,"papers":[],"days":[
 {"name":"元旦","date":"2026-12-31","isOffDay":true},
 {"name":"元旦","date":"2027-01-01","isOffDay":true},
 {"name":"元旦","date":"2027-01-03","isOffDay":false},
 {"name":"元旦","date":"2028-01-01","isOffDay":true}]}`

func TestAYearIsImported(t *testing.T) {
	law := shippedLaw(t)
	before, err := law.Due("complaint.accept", onDay("2026-12-28"), "")
	if err != nil || before.Firm || before.Last != onDay("2027-01-04") {
		t.Fatalf("%+v %v", before, err)
	}
	for name, data := range map[string]string{
		"2027.json":           holidays2027,
		"2027.csv":            "\xef\xbb\xbfdate,kind,name\r\n2026-12-31,off,元旦\r\n2027-01-01,off,元旦\r\n2027-01-03,work,元旦\r\n2027-02-01,off,春节\r\n",
		`C:\假日\2027.json`:     strings.Replace(holidays2027, `"year":2027,`, "", 1),
		"/home/x/anything.js": "\xef\xbb\xbf " + holidays2027,
	} {
		fresh, err := law.WithHolidays(name, []byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		after, err := fresh.Due("complaint.accept", onDay("2026-12-28"), "")
		// 29, 30 December, 3 January worked instead of 1 January, 4, 5.
		if err != nil || !after.Firm || after.Last != onDay("2027-01-05") {
			t.Errorf("%s: %s %v %v", name, after.Last, after.Firm, err)
		}
		if fresh.Calendar.Known(2028) || !fresh.Calendar.Known(2026) || law.Calendar.Known(2027) {
			t.Errorf("%s: the years known are wrong", name)
		}
	}
}

func TestFaultyYears(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "2027.csv 第1行：缺少表头行"},
		{"no days", "date,kind,name\n", "没有放假或者调休的日期"},
		{"a word for a day", "date,kind,name\n2027-01-01,off,元旦\n元旦,off,元旦\n", "2027.csv 第3行“date”列：日期应写成"},
		{"no kind", "date,kind,name\n2027-01-01,,元旦\n", "2027.csv 第2行“kind”列"},
		{"no day", "date,kind,name\n,off,元旦\n", "2027.csv 第2行“date”列：不能为空"},
		{"a day twice", "date,kind,name\n2027-01-01,off,元旦\n2027-01-01,work,元旦\n", "2027-01-01写了两次"},
		{"another decade", "date,kind,name\n2027-01-01,off,元旦\n2017-01-02,off,元旦\n", "2017-01-02不属于2027年的安排"},
		{"half a file", `{"year":2027,"days":[`, "不是放假安排的 JSON 文件"},
		{"json without days", `{"year":2027}`, "没有放假或者调休的日期"},
		{"json without off", `{"days":[{"date":"2027-01-01"}]}`, "“days[0]”列：应有 2027-01-01 样子的 date"},
		{"json with a wrong day", `{"days":[{"date":"2027-02-30","isOffDay":true}]}`, "days[0]"},
	} {
		_, err := shippedLaw(t).WithHolidays("2027.csv", []byte(c.data))
		var fault *TableError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzYear(f *testing.F) {
	f.Add([]byte(holidays2027))
	f.Add([]byte("date,kind,name\n2027-01-01,off,元旦\n2027-01-03,work,元旦\n"))
	f.Add([]byte(`{"days":[{"date":"0001-01-01","isOffDay":false}]}`))
	law := shippedLaw(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		fresh, err := law.WithHolidays("a.json", data)
		var fault *TableError
		switch {
		case err == nil:
			if _, firm := fresh.Calendar.AddWorking(onDay("2026-09-18"), 10); !firm {
				t.Fatal("a year known before was lost")
			}
		case !errors.As(err, &fault):
			t.Fatalf("an error that names no place: %v", err)
		}
	})
}

// Adding n working days and counting them gives n, from any day and either way.
func TestAddingAndCountingAgree(t *testing.T) {
	c := shippedLaw(t).Calendar
	rapid.Check(t, func(t *rapid.T) {
		from := onDay("2026-01-01").AddDate(0, 0, rapid.IntRange(-400, 800).Draw(t, "from")).Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "clock")) * time.Second)
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		to, firm := c.AddWorking(from, n)
		switch got, known := c.CountWorking(from, to); {
		case n >= 0 && (got != n || known != firm):
			t.Fatalf("%s + %d is %s, counted %d (%v %v)", from, n, to, got, firm, known)
		case n < 0:
			// Backwards the start itself is not counted and the end is: as the
			// count runs, from the end up to the day before the start.
			if back, _ := c.CountWorking(to.AddDate(0, 0, -1), from.AddDate(0, 0, -1)); back != -n {
				t.Fatalf("%s %d is %s, counted %d", from, n, to, back)
			}
			if got != n {
				t.Fatalf("%s %d is %s, counted %d", from, n, to, got)
			}
		}
		a := rapid.IntRange(0, 100).Draw(t, "a")
		mid, _ := c.AddWorking(from, a)
		if there, _ := c.AddWorking(mid, 7); n >= 0 {
			if whole, _ := c.AddWorking(from, a+7); whole != there {
				t.Fatalf("%d and 7 are not %d", a, a+7)
			}
		}
	})
}

func TestInvestigationDue(t *testing.T) {
	law := shippedLaw(t)
	opened := onDay("2026-01-05")
	for _, c := range []struct {
		name     string
		extended bool
		pauses   []Standstill
		want     string
	}{
		{"as the law has it", false, nil, "2026-04-03"},
		{"extended", true, nil, "2026-05-20"},
		{"paused over the spring festival", false, []Standstill{{onDay("2026-02-13"), onDay("2026-02-28")}}, "2026-04-14"},
		{"paused over days off alone", false, []Standstill{{onDay("2026-05-01"), onDay("2026-05-05")}}, "2026-04-03"},
		{"both", true, []Standstill{{onDay("2026-02-13"), onDay("2026-02-28")}}, "2026-05-28"},
	} {
		d, err := law.InvestigationDue(opened, c.extended, c.pauses, "浙江")
		if err != nil || d.Last.Format(time.DateOnly) != c.want || !d.Firm {
			t.Errorf("%s: %s %v %v", c.name, d.Last, d.Firm, err)
		}
	}
	if d, err := law.InvestigationDue(onDay("2026-11-18"), false, nil, ""); err != nil || d.Firm {
		t.Errorf("a year that is not known: %+v %v", d, err)
	}
}
