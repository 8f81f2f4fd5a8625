package hub

import (
	"net"
	"net/http"
	"sync"
	"time"

	"anxin/model"
)

// How many requests one address may make per minute where no signature stands
// before the work.
const (
	publicPerMinute = 60
	enrolPerMinute  = 10
	// maxBuckets bounds the memory of a limiter.
	maxBuckets = 10_000
)

// limiter is a token bucket per address, in memory of this process.
type limiter struct {
	clock     model.Clock
	perMinute float64
	mu        sync.Mutex
	buckets   map[string]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(clock model.Clock, perMinute float64) *limiter {
	return &limiter{clock: clock, perMinute: perMinute, buckets: map[string]bucket{}}
}

// allow takes one token of the address the request comes from.
func (l *limiter) allow(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[host]
	if !ok {
		if len(l.buckets) >= maxBuckets {
			clear(l.buckets)
		}
		b = bucket{tokens: l.perMinute, at: now}
	}
	b.tokens = min(l.perMinute, b.tokens+max(0, now.Sub(b.at).Minutes())*l.perMinute)
	b.at = now
	ok = b.tokens >= 1
	if ok {
		b.tokens--
	}
	l.buckets[host] = b
	return ok
}
