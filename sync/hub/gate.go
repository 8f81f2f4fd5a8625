package hub

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// How many requests of laptops are worked at together where Options say
// nothing, how many files may be on their way for each of them, how many more
// may wait for each place, and how long one may wait.
const (
	defaultAtWork = 64
	lanesEach     = 8
	waitersEach   = 4
	longestWait   = 20 * time.Second
)

// gate bounds what laptops may ask at one time. At the end of the day they all
// come at once: who finds the waiting room full is told when to come again,
// before anything he sends is read.
type gate struct {
	clock model.Clock
	work  chan struct{}
	room  chan struct{} // at work or waiting

	mu   sync.Mutex
	mean time.Duration // of one request, newest weighing most
}

func newGate(clock model.Clock, atWork int) *gate {
	return &gate{clock: clock, work: make(chan struct{}, atWork), room: make(chan struct{}, atWork*(1+waitersEach)), mean: time.Millisecond}
}

// enter lets a request in and returns how it leaves, or refuses it.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.room <- struct{}{}:
	default:
		return nil, g.full()
	}
	late := time.NewTimer(longestWait)
	defer late.Stop()
	select {
	case g.work <- struct{}{}:
	case <-late.C:
		<-g.room
		return nil, g.full()
	case <-ctx.Done():
		<-g.room
		return nil, ctx.Err()
	}
	began := g.clock.Now()
	return func() {
		<-g.work
		<-g.room
		g.took(g.clock.Now().Sub(began))
	}, nil
}

// took learns how long a request takes.
func (g *gate) took(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mean += (d - g.mean) / 16
}

// full tells when there should be room: after what waits is done, and not at the
// same moment for everybody.
func (g *gate) full() error {
	g.mu.Lock()
	need := g.mean * time.Duration(len(g.room)) / time.Duration(cap(g.work))
	g.mu.Unlock()
	need = max(need, time.Second)
	refusal := wire.Refuse(http.StatusServiceUnavailable, wire.CodeRate, "局服务器正忙，稍后会自动再试")
	refusal.After = need + rand.N(need)
	return refusal
}
