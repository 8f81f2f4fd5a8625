package hub

import (
	"context"
	"sync"

	"anxin/model"
	"anxin/sync/wire"
)

// pushing is one push on its way through the queue.
type pushing struct {
	who     caller
	ops     []model.Op
	reasons []string
	batch   *batch
	out     wire.Pushed
	err     error
	fell    any // what its commit panicked with
	done    chan struct{}
}

// groupOps bounds what one transaction takes together, in operations.
const groupOps = 400

// queue lets pushes that come while a transaction runs share the next one:
// what is dear is the commit, and one serves as well for many.
type queue struct {
	mu      sync.Mutex
	waiting []*pushing
	busy    bool
}

// do hands a push to commit and returns when it is through. It is not given up
// when its laptop goes away: others may stand in the same transaction.
func (q *queue) do(ctx context.Context, job *pushing, commit func(context.Context, []*pushing)) {
	q.mu.Lock()
	q.waiting = append(q.waiting, job)
	if !q.busy {
		q.busy = true
		go q.work(context.WithoutCancel(ctx), commit)
	}
	q.mu.Unlock()
	<-job.done
	if job.fell != nil {
		panic(job.fell) // where the server of the request deals with it
	}
}

// work commits group after group until nothing waits.
func (q *queue) work(ctx context.Context, commit func(context.Context, []*pushing)) {
	for {
		group := q.take()
		if group == nil {
			return
		}
		attempt(ctx, group, commit)
		for _, j := range group {
			close(j.done)
		}
	}
}

// attempt commits a group. What panics falls with its own request: it takes
// neither the hub nor the pushes beside it along.
func attempt(ctx context.Context, group []*pushing, commit func(context.Context, []*pushing)) {
	defer func() {
		switch p := recover(); {
		case p != nil && len(group) > 1:
			for _, j := range group {
				attempt(ctx, []*pushing{j}, commit)
			}
		case p != nil:
			group[0].fell = p
		}
	}()
	commit(ctx, group)
}

// take is the next group: at least one push, of each device at most one, so
// that a push sees what the one before it left.
func (q *queue) take() []*pushing {
	q.mu.Lock()
	defer q.mu.Unlock()
	ops, seen := 0, map[model.ID]bool{}
	var group, rest []*pushing
	for _, j := range q.waiting {
		if seen[j.who.ID] || len(group) > 0 && ops+len(j.ops) > groupOps {
			rest = append(rest, j)
			continue
		}
		seen[j.who.ID] = true
		ops += len(j.ops)
		group = append(group, j)
	}
	q.waiting = rest
	q.busy = len(group) > 0
	return group
}
