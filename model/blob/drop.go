package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"anxin/model/seal"
)

// Drop removes the bytes of a hash for ever, with the thumbnails made of them:
// the caller knows that no record here speaks of them any more, and that they lie
// elsewhere. What is not here is no error. Bytes that somebody has put again
// since the program began stay: a record is about to speak of them.
func (s *Store) Drop(_ context.Context, sha string) error {
	path, ok := s.path(sha)
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.again[sha] {
		return nil
	}
	thumbs, err := filepath.Glob(s.thumbPath(sha) + "*")
	if err != nil {
		return fmt.Errorf("移除证据文件 %s: %w", sha, err)
	}
	for _, name := range append(thumbs, path) {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("移除证据文件 %s: %w", sha, err)
		}
	}
	for _, dir := range []string{filepath.Dir(s.thumbPath(sha)), filepath.Dir(path)} {
		if err := seal.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("移除证据文件 %s: %w", sha, err)
		}
	}
	return nil
}
