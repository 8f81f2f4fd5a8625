package hub

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"anxin/model"
)

// readers is how many connections read beside the one that writes.
const readers = 4

// settings of every connection. What a statement would need to undo itself is
// kept in memory: in a file it is more to write than the records. Pages go from
// the write-ahead log into the file every 16 MB, because a push touches the same
// pages of the indexes as the one before it.
const settings = "_busy_timeout=10000&_foreign_keys=on&_dqs=0&_journal_mode=WAL&_synchronous=FULL" +
	"&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(4000)"

// SQLite is the embedded Store: one file, one writer, readers beside it.
type SQLite struct {
	db          *sql.DB
	box         box
	write, read chan *connection
}

// connection is one to the file, with the statements prepared on it.
type connection struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	begin string
}

// OpenSQLite opens or creates the database file at path, whose records are
// sealed by key.
func OpenSQLite(ctx context.Context, path string, key Seal) (*SQLite, error) {
	box, err := newBox(key)
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("局服务器数据库“%s”的位置无效: %w", path, err)
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… on Windows
	}
	uri := (&url.URL{Scheme: "file", Path: slashed}).String()
	db, err := sql.Open("sqlite", uri+"?"+settings)
	if err != nil {
		return nil, fmt.Errorf("打开局服务器数据库: %w", err)
	}
	if err := migrateSQLite(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("准备局服务器数据库: %w", err), db.Close())
	}
	s := &SQLite{db: db, box: box, write: make(chan *connection, 1), read: make(chan *connection, readers)}
	for i := range 1 + readers {
		conn, err := db.Conn(ctx)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("打开局服务器数据库: %w", err), db.Close())
		}
		if i == 0 {
			s.write <- &connection{conn: conn, stmts: map[string]*sql.Stmt{}, begin: "BEGIN IMMEDIATE"}
		} else {
			s.read <- &connection{conn: conn, stmts: map[string]*sql.Stmt{}, begin: "BEGIN"}
		}
	}
	return s, nil
}

// Close waits for running transactions and closes the database.
func (s *SQLite) Close() error {
	var errs []error
	for range 1 + readers {
		var one *connection
		select {
		case one = <-s.write:
		case one = <-s.read:
		}
		for _, st := range one.stmts {
			errs = append(errs, st.Close())
		}
		errs = append(errs, one.conn.Close())
	}
	return errors.Join(append(errs, s.db.Close())...)
}

// Update implements Store by BEGIN IMMEDIATE.
func (s *SQLite) Update(ctx context.Context, fn func(Tx) error) error { return s.run(ctx, s.write, fn) }

// View implements Store by a read transaction of the write-ahead log.
func (s *SQLite) View(ctx context.Context, fn func(Tx) error) error { return s.run(ctx, s.read, fn) }

func (s *SQLite) run(ctx context.Context, pool chan *connection, fn func(Tx) error) (err error) {
	var c *connection
	select {
	case c = <-pool:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { pool <- c }()
	if _, err := c.conn.ExecContext(ctx, c.begin); err != nil {
		return fmt.Errorf("局服务器数据库忙: %w", err)
	}
	done := false
	defer func() {
		if !done { // an error or a panic in fn; the connection must come back clean
			_, _ = c.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	tx := newTx(&sqliteSession{ctx: ctx, c: c}, embedded, s.box)
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.finish(); err != nil {
		return err
	}
	if _, err := c.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("写入局服务器数据库: %w", err)
	}
	done = true
	return nil
}

// embedded is SQLite's dialect.
var embedded = dialect{
	among: "IN (SELECT value FROM json_each(?))",
	list: func(values []string) any {
		text, err := json.Marshal(values)
		if err != nil {
			panic("bug: a list of texts: " + err.Error())
		}
		return string(text)
	},
	bump: bumpEmbedded,
	feed: feedEmbedded,
}

type sqliteSession struct {
	ctx context.Context
	c   *connection
}

func (t *sqliteSession) stmt(text string) (*sql.Stmt, error) {
	if st, ok := t.c.stmts[text]; ok {
		return st, nil
	}
	st, err := t.c.conn.PrepareContext(t.ctx, text)
	if err == nil {
		t.c.stmts[text] = st
	}
	return st, err
}

func (t *sqliteSession) exec(text string, args ...any) error {
	st, err := t.stmt(text)
	if err == nil {
		_, err = st.ExecContext(t.ctx, args...)
	}
	if err != nil {
		return fmt.Errorf("写入局服务器数据库: %w", err)
	}
	return nil
}

func (t *sqliteSession) row(text string, args []any, into ...any) error {
	st, err := t.stmt(text)
	if err == nil {
		err = st.QueryRowContext(t.ctx, args...).Scan(into...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return model.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("读取局服务器数据库: %w", err)
	}
	return nil
}

func (t *sqliteSession) rows(text string, args []any, fn func(scan func(...any) error) error) error {
	st, err := t.stmt(text)
	if err != nil {
		return fmt.Errorf("读取局服务器数据库: %w", err)
	}
	rows, err := st.QueryContext(t.ctx, args...)
	if err != nil {
		return fmt.Errorf("读取局服务器数据库: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
	}
	return rows.Err()
}

// Copy writes the file anew at path, as it stood at one moment.
func (s *SQLite) Copy(ctx context.Context, path string) error {
	if _, err := s.db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("复制局服务器数据库: %w", err)
	}
	return nil
}
