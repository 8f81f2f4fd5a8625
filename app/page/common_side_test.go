package page

import (
	"strings"
	"testing"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

// TestBackRestoresTheSideOfARecord: whoever leaves a record and comes back finds
// the side of it that was in sight, of a paper that is read off the window too.
func TestBackRestoresTheSideOfARecord(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			order := w.draftOrder()
			k, err := readOne[model.Document](w.env, order)
			sure(t, err)
			lists := []struct {
				of   string
				open func(arg string) shell.Page
				id   string
				side string
			}{
				{"case", func(arg string) shell.Page { return NewCases(w.env, arg) }, string(k.Value.Case), "cases.part.check"},
				{"visit", func(arg string) shell.Page { return NewInspections(w.env, arg) }, string(k.Value.Inspection), "inspections.part.record"},
				{"paper", func(arg string) shell.Page { return NewDocuments(w.env, arg) }, string(order), "documents.part.gates"},
				{"employer", func(arg string) shell.Page { return NewEmployers(w.env, arg) }, string(w.employer), "employers.part.past"},
			}
			uitest.Language(t, tag)
			for _, x := range lists {
				p := x.open(x.id)
				w.show(p)
				w.wide()
				w.screen.Tap(lang.T(x.side))
				state := p.(shell.Rememberer).State()
				if _, side, _ := strings.Cut(state, stateMark); side == "" || side == "0" {
					t.Errorf("%s is left as %q", x.of, state)
				}
				for _, arg := range []string{x.id, ""} { // come by a link, or found in the list
					again := x.open(arg)
					w.show(again)
					again.(shell.Rememberer).Restore(state)
					if got := again.(shell.Rememberer).State(); got != state {
						t.Errorf("%s restored as %q, left as %q", x.of, got, state)
					}
				}
			}
		})
	}
}
