package synctest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"anxin/model"
	"anxin/model/seal"
	"anxin/model/store"
)

// MemJournal is a laptop's journal in memory: the same promises as
// model/store, held to the same suite, at a thousandth of the cost. Every
// state is a value that never changes again, so a copy of a laptop, a crash
// and a restore are each one assignment.
type MemJournal struct {
	opt   MemOptions
	write sync.Mutex // one writer at a time; readers take the state as it is
	now   atomic.Pointer[laptopState]
	// synced is the state some commits ago, for the planted mistake of a disk
	// that was never told to write.
	synced *laptopState
	age    int
	// faces are the projections of revisions, made once.
	faces sync.Map // model.Rev → face
	// Fault is asked before each commit; an error is what a full or failing
	// disk says: nothing is saved.
	Fault func() error
}

// MemOptions are what a MemJournal is given from outside; see store.Options.
type MemOptions struct {
	Device  seal.Device
	Clock   model.Clock
	IDs     model.IDs
	Devices func(model.ID) (ed25519.PublicKey, bool)
	Merge   store.Merger
	Keys    *seal.Keys // for searching only; may be nil
	// Successor says whether a body may follow another; nil is the model's rule.
	Successor successor
}

type successor func(kind model.Kind, previous, next []byte) error

// laptopState is all a laptop has on disk.
type laptopState struct {
	epoch    int
	highest  time.Time
	settings map[string]string
	order    []model.Rev
	rows     map[model.Rev]memRow
	heads    map[model.ID]model.Rev
	conflict []model.Conflict
	ops      []model.Op // of every epoch; revisions without bodies
	acks     map[int]map[int64]model.Ack
	cursors  map[string]int64
	blocks   []model.Block
	numbers  []model.NumberRow
	issued   map[model.ID]string // document → number, "" without one
}

type memRow struct {
	model.Revision
	n      int
	scope  string
	pulled bool
}

func newLaptopState(epoch int) *laptopState {
	return &laptopState{epoch: epoch, settings: map[string]string{}, rows: map[model.Rev]memRow{}, heads: map[model.ID]model.Rev{},
		acks: map[int]map[int64]model.Ack{}, cursors: map[string]int64{}, issued: map[model.ID]string{}}
}

func (s *laptopState) clone() *laptopState {
	c := *s
	c.settings, c.rows, c.heads = maps.Clone(s.settings), maps.Clone(s.rows), maps.Clone(s.heads)
	c.cursors, c.issued = maps.Clone(s.cursors), maps.Clone(s.issued)
	c.acks = maps.Clone(s.acks)
	c.acks[s.epoch] = maps.Clone(s.acks[s.epoch])
	if c.acks[s.epoch] == nil {
		c.acks[s.epoch] = map[int64]model.Ack{}
	}
	c.order, c.ops = slices.Clip(s.order), slices.Clip(s.ops)
	c.conflict, c.blocks, c.numbers = slices.Clone(s.conflict), slices.Clone(s.blocks), slices.Clip(s.numbers)
	return &c
}

// NewMemJournal opens an empty journal.
func NewMemJournal(opt MemOptions) *MemJournal {
	if opt.Successor == nil {
		opt.Successor = model.CheckSuccessor
	}
	j := &MemJournal{opt: opt}
	j.now.Store(newLaptopState(max(1, opt.Device.Epoch)))
	return j
}

// memTx is a transaction: it works on a copy.
type memTx struct {
	*laptopState
	j *MemJournal
}

