package uitest

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
)

// AnswerFiles makes every file dialog of the test answer with these paths, in turn.
func AnswerFiles(t testing.TB, paths ...string) {
	t.Helper()
	t.Cleanup(dialogs.UsePicker(&answers{t, paths}))
}

type answers struct {
	t     testing.TB
	paths []string
}

func (a *answers) next(then func(string)) {
	if len(a.paths) == 0 {
		a.t.Error("a file dialog opened that the test did not expect")
		return
	}
	path := a.paths[0]
	a.paths = a.paths[1:]
	then(path)
}

func (a *answers) Open(_ fyne.Window, _ []string, then func(string)) { a.next(then) }
func (a *answers) Folder(_ fyne.Window, then func(string))           { a.next(then) }
func (a *answers) Save(_ fyne.Window, _ string, then func(string))   { a.next(then) }
