package hub_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

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
		model.KindIssuerKey:   {key(false), key(true), &model.IssuerKey{PublicKey: keys[0]}},
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

// TestEndedTwice: two laptops withdraw one form package, and a device revokes
// its key on two machines, none knowing of the other. Nobody has to settle
// anything: what ended twice ended the first time.
func TestEndedTwice(t *testing.T) {
	w := synctest.NewMemWorld(t, 2, 1, synctest.Bugs{})
	a, b := w.Laptops[0], w.Laptops[1]
	pack := kinds(t)[model.KindFormPackage]
	first := a.Put("", "", pack.first)
	a.Sync()
	b.Sync()
	early := *pack.allowed.(*model.FormPackage)
	early.Withdrawn = &model.Withdrawal{At: modeltest.Day.Add(-time.Hour), By: modeltest.ID(0xaaaa, 2), Reason: "有错误"}
	mine, yours := a.Put(first.Record, first.Rev, pack.allowed), b.Put(first.Record, first.Rev, &early)
	w.Rest()
	w.Invariants([]synctest.Done{{Revision: mine, Laptop: 0}, {Revision: yours, Laptop: 1}})
	for _, l := range w.Laptops {
		head := l.Head(first.Record)
		now, err := model.As[model.FormPackage](head.Body)
		w.Check(err)
		if head.Conflict || now.Withdrawn.Reason != "有错误" {
			t.Errorf("laptop %d: conflict %v, withdrawn %+v", l.N, head.Conflict, now.Withdrawn)
		}
	}
}

// TestKeyBelongsToItsDevice: a key is revoked by the laptop it belongs to; a
// colleague's word is set aside.
func TestKeyBelongsToItsDevice(t *testing.T) {
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	key := kinds(t)[model.KindIssuerKey]
	for _, k := range []model.Record{key.first, key.allowed} {
		k.(*model.IssuerKey).Device = p.ID
	}
	first := p.create(key.first)
	if _, err := p.push(first); err != nil {
		t.Fatal(err)
	}
	q.aside("只能由它所属的笔记本停用", q.op("", q.revision(first.Revision.Record, key.allowed, first.Revision.Rev)))
	acks, err := p.push(p.op("", p.revision(first.Revision.Record, key.allowed, first.Revision.Rev)))
	if err != nil || acks[0].Outcome != model.OutcomeApplied {
		t.Errorf("its own device: %+v %v", acks, err)
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
