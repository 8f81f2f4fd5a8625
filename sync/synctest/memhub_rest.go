package synctest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// SaveHead refuses, as the triggers of the databases do, another content for an
// issued document.
func (t *memHubTx) SaveHead(h hub.Head) error {
	if old, known := t.heads.m[h.Record]; known && h.Kind == model.KindDocument {
		was, now := frozenOf(t.revs.m[old.Rev].Body), frozenOf(t.revs.m[h.Rev].Body)
		if was.Issued != nil && (!bytes.Equal(was.Issued, now.Issued) || !bytes.Equal(was.Fields, now.Fields)) {
			return errors.New("已签发的文书不能修改")
		}
	}
	t.heads.set(h.Record, h)
	return nil
}

type frozenPart struct {
	Issued json.RawMessage `json:"issued"`
	Fields json.RawMessage `json:"fields"`
}

func frozenOf(body []byte) (f frozenPart) {
	_ = json.Unmarshal(body, &f) // of a newer program: nothing is frozen here
	return f
}

func compareConflicts(a, b wire.Conflict) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Theirs, b.Theirs))
}

func (t *memHubTx) Conflicts(records ...model.ID) ([]wire.Conflict, error) {
	var out []wire.Conflict
	for key, c := range t.conflicts.m {
		if slices.Contains(records, key.record) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b wire.Conflict) int {
		return cmp.Or(cmp.Compare(a.Record, b.Record), cmp.Compare(a.Theirs, b.Theirs))
	})
	return out, nil
}

func (t *memHubTx) OpenConflicts(limit int) ([]wire.Conflict, error) {
	out := sorted(t.conflicts, compareConflicts)
	return out[:min(limit, len(out))], nil
}

func (t *memHubTx) AddConflict(c wire.Conflict) error {
	t.conflicts.set(sideKey{c.Record, c.Theirs}, c)
	return nil
}

func (t *memHubTx) CloseConflict(record model.ID, theirs model.Rev, _ time.Time) error {
	t.conflicts.set(sideKey{record, theirs}, wire.Conflict{}) // makes the map this transaction's own
	delete(t.conflicts.m, sideKey{record, theirs})
	return nil
}

func (t *memHubTx) Scopes() ([]wire.Scope, error) {
	var out []wire.Scope
	for name, head := range t.scopes.m {
		if name != "" {
			out = append(out, wire.Scope{Name: name, Head: head})
		}
	}
	slices.SortFunc(out, func(a, b wire.Scope) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

func (t *memHubTx) ScopeHead(scope string) (int64, error) { return t.scopes.m[scope], nil }

func (t *memHubTx) RaiseScopes(by int64) error {
	t.scopes.set("", t.scopes.m[""]) // what a scope begins with
	for scope, head := range t.scopes.m {
		t.scopes.set(scope, head+by)
	}
	return nil
}

func (t *memHubTx) Bump(scope string, records []model.ID) error { return t.bump(scope, records, false) }

func (t *memHubTx) Leave(scope string, records []model.ID) error { return t.bump(scope, records, true) }

func (t *memHubTx) bump(scope string, records []model.ID, gone bool) error {
	head, begun := t.scopes.m[scope]
	if !begun {
		head = t.scopes.m[""]
	}
	for _, record := range records {
		head++
		t.feed.set(feedKey{scope, record}, feedRow{record, head, gone})
		for _, rev := range t.records.m[record] {
			if r := t.revs.m[rev]; r.seq == 0 && !gone {
				r.seq = head
				t.revs.set(rev, r)
			}
		}
	}
	t.scopes.set(scope, head)
	return nil
}

func (t *memHubTx) Restart(records []model.ID) error {
	for _, record := range records {
		for _, rev := range t.records.m[record] {
			r := t.revs.m[rev]
			r.seq = 0
			t.revs.set(rev, r)
		}
	}
	return nil
}

func (t *memHubTx) Feed(scope string, after int64, limit int, fn func(hub.Line) bool) error {
	var rows []feedRow
	for key, row := range t.feed.m {
		if key.scope == scope && row.seq > after {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b feedRow) int { return cmp.Compare(a.seq, b.seq) })
	for _, row := range rows[:min(limit, len(rows))] {
		lines, err := t.lines(row, after)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if !fn(l) {
				return nil
			}
		}
	}
	return nil
}

// lines are a row of the feed with the revisions newer than a cursor.
func (t *memHubTx) lines(row feedRow, after int64) (out []hub.Line, err error) {
	if row.gone {
		return []hub.Line{{Seq: row.seq, Record: row.record, Gone: true}}, nil
	}
	for _, rev := range t.records.m[row.record] {
		r := t.revs.m[rev]
		if r.seq <= after {
			continue
		}
		l := hub.Line{Seq: row.seq, Record: row.record, Rev: rev, Device: r.Device, Epoch: r.Epoch}
		text, err := wire.JSON(r.Revision)
		if err != nil {
			return nil, err
		}
		l.JSON = func(to []byte) ([]byte, error) { return append(to, text...), nil }
		out = append(out, l)
	}
	return out, nil
}

func (t *memHubTx) EachHead(scope string, fn func(hub.Head) error) error {
	return each(sorted(t.heads, func(a, b hub.Head) int { return cmp.Compare(a.Record, b.Record) }), func(h hub.Head) error {
		if scope != "" && h.Scope != scope {
			return nil
		}
		return fn(h)
	})
}

func (t *memHubTx) Announced() (out []model.ID, err error) {
	err = t.EachHead("", func(h hub.Head) error {
		if h.Kind == model.KindIssuerKey {
			out = append(out, h.Record)
		}
		return nil
	})
	return out, err
}

func (t *memHubTx) Blocks(series string) ([]model.Block, error) {
	var out []model.Block
	for _, b := range t.blocks {
		if b.Series == series {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b model.Block) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Device, b.Device))
	})
	return out, nil
}

