package hub

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// session is a transaction's way to a database. Statements are written once
// for both databases, with ? for parameters; what differs is the dialect.
type session interface {
	exec(text string, args ...any) error
	// row reads one row; none is model.ErrNotFound.
	row(text string, args []any, into ...any) error
	rows(text string, args []any, fn func(scan func(...any) error) error) error
}

// dialect is what the two databases say differently.
type dialect struct {
	among string             // follows a column: it is one of a list parameter
	list  func([]string) any // makes a list parameter
	lock  string             // ends a SELECT that must keep others from writing
	bump  func(t *sqlTx, scope string, records []model.ID, gone bool) error
	feed  func(scope string, after int64, limit int) (text string, args []any)
}

// errStop ends rows early without an error.
var errStop = errors.New("stop")

// sqlTx is a transaction over either database. It holds back what it is told
// to write until somebody reads past it or the transaction ends, and remembers
// what it has read: a push asks for the same heads again and again.
type sqlTx struct {
	session
	dialect
	box   box
	heads map[model.ID]*cachedHead
	state map[logID]State              // of the devices fetched
	known map[model.Rev]bool           // whether a revision is stored
	fresh map[model.Rev]model.Revision // added by this transaction
	added []model.Rev                  // keys of fresh not yet written, in order
	ops   []Entry                      // not yet written
	log   *wire.Frontier
}

type cachedHead struct {
	Head
	stored, dirty bool
}

func newTx(s session, d dialect, b box) *sqlTx {
	return &sqlTx{session: s, dialect: d, box: b, heads: map[model.ID]*cachedHead{}, state: map[logID]State{}, known: map[model.Rev]bool{}, fresh: map[model.Rev]model.Revision{}}
}

// finish writes everything held back; a commit follows.
func (t *sqlTx) finish() error { return errors.Join(t.flush(), t.flushOps()) }

// flush writes revisions and heads held back. Heads come after the revisions
// they name: the database looks there whether a document is issued.
func (t *sqlTx) flush() error {
	if err := t.writeRevisions(t.added, func(model.ID) int64 { return 0 }); err != nil {
		return err
	}
	t.added = nil
	return t.writeHeads()
}

func (t *sqlTx) flushOps() error {
	rows := make([][]any, len(t.ops))
	for i, e := range t.ops {
		data, err := wire.JSON(e.Op)
		if err != nil {
			return err
		}
		rows[i] = []any{e.Ack.Position, string(e.Op.Device), e.Op.Epoch, e.Op.Seq, e.Ack.Outcome, e.Ack.Reason,
			join(e.Hashes), t.box.seal(opName(e.Op), data)}
	}
	t.ops = nil
	return t.insert("INSERT INTO op VALUES", "", rows)
}

// chunk is how many rows one INSERT carries.
const chunk = 25

// insert writes rows, many in one statement.
func (t *sqlTx) insert(head, tail string, rows [][]any) error {
	for len(rows) > 0 {
		n := 1
		if len(rows) >= chunk {
			n = chunk
		}
		one := "(" + strings.Repeat("?, ", len(rows[0])-1) + "?)"
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if err := t.exec(head+strings.Repeat(one+", ", n-1)+one+tail, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (t *sqlTx) writeRevisions(revs []model.Rev, seq func(model.ID) int64) error {
	rows := make([][]any, len(revs))
	for i, rev := range revs {
		r := t.fresh[rev]
		data, err := wire.JSON(r)
		if err != nil {
			return err
		}
		rows[i] = []any{string(r.Rev), string(r.Record), r.Rev.Generation(), seq(r.Record), parentsText(r.Parents),
			string(r.Device), r.Epoch, t.box.fixed(r), t.box.seal(string(r.Rev), data)}
	}
	return t.insert("INSERT INTO revision VALUES", "", rows)
}

func (t *sqlTx) writeHeads() error {
	var fresh [][]any
	for _, id := range slices.Sorted(maps.Keys(t.heads)) { // side by side in the table
		h := t.heads[id]
		if !h.dirty {
			continue
		}
		h.dirty = false
		if !h.stored {
			h.stored = true
			fresh = append(fresh, []any{string(h.Record), string(h.Kind), h.Scope, string(h.Rev), h.Open})
			continue
		}
		if err := t.exec("UPDATE head SET scope = ?, rev = ?, open = ? WHERE record = ?", h.Scope, string(h.Rev), h.Open, string(h.Record)); err != nil {
			return err
		}
	}
	return t.insert("INSERT INTO head VALUES", "", fresh)
}

func parentsText(parents []model.Rev) string {
	text := make([]string, len(parents))
	for i, p := range parents {
		text[i] = string(p)
	}
	return strings.Join(text, " ")
}

func parentsOf(text string) (out []model.Rev) {
	for _, p := range strings.Fields(text) {
		out = append(out, model.Rev(p))
	}
	return out
}

// join and split put hashes of equal size into one column.
func join(hashes [][]byte) []byte {
	out := make([]byte, 0, len(hashes)*sha256.Size)
	for _, h := range hashes {
		out = append(out, h...)
	}
	return out
}

func split(data []byte) (out [][]byte) {
	for ; len(data) >= sha256.Size; data = data[sha256.Size:] {
		out = append(out, data[:sha256.Size:sha256.Size])
	}
	return out
}

// millis writes an instant as Unix milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func decode(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("读取局服务器数据库: %w", err)
	}
	return nil
}
