package synctest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"testing"
	"time"

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

// Series is the number series the laptops of a world use.
const Series = "令/2026"

// wholeOffice is where laptops live unless a world says otherwise.
const wholeOffice = "本局"

// hubURL is the name laptops call the hub by; a Line carries it there.
const hubURL = "https://hub.test:8443"

// World is a hub, perhaps of several replicas, and its laptops. Everything lies
// in temporary folders, or in memory, and is closed when the test ends.
type World struct {
	T       testing.TB
	Clock   *modeltest.Clock
	Hub     *hub.Hub   // the first replica; nil while the hub is down
	Hubs    []*hub.Hub // all replicas
	Dir     string     // of the hub, "" in memory
	Laptops []*Laptop
	Bugs    Bugs         // planted, none by default
	Log     *slog.Logger // of the hub; nil is silent

	hubIDs   modeltest.IDs
	water    string            // the file beside the hub that keeps its mark; "" is none
	fault    func() error      // what disks say before they write
	beside   func(work func()) // see client.Options.Go
	real     bool              // laptops connect by themselves, not over their Line
	replicas int
	atWork   int       // see hub.Options.AtWork
	mem      *memWorld // nil: on disk
}

// memWorld is a hub that lies in memory.
type memWorld struct {
	identity hub.Identity
	store    *MemHub
	files    *MemFiles
}

// NewWorld opens a hub on disk and n laptops that have joined it.
func NewWorld(t testing.TB, n int) *World {
	t.Helper()
	return newDiskWorld(t, make([]string, n), Bugs{})
}

// newDiskWorld is a world on disk whose laptops live in the scopes named.
func newDiskWorld(t testing.TB, homes []string, bugs Bugs) *World {
	t.Helper()
	return diskWorld(t, bugs).beginIn(homes)
}

// diskWorld is one in which nothing has begun yet.
func diskWorld(t testing.TB, bugs Bugs) *World {
	t.Helper()
	w := newWorld(t, 1)
	w.Bugs = bugs
	w.Dir = tempDir(t)
	return w
}

// NewMemWorld is a world in memory with so many replicas of the hub.
func NewMemWorld(t testing.TB, n, replicas int, bugs Bugs) *World {
	t.Helper()
	return newMemWorld(t, make([]string, n), replicas, bugs)
}

// newMemWorld is a world in memory whose laptops live in the scopes named.
func newMemWorld(t testing.TB, homes []string, replicas int, bugs Bugs) *World {
	t.Helper()
	return memWorldOf(t, replicas, bugs).beginIn(homes)
}

// memWorldOf is one in which nothing has begun yet.
func memWorldOf(t testing.TB, replicas int, bugs Bugs) *World {
	t.Helper()
	w := newWorld(t, replicas)
	w.Bugs = bugs
	id, err := hub.NewIdentity(w.Clock, &w.hubIDs)
	w.Check(err)
	w.mem = &memWorld{identity: id, store: NewMemHub(), files: NewMemFiles()}
	return w
}

// marked keeps the hub's mark in a folder of its own, which stays where the
// records are put back. It must come before anything begins.
func (w *World) marked() *World {
	w.T.Helper()
	w.water = filepath.Join(tempDir(w.T), hub.HighWater)
	return w
}

func newWorld(t testing.TB, replicas int) *World {
	return &World{T: t, Clock: modeltest.NewClock(time.Second), hubIDs: modeltest.IDs{Laptop: 0xffff}, beside: inline, replicas: replicas, fault: func() error { return nil }}
}

func (w *World) begin(n int) *World {
	w.T.Helper()
	return w.beginIn(make([]string, n))
}

func (w *World) beginIn(homes []string) *World {
	w.T.Helper()
	w.OpenHub()
	w.T.Cleanup(w.CloseHub)
	w.Check(w.Hub.SetURL(context.Background(), hubURL))
	for i, home := range homes {
		l := w.NewLaptop(i + 1)
		if home != "" {
			l.Home = home
		}
		l.Enrol()
	}
	return w
}

