package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate runs the schema files this database has not had yet, each in one
// transaction with the row that says so. There is no way back.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		return fmt.Errorf("读取数据结构: %w", err)
	}
	slices.Sort(files)
	return s.inTx(ctx, func(t *tx) error {
		if err := t.exec(`CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT`); err != nil {
			return err
		}
		var done int
		if err := t.row(`SELECT coalesce(max(version), 0) FROM migration`).Scan(&done); err != nil {
			return err
		}
		if done > len(files) {
			return ErrNewer
		}
		for i, name := range files[done:] {
			script, err := schema.ReadFile(name)
			if err != nil {
				return fmt.Errorf("读取数据结构“%s”: %w", name, err)
			}
			if _, err := s.writer.ExecContext(ctx, string(script)); err != nil {
				return fmt.Errorf("升级数据结构“%s”: %w", name, err)
			}
			at := s.opt.Clock.Now().Format(time.RFC3339)
			if err := t.exec(`INSERT INTO migration (version, name, at) VALUES (?, ?, ?)`, done+i+1, name, at); err != nil {
				return err
			}
		}
		return nil
	})
}
