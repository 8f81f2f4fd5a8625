package synctest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/model/store"
)

// Ops implements client.Journal.
func (j *MemJournal) Ops(_ context.Context, after int64, limit int) ([]model.Op, error) {
	var out []model.Op
	for _, op := range j.now.Load().ops {
		if op.Epoch == j.now.Load().epoch && op.Seq > after && len(out) < limit {
			out = append(out, op)
		}
	}
	return out, nil
}

// LastSeq implements client.Journal.
func (j *MemJournal) LastSeq(context.Context) (int64, error) {
	if last := j.now.Load().lastOp(); last != nil {
		return last.Seq, nil
	}
	return 0, nil
}

func (s *laptopState) acked() (last int64) {
	for seq := range s.acks[s.epoch] {
		last = max(last, seq)
	}
	return last
}

// AckedSeq implements client.Journal.
func (j *MemJournal) AckedSeq(context.Context) (int64, error) { return j.now.Load().acked(), nil }

// SeqAt implements client.Journal.
func (j *MemJournal) SeqAt(_ context.Context, position int64) (last int64, err error) {
	for seq, ack := range j.now.Load().acks[j.now.Load().epoch] {
		if ack.Position <= position {
			last = max(last, seq)
		}
	}
	return last, nil
}

// Acked implements client.Journal.
func (j *MemJournal) Acked(ctx context.Context, acks []model.Ack) error {
	return j.update(ctx, func(t *memTx) error {
		done, last := t.acked(), int64(0)
		if op := t.lastOp(); op != nil {
			last = op.Seq
		}
		for _, a := range acks {
			if a.Seq > done+1 || a.Seq > last || a.Seq < 1 {
				return fmt.Errorf("中心答复了第 %d 条，但本机等待答复的是第 %d 条", a.Seq, done+1)
			}
			done = max(done, a.Seq)
			t.acks[t.epoch][a.Seq] = a
		}
		return nil
	})
}

// HubLost implements client.Journal.
func (j *MemJournal) HubLost(ctx context.Context, position int64) error {
	return j.update(ctx, func(t *memTx) error {
		first := int64(0)
		for seq, a := range t.acks[t.epoch] {
			if a.Position > position && (first == 0 || seq < first) {
				first = seq
			}
		}
		for seq := range t.acks[t.epoch] {
			if first > 0 && seq >= first {
				delete(t.acks[t.epoch], seq)
			}
		}
		return nil
	})
}

// NewEpoch implements client.Journal: what the hub has not answered for is
// logged again, numbers leased before are out of reach.
func (j *MemJournal) NewEpoch(ctx context.Context) error {
	return j.update(ctx, func(t *memTx) error {
		t.newEpoch(t.epoch + 1)
		return nil
	})
}

func (t *memTx) newEpoch(epoch int) {
	done, old := t.acked(), t.epoch
	var unsent []model.Op
	for _, op := range t.ops {
		if op.Epoch == old && op.Seq > done {
			unsent = append(unsent, op)
		}
	}
	t.epoch = epoch
	t.acks[epoch] = map[int64]model.Ack{}
	for _, op := range unsent {
		t.log(op.Revision, op.Scope, op.Number)
	}
}

// Kept implements client.Journal.
func (j *MemJournal) Kept(_ context.Context, after int64, limit int) ([]store.Kept, error) {
	var out []store.Kept
	for _, rev := range j.now.Load().order[min(int(after), len(j.now.Load().order)):] {
		if len(out) == limit {
			break
		}
		r := j.now.Load().rows[rev]
		out = append(out, store.Kept{N: int64(r.n), Rev: rev, Record: r.Record, Scope: r.scope})
	}
	return out, nil
}

// Revisions implements client.Journal.
func (j *MemJournal) Revisions(_ context.Context, lines []store.Kept) ([]model.Revision, error) {
	var out []model.Revision
	for _, k := range lines {
		r, known := j.now.Load().rows[k.Rev]
		if !known {
			return nil, fmt.Errorf("版本 %s: %w", k.Rev, model.ErrNotFound)
		}
		out = append(out, r.Revision)
	}
	return out, nil
}

