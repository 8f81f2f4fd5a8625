package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// Report is what Verify counted and found wrong.
type Report struct {
	Ops         int
	Revisions   int
	Records     int
	Conflicts   int // records with an open conflict
	Quarantined int
	Clashes     int // further holders of a number
	Blobs       int
	Faults      []string // sentences
}

func (r *Report) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verify reads everything the hub keeps and checks it against its hashes and
// signatures: the chain of the hub's log and of every device's, every
// revision, every head, every finished file. The error is only about reading.
func (h *Hub) Verify(ctx context.Context) (Report, error) { return h.verify(ctx, false) }

// VerifyDeep is Verify that also checks the signature of every operation by
// itself, where Verify is content with the last of each device's log, whose
// hash covers all before it.
func (h *Hub) VerifyDeep(ctx context.Context) (Report, error) { return h.verify(ctx, true) }

func (h *Hub) verify(ctx context.Context, deep bool) (Report, error) {
	var r Report
	err := h.store.View(ctx, func(tx Tx) error {
		keys := map[model.ID]ed25519.PublicKey{h.device.ID: h.device.Public()}
		devices, err := tx.Devices()
		if err != nil {
			return err
		}
		for _, d := range devices {
			keys[d.ID] = d.Key
		}
		if err := verifyLog(tx, keys, deep, &r); err != nil {
			return err
		}
		if err := verifyJournal(tx, keys, &r); err != nil {
			return err
		}
		clashes, err := tx.Clashes()
		r.Clashes = len(clashes)
		return err
	})
	if err != nil {
		return r, err
	}
	return r, h.verifyBlobs(ctx, &r)
}

type logID struct {
	device model.ID
	epoch  int
}

func verifyLog(tx Tx, keys map[model.ID]ed25519.PublicKey, deep bool, r *Report) error {
	var log wire.Frontier
	last, signed := map[logID]model.Op{}, map[logID]int64{}
	err := tx.EachOp(func(e Entry) error {
		r.Ops++
		op := e.Op
		done := log.Append(op.Hash)
		if e.Ack.Position != log.Size || !bytes.Equal(join(done), join(e.Hashes)) {
			r.fault("局日志第 %d 条：与前面的接不上", e.Ack.Position)
		}
		if e.Ack.Outcome == model.OutcomeQuarantined {
			r.Quarantined++
		} else if !bytes.Equal(op.Hash, seal.OpHash(op)) {
			r.fault("局日志第 %d 条：设备 %s 的操作与其哈希不符", e.Ack.Position, op.Device)
		}
		id := logID{op.Device, op.Epoch}
		if before := last[id]; op.Seq != before.Seq+1 || !bytes.Equal(op.Prev, before.Hash) {
			r.fault("局日志第 %d 条：设备 %s 的日志在第 %d 条断开", e.Ack.Position, op.Device, op.Seq)
		}
		if last[id] = op; seal.CheckOp(op, keys[op.Device]) == nil {
			signed[id] = op.Seq
		} else if deep && e.Ack.Outcome != model.OutcomeQuarantined {
			r.fault("局日志第 %d 条：设备 %s 的操作的签名不正确", e.Ack.Position, op.Device)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, op := range last { // a signature covers all before it
		if n := signed[id]; n < op.Seq {
			r.fault("设备 %s 的日志从第 %d 条起没有有效的签名", id.device, n+1)
		}
	}
	head, err := tx.Log()
	if err == nil && (head.Size != log.Size || !bytes.Equal(head.Root(), log.Root())) {
		r.fault("局日志的末端与内容不符")
	}
	return err
}

func verifyJournal(tx Tx, keys map[model.ID]ed25519.PublicKey, r *Report) error {
	heads := map[model.ID]Head{}
	if err := tx.EachHead("", func(h Head) error { heads[h.Record] = h; return nil }); err != nil {
		return err
	}
	var record model.ID
	graph := merge.Graph{}
	err := tx.EachRevision(func(rev model.Revision) error {
		r.Revisions++
		if seal.CheckRevision(rev, keys[rev.Device]) != nil {
			r.fault("记录 %s 的版本 %s：内容与签名不符", rev.Record, rev.Rev)
		}
		if rev.Record != record {
			verifyHead(heads[record], record, graph, r)
			record, graph = rev.Record, merge.Graph{}
		}
		for _, p := range rev.Parents {
			if _, ok := graph[p]; !ok {
				r.fault("记录 %s 的版本 %s：缺少上一版本", rev.Record, rev.Rev)
			}
		}
		graph[rev.Rev] = rev.Parents
		return nil
	})
	verifyHead(heads[record], record, graph, r)
	return err
}

// verifyHead checks a record's head and its open conflicts against the graph.
func verifyHead(head Head, record model.ID, graph merge.Graph, r *Report) {
	if len(graph) == 0 {
		return
	}
	r.Records++
	if head.Record == "" {
		r.fault("记录 %s：没有当前版本", record)
		return
	}
	leaves := graph.Leaves()
	if !slices.Contains(leaves, head.Rev) || head.Open != len(leaves)-1 {
		r.fault("记录 %s：当前版本或冲突与版本历史不符", record)
	}
	if head.Open > 0 {
		r.Conflicts++
	}
}

func (h *Hub) verifyBlobs(ctx context.Context, r *Report) error {
	var list []Blob
	err := h.store.View(ctx, func(tx Tx) error {
		return tx.EachBlob(func(b Blob) error {
			if b.Stored {
				list = append(list, b)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, b := range list {
		r.Blobs++
		_, err := h.reread(ctx, b)
		switch {
		case errors.Is(err, model.ErrNotFound):
			r.fault("材料 %s：文件不见了", b.SHA256)
		case errors.Is(err, ErrDamaged):
			r.fault("材料 %s：内容已损坏", b.SHA256)
		case err != nil:
			return err
		}
	}
	return nil
}
