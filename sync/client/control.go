package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"anxin/sync/wire"
)

// gate holds cycles back while the officer has paused them, and knows whether
// the line costs money.
type gate struct {
	mu      sync.Mutex
	closed  chan struct{} // nil: open
	metered bool
}

// pass is ErrPaused while the gate is closed, or the context's error.
func (g *gate) pass(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed != nil {
		return ErrPaused
	}
	return ctx.Err()
}

// opened is closed when the gate is open.
func (g *gate) opened() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed != nil {
		return g.closed
	}
	open := make(chan struct{})
	close(open)
	return open
}

// Pause ends a cycle after the request it is at, and lets none begin until
// Resume. What was done is kept, and USB files can be exchanged meanwhile.
func (c *Client) Pause() {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	if c.gate.closed == nil {
		c.gate.closed = make(chan struct{})
	}
}

// Resume lets cycles begin again.
func (c *Client) Resume() {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	if c.gate.closed != nil {
		close(c.gate.closed)
		c.gate.closed = nil
	}
}

// SetMetered says that the line costs money: records go, files wait.
func (c *Client) SetMetered(on bool) {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.gate.metered = on
}

// Paused reports whether the officer holds the exchange back.
func (c *Client) Paused() bool { return errors.Is(c.gate.pass(context.Background()), ErrPaused) }

func (c *Client) metered() bool {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	return c.gate.metered
}

// Status is how the exchange stands.
type Status struct {
	Paused  bool
	Metered bool
	// Pending operations wait for the hub; Logged stand in its signed log, as
	// proved to this laptop; BackedUp of them lie also in its backup. Only
	// what is backed up may one day be dropped here.
	Pending  int64
	Logged   int64
	BackedUp int64
	// Files and Bytes of evidence the hub may lack.
	Files int
	Bytes int64
	// Wanted are files of colleagues that have not come yet.
	Wanted int
	// Moved is when the hub last took something, or nothing was waiting;
	// Stalled says that something has waited far too long since.
	Moved   time.Time
	Stalled bool
	// Alarm is a contradiction of the hub that people must look into, "" when
	// there is none.
	Alarm string
}

// stallAfter is how long something may wait while the hub is reached.
const stallAfter = 10 * time.Minute

// Status tells how the exchange stands, from what is known here.
func (c *Client) Status(ctx context.Context) (s Status, err error) {
	c.gate.mu.Lock()
	s.Paused, s.Metered = c.gate.closed != nil, c.gate.metered
	c.gate.mu.Unlock()
	last, err := c.opt.Store.LastSeq(ctx)
	if err != nil {
		return s, err
	}
	if s.Logged, err = c.opt.Store.AckedSeq(ctx); err != nil {
		return s, err
	}
	s.Pending = last - s.Logged
	var backed int64
	if _, err := c.load(ctx, settingBackedUp, &backed); err != nil {
		return s, err
	}
	if s.BackedUp, err = c.opt.Store.SeqAt(ctx, backed); err != nil {
		return s, err
	}
	if s.Files, s.Bytes, err = c.unsent(ctx); err != nil {
		return s, err
	}
	if s.Wanted, err = c.lackingFiles(ctx); err != nil {
		return s, err
	}
	var m moved
	if _, err := c.load(ctx, settingMoved, &m); err != nil {
		return s, err
	}
	s.Moved = m.At
	s.Stalled = s.Pending > 0 && !m.At.IsZero() && m.Met.Sub(m.At) > stallAfter
	s.Alarm, err = c.opt.Store.Setting(ctx, settingAlarm)
	return s, err
}

// moved is what noteProgress keeps: how far the hub had taken the log, when
// that last changed, and when the hub was last reached.
type moved struct {
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	Met time.Time `json:"met"`
}

// noteProgress remembers whether a cycle that reached the hub moved anything.
func (c *Client) noteProgress(ctx context.Context) error {
	last, err := c.opt.Store.LastSeq(ctx)
	if err != nil {
		return err
	}
	acked, err := c.opt.Store.AckedSeq(ctx)
	if err != nil {
		return err
	}
	var m moved
	if _, err := c.load(ctx, settingMoved, &m); err != nil {
		return err
	}
	m.Met = c.opt.Clock.Now()
	if acked != m.Seq || acked == last || m.At.IsZero() {
		m.Seq, m.At = acked, m.Met
	}
	return c.save(ctx, settingMoved, m)
}

// noteLie keeps a hub's contradiction for people until one has dealt with it.
func (c *Client) noteLie(ctx context.Context, err error) error {
	if !errors.Is(err, ErrLied) && !errors.Is(err, wire.ErrProof) {
		return nil
	}
	return c.opt.Store.SetSetting(context.WithoutCancel(ctx), settingAlarm,
		fmt.Sprintf("%s %s", c.opt.Clock.Now().Format(time.DateTime), err))
}

// ClearAlarm ends an alarm after people have looked into it.
func (c *Client) ClearAlarm(ctx context.Context) error {
	return c.opt.Store.SetSetting(ctx, settingAlarm, "")
}
