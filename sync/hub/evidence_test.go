package hub_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"anxin/model/modeltest"
	"anxin/sync/hub"
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
	folder, err := hub.OpenFolder(filepath.Join(dir, "blobs"))
	must(t, err)
	defer folder.Close()
	id, err := hub.OpenIdentity(dir, clock, &modeltest.IDs{})
	must(t, err)
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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
