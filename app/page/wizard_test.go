package page

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/modeltest"
)

// firstRun is the wizard on a screen, with what it made.
type firstRun struct {
	*uitest.Screen
	made   []SetUp
	fail   error
	sample int
	done   int
}

func run(_ string, work shell.Work, then func(error)) func() {
	return shell.Inline{}.Start(work, func(float64, string) {}, then)
}

func newFirstRun(t *testing.T, tag string) *firstRun {
	f := &firstRun{Screen: uitest.New(t)}
	uitest.Language(t, tag)
	f.Show(NewWizard(WizardOptions{Window: f.Win, Now: modeltest.NewClock(0).Now, Run: run, Region: region,
		Create: func(_ context.Context, s SetUp) error {
			f.made = append(f.made, s)
			return f.fail
		},
		OpenSample: func(context.Context, Tell) error { f.sample++; return nil },
		Done:       func() { f.done++ }}))
	return f
}

// to fills the wizard in up to a step.
func (f *firstRun) to(step string) {
	next := lang.T("wizard.next")
	f.Tap(lang.T("wizard.begin"))
	if step == "office" {
		return
	}
	f.Fill(lang.T("wizard.office.name"), "桃花源县人力资源和社会保障局")
	f.Fill(lang.T("wizard.office.word"), "桃人社")
	f.Fill(lang.T("wizard.office.address"), "桃花源县沅水路 1 号")
	f.Fill(lang.T("wizard.office.contact"), "监察大队")
	f.Fill(lang.T("wizard.office.phone"), "0736-6620000")
	f.Tap(next)
	if step == "officers" {
		return
	}
	f.officer(0, "张建国", "430725001")
	f.officer(1, "李秀英", "430725002")
	f.Tap(next)
	if step == "phrase" {
		return
	}
	f.Fill(lang.T("dialog.passphrase"), "青山 不改 绿水 长流")
	f.Fill(lang.T("dialog.passphrase.again"), "青山 不改 绿水 长流")
	f.Tap(next)
}

// officer types one officer by the keyboard alone: Tab goes from one input to
// the next.
func (f *firstRun) officer(n int, name, cert string) {
	if n == 0 {
		f.Focus(f.Input(lang.T("wizard.officer.name")))
	}
	for _, text := range []string{name, cert, "2024-01-01", "2028-12-31"} {
		f.Type(text)
		f.Press(fyne.KeyTab)
	}
}

func TestWizardMakesAnOffice(t *testing.T) {
	f := newFirstRun(t, "zh-Hans")
	f.Resize(1366, 768)
	f.Capture("wizard-1-welcome")
	f.to("office")
	f.Tap(lang.T("wizard.next"))
	f.MustSee(lang.T("wizard.needed"))
	f.Capture("wizard-2-office-empty")
	f = newFirstRun(t, "zh-Hans")
	f.to("officers")
	f.Capture("wizard-3-officers")
	f = newFirstRun(t, "zh-Hans")
	f.to("phrase")
	f.MustSee(lang.T("wizard.phrase.lost.text"))
	f.Capture("wizard-4-phrase")
	f = newFirstRun(t, "zh-Hans")
	f.to("code")
	f.MustSee(lang.T("wizard.later"))
	f.Fill(lang.T("wizard.code.label"), "ABC-123")
	f.MustSee(lang.T("wizard.finish"))
	f.Resize(1000, 700)
	f.Capture("wizard-5-code")
	f.Tap(lang.T("wizard.finish"))
	f.MustSee(lang.T("wizard.done.text"))
	f.Capture("wizard-6-done")
	if len(f.made) != 1 || f.done != 0 {
		t.Fatalf("made %d offices, done %d", len(f.made), f.done)
	}
	s := f.made[0]
	if s.Office.Name != "桃花源县人力资源和社会保障局" || s.Office.Court != "桃花源县人民法院" || s.Office.Government != "桃花源县人民政府" || !s.Office.Remedies {
		t.Errorf("office %+v", s.Office)
	}
	want := []model.Officer{{Name: "张建国", CertNo: "430725001", Unit: s.Office.Name, Role: model.RoleInspector, ValidFrom: "2024-01-01", ValidTo: "2028-12-31"},
		{Name: "李秀英", CertNo: "430725002", Unit: s.Office.Name, Role: model.RoleInspector, ValidFrom: "2024-01-01", ValidTo: "2028-12-31"}}
	if fmt.Sprint(s.Officers) != fmt.Sprint(want) {
		t.Errorf("officers %+v", s.Officers)
	}
	if s.Passphrase != "青山 不改 绿水 长流" || s.HubCode != "ABC-123" {
		t.Errorf("passphrase or code lost: %q %q", s.Passphrase, s.HubCode)
	}
	f.Tap(lang.T("wizard.start"))
	if f.done != 1 {
		t.Error("starting did not go on")
	}
}

