package day_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/assets"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
)

// whole is the carried day without any trouble, up to its last step, and the
// steps it went through.
func whole(t *testing.T) (state, []string) {
	t.Helper()
	out := t.TempDir()
	var steps []string
	sum := evening(t, assets.Sample, out, func(step string, _ *office.Office) error {
		steps = append(steps, step)
		return nil
	})
	return stateOf(t, out, sum), steps
}

func mustEqual(t *testing.T, got, want state) {
	t.Helper()
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		if a, b := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			t.Errorf("%s differ:\n%v\nwant\n%v", g.Type().Field(i).Name, a, b)
		}
	}
}

func TestTroubleOnTheWayLeavesNoTrace(t *testing.T) {
	want, steps := whole(t)
	t.Run("killed after every step", func(t *testing.T) {
		t.Parallel()
		mustEqual(t, killed(t, steps), want)
	})
	t.Run("stopped inside steps", func(t *testing.T) {
		t.Parallel()
		mustEqual(t, stopped(t), want)
	})
	t.Run("the hub pulled away while it is pushed to", func(t *testing.T) {
		t.Parallel()
		mustEqual(t, hubGone(t), want)
	})
}

// killed works through the day in processes of which each dies right after the
// next step: no gap between two steps is left out.
func killed(t *testing.T, steps []string) state {
	out := t.TempDir()
	for _, step := range steps {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childOut+"="+out, childStep+"="+step)
		said, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() == 3 {
			t.Fatalf("the process that was to die after %q: %v\n%s", step, err, said)
		}
	}
	return stateOf(t, out, evening(t, assets.Sample, out, nil))
}

// fuse is a context that ends the n-th time somebody looks at it: what the
// program does at Ctrl-C, at a place of the test's choosing.
type fuse struct {
	context.Context
	left atomic.Int64
	blow context.CancelFunc
}

func newFuse(n int64) *fuse {
	f := &fuse{}
	f.Context, f.blow = context.WithCancel(context.Background())
	f.left.Store(n)
	return f
}

func (f *fuse) Done() <-chan struct{} {
	if f.left.Add(-1) == 0 {
		f.blow()
	}
	return f.Context.Done()
}

// stopped works through the day in runs that are stopped ever later, so that
// every step is cut somewhere inside, until one gets through.
func stopped(t *testing.T) state {
	out := t.TempDir()
	opt := options(assets.Sample, out)
	opt.After = func(step string, _ *office.Office) error {
		if step == beforeLast {
			return errEnough
		}
		return nil
	}
	for n := int64(100); ; n += 60 {
		f := newFuse(n)
		_, err := day.Run(f, opt)
		f.blow()
		if errors.Is(err, errEnough) {
			break
		}
		if f.left.Load() > 0 {
			t.Fatalf("after being stopped the day cannot go on: %v", err)
		}
	}
	return stateOf(t, out, evening(t, assets.Sample, out, nil))
}

// hubGone has the first laptop push to a hub that vanishes: ever later within
// the exchange, before or after it did its work, and then comes back.
func hubGone(t *testing.T) state {
	out := t.TempDir()
	fell := 0
	sum := evening(t, assets.Sample, out, func(step string, o *office.Office) error {
		if step != "打印" {
			return nil
		}
		for n := range 5 {
			err := pushTo(t, o, filepath.Join(out, "hub"), int64(n+2), n%2 == 0)
			if err == nil {
				return nil
			}
			fell++
		}
		return nil
	})
	if fell == 0 {
		t.Error("the hub never vanished in the middle")
	}
	return stateOf(t, out, sum)
}

// pushTo syncs with the day's hub, which is gone from its n-th request on;
// worked says whether that request was still carried out.
func pushTo(t *testing.T, o *office.Office, dir string, n int64, worked bool) error {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h, err := hub.Open(ctx, dir, hub.Options{Clock: modeltest.NewClock(0), IDs: &modeltest.IDs{Laptop: 9}})
	if err != nil {
		t.Fatal(err)
	}
	address, err := os.ReadFile(filepath.Join(dir, "listen"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", strings.TrimSpace(string(address)))
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < n {
			h.Handler().ServeHTTP(w, r)
			return
		}
		if worked {
			h.Handler().ServeHTTP(unheard{http.Header{}}, r)
		}
		cancel() // nobody waits for it to come back
		panic(http.ErrAbortHandler)
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(tls.NewListener(l, h.TLS())) }()
	_, err = o.Sync.Sync(ctx, func(client.Progress) {})
	if closing := errors.Join(server.Close(), h.Close()); closing != nil {
		t.Error(closing)
	}
	<-served
	return err
}

// unheard is an answer that is lost on the way.
type unheard struct{ header http.Header }

func (u unheard) Header() http.Header         { return u.header }
func (u unheard) Write(b []byte) (int, error) { return len(b), nil }
func (u unheard) WriteHeader(int)             {}

func TestTheSameDayGivesTheSamePapers(t *testing.T) {
	out, sum := worked(t)
	again := t.TempDir()
	for _, run := range []string{"another folder", "the same folder once more"} {
		if second := evening(t, sharedDay(t), again, nil); !reflect.DeepEqual(second.Documents, sum.Documents) {
			t.Errorf("%s: papers differ:\n%v\nwant\n%v", run, second.Documents, sum.Documents)
		}
	}
	for _, d := range sum.Documents {
		a, err := os.ReadFile(filepath.Join(out, d.File))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(again, d.File))
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Errorf("%s differs between two runs", d.File)
		}
	}
}
