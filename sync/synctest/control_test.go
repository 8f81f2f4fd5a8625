package synctest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/wire"
)

// TestMetered: on a line that costs money records go and files wait.
func TestMetered(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 2, 1, Bugs{})
	a := w.Laptops[0]
	info, err := a.Blobs.Put(ctx, bytes.NewReader([]byte("photo")))
	w.Check(err)
	r := a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Client.SetMetered(true)
	if sum := a.Sync(); sum.Pushed != 1 || sum.Blobs != 0 || sum.Deferred != 1 {
		t.Errorf("metered: %+v", sum)
	}
	state, err := a.Client.Status(ctx)
	w.Check(err)
	if !state.Metered || state.Files != 1 || state.Bytes != info.Size || state.Pending != 0 || state.Logged != 1 {
		t.Errorf("status %+v", state)
	}
	a.Client.SetMetered(false)
	if sum := a.Sync(); sum.Blobs != 1 || sum.Deferred != 0 {
		t.Errorf("free: %+v", sum)
	}
	w.Rest()
	w.Invariants([]Done{{r, 0}})
}

// TestBackedUp: the third level is reached when the hub says how far its
// backup goes.
func TestBackedUp(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	a.Put("", "", modeltest.Employer(1))
	a.Put("", "", modeltest.Employer(2))
	a.Sync()
	a.Put("", "", modeltest.Employer(3))
	a.Sync()
	w.Check(w.Hub.Publish(ctx, 2))
	a.Sync()
	state, err := a.Client.Status(ctx)
	w.Check(err)
	if state.Pending != 0 || state.Logged != 3 || state.BackedUp != 2 {
		t.Errorf("status %+v", state)
	}
}

// TestPause: a paused exchange ends after the request it is at, leaves the way
// by USB stick free, and goes on where it stood.
func TestPause(t *testing.T) {
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	a.Put("", "", modeltest.Employer(1))
	requests := 0
	a.Line.Plan(func(int, *http.Request) Fault {
		if requests++; requests == 2 {
			a.Client.Pause()
		}
		return Whole
	})
	for range 2 {
		if _, err := a.Client.Sync(context.Background(), nil); !errors.Is(err, client.ErrPaused) {
			t.Errorf("paused: %v", err)
		}
	}
	if requests != 2 {
		t.Errorf("%d requests, want 2 before the pause", requests)
	}
	if sum, err := a.Client.UsbOut(context.Background(), filepath.Join(t.TempDir(), "out.anxin")); err != nil || sum.Pushed != 1 {
		t.Errorf("by stick meanwhile: %+v, %v", sum, err)
	}
	a.Client.Resume()
	if sum := a.Sync(); sum.Pushed != 1 {
		t.Errorf("%+v", sum)
	}
}

// TestStalled: a queue that does not move while the hub answers is called so.
func TestStalled(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	a.Sync()
	a.Put("", "", modeltest.Employer(1))
	a.Line.Connect(liar(w.Hub.Handler(), "/hello", func(out *wire.Welcome) { out.LastSeq, out.Scopes = 0, nil }))
	a.Line.Plan(func(_ int, r *http.Request) Fault {
		f := Whole
		f.Down = r.URL.Path == wire.Root+"/push"
		return f
	})
	for range 3 {
		w.Clock.Move(6 * time.Minute)
		if _, err := a.Client.Sync(ctx, nil); !errors.Is(err, client.ErrUnreachable) {
			t.Errorf("error %v", err)
		}
	}
	state, err := a.Client.Status(ctx)
	w.Check(err)
	if !state.Stalled || state.Pending != 1 {
		t.Errorf("status %+v", state)
	}
	a.Line.Plan(nil)
	a.Sync()
	if state, err = a.Client.Status(ctx); err != nil || state.Stalled {
		t.Errorf("after it moved: %+v, %v", state, err)
	}
}

