package synctest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/client"
	"anxin/sync/wire"
)

// fullOnce is a journal whose disk is full for the hub's n-th answer.
type fullOnce struct {
	client.Journal
	n       int32
	answers atomic.Int32
}

var errFullOnce = errors.New("磁盘已满")

func (j *fullOnce) Acked(ctx context.Context, acks []model.Ack) error {
	if j.answers.Add(1) == j.n {
		return errFullOnce
	}
	return j.Journal.Acked(ctx, acks)
}

// TestAnswerNotKept: an answer that cannot be kept while the next push is on its
// way ends the cycle; the next sends again what is not acknowledged here, and
// nothing is twice on the hub.
func TestAnswerNotKept(t *testing.T) {
	const pushes = 3
	const n = pushes * wire.MaxOps
	for at := int32(1); at <= pushes; at++ {
		w := NewWorld(t, 0)
		w.onLoopback()
		l := w.NewLaptop(1)
		l.Enrol()
		fill(w, l, n)
		ctx := context.Background()
		c, err := client.New(ctx, client.Options{Store: &fullOnce{Journal: l.Store, n: at}, Blobs: l.Blobs, Ring: l.Ring, Clock: l.Clock})
		w.Check(err)
		if _, err := c.Sync(ctx, nil); !errors.Is(err, errFullOnce) {
			t.Fatalf("answer %d: %v", at, err)
		}
		acked, err := l.Store.AckedSeq(ctx)
		w.Check(err)
		if acked != int64(at-1)*wire.MaxOps {
			t.Errorf("answer %d: acknowledged up to %d", at, acked)
		}
		if sum := l.Sync(); sum.Pushed != n-int(acked) {
			t.Errorf("answer %d: %d pushed after %d", at, sum.Pushed, acked)
		}
		w.sameRecords(l, n)
	}
}

// waiting is a journal that writes its first page when two more are checked.
type waiting struct {
	client.Journal
	checked atomic.Int32
	both    chan struct{}
	once    sync.Once
}

func (j *waiting) Prepare(revs []model.Revision) {
	j.Journal.Prepare(revs)
	if j.checked.Add(1) == 2 {
		close(j.both)
	}
}

func (j *waiting) Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (store.PullResult, error) {
	j.once.Do(func() { <-j.both })
	return j.Journal.Pulled(ctx, scope, cursor, revs)
}

// TestPagesAhead: two pages are fetched and checked while one is being written, and all
// arrive once.
func TestPagesAhead(t *testing.T) {
	const n = 3100 // two pages of 1,000 and 2,000, and a rest
	w := NewWorld(t, 0)
	w.onLoopback()
	first := w.NewLaptop(1)
	first.Enrol()
	fill(w, first, n)
	first.Sync()
	l := w.NewLaptop(2)
	l.Enrol()
	ctx := context.Background()
	c, err := client.New(ctx, client.Options{Store: &waiting{Journal: l.Store, both: make(chan struct{})}, Blobs: l.Blobs, Ring: l.Ring, Clock: l.Clock})
	w.Check(err)
	sum, err := c.Sync(ctx, nil)
	w.Check(err)
	if sum.Pulled != n {
		t.Errorf("%d pulled of %d", sum.Pulled, n)
	}
	w.sameRecords(l, n)
}
