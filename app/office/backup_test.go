package office_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/modeltest"
)

// backedUp is an office with a case, a photo and a number taken, and a backup
// of it. Work went on while it was made and after.
type backedUp struct {
	*bureau
	path   string
	photo  casework.Kept[model.Evidence]
	report office.BackupReport
	secret []byte // the bureau's recovery key
}

const photoBytes = 300_000

func newBackedUp(t *testing.T) *backedUp {
	t.Helper()
	b := &backedUp{bureau: newBureau(t).accepted(), path: filepath.Join(t.TempDir(), "备份 一.anxin")}
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	b.ok(err)
	b.secret = key.Bytes()
	b.ok(b.Keys.AddRecovery(key.PublicKey().Bytes()))
	b.photo, err = b.Desk.AddEvidence(b.ctx, casework.EvidenceIn{Case: b.kase, Name: "现场.jpg"}, bytes.NewReader(bytes.Repeat([]byte("照"), photoBytes/3)))
	b.ok(err)
	busy := false
	b.report, err = b.Backup(b.ctx, b.path, func(p office.Progress) {
		if p.Done > p.Total {
			t.Errorf("%s: %d of %d", p.Phase, p.Done, p.Total)
		}
		if !busy {
			busy = true
			b.save(modeltest.Employer(77)) // while the copy is under way
		}
	})
	b.ok(err)
	b.save(modeltest.Employer(78))
	return b
}

func (b *backedUp) options() office.Options {
	return office.Options{Dir: filepath.Join(b.t.TempDir(), "新 电脑"), Clock: b.clock, IDs: &modeltest.IDs{Laptop: 9}, Params: modeltest.FastParams()}
}

