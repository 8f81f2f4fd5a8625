package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// MostFound is how many rows a Finder shows.
const MostFound = 10

// Found is one row of a Finder: what it is, a word about it at the right, and
// what choosing it does.
type Found struct {
	Icon          fyne.Resource // optional
	Title, Detail string
	Do            func()
}

// Finder is an input above a list of a fixed height, to choose one of what was
// found by typing. Up and Down move, Enter chooses; the keyboard stays in the input.
type Finder struct {
	Root  *fyne.Container
	Entry *Entry

	chosen func(Found)
	input  *finderEntry
	list   *fyne.Container
	note   *Paragraph
	found  []Found
	at     int
}

// NewFinder makes the input. typed is told each change of the text and answers by
// Show, at once or later; chosen is told what was picked, before its Do is called.
func NewFinder(placeholder string, typed func(text string), chosen func(Found)) *Finder {
	f := &Finder{chosen: chosen, list: container.NewVBox(), note: NewCaption("")}
	f.input = &finderEntry{finder: f}
	f.input.init(f.input)
	f.Entry = &f.input.Entry
	f.Entry.SetPlaceHolder(placeholder)
	f.Entry.OnChanged = typed
	high := float32(MostFound) * (theme.Size(theme.SizeRow) + 3)
	f.Root = NewBorder(f.input, f.note, nil, nil, AtLeast(0, high, container.NewVBox(f.list)))
	return f
}

// Focusable returns the input to put the keyboard on.
func (f *Finder) Focusable() fyne.Focusable { return f.input }

// Show lists what was found, the first row marked, with a line below.
func (f *Finder) Show(found []Found, note string) {
	f.found, f.at = found[:min(len(found), MostFound)], 0
	f.note.SetText(note)
	f.draw()
}

// Accept chooses the marked row, if there is one.
func (f *Finder) Accept() {
	if f.at < len(f.found) {
		f.take(f.found[f.at])
	}
}

func (f *Finder) take(x Found) {
	f.chosen(x)
	x.Do()
}

func (f *Finder) draw() {
	f.list.RemoveAll()
	for i, x := range f.found {
		f.list.Add(newFoundRow(x, i == f.at, func() { f.take(x) }))
	}
	f.list.Refresh()
}

func (f *Finder) step(by int) {
	if n := len(f.found); n > 0 {
		f.at = (f.at + by + n) % n
		f.draw()
	}
}

// finderEntry sends the keys that choose to the finder.
type finderEntry struct {
	Entry
	finder *Finder
}

// TypedKey implements fyne.Focusable.
func (e *finderEntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyDown:
		e.finder.step(1)
	case fyne.KeyUp:
		e.finder.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		e.finder.Accept()
	default:
		e.Entry.TypedKey(k)
	}
}

// foundRow is one row of a Finder.
type foundRow struct {
	widget.BaseWidget
	tapped func()
	body   fyne.CanvasObject
}

func newFoundRow(x Found, marked bool, tapped func()) *foundRow {
	ground := canvas.NewRectangle(theme.Card)
	if marked {
		ground.FillColor = theme.Selection
	}
	title := widget.NewLabel(x.Title)
	title.Truncation = fyne.TextTruncateEllipsis
	detail := NewCaption(x.Detail)
	detail.Wrapping = fyne.TextWrapOff
	icon := widget.NewIcon(x.Icon)
	left := container.NewGridWrap(fyne.NewSquareSize(theme.Size(theme.SizeRow)-8), icon)
	row := NewBorder(nil, nil, container.NewCenter(left), container.NewHBox(layout.NewSpacer(), detail), title)
	r := &foundRow{tapped: tapped, body: container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(0, 0, 6, 6), row))}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *foundRow) Tapped(*fyne.PointEvent) { r.tapped() }

// Cursor implements desktop.Cursorable.
func (r *foundRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (r *foundRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }
