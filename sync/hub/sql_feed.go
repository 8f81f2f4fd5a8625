package hub

import (
	"errors"

	"anxin/model"
	"anxin/sync/wire"
)

func (t *sqlTx) Scopes() (out []wire.Scope, err error) {
	err = t.rows("SELECT name, head FROM scope WHERE name <> '' ORDER BY name", nil, func(scan func(...any) error) error {
		var s wire.Scope
		err := scan(&s.Name, &s.Head)
		out = append(out, s)
		return err
	})
	return out, err
}

func (t *sqlTx) ScopeHead(scope string) (head int64, err error) {
	err = t.row("SELECT head FROM scope WHERE name = ?", []any{scope}, &head)
	if errors.Is(err, model.ErrNotFound) {
		return 0, nil
	}
	return head, err
}

// The row of no name is the counter a scope begins with.
const beginning = "coalesce((SELECT head FROM scope WHERE name = ''), 0)"

func (t *sqlTx) RaiseScopes(by int64) error {
	return errors.Join(t.exec("INSERT INTO scope VALUES('', 0) ON CONFLICT DO NOTHING"), t.exec("UPDATE scope SET head = head + ?", by))
}

func (t *sqlTx) Bump(scope string, records []model.ID) error {
	return t.bump(t, scope, records, false)
}

func (t *sqlTx) Leave(scope string, records []model.ID) error {
	return t.bump(t, scope, records, true)
}

func (t *sqlTx) Restart(records []model.ID) error {
	if err := t.finish(); err != nil {
		return err
	}
	return t.exec("UPDATE revision SET seq = 0 WHERE record "+t.among, t.list(texts(records)))
}

func texts(records []model.ID) []string {
	out := make([]string, len(records))
	for i, id := range records {
		out[i] = string(id)
	}
	return out
}

// bumpEmbedded needs no single statement: BEGIN IMMEDIATE holds back every
// other writer. What the transaction added is written with its number at once.
func bumpEmbedded(t *sqlTx, scope string, records []model.ID, gone bool) error {
	var head int64
	if err := t.row("INSERT INTO scope VALUES(?, ? + "+beginning+") ON CONFLICT DO UPDATE SET head = head + ? RETURNING head",
		[]any{scope, len(records), len(records)}, &head); err != nil {
		return err
	}
	seq := map[model.ID]int64{}
	rows := make([][]any, len(records))
	for i, id := range records {
		seq[id] = head - int64(len(records)) + int64(i) + 1
		rows[i] = []any{scope, string(id), seq[id], gone}
	}
	if err := t.insert("INSERT INTO feed VALUES", " ON CONFLICT DO UPDATE SET seq = excluded.seq, gone = excluded.gone", rows); err != nil || gone {
		return err
	}
	var now, later []model.Rev
	written := map[model.ID]bool{} // with their numbers, nothing is left to number
	for _, rev := range t.added {
		r := t.fresh[rev]
		if seq[r.Record] == 0 {
			later = append(later, rev)
			continue
		}
		now = append(now, rev)
		written[r.Record] = true
	}
	if err := t.writeRevisions(now, func(id model.ID) int64 { return seq[id] }); err != nil {
		return err
	}
	t.added = later
	for _, id := range records {
		if written[id] {
			continue
		}
		if err := t.exec("UPDATE revision SET seq = ? WHERE record = ? AND seq = 0", seq[id], string(id)); err != nil {
			return err
		}
	}
	return nil
}

const (
	feedColumns = "SELECT f.seq, f.record, f.gone, coalesce(r.rev, ''), coalesce(r.device, ''), coalesce(r.epoch, 0), r.data FROM "
	feedJoin    = " f LEFT JOIN revision r ON r.record = f.record AND r.seq > ? AND NOT f.gone "
	feedOrder   = " ORDER BY f.seq, r.gen, r.rev"
)

// feedEmbedded has no bound: SQLite walks both tables in this order and sorts
// nothing, so that what is not read costs nothing.
func feedEmbedded(scope string, after int64, _ int) (text string, args []any) {
	return feedColumns + "feed" + feedJoin + "WHERE f.scope = ? AND f.seq > ?" + feedOrder, []any{after, scope, after}
}

func (t *sqlTx) Feed(scope string, after int64, limit int, fn func(Line) bool) error {
	var l Line
	var data []byte
	open := func(to []byte) ([]byte, error) { return t.box.open(to, string(l.Rev), data) }
	text, args := t.feed(scope, after, limit)
	return t.rows(text, args, func(scan func(...any) error) error {
		before := l.Seq
		l = Line{JSON: open}
		if err := scan(&l.Seq, &l.Record, &l.Gone, &l.Rev, &l.Device, &l.Epoch, &data); err != nil {
			return err
		}
		if l.Seq != before {
			limit--
		}
		if limit < 0 || !fn(l) {
			return errStop
		}
		return nil
	})
}
