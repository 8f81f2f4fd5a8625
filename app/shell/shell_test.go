package shell_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/shell"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// fake is a page with every ability; it writes down what it is told.
type fake struct {
	name, arg string
	log       *[]string
	dirty     bool
	inside    bool // Escape has somewhere to go within the page
	text      *widgets.Entry
}

func (f *fake) note(what string) { *f.log = append(*f.log, f.name+" "+what) }

func (f *fake) Title() string { return f.name + f.arg }
func (f *fake) Content() fyne.CanvasObject {
	return container.NewVBox(widgets.NewPageTitle("内容 "+f.name+f.arg), f.text)
}
func (f *fake) New()    { f.note("new") }
func (f *fake) Save()   { f.note("save"); f.dirty = false }
func (f *fake) Submit() { f.note("submit") }
func (f *fake) Find()   { f.note("find") }
func (f *fake) Print()  { f.note("print") }
func (f *fake) Paste()  { f.note("paste") }
func (f *fake) Back() bool {
	f.note("within")
	inside := f.inside
	f.inside = false
	return inside
}
func (f *fake) Refresh()    { f.note("refresh") }
func (f *fake) Step(by int) { f.note(map[int]string{-1: "previous", 1: "next"}[by]) }
func (f *fake) FocusFirst() { f.note("first") }
func (f *fake) Undo() bool  { f.note("undo"); return false }
func (f *fake) Redo() bool  { f.note("redo"); return true }
func (f *fake) NextUnanswered() bool {
	f.note("unanswered")
	return false
}
func (f *fake) Dirty() bool      { return f.dirty }
func (f *fake) Leave()           { f.note("leave") }
func (f *fake) State() string    { return f.text.Text }
func (f *fake) Restore(s string) { f.text.SetText(s) }
func (f *fake) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: "新建", Icon: fynetheme.ContentAddIcon(), Primary: true, Do: f.New}, {Label: "打印", Icon: fynetheme.DocumentPrintIcon(), Do: f.Print},
		{Label: "导入"}, {Label: "导出"}, {Label: "比对"}, {Label: "合并"}, {Label: "删除"}, {Label: "帮助"},
	}
}

// rig is a shell of eight fake pages with a clock of its own.
type rig struct {
	*uitest.Screen
	shell    *shell.Shell
	settings uitest.Settings
	log      []string
	now      time.Time
	later    []func()
	page     *fake
}

var keys = []string{"today", "leads", "inspections", "cases", "documents", "employers", "sync", "settings"}

func newRig(t *testing.T, settings uitest.Settings) *rig {
	return newRigWith(t, settings, func(*shell.Options) {})
}

