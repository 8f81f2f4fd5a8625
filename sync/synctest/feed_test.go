package synctest

import (
	"context"
	"slices"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// TestPagesEndBetweenRecords reads a feed of changing records in small pages
// over the wire's own limits.
func TestPagesEndBetweenRecords(t *testing.T) {
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	var done []Done
	for n := range 520 {
		r := a.Put("", "", modeltest.Employer(n))
		done = append(done, Done{r, 0})
		if n%7 == 0 {
			e := modeltest.Employer(n)
			e.Note = "补充"
			done = append(done, Done{a.Put(r.Record, r.Rev, e), 0})
		}
	}
	if sum := a.Sync(); sum.Pushed != len(done) {
		t.Errorf("pushed %d of %d", sum.Pushed, len(done))
	}
	b.Sync()
	w.Invariants(done)
	list, err := b.Store.Count(context.Background(), model.Query{Kind: model.KindEmployer})
	w.Check(err)
	if list != 520 || slices.ContainsFunc(done, func(d Done) bool {
		have, err := b.Store.Have(context.Background(), d.Revision.Record, d.Revision.Rev)
		return err != nil || !have
	}) {
		t.Errorf("the colleague has %d records", list)
	}
}