func TestBackupAndRestore(t *testing.T) {
	b := newBackedUp(t)
	if r := b.report; r.Files != 1 || r.Records == 0 || !r.Recovery || len(r.Missing) != 0 || r.Device != b.Device().ID {
		t.Errorf("report %+v", r)
	}
	for name, from := range map[string]office.RestoreFrom{
		"passphrase":   {Path: b.path, Passphrase: modeltest.Passphrase},
		"recovery key": {Path: b.path, Recovery: b.secret, Fresh: "一个全新的 长口令"},
	} {
		t.Run(name, func(t *testing.T) {
			opt := b.options()
			got, err := office.Restore(b.ctx, opt, from, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Files != 1 || len(got.Missing) != 0 || got.Records < b.report.Records {
				t.Errorf("restored %+v of %+v", got, b.report)
			}
			pass := from.Passphrase + from.Fresh
			o, err := office.Open(b.ctx, opt, pass)
			if err != nil {
				t.Fatal(err)
			}
			b.same(t, o)
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// same compares what came back: records as they were at the backup, evidence
// byte for byte, a new epoch, no number.
func (b *backedUp) same(t *testing.T, o *office.Office) {
	t.Helper()
	want, err := b.Store.History(b.ctx, b.kase)
	got, err2 := o.Store.History(b.ctx, b.kase)
	if err != nil || err2 != nil || len(got) != len(want) || got[len(got)-1].Rev != want[len(want)-1].Rev {
		t.Errorf("the case has %d revisions of %d, %v, %v", len(got), len(want), err, err2)
	}
	photo, err := o.ReadBlob(b.ctx, b.photo.Value.SHA256)
	if err != nil || len(photo) != photoBytes {
		t.Errorf("photo of %d bytes, %v", len(photo), err)
	}
	if n, err := o.Store.Count(b.ctx, model.Query{Text: modeltest.Employer(78).USCC}); n != 0 || err != nil {
		t.Errorf("%d employers from after the backup, %v", n, err)
	}
	if d := o.Device(); d.Epoch != 2 || d.ID != b.Device().ID {
		t.Errorf("device %s, epoch %d", d.ID, d.Epoch)
	}
	for _, series := range b.Desk.AllSeries(b.clock.Now()) {
		if n, err := o.Store.NextNumber(b.ctx, series); !errors.Is(err, model.ErrNoNumber) {
			t.Errorf("%s: number %d was not dropped, %v", series, n, err)
		}
	}
	if report, err := o.Store.Verify(b.ctx); err != nil || len(report.Faults) != 0 {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	b := newBackedUp(t)
	whole, err := os.ReadFile(b.path)
	b.ok(err)
	file := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		b.ok(os.WriteFile(path, content, 0o600))
		return path
	}
	other := filepath.Join(t.TempDir(), "别的包")
	b.ok(bundle.WriteFile(other, bundle.Header{Kind: "case", Made: modeltest.Day}, b.Device(), nil, func(*bundle.Writer) error { return nil }))
	changed := bytes.Clone(whole)
	changed[len(changed)/2] ^= 1
	for _, c := range []struct {
		name string
		from office.RestoreFrom
		want error
	}{
		{"wrong passphrase", office.RestoreFrom{Path: b.path, Passphrase: "不是这个"}, model.ErrPassphrase},
		{"wrong recovery key", office.RestoreFrom{Path: b.path, Recovery: bytes.Repeat([]byte{7}, 32), Fresh: "一个全新的 长口令"}, model.ErrPassphrase},
		{"cut off", office.RestoreFrom{Path: file("a", whole[:len(whole)-1000]), Passphrase: modeltest.Passphrase}, bundle.ErrTruncated},
		{"a byte changed", office.RestoreFrom{Path: file("b", changed), Passphrase: modeltest.Passphrase}, bundle.ErrDamaged},
		{"another file", office.RestoreFrom{Path: file("c", []byte("不是备份")), Passphrase: modeltest.Passphrase}, bundle.ErrNotBundle},
		{"another bundle", office.RestoreFrom{Path: other, Passphrase: modeltest.Passphrase}, bundle.ErrKind},
		{"no file", office.RestoreFrom{Path: other + "无", Passphrase: modeltest.Passphrase}, fs.ErrNotExist},
	} {
		t.Run(c.name, func(t *testing.T) {
			opt := b.options()
			_, err := office.Restore(b.ctx, opt, c.from, nil)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.from.Path) {
				t.Errorf("got %v", err)
			}
			left, err := filepath.Glob(opt.Dir + "*")
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	taken := b.options()
	b.ok(os.MkdirAll(filepath.Join(taken.Dir, "照片"), 0o700))
	if _, err := office.Restore(b.ctx, taken, office.RestoreFrom{Path: b.path, Passphrase: modeltest.Passphrase}, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into a folder that holds something: %v", err)
	}
	if _, err := office.Restore(b.ctx, b.options(), office.RestoreFrom{Path: b.path, Recovery: b.secret, Fresh: "短"}, nil); err == nil {
		t.Error("a short new passphrase was taken")
	}
}

// A cancelled or refused backup leaves nothing behind.
func TestBackupGivenUp(t *testing.T) {
	b := newBureau(t)
	path := filepath.Join(t.TempDir(), "备份")
	seen := map[string]bool{}
	_, err := b.Backup(b.ctx, path, func(p office.Progress) { seen[p.Phase] = true })
	b.ok(err)
	if _, err := b.Backup(b.ctx, path, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	b.ok(os.Remove(path))
	for phase := range seen {
		ctx, cancel := context.WithCancel(b.ctx)
		_, err := b.Backup(ctx, path, func(p office.Progress) {
			if p.Phase == phase {
				cancel()
			}
		})
		cancel()
		if phase != "核对备份" && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at %s: %v", phase, err)
		}
		if err == nil {
			b.ok(os.Remove(path))
		}
		for _, pattern := range []string{filepath.Join(b.Dir, ".backup*"), filepath.Join(filepath.Dir(path), "*")} {
			if left, err := filepath.Glob(pattern); err != nil || len(left) != 0 {
				t.Errorf("cancelled at %s: left %v, %v", phase, left, err)
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("phases %v", seen)
	}
	if _, err := b.Backup(b.ctx, filepath.Join(t.TempDir(), "无此文件夹", "备份"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a folder that is not there: %v", err)
	}
}

// What a backup shows to who has no key.
func TestBackupNamesNobody(t *testing.T) {
	b := newBackedUp(t)
	content, err := os.ReadFile(b.path)
	b.ok(err)
	for _, secret := range []string{modeltest.PersonOf(9001).Name, modeltest.Employer(1).Name, modeltest.Employer(1).USCC, "拖欠工资", "CREATE TABLE", "照照照"} {
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("%q stands in the backup", secret)
		}
	}
}

// The folder of an older program is brought up when it is opened, once.
func TestAnOlderFolderIsBroughtUp(t *testing.T) {
	dir := t.TempDir()
	const old = "../../model/store/testdata/v1"
	if err := os.CopyFS(dir, os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open(filepath.Join(dir, "anxin.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	content, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	db, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "anxin.db"), db, 0o600); err != nil {
		t.Fatal(err)
	}
	var told []float64
	opt := office.Options{Dir: dir, Clock: modeltest.NewClock(time.Second), Upgrading: func(done float64) { told = append(told, done) }}
	for range 2 {
		o, err := office.Open(t.Context(), opt, modeltest.Passphrase)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := o.Store.Count(t.Context(), model.Query{Kind: model.KindEmployer}); n == 0 || err != nil {
			t.Errorf("%d employers, %v", n, err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		if len(told) < 3 || told[len(told)-1] != 1 {
			t.Errorf("told %v", told)
		}
		opt.Upgrading = func(done float64) { t.Errorf("brought up twice: %v", done) }
	}
}
