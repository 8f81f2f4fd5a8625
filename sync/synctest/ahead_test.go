package synctest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"anxin/model"
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