func TestWizardRefuses(t *testing.T) {
	cases := []struct {
		name, step string
		do         func(f *firstRun)
		see        string
	}{
		{"a region that is none", "office", func(f *firstRun) { f.Fill(lang.T("wizard.office.region"), "胡南") }, "没有名为“胡南”的地区"},
		{"two officers with one certificate", "officers", func(f *firstRun) { f.officer(0, "张建国", "430725001"); f.officer(1, "李秀英", "430725001") }, "wizard.officer.same"},
		{"a short passphrase", "phrase", func(f *firstRun) { f.Fill(lang.T("dialog.passphrase"), "1234") }, "wizard.phrase.short"},
		{"passphrases that differ", "phrase", func(f *firstRun) {
			f.Fill(lang.T("dialog.passphrase"), "青山 不改 绿水 长流")
			f.Fill(lang.T("dialog.passphrase.again"), "青山 不改")
		}, "dialog.passphrase.differ"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFirstRun(t, "zh-Hans")
			f.to(c.step)
			c.do(f)
			f.Tap(lang.T("wizard.next"))
			f.MustSee(strings.ReplaceAll(lang.T(c.see), "{n}", fmt.Sprint(shortPhrase)))
		})
	}
}

func TestWizardKeepsEverythingWhenCreatingFails(t *testing.T) {
	f := newFirstRun(t, "zh-Hans")
	f.fail = errors.New("磁盘空间不足，请清理后重试")
	f.to("code")
	f.Tap(lang.T("wizard.later"))
	f.MustSee("磁盘空间不足")
	f.Tap(lang.T("dialog.close"))
	f.fail = nil
	f.Tap(lang.T("wizard.later"))
	f.MustSee(lang.T("wizard.done.text"))
	if len(f.made) != 2 {
		t.Fatalf("made %d", len(f.made))
	}
	if f.made[1].HubCode != "" || f.made[1].Passphrase != f.made[0].Passphrase {
		t.Errorf("second try %+v", f.made[1])
	}
}

func TestWizardOpensTheSampleInEnglish(t *testing.T) {
	f := newFirstRun(t, "en")
	f.Resize(1000, 700)
	f.MustSee("Welcome to Anxin")
	f.Capture("wizard-english")
	f.Tap("Open the sample office")
	if f.sample != 1 || f.done != 1 || len(f.made) != 0 {
		t.Errorf("sample %d, done %d, made %d", f.sample, f.done, len(f.made))
	}
	f.to("officers")
	f.Capture("wizard-english-officers")
}

func TestPhraseStrength(t *testing.T) {
	uitest.New(t)
	for text, want := range map[string]theme.Tone{"": theme.Neutral, "12345": theme.Bad, "aaaaaaaaaaaaaaaa": theme.Bad, "abcd12345": theme.Warning,
		"correct horse battery": theme.Good, "青山不改绿水长流后会有期江湖再见": theme.Good} {
		if _, got := phraseStrength(text); got != want {
			t.Errorf("%q is judged %v, want %v", text, got, want)
		}
	}
}

func TestUnlock(t *testing.T) {
	s := uitest.New(t)
	done := 0
	s.Show(NewUnlock(UnlockOptions{Window: s.Win, Run: run, Done: func() { done++ },
		Unlock: func(_ context.Context, phrase string, _ func(float64)) error {
			if phrase != "青山不改" {
				return model.ErrPassphrase
			}
			return nil
		}}))
	s.Tap(lang.T("lock.unlock"))
	s.MustSee(lang.T("dialog.passphrase.empty"))
	s.Fill(lang.T("dialog.passphrase"), "绿水长流")
	s.Press(fyne.KeyReturn)
	s.MustSee("口令不正确")
	s.Capture("unlock-wrong")
	if done != 0 {
		t.Fatal("a wrong passphrase opened the folder")
	}
	s.Type("青山不改")
	s.MustNotSee("口令不正确")
	s.Press(fyne.KeyReturn)
	if done != 1 {
		t.Error("the right passphrase did not open the folder")
	}
}

