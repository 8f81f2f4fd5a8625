package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/shell"
	"anxin/app/theme"
	"anxin/assets"
	"anxin/model"
	"anxin/model/seal"
)

const testPhrase = "青山不改 绿水长流"

// newTestDesktop is the program on a driver without a display, with an office
// of two officers in a fresh folder.
func newTestDesktop(t testing.TB) *desktop {
	t.Helper()
	if err := lang.Load(assets.Lang, "zh-Hans"); err != nil {
		t.Fatal(err)
	}
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Faces{Regular: assets.ScreenRegular, Bold: assets.ScreenBold}, 1))
	d := newDesktop(a, filepath.Join(t.TempDir(), "data"))
	d.runner, d.after = shell.Inline{}, func(time.Duration, func()) {}
	d.post = func(func()) {} // what happens beside the window is not shown
	t.Cleanup(d.close)
	return d
}

func (d *desktop) found(t testing.TB) {
	t.Helper()
	d.foundWith(t, testPhrase)
}

func (d *desktop) foundWith(t testing.TB, phrase string) {
	t.Helper()
	fast := office.Options{Dir: d.dir, Params: seal.Params{Passes: 1, MemoryKiB: 64, Threads: 1}}
	o, err := office.Create(context.Background(), fast, office.SetUp{Passphrase: phrase, Office: model.Office{Name: "桃花源县人社局", Word: "桃人社"},
		Officers: []model.Officer{{Name: "张建国", CertNo: "430725001", Role: model.RoleInspector}, {Name: "李秀英", CertNo: "430725002", Role: model.RoleInspector}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.take(context.Background(), o); err != nil {
		t.Fatal(err)
	}
}

func TestEveryPageCanBeTheFirst(t *testing.T) {
	for _, key := range []string{"today", "leads", "inspections", "cases", "documents", "employers", "sync", "settings"} {
		t.Run(key, func(t *testing.T) {
			d := newTestDesktop(t)
			d.found(t)
			d.prefs.Set("window.page", key)
			d.prefs.Set(page.PrefScale, "1.25")
			d.prefs.Set(page.PrefLanguage, "en")
			d.show()
			if got := d.shell.Route().Page; got != key {
				t.Errorf("the program opened %q", got)
			}
			if lang.Tag() != "en" {
				t.Errorf("the words are %q", lang.Tag())
			}
		})
	}
}

func TestLockForgetsAndUnlockComesBack(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	d.prefs.Set("kept", "yes")
	d.lock()
	if _, err := d.at(); !errors.Is(err, model.ErrLocked) {
		t.Fatalf("locked, yet %v", err)
	}
	if d.prefs.Get("kept") != "" {
		t.Error("a preference of the office stayed in memory")
	}
	if err := d.unlock(context.Background(), "wrong"); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("a wrong passphrase gave %v", err)
	}
	if err := d.unlock(context.Background(), testPhrase); err != nil {
		t.Fatal(err)
	}
	if d.prefs.Get("kept") != "yes" {
		t.Error("the preference did not come back")
	}
	if _, err := d.env.Desk.Office(context.Background()); err != nil {
		t.Errorf("the pages work on a closed folder: %v", err)
	}
}

func TestAFirstRunThatWasCutOffIsTakenUpAgain(t *testing.T) {
	d := newTestDesktop(t)
	fast := seal.Params{Passes: 1, MemoryKiB: 64, Threads: 1}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.CreateKeys(d.dir, testPhrase, "01990000-0000-7000-8000-000000000001", fast); err != nil {
		t.Fatal(err)
	}
	if err := d.unlock(context.Background(), testPhrase); err != nil {
		t.Fatal(err)
	}
	d.show()
	if d.shell != nil {
		t.Fatal("a shell was shown for an office that is not there")
	}
	d.found(t)
	d.show()
	if d.shell == nil {
		t.Error("the office was made, but no shell is shown")
	}
}
