// Package formview draws a form's instance as widgets and hands the answers
// back. It knows types, relevance, errors and repeats of forms; it refuses to
// know any law, any document and where answers are kept.
//
// A form is planned as a column of parts: headings, lines of questions, rows of
// repeats. Only parts in sight have widgets; every answer goes to the instance
// with each key, so that a part that scrolls away loses nothing.
package formview

import (
	"image"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// Options is what the owner of a form gives its view. Only Now is required.
type Options struct {
	Now       func() time.Time                           // for calendars; its zone is the answers'
	Language  string                                     // language of choice labels, as given to the instance
	Window    fyne.Window                                // parent of questions asked, such as before removing a row
	Head      fyne.CanvasObject                          // stands above the form and scrolls with it; nil: none
	OnChange  func(changed []string)                     // after each answer, with the paths that changed; the owner saves, debounced
	Attach    func(n forms.Node, then func(name string)) // asks for a file, picture or signature and gives the name it is kept under; nil: not offered
	Called    func(name string) string                   // what an attachment is called on screen; nil: by its name
	Thumbnail func(name string) image.Image              // a small picture of an attachment; nil, or answering nil: the name only
	Phrases   func(n forms.Node) []string                // ready phrases; nil: the column law:phrases, separated by |
	Tones     map[string]theme.Tone                      // tint of a picked segment, by the name of the choice
	Failed    func(err error)                            // an answer was refused, as when the form is frozen; nil: ignored, the old answer is shown again
}

// View shows one instance. All methods belong on the UI goroutine.
type View struct {
	in      *forms.Instance
	o       Options
	root    *surface
	reel    *widgets.Reel
	bar     *requiredBar
	plan    *plan
	fields  map[string]*field  // of the questions that have a place now
	repeats map[string]*repeat // with which rows are open
	missing map[string]bool    // required and without an answer
	dirty   bool
	strict  bool // all errors are shown, not only those of what was touched
	busy    bool // answers are being shown, changes of widgets are echoes
}

// New builds the view of an instance.
func New(in *forms.Instance, o Options) *View {
	v := &View{in: in, o: o, reel: widgets.NewReel()}
	v.bar = newRequiredBar(func() { v.NextUnanswered() })
	v.root = newSurface(v, widgets.NewBorder(nil, v.bar.root, nil, nil, v.reel))
	v.reel.OnWidth = v.widthChanged
	v.Rebuild() // showing what is there already is no answer
	return v
}

// Root is the view, scrolling by itself.
func (v *View) Root() fyne.CanvasObject { return v.root }

// Dirty tells whether an answer changed since New or Saved.
func (v *View) Dirty() bool { return v.dirty }

// Saved tells the view that its answers are kept now.
func (v *View) Saved() { v.dirty = false }

// Rebuild draws everything anew, after the instance was loaded, recalculated or
// frozen behind the view's back.
func (v *View) Rebuild() {
	v.fields, v.repeats, v.plan = map[string]*field{}, map[string]*repeat{}, nil
	v.lay()
}

// lay plans the parts and gives them to the reel, keeping what is there already.
func (v *View) lay() {
	echo := v.busy
	v.busy = true
	v.plan = newPlan(v, v.plan)
	v.fields = v.plan.fields
	v.missing = v.plan.missing
	v.reel.SetParts(v.plan.parts)
	v.showBar()
	v.busy = echo
}

// widthChanged draws repeats as tables or as lines, whichever there is room for.
func (v *View) widthChanged(float32) {
	for _, r := range v.repeats {
		if r.table != r.fits() {
			v.lay()
			return
		}
	}
}

// set hands an answer to the instance and shows what it changed.
func (v *View) set(path, value string) {
	if v.busy || v.in.Value(path) == value {
		return
	}
	changed, err := v.in.Set(path, value)
	if err != nil {
		changed = append(changed, path) // the input shows the old answer again
	}
	v.settle(changed, err)
}

// settle shows the outcome of a change of the instance and tells the owner.
func (v *View) settle(changed []string, err error) {
	if err != nil && v.o.Failed != nil {
		v.o.Failed(err)
	}
	v.Apply(changed)
	if err == nil {
		v.dirty = true
		if v.o.OnChange != nil {
			v.o.OnChange(changed)
		}
	}
}

// Apply shows the answers, errors and visibility of these paths again.
func (v *View) Apply(changed []string) {
	echo := v.busy
	v.busy = true
	again := v.plan.stale
	for _, path := range changed {
		n, ok := v.in.Node(path)
		was, known := v.plan.relevant[path]
		switch {
		case !ok, known && was != n.Relevant, !known && n.Question.IsContainer():
			again = true
		case n.Question.IsContainer() && n.Row == 0 && v.plan.rows[path] != n.Rows:
			again = true
		case v.plan.headed(n):
			again = true
		}
		if ok {
			v.note(n)
		}
		if f := v.fields[path]; f != nil && ok {
			f.refresh(n)
		}
		v.refreshRowOf(path)
	}
	v.busy = echo
	if again {
		v.lay()
		return
	}
	v.showBar()
	v.reel.Measure()
}

func (v *View) showBar() {
	if v.bar.show(len(v.missing), v.in.Frozen()) {
		v.root.body.Refresh()
	}
}

// note keeps count of the required questions without an answer.
func (v *View) note(n forms.Node) {
	if unanswered(n) {
		v.missing[n.Path] = true
	} else {
		delete(v.missing, n.Path)
	}
}

// unanswered tells a question in sight that still has to be answered.
func unanswered(n forms.Node) bool {
	q := n.Question
	return n.Relevant && n.Required && n.Value == "" && !q.IsContainer() && q.Type != forms.TypeNote && drawn(q.Type)
}

// ShowErrors shows every error from now on, goes to the first and returns their number.
func (v *View) ShowErrors() int {
	v.strict = true
	problems := v.in.Errors()
	v.busy = true
	for _, f := range v.fields {
		f.showError()
	}
	for _, r := range v.repeats {
		r.refreshHeads()
	}
	v.busy = false
	v.reel.Measure()
	if len(problems) > 0 {
		v.Jump(problems[0].Path)
	}
	return len(problems)
}
