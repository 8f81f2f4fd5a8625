package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
)

// restoreCard offers to take up a backup of a laptop that was lost or broke.
func (w *wizard) restoreCard() fyne.CanvasObject {
	pick := widgets.NewActionButton(widgets.Action{Label: lang.T("wizard.restore"), Icon: fynetheme.HistoryIcon(), Do: w.askBackup})
	return widgets.NewSectionCard(lang.T("wizard.restore.title"),
		container.NewVBox(widgets.NewParagraph(lang.T("wizard.restore.text")), container.NewHBox(pick)))
}

// askBackup asks for the file, then for the passphrase of that day.
func (w *wizard) askBackup() {
	dialogs.PickFile(w.o.Window, []string{packageEnding}, func(path string) {
		dialogs.Passphrase(w.o.Window, dialogs.PassphrasePrompt{Title: lang.T("wizard.restore"), Text: lang.T("wizard.restore.phrase"), Verb: lang.T("wizard.restore.verb"),
			OK: func(phrase string) {
				w.work(lang.T("wizard.restore.working"), func(ctx context.Context, tell Tell) error { return w.o.Restore(ctx, path, phrase, tell) }, w.o.Done)
			}})
	})
}