func (t *memHubTx) AddBlock(b model.Block) error {
	b.Next = b.From
	t.blocks = append(t.blocks, b)
	return t.LockSeries(b.Series)
}

func (t *memHubTx) Number(series string, serial int) (hub.Holder, error) {
	return found(t.numbers, serialKey{series, serial})
}

func (t *memHubTx) MaxNumber(series string) (last int, err error) {
	for key := range t.numbers.m {
		if key.series == series {
			last = max(last, key.serial)
		}
	}
	return last, nil
}

func (t *memHubTx) AddNumber(h hub.Holder) error {
	key := serialKey{h.Series, h.Serial}
	if _, taken := t.numbers.m[key]; taken {
		return fmt.Errorf("文号 %s 第 %d 号已经登记", h.Series, h.Serial)
	}
	t.numbers.set(key, h)
	return nil
}

func (t *memHubTx) AddClash(h hub.Holder) error {
	if !slices.ContainsFunc(t.clashes, func(c hub.Holder) bool {
		return c.Series == h.Series && c.Serial == h.Serial && c.Document == h.Document
	}) {
		t.clashes = append(t.clashes, h)
	}
	return nil
}

func (t *memHubTx) Clashes() ([]hub.Holder, error) { return slices.Clone(t.clashes), nil }

func (t *memHubTx) Series() ([]string, error) {
	names := map[string]bool{}
	for name := range t.series.m {
		names[name] = true
	}
	for key := range t.numbers.m {
		names[key.series] = true
	}
	for key := range t.spent.m {
		names[key.series] = true
	}
	out := make([]string, 0, len(names))
	for name := range names {
		out = append(out, name)
	}
	slices.Sort(out)
	return out, nil
}

func (t *memHubTx) LockSeries(series string) error {
	t.series.set(series, true)
	return nil
}

func (t *memHubTx) Holders(series string) ([]hub.Holder, error) {
	out := sorted(t.numbers, func(a, b hub.Holder) int { return cmp.Compare(a.Serial, b.Serial) })
	return slices.DeleteFunc(out, func(h hub.Holder) bool { return h.Series != series }), nil
}

func (t *memHubTx) AddSpent(s hub.Spent) error {
	if key := (serialKey{s.Series, s.Serial}); t.spent.m[key].Series == "" {
		t.spent.set(key, s)
	}
	return nil
}

func (t *memHubTx) Spent(series string) ([]hub.Spent, error) {
	out := sorted(t.spent, func(a, b hub.Spent) int { return cmp.Compare(a.Serial, b.Serial) })
	return slices.DeleteFunc(out, func(s hub.Spent) bool { return s.Series != series }), nil
}

