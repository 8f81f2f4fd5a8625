package page

import (
	"context"
	"errors"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model/modeltest"
)

func TestWizardRestoresABackup(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			f := &firstRun{Screen: uitest.New(t)}
			uitest.Language(t, tag)
			fail := errors.New("口令不正确，请重新输入")
			var got [][2]string
			f.Show(NewWizard(WizardOptions{Window: f.Win, Now: modeltest.NewClock(0).Now, Run: run, Region: region,
				Restore: func(_ context.Context, path, phrase string, _ Tell) error {
					got = append(got, [2]string{path, phrase})
					return fail
				},
				Done: func() { f.done++ }}))
			f.Resize(900, 600)
			f.Capture("wizard-welcome-" + tag)
			uitest.AnswerFiles(t, "/stick/b.anxin", "/stick/b.anxin")
			for range 2 {
				f.Tap(lang.T("wizard.restore"))
				f.Fill(lang.T("dialog.passphrase"), "青山 不改")
				f.Tap(lang.T("wizard.restore.verb"))
				if fail != nil {
					f.MustSee("口令不正确")
					f.Tap(lang.T("dialog.close"))
				}
				fail = nil
			}
			if len(got) != 2 || got[1] != [2]string{"/stick/b.anxin", "青山 不改"} || f.done != 1 {
				t.Errorf("restored %q, done %d", got, f.done)
			}
		})
	}
}

func TestTrustedMachineOpensByItself(t *testing.T) {
	for _, c := range []struct {
		name string
		open bool
		err  error
		see  string
		done int
	}{
		{"trusted", true, nil, "", 1},
		{"not trusted", false, nil, "解锁", 0},
		{"broken", false, errors.New("数据文件损坏，请从备份恢复"), "数据文件损坏", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, done := uitest.New(t), 0
			s.Show(NewUnlock(UnlockOptions{Window: s.Win, Run: run, Done: func() { done++ },
				Trusted: func(context.Context, func(float64)) (bool, error) { return c.open, c.err },
				Unlock:  func(context.Context, string, func(float64)) error { return nil }}))
			if c.see != "" {
				s.MustSee(c.see)
			}
			if done != c.done {
				t.Errorf("done %d times", done)
			}
		})
	}
}

func TestSampleHasAWayOut(t *testing.T) {
	w := newWorld(t)
	left := 0
	w.env.LeaveSample = func() { left++ }
	w.show(NewToday(w.env, ""))
	w.wide()
	w.screen.MustSee(lang.T("sample.tag"))
	w.screen.Capture("today-sample")
	w.screen.Tap(lang.T("sample.leave"))
	if left != 1 {
		t.Errorf("left %d times", left)
	}
}

// A long work of the first run tells how far it is and can be stopped; what was
// typed stays.
func TestTheFirstRunCanBeStopped(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			s := uitest.New(t)
			uitest.Language(t, tag)
			var began context.Context
			var ended func(error)
			held := func(_ string, work func(context.Context, func(float64, string)) error, then func(error)) func() {
				ctx, cancel := context.WithCancel(t.Context())
				began, ended = ctx, func(err error) { then(err) }
				sure(t, work(ctx, func(float64, string) {}))
				return cancel
			}
			done := 0
			s.Show(NewWizard(WizardOptions{Window: s.Win, Now: modeltest.NewClock(0).Now, Run: held, Done: func() { done++ },
				Restore: func(_ context.Context, _, _ string, tell Tell) error { tell(0.42, "恢复数据"); return nil }}))
			uitest.AnswerFiles(t, "/stick/b.anxin")
			s.Tap(lang.T("wizard.restore"))
			s.Fill(lang.T("dialog.passphrase"), "青山 不改")
			s.Tap(lang.T("wizard.restore.verb"))
			s.MustSee(lang.T("wizard.restore.working"), "恢复数据")
			s.Tap(lang.T("dialog.cancel"))
			if began.Err() == nil {
				t.Fatal("the work was not told to stop")
			}
			ended(context.Canceled)
			s.MustNotSee(lang.T("dialog.error"))
			s.MustSee(lang.T("wizard.restore"))
			if done != 0 {
				t.Error("a restore that was stopped was taken as done")
			}
		})
	}
}
