package store_test

import (
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
