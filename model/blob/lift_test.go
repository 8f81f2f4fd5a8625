package blob_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"anxin/model/blob"
)

// What an earlier program kept in blobs/blobs is found again, also when the
// bringing up was cut off in the middle, and nothing of it stays behind.
func TestEvidenceOneFolderDeeperIsBroughtUp(t *testing.T) {
	s, dir, keys := open(t)
	a, b := put(t, s, pattern(10)), put(t, s, pattern(chunk+5))
	parent := filepath.Dir(dir)
	aside := filepath.Join(parent, "aside")
	deep := filepath.Join(dir, blob.Folder)
	if err := errors.Join(os.Rename(dir, aside), os.MkdirAll(dir, 0o700), os.Rename(aside, deep)); err != nil {
		t.Fatal(err)
	}
	// One of them was up already.
	if err := errors.Join(os.Mkdir(filepath.Join(dir, a.SHA256[:2]), 0o700), os.Rename(path(deep, a.SHA256), path(dir, a.SHA256))); err != nil {
		t.Fatal(err)
	}
	s, err := blob.Open(parent, keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range []string{a.SHA256, b.SHA256} {
		if err := s.Check(ctx, info); err != nil {
			t.Error(err)
		}
	}
	if list, err := s.List(ctx); len(list) != 2 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := os.Stat(deep); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the deep folder: %v", err)
	}
}
