package page

import (
	"context"
	"errors"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
)

func TestSettingsTakeInTheHolidaysOfAYear(t *testing.T) {
	w := newWorld(t)
	var got string
	fail := errors.New("“2027.csv”第3行：日期应为 2027-01-01 的格式")
	w.env.AddHolidays = func(_ context.Context, path string) (int, error) {
		got = path
		return 2, fail
	}
	uitest.AnswerFiles(t, "2027.csv", "2027.csv")
	w.show(NewSettings(w.env, ""))
	w.screen.Tap(lang.T("settings.machine"))
	w.screen.Tap(lang.T("settings.holidays.add"))
	w.screen.MustSee("第3行")
	if got != "2027.csv" {
		t.Errorf("the file was %q", got)
	}
	w.screen.Tap(lang.T("dialog.close"))
	fail = nil
	w.screen.Tap(lang.T("settings.holidays.add"))
	w.screen.MustNotSee("第3行")
}
