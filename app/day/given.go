package day

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"anxin/model"
)

// clock is the day's own: it stands where the running step put it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now implements model.Clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// ids gives the same ids for the same act of the same day: a UUIDv7 whose time
// is the clock's, then a count, so that ids of one act sort in the order they
// were given, and the rest from the act's name and the count.
type ids struct {
	mu    sync.Mutex
	clock *clock
	act   string
	n     uint16
}

// NewID implements model.IDs.
func (i *ids) NewID() model.ID {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.n++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", i.act, i.n))
	var u uuid.UUID
	copy(u[:], sum[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(i.clock.Now().UnixMilli()))
	copy(u[:6], ms[2:])
	binary.BigEndian.PutUint16(u[6:8], i.n&0x0fff|0x7000)
	u[8] = u[8]&0x3f | 0x80
	return model.ID(u.String())
}

// begin starts the ids of an act.
func (i *ids) begin(act string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.act, i.n = act, 0
}

// seedOf is the signing seed of one of the day's devices. It is public with
// the program: nothing signed by it is worth anything outside the sample.
func seedOf(name string) []byte {
	sum := sha256.Sum256([]byte("sample day: " + name))
	return sum[:]
}
