package dialogs

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// signaturePixels is the width of a signature picture: 360 logical pixels at
// three times, enough for paper.
const signaturePixels = 1080

// Sign asks for a signature on screen and hands over its picture as PNG, dark on
// transparent, and the strokes it is made of. An empty pad cannot be confirmed.
func Sign(win fyne.Window, who string, now func() time.Time, then func(picture []byte, strokes [][]widgets.Point)) {
	pad := widgets.NewSignature(now)
	m := newModal(win, who, container.NewVBox(widgets.NewCaption(lang.T("dialog.sign")), pad))
	ok := func() {
		if pad.Empty() {
			return
		}
		picture, err := pad.PNG(signaturePixels)
		m.close()
		if err != nil {
			Error(win, err)
			return
		}
		then(picture, pad.Strokes())
	}
	m.cancel, m.accept = m.then(nil), ok
	m.show(nil,
		widgets.Action{Label: lang.T("dialog.cancel"), Do: m.cancel},
		widgets.Action{Label: lang.T("dialog.sign.clear"), Do: pad.Clear},
		widgets.Action{Label: lang.T("dialog.sign.verb"), Do: ok, Primary: true})
}
