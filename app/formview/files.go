package formview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
)

// The room a thumbnail takes at 100 %.
const (
	thumbWidth  = 96
	thumbHeight = 64
)

// fileControl is the name of a file, picture, recording or signature, a small
// picture of it, and the buttons that choose and drop it.
type fileControl struct {
	f            *field
	root         *fyne.Container
	picture      *canvas.Image
	name         *widget.Label
	choose, drop *widgets.Button
	shown        string
}

// fileKinds are the words and icons of what can be attached.
func fileKind(q *forms.Question) (key string, icon fyne.Resource) {
	switch {
	case q.HasAppearance("signature"):
		return "form.signature", fynetheme.DocumentCreateIcon()
	case q.Type == forms.TypeImage:
		return "form.image", fynetheme.MediaPhotoIcon()
	case q.Type == forms.TypeAudio:
		return "form.audio", fynetheme.MediaMusicIcon()
	case q.Type == forms.TypeVideo:
		return "form.video", fynetheme.MediaVideoIcon()
	}
	return "form.file", fynetheme.FolderOpenIcon()
}

func (f *field) newFile() *fileControl {
	c := &fileControl{f: f, name: widget.NewLabel(lang.T("form.file.none")), picture: &canvas.Image{FillMode: canvas.ImageFillContain}}
	c.name.Truncation = fyne.TextTruncateEllipsis
	key, icon := fileKind(f.question)
	c.choose = widgets.NewActionButton(widgets.Action{Label: lang.T(key), Icon: icon, Do: func() {
		n, _ := f.view.in.Node(f.path)
		f.view.o.Attach(n, f.answer)
	}})
	c.drop = widgets.NewQuietButton(lang.T("form.file.remove"), fynetheme.CancelIcon(), func() { f.answer("") })
	c.drop.Hide()
	c.picture.Hide()
	c.root = container.NewVBox(widgets.NewBorder(nil, nil, c.choose, c.drop, c.name), container.NewHBox(c.picture))
	return c
}

func (c *fileControl) object() fyne.CanvasObject { return c.root }
func (c *fileControl) focus() fyne.Focusable     { return c.choose }

func (c *fileControl) freeze(readonly bool) {
	setEnabled(c.choose, !readonly && c.f.view.o.Attach != nil)
	setEnabled(c.drop, !readonly)
}

// called is what the person calls an attachment.
func (c *fileControl) called(name string) string {
	if c.f.view.o.Called != nil {
		return c.f.view.o.Called(name)
	}
	return name
}

func (c *fileControl) show(n forms.Node) {
	if c.shown == n.Value {
		return
	}
	c.shown = n.Value
	c.drop.Hidden = n.Value == ""
	c.picture.Image = nil
	if n.Value == "" {
		c.name.SetText(lang.T("form.file.none"))
	} else {
		c.name.SetText(c.called(n.Value))
		if c.f.view.o.Thumbnail != nil {
			c.picture.Image = c.f.view.o.Thumbnail(n.Value)
		}
	}
	scale := fynetheme.TextSize() / 13
	c.picture.SetMinSize(fyne.NewSize(thumbWidth*scale, thumbHeight*scale))
	c.picture.Hidden = c.picture.Image == nil
	c.root.Refresh()
}
