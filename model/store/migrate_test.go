package store_test

import (
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// scripts are the program's schema and what later programs add to it.
func scripts(t *testing.T, later ...string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	for n := range now(t) {
		name := fmt.Sprintf("schema/%03d_*.sql", n+1)
		files, err := fs.Glob(store.Schema, name)
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v, %v", name, files, err)
		}
		text, err := fs.ReadFile(store.Schema, files[0])
		if err != nil {
			t.Fatal(err)
		}
		out[files[0]] = &fstest.MapFile{Data: text}
	}
	for i, text := range later {
		out[laterName(t, i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// now is the version of the program's schema.
func now(t *testing.T) int {
	t.Helper()
	files, err := fs.Glob(store.Schema, "schema/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// laterName names the i-th script of a later program.
func laterName(t *testing.T, i int) string { return fmt.Sprintf("schema/%03d_later.sql", now(t)+1+i) }

// oldStore is a folder with a database of the present schema, closed, that has
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
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM extra), (SELECT count(*) FROM migration)`).Scan(&rows, &versions); err != nil || rows != 2 || versions != now(t)+2 {
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
	copyFile(t, filepath.Join(opt.Dir, store.BeforeUpgrade(now(t))), filepath.Join(back.Dir, store.File))
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
	if s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn, fails)); err == nil || !strings.Contains(err.Error(), laterName(t, 1)) {
		t.Fatalf("opened %v, %v", s, err)
	}
	var half, versions int
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM sqlite_schema WHERE name = 'half'), (SELECT count(*) FROM migration)`).Scan(&half, &versions); err != nil || half != 0 || versions != now(t)+1 {
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
	inTheWay := filepath.Join(opt.Dir, store.BeforeUpgrade(now(t))+".part")
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

// A folder of the first program, with a history, issued papers, a conflict, a
// colleague's records, two epochs and answers of the hub, goes on as it was.
func TestMigrateTheFirstSchema(t *testing.T) {
	dir := t.TempDir()
	l := firstStore(t, dir)
	before := raw(t, dir)
	was := tables(t, before)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.Store, err = store.Open(ctx, firstOptions(l, dir)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	if is := tables(t, raw(t, dir)); is != was {
		t.Errorf("was\n%s\nis\n%s", was, is)
	}
	report, err := l.Verify(ctx)
	if err != nil || len(report.Faults) != 0 || report.Revisions != 12 || report.Ops != 16 || report.Numbers != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	if l.Restored() || l.Device().Epoch != 2 {
		t.Errorf("restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
	if n, err := l.NextNumber(ctx, "令/2026"); n != 21 || err != nil {
		t.Errorf("next number %d, %v", n, err)
	}
	settleOnly(t, l)
	l.Issue(t, "令/2026")
	db := raw(t, dir)
	for _, q := range fixedRows {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("done: %s", q)
		}
	}
	sound(t, l)
	if _, err := os.Stat(filepath.Join(dir, store.BeforeUpgrade(1))); err != nil {
		t.Errorf("no copy from before: %v", err)
	}
}

// firstStore unpacks the folder; its store is closed.
func firstStore(t *testing.T, dir string) *modeltest.Laptop {
	t.Helper()
	copyFile(t, "testdata/v1/keys.json", filepath.Join(dir, seal.KeyFile))
	packed, err := os.Open("testdata/v1/anxin.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.File), content, 0o600); err != nil {
		t.Fatal(err)
	}
	keys, _, err := seal.Unlock(dir, modeltest.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return &modeltest.Laptop{Dir: dir, Keys: keys, Clock: modeltest.NewClock(time.Second), IDs: &modeltest.IDs{Laptop: 3}}
}

func firstOptions(l *modeltest.Laptop, dir string) store.Options {
	return store.Options{Dir: dir, Keys: l.Keys, Device: modeltest.Device(1), Clock: l.Clock, IDs: l.IDs, Devices: modeltest.KnownDevices}
}

// tables are all rows that both schemas have, as text.
func tables(t *testing.T, db *sql.DB) string {
	t.Helper()
	var out strings.Builder
	for _, q := range []string{
		`SELECT n || rev || record || kind || parents || schema || author || device || epoch || time || hex(body) || hex(sig) || scope || pulled FROM journal ORDER BY n`,
		`SELECT n || id || kind || state || date || due || amount_fen || count || number || case_id || parent FROM head ORDER BY n`,
		`SELECT device || epoch || seq || rev || scope || hex(prev) || hex(hash) || hex(sig) || coalesce(series || serial || document, '') FROM op ORDER BY epoch, seq`,
		`SELECT epoch || seq || outcome || reason || position FROM op_outcome ORDER BY epoch, seq`,
		`SELECT record || theirs || ours || base || kind || fields || at FROM conflict`,
		`SELECT document || rev || series || serial || number FROM issued ORDER BY document`,
	} {
		rows, err := db.Query(q)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			out.WriteString(line + "\n")
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		out.WriteString("-\n")
	}
	return out.String()
}

// settleOnly ends the one conflict there is.
func settleOnly(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	open, err := l.Conflicts(ctx)
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	l.Save(t, model.Change{ID: open[0].Record, Base: open[0].Ours, Settles: open[0].Theirs, Record: modeltest.Employer(10)})
	if open, err := l.Conflicts(ctx); err != nil || len(open) != 0 {
		t.Errorf("%+v, %v", open, err)
	}
}

// A first database whose rows were lost still opens, so that Verify can name
// them.
func TestMigrateADamagedStore(t *testing.T) {
	dir := t.TempDir()
	l := firstStore(t, dir)
	db := raw(t, dir)
	db.SetMaxOpenConns(1)
	var rev string
	if err := db.QueryRow(`SELECT rev FROM journal WHERE n = 5`).Scan(&rev); err != nil {
		t.Fatal(err)
	}
	do(t, db, `PRAGMA foreign_keys = off`, `DROP TRIGGER journal_no_delete`, `DELETE FROM journal WHERE n = 5`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.Store, err = store.Open(ctx, firstOptions(l, dir)); err != nil {
		t.Fatal(err)
	}
	report, err := l.Verify(ctx)
	if err = errors.Join(err, l.Store.Close()); err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(report.Faults, "\n"); !strings.Contains(all, "的版本 "+rev+" 不见了") {
		t.Errorf("not named %s in\n%s", rev, all)
	}
}
