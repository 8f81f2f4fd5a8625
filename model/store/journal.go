package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// revisionColumns are what scanRevision reads, of the journal as j.
const revisionColumns = `j.rev, j.record, j.kind, j.parents, j.schema, j.author, j.device, j.epoch, j.time, j.body, j.sig`

// scanRevision reads a row of revisionColumns, preceded by what goes into
// before, and opens the body.
func (s *Store) scanRevision(scan func(...any) error, before ...any) (model.Revision, error) {
	var r model.Revision
	var parents, at string
	var sealed []byte
	dest := append(before, &r.Rev, &r.Record, &r.Kind, &parents, &r.Schema, &r.Author, &r.Device, &r.Epoch, &at, &sealed, &r.Sig)
	if err := scan(dest...); err != nil {
		return r, err
	}
	body, err := s.opt.Keys.OpenBody(r.Record, r.Rev, sealed)
	if err != nil {
		return r, fmt.Errorf("%s记录 %s 的版本 %s: %w", r.Kind, r.Record, r.Rev, err)
	}
	r.Body = body
	if err := json.Unmarshal([]byte(parents), &r.Parents); err != nil {
		return r, fmt.Errorf("版本 %s 的上一版本读不出来: %w: %w", r.Rev, seal.ErrDamaged, err)
	}
	if len(r.Parents) == 0 {
		r.Parents = nil
	}
	r.Time, err = time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return r, fmt.Errorf("版本 %s 的时间读不出来: %w: %w", r.Rev, seal.ErrDamaged, err)
	}
	return r, nil
}

// present is a revision in the present shape of its kind. One that cannot be
// cast is read as it stands: whoever decodes it says what is wrong.
func (s *Store) present(r model.Revision) model.Revision {
	if cast, err := s.opt.Upcast(r); err == nil {
		return cast
	}
	return r
}

// isBad says that a row was read but its content is damaged.
func isBad(err error) bool { return errors.Is(err, seal.ErrDamaged) }

// current is the head of a record inside a transaction.
type current struct {
	model.Revision
	n        int64
	scope    string
	pulled   bool
	conflict bool
}

// head returns model.ErrNotFound when there is no such record.
func (t *tx) head(id model.ID) (current, error) {
	var c current
	var err error
	row := t.row(`SELECT h.n, j.scope, j.pulled, EXISTS (SELECT 1 FROM conflict c WHERE c.record = h.id), `+revisionColumns+` FROM head h JOIN journal j ON j.n = h.n WHERE h.id = ?`, id)
	c.Revision, err = t.s.scanRevision(row.Scan, &c.n, &c.scope, &c.pulled, &c.conflict)
	c.Revision = t.s.present(c.Revision)
	return c, err
}

func (t *tx) revision(record model.ID, rev model.Rev) (model.Revision, error) {
	row := t.row(`SELECT `+revisionColumns+` FROM journal j WHERE j.record = ? AND j.rev = ?`, record, rev)
	r, err := t.s.scanRevision(row.Scan)
	return t.s.present(r), err
}

// row is a revision as the journal keeps it.
type row struct {
	model.Revision
	parents string // JSON
	sealed  []byte // the body
}

func (s *Store) rowOf(r model.Revision) (row, error) {
	parents, err := []byte("[]"), error(nil)
	if len(r.Parents) > 0 {
		parents, err = json.Marshal(r.Parents)
	}
	if err != nil {
		return row{}, fmt.Errorf("写出版本 %s: %w", r.Rev, err)
	}
	sealed, err := s.opt.Keys.SealBody(r.Record, r.Rev, r.Body)
	return row{r, string(parents), sealed}, err
}

// write adds a revision to the journal and returns the number of its row, 0
// when the revision is there already.
func (t *tx) write(r row, scope string, pulled bool) (int64, error) {
	return t.insert(`INSERT INTO journal (rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record, rev) DO NOTHING`,
		r.Rev, r.Record, r.Kind, r.parents, r.Schema, r.Author, r.Device, r.Epoch, r.Time.Format(time.RFC3339Nano), r.sealed, r.Sig, scope, pulled)
}

// face is what the projection keeps of a revision's body.
type face struct {
	sum   model.Summary
	words string // for the search index
}

func (s *Store) faceOf(r model.Record) face {
	sum := r.Summary()
	return face{sum, kindWord(r.Kind()) + " " + s.opt.Keys.Words(sum.Find, sum.Exact, spellings(sum.Find))}
}

// faceOfRevision is faceOf for a body of a colleague. A kind or shape this
// program does not know is kept all the same, with nothing but its kind to find
// it by.
func (s *Store) faceOfRevision(r model.Revision) face {
	record, err := model.Decode(r.Kind, s.present(r).Body)
	if err != nil {
		return face{words: kindWord(r.Kind)}
	}
	return s.faceOf(record)
}

const headInsert = `INSERT INTO head (n, id, kind, state, date, due, amount_fen, count, number, case_id, parent)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO `

// projectNew makes the journal row n the head of a record that has none; false
// when it has one.
func (t *tx) projectNew(r model.Revision, f face, n int64) (bool, error) {
	made, err := t.insert(headInsert+`NOTHING`, f.columns(r, n)...)
	if made == 0 || err != nil {
		return false, err
	}
	t.index(n, 0, f.words)
	return true, nil
}

// project makes the journal row n the head of its record; old is the row of
// the head before, 0 for none.
func (t *tx) project(r model.Revision, f face, n, old int64) error {
	err := t.exec(headInsert+`UPDATE SET n = excluded.n, state = excluded.state, date = excluded.date,
			due = excluded.due, amount_fen = excluded.amount_fen, count = excluded.count, number = excluded.number,
			case_id = excluded.case_id, parent = excluded.parent`, f.columns(r, n)...)
	if err != nil {
		return err
	}
	t.index(n, old, f.words)
	if old == 0 {
		return nil
	}
	return t.exec(`UPDATE conflict SET ours = ? WHERE record = ?`, r.Rev, r.Record)
}

// columns are the values of headInsert.
func (f face) columns(r model.Revision, n int64) []any {
	return []any{n, r.Record, r.Kind, f.sum.State, textOfTime(f.sum.Date), f.sum.Due, f.sum.AmountFen, f.sum.Count, f.sum.Number, f.sum.Case, f.sum.Parent}
}

// index puts off the search rows of a new head to the end of the transaction:
// every other statement with a trigger would make the index write out what it
// holds, a segment for each record.
func (t *tx) index(n, old int64, words string) {
	if _, mine := t.words[old]; mine {
		delete(t.words, old)
	} else if old != 0 {
		t.unsearch = append(t.unsearch, old)
	}
	t.words[n] = words
}

func (t *tx) flushIndex() error {
	for _, n := range t.unsearch {
		if err := t.exec(`DELETE FROM search WHERE rowid = ?`, n); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(t.words)) {
		if err := t.exec(`INSERT INTO search (rowid, words) VALUES (?, ?)`, n, t.words[n]); err != nil {
			return err
		}
	}
	t.unsearch = nil
	clear(t.words)
	return nil
}

// kindWord is the word by which a search is narrowed to one kind. It is longer
// than a keyed word and so is never one.
func kindWord(k model.Kind) string { return "thekindis" + string(k) }

func textOfTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func timeOfText(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, s)
}
