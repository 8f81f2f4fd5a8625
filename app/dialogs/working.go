package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// Working is a dialog over a long work: a bar, a word and, if it can be stopped,
// a cancel button. All methods belong on the UI goroutine.
type Working struct {
	modal *modal
	bar   *widgets.Progress
	text  *widgets.Paragraph
	done  bool
}

// ShowWorking opens the dialog; a nil cancel offers no button.
func ShowWorking(win fyne.Window, title string, cancel func()) *Working {
	w := &Working{bar: widgets.NewProgress(), text: widgets.NewParagraph("")}
	w.modal = newModal(win, title, container.NewVBox(w.text, w.bar))
	var actions []widgets.Action
	if cancel != nil {
		stop := func() {
			w.Done()
			cancel()
		}
		w.modal.cancel = stop
		actions = append(actions, widgets.Action{Label: lang.T("dialog.cancel"), Do: stop})
	}
	w.modal.show(nil, actions...)
	return w
}

// Set shows the part done (0..1) and what is being done now.
func (w *Working) Set(done float64, text string) {
	w.bar.SetValue(done)
	if text != "" && text != w.text.Text {
		w.text.SetText(text)
	}
}

// Done closes the dialog; a second call does nothing.
func (w *Working) Done() {
	if !w.done {
		w.done = true
		w.modal.close()
	}
}
