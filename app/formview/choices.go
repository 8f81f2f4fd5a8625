package formview

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
)

// newChoice makes the input of a question that is answered by choosing.
func (f *field) newChoice() control {
	switch f.look {
	case lookSearch:
		return f.newSearch()
	case lookMany:
		return f.newMany()
	case lookChecks:
		return &checksControl{f, widgets.NewChecks(f.options(), func(keys []string) { f.answer(strings.Join(keys, " ")) })}
	case lookMarks:
		return f.newMarks()
	case lookRank:
		return &rankControl{f, widgets.NewRanking(f.options(), func(keys []string) { f.answer(strings.Join(keys, " ")) })}
	case lookSegments, lookLikert:
		return f.newSegments()
	}
	return &selectControl{f, widgets.NewSelect(f.options(), f.answer)}
}

// options are the choices of a question as they are offered now; why they cannot
// be listed is told at the question.
func (f *field) options() []widgets.Option {
	choices, err := f.view.in.Choices(f.path)
	f.broken = ""
	if err != nil {
		f.broken = dialogs.Sentence(err)
	}
	return f.optionsOf(choices)
}

func (f *field) optionsOf(choices []forms.Choice) []widgets.Option {
	options := make([]widgets.Option, len(choices))
	for i, c := range choices {
		options[i] = widgets.Option{Key: c.Name, Label: labelOf(c, f.view.o.Language)}
	}
	return options
}

// segmentControl is a row of choices in sight.
type segmentControl struct {
	f   *field
	row *widgets.Segments
}

func (f *field) newSegments() *segmentControl {
	c := &segmentControl{f: f, row: widgets.NewSegments(f.options(), f.answer)}
	c.row.Even = f.look == lookLikert
	c.row.SetTones(f.view.o.Tones)
	return c
}

func (c *segmentControl) object() fyne.CanvasObject { return c.row }
func (c *segmentControl) focus() fyne.Focusable     { return c.row }
func (c *segmentControl) freeze(readonly bool)      { setEnabled(c.row, !readonly) }
func (c *segmentControl) show(n forms.Node) {
	c.row.SetChoices(c.f.options())
	c.row.SetKey(n.Value)
}

// selectControl is a drop-down.
type selectControl struct {
	f    *field
	drop *widgets.Select
}

func (c *selectControl) object() fyne.CanvasObject { return c.drop }
func (c *selectControl) focus() fyne.Focusable     { return c.drop }
func (c *selectControl) freeze(readonly bool)      { setEnabled(c.drop, !readonly) }
func (c *selectControl) show(n forms.Node) {
	c.drop.SetChoices(c.f.options())
	if c.drop.Key() != n.Value {
		c.drop.SetKey(n.Value)
	}
}

// marksControl is a row of a grid of choices.
type marksControl struct {
	f   *field
	row *widgets.Marks
}

func (f *field) newMarks() *marksControl {
	several := f.question.Type == forms.TypeSelectMultiple
	return &marksControl{f, widgets.NewMarks(f.choices(), several, func(keys []string) { f.answer(strings.Join(keys, " ")) })}
}

func (c *marksControl) object() fyne.CanvasObject { return c.row }
func (c *marksControl) focus() fyne.Focusable     { return c.row }
func (c *marksControl) freeze(readonly bool)      { setEnabled(c.row, !readonly) }
func (c *marksControl) show(n forms.Node) {
	if keys := strings.Fields(n.Value); !slices.Equal(keys, c.row.Keys()) {
		c.row.SetKeys(keys)
	}
}

// find looks choices up by what is typed: in their labels, also by pinyin initials,
// in their names and in the other columns of the list. A register is asked for the
// few that are shown; it is never loaded.
func (f *field) find(text string) []widgets.Option {
	if f.question.File != "" {
		found, _, err := f.view.in.Search(f.path, text, widgets.SearchLimit)
		if err != nil {
			f.broken = dialogs.Sentence(err)
			f.frame.SetError(f.broken)
			return nil
		}
		return f.optionsOf(found)
	}
	choices, err := f.view.in.Choices(f.path)
	if err != nil {
		return nil // told where the choices are listed
	}
	found := widgets.Narrow(f.optionsOf(choices), text)
	if len(found) == 0 {
		found = f.optionsOf(slices.DeleteFunc(slices.Clone(choices), func(c forms.Choice) bool { return !extraHas(c, text) }))
	}
	return found[:min(len(found), widgets.SearchLimit)]
}

