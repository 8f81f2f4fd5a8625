package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// chipRunes is how much of a phrase a chip shows; the whole phrase is inserted.
const chipRunes = 18

// NewPhraseChips shows ready phrases as chips; tapping one hands it to pick.
// Chips are no stops of the Tab key: they only save typing.
func NewPhraseChips(phrases []string, pick func(phrase string)) *fyne.Container {
	row := NewFlow()
	for _, p := range phrases {
		row.Add(newChip(p, func() { pick(p) }))
	}
	return row
}

type chip struct {
	widget.BaseWidget
	tapped func()
	text   *canvas.Text
	ground *canvas.Rectangle
}

func newChip(phrase string, tapped func()) *chip {
	shown := []rune(lang.Said(phrase)) // what is inserted is for a paper
	if len(shown) > chipRunes {
		shown = append(shown[:chipRunes-1:chipRunes-1], '…')
	}
	surface, ink := theme.Neutral.Pair()
	c := &chip{tapped: tapped, text: canvas.NewText(string(shown), ink), ground: canvas.NewRectangle(surface)}
	c.text.TextSize = theme.Size(theme.SizeTag)
	c.ground.CornerRadius = 8
	c.ExtendBaseWidget(c)
	return c
}

// Tapped implements fyne.Tappable.
func (c *chip) Tapped(*fyne.PointEvent) { c.tapped() }

// Cursor implements desktop.Cursorable.
func (c *chip) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.ground, container.New(layout.NewCustomPaddedLayout(2, 2, 8, 8), c.text)))
}

// Picked shows what was picked of many as chips that can be taken away again.
type Picked struct {
	Root *fyne.Container

	remove  func(key string)
	options []Option
	frozen  bool
}

// NewPicked makes an empty row; remove is told the key of a chip that was tapped.
func NewPicked(remove func(key string)) *Picked {
	p := &Picked{Root: NewFlow(), remove: remove}
	p.Root.Hide()
	return p
}

// Set shows these.
func (p *Picked) Set(options []Option) {
	if slices.Equal(options, p.options) {
		return
	}
	p.options = slices.Clone(options)
	p.Root.RemoveAll()
	for _, o := range options {
		c := newChip(o.Label, func() {
			if !p.frozen {
				p.remove(o.Key)
			}
		})
		c.text.Text += "  ✕"
		p.Root.Add(c)
	}
	setVisible(p.Root, len(options) > 0)
}

// RemoveLast takes the last one away.
func (p *Picked) RemoveLast() {
	if last := len(p.options) - 1; last >= 0 && !p.frozen {
		p.remove(p.options[last].Key)
	}
}

// Freeze keeps the chips from being taken away.
func (p *Picked) Freeze(on bool) { p.frozen = on }
