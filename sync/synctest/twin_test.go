package synctest

import (
	"context"
	"path/filepath"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// twins is a hub put back to before a laptop was copied into a second machine.
// Each twin was leased numbers since, the first the higher ones; the second speaks
// first, and in the same name.
type twins struct {
	*World
	first, second, other *Laptop
	leased               model.Block // the first twin's
}

// What becomes of the mark beside a hub that is put back.
const (
	markKept = ""
	markLost = "lost"
	markOld  = "put back with the records"
)

// newTwins burns the hub.
func newTwins(w *World, said bool, mark string) *twins {
	t := &twins{World: w, first: w.Laptops[0], other: w.Laptops[1]}
	w.Rest()
	back, old := w.SaveHub(), copyOf(w, filepath.Dir(w.water))
	t.second = t.first.clone()
	for _, l := range []*Laptop{t.first, t.second, t.first} {
		l.Put("", "", modeltest.Employer(l.N))
		l.Sync()
	}
	t.leased = t.first.topBlock()
	if b := t.second.topBlock(); b.To >= t.leased.From || b.Epoch == t.leased.Epoch {
		w.T.Fatalf("the second holds %+v, the first %+v", b, t.leased)
	}
	switch mark {
	case markLost:
		w.marked()
	case markOld:
		old()
	}
	back()
	if said {
		_, err := w.Hub.AfterRestore(context.Background())
		w.Check(err)
	}
	t.other.Sync()
	t.second.Sync()
	return t
}

// topBlock is the highest block a laptop holds.
func (l *Laptop) topBlock() (b model.Block) {
	l.w.T.Helper()
	blocks, err := l.Store.Blocks(context.Background())
	l.w.Check(err)
	for _, one := range blocks {
		if one.To > b.To {
			b = one
		}
	}
	return b
}

// TestTwinsLease: what the twin that is silent was leased is leased to nobody
// else.
func TestTwinsLease(t *testing.T) {
	for name, world := range map[string]func() *World{
		"memory": func() *World { return memWorldOf(t, 1, Bugs{}).marked().begin(2) },
		"disk":   func() *World { return diskWorld(t, Bugs{}).marked().begin(2) },
	} {
		for _, said := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", said", false: ", in silence"}[said], func(t *testing.T) {
				w := newTwins(world(), said, markKept)
				late := w.NewLaptop(9)
				late.Enrol()
				late.Sync()
				if b := late.topBlock(); b.From <= w.leased.To {
					t.Errorf("leased %d to %d, and a twin holds %d to %d", b.From, b.To, w.leased.From, w.leased.To)
				}
				late.Issue("某公司")
				w.first.Issue("另一公司")
				w.Rest()
				w.Invariants(nil)
			})
		}
	}
}

// TestTwinsWithoutTheMark: where the mark is lost, or as old as the records, nobody
// knows what the silent twin was leased. The hub sees that there may be one, names
// the laptop, and leases nothing until the bureau says so.
func TestTwinsWithoutTheMark(t *testing.T) {
	for name, world := range map[string]func() *World{
		"memory": func() *World { return memWorldOf(t, 1, Bugs{}).marked().begin(2) },
		"disk":   func() *World { return diskWorld(t, Bugs{}).marked().begin(2) },
	} {
		for _, mark := range []string{markLost, markOld} {
			t.Run(name+", mark "+mark, func(t *testing.T) { leasesNothing(t, newTwins(world(), true, mark)) })
		}
	}
}

// leasesNothing until the bureau says so; by then the silent twin has spoken.
func leasesNothing(t *testing.T, w *twins) {
	ctx := context.Background()
	late := w.NewLaptop(9)
	late.Enrol()
	late.Sync()
	if b := late.topBlock(); b.To > 0 {
		t.Errorf("leased %d to %d, and a twin holds %d to %d", b.From, b.To, w.leased.From, w.leased.To)
	}
	if r, err := w.Hub.Restored(ctx); err != nil || len(r.Copied) != 1 || r.Copied[0].ID != w.second.ID() {
		t.Errorf("copied %+v, %v", r.Copied, err)
	}
	w.first.Sync() // it is not switched off after all
	w.Check(w.Hub.ResumeNumbers(ctx))
	late.Sync()
	if b := late.topBlock(); b.From <= w.leased.To {
		t.Errorf("leased %d to %d, and a twin holds %d to %d", b.From, b.To, w.leased.From, w.leased.To)
	}
	if r, err := w.Hub.Restored(ctx); err != nil || len(r.Copied) > 0 {
		t.Errorf("copied %+v, %v", r.Copied, err)
	}
	w.Rest()
	w.Invariants(nil)
}
