package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"anxin/app/casework"
	"anxin/app/day"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/model"
)

// lookUp heads are read in a few milliseconds, however many there are.
const lookUp = 10

// few are the kinds of which an office has a handful.
var few = []model.Kind{model.KindOffice, model.KindOfficer, model.KindGrid, model.KindFormPackage}

// watchedJournal tells the watch of every call that grows with the journal or
// waits for the disk; a single head is read in a fraction of a millisecond.
type watchedJournal struct {
	casework.Journal
	w *uitest.Watch
}

func (j watchedJournal) Commit(ctx context.Context, b model.Batch) ([]model.Revision, error) {
	j.w.Slow("Commit")
	return j.Journal.Commit(ctx, b)
}

func (j watchedJournal) List(ctx context.Context, q model.Query) ([]model.Head, error) {
	// The papers of one visit and the custody of one paper are a handful.
	handful := q.Parent != "" && (q.Kind == model.KindDocument || q.Kind == model.KindCustody)
	bounded := q.Limit > 0 && q.Limit <= lookUp || slices.Contains(few, q.Kind) || handful
	if !bounded {
		j.w.Slow("List " + string(q.Kind))
	}
	return j.Journal.List(ctx, q)
}

func (j watchedJournal) Head(ctx context.Context, id model.ID) (model.Head, error) {
	j.w.Read()
	return j.Journal.Head(ctx, id)
}

func (j watchedJournal) Count(ctx context.Context, q model.Query) (int, error) {
	if q.Text != "" {
		j.w.Slow("Count " + string(q.Kind))
	}
	return j.Journal.Count(ctx, q)
}

func (j watchedJournal) History(ctx context.Context, id model.ID) ([]model.Revision, error) {
	j.w.Slow("History")
	return j.Journal.History(ctx, id)
}

type watchedPress struct {
	casework.Press
	w *uitest.Watch
}

func (p watchedPress) Print(paper casework.Paper) ([]byte, int, error) {
	p.w.Slow("Print")
	return p.Press.Print(paper)
}

// watchedDay is the program after the carried day, under a watch.
func watchedDay(t testing.TB) (*desktop, *uitest.Watch) {
	t.Helper()
	d := newTestDesktop(t)
	out := filepath.Join(t.TempDir(), "day")
	if _, err := day.Run(t.Context(), day.Options{In: assets.Sample, Out: out}); err != nil {
		t.Fatal(err)
	}
	d.dir = day.OfficeDir(out)
	if err := d.unlock(t.Context(), day.Passphrase); err != nil {
		t.Fatal(err)
	}
	w := &uitest.Watch{}
	d.runner = w
	d.office.Desk.Journal = watchedJournal{d.office.Desk.Journal, w}
	d.office.Desk.Press = watchedPress{d.office.Desk.Press, w}
	d.show()
	return d, w
}

// walkPages opens every page, and a record on each page that has any.
func walkPages(t testing.TB, d *desktop, w *uitest.Watch) {
	t.Helper()
	d.shell.Go("settings", "") // the program begins on the first, and going where one is does nothing
	for _, p := range d.places() {
		w.Do(lang.T("nav."+p.Key), func() { d.shell.Go(p.Key, "") })
	}
	for _, r := range recordPages {
		heads, err := d.office.Store.List(t.Context(), r.query)
		if err != nil || len(heads) == 0 {
			t.Fatalf("%s: no record to open, %v", r.place, err)
		}
		w.Do(lang.T("nav."+r.place)+" · "+string(r.query.Kind), func() { d.shell.Go(r.place, string(heads[0].ID)) })
	}
	draft := draftOrder(t, d)
	w.Do(lang.T("nav.documents")+" · "+model.DocumentDraft, func() { d.shell.Go("documents", string(draft)) })
	gates := lang.T("documents.part.gates")
	w.Do(gates, func() { uitest.On(t, d.app, d.win).Tap(gates) })
}

// draftOrder is a draft of a case with everything the carried day put into it.
func draftOrder(t testing.TB, d *desktop) model.ID {
	t.Helper()
	cases, err := d.office.Store.List(t.Context(), model.Query{Kind: model.KindCase, Limit: 1})
	if err != nil || len(cases) == 0 {
		t.Fatalf("no case, %v", err)
	}
	id, err := d.office.Desk.Draft(t.Context(), model.Document{Type: "D06", Title: "劳动保障监察限期改正指令书", Case: cases[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// fewReads is how many single records a page may read on the window's
// goroutine, a fraction of a millisecond each.
const fewReads = 10

// Whatever grows with the journal, waits for the disk or sets a page is done
// off the goroutine that paints.
func TestNothingSlowHoldsTheWindow(t *testing.T) {
	d, w := watchedDay(t)
	walkPages(t, d, w)
	for _, a := range w.Acts {
		t.Logf("%-24s %v, %d records read", a.Name, a.Held, a.Reads)
		if a.Reads > fewReads {
			t.Errorf("%s reads %d records on the window's goroutine, want at most %d", a.Name, a.Reads, fewReads)
		}
	}
	if seen := w.Seen(); len(seen) > 0 {
		t.Errorf("on the window's goroutine:\n%s", strings.Join(seen, "\n"))
	}
}
