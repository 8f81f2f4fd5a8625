package client

import (
	"context"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// released notes which changes that the hub had set aside somebody has let pass
// since: the hub has them among its revisions now. Its log says for ever that they
// were set aside; what stands here is what has become of them.
func (r *cycle) released(ctx context.Context) error {
	aside, err := r.c.opt.Store.Aside(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(aside, wire.MaxRevAsk) {
		ask := wire.RevAsk{Revs: make([]model.Rev, len(part))}
		for i, a := range part {
			ask.Revs[i] = a.Rev
		}
		var out wire.RevAsk
		if err := r.conn.call(ctx, "revisions/missing", ask, &out); err != nil {
			return err
		}
		var acks []model.Ack
		for _, a := range part {
			if !slices.Contains(out.Revs, a.Rev) {
				acks = append(acks, model.Ack{Seq: a.Seq, Outcome: model.OutcomeApplied, Position: a.Position})
			}
		}
		if len(acks) == 0 {
			continue
		}
		if err := r.c.opt.Store.Acked(ctx, acks); err != nil {
			return err
		}
	}
	return nil
}
