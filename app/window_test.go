//go:build x11 && !ci

package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/assets"
)

// The story of story_test.go in the real window: the program starts as it does for
// an officer, real keys and a real mouse come from xdotool, and what they wait for
// is read on the window's own thread, so that nothing hangs on a clock.
var (
	storyOut      = flag.String("story", "", "where the story of the real window leaves data folder, papers and pictures")
	storyLanguage = flag.String("story-language", "zh-Hans", "the language of its screen")
)

func init() {
	onMain = func(run func() int) int {
		flag.Parse()
		if *storyOut == "" {
			return run()
		}
		if err := lang.Load(assets.Lang, *storyLanguage); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		go func() { os.Exit(run()) }()
		return start(filepath.Join(*storyOut, "data"), tour{})
	}
}

// TestWindowFromTheFirstRunToTheFirstPrintedOrder leaves the papers that came out
// of the printer in the folder of the story; .ci/window verifies them.
func TestWindowFromTheFirstRunToTheFirstPrintedOrder(t *testing.T) {
	if *storyOut == "" {
		t.Skip("the real window is worked by .ci/window story")
	}
	dir, err := filepath.Abs(*storyOut)
	if err != nil {
		t.Fatal(err)
	}
	takeAlong(t, dir)
	p := newPerson(t, dir)
	s := &story{hands: p, Screen: p.Screen, t: t, dir: dir}
	began := time.Now()
	s.firstOrder()
	p.picture("printed")
	t.Logf("%d keys and clicks, %d characters, %s", s.keys, s.signs, time.Since(began).Round(time.Second))
}

// person sits before the real window.
type person struct {
	*uitest.Screen
	t     *testing.T
	dir   string
	id    string // of the window, as X11 has it
	scale float32
}

// newPerson waits for the window.
func newPerson(t *testing.T, dir string) *person {
	t.Helper()
	p := &person{t: t, dir: dir}
	for end := time.Now().Add(mostWait); ; time.Sleep(glances) {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(os.Getpid())).Output()
		if ids := strings.Fields(string(out)); err == nil && len(ids) > 0 {
			p.id = ids[len(ids)-1]
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no window appeared: %v", err)
		}
	}
	fyne.DoAndWait(func() {
		win := fyne.CurrentApp().Driver().AllWindows()[0]
		p.Screen, p.scale = uitest.On(looker{t}, fyne.CurrentApp(), win), win.Canvas().Scale()
	})
	p.xdotool("windowfocus", "--sync", p.id)
	return p
}

// mostWait is how long a state of the screen is waited for on a busy machine,
// glances how often it is looked at.
const (
	mostWait = 30 * time.Second
	glances  = 25 * time.Millisecond
)

func (p *person) await(what string, is func() bool) {
	p.t.Helper()
	var ok bool
	var missed miss
	for end := time.Now().Add(mostWait); time.Now().Before(end); time.Sleep(glances) {
		fyne.DoAndWait(func() { ok, missed = glance(is) })
		if ok {
			return
		}
	}
	p.picture("failed")
	said := ""
	fyne.DoAndWait(func() { said = read(p.Win) })
	p.t.Fatalf("%s did not come (%s); the screen says\n%s", what, missed, said)
}

func (p *person) xdotool(args ...string) {
	p.t.Helper()
	if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
		p.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// key presses a key; its name is the same to X11.
func (p *person) key(name fyne.KeyName, ctrl bool) {
	p.t.Helper()
	pressed := string(name)
	if ctrl {
		pressed = "ctrl+" + strings.ToLower(pressed)
		if name == fyne.KeyReturn {
			pressed = "ctrl+Return"
		}
	}
	p.xdotool("key", "--window", p.id, pressed)
	p.handled()
}

// handled waits until the program has taken what was sent: the X server answers in
// order, and the window's thread polls before it runs what is asked of it twice.
func (p *person) handled() {
	p.xdotool("getwindowgeometry", p.id)
	for range 2 {
		fyne.DoAndWait(func() {})
	}
}

// text types, Chinese by way of the clipboard: the tool's own typing loses it.
func (p *person) text(s string) {
	p.t.Helper()
	var into fyne.Focusable
	before := 0
	length := func() int {
		e, ok := into.(interface{ CursorTextOffset() int })
		if !ok {
			return -1
		}
		return e.CursorTextOffset()
	}
	chinese := strings.IndexFunc(s, func(r rune) bool { return r > '~' }) >= 0
	fyne.DoAndWait(func() {
		into = p.Focused()
		before = length()
		if chinese {
			p.App.Clipboard().SetContent(s)
		}
	})
	if chinese {
		p.xdotool("key", "--window", p.id, "ctrl+v")
	} else {
		p.xdotool("type", "--window", p.id, "--delay", "15", s)
	}
	if before >= 0 {
		p.await("“"+s+"” in the input", func() bool { return length() >= len([]rune(s)) })
	}
	p.handled()
}

// tap clicks the middle of what says the words.
func (p *person) tap(words string) {
	p.t.Helper()
	var at fyne.Position
	p.await("“"+words+"” to click", func() (ok bool) {
		at, ok = p.Place(words)
		return ok
	})
	p.xdotool("mousemove", "--window", p.id, strconv.Itoa(int(at.X*p.scale)), strconv.Itoa(int(at.Y*p.scale)), "click", "1")
	p.handled()
}

// picture keeps what the screen looks like.
func (p *person) picture(name string) {
	if out, err := exec.Command("import", "-window", "root", filepath.Join(p.dir, name+".png")).CombinedOutput(); err != nil {
		p.t.Logf("no picture %s: %v %s", name, err, out)
	}
}