// Head is the newest state of a record.
func (j *MemJournal) Head(_ context.Context, id model.ID) (model.Head, error) {
	rev, known := j.now.Load().heads[id]
	if !known {
		return model.Head{}, fmt.Errorf("记录 %s: %w", id, model.ErrNotFound)
	}
	h, _ := j.head(rev)
	return h, nil
}

// face is what lists keep of a revision; its content never changes.
type face struct {
	sum  model.Summary
	find []string
}

// head is a revision as lists show it, and the words it is found by.
func (j *MemJournal) head(rev model.Rev) (model.Head, []string) {
	r := j.now.Load().rows[rev]
	known, made := j.faces.Load(rev)
	f, _ := known.(face)
	if !made {
		// A kind or shape of a newer program has no face and is kept all the same.
		if record, err := model.Decode(r.Kind, r.Body); err == nil {
			f.sum = record.Summary()
			f.find, f.sum.Find = f.sum.Find, nil
		}
		j.faces.Store(rev, f)
	}
	h := model.Head{ID: r.Record, Kind: r.Kind, Rev: r.Rev, Author: r.Author, Updated: r.Time, Body: r.Body, Summary: f.sum}
	h.Conflict = slices.ContainsFunc(j.now.Load().conflict, func(c model.Conflict) bool { return c.Record == r.Record })
	return h, f.find
}

// History is every revision of a record, oldest first.
func (j *MemJournal) History(_ context.Context, id model.ID) ([]model.Revision, error) {
	var out []model.Revision
	for _, rev := range j.now.Load().order {
		if r := j.now.Load().rows[rev]; r.Record == id {
			out = append(out, r.Revision)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("记录 %s: %w", id, model.ErrNotFound)
	}
	return out, nil
}

// Have says whether a revision is in the journal.
func (j *MemJournal) Have(_ context.Context, _ model.ID, rev model.Rev) (bool, error) {
	_, known := j.now.Load().rows[rev]
	return known, nil
}

// List selects heads, newest to this laptop first or by due day.
func (j *MemJournal) List(_ context.Context, q model.Query) ([]model.Head, error) {
	out := j.selected(q)
	newest := func(a, b model.Head) int { return cmp.Compare(j.now.Load().rows[b.Rev].n, j.now.Load().rows[a.Rev].n) }
	slices.SortFunc(out, func(a, b model.Head) int {
		if x, y := a.Summary.Due, b.Summary.Due; q.ByDue && x != y {
			if x == "" || y == "" {
				return cmp.Compare(y, x)
			}
			return cmp.Compare(x, y)
		}
		return newest(a, b)
	})
	limit := q.Limit
	if limit == 0 {
		limit = 200
	}
	out = out[min(q.Offset, len(out)):]
	return out[:min(limit, len(out))], nil
}

// Count is how many heads a query selects.
func (j *MemJournal) Count(_ context.Context, q model.Query) (int, error) {
	return len(j.selected(q)), nil
}

func (j *MemJournal) selected(q model.Query) []model.Head {
	var out []model.Head
	for _, rev := range j.now.Load().heads {
		h, find := j.head(rev)
		s := h.Summary
		if q.Kind != "" && h.Kind != q.Kind || len(q.States) > 0 && !slices.Contains(q.States, s.State) ||
			q.Case != "" && s.Case != q.Case || q.Parent != "" && s.Parent != q.Parent || q.Number != "" && s.Number != q.Number ||
			q.DueBefore != "" && (s.Due == "" || s.Due > q.DueBefore) || !j.finds(q.Text, find) {
			continue
		}
		out = append(out, h)
	}
	return out
}

// Conflicts implements client.Journal.
func (j *MemJournal) Conflicts(context.Context) ([]model.Conflict, error) {
	return slices.Clone(j.now.Load().conflict), nil
}

// Cursor implements client.Journal.
func (j *MemJournal) Cursor(_ context.Context, scope string) (int64, error) {
	return j.now.Load().cursors[scope], nil
}