// The Tab key goes as one reads and comes from the last answer to the way on; the
// way back stands before the questions.
func TestWizardTabComesToTheWayOn(t *testing.T) {
	f := newFirstRun(t, "zh-Hans")
	f.to("office")
	f.Focus(f.Input(lang.T("wizard.office.phone")))
	f.Press(fyne.KeyTab)
	if b, ok := f.Focused().(*widgets.Button); !ok || b.Text != lang.T("wizard.next") {
		t.Fatalf("Tab comes from the last answer to %v", f.Focused())
	}
	f.Press(fyne.KeyTab)
	back, ok := f.Focused().(*widgets.Button)
	if !ok || back.Text != lang.T("wizard.back") {
		t.Fatalf("then to %v, not round to the way back", f.Focused())
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if first := f.Input(lang.T("wizard.office.name")).(fyne.CanvasObject); at(back).Y >= at(first).Y {
		t.Error("the way back stands below what Tab comes to after it")
	}
	f.Tap(lang.T("wizard.back"))
	f.MustSee(lang.T("wizard.sample"))
}

// The region is that of the place the office's name begins with, however it is written.
func TestWizardKnowsTheRegion(t *testing.T) {
	f := newFirstRun(t, "zh-Hans")
	f.to("office")
	f.Fill(lang.T("wizard.office.name"), "桃源县人力资源和社会保障局")
	f.Press(fyne.KeyTab)
	region := f.Input(lang.T("wizard.office.region")).(*widgets.Entry)
	if region.Text != "湖南" {
		t.Fatalf("the region of 桃源县 is proposed as %q", region.Text)
	}
	f.Fill(lang.T("wizard.office.region"), "430725")
	f.Fill(lang.T("wizard.office.word"), "桃人社")
	f.Fill(lang.T("wizard.office.address"), "桃源县沅水路 1 号")
	f.Fill(lang.T("wizard.office.contact"), "监察大队")
	f.Fill(lang.T("wizard.office.phone"), "0736-6620000")
	f.Tap(lang.T("wizard.next"))
	f.officer(0, "张建国", "430725001")
	f.officer(1, "李秀英", "430725002")
	f.Tap(lang.T("wizard.next"))
	f.Fill(lang.T("dialog.passphrase"), "青山 不改 绿水 长流")
	f.Fill(lang.T("dialog.passphrase.again"), "青山 不改 绿水 长流")
	f.Tap(lang.T("wizard.next"))
	f.Tap(lang.T("wizard.later"))
	if len(f.made) != 1 || f.made[0].Office.Region != "湖南" {
		t.Errorf("made %+v", f.made)
	}
}

// Where an older program's data is brought up first, one sees how far it is and
// may stop it.
func TestUnlockShowsAnUpgrade(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			s := uitest.New(t)
			uitest.Language(t, tag)
			done, stop := 0, true
			var begin func()
			waits := func(_ string, work shell.Work, then func(error)) func() {
				ctx, cancel := context.WithCancel(context.Background())
				begin = func() { then(work(ctx, nil)) }
				return cancel
			}
			s.Show(NewUnlock(UnlockOptions{Window: s.Win, Run: waits, Done: func() { done++ },
				Unlock: func(ctx context.Context, _ string, upgrading func(float64)) error {
					upgrading(0.25)
					upgrading(0.5)
					s.MustSee(lang.T("unlock.upgrade"))
					s.MustSee(lang.T("unlock.upgrade.text"))
					s.Capture("unlock-upgrade-" + tag)
					if stop {
						s.Tap(lang.T("dialog.cancel"))
					}
					return ctx.Err()
				}}))
			s.Fill(lang.T("dialog.passphrase"), "青山不改")
			s.Press(fyne.KeyReturn)
			begin()
			s.MustSee(lang.T("unlock.upgrade.stopped"))
			if stop = false; done != 0 {
				t.Error("stopped and opened all the same")
			}
			s.Type("青山不改")
			s.Press(fyne.KeyReturn)
			begin()
			s.MustNotSee(lang.T("unlock.upgrade"))
			if done != 1 {
				t.Errorf("opened %d times", done)
			}
		})
	}
}

func TestWizardGoesByEnterAlone(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			f := newFirstRun(t, tag)
			f.Press(fyne.KeyReturn)
			enter := func(texts ...string) {
				for _, text := range texts {
					f.Type(text)
					f.Press(fyne.KeyReturn)
				}
			}
			// Government and court are proposed from the name and the region.
			enter("桃花源县人力资源和社会保障局", "桃人社", "湖南", "", "", "桃花源县沅水路 1 号", "监察大队", "0736-6620000")
			enter("张建国", "430725001", "2024-01-01", "2028-12-31", "李秀英", "430725002", "2024-01-01", "2028-12-31")
			enter("青山 不改 绿水 长流", "青山 不改 绿水 长流")
			enter("")
			if len(f.made) != 1 {
				t.Fatalf("made %d offices", len(f.made))
			}
			if s := f.made[0]; s.Office.Phone != "0736-6620000" || s.Office.Court != "桃花源县人民法院" || s.Officers[1].Name != "李秀英" {
				t.Errorf("made %+v", s)
			}
			f.Press(fyne.KeyReturn)
			if f.done != 1 {
				t.Errorf("Enter on the last page: done %d", f.done)
			}
		})
	}
}
