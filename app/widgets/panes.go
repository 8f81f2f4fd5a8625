package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/lang"
	"anxin/app/theme"
)

// twoPanes is the least width at 100 % at which list and detail stand side by
// side: that of the work area in a window of 1100 with the navigation folded and
// of 1200 with it open.
const twoPanes = 1030

// Panes shows a list beside a detail, or only one of them where both have no room.
type Panes struct {
	Root *fyne.Container

	list, detail fyne.CanvasObject
	back         fyne.CanvasObject
	rule         *canvas.Rectangle
	inDetail     bool
	narrow       bool
}

// NewPanes makes the pair; it begins with the list.
func NewPanes(list, detail fyne.CanvasObject) *Panes {
	p := &Panes{list: list, detail: detail, rule: canvas.NewRectangle(theme.CardBorder)}
	back := NewQuietButton(lang.T("widget.backtolist"), fynetheme.NavigateBackIcon(), p.ShowList)
	p.back = container.NewHBox(back)
	p.Root = &fyne.Container{Layout: p, Objects: []fyne.CanvasObject{list, p.rule, p.back, detail}}
	return p
}

// ShowDetail brings the detail to the front where only one pane has room.
func (p *Panes) ShowDetail() { p.turn(true) }

// ShowList brings the list to the front where only one pane has room.
func (p *Panes) ShowList() { p.turn(false) }

// OnePane tells whether only one pane has room now.
func (p *Panes) OnePane() bool { return p.narrow }

// InDetail tells whether the detail was brought to the front last.
func (p *Panes) InDetail() bool { return p.inDetail }

func (p *Panes) turn(detail bool) {
	p.inDetail = detail
	p.Layout(nil, p.Root.Size())
	p.Root.Refresh()
}

// MinSize implements fyne.Layout: one pane decides, so that the window can be small.
func (p *Panes) MinSize([]fyne.CanvasObject) fyne.Size {
	d := p.detail.MinSize()
	d.Height += p.back.MinSize().Height
	return p.list.MinSize().Max(d)
}

// Layout implements fyne.Layout.
func (p *Panes) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p.narrow = size.Width < twoPanes*fynetheme.TextSize()/13
	setVisible(p.list, !p.narrow || !p.inDetail)
	setVisible(p.detail, !p.narrow || p.inDetail)
	setVisible(p.rule, !p.narrow)
	setVisible(p.back, p.narrow && p.inDetail)
	if p.narrow {
		head := p.back.MinSize().Height
		place(p.list, 0, 0, size.Width, size.Height)
		place(p.back, 0, 0, size.Width, head)
		place(p.detail, 0, head, size.Width, size.Height-head)
		return
	}
	left := float32(int(size.Width * 0.42))
	place(p.list, 0, 0, left, size.Height)
	place(p.rule, left, 0, 1, size.Height)
	place(p.detail, left+1, 0, size.Width-left-1, size.Height)
}

func setVisible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}
