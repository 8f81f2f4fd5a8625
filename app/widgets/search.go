package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// mostSuggestions is how many suggestions stand under a search field, and
// SearchLimit how many it needs to be given to know that there are more.
const (
	mostSuggestions = 8
	SearchLimit     = mostSuggestions + 1
)

// SearchField is an input with suggestions standing below it, for registers too
// long for a drop-down. Down opens and chooses, Up chooses, Enter picks, Escape closes. The
// suggestions take room in the form instead of floating, so that the keyboard
// never leaves the input.
type SearchField struct {
	Root      *fyne.Container
	Entry     *Entry
	OnMoved   func() // the height changed
	OnEmptied func() // BackSpace was pressed in the empty input
	// Offer words what OnNew does with a text that none of the suggestions is; it
	// stands as the last of them. nil: nothing new can be made here.
	Offer func(text string) string
	OnNew func(text string)

	find   func(text string) []Option
	picked func(Option)
	input  *searchEntry
	list   *fyne.Container
	found  []Option
	note   string // the line below the suggestions
	fresh  bool   // the last suggestion is the offer
	at     int
	quiet  bool
}

// NewSearchField makes the input. find answers the best options for what was typed,
// at most SearchLimit of them are of use; picked is told the choice. Typing on after a choice calls
// picked with the zero Option.
func NewSearchField(find func(text string) []Option, picked func(Option)) *SearchField {
	f := &SearchField{find: find, picked: picked, list: container.NewVBox()}
	f.input = &searchEntry{field: f}
	f.input.init(f.input)
	f.Entry = &f.input.Entry
	f.Entry.OnChanged = func(string) { f.typed() }
	f.list.Hide()
	f.Root = container.NewVBox(f.input, f.list)
	return f
}

// Focusable returns the input to put the keyboard on.
func (f *SearchField) Focusable() fyne.Focusable { return f.input }

// SetText shows a choice without searching or telling.
func (f *SearchField) SetText(text string) {
	f.quiet = true
	f.Entry.SetText(text)
	f.quiet = false
	f.close()
}

func (f *SearchField) typed() {
	if f.quiet {
		return
	}
	f.picked(Option{})
	if f.Entry.Text == "" {
		f.close()
		return
	}
	f.suggest()
}

func (f *SearchField) suggest() {
	f.found, f.at, f.note = f.find(f.Entry.Text), 0, ""
	if len(f.found) > mostSuggestions {
		f.found, f.note = f.found[:mostSuggestions], lang.T("widget.search.more")
	}
	f.offer(strings.TrimSpace(f.Entry.Text))
	if len(f.found) == 0 {
		f.note = lang.T("widget.search.none")
	}
	f.draw()
}

func (f *SearchField) offer(text string) {
	known := slices.ContainsFunc(f.found, func(o Option) bool { return o.Label == text })
	if f.fresh = f.Offer != nil && text != "" && !known; f.fresh {
		f.found = append(slices.Clip(f.found), Option{Label: f.Offer(text)})
	}
}

func (f *SearchField) draw() {
	f.list.RemoveAll()
	for i, o := range f.found {
		f.list.Add(newSuggestion(o.Label, i == f.at, func() { f.take(i) }))
	}
	if f.note != "" {
		f.list.Add(NewCaption(f.note))
	}
	setVisible(f.list, len(f.list.Objects) > 0)
	f.Root.Refresh()
	if f.OnMoved != nil {
		f.OnMoved()
	}
}

func (f *SearchField) close() {
	f.found, f.note = nil, ""
	f.draw()
}

func (f *SearchField) take(i int) {
	choice := f.found[i]
	if f.fresh && i == len(f.found)-1 {
		text := strings.TrimSpace(f.Entry.Text)
		f.close()
		f.OnNew(text)
		return
	}
	f.SetText(choice.Label)
	f.Entry.CursorColumn = len([]rune(choice.Label))
	f.Entry.Refresh()
	f.picked(choice)
}

// searchEntry sends the keys that choose to the field.
type searchEntry struct {
	Entry
	field *SearchField
}

// TypedKey implements fyne.Focusable.
func (e *searchEntry) TypedKey(k *fyne.KeyEvent) {
	f := e.field
	if len(f.found) == 0 {
		switch {
		case k.Name == fyne.KeyDown:
			f.suggest()
		case k.Name == fyne.KeyBackspace && f.Entry.Text == "" && f.OnEmptied != nil:
			f.OnEmptied()
		default:
			e.Entry.TypedKey(k)
		}
		return
	}
	switch k.Name {
	case fyne.KeyDown:
		f.at = min(f.at+1, len(f.found)-1)
		f.draw()
	case fyne.KeyUp:
		f.at = max(f.at-1, 0)
		f.draw()
	case fyne.KeyReturn, fyne.KeyEnter:
		f.take(f.at)
	case fyne.KeyEscape:
		f.close()
	default:
		e.Entry.TypedKey(k)
	}
}

// suggestion is one row under a search field.
type suggestion struct {
	widget.BaseWidget
	tapped func()
	ground *canvas.Rectangle
	text   *widget.Label
}

func newSuggestion(text string, chosen bool, tapped func()) *suggestion {
	s := &suggestion{tapped: tapped, ground: canvas.NewRectangle(theme.Background), text: widget.NewLabel(text)}
	if chosen {
		s.ground.FillColor = theme.Selection
	}
	s.text.Truncation = fyne.TextTruncateEllipsis
	s.ExtendBaseWidget(s)
	return s
}

// Tapped implements fyne.Tappable.
func (s *suggestion) Tapped(*fyne.PointEvent) { s.tapped() }

// Cursor implements desktop.Cursorable.
func (s *suggestion) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (s *suggestion) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(s.ground, s.text))
}
