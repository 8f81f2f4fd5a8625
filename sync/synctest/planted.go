//go:build planted

package synctest

import (
	"context"
	"errors"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// merger is the merge of laptops, sound or not.
func (b Bugs) merger(sound store.Merger) store.Merger {
	if !b.has(LastWriterWins) {
		return sound
	}
	return func(_ model.Kind, _, _, theirs []byte) ([]byte, []string, error) { return theirs, nil, nil }
}

// journal is a laptop's journal as its client sees it.
func (b Bugs) journal(j Journal) client.Journal {
	if len(b.set) == 0 {
		return j
	}
	return &badJournal{j, b}
}

type badJournal struct {
	Journal
	bugs Bugs
}

func (j *badJournal) Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (store.PullResult, error) {
	if j.bugs.has(CursorBeforeRows) && len(revs) > 0 {
		if _, err := j.Journal.Pulled(ctx, scope, cursor, nil); err != nil {
			return store.PullResult{}, err
		}
	}
	return j.Journal.Pulled(ctx, scope, cursor, revs)
}

func (j *badJournal) Ops(ctx context.Context, after int64, limit int) ([]model.Op, error) {
	ops, err := j.Journal.Ops(ctx, after, limit)
	acked, ackErr := j.AckedSeq(ctx)
	if err != nil || ackErr != nil || !j.bugs.has(AckBeforeAnswer) || len(ops) == 0 || ops[0].Seq <= acked {
		return ops, errors.Join(err, ackErr)
	}
	acks := make([]model.Ack, len(ops))
	for i, op := range ops {
		acks[i] = model.Ack{Seq: op.Seq, Outcome: model.OutcomeApplied}
	}
	return ops, j.Acked(ctx, acks)
}

func (j *badJournal) NewEpoch(ctx context.Context) error {
	if j.bugs.has(EpochIgnored) {
		return nil
	}
	if !j.bugs.has(LeaseOutlivesEpoch) {
		return j.Journal.NewEpoch(ctx)
	}
	blocks, err := j.Blocks(ctx)
	if err = errors.Join(err, j.Journal.NewEpoch(ctx)); err != nil {
		return err
	}
	for _, b := range blocks {
		b.Epoch = j.Device().Epoch
		if b.Left() > 0 {
			err = errors.Join(err, j.AddBlock(ctx, b))
		}
	}
	return err
}

func (j *badJournal) Numbers(ctx context.Context, series string) ([]model.NumberRow, error) {
	rows, err := j.Journal.Numbers(ctx, series)
	if j.bugs.has(VoidsForgotten) {
		for i := range rows {
			rows[i].State = memUsed
		}
	}
	return rows, err
}

// successor is what journals ask before a record may change.
func (b Bugs) successor() successor {
	if !b.has(IssuedThaws) {
		return model.CheckSuccessor
	}
	return func(model.Kind, []byte, []byte) error { return nil }
}

// hubStore is a hub's records as one of its replicas sees them.
func (b Bugs) hubStore(s *MemHub, replica int) hub.Store {
	if len(b.set) == 0 {
		return s
	}
	return b.diskStore(&badStore{MemHub: s, bugs: b, replica: replica})
}

type badStore struct {
	*MemHub
	bugs    Bugs
	replica int
	inner   bool // within the interlude
}

func (s *badStore) Update(ctx context.Context, fn func(hub.Tx) error) error {
	tx := &badTx{bugs: s.bugs, reserved: map[model.ID]int64{}, jumps: map[model.ID]model.Rev{}}
	err := s.MemHub.Update(ctx, func(t hub.Tx) error {
		tx.memHubTx = t.(*memHubTx)
		err := fn(tx)
		if len(tx.reserved) > 0 && s.bugs.interlude != nil && !s.inner {
			s.inner = true
			s.bugs.interlude(s.replica)
			s.inner = false
		}
		return err
	})
	if s.bugs.has(AckBeforeCommit) && errors.Is(err, errDisk) {
		return nil
	}
	return err
}

type badTx struct {
	*memHubTx
	bugs     Bugs
	reserved map[model.ID]int64     // numbers of the feed, taken once and for all
	jumps    map[model.ID]model.Rev // heads that are the other side of a conflict now
}

func (t *badTx) Blocks(series string) ([]model.Block, error) {
	if t.bugs.has(NumberLeasedTwice) {
		return nil, nil
	}
	return t.memHubTx.Blocks(series)
}

func (t *badTx) Bump(scope string, records []model.ID) error {
	switch {
	case t.bugs.has(FeedRowForgotten) && len(records) > 1:
		return t.memHubTx.Bump(scope, records[:1])
	case t.bugs.has(CounterLockDropped):
		return t.late(scope, records)
	}
	return t.memHubTx.Bump(scope, records)
}

// late gives records the numbers that were drawn when the transaction first
// ran, whatever was committed in between.
func (t *badTx) late(scope string, records []model.ID) error {
	for _, record := range records {
		if t.reserved[record] == 0 {
			t.reserved[record] = t.scopes.m[scope] + int64(len(t.reserved)) + 1
		}
		head := t.scopes.m[scope]
		t.scopes.set(scope, t.reserved[record]-1)
		if err := t.memHubTx.Bump(scope, []model.ID{record}); err != nil {
			return err
		}
		t.scopes.set(scope, max(head, t.reserved[record]))
	}
	return nil
}

func (t *badTx) AddConflict(c wire.Conflict) error {
	if t.bugs.has(ConflictDropped) {
		return nil
	}
	if t.bugs.has(HeadJumps) && c.Kind != model.KindDocument {
		t.jumps[c.Record] = c.Theirs
		c.Ours, c.Theirs = c.Theirs, c.Ours
	}
	return t.memHubTx.AddConflict(c)
}

func (t *badTx) SaveHead(h hub.Head) error {
	if rev, jumps := t.jumps[h.Record]; jumps {
		h.Rev = rev
	}
	return t.memHubTx.SaveHead(h)
}

// hubFiles are a hub's files as its replicas see them.
func (b Bugs) hubFiles(f hub.Blobs) hub.Blobs {
	if len(b.set) == 0 {
		return f
	}
	return &badFiles{f, b, map[string]bool{}}
}

type badFiles struct {
	hub.Blobs
	bugs Bugs
	said map[string]bool
}

func (f *badFiles) WriteLeaf(ctx context.Context, sha string, size int64, n int, data []byte) error {
	if f.bugs.has(LeafNotWritten) {
		f.said[sha] = true
		return nil
	}
	return f.Blobs.WriteLeaf(ctx, sha, size, n, data)
}

func (f *badFiles) Have(ctx context.Context, sha string, size int64) (wire.Bitmap, error) {
	have, err := f.Blobs.Have(ctx, sha, size)
	if f.bugs.has(FileCalledStored) || f.said[sha] {
		for n := range wire.Leaves(size) {
			have.Set(n)
		}
	}
	return have, err
}

func (f *badFiles) Finish(ctx context.Context, sha string, size int64) error {
	if f.bugs.has(FileCalledStored) {
		return nil
	}
	return f.Blobs.Finish(ctx, sha, size)
}
