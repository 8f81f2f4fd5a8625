package page

import (
	"os"
	"path/filepath"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// TestEvidenceIsSeenExportedAndLinked: what is done with a piece stands in its
// chain of custody, and it is tied to what it shows.
func TestEvidenceIsSeenExportedAndLinked(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	visit := w.recordedVisit()
	p := NewInspections(w.env, string(visit))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	p.Dropped(photos(t)[:1])
	box := p.shown.(*visitDetail).files()
	box.list.Select(0)
	w.screen.MustSee(lang.T("evidence.custody"), lang.T("evidence.custody.imported"), "C14")
	w.screen.Tap(lang.T("evidence.open"))
	copied := filepath.Join(t.TempDir(), "副本.png")
	uitest.AnswerFiles(t, copied)
	w.screen.Tap(lang.T("evidence.export"))
	w.screen.MustSee(lang.T("evidence.custody.viewed"), lang.T("evidence.custody.exported"))
	if _, err := os.Stat(copied); err != nil || len(files.shown) != 1 {
		t.Errorf("shown %v, copy %v", files.shown, err)
	}
	var code string
	for _, o := range box.piece.findings(only[model.Evidence](w).Value) {
		code = o.Label
	}
	w.screen.Tap(code)
	if got := only[model.Evidence](w).Value.Supports; len(got) != 1 || got[0] != "C14" {
		t.Errorf("supports %v", got)
	}
	w.screen.Capture("evidence-piece")
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("evidence-piece-small")
	w.screen.Tap(lang.T("documents.print"))
	if len(w.papers.printed) != 0 {
		t.Error("a photo went to the printer of papers")
	}
	uitest.Language(t, "en")
	p = NewInspections(w.env, string(visit))
	w.show(p)
	w.screen.Tap(lang.T("inspections.part.evidence"))
	p.shown.(*visitDetail).files().list.Select(0)
	w.screen.MustSee("Chain of custody", "Exported")
}

// TestFileStillAtTheBureauIsSaidAndFetched: a colleague's photo whose record came
// before the file says so, and comes when one asks for it.
func TestFileStillAtTheBureauIsSaidAndFetched(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	visit := w.recordedVisit()
	p := NewInspections(w.env, string(visit))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	p.Dropped(photos(t)[:1])
	sha := only[model.Evidence](w).Value.SHA256
	files.away = map[string]bool{sha: true}
	list := p.shown.(*visitDetail).files().list
	list.Select(0)
	w.screen.MustSee(lang.T("evidence.absent"), lang.T("evidence.absent.text"), lang.T("evidence.custody"))
	w.screen.Capture("evidence-absent")
	w.screen.Tap(lang.T("evidence.bring"))
	if files.away[sha] {
		t.Error("nobody fetched it")
	}
	w.screen.MustNotSee(lang.T("evidence.absent"))
}

// visitDetail is a visit as it is shown.
type visitDetail = visit
