package page

import (
	"testing"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

// TestPagesSpeakEnglish opens the pages with a case and a visit in English.
func TestPagesSpeakEnglish(t *testing.T) {
	w := newWorld(t)
	visit := w.announced().id
	uitest.Language(t, "en")
	c := only[model.Case](w).ID
	w.screen.Resize(1366-168, 768-60)
	for _, page := range []struct {
		name string
		page shell.Page
		see  []string
	}{
		{"leads", NewLeads(w.env, ""), []string{"Respondent", "Accepted"}},
		{"inspections", NewInspections(w.env, string(visit)), []string{"Checklist", "Announced", "C02 Owner has given a payment guarantee"}},
		{"cases", NewCases(w.env, string(c)), []string{"Investigating", "Clocks", "What happened", "People", "Lead officer"}},
	} {
		w.show(page.page)
		w.screen.Capture("en-" + page.name)
		for _, a := range page.page.(shell.Acter).Actions() {
			if a.Label == "" || lang.Has(a.Label) {
				t.Errorf("%s: an action says %q", page.name, a.Label)
			}
		}
		for _, text := range page.see {
			if !w.screen.Sees(text) {
				t.Errorf("%s does not show %q", page.name, text)
			}
		}
	}
}
