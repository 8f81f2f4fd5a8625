package hub

import (
	"context"
	"errors"
	"net/http"

	"anxin/model"
	"anxin/sync/wire"
)

// missingRevisions answers which revisions this hub lacks.
func (h *Hub) missingRevisions(ctx context.Context, _ caller, in wire.RevAsk) (out wire.RevAsk, err error) {
	if len(in.Revs) > wire.MaxRevAsk {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeTooLarge, "一次最多询问 %d 个版本", wire.MaxRevAsk)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		out = wire.RevAsk{Revs: []model.Rev{}}
		known, err := tx.Known(in.Revs)
		for _, rev := range in.Revs {
			if !known[rev] {
				out.Revs = append(out.Revs, rev)
			}
		}
		return err
	})
	return out, err
}

// repair takes signed revisions that this hub lost, whoever made them: the
// signatures say so, not the caller. Each is placed as a push of its author would
// place it; who only reads a scope, or does no longer, may bring back what was
// written there.
func (h *Hub) repair(ctx context.Context, who caller, in wire.Repair) (out wire.Repaired, err error) {
	if len(in.Revisions) == 0 || len(in.Revisions) > wire.MaxOps {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "一次应补送 1 至 %d 个版本", wire.MaxOps)
	}
	ops := make([]model.Op, len(in.Revisions))
	for i, r := range in.Revisions {
		ops[i] = model.Op{Scope: in.Scope, Revision: r}
	}
	reasons, err := h.examine(ctx, ops, func(model.Op) string { return "" })
	if err != nil {
		return out, err
	}
	err = h.updateNoted(ctx, func(tx Tx) error {
		out = wire.Repaired{}
		k := h.books(tx)
		b := &batch{books: k, who: who, ops: ops, reasons: reasons}
		for i, op := range ops {
			kept, reason, err := b.restore(i)
			if err != nil {
				return err
			}
			if kept {
				out.Kept++
			}
			if reason != "" {
				if err := b.keepAside(i, reason); err != nil {
					return err
				}
				out.Refused = append(out.Refused, "版本 "+string(op.Revision.Rev)+"："+reason)
			}
		}
		return k.close()
	})
	return out, err
}

// restore places a revision without an operation of its own: the operation came
// before the backup was lost, or its laptop brings it later.
func (b *batch) restore(i int) (kept bool, reason string, err error) {
	op := b.ops[i]
	if b.reasons[i] != "" {
		return false, b.reasons[i], nil
	}
	if _, err := b.tx.Revision(op.Revision.Rev); err == nil || !errors.Is(err, model.ErrNotFound) {
		return false, "", err
	}
	scope, reason, err := b.refuseFrom(op)
	if err != nil || reason != "" {
		return false, reason, err
	}
	return true, "", b.adopt(i, scope)
}

// refuseFrom judges what a laptop brings back by its author's right to write it,
// and by the laptop's own where that does not suffice.
func (b *batch) refuseFrom(op model.Op) (scope, reason string, err error) {
	caller := b.who
	defer func() { b.who = caller }()
	author, err := b.tx.Device(op.Revision.Device)
	switch {
	case err == nil:
		b.who.Device = author
	case !errors.Is(err, model.ErrNotFound): // not found: the hub's own
		return "", "", err
	}
	if scope, reason, err = b.refuse(op); err != nil || reason == "" {
		return scope, reason, err
	}
	b.who = caller
	return b.refuse(op)
}

// keepAside sets a revision aside that may not be placed, for the bureau to
// deal with: nothing that is properly signed is refused into a void.
func (b *batch) keepAside(i int, reason string) error {
	if b.reasons[i] != "" {
		return nil
	}
	list, err := b.tx.Quarantine()
	if err != nil {
		return err
	}
	r := b.ops[i].Revision
	for _, e := range list {
		if e.Op.Revision.Rev == r.Rev {
			return nil
		}
	}
	return b.enterOwn(b.ops[i].Scope, r, model.Ack{Outcome: model.OutcomeQuarantined, Reason: reason})
}

// adopt keeps a revision, joins it where it can be joined, and takes the number
// it carries.
func (b *batch) adopt(i int, scope string) error {
	outcome, err := b.keep(i, scope)
	if err != nil {
		return err
	}
	if _, err := b.number(b.ops[i]); err != nil {
		return err
	}
	if outcome == model.OutcomeMerged {
		return b.mergeInto(b.ops[i].Revision)
	}
	return nil
}
