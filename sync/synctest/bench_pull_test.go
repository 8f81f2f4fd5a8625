package synctest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// benchRecords is how many records BenchmarkPull100k moves when the environment
// does not say: 100,000, the budget's number.
const (
	benchRecords    = 100_000
	benchRecordsEnv = "ANXIN_BENCH_RECORDS"
)

// onLoopback puts the world's hub behind TLS on the loopback, with laptops as
// programs run them: a real connection, a page fetched ahead.
func (w *World) onLoopback() {
	w.T.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.Check(err)
	w.Check(w.Hub.SetURL(context.Background(), "https://"+l.Addr().String()))
	server := &http.Server{Handler: w.Hub.Handler(), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(tls.NewListener(l, w.Hub.TLS())) }()
	w.T.Cleanup(func() {
		w.Check(server.Close())
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			w.T.Error(err)
		}
	})
	w.beside, w.real = nil, true
}

// sameRecords compares a laptop with the hub record by record: the same heads,
// and of each the same bytes under a signature that holds.
func (w *World) sameRecords(l *Laptop, n int) {
	w.T.Helper()
	ctx := context.Background()
	heads := map[model.ID]model.Rev{}
	w.Inspect(func(tx hub.Tx) error {
		return tx.EachHead("", func(h hub.Head) error {
			heads[h.Record] = h.Rev
			return nil
		})
	})
	bodies := map[model.Rev][]byte{}
	first := w.Laptops[0]
	for after := int64(0); ; {
		kept, err := first.Store.Kept(ctx, after, wire.MaxRevAsk)
		w.Check(err)
		if len(kept) == 0 {
			break
		}
		after = kept[len(kept)-1].N
		full, err := first.Store.Revisions(ctx, kept)
		w.Check(err)
		for _, r := range full {
			bodies[r.Rev] = r.Body
		}
	}
	if len(heads) != n || len(bodies) != n {
		w.T.Fatalf("the hub has %d records, the first laptop %d, of %d", len(heads), len(bodies), n)
	}
	for id, rev := range heads {
		h, err := l.Store.Head(ctx, id)
		w.Check(err)
		if h.Rev != rev || !bytes.Equal(h.Body, bodies[rev]) {
			w.T.Fatalf("record %s is %s on the laptop and %s on the hub", id, h.Rev, rev)
		}
	}
	if faults := l.verify(); len(faults) > 0 {
		w.T.Fatal(faults)
	}
}

func benchSize(b *testing.B, n int) int {
	text := os.Getenv(benchRecordsEnv)
	if text == "" {
		return n
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s: %v", benchRecordsEnv, err)
	}
	return n
}

// TestAheadOnARealLine: with pages fetched and batches packed ahead, as programs
// run, a new laptop ends with what the first one handed in, record by record;
// one that is stopped on the way goes on from there.
func TestAheadOnARealLine(t *testing.T) {
	const n = 2*wire.PageRows + 10
	w := NewWorld(t, 0)
	w.onLoopback()
	first := w.NewLaptop(1)
	first.Enrol()
	fill(w, first, n)
	if sum := first.Sync(); sum.Pushed != n {
		t.Fatalf("pushed %d of %d", sum.Pushed, n)
	}
	l := w.NewLaptop(2)
	l.Enrol()
	ctx, stop := context.WithCancel(context.Background())
	_, err := l.Client.Sync(ctx, func(p client.Progress) {
		if p.Phase == "接收记录" {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped on the way: %v", err)
	}
	l.Sync()
	w.sameRecords(l, n)
}

// BenchmarkPull100k is the first pull of a new laptop over TLS on the loopback,
// from a hub on SQLite: everything signed, verified, sealed and durable. Both
// ends are compared record by record afterwards, and search-p99-ns is what one
// search costs as the pull left the index.
func BenchmarkPull100k(b *testing.B) {
	n := benchSize(b, benchRecords)
	w := NewWorld(b, 0)
	w.onLoopback()
	first := w.NewLaptop(1)
	first.Enrol()
	fill(w, first, n)
	if sum := first.Sync(); sum.Pushed != n {
		b.Fatalf("pushed %d of %d", sum.Pushed, n)
	}
	var searches []time.Duration
	for b.Loop() {
		b.StopTimer()
		l := w.NewLaptop(len(w.Laptops) + 1)
		l.Enrol()
		b.StartTimer()
		if sum := l.Sync(); sum.Pulled != n {
			b.Fatalf("pulled %d of %d", sum.Pulled, n)
		}
		b.StopTimer()
		searches = append(searches, searched(b, l, n)...)
		w.sameRecords(l, n)
		b.StartTimer()
	}
	slices.Sort(searches)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
	b.ReportMetric(float64(searches[len(searches)*99/100].Nanoseconds()), "search-p99-ns")
}

// searched is how long a laptop of n employers took for two letters of their
// names, which all of them have, and two of a person's, which few have.
func searched(b *testing.B, l *Laptop, n int) (took []time.Duration) {
	b.Helper()
	for i := range 400 {
		person := []rune(modeltest.Employer((i*7919 + 1) % n).LegalRep)
		for _, text := range []string{"建筑", string(person[:2])} {
			start := time.Now()
			heads, err := l.Store.List(context.Background(), model.Query{Text: text, Limit: 50})
			took = append(took, time.Since(start))
			if err != nil || len(heads) == 0 {
				b.Fatalf("%d found: %v", len(heads), err)
			}
		}
	}
	return took
}

// BenchmarkPush10k hands in 10,000 new records over the same line, and compares
// both ends likewise.
func BenchmarkPush10k(b *testing.B) {
	n := benchSize(b, 10_000)
	for b.Loop() {
		b.StopTimer()
		w := NewWorld(b, 0)
		w.onLoopback()
		l := w.NewLaptop(1)
		l.Enrol()
		fill(w, l, n)
		b.StartTimer()
		if sum := l.Sync(); sum.Pushed != n {
			b.Fatalf("pushed %d of %d", sum.Pushed, n)
		}
		b.StopTimer()
		w.sameRecords(l, n)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
}
