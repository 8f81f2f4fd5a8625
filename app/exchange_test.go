package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/page"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
)

// central is a hub on the loopback whose door can be shut.
type central struct {
	*hub.Hub
	server *http.Server
	// arrived hears of every request; while it is mute, none is answered.
	arrived chan string
	mute    atomic.Bool
}

func newCentral(t *testing.T) *central {
	t.Helper()
	h, err := hub.Open(t.Context(), t.TempDir(), hub.Options{Clock: modeltest.NewClock(time.Second), IDs: &modeltest.IDs{Laptop: 9}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &central{Hub: h, arrived: make(chan string, 100)}
	if err := h.SetURL(t.Context(), "https://"+l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	within := h.Handler()
	c.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case c.arrived <- r.URL.Path:
		default:
		}
		if c.mute.Load() {
			<-r.Context().Done()
			return
		}
		within.ServeHTTP(w, r)
	})}
	go func() { _ = c.server.Serve(tls.NewListener(l, h.TLS())) }() // ends with ErrServerClosed
	t.Cleanup(func() {
		if err := errors.Join(c.server.Close(), h.Close()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// longestWait is how long anything is waited for, on however busy a machine.
const longestWait = 2 * time.Minute

// inStep is the program with its window, joined to a hub and at rest: the cycle
// that joining asks for has run, whether or not the first one of the program
// had come upon it already.
func inStep(t *testing.T) (*desktop, *central, func(ok func(standing) bool) standing) {
	t.Helper()
	c := newCentral(t)
	d := newTestDesktop(t)
	moved := make(chan struct{}, 1)
	d.post = func(func()) {
		select {
		case moved <- struct{}{}:
		default:
		}
	}
	d.found(t)
	d.show()
	code, err := c.NewCode(t.Context(), "某人的电脑")
	if err != nil {
		t.Fatal(err)
	}
	if err := (&backstage{d: d}).Enrol(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	await := func(ok func(standing) bool) standing {
		t.Helper()
		limit := time.After(longestWait)
		for {
			s, err := d.line().stands(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if ok(s) {
				return s
			}
			select {
			case <-moved:
			case <-limit:
				t.Fatalf("it never came about: %+v", s)
			}
		}
	}
	await(func(s standing) bool { return !s.Last.IsZero() && !s.Running && len(d.exchange.kick) == 0 })
	return d, c, await
}

// says waits until the window says something: a cycle that the program begins by
// itself may be under way.
func (d *desktop) says(t *testing.T, await func(func(standing) bool) standing, want string) {
	t.Helper()
	await(func(standing) bool {
		d.readLine(t.Context())
		d.showLine()
		return strings.Contains(read(d.win), want)
	})
}

func (d *desktop) save(t *testing.T, n int) {
	t.Helper()
	if _, err := d.office.Store.Commit(t.Context(), model.Batch{Author: d.office.Desk.Officer(), Changes: []model.Change{{Record: modeltest.Employer(n)}}}); err != nil {
		t.Fatal(err)
	}
}

// The program meets the hub when it has joined, after work was saved and the
// hand has rested, and when asked; the status bar says how it stands.
func TestTheProgramKeepsInStep(t *testing.T) {
	d, c, await := inStep(t)
	met := await(func(s standing) bool { return !s.Running && s.Err == nil })
	d.says(t, await, lang.T("line.done", "at", met.Last.In(time.Local).Format("01-02 15:04")))
	d.save(t, 1)
	d.look(t.Context()) // it grew
	d.save(t, 2)
	d.look(t.Context()) // it still grows
	if len(d.exchange.kick) > 0 {
		t.Error("it did not wait for the hand to rest")
	}
	d.look(t.Context())
	await(func(s standing) bool { return s.Cycles > met.Cycles && s.Pending == 0 && !s.Running })
	if n, err := c.LogSize(t.Context()); n == 0 || err != nil {
		t.Error("nothing is in the hub's log")
	}
	rooms := &backstage{d: d}
	d.save(t, 3)
	if sum, err := rooms.Sync(t.Context(), func(float64, string) {}); err != nil || sum.Pushed != 1 {
		t.Errorf("asked for: %+v, %v", sum, err)
	}
	d.save(t, 4)
	d.meetHub()
	await(func(s standing) bool { return s.Pending == 0 && !s.Running })
	status, err := rooms.Status(t.Context())
	if err != nil || !strings.HasPrefix(status.URL, "https://127.0.0.1:") || status.Failure != "" || status.Logged == 0 {
		t.Errorf("status %+v, %v", status, err)
	}
}

// A hub that is away is said to be, and nothing else is disturbed.
func TestTheHubIsAway(t *testing.T) {
	d, c, await := inStep(t)
	if err := c.server.Close(); err != nil {
		t.Fatal(err)
	}
	d.save(t, 1)
	rooms := &backstage{d: d}
	if _, err := rooms.Sync(t.Context(), func(float64, string) {}); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("the hub is away: %v", err)
	}
	d.says(t, await, lang.T("line.away")+" · "+lang.T("status.pending", "n", 1+firstOps(t, d)))
	if s, err := rooms.Status(t.Context()); err != nil || !strings.Contains(s.Failure, "连不上局服务器") {
		t.Errorf("status %+v, %v", s, err)
	}
	if err := rooms.Pause(true); err != nil {
		t.Fatal(err)
	}
	if _, err := rooms.Sync(t.Context(), func(float64, string) {}); !errors.Is(err, client.ErrPaused) {
		t.Errorf("paused: %v", err)
	}
	d.says(t, await, lang.T("line.paused"))
}

// firstOps are what waits beside the test's own saves.
func firstOps(t *testing.T, d *desktop) int {
	t.Helper()
	n, err := d.office.Store.Pending(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n - 1
}

// While the hub keeps the program waiting the window locks at once, the folder
// is closed, and it opens again with everything in it.
func TestLockingDoesNotWaitForTheHub(t *testing.T) {
	d, c, _ := inStep(t)
	for len(c.arrived) > 0 {
		<-c.arrived
	}
	c.mute.Store(true)
	d.save(t, 1)
	d.meetHub()
	<-c.arrived
	e := d.line()
	d.shell.Lock()
	if d.line() != nil {
		t.Error("the exchange goes on in a locked program")
	}
	if _, err := (&backstage{d: d}).Sync(t.Context(), nil); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	<-e.ended
	if err := d.unlock(t.Context(), testPhrase); err != nil {
		t.Fatal(err)
	}
	if n, err := d.office.Store.Pending(t.Context()); err != nil || n < 1 {
		t.Errorf("%d acts wait after unlocking, %v", n, err)
	}
}

// A wait that is given up ends the cycle it waited for.
func TestAskedForAndGivenUp(t *testing.T) {
	d, c, await := inStep(t)
	for len(c.arrived) > 0 {
		<-c.arrived
	}
	c.mute.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-c.arrived
		cancel()
	}()
	if _, err := (&backstage{d: d}).Sync(ctx, func(float64, string) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	await(func(s standing) bool { return !s.Running })
}

func TestLineText(t *testing.T) {
	newTestDesktop(t)
	noon := time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)
	lied := client.Status{Alarm: "矛盾", Pending: 3}
	for _, c := range []struct {
		name    string
		s       standing
		want    string
		trouble bool
	}{
		{"no hub", standing{}, "未接入局服务器", false},
		{"in step", standing{Enrolled: true, Last: noon}, "已同步 09-18 12:00", false},
		{"waiting", standing{Enrolled: true, Last: noon, Status: client.Status{Pending: 3, Files: 2, Bytes: 3 << 20, Metered: true}}, "已同步 09-18 12:00 · 待上传 3 条 · 待传附件 2 个 3.0 MB · 按流量计费", false},
		{"records", standing{Enrolled: true, Running: true, Now: client.Progress{Phase: "上报记录", Done: 200, Total: 1000, Left: 4 * time.Minute}}, "同步中：上报记录 200/1000，还需约 4 分钟", false},
		{"bytes", standing{Enrolled: true, Running: true, Now: client.Progress{Phase: "上传材料", Done: 1, Total: 2, Bytes: 1 << 20, TotalBytes: 5 << 20, Left: 20 * time.Second}}, "同步中：上传材料 1.0 MB/5.0 MB，不到 1 分钟", false},
		{"a lie", standing{Enrolled: true, Running: true, Status: lied}, "局服务器自相矛盾，请看“同步”页 · 待上传 3 条", true},
		{"stalled", standing{Enrolled: true, Status: client.Status{Stalled: true}, Err: client.ErrUnreachable}, "上报停滞，请看“同步”页", true},
		{"away", standing{Enrolled: true, Last: noon, Err: client.ErrUnreachable}, "连不上局服务器，稍后自动再试", false},
		{"refused", standing{Enrolled: true, Last: noon, Err: client.ErrPin}, "同步没有成功，请看“同步”页", true},
		{"given up", standing{Enrolled: true, Last: noon, Err: context.Canceled}, "已同步 09-18 12:00", false},
		{"paused", standing{Enrolled: true, Status: client.Status{Paused: true}, Err: client.ErrPaused}, "同步已暂停", false},
	} {
		if got, trouble := lineText(c.s, time.UTC); got != c.want || trouble != c.trouble {
			t.Errorf("%s: %q, %v; want %q", c.name, got, trouble, c.want)
		}
	}
}

func TestOneIsRemindedOnceADay(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	waits := standing{Enrolled: true, Status: client.Status{Pending: 3}}
	at := func(day, hour int) time.Time { return time.Date(2026, 9, day, hour, 30, 0, 0, time.Local) }
	for _, c := range []struct {
		name string
		s    standing
		at   time.Time
		want string
	}{
		{"in the morning", waits, at(18, 9), ""},
		{"all handed in", standing{Enrolled: true}, at(18, 17), ""},
		{"without a hub", standing{Status: client.Status{Pending: 3}}, at(18, 17), ""},
		{"at the end of the day", waits, at(18, 17), "2026-09-18"},
		{"the next morning", waits, at(19, 8), "2026-09-18"},
		{"the next evening", waits, at(19, 18), "2026-09-19"},
	} {
		d.remind(c.s, c.at)
		if got := d.prefs.Get(prefReminded); got != c.want {
			t.Errorf("%s: reminded on %q, want %q", c.name, got, c.want)
		}
	}
	if got := read(d.win); !strings.Contains(got, "今天还有 3 条记录") {
		t.Errorf("the window says %q", got)
	}
}

var _ page.Hub = (*backstage)(nil)
