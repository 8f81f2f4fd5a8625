package uitest

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Watch sees what keeps the window waiting: it runs work at once, as
// shell.Inline does, and so knows what is called outside of work, on the
// goroutine that paints.
type Watch struct {
	Acts []Act

	act   string
	depth int           // of work within work
	apart time.Duration // spent in work during the act
	reads int           // outside of work during the act
	seen  []string
}

// Act is how long the window could not paint while something was done.
type Act struct {
	Name  string
	Held  time.Duration
	Reads int // small ones, as told by Read
}

// Start implements shell.Runner.
func (w *Watch) Start(work func(ctx context.Context, tell func(float64, string)) error, tell func(float64, string), then func(error)) func() {
	begin := time.Now()
	w.depth++
	err := work(context.Background(), tell)
	w.depth--
	if w.depth == 0 {
		w.apart += time.Since(begin)
	}
	then(err)
	return func() {}
}

// Do names what a person does and measures it; the figure is for eyes and
// benchmarks, since it is the machine's as much as the program's.
func (w *Watch) Do(name string, act func()) {
	begin := time.Now()
	w.act, w.apart, w.reads = name, 0, 0
	act()
	w.Acts = append(w.Acts, Act{name, time.Since(begin) - w.apart, w.reads})
	w.act = ""
}

// Slow is called by whatever may take long: called outside of work, it is held
// against the act.
func (w *Watch) Slow(what string) {
	if w.depth > 0 || w.act == "" {
		return
	}
	if line := fmt.Sprintf("%s: %s", w.act, what); !slices.Contains(w.seen, line) {
		w.seen = append(w.seen, line)
	}
}

// Read is called by what is short alone but adds up.
func (w *Watch) Read() {
	if w.depth == 0 {
		w.reads++
	}
}

// Seen lists what was slow and on the window's goroutine, "act: what".
func (w *Watch) Seen() []string { return w.seen }
