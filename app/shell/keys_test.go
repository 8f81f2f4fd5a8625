package shell_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// The verb of a button stands in the status bar while the pointer is on it, and
// what was said before comes back.
func TestAHintGoesWithThePointer(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.Go("cases", "")
	r.shell.Say("已保存")
	back := r.Buttons("")[0]
	if back.Verb() != "后退" {
		t.Fatalf("the first button says %q", back.Verb())
	}
	back.MouseIn(&desktop.MouseEvent{})
	r.MustSee("后退")
	r.MustNotSee("已保存")
	back.MouseOut()
	r.MustSee("已保存")
	r.MustNotSee("后退")
	back.MouseIn(&desktop.MouseEvent{})
	r.shell.Back() // the button is pressed, and another page stands
	r.MustNotSee("后退")
}

// An input of a page that is gone keeps no key, and neither does a dialog that
// opened before the shell did.
func TestKeysOfTheWindowAlwaysArrive(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.Focus(r.page.text)
	r.shell.Go("cases", "")
	if r.Focused() != nil {
		t.Errorf("%T of the page before has the keyboard", r.Focused())
	}
	r.logged()
	r.Press(fyne.KeyF8)
	if got := r.logged(); got != "cases unanswered" {
		t.Errorf("F8 after a change of page: %q", got)
	}
	gone := r.page.text
	r.Focus(gone)
	r.page.text.Hide()
	r.Win.Canvas().Content().Refresh()
	if r.Focused() == fyne.Focusable(gone) {
		r.Press(fyne.KeyF8)
		if got := r.logged(); got != "cases unanswered" {
			t.Errorf("F8 with an input that is hidden: %q", got)
		}
	}
}

func TestADialogBeforeTheShellKeepsNoKey(t *testing.T) {
	s := uitest.New(t)
	w := dialogs.ShowWorking(s.Win, "正在新建", nil)
	var log []string
	shell.New(s.Win, shell.Options{Settings: uitest.Settings{}, Now: time.Now, Runner: shell.Inline{}, After: func(time.Duration, func()) {},
		Places: []shell.Place{{Key: "today", Icon: fynetheme.HomeIcon(), Build: func(string) shell.Page {
			return &fake{name: "today", log: &log, text: widgets.NewEntry()}
		}}}}).Start()
	w.Done()
	s.Press(fyne.KeyF8)
	if strings.Join(log, ",") != "today unanswered" {
		t.Errorf("F8 after the dialog: %v", log)
	}
}
