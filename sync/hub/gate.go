package hub

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
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
	quietPart     = 4 // of AtWork: with more files arriving, those fetched wait
	longestWait   = 20 * time.Second
	putOff        = 5 * time.Minute
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

// arrivals counts the files that laptops are handing in, and puts off what may
// wait while there are many of them: at the end of the day everybody hands in,
// and three times as much would go out to colleagues.
type arrivals struct {
	now  atomic.Int64
	most int64
}

// comes counts a request, which goes when done is called, or refuses it.
func (a *arrivals) comes(r *http.Request) (done func(), err error) {
	if r.Method == http.MethodPut {
		a.now.Add(1)
		return func() { a.now.Add(-1) }, nil
	}
	if r.URL.Query().Has(wire.Patient) && a.now.Load() > a.most {
		refusal := wire.Refuse(http.StatusServiceUnavailable, wire.CodeRate, "局服务器正在接收各处上报的材料，同事的材料稍后自动取回")
		refusal.After = putOff + rand.N(putOff)
		return nil, refusal
	}
	return func() {}, nil
}
