package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// rowText is one line of text in a row of a list, cut short with "…" where it
// has no room. It is far lighter than the toolkit's label: while a list scrolls
// dozens of them are filled anew for every picture.
type rowText struct {
	widget.BaseWidget
	words string
	shown *canvas.Text
	size  fyne.ThemeSizeName
	least fyne.Size
	room  float32 // for the letters
}

// newRowText makes an empty one; a small one is a note.
func newRowText(size fyne.ThemeSizeName) *rowText {
	t := &rowText{shown: canvas.NewText("", theme.Text), size: size}
	if size == fynetheme.SizeNameCaptionText {
		t.shown.Color = theme.Secondary
	}
	t.measure()
	t.ExtendBaseWidget(t)
	return t
}

func (t *rowText) measure() {
	t.shown.TextSize = theme.Size(t.size)
	pad := 2 * theme.Size(fynetheme.SizeNameInnerPadding)
	t.least = fyne.NewSize(pad, fyne.MeasureText("国", t.shown.TextSize, fyne.TextStyle{}).Height+pad)
}

// Words returns the whole text.
func (t *rowText) Words() string { return t.words }

// Set changes the text.
func (t *rowText) Set(words string) {
	if t.words != words {
		t.words = words
		t.fit()
	}
}

// fit shows what there is room for.
func (t *rowText) fit() {
	text := cutShort(t.words, t.shown.TextSize, t.room)
	if text != t.shown.Text {
		t.shown.Text = text
		t.shown.Refresh()
	}
}

// MinSize implements fyne.CanvasObject. It is asked for in every picture, which
// the way through the renderer makes dear.
func (t *rowText) MinSize() fyne.Size { return t.least }

// CreateRenderer implements fyne.Widget.
func (t *rowText) CreateRenderer() fyne.WidgetRenderer {
	return &rowTextRenderer{t, []fyne.CanvasObject{t.shown}}
}

type rowTextRenderer struct {
	t       *rowText
	objects []fyne.CanvasObject
}

func (r *rowTextRenderer) Layout(size fyne.Size) {
	pad := theme.Size(fynetheme.SizeNameInnerPadding)
	inner := size.SubtractWidthHeight(2*pad, 2*pad)
	r.t.shown.Move(fyne.NewPos(pad, pad))
	r.t.shown.Resize(inner)
	if r.t.room != inner.Width {
		r.t.room = inner.Width
		r.t.fit()
	}
}

func (r *rowTextRenderer) MinSize() fyne.Size           { return r.t.least }
func (r *rowTextRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *rowTextRenderer) Destroy()                     {}

func (r *rowTextRenderer) Refresh() {
	r.t.measure()
	r.t.fit()
}

// letter is a rune at a size.
type letter struct {
	r    rune
	size float32
}

// letterWidths are the widths of the letters seen, in logical pixels. The screen
// faces have neither ligatures nor kerning: a text is as wide as its letters.
var letterWidths = map[letter]float32{}

func widthOf(r rune, size float32) float32 {
	l := letter{r, size}
	wide, known := letterWidths[l]
	if !known {
		wide = fyne.MeasureText(string(r), size, fyne.TextStyle{}).Width
		letterWidths[l] = wide
	}
	return wide
}

// cutShort is a text as far as it fits into a width, with "…" for what does not.
func cutShort(text string, size, room float32) string {
	var wide float32
	fits := 0 // bytes that leave room for the dots
	dots := widthOf('…', size)
	for i, r := range text {
		if wide+dots <= room {
			fits = i
		}
		if wide += widthOf(r, size); wide > room {
			return text[:fits] + "…"
		}
	}
	return text
}
