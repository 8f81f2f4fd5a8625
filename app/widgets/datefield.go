package widgets

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
)

// The forms a date and a moment are kept and shown in (ISO 8601, local time).
const (
	DateLayout     = "2006-01-02"
	DateTimeLayout = "2006-01-02 15:04"
	MonthLayout    = "2006-01"
	YearLayout     = "2006"
)

// grain is how fine a date is asked for, as the layout it is shown in.
type grain string

// DateField is an input for a date, or a date and a time of day, with a calendar
// that opens with the Down key, or for a month or a year, which Up and Down step.
// Loose spellings such as 2026.1.3, 20260103 and 2026年1月3日 become ISO when the
// focus leaves.
type DateField struct {
	Entry

	now   func() time.Time
	grain grain
	popup *widget.PopUp
}

// NewDateField makes an input for a date; now gives the day the calendar opens on.
func NewDateField(now func() time.Time) *DateField {
	return newDateField(now, DateLayout, "widget.date").withCalendar()
}

// NewDateTimeField makes an input for a date and a time of day.
func NewDateTimeField(now func() time.Time) *DateField {
	return newDateField(now, DateTimeLayout, "widget.datetime").withCalendar()
}

// NewTypedDateField makes an input for a date that offers no calendar.
func NewTypedDateField(now func() time.Time) *DateField {
	return newDateField(now, DateLayout, "widget.date")
}

// NewMonthField makes an input for a month; its value is the first day of it.
func NewMonthField(now func() time.Time) *DateField {
	return newDateField(now, MonthLayout, "widget.monthonly")
}

// NewYearField makes an input for a year; its value is the first day of it.
func NewYearField(now func() time.Time) *DateField {
	return newDateField(now, YearLayout, "widget.yearonly")
}

func newDateField(now func() time.Time, g grain, placeholder string) *DateField {
	d := &DateField{now: now, grain: g}
	d.init(d)
	d.PlaceHolder = lang.T(placeholder)
	return d
}

func (d *DateField) withCalendar() *DateField {
	d.ActionItem = NewIconTap(fynetheme.CalendarIcon(), d.Open).Hinted(lang.T("widget.verb.calendar"))
	return d
}

// Value returns the moment entered, in the zone of now. An empty field is the zero time and no error.
func (d *DateField) Value() (time.Time, error) {
	if strings.TrimSpace(d.Text) == "" {
		return time.Time{}, nil
	}
	return d.Parse(d.Text)
}

// Parse reads a text as the field would, in the zone of now.
func (d *DateField) Parse(text string) (time.Time, error) {
	switch zone := d.now().Location(); d.grain {
	case MonthLayout, YearLayout:
		return parsePeriod(text, d.grain == MonthLayout, zone)
	default:
		return ParseMoment(d.whole(text), d.grain == DateTimeLayout, zone)
	}
}

var (
	clockOnly = regexp.MustCompile(`^\d{1,2}[:：时]\d{1,2}分?$`)
	monthDay  = regexp.MustCompile(`^\d{1,2}[-/.月]\d{1,2}日?(\s|$)`)
)

// whole puts today before a time of day that stands alone, and the year before a
// month and a day.
func (d *DateField) whole(text string) string {
	text = strings.TrimSpace(text)
	switch {
	case d.grain == DateTimeLayout && clockOnly.MatchString(text):
		return d.now().Format(DateLayout) + " " + text
	case monthDay.MatchString(text):
		return d.now().Format("2006-") + text
	}
	return text
}

// SetValue shows a moment; the zero time empties the field.
func (d *DateField) SetValue(t time.Time) {
	if t.IsZero() {
		d.SetText("")
		return
	}
	d.SetText(t.Format(string(d.grain)))
}

// FocusLost rewrites a loose spelling as ISO.
func (d *DateField) FocusLost() {
	if t, err := d.Value(); err == nil && !t.IsZero() {
		if iso := t.Format(string(d.grain)); iso != d.Text {
			d.SetText(iso)
		}
	}
	d.Entry.FocusLost()
}

