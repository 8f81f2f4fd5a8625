package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const dayMillis = 86_400_000

// looksLikeDate is the cheap test before a full parse: YYYY-MM-DD.
func looksLikeDate(s string) bool {
	return len(s) >= 10 && len(s) <= 40 && s[4] == '-' && s[7] == '-' && isDigit(s[0]) && isDigit(s[9])
}

// zone is where today begins at midnight.
func (r *run) zone() *time.Location {
	if r.world.Now.IsZero() {
		return time.UTC
	}
	return r.world.Now.Location()
}

// dateLayouts are the forms of ISO 8601 that answers take.
var dateLayouts = [...]string{
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07",
}

var localLayouts = [...]string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04"}

// parseDate reads a date or a date with time; without a zone it is local.
func (r *run) parseDate(s string) DateTime {
	return ParseDate(s, r.zone())
}

// ParseDate reads an ISO 8601 date, or date and time, as the answers hold it.
// What has no zone is taken to be in loc; the result is told in loc.
func ParseDate(s string, loc *time.Location) DateTime {
	s = strings.TrimSpace(s)
	if t, err := time.ParseInLocation("2006-01-02", s, loc); err == nil {
		return DateTime{Time: t, DateOnly: true}
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return DateTime{Time: t.In(loc)}
		}
	}
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return DateTime{Time: t}
		}
	}
	return DateTime{Invalid: true}
}

// days are the days since 1970-01-01T00:00Z, with their fraction.
func (d DateTime) days() float64 {
	if d.Invalid {
		return math.NaN()
	}
	return float64(d.Time.UnixMilli()) / dayMillis
}

// dateFromDays is the inverse of days; local midnight is a day without time.
func (r *run) dateFromDays(days float64) DateTime {
	const most = 100_000_000 // some 270,000 years, beyond any calendar
	if math.IsNaN(days) || math.Abs(days) > most {
		return DateTime{Invalid: true}
	}
	t := time.UnixMilli(int64(math.Round(days * dayMillis))).In(r.zone())
	h, m, s := t.Clock()
	return DateTime{Time: t, DateOnly: h+m+s == 0 && t.Nanosecond() == 0}
}

// toDate converts any value; an empty string gives ok false.
func (r *run) toDate(v Value) (d DateTime, ok bool) {
	switch v := v.(type) {
	case DateTime:
		return v, true
	case Number:
		return r.dateFromDays(float64(v)), true
	case dayNumber:
		return r.dateFromDays(float64(v)), true
	case Bool:
		return DateTime{Invalid: true}, true
	}
	s := strings.TrimSpace(v.String())
	if s == "" {
		return DateTime{}, false
	}
	if f, isNumber := ParseNumber(s); isNumber {
		return r.dateFromDays(f), true
	}
	return r.parseDate(s), true
}

// decimalTime is the share of the day of a time such as 09:30:00.000+08:00.
func (r *run) decimalTime(s string) float64 {
	d := ParseDate("1970-01-01T"+strings.TrimSpace(s), r.zone())
	if d.Invalid {
		return math.NaN()
	}
	t := d.Time.In(r.zone())
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, r.zone())
	return float64(t.Sub(midnight).Milliseconds()) / dayMillis
}

var (
	monthsEnglish = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	daysEnglish   = [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	daysChinese   = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}
)

// formatDate fills the % codes of ODK's format-date and format-date-time.
func formatDate(t time.Time, pattern, lang string) string {
	chinese := strings.HasPrefix(lang, "zh")
	pad := func(n, width int) string {
		s := strconv.Itoa(n)
		return strings.Repeat("0", max(0, width-len(s))) + s
	}
	month, day := monthsEnglish[t.Month()-1], daysEnglish[t.Weekday()]
	if chinese {
		month, day = strconv.Itoa(int(t.Month()))+"月", daysChinese[t.Weekday()]
	}
	codes := map[byte]string{
		'Y': pad(t.Year(), 4), 'y': pad(t.Year()%100, 2), 'm': pad(int(t.Month()), 2), 'n': strconv.Itoa(int(t.Month())),
		'b': month, 'd': pad(t.Day(), 2), 'e': strconv.Itoa(t.Day()), 'H': pad(t.Hour(), 2), 'h': strconv.Itoa(t.Hour()),
		'M': pad(t.Minute(), 2), 'S': pad(t.Second(), 2), '3': pad(t.Nanosecond()/1_000_000, 3), 'a': day,
		'W': func() string { _, w := t.ISOWeek(); return strconv.Itoa(w) }(), 'Z': t.Format("-07:00"), '%': "%",
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '%' && i+1 < len(pattern) {
			if s, ok := codes[pattern[i+1]]; ok {
				b.WriteString(s)
				i++
				continue
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}
