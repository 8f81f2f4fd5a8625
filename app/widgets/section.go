package widgets

import (
	"image/color"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// NewPanel puts an object on a plain ground.
func NewPanel(ground color.NRGBA, o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewGround(ground), o)
}

// NewCard puts an object on a white card with a hairline border.
func NewCard(o fyne.CanvasObject) *fyne.Container {
	ground := canvas.NewRectangle(theme.Card)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = theme.CardBorder, 1, 3
	return container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(6, 8, 8, 8), o))
}

// NewSectionCard is a card with a heading and, at the right of it, optional objects.
func NewSectionCard(title string, body fyne.CanvasObject, right ...fyne.CanvasObject) *fyne.Container {
	return NewCard(NewBorder(NewSectionHead(title, right...), nil, nil, nil, body))
}

// NewSectionHead is the heading of a part of a form with, at the right of it, optional objects.
func NewSectionHead(title string, right ...fyne.CanvasObject) fyne.CanvasObject {
	mark := canvas.NewRectangle(theme.Primary)
	mark.SetMinSize(fyne.NewSize(3, theme.Size(fynetheme.SizeNameText)+1))
	heading := NewHeading(title)
	var side fyne.CanvasObject
	if len(right) > 0 {
		side = container.NewHBox(right...)
	}
	return NewBorder(nil, nil, container.NewCenter(mark), side, heading)
}

// NewPageTitle is the heading of a page or a detail pane.
func NewPageTitle(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = fynetheme.SizeNameSubHeadingText
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// WrapFor breaks Chinese anywhere and other texts between words: breaking by
// words would cut a Chinese line at its few spaces.
func WrapFor(text string) fyne.TextWrap {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return fyne.TextWrapBreak
		}
	}
	return fyne.TextWrapWord
}

// NewHeading is a bold line above a part of a card.
func NewHeading(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}
