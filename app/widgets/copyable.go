package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"anxin/app/lang"
)

// Copyable is a text that a tap copies whole. It is no stop of the Tab key: the
// toolkit's own selectable text is one, and keeps Escape and the function keys to
// itself.
type Copyable struct{ Paragraph }

// NewCopyable makes the text.
func NewCopyable(text string) *Copyable {
	c := &Copyable{Paragraph{words: text}}
	c.Text = text
	c.Wrapping = fyne.TextWrapBreak // a word wider than the line
	c.ExtendBaseWidget(c)
	return c
}

// Tapped implements fyne.Tappable.
func (c *Copyable) Tapped(*fyne.PointEvent) {
	if c.words != "" {
		fyne.CurrentApp().Clipboard().SetContent(c.words)
		tellHint(c, lang.T("widget.copied"))
	}
}

// Cursor implements desktop.Cursorable.
func (c *Copyable) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (c *Copyable) MouseIn(*desktop.MouseEvent) { tellHint(c, lang.T("widget.copy")) }

// MouseMoved implements desktop.Hoverable.
func (c *Copyable) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Copyable) MouseOut() { dropHint(c) }
