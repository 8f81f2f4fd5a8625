package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// iconTap is a small icon for the mouse; it is no stop of the Tab key because a
// key of the input it stands in does the same.
type iconTap struct {
	widget.BaseWidget
	icon fyne.Resource
	do   func()
}

func newIconTap(icon fyne.Resource, do func()) *iconTap {
	t := &iconTap{icon: icon, do: do}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *iconTap) Tapped(*fyne.PointEvent) { t.do() }

// Cursor implements desktop.Cursorable.
func (t *iconTap) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (t *iconTap) CreateRenderer() fyne.WidgetRenderer {
	side := theme.Size(fynetheme.SizeNameInlineIcon)
	box := container.NewGridWrap(fyne.NewSquareSize(side), widget.NewIcon(t.icon))
	return widget.NewSimpleRenderer(AtLeast(side+8, side, container.NewCenter(box)))
}
