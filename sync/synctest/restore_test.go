package synctest

import (
	"context"
	"path/filepath"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
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
	back := w.SaveHub()
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

// TestFeedThatBeganAnew: a hub put back to a copy in which a scope did not exist
// yet cannot name it to a laptop that had read it. When the scope comes back its
// feed must not begin below where the laptop once stood, and the laptop must not
// believe that it stands there still. Seed 301727 found it.
func TestFeedThatBeganAnew(t *testing.T) {
	const east, west = "甲县/东街", "甲县/西街"
	ctx := context.Background()
	for name, world := range map[string]func() *World{
		"memory": func() *World { return newMemWorld(t, []string{east, east, west}, 1, Bugs{}) },
		"disk":   func() *World { return newDiskWorld(t, []string{east, east, west}, Bugs{}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := world()
			first, second, reader := w.Laptops[0], w.Laptops[1], w.Laptops[2]
			w.Check(w.Hub.Grant(ctx, reader.device.ID, east, hub.RoleRead))
			back := w.SaveHub() // before anybody wrote anything
			lost := []model.Revision{first.Put("", "", modeltest.Employer(1)), first.Put("", "", modeltest.Employer(2))}
			first.Sync()
			for _, r := range lost {
				w.Check(w.Hub.Move(ctx, r.Record, "甲县/北乡"))
			}
			reader.Sync() // reads the feed and gets nothing of it
			stands := func() int64 {
				at, err := reader.Store.Cursor(ctx, east)
				w.Check(err)
				return at
			}
			was := stands()
			back()
			_, err := w.Hub.AfterRestore(ctx)
			w.Check(err)
			reader.Sync() // meets the new life, which has no such scope
			if at := stands(); was == 0 || at != 0 {
				t.Errorf("the reader stood at %d, and at %d beside a hub without the scope", was, at)
			}
			all := append(lost, second.Put("", "", modeltest.Employer(3)), second.Put("", "", modeltest.Employer(4)))
			second.Sync()
			w.Inspect(func(tx hub.Tx) error {
				if head, err := tx.ScopeHead(east); err != nil || head <= was {
					t.Errorf("the feed is at %d (%v), the reader was at %d", head, err, was)
				}
				return nil
			})
			w.Rest()
			for _, r := range all {
				if !reader.holds(r.Record) {
					t.Errorf("the reader never got record %s", r.Record)
				}
			}
		})
	}
}

// TestFeedIsAboveLostLives: a hub put back in silence to a copy of its first
// life counts its feeds above what two later lives, now lost, handed out: a
// laptop that only carries sticks stands there.
func TestFeedIsAboveLostLives(t *testing.T) {
	w := newMemWorld(t, []string{wholeOffice}, 1, Bugs{})
	w.water = filepath.Join(tempDir(t), hub.HighWater)
	w.CloseHub()
	w.OpenHub()
	head := func() (at int64) {
		w.Inspect(func(tx hub.Tx) (err error) {
			at, err = tx.ScopeHead(wholeOffice)
			return err
		})
		return at
	}
	w.Laptops[0].Put("", "", modeltest.Employer(1))
	w.Rest()
	back := w.SaveHub()
	for range 2 {
		_, err := w.Hub.AfterRestore(context.Background())
		w.Check(err)
	}
	was := head()
	back()
	if now := head(); now <= was {
		t.Errorf("the feed is at %d, it was at %d in a life that is lost", now, was)
	}
}
