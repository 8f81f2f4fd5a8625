package store_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
)

// BenchmarkImport takes in records until there are as many as the largest size,
// and says at each size on the way what a record has cost so far: by the clock,
// and of processor time, which neighbours on the machine disturb less. growth is
// the cost at the last size over that at the one before: 1 is linear. The plain
// peer is the same rows in SQLite unsealed, unsigned and without history.
func BenchmarkImport(b *testing.B) {
	b.Run("sealed", func(b *testing.B) {
		l := modeltest.NewLaptop(b, 1)
		grow(b, func(from int) error {
			changes := make([]model.Change, importBatch)
			for k := range changes {
				changes[k].Record = recordOf(from + k)
			}
			_, err := l.Commit(ctx, model.Batch{Author: "o", Changes: changes})
			return err
		})
	})
	b.Run("plain", func(b *testing.B) {
		db := plain(b, b.TempDir())
		grow(b, func(from int) error { return plainBatch(db, from, importBatch) })
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
}

// grow calls take for one batch after another.
func grow(b *testing.B, take func(from int) error) {
	b.Helper()
	var wall, cpu float64
	figures := map[string]float64{"ns/op": 0}
	done, start, spent := 0, time.Now(), processor(b)
	for _, n := range sizes(b) {
		for ; done < n; done += importBatch {
			if err := take(done); err != nil {
				b.Fatal(err)
			}
		}
		before, cpuBefore := wall, cpu
		wall, cpu = float64(time.Since(start).Nanoseconds())/float64(n), float64((processor(b)-spent).Nanoseconds())/float64(n)
		figures[fmt.Sprintf("ns/record@%d", n)], figures[fmt.Sprintf("cpu-ns/record@%d", n)] = wall, cpu
		if before > 0 {
			figures["growth"], figures["cpu-growth"] = wall/before, cpu/cpuBefore
		}
	}
	for b.Loop() { // it forgets what was reported before it
	}
	for unit, figure := range figures {
		b.ReportMetric(figure, unit)
	}
}

// processor is what this process has used of all processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
