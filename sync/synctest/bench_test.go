package synctest

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/wire"
)

// fill commits n employers on a laptop.
func fill(w *World, l *Laptop, n int) {
	w.T.Helper()
	const batch = 500
	for from := 0; from < n; from += batch {
		var changes []model.Change
		for i := from; i < min(n, from+batch); i++ {
			changes = append(changes, model.Change{Record: modeltest.Employer(i)})
		}
		_, err := l.Store.Commit(context.Background(), model.Batch{Author: l.Author, Changes: changes})
		w.Check(err)
	}
}

// BenchmarkPush hands in new records: signed, checked, acknowledged, durable on
// both sides.
func BenchmarkPush(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := NewWorld(b, 1)
				fill(w, w.Laptops[0], n)
				b.StartTimer()
				if sum := w.Laptops[0].Sync(); sum.Pushed != n {
					b.Fatalf("pushed %d", sum.Pushed)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "ops/s")
		})
	}
}

// BenchmarkPull is the first pull of a new laptop.
func BenchmarkPull(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := NewWorld(b, 1)
			fill(w, w.Laptops[0], n)
			w.Laptops[0].Sync()
			for b.Loop() {
				b.StopTimer()
				l := w.NewLaptop(len(w.Laptops) + 1)
				l.Enrol()
				b.StartTimer()
				if sum := l.Sync(); sum.Pulled != n {
					b.Fatalf("pulled %d", sum.Pulled)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "revisions/s")
		})
	}
}

// BenchmarkNothing is a cycle with nothing to say.
func BenchmarkNothing(b *testing.B) {
	w := NewWorld(b, 1)
	fill(w, w.Laptops[0], 1000)
	w.Laptops[0].Sync()
	for b.Loop() {
		w.Laptops[0].Sync()
	}
}

// BenchmarkEvidence sends one file of 64 MiB.
func BenchmarkEvidence(b *testing.B) {
	const size = 64 << 20
	b.SetBytes(size)
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		w := NewWorld(b, 1)
		l := w.Laptops[0]
		info, err := l.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat(fmt.Appendf(nil, "%15d\n", n), size/16)))
		w.Check(err)
		l.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
		b.StartTimer()
		if sum := l.Sync(); sum.Blobs != 1 || sum.Bytes < size || wire.Leaves(info.Size) != size/wire.LeafSize {
			b.Fatalf("%+v", sum)
		}
	}
}