// extraHas tells whether another column of the list begins with a text.
func extraHas(c forms.Choice, text string) bool {
	for _, other := range c.Extra {
		if strings.HasPrefix(strings.ToLower(other), strings.ToLower(strings.TrimSpace(text))) {
			return true
		}
	}
	return false
}

// searchControl picks one of many.
type searchControl struct {
	f     *field
	input *widgets.SearchField
	shown string // the answer whose label stands in the input
}

func (f *field) newSearch() *searchControl {
	c := &searchControl{f: f}
	c.input = widgets.NewSearchField(f.find, func(o widgets.Option) {
		c.shown = o.Key
		f.answer(o.Key)
	})
	c.input.OnMoved = f.view.reel.Measure
	c.input.Entry.SetPlaceHolder(lang.T("form.search"))
	return c
}

func (c *searchControl) object() fyne.CanvasObject { return c.input.Root }
func (c *searchControl) focus() fyne.Focusable     { return c.input.Focusable() }
func (c *searchControl) freeze(readonly bool)      { setEnabled(c.input.Entry, !readonly) }
func (c *searchControl) show(n forms.Node) {
	c.f.broken = ""
	if c.f.question.File != "" {
		if _, _, err := c.f.view.in.Search(n.Path, "", 1); err != nil {
			c.f.broken = dialogs.Sentence(err)
		}
	}
	if c.shown != n.Value {
		c.shown = n.Value
		c.input.SetText(c.f.view.in.Display(n.Path))
	}
}

// manyControl picks any number of many: a search field, and what was picked above it.
type manyControl struct {
	f      *field
	root   *fyne.Container
	picked *widgets.Picked
	input  *widgets.SearchField
}

func (f *field) newMany() *manyControl {
	c := &manyControl{f: f}
	c.picked = widgets.NewPicked(func(key string) {
		f.answer(strings.Join(slices.DeleteFunc(c.keys(), func(k string) bool { return k == key }), " "))
	})
	c.input = widgets.NewSearchField(f.find, func(o widgets.Option) {
		if o.Key == "" {
			return // typing on after a choice takes nothing back
		}
		c.input.SetText("")
		if !slices.Contains(c.keys(), o.Key) {
			f.answer(strings.Join(append(c.keys(), o.Key), " "))
		}
	})
	c.input.OnMoved = f.view.reel.Measure
	c.input.OnEmptied = c.picked.RemoveLast
	c.input.Entry.SetPlaceHolder(lang.T("form.search"))
	c.root = container.NewVBox(c.picked.Root, c.input.Root)
	return c
}

func (c *manyControl) keys() []string { return strings.Fields(c.f.view.in.Value(c.f.path)) }

func (c *manyControl) object() fyne.CanvasObject { return c.root }
func (c *manyControl) focus() fyne.Focusable     { return c.input.Focusable() }
func (c *manyControl) freeze(readonly bool) {
	setEnabled(c.input.Entry, !readonly)
	c.picked.Freeze(readonly)
}

func (c *manyControl) show(n forms.Node) {
	keys := strings.Fields(n.Value)
	labels := strings.Split(c.f.view.in.Display(n.Path), "、")
	options := make([]widgets.Option, len(keys))
	for i, k := range keys {
		options[i] = widgets.Option{Key: k, Label: k}
		if len(labels) == len(keys) {
			options[i].Label = labels[i]
		}
	}
	c.picked.Set(options)
}

// checksControl is any number of choices in sight.
type checksControl struct {
	f     *field
	boxes *widgets.Checks
}

func (c *checksControl) object() fyne.CanvasObject { return c.boxes.Root }
func (c *checksControl) focus() fyne.Focusable {
	if boxes := c.boxes.Boxes(); len(boxes) > 0 {
		return boxes[0]
	}
	return nil
}
func (c *checksControl) freeze(readonly bool) {
	for _, box := range c.boxes.Boxes() {
		setEnabled(box, !readonly)
	}
}
func (c *checksControl) show(n forms.Node) {
	c.boxes.SetChoices(c.f.options())
	c.boxes.SetKeys(strings.Fields(n.Value))
}

// rankControl puts choices in an order.
type rankControl struct {
	f    *field
	list *widgets.Ranking
}

func (c *rankControl) object() fyne.CanvasObject { return c.list }
func (c *rankControl) focus() fyne.Focusable     { return c.list }
func (c *rankControl) freeze(readonly bool)      { setEnabled(c.list, !readonly) }
func (c *rankControl) show(n forms.Node)         { c.list.Set(c.f.options(), strings.Fields(n.Value)) }
