package client

import (
	"context"
	"errors"
	"time"
)

// Background runs a cycle at once, whenever kick says so and every so often,
// until the context ends. run is one cycle: Sync, or what a program does around
// it. A cycle that fails is tried again after a growing pause; while the
// officer holds the exchange back, or the laptop has joined no hub, only the
// passing of time and kick count. All waits are drawn at random around their
// mean, so that laptops one event has put in step do not stay so.
func (c *Client) Background(ctx context.Context, every time.Duration, kick <-chan struct{}, run func(context.Context) (Summary, error)) {
	for failed := 0; ctx.Err() == nil; {
		select {
		case <-c.gate.opened():
		case <-ctx.Done():
			return
		}
		_, err := run(ctx)
		if failed++; err == nil {
			failed = 0
		}
		c.rest(ctx, c.between(every, failed, err), kick)
	}
}

// between is the wait after a cycle, when so many in a row have failed.
func (c *Client) between(every time.Duration, failed int, err error) time.Duration {
	mean := every
	if passing(err) || errors.Is(err, ErrUnreachable) {
		mean = min(every, firstPause<<min(failed, 12), longPause)
	}
	return max(mean/2+time.Duration(c.opt.Random(int64(mean))), c.asked(err))
}

// rest waits, or less when somebody asks for a cycle.
func (c *Client) rest(ctx context.Context, d time.Duration, kick <-chan struct{}) {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = c.opt.Sleep(waiting, d) // whether it ran out or was stopped, the wait is over
	}()
	select {
	case <-over:
	case <-kick:
		stop()
		<-over
	}
}
