package formview

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
)

// newControl makes the input of a question.
func (f *field) newControl(n forms.Node) control {
	q := f.question
	switch {
	case q.Type == forms.TypeNote:
		return &noteControl{text: widgets.NewParagraph("")}
	case q.Calculation != "" && n.Readonly:
		return &resultControl{f: f, text: widgets.NewParagraph("")}
	}
	switch q.Type {
	case forms.TypeDate, forms.TypeDateTime:
		return f.newMoment()
	case forms.TypeSelectOne:
		return f.newChoice(n)
	case forms.TypeSelectMultiple:
		return f.newChecks()
	case forms.TypeRank:
		return f.newRank()
	case forms.TypeAcknowledge:
		return f.newAcknowledge()
	case forms.TypeImage, forms.TypeAudio, forms.TypeVideo, forms.TypeFile:
		return f.newFile()
	}
	return f.newText()
}

// textControl is typed text: also numbers, a time of day, a place, a bar code.
type textControl struct {
	f     *field
	entry *widgets.Entry
	typed bool
	lines bool
}

func (f *field) newText() *textControl {
	c := &textControl{f: f, lines: f.question.Type == forms.TypeText && f.question.HasAppearance("multiline")}
	c.entry = widgets.NewEntry()
	if c.lines {
		c.entry = widgets.NewMultiLine(3)
	}
	if f.question.Type == forms.TypeTime {
		c.entry.SetPlaceHolder(lang.T("form.time"))
	}
	c.entry.OnChanged = func(text string) {
		if !f.view.busy {
			c.typed = true
			f.typing(text)
		}
	}
	c.entry.OnFocus = func(in bool) {
		if !in {
			f.left(c.typed)
		}
	}
	return c
}

func (c *textControl) object() fyne.CanvasObject { return c.entry }
func (c *textControl) focus() fyne.Focusable     { return c.entry }
func (c *textControl) wide() bool                { return c.lines }
func (c *textControl) freeze(readonly bool)      { setEnabled(c.entry, !readonly) }

// show leaves the text alone when it already says so: setting it would move the caret.
func (c *textControl) show(n forms.Node) {
	if c.entry.Text != n.Value && strings.TrimSpace(c.entry.Text) != n.Value {
		c.entry.SetText(n.Value)
	}
}

func (c *textControl) insert(phrase string) {
	if !c.entry.Disabled() {
		c.entry.InsertAtCursor(phrase)
	}
}

func setEnabled(w fyne.Disableable, on bool) {
	switch {
	case on && w.Disabled():
		w.Enable()
	case !on && !w.Disabled():
		w.Disable()
	}
}

// momentControl is a date, or a date and a time of day.
type momentControl struct {
	f     *field
	input *widgets.DateField
	typed bool
}

func (f *field) newMoment() *momentControl {
	c := &momentControl{f: f, input: widgets.NewDateField(f.view.o.Now)}
	if c.timed() {
		c.input = widgets.NewDateTimeField(f.view.o.Now)
	}
	c.input.OnChanged = func(text string) {
		if !f.view.busy {
			c.typed = true
			f.typing(c.value(text))
		}
	}
	c.input.OnFocus = func(in bool) {
		if !in {
			f.left(c.typed)
		}
	}
	return c
}

func (c *momentControl) timed() bool { return c.f.question.Type == forms.TypeDateTime }

// value is the answer the form keeps: ISO where it can be read, else what was typed.
func (c *momentControl) value(text string) string {
	t, err := widgets.ParseMoment(text, c.timed(), c.f.view.o.Now().Location())
	switch {
	case err != nil:
		return text
	case c.timed():
		return t.Format(time.RFC3339)
	}
	return t.Format(widgets.DateLayout)
}

func (c *momentControl) object() fyne.CanvasObject { return c.input }
func (c *momentControl) focus() fyne.Focusable     { return c.input }
func (c *momentControl) wide() bool                { return false }
func (c *momentControl) freeze(readonly bool)      { setEnabled(c.input, !readonly) }

