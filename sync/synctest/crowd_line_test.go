package synctest

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"anxin/sync/wire"
)

// pace is what the hub needs for one request, without waiting.
type pace struct {
	Message time.Duration // a small question and its answer
	Push    time.Duration // a transaction
	Op      time.Duration // each operation of a push
	Row     time.Duration // each revision of a page of the feed
	Leaf    time.Duration // a leaf taken: hashed, sealed, flushed; or given
	Finish  time.Duration // a photo looked at whole
}

// What lies between the laptops and the hub. A kilobyte of a photo stands for
// photoScale of them, so that two thousand laptops fit the memory; what passes
// the line is counted in full.
const (
	photoScale = 4096
	hubRate    = 1e9 / 8 // of the hub's own line, bytes a second each way
	hubCores   = 2
	rowBytes   = 400              // of a packed page, about, for one revision
	giveUp     = 90 * time.Second // a laptop waits no longer for an answer
	cutMean    = 50 << 20         // a mobile line breaks after so many bytes, on average
)

// pipe is a line many share: what is put on it first passes first.
type pipe struct {
	mu   sync.Mutex
	rate float64 // bytes a second
	free time.Time
}

// pass returns when so many bytes have passed at the sender's own rate, and the
// pipe had room for them.
func (p *pipe) pass(bytes int, own float64) {
	const piece = wire.LeafSize
	for ; bytes > 0; bytes -= piece {
		n := float64(min(bytes, piece))
		now := time.Now()
		p.mu.Lock()
		if p.free.Before(now) {
			p.free = now
		}
		p.free = p.free.Add(seconds(n / p.rate))
		end := p.free
		p.mu.Unlock()
		if mine := now.Add(seconds(n / own)); mine.After(end) {
			end = mine
		}
		time.Sleep(time.Until(end))
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// site is the hub as a place: its line, its cores, and who stands there.
type site struct {
	pace     pace
	handler  http.Handler
	up, down pipe
	cores    chan struct{}
	away     func() bool // nobody answers

	mu        sync.Mutex
	waiting   int // for a core
	queue     int // the most that waited
	inside    int // requests being answered
	full      int // the most of them
	requests  int
	refused   int
	advised   int // of them with a word when to come again
	second    time.Time
	inSecond  int
	perSecond int // the most in one second
}

func newSite(p pace, h http.Handler) *site {
	return &site{pace: p, handler: h, cores: make(chan struct{}, hubCores), up: pipe{rate: hubRate}, down: pipe{rate: hubRate},
		away: func() bool { return false }}
}

// work holds a core of the hub for a while.
func (s *site) work(d time.Duration) {
	s.mu.Lock()
	s.waiting++
	s.queue = max(s.queue, s.waiting)
	s.mu.Unlock()
	s.cores <- struct{}{}
	s.mu.Lock()
	s.waiting--
	s.mu.Unlock()
	time.Sleep(d)
	<-s.cores
}

func (s *site) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.inside++
	s.full = max(s.full, s.inside)
	if now := time.Now().Truncate(time.Second); !now.Equal(s.second) {
		s.second, s.inSecond = now, 0
	}
	s.inSecond++
	s.perSecond = max(s.perSecond, s.inSecond)
}

func (s *site) leave(res *http.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		s.refused++
		if res.Header.Get("Retry-After") != "" {
			s.advised++
		}
	}
}

// roadside is one laptop's line to the hub. It implements http.RoundTripper.
type roadside struct {
	at      *site
	address string
	rate    float64 // bytes a second each way
	delay   time.Duration
	rng     *rand.Rand
	left    float64                             // bytes until the line breaks
	pending func() int                          // operations the hub has not answered for
	tick    func()                              // the world's clock follows the time
	sent    func(*http.Request, *http.Response) // hears every exchange
	linked  bool
}

