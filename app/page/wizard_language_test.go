package page

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/model/modeltest"
)

// TestTheFirstPageAsksForTheLanguage: it is changed by keys, at once and for what
// follows; what was entered before stays; a language that fails says so.
func TestTheFirstPageAsksForTheLanguage(t *testing.T) {
	s := uitest.New(t)
	uitest.Language(t, "zh-Hans")
	var fail error
	var chosen []string
	s.Show(NewWizard(WizardOptions{Window: s.Win, Now: modeltest.NewClock(0).Now, Run: run, Region: region, Speak: func(tag string) error {
		chosen = append(chosen, tag)
		if fail != nil {
			return fail
		}
		return lang.Load(assets.Lang, tag)
	}, Done: func() {}}))
	s.Resize(1100, 720)
	s.Capture("wizard-language")
	s.Tap(lang.T("wizard.begin"))
	s.Fill(lang.T("wizard.office.name"), "桃花源县人力资源和社会保障局")
	s.Tap(lang.T("wizard.back"))
	tongue, ok := s.Input(lang.T("wizard.language")).(fyne.CanvasObject)
	if !ok {
		t.Fatal("there is no choice of a language")
	}
	s.Focus(tongue.(fyne.Focusable))
	s.Press(fyne.KeyRight, fyne.KeySpace)
	s.MustSee("Welcome to Anxin", "Have a look first")
	s.Capture("wizard-language-en")
	if lang.Tag() != "en" || len(chosen) != 1 || chosen[0] != "en" {
		t.Errorf("the screen speaks %q after %q", lang.Tag(), chosen)
	}
	s.Press(fyne.KeyLeft, fyne.KeySpace) // the keyboard has stayed there
	if lang.Tag() != "zh-Hans" {
		t.Errorf("the screen speaks %q after %q", lang.Tag(), chosen)
	}
	s.Tap(lang.T("wizard.begin"))
	s.MustSee("桃花源县人力资源和社会保障局")
	s.Tap(lang.T("wizard.back"))
	fail = errors.New("界面文字文件 en.json 打不开，请重新安装程序")
	s.Tap("English")
	s.MustSee("en.json 打不开")
	uitest.Language(t, "zh-Hans")
}
