package hub_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/synctest"
	"anxin/sync/wire"
)

// BenchmarkHubPush takes 10,000 new records of one laptop in batches: signed,
// checked, sealed, logged, durable. Signing them is not counted.
func BenchmarkHubPush(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		b.StopTimer()
		p := newRig(b, nil).join(1)
		var batches [][]model.Op
		for i := range n {
			if i%wire.MaxOps == 0 {
				batches = append(batches, nil)
			}
			batches[len(batches)-1] = append(batches[len(batches)-1], p.create(modeltest.Employer(i)))
		}
		b.StartTimer()
		for _, ops := range batches {
			rec := httptest.NewRecorder()
			b.StopTimer()
			req := p.request("push", wire.Push{Ops: ops})
			b.StartTimer()
			p.handler.ServeHTTP(rec, req)
			if rec.Code != 200 {
				b.Fatal(rec.Body)
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "ops/s")
}

// BenchmarkHubPull is the hub's share of a new laptop's first pull of 20,000
// records: read, opened, packed.
func BenchmarkHubPull(b *testing.B) {
	const n = 20_000
	r := newRig(b, nil)
	p := r.join(1)
	for i := 0; i < n; i += wire.MaxOps {
		var ops []model.Op
		for j := range wire.MaxOps {
			ops = append(ops, p.create(modeltest.Employer(i+j)))
		}
		if _, err := p.push(ops...); err != nil {
			b.Fatal(err)
		}
	}
	reader := r.join(2)
	b.ResetTimer()
	for b.Loop() {
		in := wire.Pull{Scope: "本局"}
		for page := (wire.Page{Head: 1}); page.More(); {
			b.StopTimer()
			req, rec := reader.request("pull", in), httptest.NewRecorder()
			b.StartTimer()
			reader.handler.ServeHTTP(rec, req)
			b.StopTimer()
			page = wire.Page{}
			if err := answer(rec, &page); err != nil {
				b.Fatal(err)
			}
			in.Cursor = page.Next
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "revisions/s")
}

// pushLaptops hand in at the same time.
const pushLaptops = 16

// BenchmarkPostgresPush: sixteen laptops hand in one operation at a time, over
// one hub, two replicas and three, all in one scope and each in its own.
func BenchmarkPostgresPush(b *testing.B) {
	cluster := synctest.NewCluster(b)
	for _, scopes := range []int{1, pushLaptops} {
		for _, replicas := range []int{1, 2, 3} {
			b.Run(fmt.Sprintf("scopes=%d/replicas=%d", scopes, replicas), func(b *testing.B) { pushSingly(b, cluster.Database(b), replicas, scopes) })
		}
	}
}

func pushSingly(b *testing.B, dsn string, replicas, scopes int) {
	r := &rig{TB: b, clock: modeltest.NewClock(0)}
	id, err := hub.NewIdentity(r.clock, &modeltest.IDs{Laptop: 0xffff})
	r.check(err)
	store := func(id hub.Identity) (hub.Store, error) {
		return hub.OpenPostgres(context.Background(), dsn, id.Seal())
	}
	var hubs []*hub.Hub
	for range replicas {
		hubs = append(hubs, r.replica(id, store, 10*time.Second))
	}
	r.hub = hubs[0]
	r.check(r.hub.SetURL(context.Background(), "https://hub.test"))
	pens := make([]*pen, pushLaptops)
	ops := make([][]model.Op, pushLaptops)
	for i := range pens {
		if i%8 == 0 {
			r.clock.Move(60_000_000_000) // enrolments are limited per minute
		}
		pens[i] = r.join(i + 1)
		pens[i].handler = hubs[i%replicas].Handler()
		scope := fmt.Sprintf("本局/街道%02d", i%scopes)
		for j := range b.N/pushLaptops + 1 {
			ops[i] = append(ops[i], pens[i].op(scope, pens[i].revision(modeltest.ID(0x8000+i, j+1), modeltest.Employer(j))))
		}
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var wg sync.WaitGroup
	for i, p := range pens {
		wg.Go(func() {
			for _, op := range ops[i] {
				if left.Add(-1) < 0 {
					return
				}
				if _, err := p.push(op); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
}
