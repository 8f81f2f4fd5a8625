package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// schema is new.sql, the tables of a new store; guard.sql, the triggers over
// them; and for each later version the script that leads to it from the one
// before, of which the first program's is 1.
//
//go:embed schema/*.sql
var schema embed.FS

const (
	newScript   = "schema/new.sql"
	laterScript = "schema/[0-9]*.sql"
)

// Where in the whole of bringing up an older store its parts end: the copy, the
// tables, the projection.
const (
	copied = 0.05
	tabled = 0.25
)

// bringUp makes a new database, or an older program's into this one's. There is
// no way back, so one of older tables is copied beside itself first; then all of
// it happens in one transaction.
func (s *Store) bringUp(ctx context.Context, scripts fs.FS) error {
	later, err := fs.Glob(scripts, laterScript)
	if err != nil {
		return fmt.Errorf("读取数据结构: %w", err)
	}
	newest := len(later) + 1
	var done, projected int
	err = s.inTx(ctx, func(t *tx) error {
		if done, projected, err = t.versions(); err != nil || done > 0 {
			return err
		}
		return t.begin(scripts, newest)
	})
	if err != nil || done == 0 {
		return err
	}
	if done > newest {
		return fmt.Errorf("数据文件“%s”%w", s.path(), ErrNewer)
	}
	if err := s.checkKeys(ctx); err != nil || done == newest && projected >= projection {
		return err
	}
	tell := s.opt.Upgrading
	if tell == nil {
		tell = func(float64) {}
	}
	if done < newest {
		if err := s.keepBefore(ctx, done, part(tell, 0, copied)); err != nil {
			return err
		}
	}
	if err := s.inTx(ctx, func(t *tx) error { return t.upgrade(scripts, later, tell) }); err != nil {
		return err
	}
	tell(1)
	return nil
}

// part tells how much of a part is done as how much of the whole.
func part(tell func(float64), from, to float64) func(done, total int) {
	return func(done, total int) { tell(from + (to-from)*float64(done)/float64(max(total, 1))) }
}

// versions are the last script this database had, 0 for a new one, and the way
// it is projected.
func (t *tx) versions() (schema, projected int, err error) {
	var known int
	if err := t.row(`SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema WHERE name = 'migration'`).Scan(&known, &projected); err != nil || known == 0 {
		return 0, projected, err
	}
	err = t.row(`SELECT coalesce(max(version), 0) FROM migration`).Scan(&schema)
	return schema, projected, err
}

// begin makes the tables of a new store.
func (t *tx) begin(scripts fs.FS, newest int) error {
	if err := t.step(scripts, newScript, newest); err != nil {
		return err
	}
	if err := t.guard(); err != nil {
		return err
	}
	if err := t.projected(); err != nil {
		return err
	}
	return t.setSetting(settingKeys, "1")
}

// upgrade runs the scripts that this database has not had yet and projects it
// anew where that has changed. Another program may have done so meanwhile.
func (t *tx) upgrade(scripts fs.FS, later []string, tell func(float64)) error {
	done, projected, err := t.versions()
	if err != nil {
		return err
	}
	if err := t.unguard(); err != nil {
		return err
	}
	todo := later[min(done, len(later)+1)-1:]
	for i, name := range todo {
		if err := t.step(scripts, name, done+i+1); err != nil {
			return fmt.Errorf("升级数据结构“%s”没有成功，数据保持原样: %w", name, err)
		}
		part(tell, copied, tabled)(i+1, len(todo))
		if err := t.cancelled(); err != nil {
			return err
		}
	}
	if projected < projection {
		if _, err := t.rebuild(part(tell, tabled, 1)); err != nil {
			return err
		}
	}
	return t.guard()
}

// step runs one script and notes that it was run.
func (t *tx) step(scripts fs.FS, name string, version int) error {
	script, err := fs.ReadFile(scripts, name)
	if err != nil {
		return fmt.Errorf("读取数据结构“%s”: %w", name, err)
	}
	if err := t.script(string(script)); err != nil {
		return err
	}
	at := t.s.opt.Clock.Now().Format(time.RFC3339)
	return t.exec(`INSERT INTO migration (version, name, at) VALUES (?, ?, ?)`, version, name, at)
}

// BeforeUpgrade is the name of the copy of the database as it was before a
// program that knows more was first run on it.
func BeforeUpgrade(version int) string { return fmt.Sprintf("anxin-v%d.db", version) }

// keepBefore copies the database of a version beside itself, once.
func (s *Store) keepBefore(ctx context.Context, version int, progress func(done, total int)) error {
	path := filepath.Join(s.opt.Dir, BeforeUpgrade(version))
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := s.Backup(ctx, path, progress); err != nil {
		return fmt.Errorf("升级前没有备份成，数据保持原样: %w", err)
	}
	return nil
}
