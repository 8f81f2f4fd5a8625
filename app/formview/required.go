package formview

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// requiredBar is the strip below a form that tells how many required questions
// are still without an answer and goes to the next.
type requiredBar struct {
	root *fyne.Container
	text *widget.Label
}

func newRequiredBar(next func()) *requiredBar {
	b := &requiredBar{text: widget.NewLabel("")}
	b.text.Truncation = fyne.TextTruncateEllipsis
	button := widgets.NewQuietButton(lang.T("form.required.next"), fynetheme.MoveDownIcon(), next)
	b.root = widgets.NewPanel(theme.Header, widgets.NewBorder(nil, nil, nil, button, b.text))
	b.root.Hide()
	return b
}

// show tells whether the strip came or went.
func (b *requiredBar) show(count int, frozen bool) (moved bool) {
	if frozen {
		count = 0
	}
	moved = b.root.Hidden != (count == 0)
	b.root.Hidden = count == 0
	if text := lang.T("form.required.left", "n", count); text != b.text.Text {
		b.text.SetText(text)
	}
	return moved
}
