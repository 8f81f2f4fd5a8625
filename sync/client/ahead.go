package client

import (
	"context"

	"anxin/model"
	"anxin/sync/wire"
)

// pagesAhead is how many pages are fetched and checked while one is written: the
// hub reads the second while this laptop checks the first.
const pagesAhead = 2

// ahead is a page behind the one that is being written. One request is out at a
// time, each page is checked after the one before it, and no other request is
// made before all of them are here.
type ahead struct {
	scope   string
	cursor  int64
	wanted  bool          // the page before it was not the last
	fetched chan struct{} // closed when page and err stand
	checked chan struct{} // closed when the page is checked too
	page    wire.Page
	err     error
}

// fetchAhead begins to fetch what follows a page: the pages on their way stay.
func (r *cycle) fetchAhead(ctx context.Context, scope string, page wire.Page) {
	before := here(scope, page)
	if len(r.ahead) > 0 {
		before = r.ahead[len(r.ahead)-1]
	}
	for len(r.ahead) < pagesAhead {
		a := &ahead{scope: scope, fetched: make(chan struct{}), checked: make(chan struct{})}
		r.follow(ctx, a, before)
		r.ahead, before = append(r.ahead, a), a
	}
}

// here is a page that has come and is checked.
func here(scope string, page wire.Page) *ahead {
	a := &ahead{scope: scope, wanted: true, page: page, fetched: make(chan struct{}), checked: make(chan struct{})}
	close(a.fetched)
	close(a.checked)
	return a
}

// follow begins to fetch the page behind another.
func (r *cycle) follow(ctx context.Context, a, before *ahead) {
	r.c.opt.Go(func() {
		defer close(a.checked)
		<-before.fetched
		if a.wanted = before.wanted && before.err == nil && before.page.More(); a.wanted {
			a.cursor = before.page.Next
			a.page, a.err = r.fetch(ctx, a.scope, a.cursor)
			a.page.Revisions = headsFirst(a.page)
		}
		close(a.fetched)
		<-before.checked
		if a.wanted && a.err == nil {
			r.c.opt.Store.Prepare(a.page.Revisions)
		}
	})
}

// page is the page of a scope behind a cursor: the first one on its way, if it
// is that one, or one fetched now.
func (r *cycle) page(ctx context.Context, scope string, cursor int64) (wire.Page, error) {
	if len(r.ahead) > 0 {
		a := r.ahead[0]
		r.ahead = r.ahead[1:]
		if <-a.checked; a.wanted && a.scope == scope && a.cursor == cursor {
			return a.page, a.err
		}
		r.settle()
	}
	return r.fetch(ctx, scope, cursor)
}

// settle waits for the pages on their way and takes them off the cycle.
func (r *cycle) settle() {
	for _, a := range r.ahead {
		<-a.checked
	}
	r.ahead = nil
}

// A page is as large as the line bears: the first of a cycle holds firstPage
// records, and each that comes whole lets the next be twice as large, up to what
// the hub allows. One that does not come makes the next half as large, down to
// leastPage, and from then on pages grow by leastPage only. Large pages cost least
// to write; on a poor line a small one is not lost so often.
const (
	firstPage = 1000
	leastPage = 125
)

func (r *cycle) fetch(ctx context.Context, scope string, cursor int64) (page wire.Page, err error) {
	if r.room == 0 {
		r.room = firstPage
	}
	err = r.conn.call(ctx, "pull", wire.Pull{Scope: scope, Cursor: cursor, Limit: r.room, Own: r.welcome.HubEpoch > 1}, &page)
	switch {
	case err != nil:
		r.room, r.broke = max(r.room/2, leastPage), true
	case r.broke:
		r.room = min(r.room+leastPage, wire.PageRows)
	default:
		r.room = min(r.room*2, wire.PageRows)
	}
	return page, err
}

// batch is a contiguous slice of the log that fits one push, packed.
type batch struct {
	epoch int
	after int64 // the operation before it
	ops   []model.Op
	body  []byte
	more  bool // the log went on when it was read
	err   error
	done  chan struct{} // closed when it is packed
}

// packAhead begins to read and pack the batch that follows an operation, while
// the hub works on the one before.
func (r *cycle) packAhead(ctx context.Context, after int64) {
	b := &batch{epoch: r.c.opt.Store.Device().Epoch, after: after, done: make(chan struct{})}
	r.packed = b
	r.c.opt.Go(func() {
		defer close(b.done)
		b.fill(ctx, r.c.opt.Store)
	})
}

// batch is the next one to be pushed, packed ahead or now.
func (r *cycle) batch(ctx context.Context) *batch {
	b := r.packed
	r.packed = nil
	if b != nil {
		<-b.done
	}
	epoch := r.c.opt.Store.Device().Epoch
	if b == nil || b.epoch != epoch || b.after != r.sent || len(b.ops) == 0 || b.err != nil {
		b = &batch{epoch: epoch, after: r.sent}
		b.fill(ctx, r.c.opt.Store)
	}
	return b
}

func (b *batch) fill(ctx context.Context, log Journal) {
	if b.ops, b.err = log.Ops(ctx, b.after, wire.MaxOps); b.err != nil {
		return
	}
	b.ops, b.more = fit(b.ops), len(b.ops) == wire.MaxOps
	b.body, b.err = wire.Pack(wire.Push{Ops: b.ops})
}

// keeping is what an answered push leaves in the store, written while the next
// is with the hub. A laptop that stops before it is durable sends the same again
// and is answered the same.
type keeping struct {
	done chan struct{} // closed when err stands
	err  error
}

// keepBehind begins to keep the hub's newest word and its answers.
func (r *cycle) keepBehind(ctx context.Context, acks []model.Ack) {
	k := &keeping{done: make(chan struct{})}
	r.keeping = k
	word := r.word
	r.c.opt.Go(func() {
		defer close(k.done)
		if word != nil {
			k.err = r.c.save(ctx, settingCheckpoint, word)
		}
		if k.err == nil {
			k.err = r.c.opt.Store.Acked(ctx, acks)
		}
	})
}

// kept waits until nothing is being kept behind, and says what failed.
func (r *cycle) kept() error {
	k := r.keeping
	if r.keeping = nil; k == nil {
		return nil
	}
	<-k.done
	return k.err
}
