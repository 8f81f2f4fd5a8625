package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/shell"
	"anxin/app/widgets"
	"anxin/model"
)

// faultVariable makes the test program fall with its faults watched in the
// folder it names.
const faultVariable = "ANXIN_TEST_FAULT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(faultVariable); dir != "" {
		if _, err := watchCrash(dir); err != nil {
			os.Exit(0)
		}
		done := make(chan int)
		go func() { done <- []int{}[len(done)] }()
		<-done
	}
	os.Exit(onMain(m.Run))
}

// onMain runs the tests; those of the real window give the first thread to it.
var onMain = func(run func() int) int { return run() }

// read is every text in the window or the dialog over it.
func read(win fyne.Window) string {
	var b strings.Builder
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			b.WriteString(o.Text)
		case *widgets.Paragraph:
			b.WriteString(o.Words())
		case *widget.RichText:
			b.WriteString(o.String())
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(win.Canvas().Content())
	if top := win.Canvas().Overlays().Top(); top != nil {
		walk(top)
	}
	return b.String()
}

func TestASecondStartSaysSo(t *testing.T) {
	d := newTestDesktop(t)
	free, err := office.Hold(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	d.begin()
	if got := read(d.win); !strings.Contains(got, "正被另一个安薪程序使用") || !strings.Contains(got, "退出") {
		t.Fatalf("the window says %q", got)
	}
	free()
	d.win.Canvas().FocusNext()
	test.Tap(d.win.Canvas().Focused().(fyne.Tappable))
	if got := read(d.win); strings.Contains(got, "正被另一个安薪程序使用") {
		t.Errorf("the other program ended, yet the window says %q", got)
	}
}

func TestUnlockScreenLooksAsItWasLeft(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	d.prefs.Set(page.PrefLanguage, "en")
	d.win.Resize(fyne.NewSize(1010, 650))
	d.shell.Lock()
	again := newDesktop(d.app, d.dir)
	again.runner = d.runner
	again.begin()
	defer again.close()
	if got := again.win.Canvas().Size(); got != fyne.NewSize(1010, 650) {
		t.Errorf("the unlock screen is %v", got)
	}
	if got := read(again.win); !strings.Contains(got, "Enter the passphrase") {
		t.Errorf("the unlock screen says %q", got)
	}
	raw, err := os.ReadFile(filepath.Join(d.dir, screenFile))
	if err != nil || strings.Contains(string(raw), "page") {
		t.Errorf("in the clear lies %s, %v", raw, err)
	}
	if got := shell.LastSize(readScreen(t.TempDir())); got != fyne.NewSize(1280, 760) {
		t.Errorf("without a file the window is %v", got)
	}
}

func TestAFaultIsKeptAndToldOnce(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	fall := exec.Command(os.Args[0])
	fall.Env = append(os.Environ(), faultVariable+"="+d.dir)
	if err := fall.Run(); err == nil {
		t.Fatal("the program did not fall")
	}
	d.show()
	said := read(d.win)
	if !strings.Contains(said, "上次因内部错误退出") {
		t.Fatalf("the next start says %q", said)
	}
	logs, err := filepath.Glob(filepath.Join(d.dir, "crash-*.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("kept: %v, %v", logs, err)
	}
	if raw, err := os.ReadFile(logs[0]); err != nil || !strings.Contains(string(raw), "index out of range") {
		t.Errorf("the diagnosis is %.200s, %v", raw, err)
	}
	d.close()
	if _, err := os.Stat(filepath.Join(d.dir, crashFile)); err == nil {
		t.Error("a run that ended well left a diagnosis")
	}
	if last, err := watchCrash(d.dir); last != "" || err != nil {
		t.Errorf("told again: %q, %v", last, err)
	}
	if err := ended(d.dir); err != nil {
		t.Error(err)
	}
}

// What was typed just before a fault is in the store afterwards.
func TestAFaultKeepsThePage(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	p := &leaving{Page: d.shell.Page()}
	places := d.places()
	places[0].Build = func(string) shell.Page { return p }
	d.shell = shell.New(d.win, shell.Options{Places: places, Settings: d.prefs, Now: d.office.Now})
	d.shell.Start()
	d.rescue()
	if p.left != 1 {
		t.Errorf("the page was left %d times", p.left)
	}
	if d.office != nil {
		t.Error("the folder stayed open")
	}
}

type leaving struct {
	shell.Page
	left int
}

func (l *leaving) Leave() { l.left++ }

func TestAnotherOfficerUnlocks(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	first := d.me.Name
	rooms := &backstage{d: d}
	heads, err := d.env.Desk.Journal.List(t.Context(), model.Query{Kind: model.KindOfficer, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		if !strings.Contains(string(h.Body), first) {
			if err := rooms.AddOfficer(t.Context(), h.ID, "另一位的口令 不同"); err != nil {
				t.Fatal(err)
			}
		}
	}
	built := d.shell.Page()
	d.shell.Lock()
	if err := d.unlock(t.Context(), "另一位的口令 不同"); err != nil {
		t.Fatal(err)
	}
	d.welcome()
	if d.me.Name == first || d.me.Name == "" {
		t.Errorf("%q unlocked, but %q is at work", "the other", d.me.Name)
	}
	if d.shell.Page() == built {
		t.Error("the page of the officer before is still shown")
	}
}
