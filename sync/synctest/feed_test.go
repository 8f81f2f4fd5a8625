package synctest

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// TestFeedSkipsNothing lets 16 writers commit into one scope while a reader
// follows the feed by its cursor: every revision comes exactly once.
func TestFeedSkipsNothing(t *testing.T) {
	ctx := context.Background()
	db, err := hub.OpenSQLite(ctx, filepath.Join(t.TempDir(), "hub.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	const writers, each = 16, 30
	errs := make(chan error, writers)
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := range each {
				errs <- db.Update(ctx, func(tx hub.Tx) error { return addRevision(tx, n, i) })
			}
		})
	}
	go func() { wg.Wait(); close(errs) }()
	seen := map[model.Rev]int{}
	cursor := int64(0)
	read := func() {
		err := db.View(ctx, func(tx hub.Tx) error {
			return tx.Feed("s", cursor, func(seq int64, r model.Revision) bool {
				cursor = seq
				seen[r.Rev]++
				return true
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
		read()
	}
	read()
	for rev, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", rev, n)
		}
	}
	if len(seen) != writers*each || cursor != writers*each {
		t.Errorf("read %d revisions up to %d, want %d", len(seen), cursor, writers*each)
	}
}

// addRevision writes one revision of a record of its own.
func addRevision(tx hub.Tx, writer, i int) error {
	r := model.Revision{Rev: model.Rev(fmt.Sprintf("1-%d.%d", writer, i)), Record: modeltest.ID(writer, i), Kind: model.KindSite,
		Body: json.RawMessage(`{}`)}
	if err := tx.AddRevision(r); err != nil {
		return err
	}
	if err := tx.SaveHead(hub.Head{Record: r.Record, Kind: r.Kind, Scope: "s", Rev: r.Rev}); err != nil {
		return err
	}
	return tx.Bump("s", []model.ID{r.Record})
}

// TestPagesEndBetweenRecords reads a feed of changing records in small pages
// over the wire's own limits.
func TestPagesEndBetweenRecords(t *testing.T) {
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	var done []Done
	for n := range 700 {
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
	if list != 700 || slices.ContainsFunc(done, func(d Done) bool {
		have, err := b.Store.Have(context.Background(), d.Revision.Rev)
		return err != nil || !have
	}) {
		t.Errorf("the colleague has %d records", list)
	}
}
