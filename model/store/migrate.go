package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate runs the schema scripts this database has not had yet, each in one
// transaction with the row that says so. There is no way back, so a database
// that holds something is copied beside itself first.
func (s *Store) migrate(ctx context.Context, scripts fs.FS) error {
	files, err := fs.Glob(scripts, "schema/*.sql")
	if err != nil {
		return fmt.Errorf("读取数据结构: %w", err)
	}
	slices.Sort(files)
	done, err := s.version(ctx)
	if err != nil {
		return err
	}
	if done > len(files) {
		return fmt.Errorf("数据文件“%s”%w", s.path(), ErrNewer)
	}
	if done > 0 && done < len(files) {
		if err := s.keepBefore(ctx, done); err != nil {
			return err
		}
	}
	for i, name := range files[done:] {
		script, err := fs.ReadFile(scripts, name)
		if err != nil {
			return fmt.Errorf("读取数据结构“%s”: %w", name, err)
		}
		if err := s.upgrade(ctx, done+i+1, name, string(script)); err != nil {
			return err
		}
	}
	return nil
}

// version is the last script this database had, 0 for a new one.
func (s *Store) version(ctx context.Context) (done int, err error) {
	err = s.inTx(ctx, func(t *tx) error {
		if err := t.exec(`CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT`); err != nil {
			return err
		}
		return t.row(`SELECT coalesce(max(version), 0) FROM migration`).Scan(&done)
	})
	return done, err
}

// upgrade runs one script. Another program may have run it meanwhile.
func (s *Store) upgrade(ctx context.Context, version int, name, script string) error {
	return s.inTx(ctx, func(t *tx) error {
		var had int
		if err := t.row(`SELECT count(*) FROM migration WHERE version >= ?`, version).Scan(&had); err != nil || had > 0 {
			return err
		}
		if _, err := s.writer.ExecContext(t.ctx, script); err != nil {
			return fmt.Errorf("升级数据结构“%s”没有成功，数据保持原样: %w", name, err)
		}
		at := s.opt.Clock.Now().Format(time.RFC3339)
		return t.exec(`INSERT INTO migration (version, name, at) VALUES (?, ?, ?)`, version, name, at)
	})
}

// BeforeUpgrade is the name of the copy of the database as it was before a
// program that knows more was first run on it.
func BeforeUpgrade(version int) string { return fmt.Sprintf("anxin-v%d.db", version) }

// keepBefore copies the database of a version beside itself, once.
func (s *Store) keepBefore(ctx context.Context, version int) error {
	path := filepath.Join(s.opt.Dir, BeforeUpgrade(version))
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := s.Backup(ctx, path, nil); err != nil {
		return fmt.Errorf("升级前没有备份成，数据保持原样: %w", err)
	}
	return nil
}
