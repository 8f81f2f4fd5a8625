package synctest

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// between lets do happen once, after laptop l has pulled and before its push
// arrives.
func between(l *Laptop, do func()) {
	done := false
	l.Line.Plan(func(_ int, r *http.Request) Fault {
		if !done && strings.HasSuffix(r.URL.Path, "/push") {
			done = true
			do()
		}
		return Whole
	})
}

// TestRace lets a colleague's edit arrive between a laptop's pull and push, so
// that the hub must decide.
func TestRace(t *testing.T) {
	type edit func(*model.Employer)
	phone := func(s string) edit { return func(e *model.Employer) { e.Phone = s } }
	note := func(s string) edit { return func(e *model.Employer) { e.Note = s } }
	tests := []struct {
		name         string
		first, later edit
		outcome      string
		phone, note  string
		conflicts    int
	}{
		{"disjoint fields merge", phone("1"), note("n"), model.OutcomeMerged, "1", "n", 0},
		{"the same field is shown", phone("1"), phone("2"), model.OutcomeConflict, "1", "", 1},
		{"the same change is one", phone("1"), phone("1"), model.OutcomeMerged, "1", "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := NewWorld(t, 3)
			a, b := w.Laptops[0], w.Laptops[1]
			r := a.Put("", "", modeltest.Employer(1))
			w.Rest()
			var done []Done
			for i, change := range []edit{test.first, test.later} {
				e := modeltest.Employer(1)
				e.Note = ""
				change(e)
				done = append(done, Done{w.Laptops[i].Put(r.Record, r.Rev, e), i})
			}
			between(b, func() { a.Sync() })
			b.Sync()
			w.Rest()
			w.Invariants(done)
			w.Inspect(func(tx hub.Tx) error {
				op, err := tx.Op(modeltest.Device(2).ID, 1, 1)
				if err == nil && op.Ack.Outcome != test.outcome {
					t.Errorf("outcome %s, want %s", op.Ack.Outcome, test.outcome)
				}
				return err
			})
			for _, l := range w.Laptops {
				conflicts, err := l.Store.Conflicts(context.Background())
				w.Check(err)
				if len(conflicts) != test.conflicts {
					t.Errorf("laptop %d sees %d conflicts, want %d", l.N, len(conflicts), test.conflicts)
				}
			}
			if test.conflicts > 0 {
				settle(w, w.Laptops[2], r.Record)
				return
			}
			e, err := model.As[model.Employer](a.Head(r.Record).Body)
			w.Check(err)
			if e.Phone != test.phone || test.note != "" && e.Note != test.note {
				t.Errorf("merged to phone %q, note %q", e.Phone, e.Note)
			}
		})
	}
}

// settle lets a third officer end the conflict of a record, and checks that it
// is over for everybody.
func settle(w *World, l *Laptop, id model.ID) {
	w.T.Helper()
	ctx := context.Background()
	conflicts, err := l.Store.Conflicts(ctx)
	w.Check(err)
	head := l.Head(id)
	e, err := model.As[model.Employer](head.Body)
	w.Check(err)
	e.Phone = "核实"
	_, err = l.Store.Commit(ctx, model.Batch{Author: l.Author,
		Changes: []model.Change{{ID: id, Base: head.Rev, Record: e, Settles: conflicts[0].Theirs}}})
	w.Check(err)
	w.Rest()
	w.Invariants(nil)
	for _, other := range w.Laptops {
		open, err := other.Store.Conflicts(ctx)
		w.Check(err)
		if len(open) > 0 || !bytes.Equal(other.Head(id).Body, l.Head(id).Body) {
			w.T.Errorf("laptop %d: %d conflicts after the settlement", other.N, len(open))
		}
	}
}

// TestManualBlocksOverlap: two laptops were given the same numbers by hand;
// both papers are kept, the second is named and flagged, nothing is renumbered.
func TestManualBlocksOverlap(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	for _, l := range w.Laptops {
		w.Check(l.Store.AddBlock(ctx, model.Block{Series: Series, From: 1, To: 5, Source: "科长"}))
	}
	first, second := a.Issue("甲公司"), b.Issue("乙公司")
	if sum := a.Sync(); len(sum.Notes) > 0 {
		t.Errorf("the first holder is told %v", sum.Notes)
	}
	sum := b.Sync()
	if text := strings.Join(sum.Notes, "\n"); !strings.Contains(text, "号段 "+Series+" 1-5") || !strings.Contains(text, "文号 "+Series+" 第 1 号") {
		t.Errorf("the second holder is told %q", text)
	}
	w.Rest()
	w.Inspect(func(tx hub.Tx) error {
		holder, err := tx.Number(Series, 1)
		if err != nil {
			return err
		}
		clashes, err := tx.Clashes()
		if holder.Document != first.Record || len(clashes) != 1 || clashes[0].Document != second.Record {
			t.Errorf("holder %s, clashes %v", holder.Document, clashes)
		}
		return err
	})
	for _, r := range []model.Revision{first, second} {
		for _, l := range w.Laptops {
			if !bytes.Equal(l.Head(r.Record).Body, r.Body) {
				t.Errorf("laptop %d has another paper", l.N)
			}
		}
	}
}
