package widgets_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"pgregory.net/rapid"

	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestParseMoment(t *testing.T) {
	cases := []struct {
		text     string
		withTime bool
		want     string // "" is an error
	}{
		{"2026-01-31", false, "2026-01-31 00:00"},
		{" 2026-1-3 ", false, "2026-01-03 00:00"},
		{"2026.1.3", false, "2026-01-03 00:00"},
		{"2026/01/03", false, "2026-01-03 00:00"},
		{"2026年1月3日", false, "2026-01-03 00:00"},
		{"20260103", false, "2026-01-03 00:00"},
		{"2024-02-29", false, "2024-02-29 00:00"},
		{"2026-02-29", false, ""},
		{"2026-13-01", false, ""},
		{"26-1-3", false, ""},
		{"昨天", false, ""},
		{"2026-01-03 09:30", false, ""},
		{"2026-01-03 09:30", true, "2026-01-03 09:30"},
		{"2026-01-03T9:05", true, "2026-01-03 09:05"},
		{"2026年1月3日 9时5分", true, "2026-01-03 09:05"},
		{"2026-01-03 9：05", true, "2026-01-03 09:05"},
		{"202601030905", true, "2026-01-03 09:05"},
		{"2026-01-03", true, "2026-01-03 00:00"},
		{"2026-01-03 24:00", true, ""},
		{"2026-01-03 09:60", true, ""},
	}
	for _, c := range cases {
		got, err := widgets.ParseMoment(c.text, c.withTime, time.UTC)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%q is read as %v", c.text, got)
		case c.want != "" && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.want != "" && got.Format(widgets.DateTimeLayout) != c.want:
			t.Errorf("%q is read as %v, want %s", c.text, got, c.want)
		}
	}
}

func TestParseMomentReadsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4102444800).Draw(t, "at"), 0).UTC().Truncate(time.Minute)
		got, err := widgets.ParseMoment(at.Format(widgets.DateTimeLayout), true, time.UTC)
		if err != nil || !got.Equal(at) {
			t.Fatalf("%v is read as %v, %v", at, got, err)
		}
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"2026-01-31", "2026年1月3日 9时5分", "20260103", "", "9999-99-99", "２０２６-01-01"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, withTime bool) {
		if at, err := widgets.ParseMoment(text, withTime, time.UTC); err == nil && (at.Year() < 0 || at.Year() > 9999) {
			t.Errorf("%q is read as %v", text, at)
		}
	})
}

func TestDateFieldBecomesISO(t *testing.T) {
	s := uitest.New(t)
	d, next := widgets.NewDateField(clock), widgets.NewEntry()
	s.Show(container.NewVBox(d, next))
	s.Focus(d)
	s.Type("2026年1月3日")
	s.Press(fyne.KeyReturn)
	if d.Text != "2026-01-03" || s.Focused() != next {
		t.Errorf("the field holds %q", d.Text)
	}
	s.Focus(d)
	d.SetText("昨天")
	s.Press(fyne.KeyReturn)
	if _, err := d.Value(); d.Text != "昨天" || err == nil {
		t.Errorf("what cannot be read became %q", d.Text)
	}
	d.SetValue(time.Time{})
	if at, err := d.Value(); err != nil || !at.IsZero() {
		t.Errorf("an empty field is %v, %v", at, err)
	}
}

func TestCalendarKeys(t *testing.T) {
	cases := []struct {
		name string
		keys []fyne.KeyName
		want string
	}{
		{"today", []fyne.KeyName{fyne.KeyReturn}, "2026-11-21"},
		{"a day on", []fyne.KeyName{fyne.KeyRight, fyne.KeyReturn}, "2026-11-22"},
		{"a week back", []fyne.KeyName{fyne.KeyUp, fyne.KeySpace}, "2026-11-14"},
		{"a month on", []fyne.KeyName{fyne.KeyPageDown, fyne.KeyReturn}, "2026-12-21"},
		{"over the year", []fyne.KeyName{fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyReturn}, "2027-01-21"},
		{"Escape keeps", []fyne.KeyName{fyne.KeyRight, fyne.KeyEscape}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := uitest.New(t)
			d := widgets.NewDateField(clock)
			s.Show(container.NewVBox(d))
			s.Focus(d)
			s.Press(fyne.KeyDown)
			s.MustSee("2026年11月", "今天", "清除", "六")
			s.Press(c.keys...)
			if d.Text != c.want {
				t.Errorf("picked %q, want %q", d.Text, c.want)
			}
			if s.Focused() != d || s.Win.Canvas().Overlays().Top() != nil {
				t.Error("the calendar is still open")
			}
		})
	}
}

func TestCalendarShortMonthAndTap(t *testing.T) {
	s := uitest.New(t)
	d := widgets.NewDateTimeField(clock)
	d.SetText("2026-01-31 08:15")
	s.Show(container.NewVBox(d))
	s.Focus(d)
	s.Press(fyne.KeyDown)
	s.Capture("calendar")
	s.Press(fyne.KeyPageDown, fyne.KeyReturn)
	if d.Text != "2026-02-28 08:15" {
		t.Errorf("a month after 31 January is %q, the time of day is kept", d.Text)
	}
	s.Press(fyne.KeyDown)
	s.Tap("17")
	if d.Text != "2026-02-17 08:15" {
		t.Errorf("tapped 17, got %q", d.Text)
	}
	s.Press(fyne.KeyDown)
	s.Tap("清除")
	if d.Text != "" {
		t.Errorf("cleared, got %q", d.Text)
	}
}

func TestCalendarInEnglish(t *testing.T) {
	s := uitest.New(t)
	uitest.Language(t, "en")
	d := widgets.NewDateField(clock)
	s.Show(container.NewVBox(d))
	d.Open()
	s.MustSee("November 2026", "Mon", "Today")
}

// What lies near is typed short: the time of a day is today's, a day is of this year.
func TestDateFieldCompletes(t *testing.T) {
	uitest.New(t)
	today := clock().Format(widgets.DateLayout)
	year := clock().Format(widgets.YearLayout)
	moment, day := widgets.NewDateTimeField(clock), widgets.NewDateField(clock)
	cases := []struct {
		field      *widgets.DateField
		text, want string // "" is an error
	}{
		{moment, "9:30", today + " 09:30"},
		{moment, "9：05", today + " 09:05"},
		{moment, "11-22 9:30", year + "-11-22 09:30"},
		{moment, "11月22日 9:30", year + "-11-22 09:30"},
		{moment, "25:00", ""},
		{day, "11.2", year + "-11-02 00:00"},
		{day, "13-02", ""},
		{day, "9:30", ""},
	}
	for _, c := range cases {
		got, err := c.field.Parse(c.text)
		if c.want == "" && err == nil || c.want != "" && got.Format(widgets.DateTimeLayout) != c.want {
			t.Errorf("%q is read as %v, %v, want %q", c.text, got, err, c.want)
		}
	}
}

// At the right edge of the window the calendar opens further left.
func TestCalendarStaysInTheWindow(t *testing.T) {
	s := uitest.New(t)
	d := widgets.NewDateField(clock)
	s.Show(container.NewBorder(nil, nil, nil, widgets.AtLeast(120, 0, d)))
	s.Focus(d)
	s.Press(fyne.KeyDown)
	calendar := s.Focused().(fyne.CanvasObject)
	right := fyne.CurrentApp().Driver().AbsolutePositionForObject(calendar).X + calendar.Size().Width
	if right > s.Win.Canvas().Size().Width {
		t.Errorf("the calendar ends at %v in a window of %v", right, s.Win.Canvas().Size().Width)
	}
}
