package widgets

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
)

// newNoteCell is a text with a small one below it: what a list has no room for
// beside it.
func newNoteCell() *fyne.Container {
	text, note := newRowText(fynetheme.SizeNameText), newRowText(fynetheme.SizeNameCaptionText)
	return &fyne.Container{Layout: noteLayout{}, Objects: []fyne.CanvasObject{text, note}}
}

// setNoteCell writes both texts.
func setNoteCell(c *fyne.Container, texts ...string) {
	blank := c.Objects[1].(*rowText).words == ""
	for i, text := range texts {
		c.Objects[i].(*rowText).Set(text)
	}
	if blank != (texts[1] == "") {
		c.Layout.Layout(c.Objects, c.Size())
	}
}

// noteLayout draws the note up to its text.
type noteLayout struct{}

// noteLift is how much of the room around the two texts they share.
const noteLift = 9

// noteRow is the height of a row of two lines in rows of one.
const noteRow = 1.5

func (noteLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, theme.Size(theme.SizeRow)*noteRow)
}

func (noteLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	text, note := o[0].MinSize().Height, o[1].MinSize().Height
	if o[1].(*rowText).words == "" {
		o[0].Move(fyne.NewPos(0, (size.Height-text)/2))
		o[0].Resize(fyne.NewSize(size.Width, text))
		return
	}
	lift := noteLift * fynetheme.TextSize() / 13
	top := (size.Height - text - note + lift) / 2
	o[0].Move(fyne.NewPos(0, top))
	o[0].Resize(fyne.NewSize(size.Width, text))
	o[1].Move(fyne.NewPos(0, top+text-lift))
	o[1].Resize(fyne.NewSize(size.Width, note))
}
