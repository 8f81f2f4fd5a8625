package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"anxin/sync/wire"
)

// step is one exchange with what it leaves in the store, and names the step
// after it; nil ends the cycle. A step that fails may be run again.
type step func(context.Context) (step, error)

// cycle is one run of the exchange.
type cycle struct {
	c     *Client
	conn  *conn
	home  home
	meter *meter
	sum   Summary

	welcome  wire.Welcome
	sent     int64 // push goes on after this operation
	rounds   int   // of push and pull
	lives    int   // epochs begun in this cycle
	scope    int   // index of the scope being pulled
	ahead    []*ahead
	room     int    // records in the next page, 0 at first
	broke    bool   // a page did not come in this cycle
	packed   *batch // ahead of its push
	keeping  *keeping
	word     *wire.Checkpoint // the hub's newest, proved in this cycle
	lost     bool             // the hub was put back: pull from the beginning
	refilled bool             // the hub was refilled in this cycle
	fresh    bool             // the key list was fetched for an unknown signer
	met      bool             // the hub has answered
	run      int              // leaves in the next request of evidence
	smooth   int              // requests since the last cut
	toMove   int64            // bytes of the files to be sent
	moved    int64            // of them done
}

// maxRounds bounds push and pull within a cycle: merges made while pulling are
// pushed at once, but two busy colleagues must not keep each other going.
// maxLives bounds the epochs begun in one cycle.
const (
	maxRounds = 3
	maxLives  = 3
)

// Back-off between tries: a random time below a bound that doubles. The first
// is short, so that a hub that is not there is told at once.
const (
	firstPause = 200 * time.Millisecond
	longPause  = 5 * time.Minute
)

