package formview

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
)

// newControl makes the input of a question.
func (f *field) newControl() control {
	if f.onPaper() {
		return &resultControl{f: f, text: widgets.NewCopyable("")}
	}
	switch f.look {
	case lookNote:
		return &noteControl{text: widgets.NewParagraph("")}
	case lookResult:
		return &resultControl{f: f, text: widgets.NewCopyable("")}
	case lookMoment:
		return f.newMoment()
	case lookPoint:
		return f.newPoint()
	case lookAcknowledge:
		return f.newAcknowledge()
	case lookScale:
		return f.newScale()
	case lookFile:
		return f.newFile()
	case lookText, lookLines:
		return f.newText()
	}
	return f.newChoice()
}

// textControl is typed text: also numbers, a time of day, a bar code that a
// scanner types.
type textControl struct {
	f     *field
	entry *widgets.Entry
	typed bool
}

func (f *field) newText() *textControl {
	c := &textControl{f: f, entry: widgets.NewEntry()}
	if f.look == lookLines {
		c.entry = widgets.NewMultiLine(3)
	}
	switch f.question.Type {
	case forms.TypeTime:
		c.entry.SetPlaceHolder(lang.T("form.time"))
	case forms.TypeBarcode:
		c.entry.SetPlaceHolder(lang.T("form.barcode"))
	}
	c.entry.OnChanged = func(text string) {
		if !f.view.busy {
			c.typed = true
			f.typing(f.view.answerFrom(f.question, text))
		}
	}
	c.entry.OnFocus = func(in bool) {
		if !in {
			c.tidy()
			f.left(c.typed)
		}
	}
	return c
}

// tidy shows a number or a time as it was understood.
func (c *textControl) tidy() {
	understood := c.f.view.answerFrom(c.f.question, c.entry.Text)
	if c.typed && c.f.question.Type != forms.TypeText && understood != c.entry.Text {
		c.entry.SetText(understood)
	}
}

func (c *textControl) object() fyne.CanvasObject { return c.entry }
func (c *textControl) focus() fyne.Focusable     { return c.entry }
func (c *textControl) freeze(readonly bool)      { setEnabled(c.entry, !readonly) }

