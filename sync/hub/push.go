package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

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
	proved := chained(in.Ops, who.Key)
	reasons, err := h.examine(ctx, in.Ops, func(op model.Op) string {
		if proved {
			return objectPlace(op)
		}
		return objectEntry(op, who.Key)
	})
	if err != nil {
		return out, err
	}
	job := &pushing{who: who, ops: in.Ops, reasons: reasons, done: make(chan struct{})}
	h.pushes.do(ctx, job, h.commit)
	return job.out, job.err
}

// commit places pushes that came in at the same time, in one transaction. One
// that fails does not take the others with it.
func (h *Hub) commit(ctx context.Context, jobs []*pushing) {
	err := h.store.Update(ctx, func(tx Tx) error { return h.placeAll(tx, jobs) })
	if err == nil {
		var last mark
		for _, j := range jobs {
			last.log = max(last.log, j.out.Checkpoint.Size)
		}
		if err := h.water.raise(last); err != nil {
			h.opt.Log.Error("mark failed", "error", err) // what was committed is answered for all the same
		}
	}
	switch {
	case err != nil && len(jobs) > 1:
		for _, j := range jobs {
			h.commit(ctx, []*pushing{j})
		}
	case err != nil:
		jobs[0].err = err
	}
}

func (h *Hub) placeAll(tx Tx, jobs []*pushing) error {
	if err := fetch(tx, jobs); err != nil {
		return err
	}
	k := h.books(tx)
	for _, j := range jobs {
		j.out, j.err = wire.Pushed{}, nil
		j.batch = &batch{books: k, who: j.who, ops: j.ops, reasons: j.reasons}
		refusal, err := j.batch.begin()
		if err == nil && refusal == nil {
			err = j.batch.run()
		}
		if err != nil {
			return err
		}
		j.err = refusal
	}
	if err := k.close(); err != nil {
		return err
	}
	for _, j := range jobs {
		if j.err != nil {
			continue
		}
		var err error
		if j.out, err = j.batch.pushed(); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads together what the pushes of a group will ask for one by one.
func fetch(tx Tx, jobs []*pushing) error {
	var devices, records []model.ID
	var revs []model.Rev
	for _, j := range jobs {
		devices = append(devices, j.who.ID)
		for _, op := range j.ops {
			records = append(records, op.Revision.Record)
			revs = append(append(revs, op.Revision.Rev), op.Revision.Parents...)
		}
	}
	return tx.Fetch(devices, records, revs)
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

// examine checks what needs no database but the keys: signatures, of revisions
// many at once. entry judges what an operation is beside its revision. It
// returns, per operation, why it is set aside.
func (h *Hub) examine(ctx context.Context, ops []model.Op, entry func(model.Op) string) ([]string, error) {
	authors := map[model.ID]ed25519.PublicKey{}
	for _, op := range ops {
		if _, ok := authors[op.Revision.Device]; ok {
			continue
		}
		key, err := h.keyOf(ctx, op.Revision.Device)
		if err != nil {
			return nil, err
		}
		authors[op.Revision.Device] = key
	}
	reasons := make([]string, len(ops))
	share := min(examineSlice, (len(ops)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for from := 0; from < len(ops); from += share {
		to := min(from+share, len(ops))
		wg.Go(func() { examineSome(ops[from:to], authors, entry, reasons[from:to]) })
	}
	wg.Wait()
	return reasons, nil
}

// examineSlice is how many signatures are checked together at most.
const examineSlice = 500

func examineSome(ops []model.Op, authors map[model.ID]ed25519.PublicKey, entry func(model.Op) string, reasons []string) {
	var at []int
	var revs []model.Revision
	var keys []ed25519.PublicKey
	for i, op := range ops {
		key := authors[op.Revision.Device]
		if reasons[i] = entry(op); reasons[i] != "" {
			continue
		}
		if key == nil {
			reasons[i] = unknownAuthor
			continue
		}
		at, revs, keys = append(at, i), append(revs, op.Revision), append(keys, key)
	}
	_, errs := seal.CanonicalRevisions(revs, keys)
	for k, i := range at {
		reasons[i] = objectSigned(revs[k], errs[k])
	}
}

// chained reports whether the signature of the last operation covers all: each
// names the hash of the one before it, so one signature says as much as all of
// them, at a fraction of the price. Where it does not, each is judged alone.
func chained(ops []model.Op, log ed25519.PublicKey) bool {
	for i, op := range ops {
		if !bytes.Equal(op.Hash, seal.OpHash(op)) || i > 0 && !bytes.Equal(op.Prev, ops[i-1].Hash) {
			return false
		}
	}
	return seal.CheckOp(ops[len(ops)-1], log) == nil
}

func objection(op model.Op, log, author ed25519.PublicKey) string {
	if reason := objectEntry(op, log); reason != "" {
		return reason
	}
	return objectRevision(op.Revision, author)
}

// objectEntry judges an operation beside its revision.
func objectEntry(op model.Op, log ed25519.PublicKey) string {
	if seal.CheckOp(op, log) != nil {
		return "操作的签名或哈希不正确"
	}
	return objectPlace(op)
}

// objectPlace is objectEntry for an operation known to stand in its device's
// log.
func objectPlace(op model.Op) string {
	if op.Scope != "" && checkScope(op.Scope) != nil || op.Number != nil && !plain(op.Number.Series) {
		return "操作的范围或文号序列的名称不正确"
	}
	return ""
}

const unknownAuthor = "版本由未登记的设备签名"

func objectRevision(r model.Revision, author ed25519.PublicKey) string {
	if author == nil {
		return unknownAuthor
	}
	return objectSigned(r, seal.CheckRevision(r, author))
}

// objectSigned judges a revision whose signature was checked with err.
func objectSigned(r model.Revision, err error) string {
	if err != nil {
		return "版本的签名与内容不符，可能冒用了别的设备"
	}
	if !isObject(r.Body) || r.Kind == "" || !plain(string(r.Kind)) {
		return "版本的内容不是一条记录"
	}
	if _, err := model.ParseID(string(r.Record)); err != nil {
		return "记录编号无效"
	}
	return ""
}

// plain: a short text every database can keep.
func plain(text string) bool { return keepable(text, maxName) }

func keepable(text string, limit int) bool {
	return len(text) <= limit && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// maxName bounds names of scopes, series and kinds, in bytes.
const maxName = 200

func isObject(body []byte) bool { return len(body) > 0 && body[0] == '{' }

// batch is one push inside its transaction.
type batch struct {
	*books
	who     caller
	ops     []model.Op
	reasons []string

	state    State
	acks     []model.Ack // of what was stored before
	from, to int         // its entries in the books
	own      []*Entry    // those that are operations of the push
	before   wire.Frontier
	after    wire.Frontier
}

// begin locks the device's state, takes the request's counter and drops what is
// already stored, whose outcomes are answered again. The first result is a
// refusal that leaves the database as it may have changed it.
func (b *batch) begin() (refusal, err error) {
	if b.who.Device, err = b.tx.Device(b.who.ID); err != nil {
		return nil, err
	}
	if err := b.h.refuseDevice(b.who.Device); b.who.nonce > 0 && err != nil {
		return err, nil
	}
	if b.state, err = b.tx.State(b.who.ID, b.who.epoch); err != nil {
		return nil, err
	}
	if b.who.nonce > 0 && b.who.nonce <= b.state.Nonce {
		return replayed(b.state.Nonce), nil
	}
	b.state.Nonce = max(b.state.Nonce, b.who.nonce) // what a stick brought has none
	if refusal, err = b.replay(); err != nil || refusal != nil || len(b.ops) == 0 {
		return refusal, errors.Join(err, b.tx.SaveState(b.state))
	}
	return nil, nil
}

func (b *batch) replay() (refusal, err error) {
	if b.state.Forked {
		return errForked, nil
	}
	for len(b.ops) > 0 && b.ops[0].Seq <= b.state.LastSeq {
		known, err := b.tx.Op(b.who.ID, b.who.epoch, b.ops[0].Seq)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(known.Op.Hash, b.ops[0].Hash) {
			return b.fork(), nil
		}
		b.acks = append(b.acks, known.Ack)
		b.ops, b.reasons = b.ops[1:], b.reasons[1:]
	}
	switch {
	case len(b.ops) == 0:
		return nil, nil
	case b.ops[0].Seq != b.state.LastSeq+1:
		r := wire.Refuse(http.StatusConflict, wire.CodeNeed, "局服务器还缺本机第 %d 条起的操作", b.state.LastSeq+1)
		r.Need = b.state.LastSeq + 1
		return r, nil
	case !bytes.Equal(b.ops[0].Prev, b.state.LastHash):
		return b.fork(), nil
	}
	return nil, nil
}

var errForked = wire.Refuse(http.StatusConflict, wire.CodeForked,
	"局服务器上有另一份同名笔记本的日志，可能是整机复制造成的；请停用其中一台，并联系管理员重新入网")

// fork freezes the device: two logs under one name cannot both be true.
func (b *batch) fork() error {
	b.state.Forked = true
	return errForked
}

// run places every operation.
func (b *batch) run() error {
	b.from = len(b.entries)
	for i := range b.ops {
		if err := b.place(i); err != nil {
			return err
		}
	}
	b.to = len(b.entries)
	b.batches = append(b.batches, b)
	n := len(b.ops)
	if n == 0 {
		return nil
	}
	b.state.LastSeq, b.state.LastHash = b.ops[n-1].Seq, b.ops[n-1].Hash
	return errors.Join(handedIn(b.tx, b.who.Device, n, 0), b.tx.SaveState(b.state))
}

// pushed is the answer, once the books are closed: what became of each
// operation, with the proof that all stand in the log.
func (b *batch) pushed() (out wire.Pushed, err error) {
	out.Acks = b.acks
	for _, e := range b.own {
		out.Acks = append(out.Acks, e.Ack)
	}
	if len(b.acks) == 0 {
		out.Proof.Before = b.before
		for _, e := range b.entries[b.from:b.to] {
			out.Proof.Entries = append(out.Proof.Entries, e.Op.Hash)
		}
	}
	out.Checkpoint, err = b.h.checkpoint(b.after)
	return out, err
}
