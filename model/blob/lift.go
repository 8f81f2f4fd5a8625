package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"anxin/model/seal"
)

// lift brings up what earlier programs kept one folder deeper, in blobs/blobs.
// It may be cut off at any file and begun again.
func (s *Store) lift() error {
	deep := filepath.Join(s.dir, Folder)
	if _, err := os.Stat(deep); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var folders []string // parents first
	err := filepath.WalkDir(deep, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(deep, path)
		if err != nil {
			return err
		}
		to := filepath.Join(s.dir, inside)
		if e.IsDir() {
			folders = append(folders, path)
			return os.MkdirAll(to, 0o700)
		}
		return os.Rename(path, to) // a file of that name has the same content
	})
	for i := len(folders) - 1; i >= 0 && err == nil; i-- {
		into, _ := filepath.Rel(deep, folders[i])
		if err = seal.SyncDir(filepath.Join(s.dir, into)); err == nil {
			err = os.Remove(folders[i])
		}
	}
	if err != nil {
		return fmt.Errorf("整理证据文件夹“%s”: %w", deep, err)
	}
	return nil
}
