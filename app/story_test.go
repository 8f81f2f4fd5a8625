package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/forms"
)

// story is a new officer's way from the first run to the first printed order. It
// knows keys, words and a mouse alone, so that it is worked on the driver without a
// display and in the real window (see window_test.go) all the same.
type story struct {
	hands
	*uitest.Screen // only for looking, within await
	t              *testing.T
	dir            string // what the officer has at hand: photos, a printer
	keys, signs    int    // pressed and clicked; typed as text
}

// hands do what a person does. await looks at the screen until it is as wanted.
type hands interface {
	key(name fyne.KeyName, ctrl bool)
	text(s string)
	tap(words string)
	await(what string, is func() bool)
}

// miss is what a look at the screen did not find.
type miss string

// looker makes the hands of tests say what they miss instead of ending the test:
// the screen is only not yet as it will be.
type looker struct{ testing.TB }

func (looker) Helper()                        {}
func (looker) Fatalf(format string, a ...any) { panic(miss(fmt.Sprintf(format, a...))) }

// glance tells whether the screen is as wanted now, and what it lacks.
func glance(is func() bool) (ok bool, missed miss) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case miss:
			ok, missed = false, r
		default:
			panic(r)
		}
	}()
	return is(), ""
}

func (s *story) press(names ...fyne.KeyName) {
	for _, name := range names {
		s.keys++
		s.key(name, false)
	}
}

func (s *story) ctrl(name fyne.KeyName) {
	s.keys++
	s.key(name, true)
}

func (s *story) write(text string) {
	s.t.Helper()
	s.await("an input for “"+text+"”", func() bool { return s.Focused() != nil })
	s.signs += len([]rune(text))
	s.text(text)
}

func (s *story) click(words string) {
	s.t.Helper()
	s.await("“"+words+"” to click", func() bool { _, ok := s.Place(words); return ok })
	s.keys++
	s.tap(words)
}

func (s *story) sees(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.await("“"+text+"”", func() bool { return s.Sees(text) })
	}
}

// at waits until the keyboard is on the input with a label.
func (s *story) at(label string) {
	s.t.Helper()
	s.await("the keyboard on “"+label+"”", func() bool { return s.Focused() != nil && s.Input(label) == s.Focused() })
}

// on types into the input that has the keyboard and goes on with Enter.
func (s *story) on(label, text string) {
	s.t.Helper()
	s.at(label)
	if text != "" {
		s.write(text)
	}
	s.press(fyne.KeyReturn)
}

// to goes with Tab to the input with a label.
func (s *story) to(label string) {
	s.t.Helper()
	s.tabTo(label, func() bool { return s.Input(label) == s.Focused() })
}

func (s *story) tabTo(what string, there func() bool) {
	s.t.Helper()
	s.keys++ // Tab is held down
	for range mostTabs {
		var before fyne.Focusable
		found := false
		s.await("the keyboard somewhere", func() bool {
			before = s.Focused()
			found, _ = glance(func() bool { return before != nil && there() })
			return true
		})
		if found {
			return
		}
		s.key(fyne.KeyTab, false)
		s.await("the next stop of Tab", func() bool { return s.Focused() != before })
	}
	s.t.Fatalf("Tab does not lead to %s", what)
}

// closed waits until no dialog stands over the page any more.
func (s *story) closed() {
	s.t.Helper()
	s.await("the page without a dialog", func() bool { return s.Win.Canvas().Overlays().Top() == nil })
}

// shut closes what is only told.
func (s *story) shut() {
	s.t.Helper()
	for range 3 {
		open := false
		s.await("the screen", func() bool { open = len(s.Buttons(lang.T("dialog.close"))) > 0; return true })
		if !open {
			return
		}
		s.press(fyne.KeyEscape)
		s.await("the dialog closed", func() bool { return len(s.Buttons(lang.T("dialog.close"))) == 0 })
	}
}

// label is how a form words a question in the language of the screen.
func (s *story) label(form, question string) (words string) {
	s.t.Helper()
	f, err := office.Form(form)
	if err != nil {
		s.t.Fatal(err)
	}
	short, _, _ := strings.Cut(lang.Tag(), "-")
	f.Each(func(q *forms.Question) {
		if q.Name == question {
			words = q.Label.In(short)
		}
	})
	return words
}

// firstOrder is the whole way. The office and its parties are typed as an officer
// would; nothing is prepared but a photo and a printer.
func (s *story) firstOrder() {
	s.setUp()
	s.plan()
	s.visit()
	s.record()
	s.order()
	s.print()
}