// TestBackground: cycles run when kicked and every so often; a hub that is not
// there is tried again after growing pauses.
func TestBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(context.Background())
		w := NewMemWorld(t, 1, 1, Bugs{})
		a := w.Laptops[0]
		c, err := client.New(ctx, client.Options{Store: a.Store, Blobs: a.Blobs, Ring: a.Ring, Clock: a.Clock, Transport: a.Line,
			Random: func(n int64) int64 { return n / 2 }, Attempts: 1})
		w.Check(err)
		began := time.Now()
		var mu sync.Mutex
		var ends []time.Duration
		var well []bool
		kick, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			c.Background(ctx, time.Hour, kick, func(ctx context.Context) (client.Summary, error) {
				sum, err := c.Sync(ctx, nil)
				mu.Lock()
				defer mu.Unlock()
				ends, well = append(ends, time.Since(began)), append(well, err == nil)
				return sum, err
			})
		}()
		synctest.Wait()
		a.Put("", "", modeltest.Employer(1))
		kick <- struct{}{}
		seen := func() ([]time.Duration, []bool) {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(ends), slices.Clone(well)
		}
		if at, good := seen(); len(at) != 2 || at[1] != 0 || !good[1] {
			t.Errorf("kicked: %v %v", at, good)
		}
		time.Sleep(time.Hour)
		if at, _ := seen(); len(at) != 3 {
			t.Errorf("after an hour: %v", at)
		}
		a.Line.Connect()
		kick <- struct{}{}
		time.Sleep(10 * time.Second)
		at, good := seen()
		if tries := len(at) - 3; tries < 4 || tries > 8 || good[len(good)-1] {
			t.Errorf("ten seconds without a hub: %d tries, %v", tries, at)
		}
		heldBack(t, c, func() { a.Line.Connect(w.handlers()...) }, seen)
		stop()
		<-ended
	})
}

// heldBack pauses a program for a day and resumes it with its hub back.
func heldBack(t *testing.T, c *client.Client, back func(), seen func() ([]time.Duration, []bool)) {
	t.Helper()
	c.Pause()
	time.Sleep(time.Hour)
	before, _ := seen()
	time.Sleep(24 * time.Hour)
	if at, _ := seen(); len(at) > len(before) {
		t.Errorf("paused: %v after %v", at, before)
	}
	c.Resume()
	back()
	time.Sleep(2 * time.Hour)
	if at, good := seen(); !good[len(good)-1] {
		t.Errorf("resumed: %v %v", at, good)
	}
}

// TestBusyHub: a hub that asks to be left alone for a while is, by everyone for
// a while of their own.
func TestBusyHub(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewMemWorld(t, 1, 1, Bugs{})
		a := w.Laptops[0]
		c, err := client.New(context.Background(), client.Options{Store: a.Store, Blobs: a.Blobs, Ring: a.Ring, Clock: a.Clock, Transport: a.Line,
			Random: func(n int64) int64 { return n - 1 }})
		w.Check(err)
		asked := 0
		a.Line.Connect(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if asked++; asked == 1 {
				out.Header().Set("Retry-After", "20")
				out.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.Hub.Handler().ServeHTTP(out, r)
		}))
		began := time.Now()
		if _, err := c.Sync(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited < 20*time.Second || waited > 30*time.Second {
			t.Errorf("asked to wait 20 s, waited %s", waited)
		}
	})
}

// TestEstimate: how long it takes is said only when it can be known.
func TestEstimate(t *testing.T) {
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	fill(w, a, 1500)
	var seen []client.Progress
	if _, err := a.Client.Sync(context.Background(), func(p client.Progress) { seen = append(seen, p) }); err != nil {
		t.Fatal(err)
	}
	said := 0
	for i, p := range seen {
		if p.Phase != "上报记录" {
			continue
		}
		if p.Left > 0 {
			said++
		}
		if p.Done > p.Total || p.Left < 0 || i > 0 && seen[i-1].Phase == p.Phase && seen[i-1].Done > p.Done {
			t.Errorf("progress %+v after %+v", p, seen[i-1])
		}
	}
	if said == 0 {
		t.Errorf("1500 records at a second a look and never an estimate: %+v", seen)
	}
}
