//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/synctest"
	"anxin/sync/wire"
)

// asProgram makes this test program be anxin-hub.
const asProgram = "ANXIN_HUB_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// longest is how long the tests wait for anything, on however busy a machine.
const longest = 2 * time.Minute

// program is anxin-hub as a process of its own.
type program struct {
	*testing.T
	cmd     *exec.Cmd
	address string
	said    chan string // the log, line by line
	ended   chan error
}

// hubURL is the name laptops call the hub by, wherever it listens.
const hubURL = "https://hub.test:8443"

func startProgram(t *testing.T, dir string, patience time.Duration) *program {
	t.Helper()
	p := &program{T: t, address: synctest.FreeAddress(t), said: make(chan string, 1000), ended: make(chan error, 1)}
	p.cmd = exec.Command(os.Args[0], "serve", "--data", dir, "--listen", p.address, "--url", hubURL, "--patience", patience.String())
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	log, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			p.said <- lines.Text()
		}
		close(p.said)
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // it has ended, or the test has failed
	p.hears("serving")
	return p
}

// hears waits for a word of the log.
func (p *program) hears(word string) {
	p.Helper()
	limit := time.After(longest)
	for {
		select {
		case line, more := <-p.said:
			switch {
			case strings.Contains(line, `"msg":"`+word):
				return
			case !more:
				p.Fatalf("it ended without %q", word)
			}
		case <-limit:
			p.Fatalf("it never said %q", word)
		}
	}
}

// terminate sends SIGTERM and waits until new connections are refused.
func (p *program) terminate() {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	p.hears("stopping")
	for deadline := time.Now().Add(longest); ; {
		c, err := net.Dial("tcp", p.address)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			err = c.Close()
		}
		if time.Now().After(deadline) {
			p.Fatalf("it still takes connections, %v", err)
		}
	}
}

// exits waits for the end, which must be a good one.
func (p *program) exits() {
	p.Helper()
	for {
		select {
		case _, more := <-p.said:
			if !more {
				p.said = nil
			}
		case err := <-p.ended:
			if err != nil {
				p.Errorf("it ended with %v", err)
			}
			return
		case <-time.After(longest):
			p.Fatal("it never ended")
		}
	}
}

// heldLine brings requests to the program; one of them it holds in the middle of
// its body, when the hub has begun to read it.
type heldLine struct {
	http.Transport
	mu      sync.Mutex
	address string
	hold    func(*http.Request) bool // nil: nothing is held
	reached chan struct{}            // the middle
	goOn    chan struct{}            // closed: let it pass
	status  int                      // of the held request
}

func newHeldLine() *heldLine {
	l := &heldLine{reached: make(chan struct{}), goOn: make(chan struct{})}
	l.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	l.ExpectContinueTimeout = longest
	l.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		return new(net.Dialer).DialContext(ctx, network, l.address)
	}
	return l
}

// to sends everything to another process from now on, and holds what is chosen.
func (l *heldLine) to(p *program, hold func(*http.Request) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.address, l.hold = p.address, hold
}

// RoundTrip implements http.RoundTripper.
func (l *heldLine) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	held := l.hold != nil && l.hold(r)
	if held {
		l.hold = nil
	}
	l.mu.Unlock()
	if !held {
		return l.Transport.RoundTrip(r)
	}
	in := r.Clone(r.Context())
	in.GetBody = nil
	in.Header.Set("Expect", "100-continue") // the hub says so when it begins to read
	half := io.LimitReader(r.Body, max(1, r.ContentLength/2))
	in.Body = io.NopCloser(io.MultiReader(half, &waiting{line: l, Reader: r.Body}))
	res, err := l.Transport.RoundTrip(in)
	if err == nil {
		l.status = res.StatusCode
	}
	return res, err
}

// waiting is the second half of a body.
type waiting struct {
	io.Reader
	line *heldLine
	once sync.Once
}