func (j *MemJournal) update(ctx context.Context, fn func(*memTx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.write.Lock()
	defer j.write.Unlock()
	t := &memTx{j.now.Load().clone(), j}
	if err := fn(t); err != nil {
		return err
	}
	if j.Fault != nil {
		if err := j.Fault(); err != nil {
			return err
		}
	}
	if j.age++; j.synced == nil || j.age%unsynced == 0 {
		j.synced = j.now.Load()
	}
	j.now.Store(t.laptopState)
	return nil
}

// unsynced is how many commits a disk may hold back that is never told to
// write.
const unsynced = 4

// Device implements client.Journal.
func (j *MemJournal) Device() seal.Device {
	d := j.opt.Device
	d.Epoch = j.now.Load().epoch
	return d
}

// Setting implements client.Journal.
func (j *MemJournal) Setting(_ context.Context, key string) (string, error) {
	return j.now.Load().settings[key], nil
}

// SetSetting implements client.Journal.
func (j *MemJournal) SetSetting(ctx context.Context, key, value string) error {
	return j.update(ctx, func(t *memTx) error {
		t.settings[key] = value
		return nil
	})
}

// Commit is the one way in for the laptop's own work.
func (j *MemJournal) Commit(ctx context.Context, b model.Batch) (out []model.Revision, err error) {
	err = j.update(ctx, func(t *memTx) error {
		out, err = t.commit(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

const memClockSlack = 5 * time.Minute

// tick says whether the clock stands too far below the highest time seen.
func (t *memTx) tick(now time.Time) bool {
	backwards := t.highest.Sub(now) > memClockSlack
	if now.After(t.highest) {
		t.highest = now
	}
	if t.settings[model.SettingClock] == "" {
		return backwards
	}
	if !backwards {
		delete(t.settings, model.SettingClock)
	}
	return false
}

func (t *memTx) commit(b model.Batch) ([]model.Revision, error) {
	now := t.j.opt.Clock.Now().Round(0)
	if t.tick(now) && b.Use != nil {
		return nil, model.ErrClock
	}
	if b.Use != nil {
		if err := t.take(model.NumberRow{Series: b.Use.Series, Serial: b.Use.Serial, State: memUsed, Document: b.Use.Document, At: now}); err != nil {
			return nil, err
		}
	}
	used := false
	out := make([]model.Revision, 0, len(b.Changes))
	for _, c := range b.Changes {
		r, took, err := t.change(b, c, now)
		if err != nil {
			return nil, err
		}
		used = used || took
		out = append(out, r)
	}
	if b.Use != nil && !used {
		return nil, fmt.Errorf("文号 %s 第 %d 号没有用在本次签发的文书上", b.Use.Series, b.Use.Serial)
	}
	if v := b.Void; v != nil {
		if v.Reason == "" {
			return nil, errors.New("作废文号要写明原因")
		}
		return out, t.take(model.NumberRow{Series: v.Series, Serial: v.Serial, State: memVoid, Reason: v.Reason, At: now})
	}
	return out, nil
}

func (t *memTx) change(b model.Batch, c model.Change, now time.Time) (r model.Revision, took bool, err error) {
	old, err := t.base(c)
	if err != nil {
		return r, false, err
	}
	text, err := model.Encode(c.Record, old.Body)
	if err != nil {
		return r, false, err
	}
	body, err := seal.Canonical(json.RawMessage(text))
	if err != nil {
		return r, false, err
	}
	if old.Rev != "" && c.Settles == "" && bytes.Equal(body, old.Body) {
		return old.Revision, false, nil
	}
	if err := t.j.opt.Successor(old.Kind, old.Body, body); err != nil {
		return r, false, err
	}
	r = model.Revision{Record: c.ID, Kind: c.Record.Kind(), Schema: 1, Author: b.Author, Time: now, Body: body}
	if r.Record == "" {
		r.Record = t.j.opt.IDs.NewID()
	}
	if old.Rev != "" {
		r.Parents = []model.Rev{old.Rev}
	}
	if c.Settles != "" {
		if err := t.settle(&r, c.Settles); err != nil {
			return r, false, err
		}
	}
	number, err := t.enter(&r, c.Record, old, b.Use)
	return r, number != nil, err
}

// base is the head a change was made from.
func (t *memTx) base(c model.Change) (memRow, error) {
	if c.ID == "" && c.Base != "" {
		return memRow{}, model.ErrStale
	}
	head, known := t.heads[c.ID]
	old := t.rows[head]
	switch {
	case !known && c.Base != "":
		return old, model.ErrNotFound
	case known && old.Rev != c.Base:
		return old, model.ErrStale
	case known && old.Kind != c.Record.Kind():
		return old, fmt.Errorf("记录 %s 的种类是 %s，不能保存为 %s", c.ID, old.Kind, c.Record.Kind())
	}
	return old, nil
}

func (t *memTx) settle(r *model.Revision, theirs model.Rev) error {
	n := len(t.conflict)
	t.conflict = slices.DeleteFunc(t.conflict, func(c model.Conflict) bool { return c.Record == r.Record && c.Theirs == theirs })
	if len(t.conflict) == n {
		return fmt.Errorf("记录 %s 没有要处理的冲突: %w", r.Record, model.ErrNotFound)
	}
	r.Parents = append(r.Parents, theirs)
	return model.CheckSuccessor(r.Kind, t.rows[theirs].Body, r.Body)
}

// enter signs a revision of this laptop and writes it everywhere it belongs.
func (t *memTx) enter(r *model.Revision, record model.Record, old memRow, use *model.NumberUse) (*model.NumberUse, error) {
	d := t.device()
	if err := d.SignRevision(r); err != nil {
		return nil, err
	}
	scope := old.scope
	if old.Rev == "" {
		scope = t.settings[store.SettingScope]
	}
	t.write(*r, scope, false)
	t.project(*r)
	number, err := t.issue(*r, record, use)
	if err != nil {
		return nil, err
	}
	t.log(*r, scope, number)
	return number, nil
}

func (t *memTx) device() seal.Device {
	d := t.j.opt.Device
	d.Epoch = t.epoch
	return d
}

func (t *memTx) write(r model.Revision, scope string, pulled bool) {
	t.order = append(t.order, r.Rev)
	t.rows[r.Rev] = memRow{r, len(t.order), scope, pulled}
}

func (t *memTx) project(r model.Revision) {
	t.heads[r.Record] = r.Rev
	for i := range t.conflict {
		if t.conflict[i].Record == r.Record {
			t.conflict[i].Ours = r.Rev
		}
	}
}

func (t *memTx) log(r model.Revision, scope string, number *model.NumberUse) {
	op := model.Op{Seq: 1, Scope: scope, Number: number, Revision: r}
	if last := t.lastOp(); last != nil {
		op.Seq, op.Prev = last.Seq+1, last.Hash
	}
	d := t.device()
	d.SignOp(&op)
	t.ops = append(t.ops, op)
}

func (s *laptopState) lastOp() *model.Op {
	if n := len(s.ops); n > 0 && s.ops[n-1].Epoch == s.epoch {
		return &s.ops[n-1]
	}
	return nil
}
