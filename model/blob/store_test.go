package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/blob"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

var ctx = context.Background()

func open(t testing.TB) (*blob.Store, string, *seal.Keys) {
	t.Helper()
	dir := t.TempDir()
	keys, err := seal.CreateKeys(dir, "口令", "o", modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	s, err := blob.Open(dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	return s, filepath.Join(dir, blob.Folder), keys
}

func put(t testing.TB, s *blob.Store, data []byte) model.BlobInfo {
	t.Helper()
	info, err := s.Put(ctx, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func path(dir, sha string) string { return filepath.Join(dir, sha[:2], sha) }

// pattern is n bytes no two chunks of which are alike.
func pattern(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return out
}

const chunk = 64 << 10

func TestPutAndGet(t *testing.T) {
	s, dir, _ := open(t)
	for _, n := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3*chunk + 17} {
		data := pattern(n)
		info := put(t, s, data)
		want := sha256.Sum256(data)
		if info.SHA256 != hex.EncodeToString(want[:]) || info.Size != int64(n) {
			t.Fatalf("%d bytes named %+v", n, info)
		}
		r, size, err := s.Get(ctx, info.SHA256)
		if err != nil || size != int64(n) {
			t.Fatalf("%d bytes: %d, %v", n, size, err)
		}
		if err := iotest.TestReader(r, data); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		if err := errors.Join(r.Close(), s.Check(ctx, info.SHA256)); err != nil {
			t.Error(err)
		}
		if n > 16 {
			raw, err := os.ReadFile(path(dir, info.SHA256))
			if err != nil || bytes.Contains(raw, data[:16]) {
				t.Errorf("clear bytes on disk, %v", err)
			}
		}
	}
	list, err := s.List(ctx)
	if err != nil || len(list) != 7 {
		t.Errorf("list %v, %v", list, err)
	}
	for _, b := range list {
		if ok, err := s.Has(ctx, b.SHA256); !ok || err != nil || b.Size < 0 {
			t.Errorf("%+v: %v, %v", b, ok, err)
		}
	}
}

func TestSameBytesAreKeptOnce(t *testing.T) {
	s, dir, _ := open(t)
	info := put(t, s, pattern(1000))
	before, err := os.ReadFile(path(dir, info.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	if again := put(t, s, pattern(1000)); again != info {
		t.Errorf("named %+v", again)
	}
	after, err := os.ReadFile(path(dir, info.SHA256))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("written again, %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}

func TestReadAtIsSafeTogether(t *testing.T) {
	s, _, _ := open(t)
	data := pattern(5*chunk + 5)
	r, _, err := s.Get(ctx, put(t, s, data).SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	at := r.(io.ReaderAt)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := make([]byte, chunk+3)
			off := i * 37_000
			if n, err := at.ReadAt(p, int64(off)); n != min(len(p), len(data)-off) || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(p[:n], data[off:off+n]) {
				t.Errorf("at %d: %d bytes, %v", off, n, err)
			}
		})
	}
	wg.Wait()
}

func TestDamageIsNoticed(t *testing.T) {
	s, dir, _ := open(t)
	data := pattern(3 * chunk)
	info := put(t, s, data)
	other := put(t, s, pattern(100))
	whole, err := os.ReadFile(path(dir, info.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	const sealed, head = chunk + 16, 68
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 1
		return b
	}
	swapped := bytes.Clone(whole)
	copy(swapped[head:], whole[head+sealed:head+2*sealed])
	copy(swapped[head+sealed:], whole[head:head+sealed])
	foreign, err := os.ReadFile(path(dir, other.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "header only": whole[:head], "cut in the header": whole[:20], "cut at a chunk": whole[:head+2*sealed],
		"cut in a chunk": whole[:head+sealed+5], "a byte short": whole[:len(whole)-1], "a byte long": append(bytes.Clone(whole), 0),
		"first word": flip(0), "version": flip(4), "zeros": flip(6), "key": flip(30), "first chunk": flip(head), "last byte": flip(len(whole) - 1),
		"chunks swapped": swapped, "another file's content": foreign,
	} {
		if err := os.WriteFile(path(dir, info.SHA256), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(ctx, info.SHA256); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.List(ctx); err != nil {
			t.Errorf("%s: list: %v", name, err)
		}
	}
	if err := os.WriteFile(path(dir, info.SHA256), whole[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, data)
	if err := s.Check(ctx, info.SHA256); err != nil {
		t.Errorf("put again over a damaged file: %v", err)
	}
}

func TestAbsentAndLocked(t *testing.T) {
	s, _, keys := open(t)
	info := put(t, s, []byte("x"))
	for _, sha := range []string{"", "../../etc/passwd", "AB", hex.EncodeToString(make([]byte, 32))} {
		if _, _, err := s.Get(ctx, sha); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("%q: %v", sha, err)
		}
		if ok, err := s.Has(ctx, sha); ok || err != nil {
			t.Errorf("%q: %v, %v", sha, ok, err)
		}
	}
	keys.Forget()
	if _, _, err := s.Get(ctx, info.SHA256); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if _, err := s.Put(ctx, bytes.NewReader(nil)); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
}

func TestInterruptedPutLeavesNothing(t *testing.T) {
	s, dir, _ := open(t)
	broken := io.MultiReader(bytes.NewReader(pattern(2*chunk)), iotest.ErrReader(errors.New("卡被拔出")))
	if _, err := s.Put(ctx, broken); err == nil {
		t.Error("kept half a file")
	}
	broken = io.MultiReader(bytes.NewReader(pattern(chunk)), iotest.ErrReader(errors.New("卡被拔出")))
	if _, err := s.Put(ctx, broken); err == nil {
		t.Error("kept a file cut at a chunk")
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Put(stopped, bytes.NewReader(pattern(10))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	list, err := s.List(ctx)
	left, err2 := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || err2 != nil || len(list)+len(left) != 0 {
		t.Errorf("left %v %v, %v %v", list, left, err, err2)
	}
}

func TestSweepTakesOldLeftoversOnly(t *testing.T) {
	_, dir, keys := open(t)
	old, young := filepath.Join(dir, "tmp", "put-old"), filepath.Join(dir, "tmp", "put-young")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(young)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, time.Time{}, info.ModTime().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Open(filepath.Dir(dir), keys); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the old one is still here: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("the young one: %v", err)
	}
}

func TestAnyReadsAgree(t *testing.T) {
	s, _, _ := open(t)
	data := pattern(2*chunk + 999)
	r, size, err := s.Get(ctx, put(t, s, data).SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rapid.Check(t, func(t *rapid.T) {
		off := rapid.Int64Range(0, size).Draw(t, "off")
		p := make([]byte, rapid.IntRange(0, 2*chunk).Draw(t, "n"))
		if _, err := r.Seek(off, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		n, err := io.ReadFull(r, p)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
		if want := min(int64(len(p)), size-off); int64(n) != want || !bytes.Equal(p[:n], data[off:off+int64(n)]) {
			t.Fatalf("at %d: %d of %d bytes", off, n, want)
		}
	})
}

func BenchmarkPut1MiB(b *testing.B) {
	s, _, _ := open(b)
	data := pattern(1 << 20)
	b.SetBytes(int64(len(data)))
	for i := 0; b.Loop(); i++ {
		data[0], data[1], data[2] = byte(i), byte(i>>8), byte(i>>16)
		put(b, s, data)
	}
}

// BenchmarkPutPhotos is ANXIN_BENCH_MIB mebibytes (1024 for a gibibyte) of
// photos of 4 MiB; without it a benchmark of 16 MiB.
func BenchmarkPutPhotos(b *testing.B) {
	mib, err := strconv.Atoi(os.Getenv("ANXIN_BENCH_MIB"))
	if err != nil {
		mib = 16
	}
	s, _, _ := open(b)
	photo := pattern(4 << 20)
	b.SetBytes(int64(mib) << 20)
	for n := 0; b.Loop(); {
		for range mib / 4 {
			n++
			binary.BigEndian.PutUint64(photo, uint64(n))
			put(b, s, photo)
		}
	}
}
