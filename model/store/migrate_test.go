package store_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	files, err := fs.Glob(store.Schema, "schema/*.sql")
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(store.Schema, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: text}
	}
	for i, text := range later {
		out[laterName(t, i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// now is the version of the program's schema.
func now(t *testing.T) int {
	t.Helper()
	files, err := fs.Glob(store.Schema, "schema/[0-9]*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(files) + 1
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
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM extra), (SELECT max(version) FROM migration)`).Scan(&rows, &versions); err != nil || rows != 2 || versions != now(t)+2 {
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

// A script that fails takes those before it back with it.
func TestMigrateFails(t *testing.T) {
	l, opt := oldStore(t)
	if s, err := store.OpenWith(ctx, opt, scripts(t, addsColumn, fails)); err == nil || !strings.Contains(err.Error(), laterName(t, 1)) {
		t.Fatalf("opened %v, %v", s, err)
	}
	var left, version int
	if err := raw(t, opt.Dir).QueryRow(`SELECT (SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'head_note')), (SELECT max(version) FROM migration)`).Scan(&left, &version); err != nil || left != 0 || version != now(t) {
		t.Errorf("%d tables and indexes of the failed upgrade, version %d, %v", left, version, err)
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

// A store brought up and one made new are alike to the letter.
func TestNewAndUpgradedAreAlike(t *testing.T) {
	dir := t.TempDir()
	l := firstStore(t, dir)
	s, err := store.Open(ctx, firstOptions(l, dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	upgraded, fresh := structure(t, dir), structure(t, modeltest.NewLaptop(t, 2).Dir)
	if len(fresh) < 50 || !slices.Equal(fresh, upgraded) {
		t.Errorf("%d made new\n%s\n%d upgraded\n%s", len(fresh), strings.Join(fresh, "\n"), len(upgraded), strings.Join(upgraded, "\n"))
	}
}

// structure is all that SQLite knows of a store's tables, indexes and triggers.
func structure(t *testing.T, dir string) []string {
	t.Helper()
	rows, err := raw(t, dir).Query(`SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema
		UNION ALL SELECT 'version ' || max(version) FROM migration UNION ALL SELECT 'projection ' || user_version FROM pragma_user_version ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Whoever waits for an old database sees how far it is, and may give up at any
// point: it is then what it was, and the next opening finds it so.
func TestUpgradeIsToldAndGivenUp(t *testing.T) {
	dir := t.TempDir()
	l := firstStore(t, dir)
	db := raw(t, dir)
	was, before := tables(t, db), structure(t, dir)
	opt := firstOptions(l, dir)
	// In the copy, after the tables, in the projection; and when it is kept.
	for _, stop := range []int{1, 1, 2, 3} {
		waiting, giveUp := context.WithCancel(ctx)
		var told []float64
		opt.Upgrading = func(done float64) {
			if told = append(told, done); len(told) == stop {
				giveUp()
			}
		}
		s, err := store.Open(waiting, opt)
		giveUp()
		if err == nil {
			l.Store = s
			t.Fatalf("given up at %v, opened all the same", told)
		}
		if last := told[len(told)-1]; !errors.Is(err, context.Canceled) || !slices.IsSorted(told) || told[0] < 0 || len(told) != stop || (last == 1) != (stop == 3) {
			t.Errorf("told %v, %v", told, err)
		}
		if stop == 3 {
			break
		}
		if is := tables(t, db); is != was || !slices.Equal(structure(t, dir), before) {
			t.Fatalf("given up at %v: was\n%s\nis\n%s", told, was, is)
		}
	}
	opt.Upgrading = func(done float64) { t.Errorf("told %v of a store that is up to date", done) }
	var err error
	if l.Store, err = store.Open(ctx, opt); err != nil {
		t.Fatal(err)
	}
	sound(t, l)
	if err := l.Store.Close(); err != nil {
		t.Error(err)
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
