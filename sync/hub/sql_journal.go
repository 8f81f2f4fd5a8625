package hub

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

const opColumns = "SELECT op.position, outcome, reason, hashes, device, epoch, seq, data FROM op"

func (t *sqlTx) scanEntry(scan func(...any) error) (e Entry, err error) {
	var hashes, data []byte
	if err = scan(&e.Ack.Position, &e.Ack.Outcome, &e.Ack.Reason, &hashes, &e.Op.Device, &e.Op.Epoch, &e.Op.Seq, &data); err != nil {
		return e, err
	}
	e.Ack.Seq, e.Hashes = e.Op.Seq, split(append([]byte(nil), hashes...))
	if data, err = t.box.open(nil, opName(e.Op), data); err != nil {
		return e, err
	}
	if err = decode(data, &e.Op); err != nil {
		return e, fmt.Errorf("局日志第 %d 条: %w", e.Ack.Position, err)
	}
	if e.Ack.Outcome != model.OutcomeQuarantined {
		e.Op.Revision.Body = nil
	}
	return e, nil
}

func (t *sqlTx) Op(device model.ID, epoch int, seq int64) (Entry, error) {
	if err := t.flushOps(); err != nil {
		return Entry{}, err
	}
	return t.scanEntry(func(into ...any) error {
		return t.row(opColumns+" WHERE device = ? AND epoch = ? AND seq = ?", []any{string(device), epoch, seq}, into...)
	})
}

func (t *sqlTx) OpAt(position int64) (Entry, error) {
	return t.scanEntry(func(into ...any) error { return t.row(opColumns+" WHERE position = ?", []any{position}, into...) })
}

func (t *sqlTx) AddOp(e Entry) error {
	t.ops = append(t.ops, e)
	if e.Ack.Outcome == model.OutcomeQuarantined {
		return t.exec("INSERT INTO quarantine VALUES(?, 0, '')", e.Ack.Position)
	}
	return nil
}

func (t *sqlTx) Log() (wire.Frontier, error) {
	if t.log == nil {
		var f wire.Frontier
		var edge []byte
		if err := t.row("SELECT size, edge FROM log WHERE one = 1"+t.lock, nil, &f.Size, &edge); err != nil {
			return f, err
		}
		f.Edge = split(append([]byte(nil), edge...))
		t.log = &f
	}
	return *t.log, nil
}

func (t *sqlTx) SaveLog(f wire.Frontier) error {
	t.log = &f
	return t.exec("UPDATE log SET size = ?, edge = ? WHERE one = 1", f.Size, join(f.Edge))
}

// ReadHashes implements tlog.HashReader: a subtree's hash lies with the entry
// that completed it.
func (t *sqlTx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		var hashes []byte
		position := (n + 1) << level
		if err := t.row("SELECT hashes FROM op WHERE position = ?", []any{position}, &hashes); err != nil {
			return nil, fmt.Errorf("局日志第 %d 条: %w", position, err)
		}
		list := split(hashes)
		if level >= len(list) {
			return nil, fmt.Errorf("局日志第 %d 条：缺少第 %d 层的摘要", position, level)
		}
		out[i] = tlog.Hash(list[level])
	}
	return out, nil
}

func (t *sqlTx) entries(text string, args []any, fn func(Entry) error) error {
	if err := t.flushOps(); err != nil {
		return err
	}
	return t.rows(text, args, func(scan func(...any) error) error {
		e, err := t.scanEntry(scan)
		if err != nil {
			return err
		}
		return fn(e)
	})
}

func (t *sqlTx) EachOp(fn func(Entry) error) error {
	if err := t.flushOps(); err != nil {
		return err
	}
	return t.rows(opColumns+" ORDER BY op.position", nil, func(scan func(...any) error) error {
		e, err := t.scanEntry(scan)
		if err != nil && e.Ack.Position == 0 {
			return err
		}
		return fn(e) // one that does not open: its names alone, which no signature fits
	})
}

func (t *sqlTx) Quarantine() (out []Entry, err error) {
	err = t.entries(opColumns+" JOIN quarantine q ON q.position = op.position WHERE q.settled = 0 ORDER BY op.position", nil, func(e Entry) error {
		out = append(out, e)
		return nil
	})
	return out, err
}

func (t *sqlTx) Settle(position int64, verdict string, at time.Time) error {
	return t.exec("UPDATE quarantine SET settled = ?, verdict = ? WHERE position = ? AND settled = 0", millis(at), verdict, position)
}

func (t *sqlTx) openRevision(rev model.Rev, sealed []byte) (r model.Revision, err error) {
	data, err := t.box.open(nil, string(rev), sealed)
	if err != nil {
		return r, err
	}
	return r, decode(data, &r)
}

func (t *sqlTx) Revision(rev model.Rev) (model.Revision, error) {
	if r, ok := t.fresh[rev]; ok {
		return r, nil
	}
	if stored, ok := t.known[rev]; ok && !stored {
		return model.Revision{}, model.ErrNotFound
	}
	var data []byte
	if err := t.row("SELECT data FROM revision WHERE rev = ?", []any{string(rev)}, &data); err != nil {
		return model.Revision{}, err
	}
	return t.openRevision(rev, data)
}

func (t *sqlTx) Known(revs []model.Rev) (map[model.Rev]bool, error) {
	if len(revs) == 0 {
		return t.known, nil
	}
	names := make([]string, len(revs))
	for i, rev := range revs {
		names[i] = string(rev)
		if _, ok := t.known[rev]; !ok {
			t.known[rev] = false
		}
	}
	return t.known, t.rows("SELECT rev FROM revision WHERE rev "+t.among, []any{t.list(names)}, func(scan func(...any) error) error {
		var rev model.Rev
		err := scan(&rev)
		t.known[rev] = true
		return err
	})
}

