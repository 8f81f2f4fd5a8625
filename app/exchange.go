package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/office"
	"anxin/model"
	"anxin/sync/client"
)

// exchangeEvery is about how often the hub is met while nothing happens here.
const exchangeEvery = 10 * time.Minute

// exchange keeps an open office in step with the hub, beside the window: at
// once, some seconds after work was saved, every so often and when somebody
// asks. All cycles of the program run here, one after another.
type exchange struct {
	o       *office.Office
	changed func() // hears that another cycle began, moved or ended; on any goroutine
	kick    chan struct{}
	stop    context.CancelFunc
	ended   chan struct{}

	mu      sync.Mutex
	now     client.Progress    // of the cycle that runs
	cancel  context.CancelFunc // of it; nil while none runs
	last    result
	cycles  int      // ended so far
	askers  []*asker // of the next cycle
	pending int      // operations waiting when last looked
	grown   bool     // since the last cycle was asked for
}

// result is how a cycle ended.
type result struct {
	sum client.Summary
	err error
}

// asker waits for the next cycle and hears how it goes.
type asker struct {
	tell func(client.Progress)
	done chan result
}

// beginExchange starts the goroutine; close ends it.
func beginExchange(o *office.Office, changed func()) *exchange {
	ctx, stop := context.WithCancel(context.Background())
	e := &exchange{o: o, changed: changed, kick: make(chan struct{}, 1), stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		o.Sync.Background(ctx, exchangeEvery, e.kick, e.cycle)
	}()
	return e
}

// close ends the cycle that runs, at the step it is at, and all others.
func (e *exchange) close() {
	e.stop()
	<-e.ended
}

// soon asks for a cycle, or for another one after the one that runs.
func (e *exchange) soon() {
	select {
	case e.kick <- struct{}{}:
	default: // asked for already
	}
}

// saved looks whether work was saved since it last looked; once nothing more
// was, a cycle is due.
func (e *exchange) saved(pending int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case pending > e.pending:
		e.grown = true
	case e.grown && pending == e.pending:
		e.grown = false
		e.soon()
	}
	e.pending = pending
}

// cycle is one exchange with the hub, if this laptop has joined one.
func (e *exchange) cycle(ctx context.Context) (client.Summary, error) {
	if known, err := e.o.Sync.Enrolled(ctx); err != nil || !known {
		e.answer(e.take(), result{err: client.ErrNotEnrolled})
		return client.Summary{}, client.ErrNotEnrolled
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	askers := e.take()
	e.mu.Lock()
	e.cancel, e.now, e.grown = cancel, client.Progress{}, false
	e.mu.Unlock()
	var r result
	r.sum, r.err = e.o.Exchange(ctx, func(p client.Progress) { e.moved(p, askers) })
	if err := tell(context.WithoutCancel(ctx), e.o, e.o.Now(), r.sum.Notes); err != nil && r.err == nil {
		r.err = err
	}
	e.mu.Lock()
	e.cancel, e.last = nil, r
	e.cycles++
	e.mu.Unlock()
	e.answer(askers, r)
	e.changed()
	return r.sum, r.err
}

// moved tells how far the cycle is to those it is run for and to those who
// wait for the next.
func (e *exchange) moved(p client.Progress, askers []*asker) {
	e.mu.Lock()
	e.now = p
	hear := slices.Concat(askers, e.askers)
	e.mu.Unlock()
	for _, a := range hear {
		a.tell(p)
	}
	e.changed()
}

func (e *exchange) take() []*asker {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := e.askers
	e.askers = nil
	return out
}

func (e *exchange) answer(askers []*asker, r result) {
	for _, a := range askers {
		a.done <- r
	}
}

// meet asks for a cycle and waits for it. Ending the context ends the cycle.
func (e *exchange) meet(ctx context.Context, tell func(client.Progress)) (client.Summary, error) {
	if e.o.Sync.Paused() {
		return client.Summary{}, client.ErrPaused
	}
	a := &asker{tell: tell, done: make(chan result, 1)}
	e.mu.Lock()
	e.askers = append(e.askers, a)
	e.mu.Unlock()
	e.soon()
	select {
	case r := <-a.done:
		return r.sum, r.err
	case <-ctx.Done():
		e.halt()
		return client.Summary{}, ctx.Err()
	case <-e.ended:
		return client.Summary{}, model.ErrLocked
	}
}

// halt ends the cycle that runs.
func (e *exchange) halt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cancel != nil {
		e.cancel()
	}
}

// standing is how the exchange stands, for the status bar.
type standing struct {
	client.Status
	Enrolled bool
	Running  bool
	Now      client.Progress
	Last     time.Time // that went well
	Cycles   int       // since the folder was opened
	Sum      client.Summary
	Err      error // of the last one
}

// stands reads how the exchange stands.
func (e *exchange) stands(ctx context.Context) (s standing, err error) {
	if s.Enrolled, err = e.o.Sync.Enrolled(ctx); err != nil {
		return s, err
	}
	if s.Status, err = e.o.Sync.Status(ctx); err != nil {
		return s, err
	}
	if s.Last, err = e.o.LastExchange(ctx); err != nil {
		return s, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Running, s.Now, s.Cycles, s.Sum, s.Err = e.cancel != nil, e.now, e.cycles, e.last.sum, e.last.err
	return s, nil
}

// closing ends all use of an open office. It may take as long as what is being
// written, and so is done beside the window.
func (d *desktop) closing(o *office.Office, e *exchange) {
	d.closes.Go(func() {
		e.close()
		if err := o.Close(); err != nil {
			fyne.LogError("closing the data folder", err)
		}
	})
}
