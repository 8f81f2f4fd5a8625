package synctest

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
)

// number reads a count from the environment.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s is no number: %q", name, text)
	}
	return n
}

// TestSimulation runs worlds of three laptops over a faulty line and checks
// the invariants when they have come to rest. ANXIN_SIM_SEED starts at another
// seed, ANXIN_SIM_SEEDS runs another number of them.
func TestSimulation(t *testing.T) {
	first, count := number(t, "ANXIN_SIM_SEED", 1), number(t, "ANXIN_SIM_SEEDS", 50)
	const steps = 40
	var mu sync.Mutex
	total := map[string]int{}
	t.Cleanup(func() { t.Logf("%d seeds × 3 laptops × %d steps: %v", count, steps, total) })
	for seed := first; seed < first+count; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel() // seeds share nothing; each world is one goroutine
			s := NewSimulation(NewWorld(t, 3), seed)
			for range steps {
				s.Step()
			}
			s.Finish()
			s.Invariants(s.Done)
			mu.Lock()
			defer mu.Unlock()
			for name, n := range s.Actions {
				total[name] += n
			}
			total["revisions"] += len(s.Done)
		})
	}
}
