package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Tag is a word on a tinted ground: a state is told by the word, the colour only helps.
type Tag struct {
	widget.BaseWidget
	ground *canvas.Rectangle
	text   *canvas.Text
}

// NewTag makes a tag.
func NewTag(text string, tone theme.Tone) *Tag {
	t := &Tag{ground: canvas.NewRectangle(theme.Card), text: canvas.NewText("", theme.Text)}
	t.ground.CornerRadius = 3
	t.text.Alignment = fyne.TextAlignCenter
	t.text.TextSize = theme.Size(theme.SizeTag)
	t.ExtendBaseWidget(t)
	t.Set(text, tone)
	return t
}

// Set changes word and tone; an empty word hides the ground too.
func (t *Tag) Set(text string, tone theme.Tone) {
	surface, ink := tone.Pair()
	if t.text.Text == text && t.text.Color == ink {
		return
	}
	t.text.Text, t.text.Color, t.ground.FillColor = text, ink, surface
	t.ground.Hidden = text == ""
	t.Refresh()
}

// Text returns the word shown.
func (t *Tag) Text() string { return t.text.Text }

// CreateRenderer implements fyne.Widget.
func (t *Tag) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Layout: tagLayout{}, Objects: []fyne.CanvasObject{t.ground, t.text}})
}

// tagLayout hugs the text at the left and centres it vertically.
type tagLayout struct{}

func (tagLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	if !o[0].Visible() {
		return fyne.Size{}
	}
	return o[1].MinSize().AddWidthHeight(12, 2)
}

func (l tagLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	m := l.MinSize(o)
	m.Width = min(m.Width, size.Width)
	at := fyne.NewPos(0, max(0, (size.Height-m.Height)/2))
	for _, part := range o {
		part.Move(at)
		part.Resize(m)
	}
}
