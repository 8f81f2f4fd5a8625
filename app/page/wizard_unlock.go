package page

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// UnlockOptions is what opening an existing data folder works with; all are needed.
type UnlockOptions struct {
	Window fyne.Window
	Run    Runner
	// Unlock opens the folder; its error is shown as a sentence under the input.
	// upgrading is told, from 0 to 1, where an older program's data must be
	// brought up first.
	Unlock func(ctx context.Context, passphrase string, upgrading func(float64)) error
	// Trusted opens the folder on a machine its officer trusts and tells
	// whether it did; false asks for the passphrase. nil: there is no trust.
	Trusted func(ctx context.Context, upgrading func(float64)) (bool, error)
	Done    func()
}

// NewUnlock asks for the passphrase of the data folder that is here. Once it is
// in a window, the caller gives the first input the keyboard.
func NewUnlock(o UnlockOptions) fyne.CanvasObject {
	u := &unlock{o: o, input: widgets.NewPassword()}
	u.field = widgets.NewField(lang.T("dialog.passphrase"), u.input).Span()
	u.input.OnSubmitted = func(string) { u.try() }
	u.input.OnChanged = func(string) { u.say("") }
	u.button = widgets.NewActionButton(widgets.Action{Label: lang.T("lock.unlock"), Primary: true, Do: u.try})
	u.root = container.NewVBox(wizardHeading(lang.T("app.name")), widgets.NewParagraph(lang.T("unlock.text")),
		widgets.NewFieldGrid(u.field), u.button, widgets.NewCaption(lang.T("unlock.lost")))
	u.tryTrusted()
	return widgets.NewPanel(theme.NavBack, container.NewCenter(widgets.NewCard(widgets.AtLeast(360, 0, u.root))))
}

// tryTrusted opens the folder without a passphrase where that was allowed.
func (u *unlock) tryTrusted() {
	if u.o.Trusted == nil {
		return
	}
	open := false
	u.rest(true)
	u.open(func(ctx context.Context, upgrading func(float64)) (err error) {
		open, err = u.o.Trusted(ctx, upgrading)
		return err
	}, func(err error) {
		u.rest(false)
		switch {
		case open:
			u.o.Done()
		case err != nil:
			u.say(dialogs.Sentence(err))
		}
	})
}

// unlock is the screen before an existing folder.
type unlock struct {
	o      UnlockOptions
	input  *widgets.Entry
	field  *widgets.Field
	button *widgets.Button
	root   *fyne.Container
}

func (u *unlock) say(problem string) {
	if u.field.Error() != problem {
		u.field.SetError(problem)
		u.root.Refresh()
	}
}

// try opens the folder; deriving the key takes a moment, so the button rests.
func (u *unlock) try() {
	phrase := u.input.Text
	if u.button.Disabled() {
		return
	}
	if phrase == "" {
		u.say(lang.T("dialog.passphrase.empty"))
		return
	}
	u.rest(true)
	u.open(func(ctx context.Context, upgrading func(float64)) error { return u.o.Unlock(ctx, phrase, upgrading) }, func(err error) {
		u.rest(false)
		u.input.SetText("")
		if err != nil {
			u.say(dialogs.Sentence(err))
			u.o.Window.Canvas().Focus(u.input)
			return
		}
		u.o.Done()
	})
}

// open runs what opens the folder. Where an older program's data is brought up
// on the way, which takes a while, a dialog shows how far it is and can stop it.
func (u *unlock) open(work func(ctx context.Context, upgrading func(float64)) error, then func(error)) {
	var box *dialogs.Working
	var cancel func()
	stopped := false
	show := func(done float64) {
		if box == nil {
			box = dialogs.ShowWorking(u.o.Window, lang.T("unlock.upgrade"), func() {
				stopped = true
				if cancel != nil {
					cancel()
				}
			})
		}
		box.Set(done, lang.T("unlock.upgrade.text"))
	}
	cancel = u.o.Run(lang.T("lock.checking"), func(ctx context.Context, _ func(float64, string)) error {
		shown := -1
		return work(ctx, func(done float64) {
			if step := int(done * 100); step != shown { // each telling repaints the window
				shown = step
				fyne.Do(func() { show(done) })
			}
		})
	}, func(err error) {
		if box != nil {
			box.Done()
		}
		if stopped && err != nil {
			err = errors.New(lang.T("unlock.upgrade.stopped"))
		}
		then(err)
	})
}

func (u *unlock) rest(on bool) {
	label := lang.T("lock.unlock")
	var d fyne.Disableable = u.button
	d.Enable()
	if on {
		label = lang.T("lock.checking")
		d.Disable()
	}
	u.button.SetText(label)
	u.button.Importance = widget.HighImportance
}
