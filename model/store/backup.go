package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"anxin/model/seal"
)

// Backup writes a whole copy of the database to a file that must not exist
// yet, while work goes on, and reads the copy to make sure of it. The copy is
// as sealed as the original; it opens with the key file of the same folder.
// Put back, it starts a new epoch.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("“%s”已经存在，请换一个文件名: %w", path, os.ErrExist)
	}
	err := s.copyTo(ctx, path)
	if err == nil {
		err = checkCopy(ctx, path)
	}
	if err != nil {
		removed := os.Remove(path)
		if errors.Is(removed, os.ErrNotExist) {
			removed = nil
		}
		return fmt.Errorf("备份到“%s”: %w", path, errors.Join(explain(err), removed))
	}
	return seal.SyncDir(filepath.Dir(path))
}

func (s *Store) copyTo(ctx context.Context, path string) error {
	db, err := openPool(filepath.Join(s.opt.Dir, File), false, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return errors.Join(err, db.Close())
}

func checkCopy(ctx context.Context, path string) error {
	db, err := openPool(path, true, 1)
	if err != nil {
		return err
	}
	var verdict string
	var epoch int
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = fmt.Errorf("%w: %s", ErrCorrupt, verdict)
	}
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT epoch FROM life`).Scan(&epoch)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // Windows syncs only what is open for writing
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
