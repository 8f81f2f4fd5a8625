// Package widgets holds the domain-free parts screens are made of: inputs, record
// lists, cards, layouts, tags. It refuses knowledge of the domain, of the store
// and of what a page is for.
package widgets

import "fyne.io/fyne/v2"

var (
	activity = func() {}
	caret    = func(fyne.Canvas, fyne.Position) {}
	shortcut = func(fyne.Shortcut) {}
	hint     = func(string) {}
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

// OnHint installs what shows the verb of a button that carries only an icon while
// the mouse or the keyboard is on it; "" when neither is any more.
func OnHint(f func(text string)) { hint = f }

// hinting has its verb shown now.
var hinting fyne.CanvasObject

func tellHint(by fyne.CanvasObject, text string) {
	if text != "" {
		hinting = by
		hint(text)
	}
}

// dropHint takes the verb away again, unless another's is shown by now.
func dropHint(by fyne.CanvasObject) {
	if hinting == by {
		hinting = nil
		hint("")
	}
}

// PassKey hands the keys an object with the keyboard has no use for, function keys
// and Escape, to what surrounds it and to the window. True: the key is dealt with.
func PassKey(o fyne.CanvasObject, k *fyne.KeyEvent) bool { return passKey(o, k) }
