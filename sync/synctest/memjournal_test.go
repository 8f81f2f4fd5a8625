package synctest

import (
	"testing"
	"time"

	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/sync/merge"
)

// TestMemJournal: the journal of the simulator keeps the promises of the real
// one.
func TestMemJournal(t *testing.T) {
	modeltest.JournalSuite(t, func(t *testing.T) (modeltest.Journal, *modeltest.Clock) {
		keys, err := seal.CreateKeys(t.TempDir(), "口令", "o", modeltest.FastParams())
		if err != nil {
			t.Fatal(err)
		}
		clock := modeltest.NewClock(time.Second)
		return NewMemJournal(MemOptions{Device: modeltest.Device(1), Clock: clock, IDs: &modeltest.IDs{Laptop: 1}, Keys: keys, Merge: merge.Three}), clock
	})
}