func (w *waiting) Read(p []byte) (int, error) {
	w.once.Do(func() {
		close(w.line.reached)
		<-w.line.goOn
	})
	return w.Reader.Read(p)
}

// TestStopsGracefully: the hub is told to stop while a push, a file, or a file
// that never comes to its end is on its way. What is in flight is answered, new
// connections are refused, the process ends well, and the next one has
// everything once and nothing half.
func TestStopsGracefully(t *testing.T) {
	push := func(r *http.Request) bool { return r.URL.Path == wire.Root+"/push" }
	file := func(r *http.Request) bool { return r.Method == http.MethodPut }
	for _, test := range []struct {
		name     string
		hold     func(*http.Request) bool
		patience time.Duration
		status   int // of the request in flight; 0: it is cut off
	}{
		{"push", push, longest, http.StatusOK},
		{"file", file, longest, http.StatusNoContent},
		{"stalled file", file, 200 * time.Millisecond, 0},
	} {
		t.Run(test.name, func(t *testing.T) { stops(t, test.hold, test.patience, test.status) })
	}
}

// stops tells a hub to stop while the request chosen is on its way.
func stops(t *testing.T, hold func(*http.Request) bool, patience time.Duration, status int) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "局")
	p := startProgram(t, dir, patience)
	line := newHeldLine()
	defer line.CloseIdleConnections()
	line.to(p, nil)
	l, c := joined(t, dir, line)
	work(t, l)

	line.to(p, hold)
	synced := make(chan error, 1)
	go func() {
		_, err := c.Sync(ctx, nil)
		synced <- err
	}()
	select {
	case <-line.reached:
	case <-time.After(longest):
		t.Fatal("nothing was held")
	}
	p.terminate()
	if status == 0 {
		p.exits()
		close(line.goOn)
	} else {
		close(line.goOn)
		p.exits()
	}
	if err := <-synced; !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("the laptop says: %v", err)
	}
	if line.status != status {
		t.Errorf("the request in flight was answered %d, want %d", line.status, status)
	}
	acked, err := l.AckedSeq(ctx)
	if last, err2 := l.LastSeq(ctx); err != nil || err2 != nil || acked != last {
		t.Errorf("acknowledged %d of %d, %v %v", acked, last, err, err2)
	}

	p = startProgram(t, dir, longest)
	line.CloseIdleConnections()
	line.to(p, nil)
	sum, err := c.Sync(ctx, nil)
	if err != nil || sum.Pushed != 0 || sum.Blobs != 1 && status != http.StatusNoContent {
		t.Errorf("the next time: %+v, %v", sum, err)
	}
	p.terminate()
	p.exits()
	o := &office{T: t, dir: dir}
	if text := o.do("verify", "--deep"); !strings.Contains(text, "操作 20 条") || !strings.Contains(text, "材料 1 件") {
		t.Errorf("at the hub: %s", text)
	}
}

// joined is a laptop that has joined the hub in dir.
func joined(t *testing.T, dir string, line http.RoundTripper) (*modeltest.Laptop, *client.Client) {
	t.Helper()
	l := modeltest.NewLaptop(t, 1)
	c, err := client.New(context.Background(), client.Options{Store: l.Store, Blobs: l.Blobs, Ring: client.NewKeyring(), Clock: clock{}, Transport: line,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	code := (&office{T: t, dir: dir}).do("enrol", "--name", "王某")
	if err := c.Enrol(context.Background(), code); err != nil {
		t.Fatal(err)
	}
	return l, c
}

// work is nineteen records and a photo of three leaves with its own.
func work(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	var changes []model.Change
	for n := range 19 {
		changes = append(changes, model.Change{Record: modeltest.Employer(n)})
	}
	info, err := l.Blobs.Put(context.Background(), bytes.NewReader(fmt.Appendf(nil, "%*d", 3*wire.LeafSize, 7)))
	if err != nil {
		t.Fatal(err)
	}
	l.Save(t, append(changes, model.Change{Record: &model.Evidence{SHA256: info.SHA256, Size: info.Size}})...)
}
