package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

const opColumns = "SELECT position, outcome, reason, root, data FROM op"

func scanEntry(scan func(...any) error) (e Entry, err error) {
	var data []byte
	if err = scan(&e.Ack.Position, &e.Ack.Outcome, &e.Ack.Reason, &e.Root, &data); err != nil {
		return e, err
	}
	if err = json.Unmarshal(data, &e.Op); err != nil {
		return e, fmt.Errorf("局日志第 %d 条: %w", e.Ack.Position, err)
	}
	e.Ack.Seq = e.Op.Seq
	return e, nil
}

func (t *sqliteTx) Op(device model.ID, epoch int, seq int64) (Entry, error) {
	return scanEntry(func(into ...any) error {
		return t.row(opColumns+" WHERE device = ? AND epoch = ? AND seq = ?", []any{string(device), epoch, seq}, into...)
	})
}

func (t *sqliteTx) AddOp(e Entry) error {
	data, err := wire.JSON(e.Op)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO op VALUES(?, ?, ?, ?, ?, ?, ?, ?)", e.Ack.Position, string(e.Op.Device), e.Op.Epoch, e.Op.Seq,
		e.Ack.Outcome, e.Ack.Reason, e.Root, string(data))
}

func (t *sqliteTx) LogHead() (size int64, root []byte, err error) {
	err = t.row("SELECT position, root FROM op ORDER BY position DESC LIMIT 1", nil, &size, &root)
	if errors.Is(err, model.ErrNotFound) {
		return 0, nil, nil
	}
	return size, root, err
}

func (t *sqliteTx) Root(position int64) (root []byte, err error) {
	err = t.row("SELECT root FROM op WHERE position = ?", []any{position}, &root)
	return root, err
}

func (t *sqliteTx) EachOp(fn func(Entry) error) error {
	return t.rows(opColumns+" ORDER BY position", nil, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		if err != nil {
			return err
		}
		return fn(e)
	})
}

// readRevision puts a revision together from its two columns.
func readRevision(meta, body []byte) (r model.Revision, err error) {
	if err = json.Unmarshal(meta, &r); err != nil {
		return r, fmt.Errorf("读取版本: %w", err)
	}
	r.Body = append(json.RawMessage(nil), body...)
	return r, nil
}

func (t *sqliteTx) Revision(rev model.Rev) (model.Revision, error) {
	var meta, body []byte
	if err := t.row("SELECT meta, body FROM revision WHERE rev = ?", []any{string(rev)}, &meta, &body); err != nil {
		return model.Revision{}, err
	}
	return readRevision(meta, body)
}

func (t *sqliteTx) AddRevision(r model.Revision) error {
	body := r.Body
	r.Body = json.RawMessage("null")
	meta, err := wire.JSON(r)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO revision(rev, record, gen, meta, body) VALUES(?, ?, ?, ?, ?)",
		string(r.Rev), string(r.Record), r.Rev.Generation(), string(meta), string(body))
}

func (t *sqliteTx) EachRevision(fn func(model.Revision) error) error {
	return t.rows("SELECT meta, body FROM revision ORDER BY record, gen, rev", nil, func(scan func(...any) error) error {
		var meta, body []byte
		if err := scan(&meta, &body); err != nil {
			return err
		}
		r, err := readRevision(meta, body)
		if err != nil {
			return err
		}
		return fn(r)
	})
}

func (t *sqliteTx) Graph(record model.ID) (merge.Graph, error) {
	g := merge.Graph{}
	err := t.rows("SELECT meta FROM revision WHERE record = ?", []any{string(record)}, func(scan func(...any) error) error {
		var meta []byte
		if err := scan(&meta); err != nil {
			return err
		}
		r, err := readRevision(meta, nil)
		g[r.Rev] = r.Parents
		return err
	})
	return g, err
}

func (t *sqliteTx) Head(record model.ID) (h Head, err error) {
	err = t.row("SELECT record, kind, scope, rev, open FROM head WHERE record = ?", []any{string(record)},
		&h.Record, &h.Kind, &h.Scope, &h.Rev, &h.Open)
	return h, err
}

func (t *sqliteTx) SaveHead(h Head) error {
	return t.exec(`INSERT INTO head VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET rev = excluded.rev, open = excluded.open`,
		string(h.Record), string(h.Kind), h.Scope, string(h.Rev), h.Open)
}

func (t *sqliteTx) Conflicts(record model.ID) (out []wire.Conflict, err error) {
	err = t.rows("SELECT data FROM conflict WHERE record = ? AND closed = 0 ORDER BY theirs", []any{string(record)},
		func(scan func(...any) error) error {
			var data []byte
			if err := scan(&data); err != nil {
				return err
			}
			var c wire.Conflict
			err := json.Unmarshal(data, &c)
			out = append(out, c)
			return err
		})
	return out, err
}

func (t *sqliteTx) AddConflict(c wire.Conflict) error {
	data, err := wire.JSON(c)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO conflict(record, theirs, data) VALUES(?, ?, ?)", string(c.Record), string(c.Theirs), string(data))
}

func (t *sqliteTx) CloseConflict(record model.ID, theirs model.Rev, at time.Time) error {
	return t.exec("UPDATE conflict SET closed = ? WHERE record = ? AND theirs = ?", millis(at), string(record), string(theirs))
}

func (t *sqliteTx) ScopeHead(scope string) (head int64, err error) {
	err = t.row("SELECT head FROM scope WHERE name = ?", []any{scope}, &head)
	if errors.Is(err, model.ErrNotFound) {
		return 0, nil
	}
	return head, err
}

// Bump needs no single statement here: BEGIN IMMEDIATE already holds back
// every other writer.
func (t *sqliteTx) Bump(scope string, records []model.ID) error {
	if err := t.exec("INSERT INTO scope VALUES(?, ?) ON CONFLICT DO UPDATE SET head = head + excluded.head",
		scope, len(records)); err != nil {
		return err
	}
	head, err := t.ScopeHead(scope)
	if err != nil {
		return err
	}
	for i, record := range records {
		seq := head - int64(len(records)) + int64(i) + 1
		if err := t.exec("INSERT INTO feed VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq",
			scope, string(record), seq); err != nil {
			return err
		}
		if err := t.exec("UPDATE revision SET seq = ? WHERE record = ? AND seq = 0", seq, string(record)); err != nil {
			return err
		}
	}
	return nil
}

const feedColumns = `SELECT f.seq, r.meta, r.body FROM feed f CROSS JOIN revision r ON r.record = f.record AND r.seq > ?2
	WHERE f.scope = ?1 AND f.seq > ?2 ORDER BY f.seq, r.gen, r.rev`

func (t *sqliteTx) Feed(scope string, after int64, fn func(seq int64, r model.Revision) bool) error {
	return t.rows(feedColumns, []any{scope, after}, func(scan func(...any) error) error {
		var seq int64
		var meta, body []byte
		if err := scan(&seq, &meta, &body); err != nil {
			return err
		}
		r, err := readRevision(meta, body)
		if err == nil && !fn(seq, r) {
			err = errStop
		}
		return err
	})
}
