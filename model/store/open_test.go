package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// raw opens the database as another program would.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	path := (&url.URL{Path: filepath.ToSlash(filepath.Join(dir, store.File))}).EscapedPath()
	db, err := sql.Open("sqlite", "file://"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func do(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	r := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	if err := l.SetSetting(ctx, "k", "v"); err != nil {
		t.Fatal(err)
	}
	l.Reopen(t, nil)
	h, err := l.Head(ctx, r.Record)
	v, err2 := l.Setting(ctx, "k")
	if err != nil || err2 != nil || h.Rev != r.Rev || v != "v" || l.Restored() {
		t.Errorf("%+v, %v; %q, %v; restored %v", h, err, v, err2, l.Restored())
	}
}

func TestFoldersOfAnyName(t *testing.T) {
	for _, name := range []string{"空 格", "100%", "a?mode=ro", "b#c", "甲&_query_only=1", "+"} {
		dir := filepath.Join(t.TempDir(), name)
		keys, err := seal.CreateKeys(dir, "p", "o", modeltest.FastParams())
		if err != nil {
			t.Fatal(err)
		}
		opt := store.Options{Dir: dir, Keys: keys, Device: modeltest.Device(1), Clock: modeltest.NewClock(0), IDs: &modeltest.IDs{}}
		s, err := store.Open(ctx, opt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, err = s.Commit(ctx, model.Batch{Changes: []model.Change{{Record: modeltest.Employer(1)}}})
		if n, countErr := s.Count(ctx, model.Query{}); n != 1 || err != nil || countErr != nil {
			t.Errorf("%s: %d, %v, %v", name, n, err, countErr)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, store.File)); err != nil {
			t.Errorf("%s: the file is elsewhere: %v", name, err)
		}
	}
}

func TestNewerProgramsDataIsRefused(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	do(t, raw(t, l.Dir), `INSERT INTO migration (version, name, at) VALUES (99, 'schema/099.sql', '')`)
	s, err := store.Open(ctx, store.Options{Dir: l.Dir, Keys: l.Keys, Device: modeltest.Device(1), Clock: l.Clock, IDs: l.IDs})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v, %v", s, err)
	}
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	keys, err := seal.CreateKeys(dir, "p", "o", modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.File), []byte(strings.Repeat("这不是数据库", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, store.Options{Dir: dir, Keys: keys, Device: modeltest.Device(1), Clock: modeltest.NewClock(0), IDs: &modeltest.IDs{}}); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

func TestLocked(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	r := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	l.Keys.Forget()
	_, headErr := l.Head(ctx, r.Record)
	_, listErr := l.List(ctx, model.Query{Text: "建筑"})
	_, commitErr := l.Commit(ctx, model.Batch{Changes: []model.Change{{Record: modeltest.Employer(2)}}})
	for name, err := range map[string]error{"head": headErr, "list": listErr, "commit": commitErr, "setting": l.SetSetting(ctx, "k", "v")} {
		if !errors.Is(err, model.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fixed are acts that nobody may do, whichever program they use.
var fixedRows = []string{
	`UPDATE journal SET author = 'x'`, `DELETE FROM journal`, `UPDATE op SET scope = 'x'`, `DELETE FROM op`,
	`UPDATE issued SET number = 'x'`, `DELETE FROM issued`, `UPDATE number SET state = '作废'`, `DELETE FROM number`,
	`UPDATE block SET next = next - 1 WHERE next > first`, `UPDATE block SET last = last + 100`, `DELETE FROM block`,
	`UPDATE head SET state = '草稿' WHERE kind = 'document'`, `UPDATE head SET number = 'x' WHERE kind = 'document'`, `UPDATE head SET amount_fen = 1 WHERE kind = 'document'`,
	`UPDATE head SET id = 'x' WHERE kind = 'document'`, `DELETE FROM head WHERE kind = 'document'`,
	`UPDATE life SET highest = 0`, `UPDATE life SET epoch = 0`, `DELETE FROM life`,
	`INSERT INTO issued (document, rev, series, serial, number) SELECT 'other', rev, series, serial, 'n' FROM issued`,
	`INSERT INTO issued (document, rev, series, serial, number) SELECT 'other', rev, series, serial + 1, number FROM issued`,
	`INSERT INTO journal (rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled)
		SELECT rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled FROM journal`,
	`INSERT INTO journal (rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled)
		SELECT '9-x', record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled FROM journal`,
	`UPDATE OR REPLACE journal SET n = 1`, `UPDATE OR IGNORE journal SET pulled = 1`, `UPDATE OR REPLACE issued SET document = 'x'`,
	`REPLACE INTO journal SELECT * FROM journal`, `INSERT OR REPLACE INTO op SELECT * FROM op`, `INSERT OR REPLACE INTO issued SELECT * FROM issued`,
	`INSERT OR REPLACE INTO head SELECT * FROM head`, `INSERT OR REPLACE INTO number SELECT * FROM number`,
	`INSERT OR REPLACE INTO block SELECT * FROM block`, `INSERT OR REPLACE INTO life SELECT * FROM life`,
	`INSERT OR IGNORE INTO issued SELECT 'x', rev, NULL, NULL, NULL FROM issued`,
	`INSERT INTO journal SELECT * FROM journal WHERE true ON CONFLICT (n) DO UPDATE SET author = 'x'`,
	`PRAGMA recursive_triggers = on; PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on; DELETE FROM journal WHERE pulled`,
	`PRAGMA defer_foreign_keys = on; BEGIN; DELETE FROM issued; DELETE FROM journal; COMMIT`,
	`WITH gone AS (SELECT record FROM journal WHERE pulled) DELETE FROM journal WHERE record IN gone RETURNING record`,
	`CREATE TABLE IF NOT EXISTS leaving (record TEXT PRIMARY KEY); INSERT OR IGNORE INTO leaving SELECT record FROM journal; DELETE FROM journal WHERE pulled`,
}

func issuedLaptop(t *testing.T) *modeltest.Laptop {
	t.Helper()
	l := modeltest.NewLaptop(t, 1)
	if err := l.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	l.Issue(t, "令/2026")
	return l
}

// guarded is a laptop with an issued document of its own and one of a colleague.
func guarded(t *testing.T) *modeltest.Laptop {
	t.Helper()
	a, b := modeltest.NewLaptop(t, 2), issuedLaptop(t)
	if err := a.AddBlock(ctx, model.Block{Series: "令/2026", From: 10, To: 19}); err != nil {
		t.Fatal(err)
	}
	doc, _ := a.Issue(t, "令/2026")
	pull(t, b, past(t, a, doc.ID)...)
	return b
}

// untouched fails when a row is not what it was.
func untouched(t *testing.T, l *modeltest.Laptop, was string) {
	t.Helper()
	if is := tables(t, raw(t, l.Dir)); is != was {
		t.Errorf("was\n%s\nis\n%s", was, is)
	}
	sound(t, l)
}

func TestTheDatabaseItselfRefuses(t *testing.T) {
	l := guarded(t)
	db := raw(t, l.Dir)
	db.SetMaxOpenConns(1)
	was := tables(t, db)
	for _, q := range fixedRows {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("done: %s", q)
		}
		db.Exec(`ROLLBACK`) // where it had begun one
	}
	untouched(t, l, was)
}

// The shell is told by the refusal's own words, or that it lacks what this
// program alone has.
func TestTheShellIsRefusedToo(t *testing.T) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("the sqlite3 shell is not installed; the triggers are tested through the driver")
	}
	l := guarded(t)
	was := tables(t, raw(t, l.Dir))
	for _, q := range fixedRows {
		out, err := exec.Command(shell, "-bail", filepath.Join(l.Dir, store.File), q).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "no such function: anxin_writes") && strings.IndexFunc(string(out), func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
			t.Errorf("done: %s: %s, %v", q, out, err)
		}
	}
	untouched(t, l, was)
}

// Whoever takes a trigger down has their way; it is named, and put up again.
func TestMissingTriggersAreNamed(t *testing.T) {
	l := guarded(t)
	db := raw(t, l.Dir)
	do(t, db, `DROP TRIGGER journal_no_delete`, `DROP TRIGGER head_issued`, `CREATE TRIGGER head_issued AFTER INSERT ON head BEGIN SELECT 1; END`)
	report, err := l.Verify(ctx)
	if all := strings.Join(report.Faults, "\n"); err != nil || len(report.Faults) != 2 || !strings.Contains(all, "journal_no_delete") || !strings.Contains(all, "head_issued") {
		t.Errorf("%q, %v", report.Faults, err)
	}
	if _, err := l.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	sound(t, l)
	if _, err := db.Exec(`DELETE FROM journal WHERE pulled`); err == nil {
		t.Error("done after the triggers were put up again")
	}
}

func TestReadersCannotWrite(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	if err := store.ExecOnReader(l.Store, `INSERT INTO setting (key, value) VALUES ('a', x'00')`); !errors.Is(err, store.ErrDisk) {
		t.Errorf("got %v", err)
	}
}

func TestCancelledCommitSavesNothing(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.Commit(stopped, model.Batch{Changes: []model.Change{{Record: modeltest.Employer(1)}}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(2)})
	if n, err := l.Count(ctx, model.Query{}); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Of many who save over the same base one wins, and readers see whole states
// only.
func TestTogether(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	base := l.Save(t, model.Change{Record: modeltest.Employer(0)})[0]
	var wg sync.WaitGroup
	won := make(chan model.Rev, 8)
	for i := 1; i <= 8; i++ {
		wg.Go(func() {
			revs, err := l.Commit(ctx, model.Batch{Changes: []model.Change{
				{ID: base.Record, Base: base.Rev, Record: modeltest.Employer(i)}, {Record: modeltest.Site(i, base.Record)},
			}})
			if err == nil {
				won <- revs[0].Rev
			} else if !errors.Is(err, model.ErrStale) {
				t.Error(err)
			}
		})
		wg.Go(func() {
			h, err := l.Head(ctx, base.Record)
			if err != nil {
				t.Error(err)
			}
			if n, err := l.Count(ctx, model.Query{Kind: model.KindSite}); err != nil || h.Rev != base.Rev && n != 1 {
				t.Errorf("head %s beside %d sites, %v", h.Rev, n, err)
			}
		})
	}
	wg.Wait()
	close(won)
	h, err := l.Head(ctx, base.Record)
	if winner := <-won; len(won) != 0 || h.Rev != winner || err != nil {
		t.Errorf("%d more won; head %s, %v", len(won), h.Rev, err)
	}
}
