package hub

import (
	"context"
	"slices"
	"sync"
	"testing"

	"anxin/model"
)

// TestPanicTakesNobodyAlong: a push whose placing panics falls alone, in the
// goroutine that asked; those in the same transaction and those after it are
// committed.
func TestPanicTakesNobodyAlong(t *testing.T) {
	var q queue
	var mu sync.Mutex
	committed := map[model.ID]bool{}
	began, free := make(chan struct{}), make(chan struct{})
	commit := func(_ context.Context, group []*pushing) {
		ids := []model.ID{}
		for _, j := range group {
			ids = append(ids, j.who.ID)
		}
		if slices.Contains(ids, "first") {
			close(began)
			<-free
		}
		if slices.Contains(ids, "bad") {
			panic("bad")
		}
		mu.Lock()
		defer mu.Unlock()
		for _, id := range ids {
			committed[id] = true
		}
	}
	push := func(id model.ID) (fell any) {
		defer func() { fell = recover() }()
		q.do(context.Background(), &pushing{who: caller{Device: Device{ID: id}}, done: make(chan struct{})}, commit)
		return nil
	}
	var wg sync.WaitGroup
	wg.Go(func() { push("first") })
	<-began // what comes now shares the next transaction
	for _, id := range []model.ID{"good", "bad", "other"} {
		wg.Go(func() {
			if fell := push(id); (fell != nil) != (id == "bad") {
				t.Errorf("%s: %v", id, fell)
			}
		})
	}
	for waiting := 0; waiting < 3; {
		q.mu.Lock()
		waiting = len(q.waiting)
		q.mu.Unlock()
	}
	close(free)
	wg.Wait()
	push("last")
	for _, id := range []model.ID{"first", "good", "other", "last"} {
		if !committed[id] {
			t.Errorf("%s was not committed", id)
		}
	}
	if committed["bad"] {
		t.Error("what panicked was committed")
	}
}