func newRigWith(t *testing.T, settings uitest.Settings, with func(*shell.Options)) *rig {
	r := &rig{Screen: uitest.New(t), settings: settings, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	icons := []fyne.Resource{fynetheme.HomeIcon(), fynetheme.MailComposeIcon(), fynetheme.ListIcon(), fynetheme.FolderIcon(),
		fynetheme.DocumentIcon(), fynetheme.AccountIcon(), fynetheme.ViewRefreshIcon(), fynetheme.SettingsIcon()}
	var places []shell.Place
	for i, key := range keys {
		places = append(places, shell.Place{Key: key, Icon: icons[i], Build: func(arg string) shell.Page {
			r.page = &fake{name: key, arg: arg, log: &r.log, text: widgets.NewEntry()}
			return r.page
		}})
	}
	o := shell.Options{
		Places: places, Settings: settings, Version: "v0.1.0", Runner: shell.Inline{},
		After: func(_ time.Duration, f func()) { r.later = append(r.later, f) },
		Now:   func() time.Time { return r.now }, IdleLock: 10 * time.Minute,
		Unlock: func(phrase string) error {
			if phrase != "correct horse" {
				return errors.New("口令不对，请重新输入")
			}
			return nil
		},
		OnLock: func() { r.log = append(r.log, "key forgotten") },
	}
	with(&o)
	r.shell = shell.New(r.Win, o)
	r.shell.Start()
	return r
}

// pass lets time go by and calls what was asked to be called later.
func (r *rig) pass(d time.Duration) {
	r.now = r.now.Add(d)
	due := r.later
	r.later = nil
	for _, f := range due {
		f()
	}
}

func (r *rig) logged() string {
	text := strings.Join(r.log, ", ")
	r.log = nil
	return text
}

func TestNavigationAndHistory(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.MustSee("内容 today")
	r.Tap("案件")
	r.shell.Go("cases", "42")
	r.page.text.SetText("筛选词")
	r.Shortcut(fyne.Key5, fyne.KeyModifierControl)
	r.MustSee("内容 documents")
	r.Shortcut(fyne.KeyLeft, fyne.KeyModifierAlt)
	r.MustSee("内容 cases42")
	if r.page.text.Text != "筛选词" {
		t.Errorf("back restores %q, want what was typed", r.page.text.Text)
	}
	r.shell.Back()
	r.shell.Back()
	r.shell.Back() // nothing more
	if got := r.shell.Route(); got != (shell.Route{Page: "today"}) {
		t.Errorf("after going back three times: %v", got)
	}
	r.Shortcut(fyne.KeyRight, fyne.KeyModifierAlt)
	if got := r.shell.Route(); got != (shell.Route{Page: "cases"}) {
		t.Errorf("forward: %v", got)
	}
	r.shell.Go("leads", "")
	r.shell.Forward() // dropped by going elsewhere
	if got := r.shell.Route(); got != (shell.Route{Page: "leads"}) {
		t.Errorf("forward after going elsewhere: %v", got)
	}
	if r.Win.Title() != "安薪 — leads" {
		t.Errorf("window title %q", r.Win.Title())
	}
}

func TestGoingWhereOneIsDoesNothing(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	before := r.page
	r.shell.Go("today", "")
	r.shell.Go("nowhere", "")
	if r.page != before || r.logged() != "" {
		t.Error("the page was built again")
	}
}

func TestShortcutsReachThePageFromAnInput(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.Focus(r.page.text)
	r.Type("甲")
	const ctrl = fyne.KeyModifierControl
	for _, k := range []fyne.KeyName{fyne.KeyN, fyne.KeyS, fyne.KeyF, fyne.KeyP, fyne.KeyReturn, fyne.KeyPageUp, fyne.KeyPageDown} {
		r.Shortcut(k, ctrl)
	}
	r.Press(fyne.KeyF5, fyne.KeyF2)
	want := "today new, today save, today find, today print, today submit, today previous, today next, today refresh, today first"
	if got := r.logged(); got != want {
		t.Errorf("the page was told\n%s\nwant\n%s", got, want)
	}
	if r.page.text.Text != "甲" {
		t.Errorf("the input holds %q", r.page.text.Text)
	}
}

func TestUndoWithoutAnInput(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.Shortcut(fyne.KeyZ, fyne.KeyModifierControl)
	r.MustSee("没有可以撤销的操作")
	r.Shortcut(fyne.KeyY, fyne.KeyModifierControl)
	r.Press(fyne.KeyF8)
	r.MustSee("没有未填的必填题")
	widgets.PassShortcut(&fyne.ShortcutUndo{}) // as the real driver names it
	if got := r.logged(); got != "today undo, today redo, today unanswered, today undo" {
		t.Errorf("the page was told %s", got)
	}
}

func TestToastUndo(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	undone := 0
	offer := func() { r.shell.ToastUndo("已合并 2 家单位", func() { undone++ }) }
	offer()
	r.MustSee("已合并 2 家单位")
	r.Capture("shell-toast-undo")
	r.Tap("撤销")
	r.MustNotSee("已合并 2 家单位")
	if undone != 1 {
		t.Fatalf("undone %d times by the button", undone)
	}
	offer()
	r.Shortcut(fyne.KeyZ, fyne.KeyModifierControl)
	if undone != 2 || r.logged() != "" {
		t.Fatalf("undone %d times by the key", undone)
	}
	offer()
	r.pass(9 * time.Second)
	r.Shortcut(fyne.KeyZ, fyne.KeyModifierControl)
	if undone != 2 || r.logged() != "today undo" {
		t.Errorf("undone %d times after the offer had gone", undone)
	}
}

func TestUnlockingTellsBeforeThePageReads(t *testing.T) {
	var r *rig
	r = newRigWith(t, uitest.Settings{}, func(o *shell.Options) {
		o.OnUnlock = func() { r.log = append(r.log, "unlocked") }
	})
	r.shell.Lock()
	if r.settings[shell.SettingSize] == "" {
		t.Error("locking does not keep the size of the window")
	}
	r.Type("correct horse")
	r.Press(fyne.KeyReturn)
	if got := r.logged(); got != "today leave, key forgotten, unlocked, today refresh" {
		t.Errorf("in order: %s", got)
	}
}

func TestDirtyPageAsks(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.page.dirty = true
	r.Tap("案件")
	r.MustSee("有未保存的内容")
	r.Capture("shell-dirty")
	r.Shortcut(fyne.Key3, fyne.KeyModifierControl) // keys of the window are dead under a dialog
	r.Press(fyne.KeyEscape)
	if got := r.shell.Route().Page; got != "today" {
		t.Fatalf("Escape went to %q", got)
	}
	r.Tap("案件")
	r.Tap("不保存")
	if got := r.shell.Route().Page; got != "cases" || r.logged() != "today leave" {
		t.Fatalf("discarding went to %q", got)
	}
	r.page.dirty = true
	r.shell.Back()
	r.Press(fyne.KeyReturn)
	if got := r.logged(); got != "cases save, cases leave" || r.shell.Route().Page != "today" {
		t.Errorf("saving: %q, at %v", got, r.shell.Route())
	}
}

func TestLockAfterIdleTime(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.pass(9 * time.Minute)
	r.Focus(r.page.text)
	r.Type("甲") // activity
	r.pass(9 * time.Minute)
	if r.shell.Locked() {
		t.Fatal("locked although a key was typed")
	}
	r.pass(time.Minute)
	if !r.shell.Locked() || r.logged() != "today leave, key forgotten" {
		t.Fatal("not locked after ten idle minutes")
	}
	r.MustSee("已锁定")
	r.MustNotSee("内容 today")
	r.Capture("shell-lock")
	r.Shortcut(fyne.Key4, fyne.KeyModifierControl)
	r.Press(fyne.KeyEscape)
	r.Type("wrong")
	r.Press(fyne.KeyReturn)
	r.MustSee("口令不对，请重新输入")
	if got := r.shell.Route().Page; got != "today" || !r.shell.Locked() {
		t.Fatal("the lock lets keys through")
	}
	r.Type("correct horse")
	r.Press(fyne.KeyReturn)
	if r.shell.Locked() || r.logged() != "today refresh" {
		t.Error("the right passphrase does not unlock")
	}
	r.MustSee("内容 today")
	if r.page.text.Text != "甲" {
		t.Errorf("the page lost %q", r.page.text.Text)
	}
}

// TestLockOverADialog: the dialog is hidden, gets no key and is still there afterwards.
func TestLockOverADialog(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	answered := false
	dialogs.Confirm(r.Win, dialogs.Question{Title: "作废文号", Text: "作废第 17 号吗？", Verb: "作废", No: func() { answered = true }})
	r.pass(11 * time.Minute)
	r.MustSee("已锁定")
	r.MustNotSee("作废文号")
	r.Press(fyne.KeyEscape)
	r.Type("correct horse")
	r.Press(fyne.KeyReturn)
	if answered {
		t.Fatal("Escape on the lock answered the dialog below it")
	}
	r.MustSee("作废文号")
	r.Press(fyne.KeyEscape)
	if !answered {
		t.Error("the dialog is deaf after unlocking")
	}
}

// TestWorkEndsUnderTheLock: the dialog over a long work goes, the lock stays.
func TestWorkEndsUnderTheLock(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	w := dialogs.ShowWorking(r.Win, "正在导出", nil)
	r.shell.Lock()
	w.Done()
	r.MustSee("已锁定")
	r.Type("correct horse")
	r.Press(fyne.KeyReturn)
	r.MustNotSee("已锁定", "正在导出")
	r.MustSee("内容 today")
}

func TestLanguageAndScale(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.SetCount("cases", 7)
	r.shell.SetLine("离线 · 待上传 17 条", true)
	r.MustSee("单位与工地", "离线 · 待上传 17 条", "7")
	uitest.Language(t, "en")
	r.shell.Rebuild()
	r.MustSee("Employers and sites", "离线 · 待上传 17 条", "7")
	r.MustNotSee("单位与工地")
	r.shell.SetTextScale(1.5)
	r.Settle()
	if got := theme.Size(fynetheme.SizeNameText); got != 19.5 {
		t.Errorf("text size %v, want 19.5", got)
	}
	r.Capture("shell-en-150")
}

func TestRemembersWindowAndPage(t *testing.T) {
	settings := uitest.Settings{"window.page": "documents", "window.size": "1000x640"}
	r := newRig(t, settings)
	r.MustSee("内容 documents")
	if got := r.Win.Canvas().Size(); got != fyne.NewSize(1000, 640) {
		t.Errorf("window is %v", got)
	}
	r.shell.Go("sync", "")
	if settings["window.page"] != "sync" {
		t.Errorf("remembered %q", settings["window.page"])
	}
	for _, odd := range []string{"", "x", "1e9", "10x10"} {
		settings["window.size"] = odd
		if got := newRig(t, settings).Win.Canvas().Size(); got.Width < shell.Smallest.Width || got.Height < shell.Smallest.Height {
			t.Errorf("size %q gives a window of %v", odd, got)
		}
	}
}

func TestSmallestWindow(t *testing.T) {
	for _, scale := range []float32{1, 1.25} {
		r := newRig(t, uitest.Settings{})
		r.shell.SetTextScale(scale)
		if least := r.Win.Content().MinSize(); least.Width > shell.Smallest.Width || least.Height > shell.Smallest.Height {
			t.Errorf("at %v the frame needs %v, more than %v", scale, least, shell.Smallest)
		}
	}
}

func TestNavigationFolds(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.Resize(1280, 760)
	r.MustSee("单位与工地")
	width := func() float32 { return r.page.text.Size().Width }
	r.Resize(1100, 700)
	folded := width()
	if folded != 1100-theme.Size(theme.SizeNavNarrow) {
		t.Errorf("at 1100 the page has %.0f", folded)
	}
	r.shell.SetCount("cases", 12)
	r.Capture("shell-narrow")
	r.Tap("收起")
	r.Settle()
	if got := width(); got != 1100-theme.Size(theme.SizeNav) || r.settings["window.nav"] != "wide" {
		t.Errorf("unfolded the page has %.0f", got)
	}
}

// Folded, the words are smaller rather than cut.
func TestFoldedNavigationKeepsItsWords(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	uitest.Language(t, "en")
	r.shell.Rebuild()
	r.Resize(911, 512)
	r.MustSee("Inspections", "Documents")
	r.Capture("shell-narrow-en")
}

func TestRunShowsErrorsOnce(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	var got error
	work := func(context.Context, func(float64, string)) error {
		return errors.New("第 3 行缺少姓名，请补上")
	}
	r.shell.Run("正在导入", work, func(err error) { got = err })
	if got == nil || r.Win.Canvas().Overlays().Top() != nil {
		t.Fatalf("the page gets %v and decides what to show", got)
	}
	r.shell.Run("正在导入", work, nil)
	r.MustSee("第 3 行缺少姓名，请补上")
}

func TestRunTurnsPanicIntoError(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.Run("正在计算", func(context.Context, func(float64, string)) error { panic("index out of range") }, nil)
	r.MustSee("程序内部出错")
}

func TestLook(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.SetIdentity("临江县人力资源和社会保障局", "李芳 · 监察 0123")
	r.shell.SetCount("leads", 3)
	r.shell.SetCount("cases", 12)
	r.shell.SetLine("离线 · 待上传 17 条", false)
	r.shell.Say("已保存检查 JC2026000005")
	r.shell.Go("inspections", "")
	r.shell.Toast("已保存", theme.Good)
	r.Capture("shell")
	r.MustSee("已保存", "临江县人力资源和社会保障局", "v0.1.0", "更多")
	r.pass(5 * time.Second)
	if r.Sees("已保存") && !r.Sees("已保存检查") {
		t.Error("the toast stays")
	}
}

func TestBackgroundRunner(t *testing.T) {
	uitest.New(t)
	done := make(chan error, 1)
	cancel := shell.Background{}.Start(func(ctx context.Context, tell func(float64, string)) error {
		tell(0.5, "一半")
		<-ctx.Done()
		return ctx.Err()
	}, func(float64, string) {}, func(err error) { done <- err })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled work ends with %v", err)
	}
}

func TestStatusBarTellsOfTheMachine(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.SetMachine("时钟正常 · 剩余 120 GB", false)
	r.MustSee("时钟正常 · 剩余 120 GB")
	r.shell.SetMachine("时钟倒退，签发已停", true)
	r.shell.Rebuild()
	r.MustSee("时钟倒退，签发已停")
	r.MustNotSee("时钟正常")
}

func TestAStoppedShellLocksNothing(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.Stop()
	r.pass(24 * time.Hour)
	if r.shell.Locked() {
		t.Error("a shell that let go of the window locked it")
	}
	if !strings.Contains(strings.Join(r.log, ","), "leave") {
		t.Errorf("the page was not left: %v", r.log)
	}
}
