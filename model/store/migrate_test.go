package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

// scripts are the program's first schema and what later programs add to it.
func scripts(t *testing.T, later ...string) fs.FS {
	t.Helper()
	first, err := fs.ReadFile(store.Schema, "schema/001_journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{"schema/001_journal.sql": {Data: first}}
	for i, text := range later {
		out["schema/00"+string(rune('2'+i))+"_later.sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// oldStore is a folder with a database of the first schema, closed, that has
// records, a history, numbers and an issued document.
func oldStore(t *testing.T) (*modeltest.Laptop, store.Options) {
	t.Helper()
	l := modeltest.NewLaptop(t, 1)
	opt := store.Options{Dir: t.TempDir(), Keys: l.Keys, Device: modeltest.Device(1), Clock: l.Clock, IDs: l.IDs, Devices: modeltest.KnownDevices}
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.Store, err = store.OpenWith(ctx, opt, scripts(t)); err != nil {
		t.Fatal(err)
	}
	l.Dir = opt.Dir
	history(t, l)
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	return l, opt
}

const (
	addsColumn = `ALTER TABLE head ADD COLUMN note TEXT NOT NULL DEFAULT ''; CREATE INDEX head_note ON head (note) WHERE note <> '';`
	addsTable  = `CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; INSERT INTO extra SELECT id FROM head;`
	fails      = `CREATE TABLE half (id TEXT PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);`
)

func TestMigrate(t *testing.T) {
	l, opt := oldStore(t)
	s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn, addsTable))
	if err != nil {
		t.Fatal(err)
	}
	l.Store = s
	if r, err := s.Verify(ctx); err != nil || len(r.Faults) != 0 || r.Revisions != 5 || r.Numbers != 1 {
		t.Errorf("after the upgrade: %+v, %v", r, err)
	}
	if s.Restored() {
		t.Error("an upgrade was taken for a restore")
	}
	var rows, versions int
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM extra), (SELECT count(*) FROM migration)`).Scan(&rows, &versions); err != nil || rows != 2 || versions != 3 {
		t.Errorf("%d rows, %d versions, %v", rows, versions, err)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(9)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenWith(ctx, opt, scripts(t))
	if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), filepath.Join(opt.Dir, store.File)) {
		t.Errorf("the older program: %v", err)
	}
	// The copy made before is the old database, whole.
	back := opt
	back.Dir = t.TempDir()
	copyFile(t, filepath.Join(opt.Dir, store.BeforeUpgrade(1)), filepath.Join(back.Dir, store.File))
	old, err := store.OpenWith(ctx, back, scripts(t))
	if err != nil {
		t.Fatal(err)
	}
	l.Store = old
	if r, err := old.Verify(ctx); err != nil || len(r.Faults) != 0 || r.Revisions != 5 {
		t.Errorf("the copy: %+v, %v", r, err)
	}
}

// A script that fails takes nothing along with it; those before it stay.
func TestMigrateFails(t *testing.T) {
	l, opt := oldStore(t)
	if s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn, fails)); err == nil || !strings.Contains(err.Error(), "003_later.sql") {
		t.Fatalf("opened %v, %v", s, err)
	}
	var half, versions int
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM sqlite_schema WHERE name = 'half'), (SELECT count(*) FROM migration)`).Scan(&half, &versions); err != nil || half != 0 || versions != 2 {
		t.Errorf("%d tables of the failed script, %d versions, %v", half, versions, err)
	}
	s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn, addsTable))
	if err != nil {
		t.Fatal(err)
	}
	l.Store = s
	if r, err := s.Verify(ctx); err != nil || len(r.Faults) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Without a copy nothing is upgraded.
func TestMigrateNeedsItsCopy(t *testing.T) {
	l, opt := oldStore(t)
	inTheWay := filepath.Join(opt.Dir, store.BeforeUpgrade(1)+".part")
	if err := os.MkdirAll(filepath.Join(inTheWay, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn)); err == nil {
		t.Fatalf("upgraded without a copy: %v", s)
	}
	s, err := store.OpenWith(ctx, opt, scripts(t))
	if err != nil {
		t.Fatal(err)
	}
	l.Store = s
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
