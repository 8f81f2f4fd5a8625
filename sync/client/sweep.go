package client

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// sweep takes off this laptop what its officer may no longer see: records that
// left a scope, and those of a scope no longer granted, unless a scope that is
// granted has them now. The hub is asked which it has, so that a record is
// never dropped on a guess; own acts stay whatever becomes of the grant. In the
// cycle that refills a hub that was put back nothing is taken off, and nothing
// while that hub refuses what it lacks.
func (r *cycle) sweep(ctx context.Context) (step, error) {
	refused := false
	if _, err := r.c.load(ctx, settingRefused, &refused); err != nil || refused || r.refilled {
		return r.spent, err
	}
	var granted, before, gone []string
	for _, s := range r.welcome.Scopes {
		granted = append(granted, s.Name)
	}
	slices.Sort(granted)
	if _, err := r.c.load(ctx, settingScopes, &before); err != nil {
		return nil, err
	}
	if _, err := r.c.load(ctx, settingGone, &gone); err != nil {
		return nil, err
	}
	lost, err := r.revoked(ctx, slices.DeleteFunc(slices.Clone(before), func(s string) bool { return slices.Contains(granted, s) }))
	if err != nil {
		return nil, err
	}
	if len(lost) > 0 || len(gone) > 0 {
		if err := r.takeOff(ctx, granted, lost, gone); err != nil {
			return nil, err
		}
	}
	known := slices.DeleteFunc(slices.Concat(before, granted), func(s string) bool { return slices.Contains(lost, s) })
	slices.Sort(known)
	if known = slices.Compact(known); slices.Equal(known, before) {
		return r.spent, nil
	}
	return r.spent, r.c.save(ctx, settingScopes, known)
}

// noteScopes remembers the scopes about to be read, before anything of them is
// here, so that the loss of one is noticed even if this cycle ends early.
func (r *cycle) noteScopes(ctx context.Context) error {
	var names []string
	for _, scope := range r.welcome.Scopes {
		names = append(names, scope.Name)
	}
	return r.c.note(ctx, settingScopes, names)
}

// revoked are those of some scopes the hub refuses; one it merely does not
// name, because nothing lies in it now, is none.
func (r *cycle) revoked(ctx context.Context, scopes []string) (out []string, err error) {
	for _, scope := range scopes {
		err := r.conn.call(ctx, "digest", wire.DigestAsk{Scope: scope}, &wire.Digests{})
		switch {
		case errors.Is(err, &wire.Error{Code: wire.CodeScope}):
			out = append(out, scope)
		case err != nil:
			return nil, err
		}
	}
	return out, nil
}

// takeOff drops what neither list speaks for any more, and forgets how far the
// lost scopes were read: granted again, they are read from the beginning.
func (r *cycle) takeOff(ctx context.Context, granted, lost, gone []string) error {
	candidates, err := r.outside(ctx, lost, gone)
	if err != nil {
		return err
	}
	if len(candidates) > 0 {
		if err := r.readable(ctx, granted, candidates); err != nil {
			return err
		}
	}
	drop := make([]model.ID, 0, len(candidates))
	for id := range candidates {
		drop = append(drop, id)
	}
	slices.Sort(drop)
	if err := r.noteShed(ctx, drop); err != nil {
		return err
	}
	left := 0
	for part := range slices.Chunk(drop, wire.MaxOps) {
		done, err := r.c.opt.Store.Leave(ctx, part)
		if err != nil {
			return err
		}
		left += len(done)
	}
	for _, scope := range lost {
		if _, err := r.c.opt.Store.Pulled(ctx, scope, 0, nil); err != nil {
			return err
		}
	}
	if left > 0 {
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("本机不再有权查阅的 %d 条记录已从本机移除；本机写过的记录仍然保留", left))
	}
	return r.c.forget(ctx, settingGone, gone)
}

// outside are the records here that left a scope, or came by one that is lost.
func (r *cycle) outside(ctx context.Context, lost, gone []string) (map[model.ID]bool, error) {
	out := map[model.ID]bool{}
	for _, id := range gone {
		out[model.ID(id)] = true
	}
	for after := int64(0); len(lost) > 0; {
		kept, err := r.c.opt.Store.Kept(ctx, after, wire.MaxRevAsk)
		if err != nil || len(kept) == 0 {
			return out, err
		}
		for _, k := range kept {
			if slices.Contains(lost, k.Scope) {
				out[k.Record] = true
			}
		}
		after = kept[len(kept)-1].N
	}
	return out, nil
}

// bucketsAsked is how many of a digest's 256 buckets one question names.
const bucketsAsked = 32

// readable takes out of a set what the hub has in the scopes that are granted.
func (r *cycle) readable(ctx context.Context, granted []string, set map[model.ID]bool) error {
	for _, scope := range granted {
		for from := 0; from < 256; from += bucketsAsked {
			ask := wire.DigestAsk{Scope: scope}
			for b := range bucketsAsked {
				ask.Buckets = append(ask.Buckets, from+b)
			}
			var out wire.Digests
			if err := r.conn.call(ctx, "digest", ask, &out); err != nil {
				return err
			}
			for _, h := range out.Heads {
				delete(set, h.Record)
			}
		}
	}
	return nil
}

func texts(ids []model.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
