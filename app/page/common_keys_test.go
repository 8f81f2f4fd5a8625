package page

import (
	"testing"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/model"
)

var (
	_ shell.Undoer   = (*Leads)(nil)
	_ shell.Redoer   = (*Leads)(nil)
	_ shell.Answerer = (*Inspections)(nil)
)

// What was typed last is taken back and done again without the keyboard in the form.
func TestAPageUndoesItsForm(t *testing.T) {
	w := newWorld(t)
	l := NewLeads(w.env, "")
	w.show(l)
	if l.Undo() || l.Redo() || l.NextUnanswered() {
		t.Error("an empty page has something to undo")
	}
	w.act(lang.T("leads.new"))
	w.screen.Fill("反映的情况", "工资没有发")
	form := l.shownForm()
	claim := func() string {
		var v model.Lead
		if err := form.Write(&v); err != nil {
			t.Fatal(err)
		}
		return v.Claim
	}
	if claim() != "工资没有发" {
		t.Fatalf("the form holds %q", claim())
	}
	if !l.Undo() || claim() != "" {
		t.Errorf("after undo the form holds %q", claim())
	}
	if !l.Redo() || claim() != "工资没有发" {
		t.Errorf("after redo the form holds %q", claim())
	}
	if !l.NextUnanswered() {
		t.Error("a new lead has no question to answer")
	}
}

// Where list and record have no room side by side, Escape goes from the record to
// the list and no further.
func TestBackGoesToTheListOfANarrowWindow(t *testing.T) {
	w := newWorld(t)
	p := w.planned()
	w.screen.Resize(1366-168, 768-60)
	if p.Back() {
		t.Error("side by side there is nowhere to go")
	}
	w.screen.Resize(900-48, 600-60)
	p.Show(p.id)
	if !p.Back() || p.panes.InDetail() {
		t.Error("the list was not brought to the front")
	}
	if p.Back() {
		t.Error("the list has nothing behind it")
	}
}
