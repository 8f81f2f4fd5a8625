package hub_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/synctest"
)

// kinds are records that are legal acts or vouch for one: each with a change
// its rules allow, where they allow any, and one they forbid.
func kinds(t *testing.T) map[model.Kind]struct{ first, allowed, forbidden model.Record } {
	t.Helper()
	keys, err := modeltest.Device(1).PublicKeys("")
	if err != nil {
		t.Fatal(err)
	}
	pack := func(state, reason string, file byte) *model.FormPackage {
		p := &model.FormPackage{State: state, Form: "D90", Version: "1", ValidFrom: "2026-09-01", SHA256: "ab", File: bytes.Repeat([]byte{file}, 2000)}
		if reason != "" {
			p.Withdrawn = &model.Withdrawal{At: modeltest.Day, By: modeltest.ID(0xaaaa, 1), Reason: reason}
		}
		return p
	}
	key := func(revoked bool) *model.IssuerKey {
		k := &model.IssuerKey{PublicKey: keys[1]}
		if revoked {
			k.Revoked = modeltest.Day
		}
		return k
	}
	entry := func(note string) *model.Custody {
		return &model.Custody{Evidence: modeltest.ID(1, 1), Event: model.CustodyPrinted, At: modeltest.Day, By: modeltest.ID(0xaaaa, 1), Note: note}
	}
	return map[model.Kind]struct{ first, allowed, forbidden model.Record }{
		model.KindCustody:     {entry("甲"), nil, entry("乙")},
		model.KindFormPackage: {pack(model.FormPackageInstalled, "", 1), pack(model.FormPackageWithdrawn, "有新版", 1), pack(model.FormPackageInstalled, "", 2)},
		model.KindIssuerKey:   {key(false), key(true), nil},
	}
}

// TestKindsTravel: what one laptop writes stands on the other, byte for byte;
// what its rules forbid neither a laptop's store writes nor the hub places, and
// the hub keeps it aside.
func TestKindsTravel(t *testing.T) {
	w := synctest.NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	for kind, test := range kinds(t) {
		r := a.Put("", "", test.first)
		if test.allowed != nil {
			r = a.Put(r.Record, r.Rev, test.allowed)
		}
		a.Sync()
		b.Sync()
		if head := b.Head(r.Record); head.Kind != kind || head.Rev != r.Rev || !bytes.Equal(head.Body, r.Body) {
			t.Errorf("%s arrived as %s %s", kind, head.Kind, head.Rev)
		}
		if test.forbidden == nil {
			continue
		}
		_, err := b.Store.Commit(context.Background(), model.Batch{Author: b.Author,
			Changes: []model.Change{{ID: r.Record, Base: r.Rev, Record: test.forbidden}}})
		if !errors.Is(err, model.ErrFrozen) {
			t.Errorf("%s on a laptop: %v", kind, err)
		}
	}
	rig := newRig(t, nil)
	p := rig.join(1)
	for kind, test := range kinds(t) {
		first := p.create(test.first)
		if _, err := p.push(first); err != nil {
			t.Fatal(kind, err)
		}
		if test.forbidden != nil {
			p.aside("", p.op("", p.revision(first.Revision.Record, test.forbidden, first.Revision.Rev)))
		}
		whole := rig.headOf(first.Revision.Record)
		if whole.Rev != first.Revision.Rev || whole.Open != 0 {
			t.Errorf("%s: the head became %+v", kind, whole)
		}
	}
}

// TestKindsNeverMerge: two laptops change different fields of one record
// without knowing of each other; the hub joins nothing, both stand as the sides
// of a conflict everybody sees.
func TestKindsNeverMerge(t *testing.T) {
	w := synctest.NewMemWorld(t, 2, 1, synctest.Bugs{})
	a, b := w.Laptops[0], w.Laptops[1]
	change := map[model.Kind][2]model.Record{}
	for kind, test := range kinds(t) {
		if test.allowed == nil {
			continue // never followed at all
		}
		other := kinds(t)[kind].allowed
		switch r := other.(type) {
		case *model.FormPackage:
			r.Withdrawn.Reason = "有错误"
		case *model.IssuerKey:
			r.Revoked = r.Revoked.AddDate(0, 0, -1)
		}
		change[kind] = [2]model.Record{test.allowed, other}
	}
	for kind, sides := range change {
		first := a.Put("", "", kinds(t)[kind].first)
		a.Sync()
		b.Sync()
		mine, yours := a.Put(first.Record, first.Rev, sides[0]), b.Put(first.Record, first.Rev, sides[1])
		w.Rest()
		w.Inspect(func(tx hub.Tx) error {
			head, err := tx.Head(first.Record)
			graph, graphErr := tx.Graph(first.Record)
			if head.Open != 1 || len(graph) != 3 || head.Rev != mine.Rev && head.Rev != yours.Rev {
				t.Errorf("%s: head %+v, %d revisions", kind, head, len(graph))
			}
			return errors.Join(err, graphErr)
		})
		for _, l := range w.Laptops {
			if head := l.Head(first.Record); !head.Conflict {
				t.Errorf("laptop %d sees no conflict of %s", l.N, kind)
			}
		}
	}
}

func (r *rig) headOf(record model.ID) (head hub.Head) {
	r.Helper()
	r.check(r.hub.View(context.Background(), func(tx hub.Tx) (err error) {
		head, err = tx.Head(record)
		return err
	}))
	return head
}
