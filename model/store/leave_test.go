package store_test

import (
	"errors"
	"slices"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// Records of a scope one may no longer see go whole; what this laptop wrote
// anything of stays, sent or not; what comes again begins anew.
func TestLeave(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	theirs := a.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	theirs2 := a.Save(t, model.Change{ID: theirs.Record, Base: theirs.Rev, Record: modeltest.Employer(2)})[0]
	both := a.Save(t, model.Change{Record: modeltest.Employer(3)})[0]
	if err := a.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	doc, _ := a.Issue(t, "令/2026")
	issued := past(t, a, doc.ID)
	pull(t, b, append([]model.Revision{theirs, theirs2, both}, issued...)...)
	b.Save(t, model.Change{ID: both.Record, Base: both.Rev, Record: modeltest.Employer(4)})
	own := b.Save(t, model.Change{Record: modeltest.Employer(5)})[0]

	left, err := b.Leave(ctx, []model.ID{theirs.Record, both.Record, own.Record, doc.ID, modeltest.ID(9, 9)})
	if err != nil || !slices.Equal(left, []model.ID{theirs.Record, doc.ID}) {
		t.Fatalf("left %v, %v", left, err)
	}
	counts(t, b, model.Query{}, 2)
	counts(t, b, model.Query{Text: modeltest.Employer(2).Name}, 0)
	counts(t, b, model.Query{Text: modeltest.Employer(4).Name}, 1)
	if got, err := b.History(ctx, theirs.Record); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("%d revisions stayed, %v", len(got), err)
	}
	waiting(t, b, 2, 0)
	sound(t, b)
	if _, err := b.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	counts(t, b, model.Query{}, 2)

	if got := pull(t, b, append([]model.Revision{theirs, theirs2}, issued...)...); got.Applied != 2 || got.Known != 0 {
		t.Errorf("granted again: %+v", got)
	}
	counts(t, b, model.Query{Text: modeltest.Employer(2).Name}, 1)
	sound(t, b)
	// Nothing else lets go of the journal.
	db := raw(t, b.Dir)
	for _, statement := range []string{`DELETE FROM journal`, `DELETE FROM issued`} {
		if _, err := db.Exec(statement); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}
