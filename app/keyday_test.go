package main

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

// keyDay is an officer without a mouse: she presses keys and reads.
type keyDay struct {
	*uitest.Screen
	t     *testing.T
	d     *desktop
	clock *modeltest.Clock
	later []func() // what would happen after a while

	employer, site, kase model.ID
}

const ctrlKey = fyne.KeyModifierControl

// newKeyDay is an office in the morning: registers, numbers and an open case.
func newKeyDay(t *testing.T, tag string) *keyDay {
	t.Helper()
	d := newTestDesktop(t)
	k := &keyDay{Screen: uitest.On(t, d.app, d.win), t: t, d: d, clock: modeltest.NewClock(0)}
	d.after = func(_ time.Duration, do func()) { k.later = append(k.later, do) }
	fast := office.Options{Dir: d.dir, Clock: k.clock, Params: seal.Params{Passes: 1, MemoryKiB: 64, Threads: 1}}
	mine, other := modeltest.Officer(1), modeltest.Officer(2)
	o, err := office.Create(t.Context(), fast, office.SetUp{Passphrase: testPhrase, Office: *modeltest.Office(), Officers: []model.Officer{*mine, *other}})
	k.ok(err)
	k.ok(o.TakeLocalNumbers(t.Context(), 2026, 50))
	k.ok(d.take(t.Context(), o))
	d.prefs.Set(page.PrefLanguage, tag)
	d.show()
	d.win.Resize(fyne.NewSize(1366, 768))
	k.open(o)
	return k
}

func (k *keyDay) ok(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// open writes the registers and opens a case, as happened the day before.
func (k *keyDay) open(o *office.Office) {
	k.t.Helper()
	ctx := context.Background()
	var err error
	k.employer, err = o.Desk.Save(ctx, "", "", modeltest.Employer(1))
	k.ok(err)
	site := modeltest.Site(1, k.employer)
	site.Owner = ""
	k.site, err = o.Desk.Save(ctx, "", "", site)
	k.ok(err)
	officers, err := o.Store.List(ctx, model.Query{Kind: model.KindOfficer})
	k.ok(err)
	lead, err := o.Desk.RegisterLead(ctx, model.Lead{Source: "现场投诉", Employer: k.employer, Site: k.site, Claim: "拖欠工资", AmountFen: 1900050, Workers: 2})
	k.ok(err)
	k.kase, err = o.Desk.AcceptLead(ctx, casework.Acceptance{Lead: lead, Cause: "克扣或者无故拖欠工资", Officers: []model.ID{officers[0].ID, officers[1].ID}})
	k.ok(err)
}

// key presses a key with Ctrl.
func (k *keyDay) key(name fyne.KeyName) {
	k.t.Helper()
	k.Shortcut(name, ctrlKey)
	k.settle()
}

// press presses keys alone.
func (k *keyDay) press(names ...fyne.KeyName) {
	k.t.Helper()
	k.Press(names...)
	k.settle()
}

// settle lets pass what waits for a moment: searches, drafts.
func (k *keyDay) settle() {
	for range 3 {
		list := k.later
		k.later = nil
		for _, do := range list {
			do()
		}
	}
	k.Settle()
}

// mostTabs is how often one presses Tab to find something.
const mostTabs = 250

// tabTo presses Tab until the keyboard is where one wants it.
func (k *keyDay) tabTo(what string, there func(fyne.Focusable) bool) {
	k.t.Helper()
	for range mostTabs {
		if f := k.Focused(); f != nil && there(f) {
			return
		}
		k.Press(fyne.KeyTab)
	}
	k.t.Fatalf("Tab does not lead to %s", what)
}

// toField goes to the input with a label and types into it.
func (k *keyDay) toField(label, text string) {
	k.t.Helper()
	k.tabTo("the field “"+label+"”", func(f fyne.Focusable) bool { return k.Input(label) == f })
	k.Type(text)
}

// button goes to a button and presses it.
func (k *keyDay) button(words string) {
	k.t.Helper()
	k.tabTo("the button “"+words+"”", func(f fyne.Focusable) bool {
		b, ok := f.(*widgets.Button)
		return ok && b.Text == words
	})
	k.press(fyne.KeyReturn)
}

// command finds something by the palette and does it.
func (k *keyDay) command(words string) {
	k.t.Helper()
	k.key(fyne.KeyK)
	k.Type(words)
	k.settle()
	k.press(fyne.KeyReturn)
}

// one reads the only record of a kind.
func one[T any, P interface {
	*T
	model.Record
}](k *keyDay, q model.Query) (model.ID, *T) {
	k.t.Helper()
	q.Kind = P(new(T)).Kind()
	heads, err := k.d.office.Store.List(context.Background(), q)
	k.ok(err)
	if len(heads) != 1 {
		k.t.Fatalf("%d records of the kind %s, want 1; the screen says\n%s", len(heads), q.Kind, read(k.Win))
	}
	v, err := model.As[T, P](heads[0].Body)
	k.ok(err)
	return heads[0].ID, v
}

// TestADayByKeysAlone: from the plan of a visit to the service of the order, the
// scan of its signed paper and the statement, nothing is tapped.
func TestADayByKeysAlone(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			k := newKeyDay(t, tag)
			k.plan()
			k.begin()
			k.check()
			k.paste()
			k.files()
			k.record()
			k.order()
			k.serve()
			k.scan()
			k.ask()
			k.evening()
		})
	}
}