// show leaves the text alone when it already says so: setting it would move the caret.
func (c *textControl) show(n forms.Node) {
	if c.entry.Text != n.Value && c.f.view.answerFrom(c.f.question, c.entry.Text) != n.Value {
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

// momentControl is a date, or a date and a time of day, a month or a year.
type momentControl struct {
	f     *field
	input *widgets.DateField
	typed bool
}

func (f *field) newMoment() *momentControl {
	c := &momentControl{f: f, input: f.newDateField()}
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

func (f *field) newDateField() *widgets.DateField {
	now := f.view.o.Now
	switch q := f.question; {
	case q.Type == forms.TypeDateTime:
		return widgets.NewDateTimeField(now)
	case q.HasAppearance("month-year"):
		return widgets.NewMonthField(now)
	case q.HasAppearance("year"):
		return widgets.NewYearField(now)
	case q.HasAppearance("no-calendar"):
		return widgets.NewTypedDateField(now)
	}
	return widgets.NewDateField(now)
}

func (c *momentControl) timed() bool { return c.f.question.Type == forms.TypeDateTime }

// value is the answer the form keeps: ISO where it can be read, else what was typed.
func (c *momentControl) value(text string) string {
	t, err := c.input.Parse(text)
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
func (c *momentControl) freeze(readonly bool)      { setEnabled(c.input, !readonly) }

func (c *momentControl) show(n forms.Node) {
	if c.value(c.input.Text) == n.Value {
		return
	}
	layout := widgets.DateLayout
	if c.timed() {
		layout = time.RFC3339
	}
	if t, err := time.Parse(layout, n.Value); err == nil {
		if c.timed() {
			t = t.In(c.f.view.o.Now().Location())
		}
		c.input.SetValue(t)
		return
	}
	c.input.SetText(n.Value)
}

// pointControl is a place as latitude and longitude in degrees; a pair that is
// pasted into the first goes to both.
type pointControl struct {
	f        *field
	root     *fyne.Container
	lat, lon *widgets.Entry
	rest     string // altitude and accuracy, kept as they came
}

func (f *field) newPoint() *pointControl {
	c := &pointControl{f: f, lat: widgets.NewEntry(), lon: widgets.NewEntry()}
	c.lat.SetPlaceHolder(lang.T("form.point.lat"))
	c.lon.SetPlaceHolder(lang.T("form.point.lon"))
	for _, e := range []*widgets.Entry{c.lat, c.lon} {
		e.OnChanged = func(string) { c.changed() }
		e.OnFocus = func(in bool) {
			if !in {
				c.split()
				f.left(c.value() != "")
			}
		}
	}
	c.root = container.NewGridWithColumns(2, c.lat, c.lon)
	return c
}

func (c *pointControl) changed() {
	if !c.f.view.busy {
		c.f.typing(c.value())
	}
}

// split shows a pair that was entered into the first in both.
func (c *pointControl) split() {
	if lat, lon, ok := pair(c.lat.Text); ok && c.lon.Text == "" {
		echo := c.f.view.busy
		c.f.view.busy = true
		c.lat.SetText(lat)
		c.lon.SetText(lon)
		c.f.view.busy = echo
	}
}

// pair splits "31.23, 121.47" and "31.23 121.47".
func pair(text string) (lat, lon string, ok bool) {
	words := strings.FieldsFunc(narrow(text), func(r rune) bool { return r == ',' || r == '，' || r == ' ' || r == '、' || r == '\t' })
	if len(words) != 2 {
		return "", "", false
	}
	return words[0], words[1], true
}

func (c *pointControl) value() string {
	lat, lon := narrow(c.lat.Text), narrow(c.lon.Text)
	if first, second, ok := pair(c.lat.Text); ok && lon == "" {
		lat, lon = first, second
	}
	return strings.Join(strings.Fields(lat+" "+lon+" "+c.rest), " ")
}

func (c *pointControl) object() fyne.CanvasObject { return c.root }
func (c *pointControl) focus() fyne.Focusable     { return c.lat }
func (c *pointControl) freeze(readonly bool) {
	setEnabled(c.lat, !readonly)
	setEnabled(c.lon, !readonly)
}

func (c *pointControl) show(n forms.Node) {
	if c.value() == n.Value {
		return
	}
	words := append(strings.Fields(n.Value), "", "")
	c.rest = strings.TrimSpace(strings.Join(words[2:], " "))
	c.lat.SetText(words[0])
	c.lon.SetText(words[1])
}

// resultControl is an answer that is only read, worked out by the form or of a
// frozen one: shown as text that can be copied.
type resultControl struct {
	f    *field
	text *widgets.Copyable
}

func (c *resultControl) object() fyne.CanvasObject { return c.text }
func (c *resultControl) focus() fyne.Focusable     { return nil }
func (c *resultControl) freeze(bool)               {}

func (c *resultControl) show(n forms.Node) {
	text := c.f.view.in.Display(n.Path)
	if c.f.look == lookMoment {
		m := c.f.newMoment() // knows how a day or a time is written
		m.show(n)
		text = m.input.Text
	}
	if text != c.text.Words() {
		c.text.SetText(text)
	}
}

// noteControl is a text without an answer.
type noteControl struct{ text *widgets.Paragraph }

func (c *noteControl) object() fyne.CanvasObject { return c.text }
func (c *noteControl) focus() fyne.Focusable     { return nil }
func (c *noteControl) freeze(bool)               {}

func (c *noteControl) show(n forms.Node) {
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
func (c *acknowledgeControl) freeze(readonly bool)      { setEnabled(c.box, !readonly) }
func (c *acknowledgeControl) show(n forms.Node) {
	if on := n.Value != "" && n.Value != "false"; on != c.box.Checked {
		c.box.Set(on)
	}
}

// scaleControl is a number on a slider.
type scaleControl struct{ scale *widgets.Scale }

func (f *field) newScale() *scaleControl {
	number := func(name string, otherwise float64) float64 {
		v, err := strconv.ParseFloat(f.question.Parameters[name], 64)
		if err != nil {
			return otherwise
		}
		return v
	}
	return &scaleControl{widgets.NewScale(number("start", 1), number("end", 10), number("step", 1), f.answer)}
}

func (c *scaleControl) object() fyne.CanvasObject { return c.scale }
func (c *scaleControl) focus() fyne.Focusable     { return c.scale.Focusable() }
func (c *scaleControl) freeze(readonly bool)      { setEnabled(c.scale, !readonly) }
func (c *scaleControl) show(n forms.Node) {
	if c.scale.Value() != n.Value {
		c.scale.SetValue(n.Value)
	}
}
