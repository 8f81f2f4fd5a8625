package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"anxin/model"
	"anxin/model/seal"
)

// tx is one writing transaction. Statements are prepared once on the writing
// connection and kept.
type tx struct {
	caller context.Context
	ctx    context.Context // never cancelled: watching it would cost more than most statements
	s      *Store
	device seal.Device // may get a new epoch
	moved  *mark       // where the log stands, once it moved

	home     *string          // homeScope, once it was read
	entries  []entry          // of the log, to be written
	words    map[int64]string // search rows to be written, by journal row
	unsearch []int64          // and to be taken out
}

// inTx runs fn in a transaction: all of it is durable when inTx returns nil,
// none of it otherwise.
func (s *Store) inTx(ctx context.Context, fn func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return model.ErrLocked
	}
	if err := cancelled(ctx); err != nil {
		return err
	}
	// A cancelled context must not roll back behind our back: the next
	// statement on this connection would then commit by itself.
	t := &tx{caller: ctx, ctx: context.WithoutCancel(ctx), s: s, device: s.Device(), words: map[int64]string{}}
	begun, err := s.writer.BeginTx(t.ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	err = fn(t)
	if err == nil {
		err = t.flushLog()
	}
	if err == nil {
		err = t.flushIndex()
	}
	if err != nil {
		if undone := begun.Rollback(); undone != nil {
			return s.explain(errors.Join(err, undone))
		}
		return s.explain(err)
	}
	if err := begun.Commit(); err != nil {
		return s.explain(err)
	}
	s.setDevice(t.device)
	if t.moved != nil {
		// The work is saved whatever becomes of the mark; Close reports it and
		// the next commit tries again.
		s.markErr = s.mark.advance(*t.moved)
	}
	return nil
}

// cancelled is asked between the steps of long work.
func (t *tx) cancelled() error { return cancelled(t.caller) }

func cancelled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("已取消，没有保存: %w", err)
	}
	return nil
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if st := t.s.statements[query]; st != nil {
		return st, nil
	}
	st, err := t.s.writer.PrepareContext(t.ctx, query)
	if err == nil {
		t.s.statements[query] = st
	}
	return st, err
}

func (t *tx) exec(query string, args ...any) error {
	st, err := t.prepare(query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(t.ctx, args...)
	return err
}

// script runs a statement that is not worth keeping.
func (t *tx) script(query string) error {
	_, err := t.s.writer.ExecContext(t.ctx, query)
	return err
}

// insert runs an INSERT and returns the row's number, 0 when ON CONFLICT left
// it out.
func (t *tx) insert(query string, args ...any) (int64, error) {
	st, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	done, err := st.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	if n, err := done.RowsAffected(); n == 0 || err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// scanner is the one row of a query, or why there is none.
type scanner struct {
	row *sql.Row
	err error
}

func (t *tx) row(query string, args ...any) scanner {
	st, err := t.prepare(query)
	if err != nil {
		return scanner{err: err}
	}
	return scanner{row: st.QueryRowContext(t.ctx, args...)}
}

// Scan returns model.ErrNotFound when there is no row.
func (r scanner) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.row.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return model.ErrNotFound
	}
	return err
}
