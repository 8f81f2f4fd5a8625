//go:build planted

package synctest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mostSeeds is how many stories a planted mistake may survive.
const mostSeeds = 300

// mostOnDisk is the same for stories on disk.
const mostOnDisk = 60

// TestPlantedBugs plants one mistake after another and tells stories until one
// goes wrong: a mistake that is never caught says that the simulator is blind
// there. The table is logged; run with -v to see it.
func TestPlantedBugs(t *testing.T) {
	type row struct {
		bug   string
		seeds uint64
		fault string
	}
	var mu sync.Mutex
	var table []row
	t.Run("bugs", func(t *testing.T) {
		look := func(name string, most uint64, begin story) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for seed := uint64(1); seed <= most; seed++ {
					_, _, faults := tell(t, seed, begin)
					if len(faults) == 0 {
						continue
					}
					mu.Lock()
					defer mu.Unlock()
					table = append(table, row{name, seed, faults[0]})
					return
				}
				t.Errorf("not caught by %d stories", most)
			})
		}
		for _, bug := range AllBugs() {
			begin := memStory(Plant(bug))
			if bug == NumbersForgotten {
				begin = fireStory(Plant(bug))
			}
			look(string(bug), mostSeeds, begin)
		}
		for _, bug := range DiskBugs() {
			look("on disk: "+string(bug), mostOnDisk, diskStory(Plant(bug)))
		}
	})
	t.Run("none", func(t *testing.T) { // what catches mistakes must leave the sound alone
		for seed := uint64(1); seed <= number(t, "ANXIN_SIM_CONTROL", controlSeeds); seed++ {
			if _, _, faults := tell(t, seed, memStory(Plant("none"))); len(faults) > 0 {
				t.Errorf("seed %d: %s", seed, strings.Join(faults, "\n"))
			}
		}
	})
	slices.SortFunc(table, func(a, b row) int { return cmp.Compare(a.seeds, b.seeds) })
	var text strings.Builder
	for _, r := range table {
		fmt.Fprintf(&text, "\n%-52s %4d  %s: %s", r.bug, r.seeds, classOf(r.fault), strings.SplitN(r.fault, "\n", 2)[0])
	}
	t.Logf("planted mistake, stories until caught, what was seen%s", text.String())
}
