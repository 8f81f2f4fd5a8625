package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/sqlite"

	"anxin/model"
	"anxin/model/seal"
)

// Backup writes a whole copy of the database to a file that must not exist
// yet, while work goes on, and reads the copy to make sure of it. The copy
// holds everything committed before Backup was called, and what is committed
// while it runs; it is as sealed as the original and opens with the key file of
// the same folder. Put back, it starts a new epoch.
//
// progress, which may be nil, is told the pages copied and how many there are.
// A cancelled context ends the work; nothing is left then. A file of that name
// is always a whole copy.
func (s *Store) Backup(ctx context.Context, path string, progress func(done, total int)) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("“%s”已经存在，请换一个文件名: %w", path, os.ErrExist)
	}
	half := path + ".part"
	err := remove(half) // of a backup that was cut off
	if err == nil {
		err = s.copyTo(ctx, half, progress)
	}
	if err == nil {
		err = checkCopy(ctx, half)
	}
	if err == nil {
		err = os.Rename(half, path)
	}
	if err != nil {
		return fmt.Errorf("备份到“%s”没有成功: %w", path, errors.Join(explain(path, err), remove(half)))
	}
	return seal.SyncDir(filepath.Dir(path))
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// copyStep is how many pages of 4 KiB are copied while nobody can save: a few
// milliseconds.
const copyStep = 256

// copyTo copies page by page on the connection that writes: SQLite then brings
// pages that are saved again between two steps along by itself, where a
// writer on another connection would make it begin anew.
func (s *Store) copyTo(ctx context.Context, path string, progress func(done, total int)) error {
	address, err := fileURI(path)
	if err != nil {
		return err
	}
	b, err := s.beginCopy(address)
	if err != nil {
		return err
	}
	for left, total := 1, 0; left > 0 && err == nil; {
		if err = cancelled(ctx); err == nil {
			left, total, err = s.stepCopy(b)
		}
		if err == nil && progress != nil {
			progress(total-left, total)
		}
	}
	if end := s.endCopy(b); err == nil { // the end says again what a step said
		err = end
	}
	return err
}

func (s *Store) beginCopy(address string) (b *sqlite.Backup, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, model.ErrLocked
	}
	err = s.writer.Raw(func(c any) error {
		b, err = c.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup(address)
		return err
	})
	if err == nil {
		s.copying[b] = true
	}
	return b, err
}

// stepCopy copies between two transactions.
func (s *Store) stepCopy(b *sqlite.Backup) (left, total int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, 0, model.ErrLocked
	}
	more, err := b.Step(copyStep)
	left, total = b.Remaining(), b.PageCount()
	if more {
		left = max(left, 1) // saved meanwhile; another step says how much
	}
	return left, total, err
}

func (s *Store) endCopy(b *sqlite.Backup) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil // Close has ended it
	}
	delete(s.copying, b)
	return b.Finish()
}

// checkCopy reads a copy that nobody writes to, and makes it durable.
func checkCopy(ctx context.Context, path string) error {
	address, err := fileURI(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", address+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	var verdict string
	var revisions int
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = fmt.Errorf("%w: %s", ErrCorrupt, verdict)
	}
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT count(*) FROM journal`).Scan(&revisions)
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
