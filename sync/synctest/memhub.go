package synctest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// MemHub is a hub's records in memory: the same promises as the databases,
// held to the same suite. A transaction works on a copy and is run again when
// another was committed meanwhile, so that several hubs over one MemHub are
// replicas. A state never changes once it is committed: a crash and a restore
// are assignments.
type MemHub struct {
	now atomic.Pointer[hubState]
	// synced is the state some commits ago, see MemJournal.
	mu     sync.Mutex
	synced *hubState
	age    int
	// Unlocked commits whatever others committed meanwhile: a planted mistake.
	Unlocked bool
	// Between is called after a transaction has done its work and before it is
	// committed: what other replicas do in that moment.
	Between func()
	// Fault is asked before each commit; an error is what a full disk or a lost
	// database says: nothing is saved.
	Fault func() error
}

// cow is a map that is copied when a transaction first writes to it.
type cow[K comparable, V any] struct {
	m   map[K]V
	own bool
}

func (c *cow[K, V]) set(k K, v V) {
	if !c.own {
		if c.m = maps.Clone(c.m); c.m == nil {
			c.m = map[K]V{}
		}
		c.own = true
	}
	c.m[k] = v
}

// found looks up one value.
func found[K comparable, V any](c cow[K, V], k K) (V, error) {
	v, ok := c.m[k]
	if !ok {
		return v, model.ErrNotFound
	}
	return v, nil
}

// sorted are the values of a map in the order of less.
func sorted[K comparable, V any](c cow[K, V], compare func(a, b V) int) []V {
	out := slices.Collect(maps.Values(c.m))
	slices.SortFunc(out, compare)
	return out
}

type (
	lifeKey struct {
		device model.ID
		epoch  int
	}
	opKey struct {
		lifeKey
		seq int64
	}
	serialKey struct {
		series string
		serial int
	}
	feedKey struct {
		scope  string
		record model.ID
	}
	citeKey struct {
		sha    string
		record model.ID
	}
	sideKey struct {
		record model.ID
		theirs model.Rev
	}
)

type memRev struct {
	model.Revision
	seq int64 // in the feed of its record's scope, 0 while it is in none
}

type feedRow struct {
	record model.ID
	seq    int64
	gone   bool
}

// hubState is all a hub has in its database.
type hubState struct {
	log        wire.Frontier
	entries    []hub.Entry
	blocks     []model.Block
	clashes    []hub.Holder
	meta       cow[string, string]
	invites    cow[string, hub.Invite]
	devices    cow[model.ID, hub.Device]
	states     cow[lifeKey, hub.State]
	places     cow[opKey, int64]
	quarantine cow[int64, bool] // settled
	revs       cow[model.Rev, memRev]
	records    cow[model.ID, []model.Rev]
	heads      cow[model.ID, hub.Head]
	conflicts  cow[sideKey, wire.Conflict] // open ones
	scopes     cow[string, int64]
	feed       cow[feedKey, feedRow]
	numbers    cow[serialKey, hub.Holder]
	spent      cow[serialKey, hub.Spent]
	series     cow[string, bool]
	blobs      cow[string, hub.Blob]
	accounts   cow[string, hub.Account]
	cites      cow[citeKey, bool]
}

// begin is a copy that shares everything until it is written to.
func (s *hubState) begin() *memHubTx {
	t := memHubTx{*s}
	t.entries, t.blocks, t.clashes = slices.Clip(t.entries), slices.Clip(t.blocks), slices.Clip(t.clashes)
	for _, own := range []*bool{&t.meta.own, &t.invites.own, &t.devices.own, &t.states.own, &t.places.own, &t.quarantine.own, &t.revs.own,
		&t.records.own, &t.heads.own, &t.conflicts.own, &t.scopes.own, &t.feed.own, &t.numbers.own, &t.spent.own, &t.series.own,
		&t.blobs.own, &t.accounts.own, &t.cites.own} {
		*own = false
	}
	return &t
}

// NewMemHub opens an empty one.
func NewMemHub() *MemHub {
	h := &MemHub{}
	h.now.Store(&hubState{})
	return h
}

// memHubTx implements hub.Tx.
type memHubTx struct{ hubState }

// maxReruns bounds how often others may be first; more is a livelock.
const maxReruns = 100_000

// Update implements hub.Store.
func (h *MemHub) Update(ctx context.Context, fn func(hub.Tx) error) error {
	for range maxReruns {
		began := h.now.Load()
		t := began.begin()
		if err := errors.Join(ctx.Err(), fn(t)); err != nil {
			return err
		}
		if h.Between != nil {
			h.Between()
		}
		if h.Fault != nil {
			if err := h.Fault(); err != nil {
				return err
			}
		}
		if h.Unlocked {
			runtime.Gosched() // gives others their chance to be overwritten
			h.now.Store(&t.hubState)
			return nil
		}
		if h.now.CompareAndSwap(began, &t.hubState) {
			h.hold(began)
			return nil
		}
	}
	return errors.New("bug: a transaction never came first")
}

// hold keeps an older state for a disk that is never told to write.
func (h *MemHub) hold(state *hubState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.age++; h.synced == nil || h.age%unsynced == 0 {
		h.synced = state
	}
}

// View implements hub.Store.
func (h *MemHub) View(ctx context.Context, fn func(hub.Tx) error) error {
	return errors.Join(ctx.Err(), fn(h.now.Load().begin()))
}

// Close implements hub.Store.
func (h *MemHub) Close() error { return nil }

