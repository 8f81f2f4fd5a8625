package client

import (
	"context"
	"errors"
	"fmt"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/wire"
)

// pull fetches one page of one scope.
func (r *cycle) pull(ctx context.Context) (step, error) {
	if r.scope >= len(r.welcome.Scopes) {
		r.scope = 0
		return r.pulled(ctx)
	}
	scope := r.welcome.Scopes[r.scope].Name
	cursor, err := r.c.opt.Store.Cursor(ctx, scope)
	if err != nil {
		return nil, err
	}
	page, err := r.page(ctx, scope, cursor)
	if errors.Is(err, &wire.Error{Code: wire.CodeScope}) {
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("本机不再有权查阅“%s”的记录", scope))
		r.scope++
		return r.pull, nil
	}
	if err != nil {
		return nil, err
	}
	if page.Next < cursor || page.Next == cursor && page.More() {
		return nil, fmt.Errorf("局服务器没有给出“%s”第 %d 条以后的记录，请联系管理员", scope, cursor)
	}
	if page.More() {
		r.fetchAhead(ctx, scope, page)
	}
	if err := r.takePage(ctx, scope, cursor, page); err != nil {
		r.settle()
		if errors.Is(err, store.ErrUnknownDevice) && !r.fresh {
			r.fresh = true // a colleague joined after this cycle began
			return r.pull, r.fetchKeys(ctx)
		}
		return nil, err
	}
	r.meter.phase(PhasePull, r.sum.Pulled, r.sum.Pulled+int(max(0, page.Head-page.Next)))
	if !page.More() {
		r.scope++
	}
	return r.pull, nil
}

// takePage keeps a page: what files it speaks of before its revisions, those
// and the cursor in one transaction.
func (r *cycle) takePage(ctx context.Context, scope string, cursor int64, page wire.Page) error {
	if err := r.c.noteWanted(ctx, page.Revisions); err != nil || page.Next == cursor {
		return err
	}
	if err := r.c.note(ctx, settingGone, texts(page.Gone)); err != nil {
		return err
	}
	result, err := r.c.opt.Store.Pulled(ctx, scope, page.Next, headsFirst(page))
	if err != nil {
		return err
	}
	r.sum.Pulled += result.Applied + result.History + result.Merged + result.Conflicts
	for _, number := range result.Duplicates {
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("文号 %s 在另一份文书上也用了，请向局里核实", number))
	}
	return nil
}

// pulled decides what follows a pull: push while there is something to push,
// then the rest.
func (r *cycle) pulled(ctx context.Context) (step, error) {
	last, err := r.c.opt.Store.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	if last > r.sent && r.rounds < maxRounds {
		r.rounds++
		return r.push, nil
	}
	conflicts, err := r.c.opt.Store.Conflicts(ctx)
	if err != nil {
		return nil, err
	}
	r.sum.Conflicts = len(conflicts)
	refill := false
	if _, err := r.c.load(ctx, settingRefill, &refill); err != nil {
		return nil, err
	}
	if refill {
		return r.refill, nil
	}
	return r.sweep, nil
}

// push sends one batch of the log.
func (r *cycle) push(ctx context.Context) (step, error) {
	b := r.batch(ctx)
	if b.err != nil {
		return nil, b.err
	}
	ops := b.ops
	if len(ops) == 0 {
		return r.pull, r.kept()
	}
	if b.more {
		r.packAhead(ctx, ops[len(ops)-1].Seq)
	}
	revs := make([]model.Revision, len(ops))
	for i, op := range ops {
		revs[i] = op.Revision
	}
	if err := r.c.note(ctx, settingUnsent, files(revs)); err != nil {
		return nil, err
	}
	var out wire.Pushed
	err := r.conn.callPacked(ctx, "push", b.body, &out)
	var refusal *wire.Error
	if errors.As(err, &refusal) && refusal.Code == wire.CodeNeed && refusal.Need <= r.sent {
		r.sent = refusal.Need - 1
		return r.push, nil
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.kept(), r.logged(ctx, ops, out)); err != nil {
		return nil, err
	}
	r.keepBehind(ctx, out.Acks)
	r.sent = ops[len(ops)-1].Seq
	r.count(out.Acks)
	last, err := r.c.opt.Store.LastSeq(ctx)
	r.meter.phase(PhasePush, r.sum.Pushed, r.sum.Pushed+int(last-r.sent))
	return r.push, err
}

// logged checks that the hub has answered for every operation of a push and
// that each stands in its log where the answer says.
func (r *cycle) logged(ctx context.Context, ops []model.Op, out wire.Pushed) error {
	if len(out.Acks) != len(ops) {
		return fmt.Errorf("局服务器对第 %d 条起的操作答复不全，请稍后再同步", ops[0].Seq)
	}
	positions := make([]int64, len(ops))
	for i, ack := range out.Acks {
		if ack.Seq != ops[i].Seq {
			return fmt.Errorf("局服务器对第 %d 条操作的答复不对，请稍后再同步", ops[i].Seq)
		}
		positions[i] = ack.Position
	}
	if len(out.Proof.Entries) > 0 {
		if err := out.Proof.Check(out.Checkpoint, ops, out.Acks); err != nil {
			return fmt.Errorf("%w: %w", ErrLied, err)
		}
		return r.trust(ctx, out.Checkpoint, out.Proof.Before)
	}
	var proof wire.Proof
	if err := r.conn.call(ctx, "log/proof", wire.ProofAsk{Positions: positions}, &proof); err != nil {
		return err
	}
	if len(proof.Inclusion) != len(ops) {
		return fmt.Errorf("%w: 第 %d 条起的操作没有日志证明", ErrLied, ops[0].Seq)
	}
	for i, op := range ops {
		if err := wire.CheckIncluded(proof.Checkpoint, positions[i], op.Hash, proof.Inclusion[i]); err != nil {
			return fmt.Errorf("%w: %w", ErrLied, err)
		}
	}
	return r.trust(ctx, proof.Checkpoint, wire.Frontier{})
}

// fit cuts a slice of operations to the size of one push.
func fit(ops []model.Op) []model.Op {
	size := 0
	for i, op := range ops {
		if size > wire.BatchSize {
			return ops[:i]
		}
		size += len(op.Revision.Body) + opOverhead
	}
	return ops
}

// opOverhead is about what an operation takes beside its body, in bytes.
const opOverhead = 1 << 10

// count adds acknowledged operations to the summary and names what people
// should know of.
func (r *cycle) count(acks []model.Ack) {
	r.sum.Pushed += len(acks)
	for _, a := range acks {
		if a.Reason != "" {
			r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("第 %d 条操作：%s", a.Seq, a.Reason))
		}
	}
}
