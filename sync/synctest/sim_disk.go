package synctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
	"anxin/sync/hub"
)

// What goes wrong with real databases and folders: disks that are full, and
// power that goes while they write.

// diskRoom is a laptop's database on a disk that may refuse to write.
type diskRoom struct {
	*store.Store
	fault func() error
}

// refused is what a full disk does before anything is written.
func refused[T any](fault func() error, do func() (T, error)) (T, error) {
	if err := fault(); err != nil {
		var none T
		return none, err
	}
	return do()
}

// Commit and its kin refuse as a whole what a full disk does not take.
func (d diskRoom) Commit(ctx context.Context, b model.Batch) ([]model.Revision, error) {
	return refused(d.fault, func() ([]model.Revision, error) { return d.Store.Commit(ctx, b) })
}

func (d diskRoom) Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (store.PullResult, error) {
	return refused(d.fault, func() (store.PullResult, error) { return d.Store.Pulled(ctx, scope, cursor, revs) })
}

func (d diskRoom) SetSetting(ctx context.Context, key, value string) error {
	return errors.Join(d.fault(), d.Store.SetSetting(ctx, key, value)) // told that it failed, and it did not
}

func (d diskRoom) Acked(ctx context.Context, acks []model.Ack) error {
	if err := d.fault(); err != nil {
		return err
	}
	return d.Store.Acked(ctx, acks)
}

func (d diskRoom) AddBlock(ctx context.Context, b model.Block) error {
	if err := d.fault(); err != nil {
		return err
	}
	return d.Store.AddBlock(ctx, b)
}

// diskFiles are a laptop's files on such a disk.
type diskFiles struct {
	Evidence
	fault func() error
}

func (d diskFiles) Put(ctx context.Context, r io.Reader) (model.BlobInfo, error) {
	return refused(d.fault, func() (model.BlobInfo, error) { return d.Evidence.Put(ctx, r) })
}

func (d diskFiles) Drop(ctx context.Context, sha string) error {
	if err := d.fault(); err != nil {
		return err
	}
	return d.Evidence.Drop(ctx, sha)
}

// diskHub is a hub's database on such a disk: the transaction has done its work
// and is rolled back.
type diskHub struct {
	hub.Store
	fault func() error
	bugs  Bugs
}

func (d diskHub) Update(ctx context.Context, fn func(hub.Tx) error) error {
	err := d.Store.Update(ctx, func(tx hub.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return d.fault()
	})
	if d.bugs.has(AckBeforeCommit) && errors.Is(err, errDisk) {
		return nil
	}
	return err
}

// diskLeaves are a hub's files on such a disk.
type diskLeaves struct {
	hub.Blobs
	fault func() error
}

func (d diskLeaves) WriteLeaf(ctx context.Context, sha string, size int64, n int, data []byte) error {
	if err := d.fault(); err != nil {
		return err
	}
	return d.Blobs.WriteLeaf(ctx, sha, size, n, data)
}

func (d diskLeaves) Finish(ctx context.Context, sha string, size int64) error {
	if err := d.fault(); err != nil {
		return err
	}
	return d.Blobs.Finish(ctx, sha, size)
}

// openDiskHub opens a hub on a disk that may refuse to write.
func (w *World) openDiskHub(opt hub.Options) (*hub.Hub, error) {
	ctx := context.Background()
	id, err := hub.OpenIdentity(w.Dir, opt.Clock, opt.IDs)
	if err != nil {
		return nil, err
	}
	records, err := hub.OpenSQLite(ctx, filepath.Join(w.Dir, "hub.db"), id.Seal())
	if err != nil {
		return nil, err
	}
	files, err := hub.OpenFolder(filepath.Join(w.Dir, "blobs"), id.Seal())
	if err != nil {
		return nil, errors.Join(err, records.Close())
	}
	return hub.Assemble(ctx, id, w.Bugs.diskStore(diskHub{records, w.fault, w.Bugs}), w.Bugs.hubFiles(diskLeaves{files, w.fault}), opt)
}

// wal is the end of the names of the files power failures tear: SQLite writes
// there first, and into the database only what is safe there.
const wal = "-wal"

// tear makes of a folder as it was before and as it is after something was
// written what a disk holds whose power went in between: a part of what is new,
// and of the rest what stood there before, or nothing, or noise. early planted:
// the disk was never told to write, so that older parts are missing as well.
func (s *Simulation) tear(before, after string, early bool) {
	s.Check(filepath.WalkDir(after, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, wal) {
			return err
		}
		name, err := filepath.Rel(after, path)
		if err != nil {
			return err
		}
		now, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		old, err := os.ReadFile(filepath.Join(before, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.WriteFile(path, s.torn(old, now, early), 0o600)
	}))
}

