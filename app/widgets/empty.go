package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewEmptyState tells why a place is empty and offers what to do about it; icon
// and action may be absent (nil, zero Action).
func NewEmptyState(icon fyne.Resource, text string, act Action) *fyne.Container {
	box := container.NewVBox()
	if icon != nil {
		picture := widget.NewIcon(fynetheme.NewThemedResource(icon))
		box.Add(container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(40), picture)))
	}
	words := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{})
	words.Importance = widget.LowImportance
	words.Wrapping = WrapFor(text)
	box.Add(container.New(minSize{fyne.NewSize(260, 0)}, words))
	if act.Do != nil {
		box.Add(container.NewHBox(layout.NewSpacer(), NewActionButton(act), layout.NewSpacer()))
	}
	return container.NewCenter(box)
}

// minSize raises the least size of its only child.
type minSize struct{ least fyne.Size }

func (m minSize) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize().Max(m.least) }

func (m minSize) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(size)
}

// AtLeast gives an object a least size.
func AtLeast(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(minSize{fyne.NewSize(width, height)}, o)
}
