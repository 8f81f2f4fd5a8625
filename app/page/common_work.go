package page

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
	"anxin/app/lang"
)

// Tell says how far a long work is (0..1) and what it does.
type Tell = func(done float64, text string)

// watched runs something long under a dialog that shows how far it is and can
// stop it; then follows when it was done whole.
func watched(env *Env, title string, work func(ctx context.Context, tell func(done float64, text string)) error, then func()) {
	underway(env.Host.Window(), env.Host.Run, title, work, func(err error) {
		switch {
		case errors.Is(err, context.Canceled):
			env.Host.Say(lang.T("work.stopped", "act", title))
		case err != nil:
			showError(env, err)
		default:
			then()
		}
	})
}

// underway runs something under a dialog that shows how far it is and can stop
// it. What came of a work that was stopped is context.Canceled.
func underway(win fyne.Window, run Runner, title string, work func(context.Context, Tell) error, then func(error)) {
	var cancel func()
	stopped := false
	box := dialogs.ShowWorking(win, title, func() {
		stopped = true
		if cancel != nil {
			cancel()
		}
	})
	cancel = run(title, func(ctx context.Context, tell func(float64, string)) error {
		shown := -1
		return work(ctx, func(done float64, text string) {
			tell(done, text)
			if step := int(done * 100); step != shown { // each telling repaints the window
				shown = step
				fyne.Do(func() { box.Set(done, text) })
			}
		})
	}, func(err error) {
		box.Done()
		if stopped && err != nil {
			err = context.Canceled
		}
		then(err)
	})
}
