package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"anxin/model"
	"anxin/sync/wire"
)

// hello opens a cycle: where the device's log and feed stand, and whether this
// hub still holds everything it once confirmed.
func (h *Hub) hello(ctx context.Context, who caller, in wire.Hello) (out wire.Welcome, err error) {
	if in.Protocol != wire.Protocol {
		return out, wire.Refuse(http.StatusUpgradeRequired, wire.CodeProtocol, "本机程序与局服务器的版本不一致，请升级后再同步")
	}
	err = h.store.View(ctx, func(tx Tx) error {
		state, err := tx.State(who.ID, who.epoch)
		if err != nil {
			return err
		}
		head, err := tx.ScopeHead(who.Scope)
		if err != nil {
			return err
		}
		grown, err := h.grown(tx, in.Checkpoint)
		if err != nil {
			return err
		}
		keys, err := h.keys(tx)
		if err != nil {
			return err
		}
		digest, err := keys.Digest()
		if err != nil {
			return err
		}
		size, root, err := tx.LogHead()
		out = wire.Welcome{Protocol: wire.Protocol, Hub: h.device.ID, Time: h.opt.Clock.Now(), LastSeq: state.LastSeq,
			LastHash: state.LastHash, Scopes: []wire.Scope{{Name: who.Scope, Head: head}}, Grown: grown, Keys: digest,
			Checkpoint: h.checkpoint(size, root)}
		return err
	})
	return out, err
}

// checkpoint is the hub's signed word about its log.
func (h *Hub) checkpoint(size int64, root []byte) wire.Checkpoint {
	c := wire.Checkpoint{Hub: h.device.ID, Size: size, Root: root, At: h.opt.Clock.Now()}
	c.Sign(h.device.Key)
	return c
}

// grown reports whether the log still contains a checkpoint handed out.
func (h *Hub) grown(tx Tx, c *wire.Checkpoint) (bool, error) {
	if c == nil || c.Size == 0 {
		return true, nil
	}
	root, err := tx.Root(c.Size)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil && c.Hub == h.device.ID && bytes.Equal(root, c.Root), err
}

// pull reads one page of the feed. A page ends between two records. What the
// caller wrote in its present life is left out: it has it, and it is most of
// what a laptop would get back after a push.
func (h *Hub) pull(ctx context.Context, who caller, in wire.Pull) (page wire.Page, err error) {
	if in.Scope != who.Scope {
		return page, wire.Refuse(http.StatusForbidden, wire.CodeBad, "本机无权读取“%s”范围的记录", in.Scope)
	}
	limit := wire.PageRows
	if in.Limit > 0 {
		limit = min(in.Limit, limit)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		page = wire.Page{Next: in.Cursor}
		if page.Head, err = tx.ScopeHead(in.Scope); err != nil {
			return err
		}
		records, bytes, full := []model.ID{}, 0, false
		err := tx.Feed(in.Scope, in.Cursor, func(seq int64, r model.Revision) bool {
			if seq != page.Next {
				if full = len(records) >= limit && len(page.Revisions) > 0 || bytes > wire.PageSize; full {
					return false
				}
				records = append(records, r.Record)
			}
			page.Next = seq
			if r.Device != who.ID || r.Epoch != who.epoch {
				page.Revisions = append(page.Revisions, r)
				bytes += len(r.Body)
			}
			return true
		})
		if err != nil {
			return err
		}
		if !full {
			page.Next = max(page.Head, in.Cursor)
		}
		return attachConflicts(tx, &page, records)
	})
	return page, err
}

// attachConflicts adds what is open on the records of a page.
func attachConflicts(tx Tx, page *wire.Page, records []model.ID) error {
	for _, record := range records {
		head, err := tx.Head(record)
		if err != nil {
			return fmt.Errorf("记录 %s: %w", record, err)
		}
		if head.Open == 0 {
			continue
		}
		open, err := tx.Conflicts(record)
		if err != nil {
			return err
		}
		for _, c := range open {
			c.Ours = head.Rev
			page.Conflicts = append(page.Conflicts, c)
		}
	}
	return nil
}