// Check ends the test on an error.
func (w *World) Check(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// OpenHub starts the hub's replicas and connects every laptop.
func (w *World) OpenHub() {
	opt := hub.Options{Clock: w.Clock, IDs: &w.hubIDs, Lease: 10, Log: w.Log, AtWork: w.atWork, HighWater: w.Bugs.mark(w.water)}
	for n := range w.replicas {
		var h *hub.Hub
		var err error
		if w.mem == nil {
			h, err = w.openDiskHub(opt)
		} else {
			var files hub.Blobs = w.mem.files
			h, err = hub.Assemble(context.Background(), w.mem.identity, w.Bugs.hubStore(w.mem.store, n), w.Bugs.hubFiles(files), opt)
		}
		w.Check(err)
		w.Hubs = append(w.Hubs, h)
	}
	w.Hub = w.Hubs[0]
	for _, l := range w.Laptops {
		l.Line.Connect(w.handlers()...)
	}
}

func (w *World) handlers() []http.Handler {
	out := make([]http.Handler, len(w.Hubs))
	for i, h := range w.Hubs {
		out[i] = h.Handler()
	}
	return out
}

// CloseHub stops the hub and takes it off the line.
func (w *World) CloseHub() {
	for _, l := range w.Laptops {
		l.Line.Connect()
	}
	for _, h := range w.Hubs {
		w.Check(h.Close())
	}
	w.Hub, w.Hubs = nil, nil
}

// Inspect reads the hub's records.
func (w *World) Inspect(fn func(hub.Tx) error) {
	w.T.Helper()
	w.Check(w.Hub.View(context.Background(), fn))
}

// Journal is what a world needs of a laptop's records.
type Journal interface {
	client.Journal
	modeltest.Journal
	Have(context.Context, model.ID, model.Rev) (bool, error)
}

// Evidence is what a world needs of a laptop's files.
type Evidence interface {
	client.Files
	Check(ctx context.Context, sha string) error
}

// Laptop is one officer's machine.
type Laptop struct {
	w      *World
	N      int
	Dir    string // "" in memory
	marks  string // the folder outside Dir that keeps its mark
	Home   string // the scope it lives in
	Author model.ID
	Line   *Line
	Ring   *client.Keyring
	Store  Journal
	Blobs  Evidence
	Client *client.Client
	Clock  *skewed
	device seal.Device
	keys   *seal.Keys
	ids    modeltest.IDs
	random *rand.Rand // this machine's own
	tries  int
	cloned int // the epoch in which it must not issue: another machine holds its numbers
	mem    *MemJournal
	files  *MemFiles
}

// ID is the name of the machine.
func (l *Laptop) ID() model.ID { return l.device.ID }

// skewed is a laptop's own idea of the time.
type skewed struct {
	model.Clock
	by time.Duration
}

func (c *skewed) Now() time.Time { return c.Clock.Now().Add(c.by) }

// inline does at once what a program would do beside its cycle, so that a story
// told again is the same.
func inline(work func()) { work() }

// NewLaptop opens laptop n, which has not joined yet.
func (w *World) NewLaptop(n int) *Laptop {
	w.T.Helper()
	return w.newLaptop(n, modeltest.Device(n))
}

func (w *World) newLaptop(n int, device seal.Device) *Laptop {
	l := &Laptop{w: w, N: n, Home: wholeOffice, Author: modeltest.ID(0xaaaa, n), Line: &Line{}, device: device,
		Clock: &skewed{Clock: w.Clock}, ids: modeltest.IDs{Laptop: n}, random: rand.New(rand.NewPCG(uint64(n), 0))}
	l.Line.Connect(w.handlers()...)
	if w.mem == nil {
		l.Dir, l.marks = tempDir(w.T), tempDir(w.T)
		keys, err := seal.CreateKeys(l.Dir, "口令", l.Author, modeltest.FastParams())
		w.Check(err)
		l.keys = keys
	} else {
		l.files = NewMemFiles()
	}
	l.open()
	w.T.Cleanup(l.close)
	w.Laptops = append(w.Laptops, l)
	return l
}

func (l *Laptop) open() {
	ctx := context.Background()
	l.Ring = client.NewKeyring()
	if l.Dir == "" {
		l.openMem()
	} else {
		st, err := store.Open(ctx, store.Options{Dir: l.Dir, Keys: l.keys, Device: l.device, Clock: l.Clock,
			IDs: &l.ids, Devices: l.Ring.Key, Merge: merge.Three, Marks: l.marks})
		l.w.Check(err)
		files, err := blob.Open(l.Dir, l.keys)
		l.w.Check(err)
		l.Store, l.Blobs = diskRoom{st, l.fault}, diskFiles{files, l.fault}
	}
	var err error
	l.Client, err = client.New(ctx, client.Options{Store: l.w.Bugs.journal(l.Store), Blobs: l.Blobs, Ring: l.Ring, Clock: l.Clock, Transport: l.transport(),
		Name:   fmt.Sprintf("laptop %d", l.N),
		Series: func(context.Context) ([]string, error) { return []string{Series}, nil },
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Random: l.random.Int64N, Attempts: max(1, l.tries), Go: l.w.beside})
	l.w.Check(err)
}

func (l *Laptop) transport() http.RoundTripper {
	if l.w.real {
		return nil
	}
	return l.Line
}

// openMem opens the program on what the laptop has in memory.
func (l *Laptop) openMem() {
	before := l.mem
	l.mem = NewMemJournal(MemOptions{Device: l.device, Clock: l.Clock, IDs: &l.ids, Devices: l.Ring.Key, Merge: l.w.Bugs.merger(merge.Three), Successor: l.w.Bugs.successor()})
	if before != nil {
		l.mem.now.Store(before.now.Load())
		l.mem.synced, l.mem.Fault = before.synced, before.Fault
	}
	l.Store, l.Blobs = l.mem, l.files
}

func (l *Laptop) close() {
	if st, ok := l.Store.(diskRoom); ok {
		l.w.Check(st.Close())
	}
}

// verify checks what the laptop's own room can check by itself.
func (l *Laptop) verify() []string {
	st, ok := l.Store.(diskRoom)
	if !ok {
		return nil
	}
	r, err := st.Verify(context.Background())
	l.w.Check(err)
	return r.Faults
}

// Attempts opens the program anew with so many tries of each step; at first a
// cycle gives up at the first fault.
func (l *Laptop) Attempts(n int) {
	l.tries = n
	l.Restart()
}

// Restart closes the program and opens it again, as after a kill: nothing is
// left but what lies on disk.
func (l *Laptop) Restart() {
	l.close()
	l.open()
}

// Enrol joins the hub with a fresh code.
func (l *Laptop) Enrol() {
	l.w.T.Helper()
	code, err := l.w.Hub.Invite(context.Background(), fmt.Sprintf("officer %d", l.N), l.Home)
	l.w.Check(err)
	l.w.Check(l.Client.Enrol(context.Background(), code))
}

// Sync runs one cycle that must succeed.
func (l *Laptop) Sync() client.Summary {
	l.w.T.Helper()
	sum, err := l.Client.Sync(context.Background(), nil)
	if err != nil {
		l.w.T.Fatalf("laptop %d: %v", l.N, err)
	}
	return sum
}

// checkpoint is the newest word of the hub about its log that a laptop keeps.
func (l *Laptop) checkpoint() (point wire.Checkpoint, known bool) {
	text, err := l.Store.Setting(context.Background(), "sync.checkpoint")
	l.w.Check(err)
	if text == "" {
		return point, false
	}
	l.w.Check(json.Unmarshal([]byte(text), &point))
	return point, true
}

// Put commits one record; base "" creates it.
func (l *Laptop) Put(id model.ID, base model.Rev, r model.Record) model.Revision {
	l.w.T.Helper()
	revs, err := l.Store.Commit(context.Background(), model.Batch{Author: l.Author,
		Changes: []model.Change{{ID: id, Base: base, Record: r}}})
	l.w.Check(err)
	return revs[0]
}

// Head is the present state of a record on this laptop.
func (l *Laptop) Head(id model.ID) model.Head {
	l.w.T.Helper()
	h, err := l.Store.Head(context.Background(), id)
	l.w.Check(err)
	return h
}

// Issue creates a document and issues it with the next number.
func (l *Laptop) Issue(party string) model.Revision {
	l.w.T.Helper()
	ctx := context.Background()
	serial, err := l.Store.NextNumber(ctx, Series)
	l.w.Check(err)
	draft := modeltest.Draft("", party)
	first := l.Put("", "", draft)
	revs, err := l.Store.Commit(ctx, model.Batch{Author: l.Author,
		Changes: []model.Change{{ID: first.Record, Base: first.Rev, Record: modeltest.Issued(draft, Series, serial, l.w.Clock.Now())}},
		Use:     &model.NumberUse{Series: Series, Serial: serial, Document: first.Record}})
	l.w.Check(err)
	return revs[0]
}

// maxRounds is how many cycles of everybody bring a world to rest, or it is
// stuck.
const maxRounds = 8

// Rest runs cycles on every laptop until none has anything to say, and fails
// the test when that takes too long: a stuck queue.
func (w *World) Rest() {
	w.T.Helper()
	for round := range maxRounds {
		quiet := true
		for _, l := range w.Laptops {
			sum := l.Sync()
			quiet = quiet && sum.Pushed == 0 && sum.Pulled == 0 && sum.Blobs == 0
		}
		if quiet && round > 0 {
			return
		}
	}
	w.T.Fatal("the queues do not drain")
}
