package synctest

import (
	"context"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
)

// TestNumbersThatWereGivenUp: voided and returned numbers reach the hub's
// ledger, and again after the hub was put back to before it knew.
func TestNumbersThatWereGivenUp(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 2)
	a := w.Laptops[0]
	a.Sync()
	back := w.SaveHub()
	_, err := a.Store.Commit(ctx, model.Batch{Author: a.Author, Void: &model.NumberVoid{Series: Series, Serial: 1, Reason: "印坏"}})
	w.Check(err)
	a.Issue("某公司")
	returned, err := a.Store.ReturnBlock(ctx, Series, 1)
	w.Check(err)
	if returned.Next != 3 || returned.To != 10 {
		t.Errorf("returned %+v", returned)
	}
	ledger := func() string {
		var out strings.Builder
		w.Inspect(func(tx hub.Tx) error {
			spent, err := tx.Spent(Series)
			for _, s := range spent {
				out.WriteString(s.State + s.Reason + " ")
			}
			return err
		})
		return out.String()
	}
	a.Sync()
	first := ledger()
	if !strings.HasPrefix(first, "作废印坏 退回") || strings.Count(first, "退回") < 8 {
		t.Errorf("ledger %q", first)
	}
	back()
	if ledger() != "" {
		t.Fatal("the hub was not put back")
	}
	w.Rest()
	if got := ledger(); got != first {
		t.Errorf("after the hub was put back: %q, was %q", got, first)
	}
	w.Invariants(nil)
}

// TestNumberedBeforeJoining: two offices of one laptop each numbered their own
// papers from 1 and then join one hub. Issued papers stay as they are and are
// flagged; the second gives back what it has not used and draws fresh numbers.
func TestNumberedBeforeJoining(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 0)
	var issued []model.Revision
	for n := 1; n <= 2; n++ {
		l := w.NewLaptop(n)
		w.Check(l.Store.AddBlock(ctx, model.Block{Series: Series, From: 1, To: 50, Source: client.SourceSelf}))
		issued = append(issued, l.Issue("某公司"))
		l.Enrol()
	}
	a, b := w.Laptops[0], w.Laptops[1]
	if sum := a.Sync(); len(sum.Notes) > 0 {
		t.Errorf("the first: %v", sum.Notes)
	}
	sum := b.Sync()
	if text := strings.Join(sum.Notes, "\n"); !strings.Contains(text, "已经退回") {
		t.Errorf("the second is told %q", text)
	}
	b.Sync() // draws numbers
	next, err := b.Store.NextNumber(ctx, Series)
	w.Check(err)
	if next <= 50 {
		t.Errorf("the second goes on with number %d", next)
	}
	b.Issue("另一公司")
	w.Rest()
	for i, l := range w.Laptops {
		if got := l.Head(issued[i].Record); got.Rev != issued[i].Rev {
			t.Errorf("laptop %d: its first paper changed", l.N)
		}
	}
	w.Inspect(func(tx hub.Tx) error {
		clashes, err := tx.Clashes()
		if len(clashes) != 1 || clashes[0].Serial != 1 {
			t.Errorf("clashes %v", clashes)
		}
		return err
	})
}

// TestClonedLaptop: a disk copied into a second machine is noticed the next
// time either meets the hub; both go on under new epochs, nothing of either is
// lost, and no number is used twice from then on.
func TestClonedLaptop(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 2, 1, Bugs{})
	a := w.Laptops[0]
	a.Put("", "", modeltest.Employer(1))
	a.Sync()
	c := a.clone()
	done := []Done{{a.Put("", "", modeltest.Employer(2)), 0}, {c.Put("", "", modeltest.Employer(3)), 2}}
	a.Sync()
	sum := c.Sync()
	if text := strings.Join(sum.Notes, "\n"); !strings.Contains(text, "复制") {
		t.Errorf("the copy is told %q", text)
	}
	if a.Sync(); a.Store.Device().Epoch == c.Store.Device().Epoch {
		t.Error("both live in one epoch")
	}
	done = append(done, Done{a.Issue("甲"), 0}, Done{c.Issue("乙"), 2})
	w.Rest()
	w.Invariants(done)
	if _, err := c.Client.Sync(ctx, nil); err != nil {
		t.Error(err)
	}
}

// TestRefilledByColleagues: the hub burned down to an old backup and so did
// the laptop that had done the work; a colleague who had received it brings it
// back, evidence included.
func TestRefilledByColleagues(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	a.Sync()
	w.Rest()
	hubBack, laptopBack := w.SaveHub(), a.save()
	info, err := a.Blobs.Put(ctx, strings.NewReader("photo"))
	w.Check(err)
	done := []Done{{a.Put("", "", modeltest.Employer(1)), 0}, {a.Issue("某公司"), 0},
		{a.Put("", "", &model.Evidence{Name: "照片.jpg", SHA256: info.SHA256, Size: info.Size}), 0}}
	w.Rest()
	if have, err := b.Store.Have(ctx, done[1].Revision.Record, done[1].Revision.Rev); err != nil || !have {
		t.Fatalf("the colleague lacks the paper: %v", err)
	}
	laptopBack()
	hubBack()
	w.Rest()
	w.Invariants(done)
	if got := a.Head(done[1].Revision.Record); got.Rev != done[1].Revision.Rev {
		t.Errorf("the paper is back as %s", got.Rev)
	}
}
