package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"anxin/app/widgets"
)

// shortcuts binds the keys of the whole program; the widgets hand on what they
// have no use for. Nothing happens while a dialog, a menu or the lock is open.
func (s *Shell) shortcuts() {
	c := s.win.Canvas()
	var forwarded fyne.ShortcutHandler // what inputs hand on
	widgets.OnShortcut(forwarded.TypedShortcut)
	add := func(key fyne.KeyName, mod fyne.KeyModifier, do func()) {
		combination := &desktop.CustomShortcut{KeyName: key, Modifier: mod}
		run := func(fyne.Shortcut) {
			if s.touch(); c.Overlays().Top() == nil {
				do()
			}
		}
		c.AddShortcut(combination, run)
		forwarded.AddShortcut(combination, run)
	}
	const ctrl, alt = fyne.KeyModifierControl, fyne.KeyModifierAlt
	add(fyne.KeyN, ctrl, func() { able(s.page, Creator.New) })
	add(fyne.KeyS, ctrl, func() { able(s.page, Saver.Save) })
	add(fyne.KeyF, ctrl, func() { able(s.page, Finder.Find) })
	add(fyne.KeyP, ctrl, func() { able(s.page, Printer.Print) })
	add(fyne.KeyReturn, ctrl, func() { able(s.page, Submitter.Submit) })
	add(fyne.KeyEnter, ctrl, func() { able(s.page, Submitter.Submit) })
	add(fyne.KeyPageUp, ctrl, func() { able(s.page, func(p Stepper) { p.Step(-1) }) })
	add(fyne.KeyPageDown, ctrl, func() { able(s.page, func(p Stepper) { p.Step(1) }) })
	add(fyne.KeyLeft, alt, s.Back)
	add(fyne.KeyRight, alt, s.Forward)
	add(fyne.KeyL, ctrl, s.Lock)
	digits := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}
	for i, p := range s.o.Places[:min(len(s.o.Places), len(digits))] {
		add(digits[i], ctrl, func() { s.Go(p.Key, "") })
	}
	c.SetOnTypedKey(s.typed)
}

func (s *Shell) typed(k *fyne.KeyEvent) {
	s.touch()
	if s.win.Canvas().Overlays().Top() != nil {
		return
	}
	switch k.Name {
	case fyne.KeyF5:
		able(s.page, Refresher.Refresh)
	case fyne.KeyF2:
		able(s.page, FirstFielder.FocusFirst)
	case fyne.KeyEscape:
		s.win.Canvas().Unfocus()
	}
}

// able calls an ability of the page if it has it.
func able[A any](p Page, do func(A)) {
	if a, ok := p.(A); ok {
		do(a)
	}
}