func (r *roadside) RoundTrip(q *http.Request) (*http.Response, error) {
	r.tick()
	if r.at.away() {
		r.linked = false
		time.Sleep(r.delay)
		return nil, ErrCut
	}
	if !r.linked {
		time.Sleep(2 * r.delay) // TCP and TLS
		r.linked = true
	}
	body := &onAir{Reader: q.Body, line: r, q: q, left: int(q.ContentLength), scale: 1}
	if q.Method == http.MethodPut {
		body.scale = photoScale
		time.Sleep(time.Duration(leavesOf(body.left)-1) * r.delay) // it would go leaf by leaf
	}
	time.Sleep(r.delay / 2)
	in := q.Clone(q.Context())
	in.RequestURI, in.RemoteAddr, in.Body = q.URL.RequestURI(), r.address, body
	rec := &onWay{ResponseRecorder: httptest.NewRecorder(), line: r, q: q}
	r.at.enter()
	r.at.handler.ServeHTTP(rec, in)
	if q.ContentLength <= 0 && q.Method != http.MethodGet {
		body.arrived()
	}
	res := rec.Result()
	r.at.leave(res)
	if err := q.Context().Err(); err != nil {
		return nil, err
	}
	if body.cut || r.at.away() || rec.answered().Sub(body.asked()) > giveUp {
		r.linked = false
		return nil, ErrCut
	}
	time.Sleep(r.delay / 2)
	r.sent(q, res)
	res.Request, res.ContentLength = q, int64(rec.Body.Len())
	return res, nil
}

// onWay is an answer on its way to a laptop; the hub's program is held until
// the line has taken it.
type onWay struct {
	*httptest.ResponseRecorder
	line  *roadside
	q     *http.Request
	began time.Time
}

// answered is when the hub began to answer, or now.
func (o *onWay) answered() time.Time {
	if o.began.IsZero() {
		return time.Now()
	}
	return o.began
}

func (o *onWay) Write(p []byte) (int, error) {
	at, size := o.line.at, len(p)
	if o.began.IsZero() {
		o.began = time.Now()
	}
	switch {
	case o.q.Method == http.MethodGet:
		at.work(time.Duration(leavesOf(size)) * at.pace.Leaf)
		size *= photoScale
	case strings.HasSuffix(o.q.URL.Path, "/pull"):
		at.work(time.Duration(size/rowBytes) * at.pace.Row)
	}
	at.down.pass(size, o.line.rate)
	return o.ResponseRecorder.Write(p)
}

// leavesOf is how many leaves a scaled photo stands for.
func leavesOf(size int) int { return wire.Leaves(int64(size) * photoScale) }

// onAir is a request's body on its way: it arrives as fast as the line brings
// it, and with its last byte the hub's work begins.
type onAir struct {
	io.Reader
	line  *roadside
	q     *http.Request
	left  int
	scale int
	cut   bool
	done  time.Time
}

func (o *onAir) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if n == 0 {
		return n, err
	}
	o.line.at.up.pass(n*o.scale, o.line.rate)
	if o.line.left -= float64(n * o.scale); o.line.left < 0 {
		o.line.left = o.line.rng.ExpFloat64() * cutMean
		o.cut = true
		return 0, io.ErrUnexpectedEOF
	}
	if o.left -= n; o.left <= 0 {
		o.arrived()
	}
	return n, err
}

// asked is when the whole request had arrived, or now.
func (o *onAir) asked() time.Time {
	if o.done.IsZero() {
		return time.Now()
	}
	return o.done
}

func (*onAir) Close() error { return nil }

// arrived does the hub's work.
func (o *onAir) arrived() {
	o.done = time.Now()
	p, d := o.line.at.pace, time.Duration(0)
	switch path := o.q.URL.Path; {
	case o.q.Method == http.MethodPut:
		d = time.Duration(leavesOf(int(o.q.ContentLength))) * p.Leaf
	case strings.HasSuffix(path, "/push"):
		d = p.Push + time.Duration(min(wire.MaxOps, o.line.pending()))*p.Op
	case strings.HasSuffix(path, "/finish"):
		d = p.Finish
	default:
		d = p.Message
	}
	o.line.at.work(d)
}

// stopwatch is a line that takes the time of every exchange.
type stopwatch struct {
	*Line
	took map[string][]time.Duration
	size map[string]int // of the last reply
}

func (s *stopwatch) RoundTrip(q *http.Request) (*http.Response, error) {
	name := q.Method + " " + q.URL.Path[strings.LastIndex(q.URL.Path, "/")+1:]
	if q.Method != http.MethodPost {
		name = q.Method
	}
	began := time.Now()
	res, err := s.Line.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	s.took[name] = append(s.took[name], time.Since(began))
	s.size[name] = int(res.ContentLength)
	return res, nil
}

// least is the shortest of a kind: what it takes when nothing else is done.
func (s *stopwatch) least(name string) time.Duration {
	d := time.Duration(1 << 62)
	for _, t := range s.took[name] {
		d = min(d, t)
	}
	return d
}
