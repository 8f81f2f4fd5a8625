package store_test

import (
	"context"
	"testing"

	"anxin/model/modeltest"
)

var ctx = context.Background()

func TestJournal(t *testing.T) {
	modeltest.JournalSuite(t, func(t *testing.T) (modeltest.Journal, *modeltest.Clock) {
		l := modeltest.NewLaptop(t, 1)
		t.Cleanup(func() {
			report, err := l.Verify(ctx)
			if err != nil || len(report.Faults) != 0 {
				t.Errorf("after the test: %v, %v", report.Faults, err)
			}
		})
		return l.Store, l.Clock
	})
}
