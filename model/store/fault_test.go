package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// oneSentence checks what a person is told: one line in Chinese that names the
// place and says what to do.
func oneSentence(t *testing.T, err error, want error, place, cure string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	text := err.Error()
	if !strings.Contains(text, place) || !strings.Contains(text, cure) || strings.ContainsAny(text, "\r\n") {
		t.Errorf("%q names not %q and %q on one line", text, place, cure)
	}
	letters := strings.ReplaceAll(strings.ReplaceAll(text, place, ""), store.File, "")
	if i := strings.IndexFunc(letters, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }); i >= 0 {
		t.Errorf("%q is not all Chinese: %q", text, letters[i:])
	}
}

// folder is a data folder that is not open, with what opens it.
func folder(t *testing.T, l *modeltest.Laptop) store.Options {
	t.Helper()
	if err := l.Store.Close(); err != nil {
		t.Fatal(err)
	}
	return store.Options{Dir: l.Dir, Keys: l.Keys, Device: modeltest.Device(1), Clock: l.Clock, IDs: l.IDs, Devices: modeltest.KnownDevices}
}

func TestGarbageInsteadOfTheDatabase(t *testing.T) {
	for name, spoil := range map[string]func([]byte) []byte{
		"text":           func([]byte) []byte { return bytes.Repeat([]byte("这不是数据库"), 100) },
		"torn last page": func(b []byte) []byte { return b[:len(b)-1000] },
		"half of it":     func(b []byte) []byte { return b[:len(b)/2] },
		"zeros in front": func(b []byte) []byte { return append(make([]byte, 4096), b[4096:]...) },
		"schema unreadable": func(b []byte) []byte {
			return append(append(bytes.Clone(b[:100]), bytes.Repeat([]byte{0xff}, 3996)...), b[4096:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := issuedLaptop(t)
			opt := folder(t, l)
			path := filepath.Join(l.Dir, store.File)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := spoil(content)
			if err := os.WriteFile(path, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(ctx, opt)
			if err == nil {
				report, verifyErr := s.Verify(ctx)
				if err = verifyErr; err == nil && len(report.Faults) == 0 {
					t.Error("nobody noticed")
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
			if err != nil {
				oneSentence(t, err, store.ErrCorrupt, path, "从备份中恢复")
			}
			left, err := os.ReadFile(path)
			if err != nil || len(left) < len(spoilt) {
				t.Errorf("of %d bytes %d are left, %v", len(spoilt), len(left), err)
			}
			if err := os.WriteFile(path, content, 0o600); err != nil { // the backup put back
				t.Fatal(err)
			}
			l.Reopen(t, nil)
			sound(t, l)
		})
	}
}

// The last page of the log was not written whole when the power went: what was
// acknowledged before it is there.
func TestTornLog(t *testing.T) {
	l := issuedLaptop(t)
	r := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	l.Save(t, model.Change{Record: modeltest.Employer(2)})
	torn := filepath.Join(t.TempDir(), "torn")
	if err := os.CopyFS(torn, os.DirFS(l.Dir)); err != nil {
		t.Fatal(err)
	}
	wal := filepath.Join(torn, store.File+"-wal")
	info, err := os.Stat(wal)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Truncate(wal, info.Size()-1000), os.Remove(filepath.Join(torn, store.File+"-shm"))); err != nil {
		t.Fatal(err)
	}
	l.Reopen(t, func(o *store.Options) { o.Dir = torn })
	if n, err := l.Count(ctx, model.Query{Kind: model.KindEmployer}); n != 1 || err != nil {
		t.Errorf("%d employers, %v", n, err)
	}
	if ok, err := l.Have(ctx, r.Record, r.Rev); !ok || err != nil {
		t.Errorf("what was saved before is gone, %v", err)
	}
	if !l.Restored() {
		t.Error("the laptop does not know that it is behind itself")
	}
	sound(t, l)
}

func TestWrongKeys(t *testing.T) {
	l := issuedLaptop(t)
	opt := folder(t, l)
	var err error
	if opt.Keys, err = seal.CreateKeys(t.TempDir(), modeltest.Passphrase, "o", modeltest.FastParams()); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(ctx, opt)
	oneSentence(t, err, store.ErrKeys, filepath.Join(l.Dir, store.File), "请把两者原来配套的备份一起放回")
	l.Reopen(t, nil)
	sound(t, l)
}

func TestClockSetBack(t *testing.T) {
	l := issuedLaptop(t)
	l.Clock.Move(-48 * 60 * 60 * 1e9)
	draft := l.Save(t, model.Change{Record: modeltest.Draft("", "某公司")})[0] // drafts go on
	serial, err := l.NextNumber(ctx, "令/2026")
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Commit(ctx, model.Batch{Author: "o",
		Changes: []model.Change{{ID: draft.Record, Base: draft.Rev, Record: modeltest.Issued(modeltest.Draft("", "某公司"), "令/2026", serial, modeltest.Day)}},
		Use:     &model.NumberUse{Series: "令/2026", Serial: serial, Document: draft.Record}})
	oneSentence(t, err, model.ErrClock, "本机时间", "请校正时间")
	l.Reopen(t, nil)
	sound(t, l)
}

// While another program holds the lock nothing is saved, reading goes on, and
// when it lets go so does saving.
func TestAnotherProgramWrites(t *testing.T) {
	t.Parallel() // it waits for the lock as long as the store does
	l := issuedLaptop(t)
	db := raw(t, l.Dir)
	other, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, lock := range []string{`BEGIN IMMEDIATE`, `UPDATE life SET highest = highest + 1`} {
		if _, err := other.ExecContext(ctx, lock); err != nil {
			t.Fatal(err)
		}
	}
	_, err = l.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: modeltest.Employer(1)}}})
	oneSentence(t, err, store.ErrBusy, filepath.Join(l.Dir, store.File), "请关闭它后重试")
	if n, err := l.Count(ctx, model.Query{}); n != 1 || err != nil {
		t.Errorf("read %d, %v", n, err)
	}
	if _, err := other.ExecContext(ctx, `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	l.Save(t, model.Change{Record: modeltest.Employer(1)})
	sound(t, l)
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

func TestBackupWhileWorkGoesOn(t *testing.T) {
	l := issuedLaptop(t)
	for n := range 60 { // enough for several steps
		if err := l.SetSetting(ctx, fmt.Sprint(n), strings.Repeat("长", 20_000)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "备份.db")
	var last, steps int
	var during []model.Revision
	err := l.Backup(ctx, path, func(done, total int) {
		if steps++; steps < 4 {
			during = append(during, l.Save(t, model.Change{Record: modeltest.Employer(steps)})...)
		}
		last = done * 100 / total
	})
	if err != nil || last != 100 || steps < 4 {
		t.Fatalf("%v, %d %% in %d steps", err, last, steps)
	}
	opt := folder(t, l)
	opt.Dir = t.TempDir()
	copyFile(t, path, filepath.Join(opt.Dir, store.File))
	l.Reopen(t, func(o *store.Options) { o.Dir = opt.Dir })
	for _, r := range during[:len(during)-1] {
		if ok, err := l.Have(ctx, r.Record, r.Rev); !ok || err != nil {
			t.Errorf("%s was saved while the copy was made and is not in it, %v", r.Rev, err)
		}
	}
	sound(t, l)
	stopped, cancel := context.WithCancel(ctx)
	err = l.Backup(stopped, path+"2", func(int, int) { cancel() })
	if left, _ := filepath.Glob(path + "2*"); !errors.Is(err, context.Canceled) || len(left) != 0 {
		t.Errorf("cancelled: %v, left %v", err, left)
	}
}
