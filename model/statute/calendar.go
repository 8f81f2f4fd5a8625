package statute

import (
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// dayKind is what a yearly arrangement says of a day.
type dayKind byte

const (
	ordinary dayKind = iota // by the day of the week
	dayOff
	makeUp // 调休: a weekend day worked
)

// yearTable holds the arrangement of a year by day of the year (1–366).
type yearTable [367]dayKind

// Calendar knows working days by the yearly notices of the State Council General Office. A
// year without a table is counted with weekends alone, and the result is provisional (暂定).
type Calendar struct {
	years map[int]*yearTable
}

// NewCalendar reads every holidays/yyyy.csv of fsys (columns date, kind, name, where kind is
// off or work). A date outside the file's year or given twice is refused.
func NewCalendar(fsys fs.FS) (*Calendar, error) {
	files, err := fs.Glob(fsys, "holidays/*.csv")
	if err != nil {
		return nil, err
	}
	cal := &Calendar{years: map[int]*yearTable{}}
	var faults []error
	for _, file := range files {
		if err := cal.read(fsys, file); err != nil {
			faults = append(faults, err)
		}
	}
	return cal, errors.Join(faults...)
}

func (l *Law) loadCalendar(fsys fs.FS) (err error) {
	l.Calendar, err = NewCalendar(fsys)
	return err
}

func (c *Calendar) read(fsys fs.FS, file string) error {
	year, err := strconv.Atoi(strings.TrimSuffix(path.Base(file), ".csv"))
	if err != nil {
		return &TableError{File: file, Problem: "文件名应是年份，如“2026.csv”，请改名"}
	}
	t, err := readTable(fsys, file, "date", "kind", "name")
	if err != nil {
		return err
	}
	var days yearTable
	for _, r := range t.records {
		r.need("date")
		day := r.date("date")
		kind := dayOff
		if r.oneOf("kind", "off", "work") == "work" {
			kind = makeUp
		}
		if t.fault == nil && day.Year() != year {
			r.fail("date", "日期不属于%d年，请更正", year)
		}
		if t.fault == nil && days[day.YearDay()] != ordinary {
			r.fail("date", "同一天写了两次，请删去一行")
		}
		if t.fault == nil {
			days[day.YearDay()] = kind
		}
	}
	if t.fault == nil {
		c.years[year] = &days
	}
	return t.fault
}

// Known tells whether the arrangement of the year is loaded.
func (c *Calendar) Known(year int) bool { return c.years[year] != nil }

// Working tells whether the local day of t is worked. firm is false when the year has no
// table and only the day of the week was asked.
func (c *Calendar) Working(t time.Time) (working, firm bool) {
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	days := c.years[t.Year()]
	if days == nil {
		return !weekend, false
	}
	switch days[t.YearDay()] {
	case dayOff:
		return false, true
	case makeUp:
		return true, true
	}
	return !weekend, true
}

// AddWorking returns the n-th working day after from, whose own day is not counted; with a
// negative n the n-th working day before it. The result is midnight in the zone of from.
// firm is false when any day passed lies in a year without a table.
// Source: 《中华人民共和国民法典》第二百零一条.
func (c *Calendar) AddWorking(from time.Time, n int) (last time.Time, firm bool) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	day, firm := midnight(from), true
	for n > 0 {
		day = day.AddDate(0, 0, step)
		working, known := c.Working(day)
		firm = firm && known
		if working {
			n--
		}
	}
	return day, firm
}

// RollOff moves a last day that is no working day to the next working day.
// Source: 《中华人民共和国民法典》第二百零三条第一款.
func (c *Calendar) RollOff(t time.Time) (last time.Time, firm bool) {
	day, firm := midnight(t), true
	for {
		working, known := c.Working(day)
		firm = firm && known
		if working {
			return day, firm
		}
		day = day.AddDate(0, 0, 1)
	}
}

// AddMonths returns the day of the same number n months on, or the last day of that month
// when it has none. Source: 《中华人民共和国民法典》第二百零二条.
func AddMonths(from time.Time, n int) time.Time {
	y, m, d := from.Date()
	lastOfMonth := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, from.Location())
	if d >= lastOfMonth.Day() {
		return lastOfMonth
	}
	return time.Date(y, m+time.Month(n), d, 0, 0, 0, 0, from.Location())
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}
