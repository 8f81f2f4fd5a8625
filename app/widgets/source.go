package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewSource makes an input for a text of many lines that mean something line by
// line: none is broken, and it scrolls inside, both ways.
func NewSource() *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.init(e)
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = container.ScrollBoth
	return e
}

// GoTo puts the keyboard at the beginning of a line, counted from 0.
func (e *Entry) GoTo(line int) {
	e.CursorRow, e.CursorColumn = line, 0
	e.Refresh()
	Focus(e)
}
