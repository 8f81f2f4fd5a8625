package client

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/wire"
)

// refill brings back to a hub that was put back from a backup what it lost and
// this laptop still holds: colleagues' revisions, those of its own earlier
// lives, and the files they speak of. It may be begun again at any time.
func (r *cycle) refill(ctx context.Context) (step, error) {
	r.refilled = true
	missing, err := r.missing(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.c.save(ctx, settingRefused, false); err != nil {
		return nil, err
	}
	return r.repair(missing, 0), nil
}

// missing are the revisions here that the hub lacks, ancestors first.
func (r *cycle) missing(ctx context.Context) (out []store.Kept, err error) {
	var after int64
	for {
		kept, err := r.c.opt.Store.Kept(ctx, after, wire.MaxRevAsk)
		if err != nil || len(kept) == 0 {
			slices.SortStableFunc(out, func(a, b store.Kept) int {
				return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Rev.Generation(), b.Rev.Generation()))
			})
			return out, err
		}
		after = kept[len(kept)-1].N
		lacking, err := r.lacking(ctx, kept)
		if err != nil {
			return nil, err
		}
		for _, k := range kept {
			if lacking[k.Rev] {
				out = append(out, k)
			}
		}
		r.meter.phase(PhaseCompare, int(after), int(after))
	}
}

// lacking asks the hub about some revisions and notes their files as unsent.
func (r *cycle) lacking(ctx context.Context, kept []store.Kept) (map[model.Rev]bool, error) {
	ask := wire.RevAsk{Revs: make([]model.Rev, len(kept))}
	for i, k := range kept {
		ask.Revs[i] = k.Rev
	}
	revs, err := r.c.opt.Store.Revisions(ctx, kept)
	if err != nil {
		return nil, err
	}
	if err := r.c.note(ctx, settingUnsent, files(revs)); err != nil {
		return nil, err
	}
	var out wire.RevAsk
	if err := r.conn.call(ctx, "revisions/missing", ask, &out); err != nil {
		return nil, err
	}
	lacking := map[model.Rev]bool{}
	for _, rev := range out.Revs {
		lacking[rev] = true
	}
	return lacking, nil
}

// repair is the step that sends the missing revisions from the n-th on.
func (r *cycle) repair(missing []store.Kept, n int) step {
	return func(ctx context.Context) (step, error) {
		if n == len(missing) {
			return r.sweep, r.c.save(ctx, settingRefill, false)
		}
		end := n
		for end < len(missing) && missing[end].Scope == missing[n].Scope && end-n < wire.MaxOps {
			end++
		}
		in := wire.Repair{Scope: missing[n].Scope}
		var err error
		if in.Revisions, err = r.c.opt.Store.Revisions(ctx, missing[n:end]); err != nil {
			return nil, err
		}
		in.Revisions = fitRevisions(in.Revisions)
		var out wire.Repaired
		if err := r.conn.call(ctx, "repair", in, &out); err != nil {
			return nil, err
		}
		if len(out.Refused) > 0 {
			if err := r.c.save(ctx, settingRefused, true); err != nil {
				return nil, err
			}
			r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("补报的 %d 条记录没有被局服务器接收：%s", len(out.Refused), out.Refused[0]))
		}
		r.meter.phase(PhaseRefill, n, len(missing))
		return r.repair(missing, n+len(in.Revisions)), nil
	}
}

func fitRevisions(revs []model.Revision) []model.Revision {
	size := 0
	for i, rev := range revs {
		if size > wire.BatchSize {
			return revs[:i]
		}
		size += len(rev.Body) + opOverhead
	}
	return revs
}
