package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// step is one exchange with what it leaves in the store, and names the step
// after it; nil ends the cycle. A step that fails may be run again.
type step func(context.Context) (step, error)

// cycle is one run of the exchange.
type cycle struct {
	c      *Client
	conn   *conn
	home   home
	report func(Progress)
	sum    Summary

	welcome wire.Welcome
	sent    int64 // push goes on after this operation
	rounds  int   // of push and pull
	scope   int   // index of the scope being pulled
	reread  bool  // the hub was put back: pull from the beginning
	run     int   // leaves in the next request of evidence
	smooth  int   // requests since the last cut
}

// maxRounds bounds push and pull within a cycle: merges made while pulling are
// pushed at once, but two busy colleagues must not keep each other going.
const maxRounds = 3

// Back-off between tries: a random time below a bound that doubles.
const (
	firstPause = time.Second
	longPause  = 5 * time.Minute
)

// loop is the shell around the steps, from the first one on.
func (r *cycle) loop(ctx context.Context, next step) error {
	tries := 0
	for next != nil {
		after, err := next(ctx)
		if err == nil {
			tries, next = 0, after
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if tries++; tries >= r.c.opt.Attempts || !passing(err) {
			return err
		}
		if err := r.c.opt.Sleep(ctx, r.c.pause(tries)); err != nil {
			return err
		}
	}
	return nil
}

// pause is the full-jitter wait before try number tries+1.
func (c *Client) pause(tries int) time.Duration {
	bound := min(longPause, firstPause<<min(tries-1, 10))
	return time.Duration(c.opt.Random(int64(bound)))
}

func (r *cycle) tell(phase string, done, total int) {
	if r.report != nil {
		r.report(Progress{Phase: phase, Done: done, Total: total, Bytes: r.conn.bytes.Load()})
	}
}

// hello compares where both sides stand.
func (r *cycle) hello(ctx context.Context) (step, error) {
	r.tell("联系局服务器", 0, 0)
	st := r.c.opt.Store
	last, err := st.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	acked, err := st.AckedSeq(ctx)
	if err != nil {
		return nil, err
	}
	in := wire.Hello{Protocol: wire.Protocol, LastSeq: last, Pending: int(last - acked)}
	var point wire.Checkpoint
	if known, err := r.c.load(ctx, settingCheckpoint, &point); err != nil {
		return nil, err
	} else if known {
		in.Checkpoint = &point
	}
	if err := r.conn.call(ctx, "hello", in, &r.welcome); err != nil {
		return nil, err
	}
	if r.welcome.Hub != r.home.Hub {
		return nil, ErrPin
	}
	if r.welcome.LastSeq > last {
		// This laptop was put back from a copy, or runs twice.
		return r.hello, st.NewEpoch(ctx)
	}
	r.sent, r.reread = min(acked, r.welcome.LastSeq), !r.welcome.Grown
	if r.welcome.Grown {
		if err := r.keepCheckpoint(ctx, r.welcome.Checkpoint); err != nil {
			return nil, err
		}
	}
	return r.keys, nil
}

// keepCheckpoint keeps the hub's newest word about its log.
func (r *cycle) keepCheckpoint(ctx context.Context, point wire.Checkpoint) error {
	if err := point.Check(r.home.Key); err != nil {
		return err
	}
	var old wire.Checkpoint
	if _, err := r.c.load(ctx, settingCheckpoint, &old); err != nil || old.Size == point.Size {
		return err
	}
	return r.c.save(ctx, settingCheckpoint, point)
}

// keys fetches the key list when it has changed.
func (r *cycle) keys(ctx context.Context) (step, error) {
	digest, err := wire.KeyList{Keys: r.c.opt.Ring.All()}.Digest()
	if err != nil {
		return nil, err
	}
	if digest != r.welcome.Keys {
		var list wire.KeyList
		if err := r.conn.call(ctx, "keys", struct{}{}, &list); err != nil {
			return nil, err
		}
		if err := list.Check(r.home.Key); err != nil {
			return nil, err
		}
		if err := r.c.learn(ctx, list); err != nil {
			return nil, err
		}
	}
	return r.numbers, nil
}

// rewind starts the feeds over when the hub was put back from a backup.
// Reading again what is known changes nothing.
func (r *cycle) rewind(ctx context.Context) error {
	for _, scope := range r.welcome.Scopes {
		cursor, err := r.c.opt.Store.Cursor(ctx, scope.Name)
		if err != nil {
			return err
		}
		if cursor == 0 || !r.reread && cursor <= scope.Head {
			continue
		}
		if _, err := r.c.opt.Store.Pulled(ctx, scope.Name, 0, nil); err != nil {
			return err
		}
	}
	if r.reread {
		r.reread = false
		return r.keepCheckpoint(ctx, r.welcome.Checkpoint)
	}
	return nil
}

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
	var page wire.Page
	if err := r.conn.call(ctx, "pull", wire.Pull{Scope: scope, Cursor: cursor}, &page); err != nil {
		return nil, err
	}
	if err := r.c.note(ctx, settingWanted, files(page.Revisions)); err != nil {
		return nil, err
	}
	if page.Next != cursor {
		result, err := r.c.opt.Store.Pulled(ctx, scope, page.Next, headsFirst(page))
		if err != nil {
			return nil, err
		}
		r.sum.Pulled += result.Applied + result.History + result.Merged + result.Conflicts
		for _, number := range result.Duplicates {
			r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("文号 %s 在另一份文书上也用了，请向局里核实", number))
		}
	}
	r.tell("接收记录", r.sum.Pulled, r.sum.Pulled+int(max(0, page.Head-page.Next)))
	if !page.More() {
		r.scope++
	}
	return r.pull, nil
}

