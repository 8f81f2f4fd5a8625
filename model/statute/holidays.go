package statute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"strings"
	"time"
)

// WithYear returns the calendar with the arrangement of one more year, or of a
// year in place of the one it has, from a small file: the CSV of this program
// (columns date, kind, name) or the JSON of public tables
// {"year":2027,"days":[{"name":…,"date":"2027-01-01","isOffDay":true}]}.
// Days of a neighbouring year, which a notice may set too, are taken where
// that year is known. The error is a [*TableError] naming file and line.
func (c *Calendar) WithYear(file string, data []byte) (*Calendar, error) {
	days, year, err := readYear(path.Base(strings.ReplaceAll(file, `\`, "/")), data)
	if err != nil {
		return nil, err
	}
	out := &Calendar{years: maps.Clone(c.years)}
	if out.years == nil {
		out.years = map[int]*yearTable{}
	}
	fresh := map[int]*yearTable{year: {}}
	for _, d := range days {
		y := d.date.Year()
		if fresh[y] == nil {
			if c.years[y] == nil {
				continue
			}
			neighbour := *c.years[y]
			fresh[y] = &neighbour
		}
		fresh[y][d.date.YearDay()] = d.kind
	}
	maps.Copy(out.years, fresh)
	return out, nil
}

// WithHolidays returns the law counting with the arrangement of one more year
// (see [Calendar.WithYear]). Deadlines computed before must be computed again.
func (l *Law) WithHolidays(file string, data []byte) (*Law, error) {
	calendar, err := l.Calendar.WithYear(file, data)
	if err != nil {
		return nil, err
	}
	own := *l
	own.Calendar = calendar
	return &own, nil
}

type arrangedDay struct {
	date time.Time
	kind dayKind
}

// readYear reads either form: a file that begins with a brace is JSON.
func readYear(file string, data []byte) ([]arrangedDay, int, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var days []arrangedDay
	var year int
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		days, year, err = readYearJSON(file, data)
	} else {
		days, year, err = readYearCSV(file, data)
	}
	if err != nil {
		return nil, 0, err
	}
	if len(days) == 0 {
		return nil, 0, &TableError{File: file, Problem: "没有放假或者调休的日期，请换一个文件"}
	}
	seen := map[time.Time]bool{}
	for _, d := range days {
		if seen[d.date] {
			return nil, 0, &TableError{File: file, Problem: d.date.Format(time.DateOnly) + "写了两次，请删去一个"}
		}
		seen[d.date] = true
		if y := d.date.Year(); y < year-1 || y > year+1 {
			return nil, 0, &TableError{File: file, Problem: fmt.Sprintf("%s不属于%d年的安排，请更正", d.date.Format(time.DateOnly), year)}
		}
	}
	return days, year, nil
}

func readYearCSV(file string, data []byte) ([]arrangedDay, int, error) {
	t, err := parseTable(file, data, "date", "kind", "name")
	if err != nil {
		return nil, 0, err
	}
	var days []arrangedDay
	for _, r := range t.records {
		r.need("date")
		d := arrangedDay{r.date("date"), dayOff}
		if r.oneOf("kind", "off", "work") == "work" {
			d.kind = makeUp
		}
		days = append(days, d)
	}
	return days, commonYear(days), t.fault
}

func readYearJSON(file string, data []byte) ([]arrangedDay, int, error) {
	var in struct {
		Year int `json:"year"`
		Days []struct {
			Date  string `json:"date"`
			IsOff *bool  `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, 0, &TableError{File: file, Problem: "不是放假安排的 JSON 文件，请换一个文件"}
	}
	var days []arrangedDay
	for i, d := range in.Days {
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil || d.IsOff == nil {
			return nil, 0, &TableError{File: file, Column: fmt.Sprintf("days[%d]", i), Problem: "应有 2027-01-01 样子的 date 和 true 或者 false 的 isOffDay，请更正"}
		}
		kind := makeUp
		if *d.IsOff {
			kind = dayOff
		}
		days = append(days, arrangedDay{day, kind})
	}
	if in.Year == 0 {
		in.Year = commonYear(days)
	}
	return days, in.Year, nil
}

// commonYear is the year most of the days lie in.
func commonYear(days []arrangedDay) int {
	count, year := map[int]int{}, 0
	for _, d := range days {
		y := d.date.Year()
		count[y]++
		if year == 0 || count[y] > count[year] {
			year = y
		}
	}
	return year
}

// CountWorking is the number of working days after from up to and with to: the
// n for which AddWorking(from, n) is to, when to is worked. It is negative when
// to lies before from: the working days from to up to the day before from.
func (c *Calendar) CountWorking(from, to time.Time) (n int, firm bool) {
	from, to = civil(from), civil(to)
	if to.Before(from) {
		back, known := c.CountWorking(to.AddDate(0, 0, -1), from.AddDate(0, 0, -1))
		return -back, known
	}
	firm = true
	for day := from; day.Before(to); {
		day = day.AddDate(0, 0, 1)
		working, known := c.Working(day)
		firm = firm && known
		if working {
			n++
		}
	}
	return n, firm
}

// Standstill is a time in which a clock was paused: the days after From up to
// and with To do not count.
type Standstill struct{ From, To time.Time }

// Keys of the clocks of an investigation.
const (
	clockInvestigate = "case.investigate"
	clockExtend      = "case.extend"
)

// InvestigationDue is the last day of an investigation opened at opened: the
// period of the law, the extension when one was approved, and the working days
// of every pause. Source: 《劳动保障监察条例》第十七条.
func (l *Law) InvestigationDue(opened time.Time, extended bool, pauses []Standstill, region string) (Deadline, error) {
	d, err := l.Due(clockInvestigate, opened, region)
	if err != nil {
		return Deadline{}, err
	}
	if extended {
		more, err := l.Clock(clockExtend, opened, region)
		if err != nil {
			return Deadline{}, err
		}
		d.prolong(l.run(more, more.Unit, d.Last))
	}
	for _, p := range pauses {
		n, known := l.Calendar.CountWorking(p.From, p.To)
		last, firm := l.Calendar.AddWorking(d.Last, n)
		d.prolong(last, firm && known)
	}
	return d, nil
}

// prolong moves the last day; what was provisional stays so.
func (d *Deadline) prolong(last time.Time, firm bool) {
	d.Last, d.Firm = last, d.Firm && firm
}
