package store_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

// onSmallDisk runs a test whose temporary folder is a disk of its own, of so
// many bytes. Who may not mount one does so in a process with a user and mounts
// of its own.
func onSmallDisk(t *testing.T, options string, test func(t *testing.T, disk string)) {
	t.Helper()
	dir, err := os.MkdirTemp("", "disk")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("anxin-test", dir, "tmpfs", 0, options); err != nil {
		if removed := os.Remove(dir); removed != nil {
			t.Error(removed)
		}
		withinNamespaces(t, err)
		return
	}
	t.Cleanup(func() {
		if err := errors.Join(syscall.Unmount(dir, 0), os.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("TMPDIR", dir)
	test(t, dir)
}

// setApart is set where a test runs apart already.
const setApart = "ANXIN_TEST_APART"

// withinNamespaces runs this test again in namespaces of its own.
func withinNamespaces(t *testing.T, refused error) {
	t.Helper()
	if os.Getenv(setApart) != "" {
		t.Skipf("even in namespaces of its own a process may not mount a small disk here (%v); a full and a read-only disk are tested elsewhere", refused)
	}
	again := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), setApart+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}}
	out, err := again.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		t.Skipf("this user may neither mount a small disk (%v) nor make namespaces (%v); run as root to test a full and a read-only one", refused, err)
	case err != nil:
		t.Errorf("apart: %v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("apart: %s", out)
	}
}

func TestDiskFull(t *testing.T) { onSmallDisk(t, "size=4m", diskFull) }

func diskFull(t *testing.T, disk string) {
	l := issuedLaptop(t)
	fill := filepath.Join(disk, "fill")
	f, err := os.Create(fill)
	if err != nil {
		t.Fatal(err)
	}
	// Down to the last byte: what the log has room for already is used up below.
	if _, err := io.Copy(f, endless{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filled: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var saved []model.Revision
	for n := 0; err == nil || n < 3; n++ { // again after the first refusal: nothing is half done
		if n == 500 {
			t.Fatal("the disk does not get full")
		}
		var revs []model.Revision
		if revs, err = l.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: modeltest.WageRoll(n, 30, "")}}}); err == nil {
			saved = append(saved, revs[0])
		}
	}
	oneSentence(t, err, store.ErrFull, filepath.Join(l.Dir, store.File), "请腾出空间后重试")
	if heads, err := l.List(ctx, model.Query{}); len(heads) != len(saved)+1 || err != nil {
		t.Errorf("%d heads can be read of %d, %v", len(heads), len(saved)+1, err)
	}
	if heads, err := l.List(ctx, model.Query{Text: "监察"}); len(heads) != 1 || err != nil {
		t.Errorf("search finds %d, %v", len(heads), err)
	}
	target := filepath.Join(disk, "备份.db")
	oneSentence(t, l.Backup(ctx, target, nil), store.ErrFull, target, "请腾出空间后重试")
	if _, err := l.Blobs.Put(ctx, io.LimitReader(endless{}, 1<<20)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("evidence on the full disk: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(disk, "备份*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	saved = append(saved, l.Save(t, model.Change{Record: modeltest.Employer(1)})[0])
	l.Reopen(t, nil)
	if l.Restored() {
		t.Error("a full disk was taken for a restore")
	}
	for _, r := range saved {
		if ok, err := l.Have(ctx, r.Record, r.Rev); !ok || err != nil {
			t.Errorf("%s is gone, %v", r.Rev, err)
		}
	}
	sound(t, l)
}

// endless are bytes without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

func TestReadOnlyFolder(t *testing.T) { onSmallDisk(t, "size=16m", readOnlyFolder) }

func readOnlyFolder(t *testing.T, disk string) {
	l := issuedLaptop(t)
	opt := folder(t, l)
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(ctx, opt)
	again := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "")
	oneSentence(t, err, store.ErrDisk, filepath.Join(l.Dir, store.File), "请检查磁盘和文件夹的读写权限后重试")
	if again != nil {
		t.Fatal(again)
	}
	l.Reopen(t, nil)
	sound(t, l)
}

// The disk fails under the program: the save that meets it is refused in a
// sentence, and what was acknowledged is there afterwards.
func TestDiskFails(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed; it is what makes a disk fail")
	}
	if out, err := exec.Command(strace, "-o", os.DevNull, os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here (%s); it is what makes a disk fail", out)
	}
	for _, fault := range []string{"pwrite64:error=EIO:when=60+", "fsync,fdatasync:error=EIO:when=8+", "pwrite64:error=ENOSPC:when=75+", "pread64:error=EIO:when=25+"} {
		t.Run(fault, func(t *testing.T) {
			l := modeltest.NewLaptop(t, 1)
			opt := folder(t, l)
			calls, _, _ := strings.Cut(fault, ":")
			child := exec.Command(strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+calls, "-e", "inject="+fault, os.Args[0])
			child.Env = append(os.Environ(), sickDir+"="+opt.Dir)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			refused := lines[len(lines)-1]
			if !strings.Contains(refused, opt.Dir) || !strings.Contains(refused, "没有保存，请") && !strings.Contains(refused, "请先检查磁盘") {
				t.Errorf("told: %q", refused)
			}
			var told acknowledged
			for _, line := range lines {
				told.hear(line)
			}
			l.Reopen(t, nil)
			told.survived(t, l)
			t.Logf("%d saved, then %s", len(told.revs), refused)
		})
	}
}
