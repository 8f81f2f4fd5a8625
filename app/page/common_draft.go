package page

import (
	"time"

	"fyne.io/fyne/v2"
)

// draftWait is how long typing must pause before a draft is saved.
const draftWait = 1500 * time.Millisecond

// draft saves what is being typed a moment after the typing stops.
type draft struct {
	after   func(time.Duration, func()) // calls back on the window's goroutine
	save    func()
	turn    int // of the newest change
	waiting bool
}

func newDraft(env *Env, save func()) *draft { return &draft{save: save, after: env.waiter()} }

// waiter is how this laptop waits.
func (e *Env) waiter() func(time.Duration, func()) {
	if e.After != nil {
		return e.After
	}
	return func(d time.Duration, f func()) { time.AfterFunc(d, func() { fyne.Do(f) }) }
}

// touch notes a change.
func (d *draft) touch() {
	d.turn++
	d.waiting = true
	turn := d.turn
	d.after(draftWait, func() {
		if turn == d.turn {
			d.flush()
		}
	})
}

// drop forgets what waits, after an act put an end to the draft.
func (d *draft) drop() {
	d.turn++
	d.waiting = false
}

// flush saves now what waits.
func (d *draft) flush() {
	if d.waiting {
		d.waiting = false
		d.save()
	}
}