// Fetch asks once what State, Revision and Head would ask one by one.
func (t *sqlTx) Fetch(devices, records []model.ID, revs []model.Rev) error {
	if err := t.fetchStates(devices); err != nil {
		return err
	}
	if _, err := t.Known(revs); err != nil {
		return err
	}
	for _, id := range records {
		if t.heads[id] == nil {
			t.heads[id] = &cachedHead{}
		}
	}
	return t.rows(headColumns+" WHERE record "+t.among+" ORDER BY record"+t.lock, []any{t.list(texts(records))}, func(scan func(...any) error) error {
		h, err := scanHead(scan)
		if err == nil && !t.heads[h.Record].dirty {
			t.heads[h.Record] = &cachedHead{Head: h, stored: true}
		}
		return err
	})
}

func (t *sqlTx) AddRevision(r model.Revision) error {
	if _, ok := t.fresh[r.Rev]; ok || t.known[r.Rev] {
		return fmt.Errorf("版本 %s 已经有了", r.Rev)
	}
	t.fresh[r.Rev] = r
	t.added = append(t.added, r.Rev)
	return nil
}

func (t *sqlTx) EachRevision(fn func(model.Revision) error) error {
	if err := t.flush(); err != nil {
		return err
	}
	return t.rows("SELECT rev, record, parents, data FROM revision ORDER BY record, gen, rev", nil, func(scan func(...any) error) error {
		var named model.Revision
		var parents string
		var data []byte
		if err := scan(&named.Rev, &named.Record, &parents, &data); err != nil {
			return err
		}
		r, err := t.openRevision(named.Rev, data)
		if err != nil { // its names alone, which no signature fits
			named.Parents = parentsOf(parents)
			r = named
		}
		return fn(r)
	})
}

func (t *sqlTx) Graph(record model.ID) (merge.Graph, error) {
	g := merge.Graph{}
	err := t.rows("SELECT rev, parents FROM revision WHERE record = ?", []any{string(record)}, func(scan func(...any) error) error {
		var rev model.Rev
		var parents string
		err := scan(&rev, &parents)
		g[rev] = parentsOf(parents)
		return err
	})
	for _, rev := range t.added {
		if r := t.fresh[rev]; r.Record == record {
			g[rev] = r.Parents
		}
	}
	return g, err
}

const headColumns = "SELECT record, kind, scope, rev, open FROM head"

func scanHead(scan func(...any) error) (h Head, err error) {
	err = scan(&h.Record, &h.Kind, &h.Scope, &h.Rev, &h.Open)
	return h, err
}

func (t *sqlTx) Head(record model.ID) (Head, error) {
	h := t.heads[record]
	if h == nil {
		read, err := scanHead(func(into ...any) error {
			return t.row(headColumns+" WHERE record = ?"+t.lock, []any{string(record)}, into...)
		})
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return read, err
		}
		h = &cachedHead{Head: read, stored: err == nil}
		t.heads[record] = h
	}
	if h.Record == "" {
		return Head{}, model.ErrNotFound
	}
	return h.Head, nil
}

func (t *sqlTx) SaveHead(h Head) error {
	if _, err := t.Head(h.Record); err != nil && !errors.Is(err, model.ErrNotFound) {
		return err
	}
	c := t.heads[h.Record]
	c.Head, c.dirty = h, true
	return nil
}

func (t *sqlTx) EachHead(scope string, fn func(Head) error) error {
	where, args := " WHERE scope = ?", []any{scope}
	if scope == "" {
		where, args = "", nil
	}
	return t.rows(headColumns+where+" ORDER BY record", args, func(scan func(...any) error) error {
		h, err := scanHead(scan)
		if err != nil {
			return err
		}
		return fn(h)
	})
}

func (t *sqlTx) Announced() (out []model.ID, err error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	err = t.rows("SELECT record FROM head WHERE kind = 'issuerkey' ORDER BY record", nil, func(scan func(...any) error) error {
		var id model.ID
		err := scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

func (t *sqlTx) conflicts(text string, args ...any) (out []wire.Conflict, err error) {
	err = t.rows("SELECT data FROM conflict WHERE closed = 0 "+text, args, func(scan func(...any) error) error {
		var data []byte
		if err := scan(&data); err != nil {
			return err
		}
		var c wire.Conflict
		err := decode(data, &c)
		out = append(out, c)
		return err
	})
	return out, err
}

// Conflicts reads all that is open between the first and the last record: few
// are, and those of a page lie side by side.
func (t *sqlTx) Conflicts(records ...model.ID) ([]wire.Conflict, error) {
	if len(records) == 0 {
		return nil, nil
	}
	asked := map[model.ID]bool{}
	for _, id := range records {
		asked[id] = true
	}
	near, err := t.conflicts("AND record BETWEEN ? AND ? ORDER BY record, theirs", string(slices.Min(records)), string(slices.Max(records)))
	var out []wire.Conflict
	for _, c := range near {
		if asked[c.Record] {
			out = append(out, c)
		}
	}
	return out, err
}

func (t *sqlTx) OpenConflicts(limit int) ([]wire.Conflict, error) {
	return t.conflicts("ORDER BY at, record, theirs LIMIT ?", limit)
}

func (t *sqlTx) AddConflict(c wire.Conflict) error {
	data, err := wire.JSON(c)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO conflict VALUES(?, ?, ?, 0, ?)", string(c.Record), string(c.Theirs), millis(c.At), string(data))
}

func (t *sqlTx) CloseConflict(record model.ID, theirs model.Rev, at time.Time) error {
	return t.exec("UPDATE conflict SET closed = ? WHERE record = ? AND theirs = ?", millis(at), string(record), string(theirs))
}