// plan plans the visit from its case, has it approved and announces it.
func (k *keyDay) plan() {
	k.key(fyne.Key4)
	k.tabTo("the list of cases", onList)
	k.press(fyne.KeyDown)
	k.command(lang.T("inspections.new"))
	k.press(fyne.KeyF2)
	k.toField(k.label("visit", "start"), "2026-09-18 14:00")
	k.key(fyne.KeyS)
	k.key(fyne.KeyReturn) // approve
	k.button(lang.T("inspections.approve"))
	k.key(fyne.KeyReturn) // announce
	if _, i := one[model.Inspection](k, model.Query{}); i.State != model.InspectionAnnounced {
		k.t.Fatalf("the visit is %s; the screen says\n%s", i.State, read(k.Win))
	}
}

// begin starts the visit from the tasks of the day: F2, Enter, Ctrl+Enter.
func (k *keyDay) begin() {
	k.clock.Move(4 * time.Hour)
	k.key(fyne.Key1)
	k.task("task.visit.record")
	k.key(fyne.KeyReturn)
	if _, i := one[model.Inspection](k, model.Query{}); !casework.Started(i) {
		k.t.Fatalf("the visit has not begun; the screen says\n%s", read(k.Win))
	}
}

// task goes to a task of the day and opens it.
func (k *keyDay) task(key string) {
	k.t.Helper()
	k.press(fyne.KeyF2)
	for range 20 {
		if strings.Contains(k.told(), lang.T(key)) {
			k.press(fyne.KeyReturn)
			return
		}
		k.press(fyne.KeyDown)
	}
	k.t.Fatalf("the day has no task %q; the screen says\n%s", key, read(k.Win))
}

// check gives verdicts by their digits and writes what was found.
func (k *keyDay) check() {
	for _, digit := range "1121" {
		k.tabTo("a verdict", func(f fyne.Focusable) bool {
			s, ok := f.(*widgets.Segments)
			return ok && s.Key() == ""
		})
		k.Type(string(digit))
		k.settle()
	}
	k.MustSee(lang.T("inspections.tally.done", "n", 4, "all", 41), lang.T("inspections.tally.breach", "n", 1))
}

// paste takes a copied photo as evidence and copied cells as the wage roll.
func (k *keyDay) paste() {
	photo := filepath.Join(k.t.TempDir(), "工棚.png")
	file, err := os.Create(photo)
	k.ok(err)
	k.ok(png.Encode(file, image.NewGray(image.Rect(0, 0, 9, 9))))
	k.ok(file.Close())
	k.press(fyne.KeyEscape)
	k.d.app.Clipboard().SetContent(photo)
	k.key(fyne.KeyV)
	k.MustSee("工棚.png")
	k.d.app.Clipboard().SetContent("序号\t姓名\t身份证号码\t欠薪起\t欠薪止\t应发\t已发\t欠发\n1\t王大山\t430725198001010019\t2026-06\t2026-08\t12000.50\t2000\t10000.50\n2\t李小河\t\t2026-07\t2026-08\t9000\t0\t9000\n")
	k.key(fyne.KeyV)
	k.MustSee("19,000.50")
}

// files takes a file by its path, and what a camera left on its card in one act.
func (k *keyDay) files() {
	dir := k.t.TempDir()
	film := filepath.Join(dir, "VID_0001.mp4")
	k.ok(os.WriteFile(film, []byte("film"), 0o600))
	sheet := filepath.Join(dir, "考勤表.txt")
	k.ok(os.WriteFile(sheet, []byte("考勤"), 0o600))
	k.command(lang.T("evidence.add"))
	k.choose(sheet)
	k.MustSee("考勤表.txt")
	k.button(lang.T("card.watch"))
	k.choose(dir)
	k.button(lang.T("card.import"))
	k.MustSee("VID_0001.mp4")
	k.button(lang.T("card.take"))
	k.shut()
	heads, err := k.d.office.Store.List(context.Background(), model.Query{Kind: model.KindEvidence})
	k.ok(err)
	if len(heads) != 4 { // the photo, the roll, the sheet, the film
		k.t.Fatalf("%d pieces of evidence; the screen says\n%s", len(heads), read(k.Win))
	}
}

// choose types a path into the chooser of files; a folder is gone into first and
// taken then.
func (k *keyDay) choose(path string) {
	k.t.Helper()
	k.tabTo("the path", func(f fyne.Focusable) bool { _, ok := f.(*widgets.Entry); return ok })
	k.Type(path)
	k.press(fyne.KeyReturn)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		k.button(lang.T("dialog.folder.verb"))
	}
}

