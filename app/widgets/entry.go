package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Entry is the program's text input. Unlike Fyne's it hands shortcuts and
// function keys it has no use for to the window, moves on with Enter, lets Tab
// leave a text of several lines, scrolls itself into view and tells the input
// method where the caret is. It grows with its text when it has several lines;
// one line is selected whole when the keyboard moves to it, so that typing
// replaces what stood there.
type Entry struct {
	widget.Entry
	OnFocus func(bool) // the focus came (true) or went (false)

	gauge   *gauge // nil for one line
	self    fyne.CanvasObject
	clicked bool          // the keyboard comes by a click just now
	lit     bool          // it has the keyboard
	seen    fyne.Position // where the caret was when it was last brought into sight
}

// NewEntry makes an input of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.init(e)
	return e
}

// NewMultiLine makes an input that shows at least so many rows and grows with its text.
func NewMultiLine(rows int) *Entry {
	e := &Entry{gauge: newGauge(rows)}
	e.MultiLine = true
	e.init(e)
	e.Wrapping = fyne.TextWrapBreak
	e.SetMinRowsVisible(rows)
	return e
}

// NewPassword makes an input that hides what is typed.
func NewPassword() *Entry {
	e := &Entry{}
	e.Password = true
	e.init(e)
	return e
}

func (e *Entry) init(self fyne.Widget) {
	e.self = self
	e.ExtendBaseWidget(self)
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.OnCursorChanged = e.tellCaret
}

// tellCaret tells the input method where the caret is, and keeps the caret of a
// long text in sight.
func (e *Entry) tellCaret() {
	c := canvasOf(e.self)
	if c == nil || c.Focused() != e.self.(fyne.Focusable) {
		return
	}
	at := e.CursorPosition()
	line := fynetheme.TextSize()
	if e.gauge != nil && at != e.seen { // told at every painting too, when one may have scrolled away
		e.seen = at
		revealSpan(e.self, at.Y, at.Y+2*line)
	}
	caret(c, fyne.CurrentApp().Driver().AbsolutePositionForObject(e.self).Add(at).AddXY(0, line))
}

// MinSize is as high as the text needs at the width last given, and at least as
// high as the rows asked for. Fyne's own keeps to the rows and scrolls inside.
func (e *Entry) MinSize() fyne.Size {
	least := e.Entry.MinSize()
	if e.gauge == nil {
		return least
	}
	border := theme.Size(fynetheme.SizeNameInputBorder)
	wanted := e.gauge.height(e.Text, e.Size().Width-2*border) + 2*border
	return fyne.NewSize(min(least.Width, 120), max(least.Height, wanted))
}

// gauge tells how high a text is when it is broken at a width.
type gauge struct {
	text  *widget.RichText
	width float32
	least float32
}

// newGauge makes a gauge that answers at least so many rows.
func newGauge(rows int) *gauge {
	g := &gauge{text: widget.NewRichTextWithText(strings.Repeat("\n", rows-1))}
	g.least = g.text.MinSize().Height
	g.text.Wrapping = fyne.TextWrapBreak
	return g
}

func (g *gauge) height(text string, width float32) float32 {
	if width <= 0 {
		return g.least
	}
	if segment := g.text.Segments[0].(*widget.TextSegment); segment.Text != text {
		segment.Text = text
		g.text.Refresh()
	}
	if g.width != width {
		g.width = width
		g.text.Resize(fyne.NewSize(width, 1))
	}
	return max(g.least, g.text.MinSize().Height)
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.lit = true
	e.Entry.FocusGained()
	moved := arrive(e.self)
	if moved && !e.clicked && !e.MultiLine && e.Text != "" {
		e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	e.tellCaret()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// SetText replaces the text and lets go of what was selected: Fyne would go on to
// select from the former place, and the next letter would erase.
func (e *Entry) SetText(text string) {
	if e.SelectedText() != "" {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	e.Entry.SetText(text)
}

// MouseDown implements desktop.Mouseable: a click puts the caret where it points.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	e.clicked = true
	e.Entry.MouseDown(m)
	e.clicked = false
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.lit = false
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return withRing(&e.lit, e.Entry.CreateRenderer())
}

// AcceptsTab lets Tab always leave the field.
func (e *Entry) AcceptsTab() bool { return false }

// TypedRune implements fyne.Focusable.
func (e *Entry) TypedRune(r rune) {
	activity()
	e.Entry.TypedRune(r)
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if passKey(e.self, k) {
		return
	}
	if done := k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter; done && !e.MultiLine && e.OnSubmitted == nil {
		enter(e.self)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut implements fyne.Shortcutable: moving by words and editing stay
// here, every other combination is handed on. So is taking back once there is
// nothing left to take back in this text, and pasting cells of a table.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		before := e.Text
		e.Entry.TypedShortcut(s)
		if e.Text == before {
			passShortcut(e.self, s)
		}
	case *fyne.ShortcutPaste:
		block := !e.MultiLine && !e.Disabled() && strings.ContainsAny(strings.TrimRight(s.Clipboard.Content(), "\r\n"), "\t\n")
		if !block || !kept(e.self, func(keeper Keeper) bool { return keeper.TakeShortcut(s) }) {
			e.Entry.TypedShortcut(s)
		}
	case *desktop.CustomShortcut:
		if !editing(s) {
			passShortcut(e.self, s)
			return
		}
		e.Entry.TypedShortcut(s)
	default:
		e.Entry.TypedShortcut(s)
	}
}

func editing(s *desktop.CustomShortcut) bool {
	if s.Modifier&fyne.KeyModifierAlt != 0 {
		return false
	}
	switch s.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
		return true
	}
	return false
}

// InsertAtCursor puts text where the caret stands, as if it were pasted.
func (e *Entry) InsertAtCursor(text string) {
	runes := []rune(e.Text)
	at := min(e.CursorTextOffset(), len(runes))
	joined := append([]rune(nil), runes[:at]...)
	joined = append(joined, []rune(text)...)
	joined = append(joined, runes[at:]...)
	e.SetText(string(joined))
	e.moveCaret(at + len([]rune(text)))
}

// moveCaret sets the caret by counting runes; wrapped rows are Fyne's own matter,
// so it walks with the right arrow from the start of the text.
func (e *Entry) moveCaret(to int) {
	e.CursorRow, e.CursorColumn = 0, 0
	for range to {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
}
