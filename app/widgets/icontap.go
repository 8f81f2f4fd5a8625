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
	do   func()
}

// NewIconTap makes the icon.
func NewIconTap(icon fyne.Resource, do func()) *IconTap {
	t := &IconTap{icon: icon, do: do}
	t.ExtendBaseWidget(t)
	return t
}

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