// loop is the shell around the steps, from the first one on.
func (r *cycle) loop(ctx context.Context, next step) error {
	tries := 0
	for next != nil {
		if err := r.c.gate.pass(ctx); err != nil {
			return err
		}
		after, err := next(ctx)
		if err == nil {
			tries, next = 0, after
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if behind := r.kept(); behind != nil {
			return errors.Join(behind, err)
		}
		if again := r.otherLife(err); again != nil {
			next = again
			continue
		}
		if tries++; tries >= r.c.opt.Attempts || !passing(err) {
			return err
		}
		if err := r.c.opt.Sleep(ctx, max(r.c.pause(tries), r.c.asked(err))); err != nil {
			return err
		}
	}
	return nil
}

// pause is the full-jitter wait before try number tries+1.
func (c *Client) pause(tries int) time.Duration {
	bound := min(longPause, firstPause<<min(tries-1, 12))
	return time.Duration(c.opt.Random(int64(bound)))
}

// asked is how long a busy hub asked to be left alone, and up to half as long
// again, so that those it asked do not come back together; 0 when it did not.
func (c *Client) asked(err error) time.Duration {
	var refusal *wire.Error
	if !errors.As(err, &refusal) || refusal.After <= 0 {
		return 0
	}
	after := min(refusal.After, longPause)
	return after + time.Duration(c.opt.Random(int64(after)/2+1))
}

// otherLife is the step that begins a new epoch when the hub knows another log
// under this laptop's name: it was cloned, or put back from a copy.
func (r *cycle) otherLife(err error) step {
	old := errors.Is(err, &wire.Error{Code: wire.CodeOldEpoch})
	if !old && !errors.Is(err, errOtherLife) && !errors.Is(err, &wire.Error{Code: wire.CodeForked}) || r.lives >= maxLives {
		return nil
	}
	present := int64(0)
	var refusal *wire.Error
	if old && errors.As(err, &refusal) {
		present = refusal.Need // the epoch the hub knows, where it says so
	}
	return func(ctx context.Context) (step, error) { return r.beginLife(ctx, int(present)) }
}

// beginLife starts an epoch above every known one. Leased numbers are dropped
// with the old one, what the hub had not answered for is logged again.
func (r *cycle) beginLife(ctx context.Context, above int) (step, error) {
	r.lives++
	if err := r.c.save(ctx, settingReread, true); err != nil {
		return nil, err
	}
	for {
		if err := r.c.opt.Store.NewEpoch(ctx); err != nil {
			return nil, err
		}
		if r.c.opt.Store.Device().Epoch > above {
			break
		}
	}
	if r.lives == 1 {
		r.sum.Notes = append(r.sum.Notes, "本机数据曾从备份恢复，或者整机复制到了另一台笔记本；已作为新的一期继续，原来领取的文号不再使用。如果有复制的笔记本，请停用其中一台")
	}
	return r.hello, nil
}

// hello compares where both sides stand.
func (r *cycle) hello(ctx context.Context) (step, error) {
	r.meter.phase(PhaseHello, 0, 0)
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
	if err := r.announce(ctx, &in); err != nil {
		return nil, err
	}
	r.welcome, r.word = wire.Welcome{}, nil
	if err := r.conn.call(ctx, "hello", in, &r.welcome); err != nil {
		return nil, r.stranger(ctx, err)
	}
	if r.welcome.Hub != r.home.Hub {
		return nil, ErrPin
	}
	r.met = true
	same, err := r.sameLog(ctx, last)
	if err != nil {
		return nil, err
	}
	if !same && r.lives < maxLives {
		return r.beginLife(ctx, 0)
	}
	r.sent = min(acked, r.welcome.LastSeq)
	return r.recall, r.greet(ctx, in.Checkpoint, acked)
}

// announce adds what waits here and the newest word of the hub to a hello.
func (r *cycle) announce(ctx context.Context, in *wire.Hello) error {
	var point wire.Checkpoint
	known, err := r.c.load(ctx, settingCheckpoint, &point)
	if err != nil {
		return err
	}
	if known {
		in.Checkpoint = &point
	}
	if in.Life, err = r.c.life(ctx); err != nil {
		return err
	}
	files, size, err := r.c.unsent(ctx)
	in.Pending += files
	in.PendingBytes = size
	return err
}

// sameLog says whether what the hub holds of this epoch is this laptop's own
// log, as far as it goes.
func (r *cycle) sameLog(ctx context.Context, last int64) (bool, error) {
	at := r.welcome.LastSeq
	if at > last || at < 1 {
		return at <= last, nil
	}
	ops, err := r.c.opt.Store.Ops(ctx, at-1, 1)
	if err != nil || len(ops) == 0 {
		return false, err
	}
	return bytes.Equal(ops[0].Hash, r.welcome.LastHash), nil
}

// greet judges the hub's log by what it signed before. A hub that admits to
// hold less was put back from a backup; one that claims to hold all and cannot
// prove it lies.
func (r *cycle) greet(ctx context.Context, old *wire.Checkpoint, acked int64) error {
	w := r.welcome
	if err := w.Checkpoint.Check(r.home.Key); err != nil {
		return err
	}
	if w.Grown && old != nil {
		if err := wire.CheckGrown(*old, w.Checkpoint, w.Consistency); err != nil {
			return fmt.Errorf("%w: %w", ErrLied, err)
		}
	}
	var life int
	if _, err := r.c.load(ctx, settingHubEpoch, &life); err != nil {
		return err
	}
	if r.lost = !w.Grown || w.LastSeq < acked || life != 0 && life != w.HubEpoch; r.lost {
		if err := r.c.save(ctx, settingRefill, true); err != nil {
			return err
		}
		r.sum.Notes = append(r.sum.Notes, "局服务器是从较早的备份恢复的，本机正在把它缺少的记录、文号和材料补报上去")
	} else if err := r.keepWord(ctx, old, life); err != nil {
		return err
	}
	return r.heed(ctx)
}

// heed keeps what else a welcome says: files the hub lost, how far its backup
// reaches, the key of its box, and its clock.
func (r *cycle) heed(ctx context.Context) error {
	w := r.welcome
	if err := r.c.note(ctx, settingUnsent, hashesIn(w.Wanted)); err != nil {
		return err
	}
	if skew := r.c.opt.Clock.Now().Sub(w.Time); skew.Abs() > maxSkew {
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("本机时间与局服务器相差约 %d 分钟，请核对", int(skew.Abs().Minutes())))
	}
	if len(w.Box) > 0 && !bytes.Equal(w.Box, r.home.Box) {
		r.home.Box = w.Box
		if err := r.c.save(ctx, settingHome, r.home); err != nil {
			return err
		}
	}
	var backed int64
	if _, err := r.c.load(ctx, settingBackedUp, &backed); err != nil || backed == w.BackedUp {
		return err
	}
	return r.c.save(ctx, settingBackedUp, w.BackedUp)
}

// keepWord remembers what a hub in good order said about its log and its life.
func (r *cycle) keepWord(ctx context.Context, old *wire.Checkpoint, life int) error {
	if old == nil || old.Size != r.welcome.Checkpoint.Size {
		if err := r.c.save(ctx, settingCheckpoint, r.welcome.Checkpoint); err != nil {
			return err
		}
	}
	if life == r.welcome.HubEpoch {
		return nil
	}
	return r.c.save(ctx, settingHubEpoch, r.welcome.HubEpoch)
}

