package synctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// suiteLine is a Line as the suite compares it.
type suiteLine struct {
	seq  int64
	rev  model.Rev
	gone bool
}

// lines reads a feed; every revision must be the JSON of itself.
func (t *storeTest) lines(scope string, after int64, limit int) func(hub.Tx) ([]suiteLine, error) {
	return func(tx hub.Tx) (out []suiteLine, err error) {
		err = tx.Feed(scope, after, limit, func(l hub.Line) bool {
			var r model.Revision
			if !l.Gone {
				text, err := l.JSON(nil)
				if err != nil || json.Unmarshal(text, &r) != nil || r.Rev != l.Rev || r.Record != l.Record || r.Device != l.Device || r.Epoch != l.Epoch {
					t.Errorf("line %d holds %s: %v", l.Seq, text, err)
				}
			}
			out = append(out, suiteLine{l.Seq, l.Rev, l.Gone})
			return true
		})
		return out, err
	}
}

func (t *storeTest) feed() {
	put := func(r model.Revision) {
		t.update(func(tx hub.Tx) error {
			return errors.Join(tx.AddRevision(r), tx.SaveHead(hub.Head{Record: r.Record, Kind: r.Kind, Scope: "s", Rev: r.Rev}),
				tx.Bump("s", []model.ID{r.Record}))
		})
	}
	put(revision(1, "1-a", `{}`))
	put(revision(2, "1-b", `{}`))
	put(revision(1, "2-c", `{}`, "1-a"))
	same(t, []suiteLine{{2, "1-b", false}, {3, "1-a", false}, {3, "2-c", false}}, t.lines("s", 0, 9))
	same(t, []suiteLine{{2, "1-b", false}}, t.lines("s", 0, 1))
	same(t, []suiteLine{{2, "1-b", false}, {3, "2-c", false}}, t.lines("s", 1, 9))
	same(t, []suiteLine{{3, "2-c", false}}, t.lines("s", 2, 9))
	same(t, nil, t.lines("s", 3, 9))
	same(t, 3, func(tx hub.Tx) (int64, error) { return tx.ScopeHead("s") })
	same(t, 0, func(tx hub.Tx) (int64, error) { return tx.ScopeHead("other") })
	same(t, 1, func(tx hub.Tx) (n int, err error) {
		err = tx.Feed("s", 0, 9, func(hub.Line) bool { n++; return false })
		return n, err
	})
}

// moves: a record goes from one scope with a word and comes to another with its
// whole journal, and back.
func (t *storeTest) moves() {
	r1, r2, r3 := revision(1, "1-a", `{}`), revision(1, "2-b", `{}`, "1-a"), revision(1, "3-c", `{}`, "2-b")
	head := hub.Head{Record: r1.Record, Kind: r1.Kind, Scope: "s", Rev: r2.Rev}
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.AddRevision(r1), tx.AddRevision(r2), tx.SaveHead(head), tx.Bump("s", []model.ID{r1.Record}))
	})
	head.Scope, head.Rev = "t", r3.Rev
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.AddRevision(r3), tx.SaveHead(head), tx.Restart([]model.ID{r1.Record}),
			tx.Leave("s", []model.ID{r1.Record}), tx.Bump("t", []model.ID{r1.Record}))
	})
	same(t, []suiteLine{{2, "", true}}, t.lines("s", 0, 9))
	same(t, []suiteLine{{1, "1-a", false}, {1, "2-b", false}, {1, "3-c", false}}, t.lines("t", 0, 9))
	same(t, []wire.Scope{{Name: "s", Head: 2}, {Name: "t", Head: 1}}, hub.Tx.Scopes)
	same(t, []hub.Head{head}, func(tx hub.Tx) (out []hub.Head, err error) {
		err = tx.EachHead("t", func(h hub.Head) error { out = append(out, h); return nil })
		return out, err
	})
	head.Scope = "s"
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.SaveHead(head), tx.Restart([]model.ID{r1.Record}), tx.Bump("s", []model.ID{r1.Record}), tx.Leave("t", []model.ID{r1.Record}))
	})
	same(t, []suiteLine{{3, "1-a", false}, {3, "2-b", false}, {3, "3-c", false}}, t.lines("s", 2, 9))
	same(t, []suiteLine{{2, "", true}}, t.lines("t", 0, 9))
	t.update(func(tx hub.Tx) error { return tx.RaiseScopes(1000) })
	same(t, 1003, func(tx hub.Tx) (int64, error) { return tx.ScopeHead("s") })
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.Leave("s", []model.ID{r1.Record}), tx.Bump("u", []model.ID{r1.Record}))
	})
	same(t, []wire.Scope{{Name: "s", Head: 1004}, {Name: "t", Head: 1002}, {Name: "u", Head: 1001}}, hub.Tx.Scopes)
}

// crowd: sixteen writers and a reader that follows the feed at the same time;
// the reader must see every record, although it never looks back.
func (t *storeTest) crowd() {
	const writers, each = 16, 12
	ctx := context.Background()
	var wg sync.WaitGroup
	errs := make(chan error, writers*each)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				r := revision(1000+w*each+i, model.Rev(fmt.Sprintf("1-%d.%d", w, i)), `{}`)
				errs <- t.store.Update(ctx, func(tx hub.Tx) error {
					return errors.Join(tx.AddRevision(r), tx.SaveHead(hub.Head{Record: r.Record, Kind: r.Kind, Scope: "crowd", Rev: r.Rev}),
						tx.Bump("crowd", []model.ID{r.Record}))
				})
			}
		})
	}
	stop := make(chan struct{})
	seen := map[model.Rev]bool{}
	var cursor int64
	read := func() {
		err := t.store.View(ctx, func(tx hub.Tx) error {
			return tx.Feed("crowd", cursor, 1000, func(l hub.Line) bool {
				seen[l.Rev], cursor = true, l.Seq
				return true
			})
		})
		if err != nil {
			t.Error(err)
		}
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		for {
			read()
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	wg.Wait()
	close(stop)
	<-followed
	read()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if len(seen) != writers*each || cursor != writers*each {
		t.Errorf("the reader saw %d of %d records, its cursor is %d", len(seen), writers*each, cursor)
	}
}