// pulled decides what follows a pull: push while there is something to push,
// then evidence.
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
	r.sum.Conflicts = len(conflicts)
	return r.askMissing, err
}

// push sends one batch of the log.
func (r *cycle) push(ctx context.Context) (step, error) {
	ops, err := r.batch(ctx)
	if err != nil {
		return nil, err
	}
	if len(ops) == 0 {
		return r.pull, nil
	}
	revs := make([]model.Revision, len(ops))
	for i, op := range ops {
		revs[i] = op.Revision
	}
	if err := r.c.note(ctx, settingUnsent, files(revs)); err != nil {
		return nil, err
	}
	var out wire.Pushed
	err = r.conn.call(ctx, "push", wire.Push{Ops: ops}, &out)
	var refusal *wire.Error
	if errors.As(err, &refusal) && refusal.Code == wire.CodeNeed && refusal.Need <= r.sent {
		r.sent = refusal.Need - 1
		return r.push, nil
	}
	if err != nil {
		return nil, err
	}
	if len(out.Acks) != len(ops) || out.Acks[0].Seq != ops[0].Seq {
		return nil, fmt.Errorf("局服务器对第 %d 条起的操作答复不全，请稍后再同步", ops[0].Seq)
	}
	if err := r.keepCheckpoint(ctx, out.Checkpoint); err != nil {
		return nil, err
	}
	if err := r.c.opt.Store.Acked(ctx, out.Acks); err != nil {
		return nil, err
	}
	r.sent = ops[len(ops)-1].Seq
	r.count(out.Acks)
	return r.push, nil
}

// batch is the next contiguous slice of the log that fits one push.
func (r *cycle) batch(ctx context.Context) ([]model.Op, error) {
	ops, err := r.c.opt.Store.Ops(ctx, r.sent, wire.MaxOps)
	if err != nil {
		return nil, err
	}
	size := 0
	for i, op := range ops {
		if size > wire.BatchSize {
			return ops[:i], nil
		}
		size += len(op.Revision.Body) + opOverhead
	}
	return ops, nil
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
	r.tell("上报记录", r.sum.Pushed, r.sum.Pushed)
}

// numbers tops up blocks and announces those assigned by hand.
func (r *cycle) numbers(ctx context.Context) (step, error) {
	if err := r.rewind(ctx); err != nil {
		return nil, err
	}
	in, digest, err := r.needs(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.Wants) == 0 && len(in.Assigned) == 0 {
		return r.pull, nil
	}
	var out wire.Leased
	if err := r.conn.call(ctx, "numbers", in, &out); err != nil {
		return nil, err
	}
	for _, b := range out.Blocks {
		if err := r.c.opt.Store.AddBlock(ctx, b); err != nil {
			r.sum.Notes = append(r.sum.Notes, err.Error())
		}
	}
	for _, o := range out.Overlaps {
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("号段 %s %d-%d 与“%s”的号段重叠，请在使用前向局里核实", o.Series, o.From, o.To, o.Name))
	}
	if len(in.Assigned) > 0 {
		return r.pull, r.c.opt.Store.SetSetting(ctx, settingAssigned, digest)
	}
	return r.pull, nil
}

// needs collects the series that run low and, when they changed since the hub
// last saw them, the blocks assigned by hand.
func (r *cycle) needs(ctx context.Context) (in wire.Numbers, digest string, err error) {
	st := r.c.opt.Store
	blocks, err := st.Blocks(ctx)
	if err != nil {
		return in, "", err
	}
	if in.Wants, err = r.wants(ctx, blocks); err != nil {
		return in, "", err
	}
	for _, b := range blocks {
		if b.Source != sourceOfHub {
			b.Next = b.From // where it stands is no business of the hub
			in.Assigned = append(in.Assigned, b)
		}
	}
	digest, err = digestOf(in.Assigned)
	if err != nil {
		return in, "", err
	}
	known, err := st.Setting(ctx, settingAssigned)
	if known == digest {
		in.Assigned = nil
	}
	return in, digest, err
}

// wants names the series of which little is left.
func (r *cycle) wants(ctx context.Context, blocks []model.Block) (out []wire.Want, err error) {
	left, size, have := map[string]int{}, map[string]int{}, map[string]int{}
	var series []string
	for _, b := range blocks {
		if size[b.Series] == 0 {
			series = append(series, b.Series)
		}
		left[b.Series] += b.Left()
		size[b.Series] = b.To - b.From + 1
		have[b.Series] = max(have[b.Series], b.To)
	}
	if r.c.opt.Series != nil {
		if series, err = r.c.opt.Series(ctx); err != nil {
			return nil, err
		}
	}
	for _, s := range series {
		if left[s] > 0 && left[s]*lowParts >= size[s] {
			continue
		}
		rows, err := r.c.opt.Store.Numbers(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			have[s] = max(have[s], row.Serial)
		}
		out = append(out, wire.Want{Series: s, Have: have[s]})
	}
	return out, nil
}

// sourceOfHub marks the blocks the hub leased; lowParts is the share of a
// block, one fifth, below which more is asked for.
const (
	sourceOfHub = "hub"
	lowParts    = 5
)

func digestOf(blocks []model.Block) (string, error) {
	if len(blocks) == 0 {
		return "", nil
	}
	text, err := json.Marshal(blocks)
	return fmt.Sprintf("%x", wire.Digest(text)), err
}
