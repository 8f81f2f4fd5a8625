package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// Question is something to confirm. Verb names the act ("删除", never "确定"),
// Cancel may stay empty.
type Question struct {
	Title, Text  string
	Verb, Cancel string
	Danger       bool
	Yes, No      func()
}

// Confirm asks; Enter says yes unless the act is dangerous, then it cancels.
func Confirm(win fyne.Window, q Question) {
	if q.Cancel == "" {
		q.Cancel = lang.T("dialog.cancel")
	}
	m := newModal(win, q.Title, widgets.NewParagraph(q.Text))
	yes := widgets.Action{Label: q.Verb, Do: m.then(q.Yes), Primary: !q.Danger, Danger: q.Danger}
	no := widgets.Action{Label: q.Cancel, Do: m.then(q.No)}
	m.cancel, m.accept = no.Do, yes.Do
	if q.Danger {
		m.accept = no.Do
		m.show(nil, yes, no)
		return
	}
	m.show(nil, no, yes)
}

// Choose offers several ways on; Escape takes none of them and calls cancelled,
// Enter takes the last.
func Choose(win fyne.Window, title, text string, cancelled func(), ways ...widgets.Action) {
	m := newModal(win, title, widgets.NewParagraph(text))
	m.cancel = m.then(cancelled)
	actions := []widgets.Action{{Label: lang.T("dialog.cancel"), Do: m.cancel}}
	for _, w := range ways {
		w.Do = m.then(w.Do)
		actions = append(actions, w)
	}
	m.accept = actions[len(actions)-1].Do
	m.show(nil, actions...)
}

// Inform tells something that needs no answer.
func Inform(win fyne.Window, title, text string) { Show(win, title, widgets.NewParagraph(text)) }

// Show shows a body of the caller's that needs no answer.
func Show(win fyne.Window, title string, body fyne.CanvasObject) {
	m := newModal(win, title, body)
	m.cancel = m.then(nil)
	m.accept = m.cancel
	m.show(nil, widgets.Action{Label: lang.T("dialog.close"), Do: m.cancel, Primary: true})
}

// Custom shows a body of the caller's with verb buttons, the last being the
// default; without any there is only to be read. close closes the dialog. first takes the keyboard and may be nil.
// Buttons do not close the dialog by themselves.
func Custom(win fyne.Window, title string, body fyne.CanvasObject, first fyne.Focusable, buttons func(close func()) []widgets.Action) {
	m := newModal(win, title, body)
	actions := buttons(m.close)
	m.cancel, m.accept = m.close, m.close
	if len(actions) > 0 {
		m.accept = actions[len(actions)-1].Do
	}
	m.show(first, append([]widgets.Action{{Label: lang.T("dialog.cancel"), Do: m.close}}, actions...)...)
}

// Prompt asks for one text. Check may be nil; its error is shown under the input
// and the dialog stays open.
type Prompt struct {
	Title, Label, Hint string
	Value              string
	Verb               string
	Lines              int // more than 1: a text of several lines, Ctrl+Enter is not needed, the button accepts
	Check              func(string) error
	OK                 func(string)
}

// Ask shows a prompt.
func Ask(win fyne.Window, p Prompt) {
	input := widgets.NewEntry()
	if p.Lines > 1 {
		input = widgets.NewMultiLine(p.Lines)
	}
	input.SetText(p.Value)
	field := widgets.NewField(p.Label, input).Span()
	field.SetHint(p.Hint)
	m := newModal(win, p.Title, widgets.NewFieldGrid(field))
	ok := func() {
		if p.Check != nil {
			if err := p.Check(input.Text); err != nil {
				field.SetError(Sentence(err))
				m.fit()
				return
			}
		}
		m.then(func() { p.OK(input.Text) })()
	}
	if p.Lines <= 1 {
		input.OnSubmitted = func(string) { ok() }
	}
	m.cancel, m.accept = m.then(nil), ok
	m.show(input, widgets.Action{Label: lang.T("dialog.cancel"), Do: m.cancel}, widgets.Action{Label: p.Verb, Do: ok, Primary: true})
}

// PassphrasePrompt asks for a passphrase, twice when it is a new one.
type PassphrasePrompt struct {
	Title, Text string
	Verb        string
	Repeat      bool
	Check       func(string) error // nil: anything but empty
	OK          func(string)
}

// Passphrase shows the prompt; the text is never shown.
func Passphrase(win fyne.Window, p PassphrasePrompt) {
	first, again := widgets.NewPassword(), widgets.NewPassword()
	field := widgets.NewField(lang.T("dialog.passphrase"), first).Span()
	fields := []*widgets.Field{field}
	if p.Repeat {
		fields = append(fields, widgets.NewField(lang.T("dialog.passphrase.again"), again).Span())
	}
	m := newModal(win, p.Title, container.NewVBox(widgets.NewParagraph(p.Text), widgets.NewFieldGrid(fields...)))
	ok := func() {
		if problem := passphraseProblem(p, first.Text, again.Text); problem != "" {
			field.SetError(problem)
			m.fit()
			return
		}
		m.then(func() { p.OK(first.Text) })()
	}
	first.OnSubmitted = func(string) {
		if p.Repeat {
			widgets.FocusNext(first)
			return
		}
		ok()
	}
	again.OnSubmitted = func(string) { ok() }
	m.cancel, m.accept = m.then(nil), ok
	m.show(first, widgets.Action{Label: lang.T("dialog.cancel"), Do: m.cancel}, widgets.Action{Label: p.Verb, Do: ok, Primary: true})
}

func passphraseProblem(p PassphrasePrompt, first, again string) string {
	switch {
	case first == "":
		return lang.T("dialog.passphrase.empty")
	case p.Repeat && first != again:
		return lang.T("dialog.passphrase.differ")
	case p.Check != nil:
		if err := p.Check(first); err != nil {
			return Sentence(err)
		}
	}
	return ""
}
