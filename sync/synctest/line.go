package synctest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
)

// ErrCut is what a laptop sees of a fault of the line.
var ErrCut = errors.New("line cut")

// Fault is what happens to one exchange.
type Fault struct {
	// Request cuts the request's body after so many bytes; the hub sees the
	// part, the laptop an error. Negative: not cut.
	Request int
	// Reply cuts the reply's body after so many bytes; the hub has done its
	// work. Negative: not cut.
	Reply int
	// Lost loses the reply as a whole.
	Lost bool
	// Down refuses the connection: the hub sees nothing.
	Down bool
	// Twice delivers the request a second time; Second gives the laptop the
	// second answer.
	Twice, Second bool
	// Late delivers a request of before once more, after this one.
	Late bool
	// Replica answers, of those there are.
	Replica int
}

// Whole is the absence of a fault.
var Whole = Fault{Request: -1, Reply: -1}

// Line carries requests to handlers in the same process, the replicas of a
// hub. It implements http.RoundTripper.
type Line struct {
	mu       sync.Mutex
	handlers []http.Handler
	// Plan decides about each exchange, counted from 0; nil is no fault.
	plan  func(n int, r *http.Request) Fault
	count int
	// Sizes are the bytes of the exchanges so far: request and reply.
	sizes [][2]int
	// Heard is told of every answer that was given, whether it arrives or not.
	Heard func(r *http.Request, status int, encoding string, reply []byte)
	// old is a request that was delivered before.
	old     *http.Request
	oldBody []byte
}

// Connect puts the line to a hub's replicas; none takes it away.
func (l *Line) Connect(replicas ...http.Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handlers = replicas
}

// Plan sets what happens from now on and starts the count anew.
func (l *Line) Plan(plan func(n int, r *http.Request) Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plan, l.count, l.sizes = plan, 0, nil
}

// Sizes are the bytes of request and reply of every exchange since Plan.
func (l *Line) Sizes() [][2]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([][2]int(nil), l.sizes...)
}

// begin takes the fault and the handler of the next exchange.
func (l *Line) begin(r *http.Request) (Fault, http.Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := Whole
	if l.plan != nil {
		f = l.plan(l.count, r)
	}
	l.count++
	if len(l.handlers) == 0 {
		return f, nil
	}
	return f, l.handlers[f.Replica%len(l.handlers)]
}

// RoundTrip implements http.RoundTripper.
func (l *Line) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	f, handler := l.begin(r)
	if handler == nil || f.Down {
		return nil, ErrCut
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	rec := l.deliver(handler, r, body, f.Request)
	if f.Late && l.old != nil {
		l.deliver(handler, l.old, l.oldBody, -1)
	}
	if f.Request < 0 {
		l.old, l.oldBody = r.Clone(r.Context()), body
	}
	if f.Twice {
		again := l.deliver(handler, r, body, -1)
		if f.Second {
			rec = again
		}
	}
	res := rec.Result()
	reply := rec.Body.Bytes()
	l.mu.Lock()
	l.sizes = append(l.sizes, [2]int{len(body), len(reply)})
	l.mu.Unlock()
	if f.Lost || f.Request >= 0 && f.Request < len(body) {
		return nil, ErrCut
	}
	res.ContentLength = int64(len(reply))
	if f.Reply >= 0 && f.Reply < len(reply) {
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(reply[:f.Reply]), failing{}))
	}
	res.Request = r
	return res, nil
}

func (l *Line) deliver(handler http.Handler, r *http.Request, body []byte, cut int) *httptest.ResponseRecorder {
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "192.0.2.1:1234"
	in.Body = io.NopCloser(bytes.NewReader(body))
	if cut >= 0 && cut < len(body) {
		in.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:cut]), failing{}))
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, in)
	if l.Heard != nil {
		l.Heard(r, rec.Code, rec.Header().Get("Content-Encoding"), rec.Body.Bytes())
	}
	return rec
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
