package synctest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"anxin/model"
	"anxin/model/blob"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// Roles this test program plays as a process of its own, to be killed.
const (
	roleVar   = "ANXIN_SYNCTEST_ROLE"
	dirVar    = "ANXIN_SYNCTEST_DIR"
	listenVar = "ANXIN_SYNCTEST_LISTEN"
)

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleVar) {
	case "hub":
		err = beHub(os.Getenv(dirVar), os.Getenv(listenVar))
	case "laptop":
		err = beLaptop(os.Getenv(dirVar))
	default:
		// The packer is made once for all and must not be born inside a bubble
		// of simulated time.
		var nothing any
		if packed, err := wire.Pack(nil); err != nil || wire.Unpack(packed, &nothing, wire.MaxPage) != nil {
			panic("an empty message does not come back")
		}
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type machine struct{}

func (machine) Now() time.Time  { return time.Now() }
func (machine) NewID() model.ID { return model.ID(uuid.Must(uuid.NewV7()).String()) }

// beHub serves until it is killed.
func beHub(dir, listen string) error {
	h, err := hub.Open(context.Background(), dir, hub.Options{Clock: machine{}, IDs: machine{}, Lease: 500})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return (&http.Server{Handler: h.Handler(), TLSConfig: h.TLS()}).ServeTLS(l, "", "")
}

// rooms opens a laptop's folder.
func rooms(dir string) (*store.Store, *client.Client, error) {
	ctx := context.Background()
	keys, _, err := seal.Unlock(dir, "口令")
	if err != nil {
		return nil, nil, err
	}
	ring := client.NewKeyring()
	st, err := store.Open(ctx, store.Options{Dir: dir, Keys: keys, Device: modeltest.Device(1), Clock: machine{}, IDs: machine{},
		Devices: ring.Key, Merge: merge.Three})
	if err != nil {
		return nil, nil, err
	}
	files, err := blob.Open(dir, keys)
	if err != nil {
		return nil, nil, err
	}
	c, err := client.New(ctx, client.Options{Store: st, Blobs: files, Ring: ring, Clock: machine{},
		Series: func(context.Context) ([]string, error) { return []string{Series}, nil }})
	return st, c, err
}

// beLaptop works and syncs until it is killed, and says what it has done once
// it is saved: only what was said must be there afterwards.
func beLaptop(dir string) error {
	ctx := context.Background()
	st, c, err := rooms(dir)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		revs, err := st.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: modeltest.Employer(n)}, {Record: modeltest.Draft("", "某公司")}}})
		if err != nil {
			return err
		}
		fmt.Println("saved", revs[0].Rev, revs[1].Rev)
		if serial, err := st.NextNumber(ctx, Series); err == nil {
			draft := revs[1]
			revs, err := st.Commit(ctx, model.Batch{Author: "o", Use: &model.NumberUse{Series: Series, Serial: serial, Document: draft.Record},
				Changes: []model.Change{{ID: draft.Record, Base: draft.Rev, Record: modeltest.Issued(modeltest.Draft("", "某公司"), Series, serial, time.Now())}}})
			if err != nil {
				return err
			}
			fmt.Println("saved", revs[0].Rev)
		}
		_, _ = c.Sync(ctx, nil) // the hub may be dead
		fmt.Println("synced")
	}
}

// process is a role running.
type process struct {
	cmd   *exec.Cmd
	mu    sync.Mutex
	saved []model.Rev
	lines chan string
}

func start(t *testing.T, role, dir, listen string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0]), lines: make(chan string, 1000)}
	p.cmd.Env = append(os.Environ(), roleVar+"="+role, dirVar+"="+dir, listenVar+"="+listen)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			if rest, ok := strings.CutPrefix(s.Text(), "saved "); ok {
				p.mu.Lock()
				for _, rev := range strings.Fields(rest) {
					p.saved = append(p.saved, model.Rev(rev))
				}
				p.mu.Unlock()
			}
			p.lines <- s.Text()
		}
	}()
	return p
}

