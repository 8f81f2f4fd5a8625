package client

import (
	"context"

	"anxin/model"
	"anxin/sync/wire"
)

// ahead is the page after the one that is being written: it is fetched and
// checked meanwhile. At most one is on its way, and no other request is made
// before it is here.
type ahead struct {
	scope  string
	cursor int64
	done   chan struct{} // closed when page and err stand
	page   wire.Page
	err    error
}

// fetchAhead begins to fetch a page.
func (r *cycle) fetchAhead(ctx context.Context, scope string, cursor int64) {
	a := &ahead{scope: scope, cursor: cursor, done: make(chan struct{})}
	r.ahead = a
	r.c.opt.Go(func() {
		defer close(a.done)
		if a.page, a.err = r.fetch(ctx, scope, cursor); a.err == nil {
			a.page.Revisions = headsFirst(a.page)
			r.c.opt.Store.Prepare(a.page.Revisions)
		}
	})
}

// page is the page of a scope behind a cursor: the one on its way, if it is
// that one, or one fetched now.
func (r *cycle) page(ctx context.Context, scope string, cursor int64) (wire.Page, error) {
	if a := r.settle(); a != nil && a.scope == scope && a.cursor == cursor {
		return a.page, a.err
	}
	return r.fetch(ctx, scope, cursor)
}

// settle waits for the page on its way and takes it off the cycle; nil when
// there is none.
func (r *cycle) settle() *ahead {
	a := r.ahead
	if a != nil {
		<-a.done
	}
	r.ahead = nil
	return a
}

func (r *cycle) fetch(ctx context.Context, scope string, cursor int64) (page wire.Page, err error) {
	err = r.conn.call(ctx, "pull", wire.Pull{Scope: scope, Cursor: cursor, Own: r.welcome.HubEpoch > 1}, &page)
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
