package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/wire"
)

// push takes a slice of a device's log. Signatures are checked before the
// transaction, everything that depends on what is stored inside it.
func (h *Hub) push(ctx context.Context, who caller, in wire.Push) (out wire.Pushed, err error) {
	if err := wellFormed(who, in.Ops); err != nil {
		return out, err
	}
	reasons, err := h.examine(ctx, who, in.Ops)
	if err != nil {
		return out, err
	}
	var refusal error
	err = h.store.Update(ctx, func(tx Tx) error {
		b := &batch{h: h, tx: tx, who: who, now: h.opt.Clock.Now(), ops: in.Ops, reasons: reasons}
		if refusal, err = b.begin(); err != nil || refusal != nil {
			return err
		}
		out, err = b.run()
		return err
	})
	return out, errors.Join(err, refusal)
}

func wellFormed(who caller, ops []model.Op) error {
	if len(ops) == 0 || len(ops) > wire.MaxOps {
		return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "一批应有 1 至 %d 条操作", wire.MaxOps)
	}
	for i, op := range ops {
		if op.Device != who.ID || op.Epoch != who.epoch || op.Seq != ops[0].Seq+int64(i) || op.Seq < 1 {
			return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "这批操作不是本机日志中连续的一段")
		}
	}
	return nil
}

// examine checks what needs no database but the keys: each operation's and
// each revision's signature. It returns, per operation, why it is set aside.
func (h *Hub) examine(ctx context.Context, who caller, ops []model.Op) ([]string, error) {
	keys := map[model.ID]ed25519.PublicKey{}
	err := h.store.View(ctx, func(tx Tx) error {
		for _, op := range ops {
			key, err := h.keyOf(tx, op.Revision.Device)
			if err != nil && !errors.Is(err, model.ErrNotFound) {
				return err
			}
			keys[op.Revision.Device] = key
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	reasons := make([]string, len(ops))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(ops); i += workers {
				reasons[i] = objection(ops[i], who.Key, keys[ops[i].Revision.Device])
			}
		})
	}
	wg.Wait()
	return reasons, nil
}

func objection(op model.Op, log, author ed25519.PublicKey) string {
	switch {
	case seal.CheckOp(op, log) != nil:
		return "操作的签名或哈希不正确"
	case author == nil:
		return "版本由未登记的设备签名"
	case seal.CheckRevision(op.Revision, author) != nil:
		return "版本的签名与内容不符，可能冒用了别的设备"
	case !isObject(op.Revision.Body) || op.Revision.Kind == "":
		return "版本的内容不是一条记录"
	}
	if _, err := model.ParseID(string(op.Revision.Record)); err != nil {
		return "记录编号无效"
	}
	return ""
}

func isObject(body []byte) bool { return len(body) > 0 && body[0] == '{' }

// batch is one push inside its transaction.
type batch struct {
	h       *Hub
	tx      Tx
	who     caller
	now     time.Time
	ops     []model.Op
	reasons []string

	state   State
	size    int64  // of the hub's log
	root    []byte // its chain value
	acks    []model.Ack
	touched map[string][]model.ID // records by scope, in the order they changed
}

// begin locks the device's state and drops what is already stored, whose
// outcomes are answered again. The first result is a refusal that leaves the
// database as it may have changed it.
func (b *batch) begin() (refusal, err error) {
	if b.state, err = b.tx.State(b.who.ID, b.who.epoch); err != nil {
		return nil, err
	}
	if b.state.Forked {
		return errForked, nil
	}
	for len(b.ops) > 0 && b.ops[0].Seq <= b.state.LastSeq {
		known, err := b.tx.Op(b.who.ID, b.who.epoch, b.ops[0].Seq)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(known.Op.Hash, b.ops[0].Hash) {
			return b.fork()
		}
		b.acks = append(b.acks, known.Ack)
		b.ops, b.reasons = b.ops[1:], b.reasons[1:]
	}
	if len(b.ops) == 0 {
		return nil, nil
	}
	if b.ops[0].Seq != b.state.LastSeq+1 {
		r := wire.Refuse(http.StatusConflict, wire.CodeNeed, "局服务器还缺本机第 %d 条起的操作", b.state.LastSeq+1)
		r.Need = b.state.LastSeq + 1
		return r, nil
	}
	if !bytes.Equal(b.ops[0].Prev, b.state.LastHash) {
		return b.fork()
	}
	return nil, nil
}

var errForked = wire.Refuse(http.StatusConflict, wire.CodeForked,
	"局服务器上有另一份同名笔记本的日志，可能是整机复制造成的；请停用其中一台，并联系管理员重新入网")

// fork freezes the device: two logs under one name cannot both be true.
func (b *batch) fork() (refusal, err error) {
	b.state.Forked = true
	return errForked, b.tx.SaveState(b.state)
}

// run places every operation and closes the transaction's books, the feed's
// counter last.
func (b *batch) run() (out wire.Pushed, err error) {
	if b.size, b.root, err = b.tx.LogHead(); err != nil {
		return out, err
	}
	b.touched = map[string][]model.ID{}
	for i := range b.ops {
		ack, err := b.place(i)
		if err != nil {
			return out, err
		}
		b.acks = append(b.acks, ack)
	}
	if n := len(b.ops); n > 0 {
		b.state.LastSeq, b.state.LastHash = b.ops[n-1].Seq, b.ops[n-1].Hash
		if err := b.tx.SaveState(b.state); err != nil {
			return out, err
		}
	}
	scopes := make([]string, 0, len(b.touched))
	for scope := range b.touched {
		scopes = append(scopes, scope)
	}
	slices.Sort(scopes)
	for _, scope := range scopes {
		if err := b.tx.Bump(scope, b.touched[scope]); err != nil {
			return out, err
		}
	}
	return wire.Pushed{Acks: b.acks, Checkpoint: b.h.checkpoint(b.size, b.root)}, nil
}

// log appends one operation to the hub's log.
func (b *batch) log(op model.Op, ack model.Ack) (model.Ack, error) {
	b.size++
	b.root = wire.Chain(b.root, op.Hash)
	ack.Position = b.size
	if ack.Outcome != model.OutcomeQuarantined {
		op.Revision.Body = nil // it stands in the journal
	}
	return ack, b.tx.AddOp(Entry{Op: op, Ack: ack, Root: b.root})
}

// touch notes that a record must appear in the feed.
func (b *batch) touch(scope string, record model.ID) {
	if !slices.Contains(b.touched[scope], record) {
		b.touched[scope] = append(b.touched[scope], record)
	}
}
