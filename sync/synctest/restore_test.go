package synctest

import (
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// TestHubRestoredFromBackup: what laptops did after the backup comes back by
// itself, because they notice that the hub's log no longer contains what it
// confirmed.
func TestHubRestoredFromBackup(t *testing.T) {
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	var done []Done
	put := func(i, n int) model.Revision {
		r := w.Laptops[i].Put("", "", modeltest.Employer(n))
		done = append(done, Done{r, i})
		return r
	}
	put(0, 1)
	put(1, 2)
	w.Rest()
	back := w.saveHub()
	for n := 3; n < 8; n++ {
		put(0, n)
	}
	done = append(done, Done{a.Issue("某公司"), 0})
	w.Rest()
	back()
	// The feed grows past the old cursors before the laptops meet the hub.
	put(1, 8)
	put(1, 9)
	b.Sync()
	w.Rest()
	w.Invariants(done)
}

// TestLaptopRestoredFromCopy: a laptop that was put back knows less of its own
// log than the hub; it starts a new life, keeps what it did since, gets its
// lost work back, and takes new numbers.
func TestLaptopRestoredFromCopy(t *testing.T) {
	w := NewWorld(t, 2)
	a := w.Laptops[0]
	var done []Done
	note := func(r model.Revision) model.Revision {
		done = append(done, Done{r, 0})
		return r
	}
	note(a.Put("", "", modeltest.Employer(1)))
	a.Sync()
	back := a.save()
	lost := note(a.Issue("甲公司"))
	a.Sync()
	back()
	kept := note(a.Put("", "", modeltest.Employer(2)))
	w.Rest()
	if epoch := a.Store.Device().Epoch; epoch != 2 {
		t.Errorf("epoch %d", epoch)
	}
	for _, r := range []model.Revision{lost, kept} {
		if got := a.Head(r.Record).Rev; got != r.Rev {
			t.Errorf("%s: %s, want %s", r.Kind, got, r.Rev)
		}
	}
	note(a.Issue("乙公司"))
	w.Rest()
	w.Invariants(done)
}
