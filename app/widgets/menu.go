package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// menuRows is how many options of a drop-down are in sight at once.
const menuRows = 10

// menu is the opened list of a drop-down. What is typed narrows it, also by pinyin
// initials; Up and Down choose, Enter and Tab pick, Escape closes.
type menu struct {
	popup  *widget.PopUp
	filter *menuEntry
	list   *widget.List
	all    []Option
	found  []Option
	at     int
	picked func(Option)
	canvas fyne.Canvas
	below  fyne.CanvasObject
}

// openMenu opens the options below an object, with a text to narrow them by.
func openMenu(c fyne.Canvas, below fyne.CanvasObject, options []Option, key, text string, picked func(Option)) {
	m := &menu{all: options, picked: picked, canvas: c, below: below}
	m.filter = &menuEntry{menu: m}
	m.filter.init(m.filter)
	m.filter.SetPlaceHolder(lang.T("widget.filter"))
	m.list = widget.NewList(func() int { return len(m.found) }, newMenuRow, m.fill)
	m.list.HideSeparators = true
	m.list.OnSelected = func(i int) { m.pick(i) }
	m.popup = widget.NewPopUp(NewBorder(m.filter, nil, nil, nil, m.list), c)
	m.filter.OnChanged = func(text string) { m.narrow(text) }
	m.narrow("")
	m.at = max(0, slices.IndexFunc(options, func(o Option) bool { return o.Key == key }))
	c.Focus(m.filter)
	if text != "" {
		m.filter.SetText(text)
		m.filter.moveCaret(len([]rune(text)))
	}
	m.list.ScrollTo(m.at)
}

// room is the size of the menu and its place: below the object, or above it where
// there is more room.
func (m *menu) room() (fyne.Size, fyne.Position) {
	row := newMenuRow().MinSize().Height + theme.Size(fynetheme.SizeNamePadding)
	rows := float32(min(max(len(m.found), 1), menuRows))
	below := m.below
	size := fyne.NewSize(max(below.Size().Width, 160), m.filter.MinSize().Height+row*rows+8)
	top := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	under := m.canvas.Size().Height - top.Y - below.Size().Height
	if under < size.Height && top.Y > under {
		size.Height = min(size.Height, top.Y)
		return size, top.SubtractXY(0, size.Height)
	}
	size.Height = min(size.Height, max(under, 3*row))
	return size, top.AddXY(0, below.Size().Height)
}

// narrow shows the options that match, the best first.
func (m *menu) narrow(text string) {
	m.found, m.at = Narrow(m.all, text), 0
	size, at := m.room()
	m.popup.ShowAtPosition(at)
	m.popup.Resize(size)
	m.list.Refresh()
	m.list.ScrollToTop()
}

// Narrow returns the options whose label or key matches a text, the best matches
// first and otherwise in the order given.
func Narrow(options []Option, text string) []Option {
	var found [5][]Option
	for _, o := range options {
		rank, ok := Match(o.Label, text)
		if !ok {
			if _, ok = Match(o.Key, text); !ok {
				continue
			}
			rank = 4
		}
		found[rank] = append(found[rank], o)
	}
	return slices.Concat(found[:]...)
}

func (m *menu) move(by int) {
	m.at = min(max(m.at+by, 0), len(m.found)-1)
	m.list.Refresh()
	m.list.ScrollTo(max(m.at, 0))
}

func (m *menu) pick(i int) {
	if i < 0 || i >= len(m.found) {
		return
	}
	choice := m.found[i]
	m.popup.Hide()
	m.picked(choice)
}

func newMenuRow() fyne.CanvasObject {
	label := widget.NewLabel("")
	label.Truncation = fyne.TextTruncateEllipsis
	return container.NewStack(canvas.NewRectangle(theme.Card), label)
}

func (m *menu) fill(i int, row fyne.CanvasObject) {
	if i >= len(m.found) {
		return
	}
	parts := row.(*fyne.Container).Objects
	ground, label := parts[0].(*canvas.Rectangle), parts[1].(*widget.Label)
	ground.FillColor = theme.Card
	if i == m.at {
		ground.FillColor = theme.Selection
	}
	ground.Refresh()
	label.SetText(m.found[i].Label)
}

// menuEntry narrows the options of a menu and sends the keys that choose to it.
type menuEntry struct {
	Entry
	menu *menu
}

// TypedKey implements fyne.Focusable.
func (e *menuEntry) TypedKey(k *fyne.KeyEvent) {
	m := e.menu
	switch k.Name {
	case fyne.KeyDown:
		m.move(1)
	case fyne.KeyUp:
		m.move(-1)
	case fyne.KeyPageDown:
		m.move(menuRows)
	case fyne.KeyPageUp:
		m.move(-menuRows)
	case fyne.KeyReturn, fyne.KeyEnter:
		m.pick(m.at)
	case fyne.KeyTab:
		if m.pick(m.at); len(m.found) == 0 {
			m.popup.Hide()
		}
		FocusNext(m.below)
	case fyne.KeyEscape:
		m.popup.Hide()
	default:
		e.Entry.TypedKey(k)
	}
}

// AcceptsTab makes Tab pick and go on to the next input.
func (e *menuEntry) AcceptsTab() bool { return true }