func (t *memHubTx) Blob(sha string) (hub.Blob, error) { return found(t.blobs, sha) }
func (t *memHubTx) SaveBlob(b hub.Blob) error {
	t.blobs.set(b.SHA256, b)
	return nil
}
func (t *memHubTx) EachBlob(fn func(hub.Blob) error) error {
	return each(sorted(t.blobs, func(a, b hub.Blob) int { return cmp.Compare(a.SHA256, b.SHA256) }), fn)
}
func (t *memHubTx) Lacking(limit int) ([]hub.Blob, error) {
	out := slices.DeleteFunc(sorted(t.blobs, func(a, b hub.Blob) int { return cmp.Compare(a.SHA256, b.SHA256) }), func(b hub.Blob) bool { return b.Stored })
	return out[:min(limit, len(out))], nil
}
func (t *memHubTx) Cite(sha string, record model.ID) error {
	t.cites.set(citeKey{sha, record}, true)
	return nil
}
func (t *memHubTx) Citing(sha string) (out []model.ID, err error) {
	for key := range t.cites.m {
		if key.sha == sha {
			out = append(out, key.record)
		}
	}
	slices.Sort(out)
	return out, nil
}
func (t *memHubTx) Account(name string) (hub.Account, error) { return found(t.accounts, name) }
func (t *memHubTx) Accounts() ([]hub.Account, error) {
	return sorted(t.accounts, func(a, b hub.Account) int { return cmp.Compare(a.Name, b.Name) }), nil
}
func (t *memHubTx) SaveAccount(a hub.Account) error {
	t.accounts.set(a.Name, a)
	return nil
}

// MemFiles keeps files in memory: a hub's leaves and whole files, or a
// laptop's evidence. What is here is durable; a crash loses nothing.
type MemFiles struct {
	mu     sync.Mutex
	leaves map[string]map[int][]byte
	whole  map[string][]byte
	// Fault is asked before each write; an error is what a full disk says.
	Fault func() error
}

// NewMemFiles opens an empty one.
func NewMemFiles() *MemFiles {
	return &MemFiles{leaves: map[string]map[int][]byte{}, whole: map[string][]byte{}}
}

// empty forgets everything.
func (f *MemFiles) empty() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.leaves)
	clear(f.whole)
}

// memFile reads a file.
type memFile struct{ *bytes.Reader }

func (memFile) Close() error { return nil }

func (f *MemFiles) fault() error {
	if f.Fault == nil {
		return nil
	}
	return f.Fault()
}

// WriteLeaf implements hub.Blobs.
func (f *MemFiles) WriteLeaf(_ context.Context, sha string, _ int64, n int, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fault(); err != nil {
		return err
	}
	if f.leaves[sha] == nil {
		f.leaves[sha] = map[int][]byte{}
	}
	f.leaves[sha][n] = slices.Clone(data)
	return nil
}

// Have implements hub.Blobs.
func (f *MemFiles) Have(_ context.Context, sha string, size int64) (wire.Bitmap, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	have := wire.NewBitmap(wire.Leaves(size))
	for n := range f.leaves[sha] {
		if n < wire.Leaves(size) {
			have.Set(n)
		}
	}
	return have, nil
}

// Finish implements hub.Blobs.
func (f *MemFiles) Finish(_ context.Context, sha string, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.whole[sha] != nil {
		delete(f.leaves, sha)
		return nil
	}
	var data []byte
	for n := range wire.Leaves(size) {
		data = append(data, f.leaves[sha][n]...)
	}
	if sum := sha256.Sum256(data); int64(len(data)) != size || hex.EncodeToString(sum[:]) != sha {
		delete(f.leaves, sha)
		return hub.ErrDamaged
	}
	if err := f.fault(); err != nil {
		return err
	}
	f.whole[sha] = append([]byte{}, data...)
	delete(f.leaves, sha)
	return nil
}

// Open implements hub.Blobs.
func (f *MemFiles) Open(_ context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, here := f.whole[sha]
	if !here {
		return nil, 0, model.ErrNotFound
	}
	return memFile{bytes.NewReader(data)}, int64(len(data)), nil
}

// Close implements hub.Blobs.
func (f *MemFiles) Close() error { return nil }

// Has implements client.Files.
func (f *MemFiles) Has(_ context.Context, sha string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.whole[sha] != nil, nil
}

// Get implements client.Files.
func (f *MemFiles) Get(ctx context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	return f.Open(ctx, sha)
}

// Put implements client.Files.
func (f *MemFiles) Put(_ context.Context, r io.Reader) (model.BlobInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := io.ReadAll(r)
	if err = errors.Join(err, f.fault()); err != nil {
		return model.BlobInfo{}, err
	}
	sum := sha256.Sum256(data)
	sha := hex.EncodeToString(sum[:])
	f.whole[sha] = append([]byte{}, data...)
	return model.BlobInfo{SHA256: sha, Size: int64(len(data))}, nil
}

// Drop implements client.Files.
func (f *MemFiles) Drop(_ context.Context, sha string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fault(); err != nil {
		return err
	}
	delete(f.whole, sha)
	return nil
}

// Check says whether a file is here and what its name says.
func (f *MemFiles) Check(_ context.Context, sha string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256(f.whole[sha])
	if f.whole[sha] == nil || hex.EncodeToString(sum[:]) != sha {
		return model.ErrNotFound
	}
	return nil
}
