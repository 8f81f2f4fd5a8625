package main

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/model"
)

// keeping is the program with an office, and what lies behind its pages.
func keeping(t *testing.T) (*desktop, *backstage) {
	t.Helper()
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	return d, &backstage{d: d}
}

func TestBackupIsRestoredOnAnotherLaptop(t *testing.T) {
	d, r := keeping(t)
	path := filepath.Join(t.TempDir(), "一.anxin")
	told := 0
	made, err := r.Backup(t.Context(), path, func(done float64, _ string) {
		if done < 0 || done > 1 {
			t.Errorf("%v of the work is done", done)
		}
		told++
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.Records != 3 || made.Bytes == 0 || told == 0 || made.Recovery {
		t.Errorf("made %+v, told %d times", made, told)
	}
	if _, err := r.Backup(t.Context(), path, func(float64, string) {}); err == nil {
		t.Error("a backup was written over another")
	}
	d.lock()
	d.dir = filepath.Join(t.TempDir(), "new")
	furthest := 0.0
	if err := d.restore(t.Context(), path, "wrong wrong", func(float64, string) {}); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if err := d.restore(t.Context(), path, testPhrase, func(done float64, _ string) { furthest = max(furthest, done) }); err != nil {
		t.Fatal(err)
	}
	if furthest < 0.5 {
		t.Errorf("the restore told of %v done at most", furthest)
	}
	s, err := r.Standing(t.Context())
	if err != nil || s.Epoch < 2 || len(s.Keys) == 0 {
		t.Errorf("after the restore %+v, %v", s, err)
	}
}

func TestKeysAreMadeAndChanged(t *testing.T) {
	d, r := keeping(t)
	file := filepath.Join(t.TempDir(), "key.txt")
	private, err := r.MakeRecovery(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if key, bad := base64.StdEncoding.DecodeString(private); err != nil || bad != nil || len(key) != 32 || strings.TrimSpace(string(raw)) != private {
		t.Errorf("the key is %q, the file says %q, %v, %v", private, raw, err, bad)
	}
	if _, err := r.MakeRecovery(t.Context(), file); err == nil {
		t.Error("a recovery key was written over another")
	}
	if err := r.SignBy(t.Context(), model.AlgSM2); err != nil {
		t.Fatal(err)
	}
	if s, err := r.Standing(t.Context()); err != nil || s.Recoveries != 1 || s.Algorithm != model.AlgSM2 || len(s.Keys) != 2 || s.Trusted {
		t.Errorf("stands %+v, %v", s, err)
	}
	if err := r.WriteKeys(t.Context(), filepath.Join(t.TempDir(), "keys.json")); err != nil {
		t.Error(err)
	}
	if err := r.ChangePassphrase(t.Context(), "wrong", "日暮苍山远 天寒"); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if err := r.ChangePassphrase(t.Context(), testPhrase, "短"); err == nil {
		t.Error("a short passphrase was taken")
	}
	if err := r.ChangePassphrase(t.Context(), testPhrase, "日暮苍山远 天寒"); err != nil {
		t.Fatal(err)
	}
	d.lock()
	if open, err := d.openTrusted(t.Context(), nil); open || err != nil {
		t.Errorf("a machine nobody trusts: %v, %v", open, err)
	}
	if err := d.unlock(context.Background(), "日暮苍山远 天寒"); err != nil {
		t.Error(err)
	}
}

func TestSampleIsLeftForOnesOwn(t *testing.T) {
	d, r := keeping(t)
	own := filepath.Join(t.TempDir(), "own")
	d.own = ownFolder{dir: own}
	d.leaveSample()
	if _, err := d.at(); !errors.Is(err, model.ErrLocked) || d.dir != own || d.own != (ownFolder{}) {
		t.Errorf("works on %q with %v", d.dir, err)
	}
	if list, err := r.Editions(t.Context()); !errors.Is(err, model.ErrLocked) || list != nil {
		t.Errorf("read %v, %v", list, err)
	}
}

func TestMachineIsLookedAt(t *testing.T) {
	d, _ := keeping(t)
	o, err := d.at()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := machineText(t.Context(), o)
	if !strings.Contains(text, "时钟正常") || !strings.Contains(text, "GB") {
		t.Errorf("the status bar says %q", text)
	}
	if _, err := freeSpace(filepath.Join(d.dir, "not there")); err == nil {
		t.Error("a folder that is not there has free space")
	}
}
