package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

// copyDatabase copies the closed database and returns a function that puts the
// copy back.
func copyDatabase(t *testing.T, l *modeltest.Laptop) (back func()) {
	t.Helper()
	path := filepath.Join(l.Dir, store.File)
	l.Reopen(t, nil) // closing has written the log into the file
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := l.Store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		l.Reopen(t, nil)
	}
}

func TestPutBackFromACopy(t *testing.T) {
	l := issuedLaptop(t)
	if err := l.Acked(ctx, []model.Ack{{Seq: 1, Outcome: model.OutcomeApplied, Position: 1}}); err != nil {
		t.Fatal(err)
	}
	unsent, err := l.Ops(ctx, 1, 10)
	if err != nil || len(unsent) != 1 {
		t.Fatalf("%d unsent, %v", len(unsent), err)
	}
	back := copyDatabase(t, l)
	if l.Restored() {
		t.Error("restored without reason")
	}
	_, lost := l.Issue(t, "令/2026") // this paper is printed and served
	back()
	if !l.Restored() || l.Device().Epoch != 2 {
		t.Fatalf("restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
	if n, err := l.NextNumber(ctx, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("number %d, %v: %d was used already", n, err, lost)
	}
	again, err := l.Ops(ctx, 0, 10)
	if err != nil || len(again) != 1 {
		t.Fatalf("logged again: %d, %v", len(again), err)
	}
	if o := again[0]; o.Epoch != 2 || o.Seq != 1 || o.Revision.Rev != unsent[0].Revision.Rev || o.Revision.Epoch != 1 || o.Number == nil {
		t.Errorf("logged again as %+v", o)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(1)})
	l.Reopen(t, nil)
	if l.Restored() || l.Device().Epoch != 2 {
		t.Errorf("opened again: restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
	sound(t, l)
	if err := l.AddBlock(ctx, model.Block{Series: "令/2026", From: 5, To: 9, Source: "局里核对后分配"}); err != nil {
		t.Errorf("the rest of the old block, assigned by hand: %v", err)
	}
}

func TestDatabaseGoneMarkLeft(t *testing.T) {
	l := issuedLaptop(t)
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(l.Dir, store.File) + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	l.Reopen(t, nil)
	if !l.Restored() || l.Device().Epoch != 2 {
		t.Errorf("restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
}

func TestMarkTroubles(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"gone":    os.Remove,
		"empty":   func(p string) error { return os.Truncate(p, 0) },
		"garbage": func(p string) error { return os.WriteFile(p, []byte("\x00\x01无"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			l := issuedLaptop(t)
			if err := l.Store.Close(); err != nil {
				t.Fatal(err)
			}
			if err := spoil(filepath.Join(l.Dir, store.HighWater)); err != nil {
				t.Fatal(err)
			}
			l.Reopen(t, nil)
			if l.Restored() {
				t.Error("took it for a restore")
			}
			back := copyDatabase(t, l)
			l.Save(t, model.Change{Record: modeltest.Employer(1)})
			back()
			if !l.Restored() {
				t.Error("the mark was not written anew")
			}
		})
	}
}

// A data folder put back as a whole brings its own mark along; the one outside
// tells.
func TestWholeFolderPutBack(t *testing.T) {
	l := issuedLaptop(t)
	marks := filepath.Join(t.TempDir(), "标记")
	l.Reopen(t, func(o *store.Options) { o.Marks = marks })
	if l.Restored() {
		t.Error("restored without reason")
	}
	back := copyFolder(t, l)
	if l.Restored() {
		t.Error("opened again: restored without reason")
	}
	_, lost := l.Issue(t, "令/2026")
	back()
	if !l.Restored() || l.Device().Epoch != 2 {
		t.Fatalf("restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
	if n, err := l.NextNumber(ctx, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("number %d, %v: %d was used already", n, err, lost)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(1)})
	l.Reopen(t, nil)
	if l.Restored() || l.Device().Epoch != 2 {
		t.Errorf("opened again: restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
	sound(t, l)
}

// copyFolder copies every file of the closed data folder and returns a function
// that puts them back.
func copyFolder(t *testing.T, l *modeltest.Laptop) (back func()) {
	t.Helper()
	aside := filepath.Join(t.TempDir(), "copy")
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(aside, os.DirFS(l.Dir)); err != nil {
		t.Fatal(err)
	}
	l.Reopen(t, nil)
	return func() {
		if err := l.Store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.RemoveAll(l.Dir), os.CopyFS(l.Dir, os.DirFS(aside))); err != nil {
			t.Fatal(err)
		}
		l.Reopen(t, nil)
	}
}

// Where the mark outside cannot be kept, work goes on and Close says so.
func TestMarkOutsideCannotBeKept(t *testing.T) {
	l := issuedLaptop(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l.Reopen(t, func(o *store.Options) { o.Marks = filepath.Join(file, "marks") })
	r := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	if err := l.Store.Close(); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("closed with %v", err)
	}
	l.Reopen(t, func(o *store.Options) { o.Marks = "" })
	if ok, err := l.Have(ctx, r.Record, r.Rev); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestAnotherLaptopsDatabase(t *testing.T) {
	l := issuedLaptop(t)
	l.Reopen(t, func(o *store.Options) { o.Device = modeltest.Device(2) })
	if !l.Restored() || l.Device().ID != modeltest.Device(2).ID {
		t.Errorf("restored %v, device %s", l.Restored(), l.Device().ID)
	}
	if n, err := l.NextNumber(ctx, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("number %d of another laptop, %v", n, err)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(1)})
	sound(t, l)
}

func TestNewEpochOnRequest(t *testing.T) {
	l := issuedLaptop(t)
	if err := l.NewEpoch(ctx); err != nil {
		t.Fatal(err)
	}
	last, err := l.LastSeq(ctx)
	pending, err2 := l.Pending(ctx)
	if l.Device().Epoch != 2 || last != 2 || pending != 2 || err != nil || err2 != nil {
		t.Errorf("epoch %d, last %d, pending %d, %v, %v", l.Device().Epoch, last, pending, err, err2)
	}
	l.Reopen(t, nil)
	if l.Restored() || l.Device().Epoch != 2 {
		t.Errorf("restored %v, epoch %d", l.Restored(), l.Device().Epoch)
	}
}

func TestBackup(t *testing.T) {
	l := issuedLaptop(t)
	path := filepath.Join(t.TempDir(), "备份 2026-09-18.db")
	if err := l.Backup(ctx, path, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Backup(ctx, path, nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	if err := l.Backup(ctx, filepath.Join(t.TempDir(), "无此文件夹", "a.db"), nil); !errors.Is(err, store.ErrDisk) {
		t.Errorf("into a folder that is not there: %v", err)
	}
	want := answers(t, l, []model.Query{{}})
	l.Issue(t, "令/2026")
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(l.Dir, store.File), content, 0o600); err != nil {
		t.Fatal(err)
	}
	l.Reopen(t, nil)
	if got := answers(t, l, []model.Query{{}}); got != want || !l.Restored() {
		t.Errorf("put back, restored %v:\n%s\nwas\n%s", l.Restored(), got, want)
	}
	sound(t, l)
}