func (t *memHubTx) Meta(key string) (string, error) { return found(t.meta, key) }
func (t *memHubTx) SetMeta(key, value string) error {
	t.meta.set(key, value)
	return nil
}
func (t *memHubTx) Invite(id string) (hub.Invite, error) { return found(t.invites, id) }
func (t *memHubTx) SaveInvite(v hub.Invite) error {
	t.invites.set(v.ID, v)
	return nil
}
func (t *memHubTx) Device(id model.ID) (hub.Device, error) { return found(t.devices, id) }
func (t *memHubTx) Devices() ([]hub.Device, error) {
	return sorted(t.devices, func(a, b hub.Device) int {
		return cmp.Or(a.Enrolled.Compare(b.Enrolled), cmp.Compare(a.ID, b.ID))
	}), nil
}
func (t *memHubTx) SaveDevice(d hub.Device) error {
	t.devices.set(d.ID, d)
	return nil
}
func (t *memHubTx) State(device model.ID, epoch int) (hub.State, error) {
	if s, ok := t.states.m[lifeKey{device, epoch}]; ok {
		return s, nil
	}
	return hub.State{Device: device, Epoch: epoch}, nil
}
func (t *memHubTx) SaveState(s hub.State) error {
	t.states.set(lifeKey{s.Device, s.Epoch}, s)
	return nil
}

func (t *memHubTx) Op(device model.ID, epoch int, seq int64) (hub.Entry, error) {
	at, err := found(t.places, opKey{lifeKey{device, epoch}, seq})
	if err != nil {
		return hub.Entry{}, err
	}
	return t.entries[at-1], nil
}

func (t *memHubTx) OpAt(position int64) (hub.Entry, error) {
	if position < 1 || position > int64(len(t.entries)) {
		return hub.Entry{}, model.ErrNotFound
	}
	return t.entries[position-1], nil
}

func (t *memHubTx) AddOp(e hub.Entry) error {
	key := opKey{lifeKey{e.Op.Device, e.Op.Epoch}, e.Op.Seq}
	if _, taken := t.places.m[key]; taken || e.Ack.Position != int64(len(t.entries))+1 {
		return fmt.Errorf("局日志第 %d 条已经有了", e.Ack.Position)
	}
	t.entries = append(t.entries, e)
	t.places.set(key, e.Ack.Position)
	if e.Ack.Outcome == model.OutcomeQuarantined {
		t.quarantine.set(e.Ack.Position, false)
	}
	return nil
}

func (t *memHubTx) Log() (wire.Frontier, error) { return t.log, nil }
func (t *memHubTx) SaveLog(f wire.Frontier) error {
	t.log = f
	return nil
}

func (t *memHubTx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		e, err := t.OpAt((n + 1) << level)
		if err != nil || level >= len(e.Hashes) {
			return nil, fmt.Errorf("局日志缺少第 %d 层的摘要: %w", level, errors.Join(err, model.ErrNotFound))
		}
		out[i] = tlog.Hash(e.Hashes[level])
	}
	return out, nil
}

func (t *memHubTx) EachOp(fn func(hub.Entry) error) error { return each(t.entries, fn) }

func each[V any](list []V, fn func(V) error) error {
	for _, v := range list {
		if err := fn(v); err != nil {
			return err
		}
	}
	return nil
}

func (t *memHubTx) Quarantine() ([]hub.Entry, error) {
	var out []hub.Entry
	for _, e := range t.entries {
		if settled, set := t.quarantine.m[e.Ack.Position]; set && !settled {
			out = append(out, e)
		}
	}
	return out, nil
}

func (t *memHubTx) Settle(position int64, _ string, _ time.Time) error {
	t.quarantine.set(position, true)
	return nil
}

func (t *memHubTx) Revision(rev model.Rev) (model.Revision, error) {
	r, err := found(t.revs, rev)
	return r.Revision, err
}

func (t *memHubTx) AddRevision(r model.Revision) error {
	if _, known := t.revs.m[r.Rev]; known {
		return fmt.Errorf("版本 %s 已经有了", r.Rev)
	}
	t.revs.set(r.Rev, memRev{Revision: r})
	revs := append(slices.Clip(t.records.m[r.Record]), r.Rev)
	slices.SortFunc(revs, func(a, b model.Rev) int {
		return cmp.Or(cmp.Compare(a.Generation(), b.Generation()), cmp.Compare(a, b))
	})
	t.records.set(r.Record, revs)
	return nil
}

func (t *memHubTx) Fetch(_, _ []model.ID, _ []model.Rev) error { return nil }

func (t *memHubTx) EachRevision(fn func(model.Revision) error) error {
	for _, record := range slices.Sorted(maps.Keys(t.records.m)) {
		for _, rev := range t.records.m[record] {
			if err := fn(t.revs.m[rev].Revision); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *memHubTx) Graph(record model.ID) (merge.Graph, error) {
	g := merge.Graph{}
	for _, rev := range t.records.m[record] {
		g[rev] = t.revs.m[rev].Parents
	}
	return g, nil
}

func (t *memHubTx) Head(record model.ID) (hub.Head, error) { return found(t.heads, record) }

func (t *memHubTx) Known(revs []model.Rev) (map[model.Rev]bool, error) {
	out := map[model.Rev]bool{}
	for _, rev := range revs {
		if _, known := t.revs.m[rev]; known {
			out[rev] = true
		}
	}
	return out, nil
}
