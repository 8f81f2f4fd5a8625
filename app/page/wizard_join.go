package page

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// Colleague is an officer of the office a laptop joins.
type Colleague struct {
	ID   model.ID
	Name string
}

// joinCard offers a further laptop of an office that works with a hub already:
// everything comes from there, nothing is typed again.
func (w *wizard) joinCard() fyne.CanvasObject {
	join := widgets.NewActionButton(widgets.Action{Label: lang.T("wizard.join"), Icon: fynetheme.LoginIcon(), Do: w.askJoin})
	scan := codeButton(w.o.Window, w.o.Run, w.o.ReadCode, w.joinWith)
	return widgets.NewSectionCard(lang.T("wizard.join.title"),
		container.NewVBox(widgets.NewParagraph(lang.T("wizard.join.text")), container.NewHBox(join, scan)))
}

// askJoin asks for the code, then for the passphrase of this laptop.
func (w *wizard) askJoin() {
	dialogs.Ask(w.o.Window, dialogs.Prompt{Title: lang.T("wizard.join"), Label: lang.T("wizard.code.label"), Verb: lang.T("wizard.next"),
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return errors.New(lang.T("wizard.needed"))
			}
			return nil
		},
		OK: w.joinWith})
}

// joinWith asks for the passphrase of this laptop and joins by a code.
func (w *wizard) joinWith(code string) {
	dialogs.Passphrase(w.o.Window, dialogs.PassphrasePrompt{Title: lang.T("wizard.phrase"), Text: lang.T("wizard.phrase.text"),
		Verb: lang.T("wizard.join"), Repeat: true, OK: func(phrase string) { w.join(strings.TrimSpace(code), phrase) }})
}

// codeButton reads the code of joining from a picture of its QR, a photo of the
// bureau's screen for one.
func codeButton(win fyne.Window, run Runner, read func(path string) (string, error), then func(code string)) *widgets.Button {
	return widgets.NewQuietButton(lang.T("code.picture"), fynetheme.MediaPhotoIcon(), func() {
		dialogs.PickFile(win, []string{".png", ".jpg", ".jpeg"}, func(path string) {
			code := ""
			run(lang.T("code.picture"), func(context.Context, func(float64, string)) (err error) {
				code, err = read(path)
				return err
			}, func(err error) {
				if err != nil {
					dialogs.Error(win, err)
					return
				}
				then(code)
			})
		})
	})
}

// join fetches the office; then the officer says who works on this laptop.
func (w *wizard) join(code, phrase string) {
	var found []Colleague
	w.work(lang.T("wizard.join.working"), func(ctx context.Context, tell Tell) (err error) {
		found, err = w.o.Join(ctx, code, phrase, tell)
		return err
	}, func() {
		if len(found) == 0 {
			dialogs.Inform(w.o.Window, lang.T("wizard.join"), lang.T("wizard.join.nobody"))
			return
		}
		w.chooseColleague(found)
	})
}

func (w *wizard) chooseColleague(found []Colleague) {
	options := make([]widgets.Option, len(found))
	for i, c := range found {
		options[i] = widgets.Option{Key: string(c.ID), Label: c.Name}
	}
	chosen := found[0].ID
	pick := widgets.NewSelect(options, func(key string) { chosen = model.ID(key) })
	pick.SetKey(string(chosen))
	dialogs.Custom(w.o.Window, lang.T("wizard.join.who"), pick, pick, func(done func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("wizard.start"), Primary: true, Do: func() {
			done()
			w.work(lang.T("wizard.join.who"), func(ctx context.Context, _ Tell) error { return w.o.Become(ctx, chosen) }, w.o.Done)
		}}}
	})
}
