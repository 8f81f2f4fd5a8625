package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// IconTap is a small icon for the mouse; it is no stop of the Tab key because a
// key of the input it stands in does the same.
type IconTap struct {
	widget.BaseWidget
	icon fyne.Resource
	verb string
	do   func()
}

// NewIconTap makes the icon.
func NewIconTap(icon fyne.Resource, do func()) *IconTap {
	t := &IconTap{icon: icon, do: do}
	t.ExtendBaseWidget(t)
	return t
}

// Hinted names what the icon does and returns it.
func (t *IconTap) Hinted(verb string) *IconTap {
	t.verb = verb
	return t
}

// Verb is what the icon does, in words.
func (t *IconTap) Verb() string { return t.verb }

// MouseIn implements desktop.Hoverable.
func (t *IconTap) MouseIn(*desktop.MouseEvent) { tellHint(t, t.verb) }

// MouseMoved implements desktop.Hoverable.
func (t *IconTap) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *IconTap) MouseOut() { dropHint(t) }

// Tapped implements fyne.Tappable.
func (t *IconTap) Tapped(*fyne.PointEvent) { t.do() }

// Cursor implements desktop.Cursorable.
func (t *IconTap) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (t *IconTap) CreateRenderer() fyne.WidgetRenderer {
	side := theme.Size(fynetheme.SizeNameInlineIcon)
	box := container.NewGridWrap(fyne.NewSquareSize(side), widget.NewIcon(t.icon))
	return widget.NewSimpleRenderer(AtLeast(side+8, side, container.NewCenter(box)))
}
