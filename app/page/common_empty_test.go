package page

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

// An empty list says what to do and has a button that does it.
func TestEmptyListsSayWhatToDo(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			uitest.Language(t, tag)
			w.screen.Resize(1366-168, 768-60)
			for _, c := range []struct {
				page   shell.Page
				says   string
				button string
				leads  [2]string // where the button goes; none: it opens something here
			}{
				{NewCases(w.env, ""), "cases.empty", "cases.begin", [2]string{placeLeads, newArg}},
				{NewLeads(w.env, ""), "leads.empty", "leads.new", [2]string{}},
				{NewInspections(w.env, ""), "inspections.empty", "inspections.new", [2]string{}},
				{NewDocuments(w.env, ""), "documents.empty", "documents.new", [2]string{}},
			} {
				w.show(c.page)
				w.screen.MustSee(lang.T(c.says))
				if len(w.screen.Buttons(lang.T(c.button))) == 0 {
					t.Errorf("%s has no button %q", c.says, lang.T(c.button))
					continue
				}
				w.screen.Tap(lang.T(c.button))
				if c.leads != [2]string{} && w.host.last() != c.leads {
					t.Errorf("%q goes to %v", lang.T(c.button), w.host.last())
				}
			}
		})
	}
}

// F8 away from any input goes to the next required question on every page with a form.
func TestF8GoesToWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	w.screen.Resize(1366-168, 768-60)
	e := NewEmployers(w.env, "")
	w.show(e)
	e.New()
	s := NewSettings(w.env, "")
	for _, c := range []struct {
		name string
		page shell.Page
	}{{"employers", e}, {"settings", s}} {
		w.show(c.page)
		if c.name == "settings" {
			path := questionPath(s.side.(*registerDetail[model.Office, *model.Office]).form.in.Form(), "name")
			form := s.side.(*registerDetail[model.Office, *model.Office]).form
			changed, err := form.in.Set(path, "")
			sure(t, err)
			form.view.Apply(changed)
		}
		w.screen.Focus(nil)
		if !c.page.(shell.Answerer).NextUnanswered() || w.screen.Focused() == fyne.Focusable(nil) {
			t.Errorf("%s: F8 goes nowhere", c.name)
		}
		if !c.page.(shell.Undoer).Undo() && c.name == "settings" {
			t.Errorf("%s: Ctrl+Z takes nothing back", c.name)
		}
	}
}

// What is no region is not saved; what is written otherwise is kept as the tables write it.
func TestOfficesRegionIsJudged(t *testing.T) {
	w := newWorld(t)
	w.narrow()
	s := NewSettings(w.env, "")
	w.show(s)
	region := func() string {
		o, err := w.env.Desk.Office(t.Context())
		sure(t, err)
		return o.Value.Region
	}
	before := region()
	w.screen.Fill("适用地区", "胡南")
	s.Save()
	w.screen.MustSee("没有名为“胡南”的地区")
	w.screen.Press(fyne.KeyEscape)
	if region() != before {
		t.Fatalf("%q was saved", region())
	}
	w.screen.Fill("适用地区", "浙江省杭州市")
	s.Save()
	if region() != "浙江" {
		t.Errorf("saved as %q", region())
	}
}