const (
	storyPhrase   = "gongdi anquan 2026"
	storyOffice   = "清河县人力资源和社会保障局"
	storyEmployer = "永固建筑有限公司"
	storySite     = "城东安置房二期"
	storyPhoto    = "工地公示牌.png"
	storyUSCC     = "91350100M000100Y43"
	storyCopies   = 2 // an order is printed for the party and for the file
)

// setUp goes through the wizard.
func (s *story) setUp() {
	s.sees(lang.T("wizard.begin"))
	s.press(fyne.KeyReturn)
	s.on(lang.T("wizard.office.name"), storyOffice)
	s.on(lang.T("wizard.office.word"), "清人社")
	s.on(lang.T("wizard.office.region"), "湖南")
	s.on(lang.T("wizard.office.government"), "") // follows from the name
	s.on(lang.T("wizard.office.court"), "")
	s.on(lang.T("wizard.office.address"), "清河县人民路1号")
	s.on(lang.T("wizard.office.contact"), "王敏")
	s.on(lang.T("wizard.office.phone"), "0736-1234567")
	s.sees(lang.T("wizard.officers.2"))
	s.on(lang.T("wizard.officer.name"), "周明")
	for i, text := range []string{"HN18001", "2024-01-01", "2029-12-31", "李华", "HN18002", "2024-01-01", "2029-12-31"} {
		s.further(fmt.Sprintf("the officers' field %d", i+2), text)
	}
	s.sees(lang.T("wizard.phrase.strength"))
	s.further("the passphrase", storyPhrase)
	s.further("the passphrase again", storyPhrase)
	s.sees(lang.T("wizard.code.label"))
	s.press(fyne.KeyReturn) // there is no hub
	s.await("the data folder", func() bool { return s.Sees(lang.T("wizard.done.text")) && s.Focused() != nil })
	s.press(fyne.KeyReturn)
	s.sees(storyOffice, lang.T("nav.today"))
}

// further types where the keyboard is and waits until Enter has taken it further.
func (s *story) further(what, text string) {
	s.t.Helper()
	var at fyne.Focusable
	s.await(what, func() bool { at = s.Focused(); return at != nil })
	s.write(text)
	s.press(fyne.KeyReturn)
	s.await("the way on from "+what, func() bool { return s.Focused() != nil && s.Focused() != at })
}

// plan plans the first visit; neither employer nor site is known yet.
func (s *story) plan() {
	s.click(lang.T("inspections.new"))
	s.at(lang.T("inspections.employer"))
	s.write(storyEmployer)
	s.sees(lang.T("register.new.employer", "name", storyEmployer))
	s.press(fyne.KeyReturn)
	s.at(s.label("employer", "name"))
	s.to(s.label("employer", "uscc"))
	s.write(storyUSCC)
	s.to(s.label("employer", "address"))
	s.write("清河县城东路88号")
	s.ctrl(fyne.KeyReturn)
	s.closed()
	s.to(lang.T("leads.site"))
	s.write(storySite)
	s.sees(lang.T("register.new.site", "name", storySite))
	s.press(fyne.KeyReturn)
	s.at(s.label("site", "name"))
	s.to(s.label("site", "address"))
	s.write("清河县城东路")
	s.ctrl(fyne.KeyReturn)
	s.closed()
	s.press(fyne.KeyF8)
	s.await("the keyboard on the types of visits", func() bool { _, ok := s.Focused().(*widgets.Segments); return ok })
	s.write("1")
	s.press(fyne.KeyF8)
	s.await("the keyboard on the tasks", s.onSelect)
	s.press(fyne.KeyDown)
	s.await("the list of tasks", func() bool { return s.Win.Canvas().Overlays().Top() != nil })
	s.press(fyne.KeyReturn)
	s.await("the keyboard on the tasks", s.onSelect)
	s.press(fyne.KeyF8)
	s.at(s.label("visit", "start"))
	s.write(time.Now().Format("15:04")) // today
	s.press(fyne.KeyF8)
	s.at(s.label("visit", "matter"))
	s.write("工资支付情况")
	s.ctrl(fyne.KeyS)
	s.sees(lang.T("inspections.next.planned"))
}

func (s *story) onSelect() bool {
	_, ok := s.Focused().(*widgets.Select)
	return ok
}

