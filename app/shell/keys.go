package shell

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
)

const ctrl, alt = fyne.KeyModifierControl, fyne.KeyModifierAlt

// binding is a key of the whole program: what is pressed, its name "keys.<name>"
// on the sheet and in the palette, and what it does.
type binding struct {
	key  fyne.KeyName
	mod  fyne.KeyModifier // 0: the key alone
	name string
	do   func()
	able func(Page) bool // nil: on every page
}

// bindings are the keys of the program, in the order of the sheet. What a page
// can do is asked when the key is pressed.
func (s *Shell) bindings() []binding {
	return []binding{
		{fyne.KeyK, ctrl, "find", s.OpenPalette, nil},
		onPage(s, fyne.KeyN, ctrl, "new", Creator.New),
		onPage(s, fyne.KeyS, ctrl, "save", Saver.Save),
		onPage(s, fyne.KeyReturn, ctrl, "submit", Submitter.Submit),
		onPage(s, fyne.KeyP, ctrl, "print", Printer.Print),
		onPage(s, fyne.KeyF, ctrl, "filter", Finder.Find),
		onPage(s, fyne.KeyV, ctrl, "paste", Paster.Paste),
		onPage(s, fyne.KeyPageUp, ctrl, "previous", func(p Stepper) { p.Step(-1) }),
		onPage(s, fyne.KeyPageDown, ctrl, "next", func(p Stepper) { p.Step(1) }),
		onPage(s, fyne.KeyF2, 0, "first", FirstFielder.FocusFirst),
		onPage(s, fyne.KeyF5, 0, "refresh", Refresher.Refresh),
		onPage(s, fyne.KeyF8, 0, "unanswered", func(p Answerer) { s.told(p.NextUnanswered(), "keys.unanswered.none") }),
		{fyne.KeyZ, ctrl, "undo", s.undo, func(p Page) bool { _, ok := p.(Undoer); return ok || s.toasts.Offers() }},
		onPage(s, fyne.KeyY, ctrl, "redo", func(p Redoer) { s.told(p.Redo(), "keys.redo.none") }),
		{fyne.KeyLeft, alt, "back", s.Back, nil},
		{fyne.KeyRight, alt, "forward", s.Forward, nil},
		{fyne.KeyEscape, 0, "leave", s.escape, nil},
		{fyne.KeyF9, 0, "stop", s.stopJob, func(Page) bool { return len(s.jobs) > 0 }},
		{fyne.KeyR, ctrl, "exchange", s.o.Exchange, func(Page) bool { return s.o.Exchange != nil }},
		{fyne.KeyF1, 0, "sheet", s.OpenKeys, nil},
		{fyne.KeyL, ctrl, "lock", s.Lock, func(Page) bool { return s.o.Unlock != nil }},
	}
}

// onPage binds a key to an ability of the page.
func onPage[A any](s *Shell, key fyne.KeyName, mod fyne.KeyModifier, name string, do func(A)) binding {
	return binding{key, mod, name,
		func() {
			if a, ok := s.page.(A); ok {
				do(a)
			}
		},
		func(p Page) bool { _, ok := p.(A); return ok }}
}

// shortcuts binds the keys of the whole program; the widgets hand on what they
// have no use for. Nothing happens while a dialog, a menu or the lock is open.
func (s *Shell) shortcuts() {
	c := s.win.Canvas()
	var forwarded fyne.ShortcutHandler // what inputs hand on
	widgets.OnShortcut(forwarded.TypedShortcut)
	add := func(key fyne.KeyName, mod fyne.KeyModifier, do func()) {
		run := func(fyne.Shortcut) {
			if s.touch(); c.Overlays().Top() == nil {
				do()
			}
		}
		for _, combination := range spellings(key, mod) {
			c.AddShortcut(combination, run)
			forwarded.AddShortcut(combination, run)
		}
	}
	for _, b := range s.bindings() {
		if b.mod == 0 {
			continue // typed takes those
		}
		add(b.key, b.mod, b.do)
		if b.key == fyne.KeyReturn {
			add(fyne.KeyEnter, b.mod, b.do)
		}
	}
	for i, p := range s.o.Places[:min(len(s.o.Places), len(digits))] {
		add(digits[i], ctrl, func() { s.Go(p.Key, "") })
	}
	dialogs.OwnKeys(s.win, s.typed)
}

// spellings are what the driver may call a combination: it has names of its own
// for undo, redo and paste.
func spellings(key fyne.KeyName, mod fyne.KeyModifier) []fyne.Shortcut {
	all := []fyne.Shortcut{&desktop.CustomShortcut{KeyName: key, Modifier: mod}}
	switch {
	case mod == ctrl && key == fyne.KeyZ:
		all = append(all, &fyne.ShortcutUndo{})
	case mod == ctrl && key == fyne.KeyY:
		all = append(all, &fyne.ShortcutRedo{})
	case mod == ctrl && key == fyne.KeyV:
		all = append(all, &fyne.ShortcutPaste{})
	}
	return all
}

// undo takes back what was offered last, else the page's own last act.
func (s *Shell) undo() {
	if s.toasts.Take() {
		return
	}
	if u, ok := s.page.(Undoer); ok {
		s.told(u.Undo(), "keys.undo.none")
	}
}

// told says in the status bar that a key had nothing to do.
func (s *Shell) told(done bool, otherwise string) {
	if !done {
		s.Say(lang.T(otherwise))
	}
}

// digits open the places of the navigation.
var digits = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}

func (s *Shell) typed(k *fyne.KeyEvent) {
	s.touch()
	if s.win.Canvas().Overlays().Top() != nil {
		return
	}
	for _, b := range s.bindings() {
		if b.mod == 0 && b.key == k.Name {
			b.do()
		}
	}
}

// escape goes one step back: out of the input, within the page, to the page before.
func (s *Shell) escape() {
	if s.win.Canvas().Focused() != nil {
		s.win.Canvas().Unfocus()
		return
	}
	if b, ok := s.page.(Backer); ok && b.Back() {
		return
	}
	s.Back()
}

// pressed words a key as it stands on the keyboard: "Ctrl+K", "F1".
func (b binding) pressed() string {
	var parts []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		word string
	}{{ctrl, "Ctrl"}, {alt, "Alt"}} {
		if b.mod&m.mod != 0 {
			parts = append(parts, m.word)
		}
	}
	words := map[fyne.KeyName]string{fyne.KeyReturn: "Enter", fyne.KeyPageUp: "PgUp", fyne.KeyPageDown: "PgDn", fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyEscape: "Esc"}
	word, ok := words[b.key]
	if !ok {
		word = string(b.key)
	}
	return strings.Join(append(parts, word), "+")
}

// KeyHelp is a line of the sheet of keys that the shell does not handle itself.
type KeyHelp struct{ Keys, Text string }

// OpenKeys shows the sheet of keys.
func (s *Shell) OpenKeys() {
	grid := container.NewGridWithColumns(2)
	add := func(keys, text string) {
		grid.Add(widgets.NewBorder(nil, nil, widgets.AtLeast(110, 0, widget.NewLabelWithStyle(keys, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})), nil, widget.NewLabel(text)))
	}
	for _, b := range s.bindings() {
		add(b.pressed(), lang.T("keys."+b.name))
	}
	add("Ctrl+1–"+string(digits[min(len(s.o.Places), len(digits))-1]), lang.T("keys.places"))
	if s.o.Keys != nil {
		for _, k := range s.o.Keys() {
			add(k.Keys, k.Text)
		}
	}
	dialogs.Show(s.win, lang.T("keys.sheet"), grid)
}
