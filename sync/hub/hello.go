package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
	"anxin/sync/wire"
)

// hello opens a cycle: where the device's log and feeds stand, and whether this
// hub still holds everything it once confirmed. It is also how the bureau knows
// when a laptop was last in touch and what it had not handed in.
func (h *Hub) hello(ctx context.Context, who caller, in wire.Hello) (out wire.Welcome, err error) {
	if in.Protocol != wire.Protocol {
		return out, wire.Refuse(http.StatusUpgradeRequired, wire.CodeProtocol, "本机程序与局服务器的版本不一致，请升级后再同步")
	}
	var at mark
	err = h.store.Update(ctx, func(tx Tx) error {
		if err := sameMachine(tx, who, in.Life); err != nil {
			return err
		}
		out = wire.Welcome{Protocol: wire.Protocol, Hub: h.device.ID, Time: h.opt.Clock.Now(), Box: h.box()}
		if err := h.standing(tx, in.Checkpoint, &out); err != nil {
			return err
		}
		d, err := tx.Device(who.ID)
		if err != nil {
			return err
		}
		d.Seen, d.Pending, d.Bytes = out.Time, in.Pending, in.PendingBytes
		d.Until = out.Time.Add(certificateLife)
		out.Until = d.Until
		if err := tx.SaveDevice(d); err != nil {
			return err
		}
		state, err := tx.State(who.ID, who.epoch)
		if err != nil {
			return err
		}
		out.LastSeq, out.LastHash = state.LastSeq, state.LastHash
		if out.Scopes, err = scopesOf(tx, d); err != nil {
			return err
		}
		if out.Wanted, err = wanted(tx, d); err != nil {
			return err
		}
		if out.Pass, err = h.pass(tx, d); err != nil {
			return err
		}
		keys, err := h.keys(tx)
		if err != nil {
			return err
		}
		if out.Keys, err = keys.Digest(); err != nil || out.Grown {
			return err
		}
		at, err = reached(tx) // a new life may have begun
		return err
	})
	return out, errors.Join(err, h.noted(at, false, err))
}

// sameMachine refuses an epoch that another machine has begun: two that were
// copied from one may both find out and both begin the next, and would then be
// leased the same numbers. The one that comes second begins a further one.
func sameMachine(tx Tx, who caller, life string) error {
	if life == "" {
		return nil
	}
	key := fmt.Sprintf("life %s %d", who.ID, who.epoch)
	first, err := tx.Meta(key)
	switch {
	case !plain(life):
		return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "请求的格式不正确，请升级程序后重试")
	case errors.Is(err, model.ErrNotFound):
		return tx.SetMeta(key, life)
	case err == nil && first != life:
		return oldEpoch(who.epoch)
	}
	return err
}

// standing fills in how the hub's log stands to a checkpoint it handed out.
func (h *Hub) standing(tx Tx, point *wire.Checkpoint, out *wire.Welcome) error {
	log, err := tx.Log()
	if err != nil {
		return err
	}
	if out.Checkpoint, err = h.checkpoint(log); err != nil {
		return err
	}
	if out.Grown, out.Consistency, err = h.grown(tx, log, point); err != nil {
		return err
	}
	if !out.Grown {
		if err := h.noticeRollback(tx, *point); err != nil {
			return err
		}
	}
	if out.HubEpoch, err = h.epoch(tx); err != nil {
		return err
	}
	copied, err := backedUp(tx)
	out.BackedUp = copied.Size
	return err
}

// checkpoint is the hub's signed word about its log.
func (h *Hub) checkpoint(log wire.Frontier) (wire.Checkpoint, error) {
	c := wire.Checkpoint{Hub: h.device.ID, Size: log.Size, Root: log.Root(), At: h.opt.Clock.Now()}
	return c, c.Sign(h.device.Key)
}

// grown reports whether the log still begins with that of a checkpoint handed
// out, with the proof.
func (h *Hub) grown(tx Tx, log wire.Frontier, c *wire.Checkpoint) (bool, [][]byte, error) {
	if c == nil || c.Size == 0 {
		return true, nil, nil
	}
	if c.Hub != h.device.ID || c.Size > log.Size || len(c.Root) != tlog.HashSize {
		return false, nil, nil
	}
	root, err := tlog.TreeHash(c.Size, tx)
	if err != nil || root != tlog.Hash(c.Root) {
		return false, nil, err
	}
	proof, err := tlog.ProveTree(log.Size, c.Size, tx)
	return err == nil, raw(proof), err
}

func raw(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i, h := range hashes {
		out[i] = append([]byte(nil), h[:]...)
	}
	return out
}

// prove answers with proofs against the log as it is.
func (h *Hub) prove(ctx context.Context, _ caller, in wire.ProofAsk) (out wire.Proof, err error) {
	if len(in.Positions) > wire.MaxProofs {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeTooLarge, "一次最多核对 %d 条日志", wire.MaxProofs)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		log, err := tx.Log()
		if err != nil {
			return err
		}
		if out.Checkpoint, err = h.checkpoint(log); err != nil {
			return err
		}
		if in.Old < 0 || in.Old > log.Size {
			return wire.Refuse(http.StatusNotFound, wire.CodeNotFound, "局日志只有 %d 条", log.Size)
		}
		if in.Old > 0 {
			proof, err := tlog.ProveTree(log.Size, in.Old, tx)
			if err != nil {
				return err
			}
			out.Consistency = raw(proof)
		}
		for _, position := range in.Positions {
			if position < 1 || position > log.Size {
				return wire.Refuse(http.StatusNotFound, wire.CodeNotFound, "局日志只有 %d 条", log.Size)
			}
			proof, err := tlog.ProveRecord(log.Size, position-1, tx)
			if err != nil {
				return err
			}
			out.Inclusion = append(out.Inclusion, raw(proof))
		}
		return nil
	})
	return out, err
}

// digest answers with the sums of a scope, or the heads in some buckets.
func (h *Hub) digest(ctx context.Context, who caller, in wire.DigestAsk) (out wire.Digests, err error) {
	if !who.may(in.Scope, RoleRead) {
		return out, wire.Refuse(http.StatusForbidden, wire.CodeScope, "本机无权读取“%s”范围的记录", in.Scope)
	}
	wanted := map[int]bool{}
	for _, b := range in.Buckets {
		wanted[b] = true
	}
	var sums wire.Sums
	err = h.store.View(ctx, func(tx Tx) error {
		sums, out = wire.Sums{}, wire.Digests{}
		return tx.EachHead(in.Scope, func(head Head) error {
			sums.Add(head.Kind, head.Record, head.Rev)
			if wanted[wire.Bucket(head.Record)] {
				out.Heads = append(out.Heads, wire.DigestHead{Record: head.Record, Rev: head.Rev})
			}
			return nil
		})
	})
	for i := range sums {
		out.Sums = append(out.Sums, sums[i][:])
	}
	return out, err
}

func (h *Hub) box() []byte { return wire.Box(h.device.Key).PublicKey().Bytes() }