func (c *momentControl) show(n forms.Node) {
	if c.value(c.input.Text) == n.Value {
		return
	}
	if t, err := time.Parse(time.RFC3339, n.Value); err == nil && c.timed() {
		c.input.SetValue(t.In(c.f.view.o.Now().Location()))
		return
	}
	c.input.SetText(n.Value)
}

// resultControl is an answer the form works out: shown as text that can be copied.
type resultControl struct {
	f    *field
	text *widget.Label
}

func (c *resultControl) object() fyne.CanvasObject { return c.text }
func (c *resultControl) focus() fyne.Focusable     { return nil }
func (c *resultControl) wide() bool                { return false }
func (c *resultControl) freeze(bool)               {}

func (c *resultControl) show(n forms.Node) {
	c.text.Selectable = true
	if text := c.f.view.in.Display(n.Path); text != c.text.Text {
		c.text.Wrapping = widgets.WrapFor(text)
		c.text.SetText(text)
	}
}

// noteControl is a text without an answer.
type noteControl struct{ text *widget.Label }

func (c *noteControl) object() fyne.CanvasObject { return c.text }
func (c *noteControl) focus() fyne.Focusable     { return nil }
func (c *noteControl) wide() bool                { return true }
func (c *noteControl) freeze(bool)               {}

func (c *noteControl) show(n forms.Node) {
	c.text.Wrapping = widgets.WrapFor(n.Label)
	c.text.SetText(n.Label)
}

// acknowledged is the answer of a ticked acknowledgement.
const acknowledged = "OK"

// acknowledgeControl is a single box to tick.
type acknowledgeControl struct{ box *widgets.Check }

func (f *field) newAcknowledge() *acknowledgeControl {
	return &acknowledgeControl{widgets.NewCheck(lang.T("form.acknowledge"), func(on bool) {
		if on {
			f.answer(acknowledged)
		} else {
			f.answer("")
		}
	})}
}

func (c *acknowledgeControl) object() fyne.CanvasObject { return c.box }
func (c *acknowledgeControl) focus() fyne.Focusable     { return c.box }
func (c *acknowledgeControl) wide() bool                { return false }
func (c *acknowledgeControl) freeze(readonly bool)      { setEnabled(c.box, !readonly) }
func (c *acknowledgeControl) show(n forms.Node) {
	if on := n.Value != "" && n.Value != "false"; on != c.box.Checked {
		c.box.Set(on)
	}
}

// fileControl is the name of a file, picture, recording or signature, and the
// buttons that choose and drop it.
type fileControl struct {
	f            *field
	root         *fyne.Container
	name         *widget.Label
	choose, drop *widgets.Button
}

func (f *field) newFile() *fileControl {
	c := &fileControl{f: f, name: widget.NewLabel("")}
	c.name.Truncation = fyne.TextTruncateEllipsis
	key, icon := "form.file", fynetheme.FolderOpenIcon()
	switch {
	case f.question.HasAppearance("signature"):
		key, icon = "form.signature", fynetheme.DocumentCreateIcon()
	case f.question.Type == forms.TypeImage:
		key, icon = "form.image", fynetheme.MediaPhotoIcon()
	}
	c.choose = widgets.NewActionButton(widgets.Action{Label: lang.T(key), Icon: icon, Do: func() {
		n, _ := f.view.in.Node(f.path)
		f.view.o.Attach(n, f.answer)
	}})
	c.drop = widgets.NewQuietButton("", fynetheme.CancelIcon(), func() { f.answer("") })
	c.root = container.NewBorder(nil, nil, c.choose, c.drop, c.name)
	return c
}

func (c *fileControl) object() fyne.CanvasObject { return c.root }
func (c *fileControl) focus() fyne.Focusable     { return c.choose }
func (c *fileControl) wide() bool                { return false }

func (c *fileControl) freeze(readonly bool) {
	setEnabled(c.choose, !readonly && c.f.view.o.Attach != nil)
	setEnabled(c.drop, !readonly)
}

func (c *fileControl) show(n forms.Node) {
	c.name.SetText(n.Value)
	if n.Value == "" {
		c.name.SetText(lang.T("form.file.none"))
		c.drop.Hide()
		return
	}
	c.drop.Show()
}