// visit has the visit approved and announced, begins it and judges the site.
func (s *story) visit() {
	s.ctrl(fyne.KeyReturn)
	s.at(lang.T("inspections.opinion"))
	s.ctrl(fyne.KeyReturn)
	s.sees(lang.T("inspections.next.approved"))
	s.ctrl(fyne.KeyReturn)
	s.sees(lang.T("inspections.next.announced"))
	s.ctrl(fyne.KeyReturn)
	s.sees(lang.T("inspections.next.started"))
	s.tabTo("the first verdict", s.onVerdict)
	s.write("1")
	s.sees(lang.T("inspections.tally.done", "n", 1, "all", 41))
	s.to(s.label("checklist", "C27"))
	s.write("2")
	s.sees(lang.T("inspections.tally.breach", "n", 1))
	s.press(fyne.KeyTab)
	s.await("the keyboard on what was found", func() bool { e, ok := s.Focused().(*widgets.Entry); return ok && e.MultiLine })
	s.write("12名工人2026年8月、9月工资没有支付")
	s.press(fyne.KeyTab)
	s.await("the keyboard on how many", func() bool { e, ok := s.Focused().(*widgets.Entry); return ok && !e.MultiLine })
	s.write("12")
	s.click(lang.T("inspections.part.evidence"))
	s.click(lang.T("evidence.add"))
	s.tabTo("the path of the file", func() bool { _, ok := s.Focused().(*widgets.Entry); return ok })
	s.write(filepath.Join(s.dir, storyPhoto))
	s.press(fyne.KeyReturn)
	s.sees(storyPhoto)
}

func (s *story) onVerdict() bool {
	v, ok := s.Focused().(*widgets.Segments)
	return ok && v.Key() == "" && !v.Tabs
}

// record writes what the record of the visit still lacks and makes it.
func (s *story) record() {
	s.ctrl(fyne.KeyReturn) // what is missing comes to the front
	s.at(s.label("record", "end"))
	s.write("08:00")
	s.ctrl(fyne.KeyReturn) // the name is missing yet
	now := time.Now()
	s.replace(s.label("record", "start"), now.Add(-2*time.Minute).Format("2006-01-02 15:04"))
	s.replace(s.label("record", "end"), now.Add(-time.Minute).Format("2006-01-02 15:04"))
	s.to(s.label("record", "contact"))
	s.write("刘大龙")
	s.ctrl(fyne.KeyReturn)
	s.await("the question whether to make the record", func() bool { return len(s.Buttons(lang.T("inspections.finish.verb"))) > 0 })
	s.press(fyne.KeyReturn)
	s.await("what is odd about the times", func() bool { return len(s.Buttons(lang.T("dialog.close"))) > 0 })
	s.shut()
	s.sees(lang.T("inspections.next.recorded"))
}

// replace goes to an input, whose text is marked by that, and types another.
func (s *story) replace(label, text string) {
	s.t.Helper()
	s.to(label)
	s.ctrl(fyne.KeyA)
	s.write(text)
}

// order drafts the order, looks at its gates and issues it.
func (s *story) order() {
	s.ctrl(fyne.KeyReturn)
	s.at(lang.T("inspections.orders.preset"))
	s.write("3")
	s.press(fyne.KeyReturn)
	s.on(lang.T("inspections.orders.due"), "") // the last input: Enter drafts
	s.await("the order", func() bool { return s.Sees(lang.T("documents.issue")) && s.Sees(storyEmployer) })
	s.shut()
	s.ctrl(fyne.KeyReturn)
	s.await("the question whether to issue", func() bool { return s.Sees(lang.T("documents.issue.text")) })
	s.press(fyne.KeyReturn)
	s.await("the order issued", func() bool { return s.Sees("清人社劳监令字〔" + time.Now().Format("2006") + "〕第1号") })
}

// print prints the order in as many copies as it has.
func (s *story) print() {
	s.shut()
	s.ctrl(fyne.KeyP)
	s.at(lang.T("print.copies"))
	s.press(fyne.KeyReturn)
	s.await("the jobs of the printer", func() bool { jobs, err := printed(s.dir); return err == nil && len(jobs) == storyCopies })
	s.closed()
}

// printed are the papers that came out of the printer.
func printed(dir string) ([]string, error) { return filepath.Glob(filepath.Join(dir, "job-*.pdf")) }

// takeAlong puts into dir what an officer has at hand: a photo of the site, and a
// printer that keeps its papers there.
func takeAlong(t *testing.T, dir string) {
	t.Helper()
	tools := filepath.Join(dir, "tools")
	files := map[string]string{
		filepath.Join(tools, "lpstat"): "#!/bin/sh\n[ \"$1\" = -e ] && echo Office || echo 'system default destination: Office'\n",
		filepath.Join(tools, "lp"):     "#!/bin/sh\nfor paper; do :; done\ncp \"$paper\" '" + dir + "'/job-$$.pdf.new && mv '" + dir + "'/job-$$.pdf.new '" + dir + "'/job-$$.pdf\n",
	}
	if err := os.MkdirAll(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	photo, err := os.Create(filepath.Join(dir, storyPhoto))
	if err == nil {
		err = errors.Join(png.Encode(photo, image.NewGray(image.Rect(0, 0, 640, 480))), photo.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}
