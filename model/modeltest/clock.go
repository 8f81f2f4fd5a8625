package modeltest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// Day is when the clocks of tests start: Friday 18 September 2026, 09:10 in
// China.
var Day = time.Date(2026, 9, 18, 9, 10, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// Clock stands still until it is moved, or steps at every question. It is safe
// for concurrent use.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	step time.Duration
}

// NewClock starts at Day and advances by step each time it is asked; 0 stands
// still.
func NewClock(step time.Duration) *Clock { return &Clock{now: Day, step: step} }

// Now implements model.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now
	c.now = now.Add(c.step)
	return now
}

// Move sets the clock forward, or back by a negative duration.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// IDs counts: 01990000-0000-7000-8000-000000000001, …2. Different laptops of
// one test take different values of Laptop.
type IDs struct {
	Laptop int
	mu     sync.Mutex
	n      int
}

// NewID implements model.IDs.
func (i *IDs) NewID() model.ID {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.n++
	return ID(i.Laptop, i.n)
}

// ID is the n-th id of a laptop.
func ID(laptop, n int) model.ID {
	return model.ID(fmt.Sprintf("01990000-%04x-7000-8000-%012x", laptop, n))
}

// Device is the signing identity of the n-th laptop, the same in every run.
func Device(n int) seal.Device {
	seed := sha256.Sum256(fmt.Appendf(nil, "modeltest device %d", n))
	return seal.Device{ID: ID(0xdddd, n), Epoch: 1, Key: ed25519.NewKeyFromSeed(seed[:])}
}

// FastParams make passphrases cheap; for tests only.
func FastParams() seal.Params { return seal.Params{Passes: 1, MemoryKiB: 64, Threads: 1} }
