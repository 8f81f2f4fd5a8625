package hub_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// TestFinalise: a file that came is read again and sealed; one the disk has
// spoiled is asked for again.
func TestFinalise(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	clock := modeltest.NewClock(0)
	h, err := hub.Open(ctx, dir, hub.Options{Clock: clock, IDs: &modeltest.IDs{}})
	must(t, err)
	defer h.Close()
	id, err := hub.OpenIdentity(dir, clock, &modeltest.IDs{})
	must(t, err)
	folder, err := hub.OpenFolder(filepath.Join(dir, "blobs"), id.Seal())
	must(t, err)
	defer folder.Close()
	store, err := hub.OpenSQLite(ctx, filepath.Join(dir, "hub.db"), id.Seal())
	must(t, err)
	defer store.Close()
	var names []string
	for _, text := range []string{"photo", "other photo"} {
		sum := sha256.Sum256([]byte(text))
		sha := hex.EncodeToString(sum[:])
		names = append(names, sha)
		must(t, folder.WriteLeaf(ctx, sha, int64(len(text)), 0, []byte(text)))
		must(t, folder.Finish(ctx, sha, int64(len(text))))
		must(t, store.Update(ctx, func(tx hub.Tx) error {
			return tx.SaveBlob(hub.Blob{SHA256: sha, Size: int64(len(text)), Leaves: [][]byte{sum[:]}, Stored: true})
		}))
	}
	must(t, os.WriteFile(filepath.Join(dir, "blobs", names[1][:2], names[1]), []byte("other phot0"), 0o600))
	for _, want := range []int{1, 0} {
		if n, err := h.Finalise(ctx); err != nil || n != want {
			t.Errorf("sealed %d, %v; want %d", n, err, want)
		}
	}
	must(t, h.View(ctx, func(tx hub.Tx) error {
		good, err1 := tx.Blob(names[0])
		bad, err2 := tx.Blob(names[1])
		if good.Verified.IsZero() || len(good.SM3) != 64 {
			t.Errorf("sealed as %+v", good)
		}
		if bad.Stored || !bad.Verified.IsZero() {
			t.Errorf("the spoiled file is called whole: %+v", bad)
		}
		return errors.Join(err1, err2)
	}))
}

// TestEvidenceIsSealed: nothing of a file lies in the clear, not while it
// arrives nor afterwards; another key does not open it, and one leaf does not
// stand for another.
func TestEvidenceIsSealed(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	folder, err := hub.OpenFolder(dir, testSeal)
	must(t, err)
	defer folder.Close()
	clear := bytes.Repeat([]byte("someone's face; "), 2*wire.LeafSize/16)
	sum := sha256.Sum256(clear)
	sha, size := hex.EncodeToString(sum[:]), int64(len(clear))
	hidden := func() (largest string) {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, clear[:8]) {
				t.Errorf("%s lies in the clear", path)
			}
			if len(data) > len(clear) {
				largest = path
			}
			return err
		}))
		return largest
	}
	for n := range 2 {
		must(t, folder.WriteLeaf(ctx, sha, size, n, clear[n*wire.LeafSize:(n+1)*wire.LeafSize]))
	}
	hidden()
	must(t, folder.Finish(ctx, sha, size))
	path := hidden()
	read := func(key hub.Seal) error {
		other, err := hub.OpenFolder(dir, key)
		must(t, err)
		defer other.Close()
		r, _, err := other.Open(ctx, sha)
		must(t, err)
		_, err = io.Copy(io.Discard, r)
		return errors.Join(err, r.Close())
	}
	must(t, read(testSeal))
	if err := read(hub.Seal{9}); !errors.Is(err, hub.ErrDamaged) {
		t.Errorf("another key: %v", err)
	}
	data, err := os.ReadFile(path)
	must(t, err)
	half := len(data) / 2
	must(t, os.WriteFile(path, append(slices.Clone(data[half:]), data[:half]...), 0o600))
	if err := read(testSeal); !errors.Is(err, hub.ErrDamaged) {
		t.Errorf("leaves that changed places: %v", err)
	}
	must(t, os.WriteFile(path, data[:half], 0o600))
	if err := read(testSeal); !errors.Is(err, hub.ErrDamaged) {
		t.Errorf("a file that lost a leaf: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
