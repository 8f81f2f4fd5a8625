package page

import (
	"context"
	"errors"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/modeltest"
)

func TestWizardJoinsAnOfficeThatIsThere(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			f := &firstRun{Screen: uitest.New(t)}
			uitest.Language(t, tag)
			fail := errors.New("入网码已经过期，请向管理员再要一个")
			var code, phrase string
			var who model.ID
			f.Show(NewWizard(WizardOptions{Window: f.Win, Now: modeltest.NewClock(0).Now, Run: run, Region: region,
				Join: func(_ context.Context, c, p string, _ Tell) ([]Colleague, error) {
					code, phrase = c, p
					return []Colleague{{ID: "a", Name: "张建国"}, {ID: "b", Name: "李秀英"}}, fail
				},
				Become: func(_ context.Context, id model.ID) error { who = id; return nil },
				Done:   func() { f.done++ }}))
			try := func() {
				f.Tap(lang.T("wizard.join"))
				f.Fill(lang.T("wizard.code.label"), " code-1 ")
				f.Tap(lang.T("wizard.next"))
				f.Fill(lang.T("dialog.passphrase"), "青山 不改")
				f.Fill(lang.T("dialog.passphrase.again"), "青山 不改")
				f.Tap(lang.T("wizard.join"))
			}
			try()
			f.MustSee("入网码已经过期")
			if f.done != 0 {
				t.Fatal("a failed attempt was taken for done")
			}
			f.Tap(lang.T("dialog.close"))
			fail = nil
			try()
			f.MustSee("张建国")
			f.Tap(lang.T("wizard.start"))
			if code != "code-1" || phrase != "青山 不改" || who != "a" || f.done != 1 {
				t.Errorf("code %q phrase %q who %q done %d", code, phrase, who, f.done)
			}
		})
	}
}

// A laptop joins by a picture of the code, in the first run and later.
func TestTheCodeIsReadFromItsPicture(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			f := &firstRun{Screen: uitest.New(t)}
			uitest.Language(t, tag)
			fail := errors.New("“码.png”里没有找到二维码")
			read := func(string) (string, error) { return "AX1-7QK4", fail }
			code := ""
			f.Show(NewWizard(WizardOptions{Window: f.Win, Now: modeltest.NewClock(0).Now, Run: run, ReadCode: read, Region: region,
				Join: func(_ context.Context, c, _ string, _ Tell) ([]Colleague, error) { code = c; return nil, nil }}))
			uitest.AnswerFiles(t, "码.png", "码.png", "码.png")
			f.Tap(lang.T("code.picture"))
			f.MustSee("没有找到二维码")
			f.Tap(lang.T("dialog.close"))
			fail = nil
			f.Tap(lang.T("code.picture"))
			f.Fill(lang.T("dialog.passphrase"), "青山 不改")
			f.Fill(lang.T("dialog.passphrase.again"), "青山 不改")
			f.Tap(lang.T("wizard.join"))
			if code != "AX1-7QK4" {
				t.Errorf("joined by %q", code)
			}

			w := newWorld(t)
			h := w.hub()
			uitest.Language(t, tag)
			w.env.ReadCode = read
			w.show(NewSync(w.env, ""))
			uitest.AnswerFiles(t, "码.png")
			w.screen.Tap(lang.T("code.picture"))
			w.screen.Tap(lang.T("sync.enrol"))
			if len(h.codes) != 1 || h.codes[0] != "AX1-7QK4" {
				t.Errorf("enrolled by %q", h.codes)
			}
		})
	}
}
