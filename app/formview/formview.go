// Package formview draws a form's instance as widgets and hands the answers
// back. It knows types, relevance, errors and repeats of forms; it refuses to
// know any law, any document and where answers are kept.
package formview

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// Options is what the owner of a form gives its view. Only Now is required.
type Options struct {
	Now      func() time.Time                           // for calendars; its zone is the answers'
	Language string                                     // language of choice labels, as given to the instance
	Window   fyne.Window                                // parent of questions asked, such as before removing a row
	Head     fyne.CanvasObject                          // stands above the form and scrolls with it; nil: none
	OnChange func(changed []string)                     // after each answer, with the paths that changed; the owner saves, debounced
	Attach   func(n forms.Node, then func(name string)) // asks for a file, picture or signature and gives the name it is kept under; nil: not offered
	Phrases  func(n forms.Node) []string                // ready phrases; nil: the column law:phrases, separated by |
	Tones    map[string]theme.Tone                      // tint of a picked segment, by the name of the choice
	Failed   func(err error)                            // an answer was refused, as when the form is frozen; nil: ignored, the old answer is shown again
}

// View shows one instance. All methods belong on the UI goroutine.
type View struct {
	in      *forms.Instance
	o       Options
	root    *fyne.Container
	scroll  *container.Scroll
	content *fyne.Container
	top     *group
	fields  map[string]*field
	repeats map[string]*repeat
	dirty   bool
	strict  bool // all errors are shown, not only those of what was touched
	busy    bool // answers are being shown, changes of widgets are echoes
}

// New builds the view of an instance.
func New(in *forms.Instance, o Options) *View {
	v := &View{in: in, o: o, content: container.NewVBox()}
	v.root, v.scroll = widgets.NewFormScroll(v.content)
	v.Rebuild() // showing what is there already is no answer
	return v
}

// Root is the view, scrolling by itself.
func (v *View) Root() fyne.CanvasObject { return v.root }

// Dirty tells whether an answer changed since New or Saved.
func (v *View) Dirty() bool { return v.dirty }

// Saved tells the view that its answers are kept now.
func (v *View) Saved() { v.dirty = false }

// build draws everything from the instance.
func (v *View) build() {
	v.fields, v.repeats = map[string]*field{}, map[string]*repeat{}
	v.top = v.newGroup(v.in.All(), 0)
	v.content.Objects = nil
	if v.o.Head != nil {
		v.content.Objects = []fyne.CanvasObject{v.o.Head}
	}
	v.content.Objects = append(v.content.Objects, v.top.objects()...)
	v.content.Refresh()
}

// Rebuild draws everything anew, after the instance was loaded, recalculated or
// frozen behind the view's back.
func (v *View) Rebuild() {
	v.busy = true
	v.build()
	v.busy = false
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
	v.busy = true
	defer func() { v.busy = false }()
	for _, path := range changed {
		if f := v.fields[path]; f != nil {
			f.refresh()
		}
		if r := v.repeats[path]; r != nil {
			r.refresh()
		}
		v.refreshRowOf(path)
	}
	v.top.arrange()
}

// refreshRowOf words the head of the row a path lies in.
func (v *View) refreshRowOf(path string) {
	for end := strings.LastIndexByte(path, ']'); end > 0; end = strings.LastIndexByte(path[:end], ']') {
		start := strings.LastIndexByte(path[:end], '[')
		if r := v.repeats[path[:start]]; r != nil {
			r.refreshHead(path[:end+1])
		}
	}
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
	if len(problems) > 0 {
		v.Jump(problems[0].Path)
	}
	return len(problems)
}

// Jump puts the keyboard on a question, opening the rows it lies in.
func (v *View) Jump(path string) bool {
	for at := strings.IndexByte(path, ']'); at >= 0; {
		row := path[:at+1]
		if r := v.repeats[row[:strings.LastIndexByte(row, '[')]]; r != nil {
			r.open(row, true)
		}
		next := strings.IndexByte(path[at+1:], ']')
		if next < 0 {
			break
		}
		at += next + 1
	}
	f := v.fields[path]
	if f == nil || f.control == nil {
		return false
	}
	if v.strict {
		f.showError()
	}
	return focus(f.control.focus())
}

// FocusFirst puts the keyboard on the first input.
func (v *View) FocusFirst() {
	for _, n := range v.in.Nodes() {
		if f := v.fields[n.Path]; f != nil && f.control != nil && !n.Readonly && focus(f.control.focus()) {
			return
		}
	}
}

func focus(f fyne.Focusable) bool {
	if f == nil {
		return false
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(f.(fyne.CanvasObject))
	if c == nil {
		return false
	}
	c.Focus(f)
	return true
}
