package blob_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"anxin/model"
	"anxin/model/blob"
)

// TestDrop: the bytes go from the disk with every small picture made of them,
// nothing else does, and what is not here is gone already.
func TestDrop(t *testing.T) {
	s, dir, keys := open(t)
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	photo, other := put(t, s, raw.Bytes()), put(t, s, pattern(chunk+9))
	for orientation := range 3 {
		if _, err := s.Thumbnail(ctx, photo.SHA256, 32, orientation); err != nil {
			t.Fatal(err)
		}
	}
	thumbs := filepath.Join(filepath.Dir(dir), blob.ThumbFolder, photo.SHA256[:2])
	if list, err := os.ReadDir(thumbs); err != nil || len(list) == 0 {
		t.Fatalf("thumbnails %v, %v", list, err)
	}
	for range 2 {
		if err := s.Drop(ctx, photo.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path(dir, photo.SHA256)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
	if list, err := os.ReadDir(thumbs); err != nil || len(list) > 0 {
		t.Errorf("thumbnails %v, %v", list, err)
	}
	if _, _, err := s.Get(ctx, photo.SHA256); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("read again: %v", err)
	}
	again, err := blob.Open(filepath.Dir(dir), keys)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := again.List(ctx); err != nil || len(list) != 1 || list[0] != other {
		t.Errorf("left %v, %v", list, err)
	}
	for _, sha := range []string{"", "../../etc/passwd", other.SHA256[:10]} {
		if err := again.Drop(ctx, sha); err != nil {
			t.Errorf("%q: %v", sha, err)
		}
	}
	if err := again.Check(ctx, other.SHA256); err != nil {
		t.Error(err)
	}
}

// TestDropSparesWhatIsPutAgain: an officer takes in the very bytes that are
// about to go. Whichever comes first, they are here when Put has returned.
func TestDropSparesWhatIsPutAgain(t *testing.T) {
	s, _, _ := open(t)
	for n := range 200 {
		data := pattern(100 + n)
		info := put(t, s, data)
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := s.Drop(ctx, info.SHA256); err != nil {
				t.Error(err)
			}
		})
		put(t, s, data)
		wg.Wait()
		if err := s.Check(ctx, info.SHA256); err != nil {
			t.Fatalf("round %d: %v", n, err)
		}
	}
}
