package client

import (
	"context"
	"regexp"
	"slices"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/wire"
)

// eachKept reads through the journal in the order it came.
func (c *Client) eachKept(ctx context.Context, fn func([]store.Kept) error) error {
	for after := int64(0); ; {
		kept, err := c.opt.Store.Kept(ctx, after, wire.MaxRevAsk)
		if err != nil || len(kept) == 0 {
			return err
		}
		if err := fn(kept); err != nil {
			return err
		}
		after = kept[len(kept)-1].N
	}
}

// noteShed lists the files of records that are about to leave, before they do.
// Those this laptop has signed for itself are never among them.
func (r *cycle) noteShed(ctx context.Context, leaving []model.ID) error {
	own := r.c.opt.Store.Device().ID
	return r.c.eachKept(ctx, func(kept []store.Kept) error {
		going := slices.DeleteFunc(slices.Clone(kept), func(k store.Kept) bool { return !slices.Contains(leaving, k.Record) })
		revs, err := r.c.opt.Store.Revisions(ctx, going)
		if err != nil {
			return err
		}
		return r.c.note(ctx, settingShed, files(slices.DeleteFunc(revs, func(r model.Revision) bool { return r.Device == own })))
	})
}

// shed is the last step: it hears what became of what was set aside, and removes
// the files of records that left. A file stays while anything kept here speaks of
// it, while the hub wants it, and while the hub does not hold it whole: then this
// may be the last one.
func (r *cycle) shed(ctx context.Context) (step, error) {
	if err := r.released(ctx); err != nil {
		return nil, err
	}
	var list, unsent []string
	if _, err := r.c.load(ctx, settingShed, &list); err != nil || len(list) == 0 {
		return nil, err
	}
	if _, err := r.c.load(ctx, settingUnsent, &unsent); err != nil {
		return nil, err
	}
	cited, err := r.c.cited(ctx)
	if err != nil {
		return nil, err
	}
	free := slices.DeleteFunc(slices.Clone(list), func(sha string) bool { return cited[sha] || slices.Contains(unsent, sha) })
	for part := range slices.Chunk(free, wire.MaxAsk) {
		var out wire.Missing
		if err := r.conn.call(ctx, "blobs/missing", wire.Ask{SHA256: part}, &out); err != nil {
			return nil, err
		}
		unsent = append(unsent, out.SHA256...)
	}
	var done []string
	for _, sha := range list {
		switch {
		case cited[sha]:
		case slices.Contains(unsent, sha):
			continue // another cycle will tell
		default:
			if err := r.c.opt.Blobs.Drop(ctx, sha); err != nil {
				return nil, err
			}
		}
		done = append(done, sha)
	}
	return nil, r.c.forgetShed(ctx, done, cited)
}

// forgetShed ends the matter of some files: those that went are not wanted
// either.
func (c *Client) forgetShed(ctx context.Context, done []string, cited map[string]bool) error {
	gone := slices.DeleteFunc(slices.Clone(done), func(sha string) bool { return cited[sha] })
	for _, key := range []string{settingPapers, settingWanted} {
		if err := c.forget(ctx, key, gone); err != nil {
			return err
		}
	}
	return c.forget(ctx, settingShed, done)
}

var hashForm = regexp.MustCompile(`[0-9a-f]{64}`)

// cited are all hashes that stand anywhere in what is kept here, whatever they
// mean there.
func (c *Client) cited(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	return out, c.eachKept(ctx, func(kept []store.Kept) error {
		revs, err := c.opt.Store.Revisions(ctx, kept)
		for _, r := range revs {
			for _, sha := range hashForm.FindAll(r.Body, -1) {
				out[string(sha)] = true
			}
		}
		return err
	})
}