// record writes the record of the visit and makes it.
func (k *keyDay) record() {
	k.clock.Move(2 * time.Hour)
	k.key(fyne.KeyReturn) // what is missing comes to the front
	k.toField(k.label("record", "end"), "2026-09-18 15:00")
	k.toField(k.label("record", "contact"), "刘大龙")
	k.key(fyne.KeyReturn)
	k.press(fyne.KeyReturn) // yes, make it
	k.shut()
	if _, i := one[model.Inspection](k, model.Query{}); i.State != model.InspectionRecorded {
		k.t.Fatalf("the visit is %s; the screen says\n%s", i.State, read(k.Win))
	}
}

// order drafts the order from the findings, looks at its paper and issues it.
func (k *keyDay) order() {
	k.key(fyne.KeyReturn)
	k.Type("1") // the first of the days that are offered
	k.button(lang.T("inspections.orders.verb"))
	k.shut()
	if r := k.d.shell.Route(); r.Page != "documents" {
		k.t.Fatalf("the order is not shown but %v; the screen says\n%s", r, read(k.Win))
	}
	k.key(fyne.KeyReturn)
	k.MustSee(lang.T("documents.issue.title", "title", "劳动保障监察限期改正指令书"))
	k.press(fyne.KeyReturn) // yes, issue it
	k.shut()
	if _, doc := one[model.Document](k, model.Query{States: []string{model.DocumentIssued}, Text: "指令书"}); doc.Issued == nil || doc.Issued.AmountFen != 1900050 {
		k.t.Fatalf("the order is %+v", doc.Issued)
	}
}

// shut closes what is only told, as long as there is any.
func (k *keyDay) shut() {
	for range 5 {
		if len(k.Buttons(lang.T("dialog.close"))) == 0 && len(k.Buttons(lang.T("dialog.cancel"))) == 0 {
			return
		}
		k.press(fyne.KeyEscape)
	}
}

// serve records that the order was handed over.
func (k *keyDay) serve() {
	k.command(lang.T("documents.serve"))
	k.toField(k.label("service", "place"), "项目部")
	k.toField(k.label("service", "receiver"), "刘大龙")
	k.toField(k.label("service", "relation"), "项目负责人")
	k.key(fyne.KeyReturn)
	k.shut()
	if _, s := one[model.Service](k, model.Query{}); s.Receiver != "刘大龙" || s.Mode != model.ServeDirect {
		k.t.Fatalf("served to %+v", s)
	}
}

// ask takes the statement: the opening is read out, the questions come from the
// bank, the answers are typed.
func (k *keyDay) ask() {
	k.key(fyne.Key4)
	k.tabTo("the list of cases", onList)
	k.press(fyne.KeyDown)
	k.command(lang.T("cases.statement.finish")) // opens the statement
	k.button(lang.T("cases.statement.opening"))
	k.button(lang.T("cases.statement.told.verb"))
	k.button(lang.T("cases.statement.bank"))
	k.tabTo("the roles", func(f fyne.Focusable) bool { _, ok := f.(*widgets.Segments); return ok })
	k.Type("8")
	k.button(lang.T("cases.statement.bank.all"))
	k.clock.Move(time.Hour)
	k.button(lang.T("cases.statement.end"))
	k.toField(k.label("interview", "place"), "项目部会议室")
	k.toField(k.label("interview", "person"), "王大山")
	k.toField(k.label("interview", "relation"), "证人")
	for range 3 {
		k.press(fyne.KeyF8)
		k.Type("是的。")
	}
	k.press(fyne.KeyEscape)
	k.command(lang.T("cases.statement.finish"))
	k.shut()
	if _, v := one[model.Interview](k, model.Query{}); v.State != model.InterviewDone || v.Told.IsZero() || v.Person != "王大山" {
		k.t.Fatalf("the statement is %+v", v)
	}
}

// evening looks at the tasks again: the order is to be seen again, papers wait to
// be printed, the visit and the scan do not wait any more.
func (k *keyDay) evening() {
	k.key(fyne.Key1)
	k.MustSee(lang.T("task.order.recheck"), lang.T("task.paper.print"))
	k.MustNotSee(lang.T("task.visit.record"), lang.T("task.paper.scan"))
}

// onList tells whether the keyboard is on a list of records.
func onList(f fyne.Focusable) bool { return strings.Contains(fmt.Sprintf("%T", f), "rowList") }

// told is everything the object with the keyboard says.
func (k *keyDay) told() string {
	var b strings.Builder
	if o, ok := k.Focused().(fyne.CanvasObject); ok {
		every(o, func(o fyne.CanvasObject) {
			if t, ok := o.(*widget.RichText); ok {
				b.WriteString(t.String() + "\n")
			}
		})
	}
	return b.String()
}

// label is how a form words a question in the language of the screen.
func (k *keyDay) label(form, question string) string {
	k.t.Helper()
	f, err := k.d.office.Form(form)
	k.ok(err)
	short, _, _ := strings.Cut(lang.Tag(), "-")
	words := ""
	f.Each(func(q *forms.Question) {
		if q.Name == question {
			words = q.Label.In(short)
		}
	})
	return words
}
