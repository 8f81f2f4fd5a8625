package synctest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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
)

// Series is the number series the laptops of a world use.
const Series = "令/2026"

// World is a hub and its laptops. Everything lies in temporary folders and is
// closed when the test ends.
type World struct {
	T       testing.TB
	Clock   *modeltest.Clock
	Hub     *hub.Hub
	Dir     string
	Laptops []*Laptop
	hubIDs  modeltest.IDs
}

// NewWorld opens a hub and n laptops that have joined it.
func NewWorld(t testing.TB, n int) *World {
	t.Helper()
	w := &World{T: t, Dir: t.TempDir(), Clock: modeltest.NewClock(time.Second), hubIDs: modeltest.IDs{Laptop: 0xffff}}
	w.OpenHub()
	t.Cleanup(w.CloseHub)
	w.Check(w.Hub.SetURL(context.Background(), "https://hub.test:8443"))
	for i := range n {
		l := w.NewLaptop(i + 1)
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

// OpenHub starts the hub on its folder and connects every laptop.
func (w *World) OpenHub() {
	h, err := hub.Open(context.Background(), w.Dir, hub.Options{Clock: w.Clock, IDs: &w.hubIDs, Lease: 10})
	w.Check(err)
	w.Hub = h
	for _, l := range w.Laptops {
		l.Line.Connect(h.Handler())
	}
}

// CloseHub stops the hub and takes it off the line.
func (w *World) CloseHub() {
	for _, l := range w.Laptops {
		l.Line.Connect(nil)
	}
	if w.Hub != nil {
		w.Check(w.Hub.Close())
		w.Hub = nil
	}
}

// Inspect reads the hub's records.
func (w *World) Inspect(fn func(hub.Tx) error) {
	w.T.Helper()
	db, err := hub.OpenSQLite(context.Background(), filepath.Join(w.Dir, "hub.db"))
	w.Check(err)
	defer func() { w.Check(db.Close()) }()
	w.Check(db.View(context.Background(), fn))
}

// Laptop is one officer's machine.
type Laptop struct {
	w      *World
	N      int
	Dir    string
	Author model.ID
	Line   *Line
	Ring   *client.Keyring
	Store  *store.Store
	Blobs  *blob.Store
	Client *client.Client
	keys   *seal.Keys
	ids    modeltest.IDs
	tries  int
}

// NewLaptop opens laptop n, which has not joined yet.
func (w *World) NewLaptop(n int) *Laptop {
	w.T.Helper()
	l := &Laptop{w: w, N: n, Dir: w.T.TempDir(), Author: modeltest.ID(0xaaaa, n), Line: &Line{}, ids: modeltest.IDs{Laptop: n}}
	if w.Hub != nil {
		l.Line.Connect(w.Hub.Handler())
	}
	keys, err := seal.CreateKeys(l.Dir, "口令", l.Author, modeltest.FastParams())
	w.Check(err)
	l.keys = keys
	l.open()
	w.T.Cleanup(func() { w.Check(l.Store.Close()) })
	w.Laptops = append(w.Laptops, l)
	return l
}

func (l *Laptop) open() {
	ctx := context.Background()
	l.Ring = client.NewKeyring()
	var err error
	l.Store, err = store.Open(ctx, store.Options{Dir: l.Dir, Keys: l.keys, Device: modeltest.Device(l.N), Clock: l.w.Clock,
		IDs: &l.ids, Devices: l.Ring.Key, Merge: merge.Three})
	l.w.Check(err)
	l.Blobs, err = blob.Open(filepath.Join(l.Dir, "blobs"), l.keys)
	l.w.Check(err)
	l.Client, err = client.New(ctx, client.Options{Store: l.Store, Blobs: l.Blobs, Ring: l.Ring, Clock: l.w.Clock, Transport: l.Line,
		Name:   fmt.Sprintf("laptop %d", l.N),
		Series: func(context.Context) ([]string, error) { return []string{Series}, nil },
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Random: func(n int64) int64 { return n / 2 }, Attempts: max(1, l.tries)})
	l.w.Check(err)
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
	l.w.Check(l.Store.Close())
	l.open()
}

// Enrol joins the hub with a fresh code.
func (l *Laptop) Enrol() {
	l.w.T.Helper()
	code, err := l.w.Hub.NewCode(context.Background(), fmt.Sprintf("officer %d", l.N))
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

// Rest runs cycles on every laptop until none has anything to say, and fails
// the test when that takes too long: a stuck queue.
func (w *World) Rest() {
	w.T.Helper()
	for round := range 8 {
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

// Save keeps the world as it lies on disk and returns the way back to it.
func (w *World) Save() (back func()) {
	w.T.Helper()
	kept := w.T.TempDir()
	w.reopen(func() {
		for i, dir := range w.dirs() {
			w.Check(os.CopyFS(filepath.Join(kept, strconv.Itoa(i)), os.DirFS(dir)))
		}
	})
	return func() {
		w.reopen(func() {
			for i, dir := range w.dirs() {
				w.Check(os.RemoveAll(dir))
				w.Check(os.CopyFS(dir, os.DirFS(filepath.Join(kept, strconv.Itoa(i)))))
			}
		})
	}
}

func (w *World) dirs() []string {
	dirs := []string{w.Dir}
	for _, l := range w.Laptops {
		dirs = append(dirs, l.Dir)
	}
	return dirs
}

// reopen does something while nothing is open.
func (w *World) reopen(do func()) {
	w.CloseHub()
	for _, l := range w.Laptops {
		w.Check(l.Store.Close())
	}
	do()
	for _, l := range w.Laptops {
		l.open()
		l.Line.Plan(nil)
	}
	w.OpenHub()
}
