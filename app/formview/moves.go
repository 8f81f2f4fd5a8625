package formview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/widgets"
	"anxin/forms"
)

// surface is what a view draws on: it takes the keys and shortcuts that belong to
// the form as a whole.
type surface struct {
	widget.BaseWidget
	view *View
	body *fyne.Container
}

func newSurface(v *View, body *fyne.Container) *surface {
	s := &surface{view: v, body: body}
	s.ExtendBaseWidget(s)
	return s
}

// Children lets objects inside be found.
func (s *surface) Children() []fyne.CanvasObject { return []fyne.CanvasObject{s.body} }

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

// TakeKey implements widgets.Keeper: F8 goes to the next required question, Enter
// in the last cell of a table adds a row.
func (s *surface) TakeKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyF8:
		return s.view.NextUnanswered()
	case fyne.KeyReturn:
		if f := s.view.withKeyboard(); f != nil && f.cell != nil {
			return f.cell.row.repeat.entered(f)
		}
	}
	return false
}

// TakeShortcut implements widgets.Keeper: undo and redo, and the rows of a table.
func (s *surface) TakeShortcut(sc fyne.Shortcut) bool {
	switch sc := sc.(type) {
	case *fyne.ShortcutUndo:
		return s.view.Undo()
	case *fyne.ShortcutRedo:
		return s.view.Redo()
	case *fyne.ShortcutPaste:
		if f := s.view.withKeyboard(); f != nil && f.cell != nil {
			return f.cell.row.repeat.paste(f, sc.Clipboard.Content())
		}
	case *desktop.CustomShortcut:
		if f := s.view.withKeyboard(); f != nil {
			return s.view.rowShortcut(f, sc)
		}
	}
	return false
}

// withKeyboard is the question that has the keyboard, nil for none.
func (v *View) withKeyboard() *field {
	c := fyne.CurrentApp().Driver().CanvasForObject(v.root)
	if c == nil {
		return nil
	}
	focused, ok := c.Focused().(fyne.CanvasObject)
	if !ok {
		return nil
	}
	for _, f := range v.fields {
		if f.control != nil && widgets.Holds(f.control.object(), focused) {
			return f
		}
	}
	return nil
}

// Undo takes back the last act and goes where it was; false if there is none.
func (v *View) Undo() bool { return v.travel(v.in.Undo) }

// Redo does again what Undo took back; false if there is nothing.
func (v *View) Redo() bool { return v.travel(v.in.Redo) }

// travel goes one step back or on in what was done. Steps a text field took back
// by itself have no effect any more and are passed over.
func (v *View) travel(step func() (string, []string)) bool {
	for {
		at, changed := step()
		if at == "" {
			return false
		}
		seen := v.differs(changed)
		v.forgetMoved(at)
		v.settle(changed, nil)
		if seen {
			v.Jump(at)
			return true
		}
	}
}

// differs tells whether any of these paths has another answer than was shown, or
// is no question.
func (v *View) differs(changed []string) bool {
	for _, path := range changed {
		f := v.fields[path]
		n, ok := v.in.Node(path)
		if ok && !n.Question.IsContainer() && !drawn(n.Question.Type) {
			continue
		}
		if !ok || n.Question.IsContainer() || f == nil || f.value != n.Value {
			return true
		}
	}
	return false
}

// NextUnanswered goes to the next required question without an answer after the
// one with the keyboard, from the end to the beginning again; false if there is none.
func (v *View) NextUnanswered() bool {
	after := ""
	if f := v.withKeyboard(); f != nil {
		after = f.path
	}
	path, ok := v.in.NextUnanswered(after)
	return ok && v.Jump(path)
}

// Jump puts the keyboard on a question, opening the rows it lies in. Of a row or a
// repeat the first question is taken.
func (v *View) Jump(path string) bool {
	again := false
	for at := strings.IndexByte(path, ']'); at >= 0; {
		row := path[:at+1]
		if r := v.repeats[row[:strings.LastIndexByte(row, '[')]]; r != nil {
			again = r.setOpen(rowNumber(row), true) || again
		}
		next := strings.IndexByte(path[at+1:], ']')
		if next < 0 {
			break
		}
		at += next + 1
	}
	if again {
		v.lay()
	}
	f := v.fields[path]
	if f == nil {
		f = v.firstIn(path)
	}
	return f != nil && f.reach()
}

// firstIn is the first question below a path that takes the keyboard.
func (v *View) firstIn(path string) *field {
	for _, p := range v.plan.order {
		if f := v.fields[p]; f != nil && f.stops() && (strings.HasPrefix(p, path+"/") || strings.HasPrefix(p, path+"[")) {
			return f
		}
	}
	return nil
}

// FocusFirst puts the keyboard on the first input.
func (v *View) FocusFirst() {
	for _, path := range v.plan.order {
		n, _ := v.in.Node(path)
		if f := v.fields[path]; f != nil && !n.Readonly && f.stops() && f.reach() {
			return
		}
	}
}

// reach scrolls the question into sight and gives it the keyboard.
func (f *field) reach() bool {
	f.view.reel.Reach(f.part)
	if f.control == nil {
		return false
	}
	f.showError()
	return focus(f.control.focus())
}

func focus(f fyne.Focusable) bool { return f != nil && widgets.Focus(f) }

// forgetMoved drops the widgets of all rows of a repeat a path lies in or is: their
// paths may have moved.
func (v *View) forgetMoved(path string) {
	for repeat := range v.repeats {
		if path == repeat || strings.HasPrefix(path, repeat+"[") && !strings.Contains(path[len(repeat):], "/") {
			v.plan.forgetBelow(repeat + "[")
			return
		}
	}
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

// drawn tells whether questions of a type are shown at all.
func drawn(t forms.Type) bool {
	switch t {
	case forms.TypeCalculate, forms.TypeHidden, forms.TypeStart, forms.TypeEnd, forms.TypeToday, forms.TypeDeviceID, forms.TypeUsername:
		return false
	}
	return true
}
