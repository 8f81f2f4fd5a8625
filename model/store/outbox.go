package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"anxin/model"
	"anxin/model/seal"
)

// entry is what the log says about one revision.
type entry struct {
	n      int64 // of its row in the journal
	rev    model.Rev
	scope  string
	number *model.NumberUse
}

// lastOp is the end of this epoch's log.
type lastOp struct {
	seq  int64
	hash []byte
}

func (t *tx) lastOp() (lastOp, error) {
	var last lastOp
	err := t.row(`SELECT seq, hash FROM op WHERE epoch = ? ORDER BY seq DESC LIMIT 1`, t.device.Epoch).Scan(&last.seq, &last.hash)
	if errors.Is(err, model.ErrNotFound) {
		return lastOp{hash: []byte{}}, nil
	}
	return last, err
}

// log puts off an entry to the end of the transaction, where all of them are
// signed together.
func (t *tx) log(e entry) { t.entries = append(t.entries, e) }

// flushLog appends the entries to the chain.
func (t *tx) flushLog() error {
	if len(t.entries) == 0 {
		return nil
	}
	last, err := t.lastOp()
	if err != nil {
		return err
	}
	ops := make([]model.Op, len(t.entries))
	for i, e := range t.entries {
		ops[i] = model.Op{Device: t.device.ID, Epoch: t.device.Epoch, Seq: last.seq + 1, Scope: e.scope, Prev: last.hash,
			Number: e.number, Revision: model.Revision{Rev: e.rev}}
		last = lastOp{ops[i].Seq, seal.OpHash(ops[i])}
	}
	t.moved = &mark{t.device.Epoch, last.seq}
	return inOrder(len(ops), func(i int) (model.Op, error) { t.device.SignOp(&ops[i]); return ops[i], nil },
		func(i int, op model.Op) error { return t.writeOp(t.entries[i].n, op) })
}

func (t *tx) writeOp(n int64, op model.Op) error {
	var series, serial, document any
	if op.Number != nil {
		series, serial, document = op.Number.Series, op.Number.Serial, op.Number.Document
	}
	return t.exec(`INSERT INTO op (device, epoch, seq, n, rev, scope, prev, hash, sig, series, serial, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		op.Device, op.Epoch, op.Seq, n, op.Revision.Rev, op.Scope, op.Prev, op.Hash, op.Sig, series, serial, document)
}

const opColumns = `o.device, o.epoch, o.seq, o.scope, o.prev, o.hash, o.sig, o.series, o.serial, o.document, ` + revisionColumns

func (s *Store) scanOp(scan func(...any) error) (model.Op, error) {
	var op model.Op
	var series, document sql.NullString
	var serial sql.NullInt64
	var err error
	op.Revision, err = s.scanRevision(scan, &op.Device, &op.Epoch, &op.Seq, &op.Scope, &op.Prev, &op.Hash, &op.Sig, &series, &serial, &document)
	if series.Valid {
		op.Number = &model.NumberUse{Series: series.String, Serial: int(serial.Int64), Document: model.ID(document.String)}
	}
	return op, err
}

// Ops are the entries of this epoch's log after a place in it, in order, at
// most limit of them.
func (s *Store) Ops(ctx context.Context, after int64, limit int) ([]model.Op, error) {
	return collect(ctx, s, s.scanOp, `SELECT `+opColumns+` FROM op o JOIN journal j ON j.n = o.n
		WHERE o.epoch = ? AND o.seq > ? ORDER BY o.seq LIMIT ?`, s.Device().Epoch, after, limit)
}

// LastSeq is the end of this epoch's log, 0 when it is empty.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	return s.number64(ctx, `SELECT coalesce(max(seq), 0) FROM op WHERE epoch = ?`, s.Device().Epoch)
}

// AckedSeq is the last entry of this epoch the hub has answered for; Ops after
// it are to be sent.
func (s *Store) AckedSeq(ctx context.Context) (int64, error) {
	return s.number64(ctx, `SELECT coalesce(max(seq), 0) FROM op_outcome WHERE epoch = ?`, s.Device().Epoch)
}

func (s *Store) number64(ctx context.Context, query string, args ...any) (int64, error) {
	var n int64
	err := s.readRow(ctx, query, args...).Scan(&n)
	return n, s.explain(err)
}

// Pending is how many entries wait for the hub.
func (s *Store) Pending(ctx context.Context) (int, error) {
	epoch := s.Device().Epoch
	n, err := s.number64(ctx, `SELECT (SELECT coalesce(max(seq), 0) FROM op WHERE epoch = ?) - (SELECT coalesce(max(seq), 0) FROM op_outcome WHERE epoch = ?)`, epoch, epoch)
	return int(n), err
}

// Acked keeps what the hub did with entries of this epoch. They must follow on
// what is acknowledged already; an answer for an older entry replaces it.
func (s *Store) Acked(ctx context.Context, acks []model.Ack) error {
	return s.inTx(ctx, func(t *tx) error {
		epoch := t.device.Epoch
		var done, last int64
		if err := t.row(`SELECT coalesce(max(seq), 0) FROM op_outcome WHERE epoch = ?`, epoch).Scan(&done); err != nil {
			return err
		}
		if err := t.row(`SELECT coalesce(max(seq), 0) FROM op WHERE epoch = ?`, epoch).Scan(&last); err != nil {
			return err
		}
		for _, a := range acks {
			if a.Seq > done+1 || a.Seq > last || a.Seq < 1 {
				return fmt.Errorf("中心答复了第 %d 条，但本机等待答复的是第 %d 条，请重新同步", a.Seq, done+1)
			}
			done = max(done, a.Seq)
			err := t.exec(`INSERT INTO op_outcome (epoch, seq, outcome, reason, position) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (epoch, seq) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, position = excluded.position`,
				epoch, a.Seq, a.Outcome, a.Reason, a.Position)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// HubLost tells the store that the hub was put back from a backup and its log
// ends at position: from the first entry beyond it on, everything is to be
// sent again.
func (s *Store) HubLost(ctx context.Context, position int64) error {
	return s.inTx(ctx, func(t *tx) error {
		epoch := t.device.Epoch
		return t.exec(`DELETE FROM op_outcome WHERE epoch = ? AND seq >= (SELECT min(seq) FROM op_outcome WHERE epoch = ? AND position > ?)`, epoch, epoch, position)
	})
}

// unsent are the entries of the present epoch the hub has not answered for.
func (t *tx) unsent() ([]entry, error) {
	st, err := t.prepare(`SELECT n, rev, scope, series, serial, document FROM op
		WHERE epoch = ? AND seq > (SELECT coalesce(max(seq), 0) FROM op_outcome WHERE epoch = ?) ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(t.ctx, t.device.Epoch, t.device.Epoch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []entry
	for rows.Next() {
		var e entry
		var series, document sql.NullString
		var serial sql.NullInt64
		if err := rows.Scan(&e.n, &e.rev, &e.scope, &series, &serial, &document); err != nil {
			return nil, err
		}
		if series.Valid {
			e.number = &model.NumberUse{Series: series.String, Serial: int(serial.Int64), Document: model.ID(document.String)}
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