// TypedKey opens the calendar with the Down key, or steps the month or year.
func (d *DateField) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyDown && d.ActionItem != nil:
		d.Open()
	case k.Name == fyne.KeyDown:
		d.step(-1)
	case k.Name == fyne.KeyUp:
		d.step(1)
	default:
		d.Entry.TypedKey(k)
	}
}

// step moves a month or year; an empty field begins with the present one.
func (d *DateField) step(by int) {
	if d.Disabled() || (d.grain != MonthLayout && d.grain != YearLayout) {
		return
	}
	at, err := d.Value()
	switch {
	case err != nil || at.IsZero():
		at = d.now()
	case d.grain == YearLayout:
		at = at.AddDate(by, 0, 0)
	default:
		at = addMonths(at, by)
	}
	d.SetValue(at)
}

// Open shows the calendar below the field.
func (d *DateField) Open() {
	c := canvasOf(d)
	if c == nil || d.Disabled() {
		return
	}
	at, err := d.Value()
	if err != nil || at.IsZero() {
		at = d.now()
	}
	days := newCalendar(at, d.now(), d.picked)
	d.popup = widget.NewPopUp(days.root(), c)
	days.close = d.closeCalendar
	below := fyne.CurrentApp().Driver().AbsolutePositionForObject(d).AddXY(0, d.Size().Height)
	d.popup.ShowAtPosition(within(below, d.popup.MinSize(), c.Size()))
	c.Focus(days)
}

// within moves the place of a popup so that it stays inside the window.
func within(at fyne.Position, size, window fyne.Size) fyne.Position {
	return fyne.NewPos(max(0, min(at.X, window.Width-size.Width)), max(0, min(at.Y, window.Height-size.Height)))
}

func (d *DateField) closeCalendar() {
	d.popup.Hide()
	if c := canvasOf(d); c != nil {
		c.Focus(d)
	}
}

// picked takes a day from the calendar and keeps the time of day already entered;
// the zero time clears the field.
func (d *DateField) picked(day time.Time) {
	if old, err := d.Value(); d.grain == DateTimeLayout && !day.IsZero() {
		if err != nil || old.IsZero() {
			old = d.now()
		}
		day = time.Date(day.Year(), day.Month(), day.Day(), old.Hour(), old.Minute(), 0, 0, day.Location())
	}
	d.SetValue(day)
	d.closeCalendar()
}

var (
	momentParts   = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：时](\d{1,2})分?)?$`)
	compactMoment = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?: ?(\d{2})(\d{2}))?$`)
)

// ParseMoment reads a date, or a date and a time of day, in the spellings people
// type. With withTime a missing time of day means midnight; without, a time is an error.
func ParseMoment(text string, withTime bool, zone *time.Location) (time.Time, error) {
	bad := errors.New(lang.T("widget.baddate"))
	if withTime {
		bad = errors.New(lang.T("widget.baddatetime"))
	}
	text = strings.TrimSpace(text)
	m := momentParts.FindStringSubmatch(text)
	if m == nil {
		m = compactMoment.FindStringSubmatch(text)
	}
	if m == nil || (m[4] != "" && !withTime) {
		return time.Time{}, bad
	}
	var n [5]int
	for i, part := range m[1:] {
		n[i], _ = strconv.Atoi(part) // digits only; an absent time stays 0
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], 0, 0, zone)
	if t.Day() != n[2] || t.Month() != time.Month(n[1]) || t.Hour() != n[3] || t.Minute() != n[4] {
		return time.Time{}, bad // 2026-02-30, 25:00
	}
	return t, nil
}

var periodParts = regexp.MustCompile(`^(\d{4})\s*(?:[-./年]?\s*(\d{1,2})\s*月?|年)?$`)

// parsePeriod reads a month or a year as its first day.
func parsePeriod(text string, month bool, zone *time.Location) (time.Time, error) {
	m := periodParts.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || month != (m[2] != "") {
		return time.Time{}, errors.New(lang.T("widget.badperiod"))
	}
	year, _ := strconv.Atoi(m[1]) // digits only
	first := 1
	if month {
		first, _ = strconv.Atoi(m[2])
	}
	if first < 1 || first > 12 {
		return time.Time{}, errors.New(lang.T("widget.badperiod"))
	}
	return time.Date(year, time.Month(first), 1, 0, 0, 0, 0, zone), nil
}
