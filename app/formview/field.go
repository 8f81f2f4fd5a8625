package formview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/widgets"
	"anxin/forms"
)

// field binds one question to its widgets, which are made when it is first relevant.
type field struct {
	view     *View
	path     string
	question *forms.Question
	relevant bool
	touched  bool   // was answered here, so that its error may be shown
	broken   string // why its choices cannot be listed
	box      *widgets.Field
	control  control
}

// control is the input of a question.
type control interface {
	object() fyne.CanvasObject
	focus() fyne.Focusable // nil: takes no keyboard
	show(n forms.Node)     // the answer and the choices
	freeze(readonly bool)  // may it be changed
	wide() bool            // takes the whole width
}

func (v *View) newField(n forms.Node) *field {
	f := &field{view: v, path: n.Path, question: n.Question, relevant: n.Relevant}
	v.fields[n.Path] = f
	return f
}

// widget makes the widgets on first use.
func (f *field) widget() *widgets.Field {
	if f.box != nil {
		return f.box
	}
	n, _ := f.view.in.Node(f.path)
	f.control = f.newControl(n)
	f.box = widgets.NewField(n.Label, f.body(n))
	f.box.Wide = f.control.wide()
	f.box.Bare = f.question.Type == forms.TypeNote
	f.fill(n)
	return f.box
}

// body is the input with the phrases below it.
func (f *field) body(n forms.Node) fyne.CanvasObject {
	phrases := f.phrases(n)
	text, ok := f.control.(*textControl)
	if len(phrases) == 0 || !ok {
		return f.control.object()
	}
	return container.NewVBox(text.object(), widgets.NewPhraseChips(phrases, text.insert))
}

func (f *field) phrases(n forms.Node) []string {
	if f.view.o.Phrases != nil {
		return f.view.o.Phrases(n)
	}
	var phrases []string
	for _, p := range strings.Split(f.question.Law["phrases"], "|") {
		if p = strings.TrimSpace(p); p != "" {
			phrases = append(phrases, p)
		}
	}
	return phrases
}

// refresh shows the node again; without widgets it only notes its relevance.
func (f *field) refresh() {
	n, ok := f.view.in.Node(f.path)
	if !ok {
		return // its row was removed
	}
	f.relevant = n.Relevant
	if f.box != nil {
		f.fill(n)
	}
}

func (f *field) fill(n forms.Node) {
	f.box.SetLabel(n.Label, n.Required)
	f.box.SetHint(hint(n))
	f.control.show(n)
	f.control.freeze(n.Readonly)
	f.tell(n.Error)
}

// hint is the form's hint, and the article a question rests on.
func hint(n forms.Node) string {
	parts := []string{}
	for _, p := range []string{n.Hint, n.Question.Law["basis"]} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "  ")
}

func (f *field) showError() {
	if n, ok := f.view.in.Node(f.path); ok && f.box != nil {
		f.tell(n.Error)
	}
}

// tell shows an error once the question was touched or all errors are wanted;
// what is right again is told at once.
func (f *field) tell(problem string) {
	if f.broken != "" {
		f.box.SetError(f.broken)
		return
	}
	if problem == "" || f.touched || f.view.strict {
		f.box.SetError(problem)
	}
}

// answer hands a finished answer on: a choice, a date, a file.
func (f *field) answer(value string) {
	if f.view.busy {
		return
	}
	f.touched = true
	f.view.set(f.path, value)
}

// typing hands text on while it is typed; its error waits until the input is left.
func (f *field) typing(value string) { f.view.set(f.path, value) }

// left shows the error of what was typed.
func (f *field) left(changed bool) {
	if changed {
		f.touched = true
		f.showError()
	}
}
