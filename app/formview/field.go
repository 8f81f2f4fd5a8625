package formview

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// field binds one question to its widgets, which it has while its part is in sight.
type field struct {
	view     *View
	path     string
	question *forms.Question
	look     look
	label    int // characters, to guess the height by
	part     *widgets.Part
	cell     *cell  // its place in a table; nil outside of tables
	value    string // the answer last shown
	touched  bool   // was answered here, so that its error may be shown
	broken   string // why its choices cannot be listed
	frame    frame
	control  control
}

// frame is what stands around an input: its label, hint and error.
type frame interface {
	SetLabel(text string, required bool)
	SetHint(text string)
	SetError(text string)
}

// control is the input of a question.
type control interface {
	object() fyne.CanvasObject
	focus() fyne.Focusable // nil: takes no keyboard
	show(n forms.Node)     // the answer and the choices
	freeze(readonly bool)  // may it be changed
}

func newField(v *View, n forms.Node) *field {
	return &field{view: v, path: n.Path, question: n.Question, look: lookOf(n, v.o.Language), value: n.Value,
		label: len([]rune(n.Label + n.Hint))}
}

// stops tells whether the Tab key stops at the question.
func (f *field) stops() bool { return f.look != lookNote && f.look != lookResult && !f.onPaper() }

// onPaper tells a question of a frozen form that is read as a text; what is chosen
// among choices in sight still shows them.
func (f *field) onPaper() bool { return f.view.in.Frozen() && f.look.typed() }

// twelfths is how much of a line the question takes.
func (f *field) twelfths() int {
	if share := f.share(); share > 0 {
		return share
	}
	if f.look.wide() || f.look == lookSegments && len(f.question.Choices) > 3 {
		return 12
	}
	return 6
}

// share is the width an appearance from w1 to w12 asks for, 0 for none.
func (f *field) share() int {
	for _, word := range strings.Fields(f.question.Appearance) {
		if rest, ok := strings.CutPrefix(word, "w"); ok {
			if n, err := strconv.Atoi(rest); err == nil && n >= 1 && n <= 12 {
				return n
			}
		}
	}
	return 0
}

// guess is about how high the question is at a width.
func (f *field) guess(width, text float32) float32 {
	row := theme.Size(theme.SizeRow)
	lines := float32(1 + int(float32(f.label)*text/max(width, text)))
	switch f.look {
	case lookNote, lookResult:
		return lines * text * 1.7
	case lookLines, lookChecks, lookRank:
		return lines*text*1.7 + 3*row
	}
	return (lines-1)*text*1.7 + row
}

// widget makes the widgets of a question that stands in a line.
func (f *field) widget() *widgets.Field {
	if box, ok := f.frame.(*widgets.Field); ok {
		return box
	}
	n, _ := f.view.in.Node(f.path)
	f.control = f.newControl()
	box := widgets.NewField(n.Label, f.body(n))
	box.Long = f.look == lookSegments && f.amongLong()
	box.Wide = f.twelfths() == 12 && f.share() == 0
	box.Share = f.share()
	box.Bare = f.look == lookNote
	box.Beside = f.look == lookMarks
	f.frame = box
	f.begin(n)
	return box
}

// amongLong tells whether the question is one of a row of the same choices of
// which some have long labels: all of them look alike then.
func (f *field) amongLong() bool {
	if f.question.Parent == nil {
		return false
	}
	return slices.ContainsFunc(f.question.Parent.Children, func(q *forms.Question) bool {
		return q.Type == f.question.Type && len(q.Choices) == len(f.question.Choices) && widgets.IsLong(q.Label.In(f.view.o.Language))
	})
}

// begin shows a question whose widgets were just made; what was answered before
// shows its error at once.
func (f *field) begin(n forms.Node) {
	f.touched = f.touched || n.Value != ""
	echo := f.view.busy
	f.view.busy = true
	f.fill(n)
	f.view.busy = echo
}

// forget drops the widgets.
func (f *field) forget() { f.frame, f.control = nil, nil }

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

// refresh shows the node again; without widgets it only notes the answer.
func (f *field) refresh(n forms.Node) {
	f.value = n.Value
	if f.frame != nil {
		f.fill(n)
	}
}

func (f *field) fill(n forms.Node) {
	f.value = n.Value
	frozen := f.view.in.Frozen()
	f.frame.SetLabel(n.Label, n.Required && !frozen)
	f.frame.SetHint(hint(n, frozen))
	f.control.show(n)
	f.control.freeze(n.Readonly)
	f.tell(n)
}

// hint is the form's hint, its guidance, and the article a question rests on; of a
// frozen form the article alone: there is nothing more to fill in.
func hint(n forms.Node, frozen bool) string {
	texts := []string{n.Hint, n.Guidance, n.Question.Law["basis"]}
	if frozen {
		texts = texts[2:]
	}
	parts := []string{}
	for _, p := range texts {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "  ")
}

func (f *field) showError() {
	if n, ok := f.view.in.Node(f.path); ok && f.frame != nil {
		f.tell(n)
	}
}

// tell shows an error once the question was touched or all errors are wanted;
// what is right again is told at once.
func (f *field) tell(n forms.Node) {
	problem := faultText(n.Fault)
	switch {
	case f.broken != "":
		f.frame.SetError(f.broken)
	case problem == "" || f.touched || f.view.strict:
		f.frame.SetError(problem)
	}
}

// faultText words a fault in the language of the screen; what the form words
// itself stays as it is.
func faultText(f forms.Fault) string {
	switch f.Code {
	case forms.FaultNone, forms.FaultOther:
		return f.String()
	case forms.FaultRequired:
		return lang.T("form.required")
	case forms.FaultRange:
		return lang.T("form.fault.range", "low", f.Args[0], "high", f.Args[1])
	case forms.FaultChoice:
		return lang.T("form.fault.choice", "name", f.Args[0])
	}
	return lang.T("form.fault." + string(f.Code))
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
		f.view.reel.Measure()
	}
}
