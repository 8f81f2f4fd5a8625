package shell

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// Work is done off the UI goroutine: it touches no widget, stops when the context
// ends and may tell how far it is (0..1) and what it does.
type Work = func(ctx context.Context, tell func(done float64, text string)) error

// Runner runs work. tell and then are called on the UI goroutine, then once, last.
type Runner interface {
	Start(work Work, tell func(done float64, text string), then func(error)) (cancel func())
}

// Background runs work on goroutines; a panic in it becomes the error given to then.
type Background struct{}

// Start implements Runner. Tellings are passed on ten times a second at most,
// because each repaints the window.
func (Background) Start(work Work, tell func(float64, string), then func(error)) func() {
	ctx, cancel := context.WithCancel(context.Background())
	throttled := &throttle{tell: tell}
	go func() {
		err := guarded(ctx, work, throttled.say)
		if err != nil && ctx.Err() != nil { // whatever the work made of it, it was stopped
			err = errors.Join(ctx.Err(), err)
		}
		cancel()
		fyne.Do(func() { then(err) })
	}()
	return cancel
}

func guarded(ctx context.Context, work Work, tell func(float64, string)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("程序内部出错，请把诊断信息交给管理员：%v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx, tell)
}

type throttle struct {
	mu   sync.Mutex
	last time.Time
	tell func(float64, string)
}

func (t *throttle) say(done float64, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := time.Now(); now.Sub(t.last) >= 100*time.Millisecond {
		t.last = now
		fyne.Do(func() { t.tell(done, text) })
	}
}

// Inline runs work at once on the calling goroutine, for tests.
type Inline struct{}

// Start implements Runner.
func (Inline) Start(work Work, tell func(float64, string), then func(error)) func() {
	then(guarded(context.Background(), work, tell))
	return func() {}
}
