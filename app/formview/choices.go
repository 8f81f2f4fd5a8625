package formview

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
)

// How many choices, and how many characters in all, still stand as segments in
// sight; and from how many on a drop-down is too long to look through.
const (
	mostSegments     = 6
	mostSegmentRunes = 30
	mostInDropDown   = 40
)

// options are the choices of a question as they are offered now; why they cannot
// be listed is told at the question.
func (f *field) options() []widgets.Option {
	choices, err := f.view.in.Choices(f.path)
	f.broken = ""
	if err != nil {
		f.broken = dialogs.Sentence(err)
	}
	options := make([]widgets.Option, len(choices))
	for i, c := range choices {
		label := c.Label.In(f.view.o.Language)
		if label == "" {
			label = c.Name
		}
		options[i] = widgets.Option{Key: c.Name, Label: label}
	}
	return options
}

// newChoice draws one of several: segments while they are few and short, a
// search field while they are many, a drop-down between.
func (f *field) newChoice(n forms.Node) control {
	options := f.options()
	runes := 0
	for _, o := range options {
		runes += len([]rune(o.Label))
	}
	q := f.question
	short := len(options) > 0 && len(options) <= mostSegments && runes <= mostSegmentRunes
	switch {
	case q.HasAppearance("autocomplete"), q.File != "", len(options) > mostInDropDown:
		return f.newSearch()
	case short && !q.HasAppearance("minimal") && q.ChoiceFilter == "":
		return f.newSegments(options)
	}
	return &selectControl{f, widgets.NewSelect(options, f.answer)}
}

// segmentControl is a row of choices in sight.
type segmentControl struct {
	f    *field
	row  *widgets.Segments
	much bool
}

func (f *field) newSegments(options []widgets.Option) *segmentControl {
	c := &segmentControl{f: f, row: widgets.NewSegments(options, f.answer), much: len(options) > 3}
	c.row.SetTones(f.view.o.Tones)
	return c
}

func (c *segmentControl) object() fyne.CanvasObject { return c.row }
func (c *segmentControl) focus() fyne.Focusable     { return c.row }
func (c *segmentControl) wide() bool                { return c.much }
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
func (c *selectControl) wide() bool                { return false }
func (c *selectControl) freeze(readonly bool)      { setEnabled(c.drop, !readonly) }
func (c *selectControl) show(n forms.Node) {
	c.drop.SetChoices(c.f.options())
	if c.drop.Key() != n.Value {
		c.drop.SetKey(n.Value)
	}
}

// searchControl looks choices up by what is typed, in labels and in the other
// columns of the list, such as pinyin initials.
type searchControl struct {
	f     *field
	input *widgets.SearchField
	shown string // the answer whose label stands in the input
}

func (f *field) newSearch() *searchControl {
	c := &searchControl{f: f}
	c.input = widgets.NewSearchField(c.find, func(o widgets.Option) {
		c.shown = o.Key
		f.answer(o.Key)
	})
	c.input.Entry.SetPlaceHolder(lang.T("form.search"))
	return c
}

func (c *searchControl) find(text string) []widgets.Option {
	text = strings.ToLower(strings.TrimSpace(text))
	choices, err := c.f.view.in.Choices(c.f.path)
	if err != nil {
		return nil
	}
	var found []widgets.Option
	for _, choice := range choices {
		label := choice.Label.In(c.f.view.o.Language)
		hit := strings.Contains(strings.ToLower(label), text) || strings.HasPrefix(strings.ToLower(choice.Name), text)
		for _, other := range choice.Extra {
			hit = hit || strings.HasPrefix(strings.ToLower(other), text)
		}
		if hit {
			found = append(found, widgets.Option{Key: choice.Name, Label: label})
		}
	}
	return found
}

func (c *searchControl) object() fyne.CanvasObject { return c.input.Root }
func (c *searchControl) focus() fyne.Focusable     { return c.input.Focusable() }
func (c *searchControl) wide() bool                { return false }
func (c *searchControl) freeze(readonly bool)      { setEnabled(c.input.Entry, !readonly) }
func (c *searchControl) show(n forms.Node) {
	if c.shown != n.Value {
		c.shown = n.Value
		c.input.SetText(c.f.view.in.Display(n.Path))
	}
}

// checksControl is any number of choices.
type checksControl struct {
	f     *field
	boxes *widgets.Checks
}

func (f *field) newChecks() *checksControl {
	return &checksControl{f, widgets.NewChecks(f.options(), func(keys []string) { f.answer(strings.Join(keys, " ")) })}
}

func (c *checksControl) object() fyne.CanvasObject { return c.boxes.Root }
func (c *checksControl) wide() bool                { return true }
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

// rankControl puts choices in an order with arrows; unranked ones stand last.
type rankControl struct {
	f      *field
	root   *fyne.Container
	order  []string
	frozen bool
}

func (f *field) newRank() *rankControl { return &rankControl{f: f, root: container.NewVBox()} }

func (c *rankControl) object() fyne.CanvasObject { return c.root }
func (c *rankControl) wide() bool                { return true }
func (c *rankControl) focus() fyne.Focusable     { return nil }
func (c *rankControl) freeze(readonly bool) {
	if c.frozen != readonly {
		c.frozen = readonly
		c.draw()
	}
}

func (c *rankControl) show(n forms.Node) {
	order := strings.Fields(n.Value)
	for _, o := range c.f.options() {
		if !slices.Contains(order, o.Key) {
			order = append(order, o.Key)
		}
	}
	if !slices.Equal(order, c.order) || len(c.root.Objects) == 0 {
		c.order = order
		c.draw()
	}
}

func (c *rankControl) draw() {
	labels := map[string]string{}
	for _, o := range c.f.options() {
		labels[o.Key] = o.Label
	}
	c.root.RemoveAll()
	for i, key := range c.order {
		up := widgets.NewQuietButton("", fynetheme.MoveUpIcon(), func() { c.swap(i, i-1) })
		down := widgets.NewQuietButton("", fynetheme.MoveDownIcon(), func() { c.swap(i, i+1) })
		setEnabled(up, i > 0 && !c.frozen)
		setEnabled(down, i < len(c.order)-1 && !c.frozen)
		c.root.Add(container.NewBorder(nil, nil, container.NewHBox(up, down), nil, widget.NewLabel(labels[key])))
	}
}

func (c *rankControl) swap(i, j int) {
	c.order[i], c.order[j] = c.order[j], c.order[i]
	c.draw()
	c.f.answer(strings.Join(c.order, " "))
}
