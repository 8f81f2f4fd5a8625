package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// rowList is Fyne's list whose keyboard selects rows instead of only lighting them up.
type rowList struct {
	widget.List
	at       int            // selected row, -1 for none
	row      func() float32 // height of a row
	selected func(int)
	opened   func(int)
	digit    func(int) // 0-based
	key      func(*fyne.KeyEvent) bool
	letter   func(rune) bool
	lit      bool
}

func newRowList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *rowList {
	l := &rowList{at: -1}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.OnSelected = func(i int) {
		l.at = i
		l.selected(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// choose selects a row and keeps the keyboard's own row in step.
func (l *rowList) choose(i int) {
	if i < 0 || i >= l.Length() {
		return
	}
	l.Highlight(i)
	l.Select(i)
}

// UnselectAll drops the selection.
func (l *rowList) UnselectAll() {
	l.at = -1
	l.List.UnselectAll()
}

// page is the number of rows that fit.
func (l *rowList) page() int {
	return max(1, int(l.Size().Height/(l.row()+theme.Size(fynetheme.SizeNamePadding)))-1)
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(k *fyne.KeyEvent) {
	if passKey(l, k) || l.key != nil && l.key(k) {
		return
	}
	last := l.Length() - 1
	switch k.Name {
	case fyne.KeyDown:
		l.choose(min(l.at+1, last))
	case fyne.KeyUp:
		l.choose(max(l.at-1, 0))
	case fyne.KeyPageDown:
		l.choose(min(l.at+l.page(), last))
	case fyne.KeyPageUp:
		l.choose(max(l.at-l.page(), 0))
	case fyne.KeyHome:
		l.choose(0)
	case fyne.KeyEnd:
		l.choose(last)
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.at >= 0 {
			l.opened(l.at)
		}
	}
}

// TypedRune implements fyne.Focusable.
func (l *rowList) TypedRune(r rune) {
	if l.letter != nil && l.letter(r) {
		return
	}
	if r >= '1' && r <= '9' && l.digit != nil {
		l.digit(int(r - '1'))
	}
}

// FocusGained implements fyne.Focusable.
func (l *rowList) FocusGained() {
	l.lit = true
	l.List.FocusGained()
	arrive(l)
	l.Refresh()
}

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() {
	l.lit = false
	l.List.FocusLost()
	l.Refresh()
}

// TypedShortcut implements fyne.Shortcutable.
func (l *rowList) TypedShortcut(s fyne.Shortcut) { passShortcut(l, s) }

// CreateRenderer implements fyne.Widget.
func (l *rowList) CreateRenderer() fyne.WidgetRenderer {
	return &ringed{l.List.CreateRenderer(), newFrame(), &l.lit}
}

// columnLayout lays cells side by side; columns of width 0 share what is left,
// columns whose limit is above the width are left out.
type columnLayout struct {
	height float32 // of one line
	lines  float32 // of a row
	widths []float32
	drops  []float32
}

func (c *columnLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, c.height*c.lines)
}

// placed returns the width of every column in a row of a width, 0 for one left out.
func (c *columnLayout) placed(width float32) []float32 {
	scale := c.height / 28
	width -= theme.Size(fynetheme.SizeNameScrollBarSmall) + 2 // the scroll bar lies over the rows
	rest, shares := width, 0
	for i, w := range c.widths {
		switch {
		case width < c.drops[i]*scale:
		case w == 0:
			shares++
		default:
			rest -= w * scale
		}
	}
	widths := make([]float32, len(c.widths))
	left := width
	for i, w := range c.widths {
		if width < c.drops[i]*scale {
			continue
		}
		if w *= scale; w == 0 {
			w = max(0, rest/float32(shares))
		}
		widths[i] = max(0, min(w, left))
		left -= widths[i]
	}
	return widths
}

func (c *columnLayout) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range c.placed(size.Width) {
		cell := cells[i]
		setVisible(cell, w > 0)
		h := min(cell.MinSize().Height, size.Height)
		if h == 0 {
			h = size.Height // an empty tag, which centres itself once it has a word
		}
		cell.Move(fyne.NewPos(x, (size.Height-h)/2))
		cell.Resize(fyne.NewSize(w, h))
		x += w
	}
}

// headCell is one column's head: a word and, when sorted by it, an arrow. It is
// no stop of the Tab key.
type headCell struct {
	widget.BaseWidget
	tapped func()
	text   *canvas.Text
	title  string
}

func newHeadCell(title string, tapped func()) *headCell {
	h := &headCell{tapped: tapped, title: title, text: canvas.NewText(title, theme.Text)}
	h.text.TextStyle.Bold = true
	h.text.TextSize = fynetheme.TextSize()
	h.ExtendBaseWidget(h)
	return h
}

func (h *headCell) mark(sorted, descending bool) {
	h.text.Text = h.title
	if sorted && descending {
		h.text.Text += " ▼"
	} else if sorted {
		h.text.Text += " ▲"
	}
	h.text.Refresh()
}

// Tapped implements fyne.Tappable.
func (h *headCell) Tapped(*fyne.PointEvent) {
	if h.tapped != nil {
		h.tapped()
	}
}

// CreateRenderer implements fyne.Widget.
func (h *headCell) CreateRenderer() fyne.WidgetRenderer {
	pad := theme.Size(fynetheme.SizeNameInnerPadding)
	return widget.NewSimpleRenderer(&fyne.Container{Layout: inset{pad}, Objects: []fyne.CanvasObject{h.text}})
}

// inset keeps its only child a little away from the left, as labels are.
type inset struct{ left float32 }

func (i inset) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(i.left, 8)
}

func (i inset) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(i.left, 0))
	o[0].Resize(fyne.NewSize(max(0, size.Width-i.left), size.Height))
}
