package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// NewBorder lays objects out as the toolkit's border does, in reading order: top,
// left, middle, right, bottom. The Tab key follows the order of the objects, and
// the toolkit's own puts the middle first.
func NewBorder(top, bottom, left, right fyne.CanvasObject, middle ...fyne.CanvasObject) *fyne.Container {
	var all []fyne.CanvasObject
	add := func(list ...fyne.CanvasObject) {
		for _, o := range list {
			if o != nil {
				all = append(all, o)
			}
		}
	}
	add(top, left)
	add(middle...)
	add(right, bottom)
	return container.New(layout.NewBorderLayout(top, bottom, left, right), all...)
}
