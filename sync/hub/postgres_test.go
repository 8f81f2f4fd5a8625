package hub_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/synctest"
	"anxin/sync/wire"
)

// onPostgres is a rig of replicas over one database.
func onPostgres(t *testing.T, dsn string, replicas int) (*rig, []*hub.Hub, hub.Identity) {
	t.Helper()
	r := &rig{TB: t, clock: modeltest.NewClock(0), dsn: dsn}
	id, err := hub.NewIdentity(r.clock, &modeltest.IDs{Laptop: 0xffff})
	r.check(err)
	var hubs []*hub.Hub
	for range replicas {
		hubs = append(hubs, r.replica(id, open(dsn), 0))
	}
	r.hub = hubs[0]
	r.check(r.hub.SetURL(context.Background(), "https://hub.test"))
	return r, hubs, id
}

func open(dsn string) func(hub.Identity) (hub.Store, error) {
	return func(id hub.Identity) (hub.Store, error) {
		return hub.OpenPostgres(context.Background(), dsn, id.Seal())
	}
}

// deliver hands in operations one by one and repeats each until it is
// acknowledged, as a laptop does.
func (p *pen) deliver(ops []model.Op) {
	for _, op := range ops {
		for tries := 0; ; tries++ {
			acks, err := p.push(op)
			if err == nil && len(acks) == 1 && acks[0].Outcome == model.OutcomeApplied {
				break
			}
			var refusal *wire.Error
			if tries > 5000 || err == nil || errors.As(err, &refusal) && refusal.Status < 500 {
				p.Errorf("operation %d: %v %v", op.Seq, acks, err)
				return
			}
		}
	}
}

// whole checks everything a hub keeps and that it has so many operations.
func whole(t *testing.T, h *hub.Hub, ops int) {
	t.Helper()
	report, err := h.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Faults) > 0 || report.Ops != ops || report.Revisions != ops {
		t.Errorf("want %d operations: %+v", ops, report)
	}
}

// TestPostgresPowerCut: laptops go on handing in to two replicas while the
// database is cut off and started again; everything acknowledged is there, once.
func TestPostgresPowerCut(t *testing.T) {
	const laptops, each, cuts = 4, 30, 2
	r, hubs, _ := onPostgres(t, database(t), 2)
	var wg sync.WaitGroup
	for n := range laptops {
		p := r.join(n + 1)
		p.handler = hubs[n%2].Handler()
		var ops []model.Op
		for i := range each {
			ops = append(ops, p.create(modeltest.Employer(i)))
		}
		wg.Go(func() { p.deliver(ops) })
	}
	for range cuts {
		onePostgres.Crash(t)
		onePostgres.Start(t)
	}
	wg.Wait()
	whole(t, hubs[1], laptops*each)
}

// TestPostgresMoves: a dump loaded into a young cluster serves on: nothing is
// missing from the feed, and new work comes after it.
func TestPostgresMoves(t *testing.T) {
	dsn, young := database(t), synctest.NewCluster(t, "fsync=off")
	r, _, id := onPostgres(t, dsn, 1)
	p, reader := r.join(1), r.join(2)
	const before, after = 30, 5
	for i := range before {
		p.deliver([]model.Op{p.create(modeltest.Employer(i))})
	}
	moved := r.replica(id, open(onePostgres.Copy(t, dsn, young)), 0)
	p.handler, reader.handler = moved.Handler(), moved.Handler()
	for i := range after {
		p.deliver([]model.Op{p.create(modeltest.Employer(before + i))})
	}
	var page wire.Page
	r.check(reader.call("pull", wire.Pull{Scope: "本局"}, &page))
	if len(page.Revisions) != before+after || page.Next != before+after {
		t.Errorf("the feed shows %d of %d records, cursor %d", len(page.Revisions), before+after, page.Next)
	}
	whole(t, moved, before+after)
}

// TestForeignDatabase: a hub does not touch the database of another.
func TestForeignDatabase(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "hub.db")
	clock := modeltest.NewClock(0)
	for i, want := range []bool{true, false} {
		id, err := hub.NewIdentity(clock, &modeltest.IDs{Laptop: i})
		if err != nil {
			t.Fatal(err)
		}
		s, err := hub.OpenSQLite(ctx, path, id.Seal())
		if err != nil {
			t.Fatal(err)
		}
		blobs, err := hub.OpenFolder(t.TempDir(), id.Seal())
		if err != nil {
			t.Fatal(err)
		}
		h, err := hub.Assemble(ctx, id, s, blobs, hub.Options{Clock: clock, IDs: &modeltest.IDs{}})
		if (err == nil) != want {
			t.Fatalf("identity %d: %v", i, err)
		}
		if err == nil {
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
