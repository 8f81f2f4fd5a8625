// Package widgets holds the domain-free parts screens are made of: inputs, record
// lists, cards, layouts, tags. It refuses knowledge of the domain, of the store
// and of what a page is for.
package widgets

import "fyne.io/fyne/v2"

var (
	activity = func() {}
	caret    = func(fyne.Canvas, fyne.Position) {}
	shortcut = func(fyne.Shortcut) {}
)

// OnActivity installs what is called when a key is typed in any input; the lock
// screen counts idle time with it.
func OnActivity(f func()) { activity = f }

// OnCaret installs what is told where the caret stands, as the place below which
// an input method opens its window.
func OnCaret(f func(c fyne.Canvas, below fyne.Position)) { caret = f }

// OnShortcut installs what gets the shortcuts an input has no use for: a focused
// input swallows them, and only some drivers let the window be asked instead.
func OnShortcut(f func(fyne.Shortcut)) { shortcut = f }

// PassShortcut hands a shortcut to the window.
func PassShortcut(s fyne.Shortcut) { shortcut(s) }
