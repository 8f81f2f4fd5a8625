package store_test

import (
	"crypto/ed25519"
	"errors"
	"sync/atomic"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// pages are n pages of k new records each, as another laptop wrote them.
func pages(t *testing.T, n, k int) [][]model.Revision {
	t.Helper()
	l := modeltest.NewLaptop(t, 2)
	out := make([][]model.Revision, n)
	for p := range out {
		for i := range k {
			out[p] = append(out[p], l.Save(t, model.Change{Record: modeltest.Employer(p*k + i)})...)
		}
	}
	return out
}

// What was prepared is not checked again, and is what is written, whatever
// becomes of the page in between.
func TestPrepared(t *testing.T) {
	const size = 3
	var asked atomic.Int32
	l := modeltest.NewLaptop(t, 1)
	l.Reopen(t, func(o *store.Options) {
		o.Devices = func(id model.ID) (ed25519.PublicKey, bool) {
			asked.Add(1)
			return modeltest.KnownDevices(id)
		}
	})
	page := pages(t, 4, size)
	take := func(i int, want int32) {
		t.Helper()
		before := asked.Load()
		if r := pull(t, l, page[i]...); r.Applied != size {
			t.Errorf("page %d: %+v", i, r)
		}
		if n := asked.Load() - before; n != want {
			t.Errorf("page %d: %d signers looked up while it was written, not %d", i, n, want)
		}
	}
	l.Prepare(nil)
	l.Prepare(page[0])
	l.Prepare(page[1]) // before the one in front is written
	page[0][1].Body = []byte(`{"name":"另一家"}`)
	take(0, 0)
	take(1, 0)
	for _, p := range page[1:] {
		l.Prepare(p) // more than are kept: the first is checked in its turn
	}
	if r := pull(t, l, page[1]...); r.Known != size {
		t.Errorf("again: %+v", r)
	}
	take(3, 0)
	take(2, size) // out of turn
	sound(t, l)
}

// A page that does not hold is refused in its turn, by its own fault.
func TestPreparedInVain(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	page := pages(t, 1, 2)[0]
	forged := append([]model.Revision{}, page...)
	forged[1].Author = "someone else"
	l.Prepare(forged)
	if _, err := l.Pulled(ctx, "430725", 1, forged); !errors.Is(err, seal.ErrForged) {
		t.Errorf("error %v", err)
	}
	l.Prepare(page)
	l.Keys.Forget()
	l.Prepare(page)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Pulled(ctx, "430725", 1, page); !errors.Is(err, model.ErrLocked) {
		t.Errorf("after closing: %v", err)
	}
}
