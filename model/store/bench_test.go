package store_test

import (
	"fmt"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

func BenchmarkCommit(b *testing.B) {
	l := modeltest.NewLaptop(b, 1)
	for i := 0; b.Loop(); i++ {
		l.Save(b, model.Change{Record: modeltest.Employer(i)})
	}
}

// many fills a laptop with n records, every fifth an officer.
func many(b *testing.B, n int) *modeltest.Laptop {
	b.Helper()
	l := modeltest.NewLaptop(b, 1)
	const batch = 1000
	for i := 0; i < n; i += batch {
		changes := make([]model.Change, batch)
		for k := range changes {
			if (i+k)%5 == 0 {
				changes[k].Record = modeltest.Officer(i + k)
			} else {
				changes[k].Record = modeltest.Employer(i + k)
			}
		}
		l.Save(b, changes...)
	}
	return l
}

const manyRecords = 100_000

func BenchmarkHundredThousand(b *testing.B) {
	l := many(b, manyRecords)
	list := func(q model.Query) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				heads, err := l.List(ctx, q)
				if err != nil || len(heads) == 0 {
					b.Fatalf("%d, %v", len(heads), err)
				}
			}
		}
	}
	rare := modeltest.PersonOf(9000 + 55_555).Name
	b.Run("list 200", list(model.Query{Kind: model.KindEmployer}))
	b.Run("search a common pair", list(model.Query{Text: "建筑", Limit: 50}))
	b.Run("search a name", list(model.Query{Text: rare, Limit: 50}))
	b.Run("search the first two letters", list(model.Query{Text: string([]rune(rare)[:2]), Limit: 50}))
	b.Run("search a pair and a kind", list(model.Query{Text: string([]rune(rare)[:2]), Kind: model.KindOfficer, Limit: 50}))
	b.Run("search part of a number", list(model.Query{Text: "J000555", Limit: 50}))
	b.Run("count a common pair", func(b *testing.B) {
		for b.Loop() {
			if _, err := l.Count(ctx, model.Query{Text: "建筑"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			l.Reopen(b, nil)
		}
	})
}

func BenchmarkPull(b *testing.B) {
	const n = 1000
	a := many(b, n)
	var revs []model.Revision
	ops, err := a.Ops(ctx, 0, n)
	if err != nil {
		b.Fatal(err)
	}
	for _, op := range ops {
		revs = append(revs, op.Revision)
	}
	for b.Loop() {
		b.StopTimer()
		l := modeltest.NewLaptop(b, 2)
		b.StartTimer()
		if r, err := l.Pulled(ctx, "s", n, revs); err != nil || r.Applied != n {
			b.Fatalf("%+v, %v", r, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/revision")
}

func BenchmarkVerify(b *testing.B) {
	l := many(b, 1000)
	for b.Loop() {
		if r, err := l.Verify(ctx); err != nil || len(r.Faults) > 0 {
			b.Fatal(fmt.Sprint(r.Faults), err)
		}
	}
}