// until waits for a line.
func (p *process) until(t *testing.T, want string) {
	t.Helper()
	for line := range p.lines {
		if line == want {
			return
		}
	}
	t.Fatalf("the process ended before it said %q", want)
}

// kill ends it as a power cut would and returns what it had said was saved.
func (p *process) kill(t *testing.T) []model.Rev {
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	for range p.lines {
	}
	_ = p.cmd.Wait() // it was killed
	return p.saved
}

// TestKilled kills the real laptop and the real hub, by turns, at any moment
// of their work, ANXIN_KILL_CYCLES times. Everything the laptop said was saved
// is on it and at the hub in the end, once, and both books are in order.
func TestKilled(t *testing.T) {
	ctx := context.Background()
	hubDir, dir := t.TempDir(), t.TempDir()
	listen := FreeAddress(t)
	if _, err := seal.CreateKeys(dir, "口令", "o", modeltest.FastParams()); err != nil {
		t.Fatal(err)
	}
	enrolKilled(t, hubDir, dir, listen)
	rng := rand.New(rand.NewPCG(1, 2))
	hubProcess, laptop := start(t, "hub", hubDir, listen), start(t, "laptop", dir, "")
	var saved []model.Rev
	for cycle := range int(number(t, "ANXIN_KILL_CYCLES", 50)) {
		laptop.until(t, "synced")
		time.Sleep(time.Duration(rng.IntN(30)) * time.Millisecond) // any moment will do: this is no waiting for something
		if cycle%2 == 0 {
			hubProcess.kill(t)
			hubProcess = start(t, "hub", hubDir, listen)
		} else {
			saved = append(saved, laptop.kill(t)...)
			laptop = start(t, "laptop", dir, "")
		}
	}
	laptop.until(t, "synced")
	saved = append(saved, laptop.kill(t)...)
	hubProcess.until(t, "ready")
	st, c, err := rooms(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sync(ctx, nil); err != nil {
		t.Fatal(err)
	}
	hubProcess.kill(t)
	afterwards(t, hubDir, st, saved)
}

// enrolKilled lets the laptop join a hub that is not killed yet.
func enrolKilled(t *testing.T, hubDir, dir, listen string) {
	ctx := context.Background()
	p := start(t, "hub", hubDir, listen)
	p.until(t, "ready")
	h, err := hub.Open(ctx, hubDir, hub.Options{Clock: machine{}, IDs: machine{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetURL(ctx, "https://"+listen); err != nil {
		t.Fatal(err)
	}
	code, err := h.NewCode(ctx, "某某")
	if err != nil {
		t.Fatal(err)
	}
	st, c, err := rooms(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{c.Enrol(ctx, code), st.Close(), h.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p.kill(t)
}

// afterwards checks both books.
func afterwards(t *testing.T, hubDir string, st *store.Store, saved []model.Rev) {
	ctx := context.Background()
	h, err := hub.Open(ctx, hubDir, hub.Options{Clock: machine{}, IDs: machine{}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	report, err := h.Verify(ctx)
	if err != nil || len(report.Faults) > 0 {
		t.Errorf("hub: %v %v", report.Faults, err)
	}
	own, err := st.Verify(ctx)
	if err != nil || len(own.Faults) > 0 {
		t.Errorf("laptop: %v %v", own.Faults, err)
	}
	if pending, err := st.Pending(ctx); pending != 0 || err != nil {
		t.Errorf("%d operations wait, %v", pending, err)
	}
	kept, err := st.Kept(ctx, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	have := map[model.Rev]bool{}
	for _, k := range kept {
		have[k.Rev] = true
	}
	for _, rev := range saved {
		if !have[rev] {
			t.Errorf("the laptop lost %s", rev)
		}
		if err := h.View(ctx, func(tx hub.Tx) error { _, err := tx.Revision(rev); return err }); err != nil {
			t.Errorf("the hub lacks %s: %v", rev, err)
		}
	}
	if err := h.View(ctx, func(tx hub.Tx) error {
		clashes, err := tx.Clashes()
		if len(clashes) > 0 {
			t.Errorf("numbers used twice: %v", clashes)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	t.Logf("%d revisions said to be saved, all there", len(saved))
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}