// maxSkew is how far the laptop's clock may stand from the hub's unremarked.
const maxSkew = 5 * time.Minute

// trust takes a newer checkpoint of this cycle for the hub's word, once it is
// proved to continue the one held; proof asks the hub where its word alone is not
// enough. keepBehind keeps it.
func (r *cycle) trust(ctx context.Context, point wire.Checkpoint, before wire.Frontier) error {
	if err := point.Check(r.home.Key); err != nil {
		return err
	}
	old, known, err := r.held(ctx)
	if err != nil || r.lost || known && old.Size == point.Size && bytes.Equal(old.Root, point.Root) {
		return err // a hub put back is trusted anew at the end of rewind
	}
	if known && !(old.Size == before.Size && bytes.Equal(old.Root, before.Root())) {
		var proof wire.Proof
		if err := r.conn.call(ctx, "log/proof", wire.ProofAsk{Old: old.Size}, &proof); err != nil {
			return err
		}
		if err := proof.Checkpoint.Check(r.home.Key); err != nil {
			return err
		}
		if err := wire.CheckGrown(old, proof.Checkpoint, proof.Consistency); err != nil {
			return fmt.Errorf("%w: %w", ErrLied, err)
		}
		point = proof.Checkpoint
	}
	r.word = &point
	return nil
}

// held is the checkpoint that this laptop holds the hub to.
func (r *cycle) held(ctx context.Context) (point wire.Checkpoint, known bool, err error) {
	if r.word != nil {
		return *r.word, true, nil
	}
	known, err = r.c.load(ctx, settingCheckpoint, &point)
	return point, known, err
}

// keys fetches the key list when it has changed.
func (r *cycle) keys(ctx context.Context) (step, error) {
	digest, err := wire.KeyList{Keys: r.c.opt.Ring.All()}.Digest()
	if err == nil && digest != r.welcome.Keys {
		err = r.fetchKeys(ctx)
	}
	return r.rewind, err
}

func (r *cycle) fetchKeys(ctx context.Context) error {
	var list wire.KeyList
	if err := r.conn.call(ctx, "keys", struct{}{}, &list); err != nil {
		return err
	}
	if err := list.Check(r.home.Key); err != nil {
		return err
	}
	return r.c.learn(ctx, list)
}

// rewind starts the feeds over when the hub was put back from a backup, or this
// laptop began a new life. Reading again what is known changes nothing.
func (r *cycle) rewind(ctx context.Context) (step, error) {
	if err := r.noteScopes(ctx); err != nil {
		return nil, err
	}
	reread := false
	if _, err := r.c.load(ctx, settingReread, &reread); err != nil {
		return nil, err
	}
	if err := r.rewindFeeds(ctx, r.lost || reread); err != nil {
		return nil, err
	}
	if reread {
		if err := r.c.save(ctx, settingReread, false); err != nil {
			return nil, err
		}
	}
	if !r.lost {
		return r.numbers, nil
	}
	// Blocks are said again: the hub may know nothing of them.
	if err := r.c.opt.Store.SetSetting(ctx, settingAssigned, ""); err != nil {
		return nil, err
	}
	if err := r.c.save(ctx, settingCheckpoint, r.welcome.Checkpoint); err != nil {
		return nil, err
	}
	r.lost = false
	return r.numbers, r.c.save(ctx, settingHubEpoch, r.welcome.HubEpoch)
}

// rewindFeeds starts over all feeds this laptop ever read, or those that ended
// before where it stands. A scope the hub does not name now is one of them: a hub
// that was put back may not have it yet, and counts anew when it has.
func (r *cycle) rewindFeeds(ctx context.Context, all bool) error {
	var known []string
	if _, err := r.c.load(ctx, settingScopes, &known); err != nil {
		return err
	}
	heads := map[string]int64{}
	for _, scope := range r.welcome.Scopes {
		heads[scope.Name] = scope.Head
	}
	for _, scope := range known {
		cursor, err := r.c.opt.Store.Cursor(ctx, scope)
		if err != nil {
			return err
		}
		if cursor == 0 || !all && cursor <= heads[scope] {
			continue
		}
		if _, err := r.c.opt.Store.Pulled(ctx, scope, 0, nil); err != nil {
			return err
		}
	}
	return nil
}
