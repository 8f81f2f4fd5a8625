package page

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// TestPhotosOfAPaperAreChosenFromTheEvidence: one press of a button fills as
// many rows as photos were ticked, by the keyboard alone.
func TestPhotosOfAPaperAreChosenFromTheEvidence(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	visit := w.recordedVisit()
	box := NewInspections(w.env, string(visit))
	w.show(box)
	files := photos(t)
	box.Dropped([]string{files[0], files[2]})
	w.screen.Tap(lang.T("dialog.close")) // one is not what its name says
	c := only[model.Case](w)
	id, err := w.env.Desk.DraftPaper(t.Context(), casework.PaperIn{Type: "D08b", Case: c.ID})
	sure(t, err)
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	d := p.shown.(*documentDetail)
	row, _, err := d.form.in.Add("/pictures")
	sure(t, err)
	d.form.view.Rebuild()
	d.form.view.Jump(row + "/photo")
	w.screen.Tap(lang.T("form.image"))
	w.screen.MustSee(lang.T("pictures.choose"))
	if _, ok := w.screen.Focused().(*widgets.Check); !ok {
		t.Errorf("the keyboard is on %T", w.screen.Focused())
	}
	w.screen.Type(" ")
	w.screen.Press(fyne.KeyTab)
	w.screen.Type(" ")
	w.screen.Capture("pictures-choose")
	w.screen.Tap(lang.T("pictures.take"))
	p.Save()
	k, err := readOne[model.Document](w.env, id)
	sure(t, err)
	rows, _ := k.Value.Fields["pictures"].([]any)
	if len(rows) != 2 {
		t.Fatalf("the paper shows %v", k.Value.Fields["pictures"])
	}
	for _, x := range rows {
		r := x.(map[string]any)
		if hash, _ := r["photo"].(string); len(hash) != 64 || r["caption"] == "" {
			t.Errorf("row %v", r)
		}
	}
	d = p.shown.(*documentDetail)
	d.form.view.Jump("/pictures[1]/photo")
	w.screen.Capture("pictures-chosen")
	for _, x := range rows {
		if hash := x.(map[string]any)["photo"].(string); w.screen.Sees(hash) || strings.Contains(d.form.pictures.Called(hash), hash[:8]) {
			t.Error("a person reads a hash")
		}
	}
}

// TestNoPhotosNoChoice: where there is no evidence the officer is told where it
// comes from.
func TestNoPhotosNoChoice(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	askPictures(newPictureSource(w.env, w.opened(), ""), func([]*model.Evidence) { t.Error("something was chosen") })
	if len(w.host.said) != 1 || w.host.said[0] != lang.T("pictures.none") {
		t.Errorf("said %v", w.host.said)
	}
}
