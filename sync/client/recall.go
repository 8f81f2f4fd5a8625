package client

import (
	"context"
	"errors"

	"anxin/sync/wire"
)

// ErrUnconfirmed: the hub was put back to a backup from before this laptop
// joined, and the bureau has not confirmed it yet.
var ErrUnconfirmed = errors.New("局服务器是从较早的备份恢复的，还不认得这台笔记本；已经登记，请管理员在局服务器上确认，然后再同步")

// recall is the step that reminds a hub that was put back of what it had signed
// for this laptop, before anything newer of it is kept.
func (r *cycle) recall(ctx context.Context) (step, error) {
	if r.lost {
		if _, err := r.remind(ctx); err != nil {
			return nil, err
		}
	}
	return r.keys, r.keepPass(ctx)
}

// keepPass keeps the pass that came with a welcome.
func (r *cycle) keepPass(ctx context.Context) error {
	if r.welcome.Pass == nil {
		return nil
	}
	if err := r.welcome.Pass.Check(r.home.Key); err != nil {
		return err
	}
	return r.c.save(ctx, settingPass, r.welcome.Pass)
}

// reminder is what the hub has signed for this laptop.
func (r *cycle) reminder(ctx context.Context) (in wire.Recall, err error) {
	var pass wire.Pass
	known, err := r.c.load(ctx, settingPass, &pass)
	if known {
		in.Pass = &pass
	}
	if err == nil {
		_, err = r.c.load(ctx, settingKeys, &in.Keys)
	}
	return in, err
}

// remind shows the hub its own words. One that has no ear for them is older.
func (r *cycle) remind(ctx context.Context) (out wire.Recalled, err error) {
	in, err := r.reminder(ctx)
	if err != nil {
		return out, err
	}
	err = r.conn.call(ctx, "recall", in, &out)
	if errors.Is(err, &wire.Error{Code: wire.CodeNotFound}) {
		return out, nil
	}
	return out, err
}

// stranger is what it means that the hub does not know this laptop: when the hub
// has forgotten it, it is reminded.
func (r *cycle) stranger(ctx context.Context, refusal error) error {
	if !errors.Is(refusal, &wire.Error{Code: wire.CodeUnsigned}) {
		return refusal
	}
	out, err := r.remind(ctx)
	switch {
	case err == nil && out.Waiting:
		return ErrUnconfirmed
	case err == nil, errors.Is(err, &wire.Error{Code: wire.CodeUnsigned}):
		return refusal
	}
	return err
}
