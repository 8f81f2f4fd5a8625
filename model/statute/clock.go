package statute

import (
	"fmt"
	"io/fs"
	"time"
)

// Unit is what the length of a clock counts.
type Unit string

const (
	WorkingDays  Unit = "W"
	CalendarDays Unit = "C"
	Hours        Unit = "H"
	Months       Unit = "M"
	Years        Unit = "Y"
	FixedDay     Unit = "F" // a day (mmdd) of the year after the start
	Persons      Unit = "P" // a limit of persons, not of time
	DailyPercent Unit = "R" // percent for each day late
	Pause        Unit = "-" // stops another clock
)

// Clock is a period the law sets, from a start event to a last day.
type Clock struct {
	Key    string
	Title  string // what must be done, for a screen
	Start  string // the event that starts it
	Length int    // negative: counted back from the event
	Unit   Unit
	// Roll tells that a last day off is moved to the next working day.
	Roll bool
	// Alternate is the other reading of “日” where the statute leaves it open: an office may
	// adopt it, and the earlier of both days is worth a warning. Empty when there is none.
	Alternate Unit
	Source
}

// Timed tells whether the clock yields a day; limits of persons, rates and pauses do not.
func (c Clock) Timed() bool {
	return c.Unit != Persons && c.Unit != DailyPercent && c.Unit != Pause
}

// LengthText words the period, e.g. 5个工作日.
func (c Clock) LengthText() string {
	n := max(c.Length, -c.Length)
	switch c.Unit {
	case WorkingDays:
		return fmt.Sprintf("%d个工作日", n)
	case CalendarDays:
		return fmt.Sprintf("%d日", n)
	case Hours:
		return fmt.Sprintf("%d小时", n)
	case Months:
		return fmt.Sprintf("%d个月", n)
	case Years:
		return fmt.Sprintf("%d年", n)
	case FixedDay:
		return fmt.Sprintf("次年%d月%d日前", n/100, n%100)
	case Persons:
		return fmt.Sprintf("不超过%d人", n)
	case DailyPercent:
		return fmt.Sprintf("每日百分之%d", n)
	}
	return "暂停计算"
}

// Deadline is the last day of a running clock and how it was found.
type Deadline struct {
	// Last is midnight of the last day, which is still in time; with Unit Hours it is the
	// exact instant. It keeps the zone of the start.
	Last time.Time
	// Firm is false (暂定) when a year without a holiday table was needed: compute it again
	// once the table of that year is there.
	Firm bool
	// Alternate is the last day under the other reading of “日”, zero when there is none.
	Alternate time.Time
	Rule      Clock
	// Version names the row that was in force at the start.
	Version string
}

// Passed tells whether the period is over at an instant: after the last day has ended.
func (d Deadline) Passed(now time.Time) bool {
	if d.Rule.Unit == Hours {
		return now.After(d.Last)
	}
	return !now.Before(d.Last.AddDate(0, 0, 1))
}

var clockColumns = []string{"key", "title", "start", "length", "unit", "alternate", "roll", "basis", "mark", "valid_from", "valid_to", "region", "note"}

func (l *Law) loadClocks(fsys fs.FS) error {
	t, err := readTable(fsys, "clocks.csv", clockColumns...)
	if err != nil {
		return err
	}
	for _, r := range t.records {
		c := Clock{Key: r.need("key"), Title: r.need("title"), Start: r.need("start"), Source: r.source()}
		c.Unit = Unit(r.oneOf("unit", "W", "C", "H", "M", "Y", "F", "P", "R", "-"))
		c.Alternate = Unit(r.oneOf("alternate", "", "W", "C"))
		c.Roll = r.oneOf("roll", "next", "none") == "next"
		if c.Unit != Pause {
			c.Length = r.integer("length")
		}
		if problem := c.fault(); problem != "" {
			r.fail("length", "%s", problem)
		}
		l.clocks.add(r, c.Key, r.validity(), c)
	}
	return t.fault
}

func (c Clock) fault() string {
	switch {
	case c.Unit == FixedDay && (c.Length < 101 || c.Length > 1231):
		return "固定日期应写成月日四位数，如131表示1月31日，请更正"
	case c.Unit != Pause && c.Length == 0:
		return "期限不能为0，请更正"
	case c.Length < -1000 || c.Length > 1000 && c.Unit != FixedDay:
		return "期限过长，请更正"
	case c.Length < 0 && c.Unit != WorkingDays && c.Unit != CalendarDays:
		return "只有按日计算的期限可以倒推，请改为正数"
	}
	return ""
}

// Clock returns the rule in force on a day in a region.
func (l *Law) Clock(key string, on time.Time, region string) (Clock, error) {
	c, _, ok := l.clocks.at(key, on, region)
	if !ok {
		return Clock{}, fmt.Errorf("%s没有名为“%s”的期限规定，请检查 clocks.csv", on.Format(time.DateOnly), key)
	}
	return c, nil
}

// ClockKeys lists the keys of all clocks in the order of the table.
func (l *Law) ClockKeys() []string { return append([]string(nil), l.clocks.keys...) }

// Due returns the last day of a clock that starts at from, under the row in force on that
// day in the region. It fails when there is no such row or the clock is not one of time.
func (l *Law) Due(key string, from time.Time, region string) (Deadline, error) {
	clock, version, ok := l.clocks.at(key, from, region)
	if !ok {
		return Deadline{}, fmt.Errorf("%s没有名为“%s”的期限规定，请检查 clocks.csv", from.Format(time.DateOnly), key)
	}
	if !clock.Timed() {
		return Deadline{}, fmt.Errorf("“%s”（%s）不是期限，无法计算到期日", clock.Title, key)
	}
	d := Deadline{Rule: clock, Version: version.Version()}
	d.Last, d.Firm = l.run(clock, clock.Unit, from)
	if clock.Alternate != "" {
		var firm bool
		d.Alternate, firm = l.run(clock, clock.Alternate, from)
		d.Firm = d.Firm && firm
	}
	return d, nil
}

func (l *Law) run(c Clock, unit Unit, from time.Time) (time.Time, bool) {
	var last time.Time
	switch unit {
	case WorkingDays:
		return l.Calendar.AddWorking(from, c.Length)
	case Hours:
		return from.Add(time.Duration(c.Length) * time.Hour), true
	case CalendarDays:
		last = midnight(from).AddDate(0, 0, c.Length)
	case Months:
		last = AddMonths(from, c.Length)
	case Years:
		last = AddMonths(from, 12*c.Length)
	case FixedDay:
		last = time.Date(from.Year()+1, time.Month(c.Length/100), c.Length%100, 0, 0, 0, 0, from.Location())
	}
	if !c.Roll || c.Length < 0 {
		return last, true
	}
	return l.Calendar.RollOff(last)
}
