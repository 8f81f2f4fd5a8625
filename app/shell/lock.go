package shell

import (
	"context"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// idleStep is how often idle time is looked at.
const idleStep = 5 * time.Second

// sensor lies under everything and notices the pointer: the driver asks every
// object below the pointer for its cursor, the lowest first, so that this one is
// asked on each move and still decides nothing.
type sensor struct {
	widget.BaseWidget
	moved func()
}

func newSensor(moved func()) *sensor {
	s := &sensor{moved: moved}
	s.ExtendBaseWidget(s)
	return s
}

// Cursor implements desktop.Cursorable.
func (s *sensor) Cursor() desktop.Cursor {
	s.moved()
	return desktop.DefaultCursor
}

// CreateRenderer implements fyne.Widget.
func (s *sensor) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

func (s *Shell) touch() { s.touched = s.o.Now() }

// checkIdle locks after the idle time and looks again later.
func (s *Shell) checkIdle() {
	if s.stopped {
		return
	}
	if s.o.Now().Sub(s.touched) >= s.o.IdleLock {
		s.Lock()
	}
	s.o.After(idleStep, s.checkIdle)
}

// lock is the overlay that hides everything, dialogs too, until the passphrase is right.
type lock struct {
	shell   *Shell
	root    *fyne.Container
	input   *widgets.Entry
	problem *widget.Label
	button  *widgets.Button
}

// Locked tells whether the lock is shown.
func (s *Shell) Locked() bool { return s.lock.root != nil }

// Lock hides the window until the passphrase is given; without an Unlock option it does nothing.
func (s *Shell) Lock() {
	if s.Locked() || s.o.Unlock == nil {
		return
	}
	if l, ok := s.page.(Leaver); ok {
		l.Leave() // drafts are written while there still is a key
	}
	s.lock.show()
	KeepSize(s.o.Settings, s.win)
	if s.o.OnLock != nil {
		s.o.OnLock()
	}
}

func (l *lock) show() {
	c := l.shell.win.Canvas()
	l.input = widgets.NewPassword()
	l.input.SetPlaceHolder(lang.T("dialog.passphrase"))
	l.input.OnSubmitted = func(string) { l.try() }
	l.problem = widget.NewLabel(" ")
	l.problem.Importance = widget.DangerImportance
	l.button = widgets.NewActionButton(widgets.Action{Label: lang.T("lock.unlock"), Primary: true, Do: l.try})
	text := widgets.NewParagraph(lang.T("lock.text"))
	box := widgets.AtLeast(320, 0, container.NewVBox(widgets.NewPageTitle(lang.T("lock.title")), text, l.input, l.problem, l.button))
	l.root = container.NewStack(canvas.NewRectangle(theme.NavBack), container.NewCenter(widgets.NewCard(box)))
	c.Overlays().Add(l.root)
	l.root.Resize(c.Size())
	c.Focus(l.input)
}

func (l *lock) try() {
	phrase := l.input.Text
	if phrase == "" || l.button.Disabled() {
		return
	}
	l.button.Disable()
	l.problem.SetText(lang.T("lock.checking"))
	s := l.shell
	s.o.Runner.Start(
		func(context.Context, func(float64, string)) error { return s.o.Unlock(phrase) },
		func(float64, string) {},
		func(err error) {
			l.button.Enable()
			l.input.SetText("")
			if err != nil {
				l.problem.SetText(dialogs.Sentence(err))
				return
			}
			l.hide()
		})
}

func (l *lock) hide() {
	s := l.shell
	s.win.Canvas().Overlays().Remove(l.root)
	l.root = nil
	s.touch()
	if s.o.OnUnlock != nil {
		s.o.OnUnlock()
	}
	if r, ok := s.page.(Refresher); ok {
		r.Refresh()
	}
}