func (s *Simulation) torn(old, now []byte, early bool) []byte {
	first := 0
	for first < min(len(old), len(now)) && old[first] == now[first] {
		first++
	}
	if early {
		return now[:s.rng.IntN(first+1)]
	}
	at := first + s.rng.IntN(len(now)-first+1)
	out := bytes.Clone(now[:at])
	switch s.rng.IntN(3) {
	case 0:
		if at < len(old) {
			out = append(out, old[at:]...)
		}
	case 1:
		for range s.rng.IntN(len(now) - at + 1) {
			out = append(out, byte(s.rng.IntN(256)))
		}
	}
	return out
}

// copyTo keeps a folder as it lies on disk at this moment, whatever is open.
func (s *Simulation) copyTo(dir string) string {
	kept := filepath.Join(tempDir(s.T), "copy")
	s.Check(os.CopyFS(kept, os.DirFS(dir)))
	return kept
}

// sameDatabase reports whether a checkpoint wrote into the database itself
// between two copies: then what is new had been safe before.
func (s *Simulation) sameDatabase(a, b, name string) bool {
	x, err1 := os.ReadFile(filepath.Join(a, name))
	y, err2 := os.ReadFile(filepath.Join(b, name))
	s.Check(errors.Join(err1, err2))
	return bytes.Equal(x, y)
}

// become puts a copy in the place of a folder nothing has open.
func (s *Simulation) become(dir, copied string) {
	s.Check(os.RemoveAll(dir))
	s.Check(os.CopyFS(dir, os.DirFS(copied)))
}

// powerCut takes a laptop's power while it saves: what it had saved before is
// there, and of what it was saving everything or nothing.
func (s *Simulation) powerCut(i int, l *Laptop) {
	before := s.copyTo(l.Dir)
	var done []model.Revision
	s.calm(func() {
		var err error
		e := modeltest.Employer(s.rng.IntN(1000))
		e.Name = s.word("单位")
		site := modeltest.Site(s.rng.IntN(1000), "")
		site.Name = s.word("工地")
		done, err = l.Store.Commit(context.Background(), model.Batch{Author: l.Author, Changes: []model.Change{{Record: e}, {Record: site}}})
		s.Check(err)
	})
	after := s.copyTo(l.Dir)
	l.close()
	if name := databaseIn(after); s.sameDatabase(before, after, name) {
		s.tear(before, after, s.Bugs.has(LaptopNoFsync))
		s.markAsBefore(before, after)
	}
	s.become(l.Dir, after)
	s.calm(l.open)
	s.equip(l)
	s.survived(i, l, done)
}

// databaseIn is the name of the database in a laptop's folder.
func databaseIn(dir string) string {
	list, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(list) == 0 {
		return ""
	}
	return filepath.Base(list[0])
}

// markAsBefore: the mark is written when a commit is safe, so a commit the power
// was taken from has written none.
func (s *Simulation) markAsBefore(before, after string) {
	text, err := os.ReadFile(filepath.Join(before, store.HighWater))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	s.Check(err)
	s.Check(os.WriteFile(filepath.Join(after, store.HighWater), text, 0o600))
}

// survived notes what was being saved when the power went, if it is there: as a
// whole or not at all.
func (s *Simulation) survived(i int, l *Laptop, done []model.Revision) {
	there := 0
	for _, r := range done {
		have, err := l.Store.Have(context.Background(), r.Record, r.Rev)
		s.Check(err)
		if have {
			there++
			s.books.place[r.Record] = l.Home
			s.Done = append(s.Done, Done{r, i})
		}
	}
	if there > 0 && there < len(done) {
		s.T.Errorf("I2: of a batch of %d %d survived on laptop %d", len(done), there, l.N)
	}
}

// hubPowerCut takes the hub's power while it answers a request: the answer is
// lost, everything answered before is there.
func (s *Simulation) hubPowerCut(before, markBefore string) {
	after := s.copyTo(s.Dir)
	s.CloseHub()
	if s.sameDatabase(before, after, "hub.db") {
		s.tear(before, after, s.Bugs.has(HubNoFsync))
		s.Check(os.WriteFile(s.water, []byte(markBefore), 0o600))
	}
	s.become(s.Dir, after)
	s.calm(s.OpenHub)
}

// armed begins a power failure of the hub at this exchange, rarely.
func (s *Simulation) armed() bool {
	if s.mem != nil || s.nested || s.rng.IntN(30) > 0 {
		return false
	}
	s.Actions["hub power cut"]++
	before := s.copyTo(s.Dir)
	text, err := os.ReadFile(s.water)
	s.Check(err)
	s.falling = func() { s.hubPowerCut(before, string(text)) }
	return true
}

// atRest is the rest of I14: nothing officers wrote stands in the clear in any
// file, of a laptop or of the hub.
func (s *Simulation) atRest() {
	if s.mem != nil {
		return
	}
	s.CloseHub()
	for _, dir := range s.dirs() {
		s.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(canary)) {
				s.T.Errorf("I14: the file %s shows what officers wrote", filepath.Base(path))
			}
			return err
		}))
	}
	s.OpenHub()
}
