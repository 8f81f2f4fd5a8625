package synctest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAnyStory lets rapid choose what happens and in which order, and shrinks
// what goes wrong to the shortest story: the same actions as the simulator's,
// on a world in memory. What officers did is the model; the invariants say
// what has become of it.
func TestAnyStory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		laptops, replicas := rapid.IntRange(2, 3).Draw(r, "laptops"), rapid.IntRange(1, 2).Draw(r, "replicas")
		var story []string
		faults := Hear(t, func(j *Judge) {
			s := NewSimulation(memWorldOf(j, replicas, Bugs{}).marked().beginIn(homesOf(laptops, rapid.IntRange(0, 7).Draw(r, "grid"))), 1)
			actions := s.actions()
			for range rapid.IntRange(1, 16).Draw(r, "steps") {
				a := actions[rapid.IntRange(0, len(actions)-1).Draw(r, "action")]
				i := rapid.IntRange(0, len(s.Laptops)-1).Draw(r, "laptop")
				// Everything left to chance within a step comes from one number.
				s.rng = rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "chance"), 0))
				story = append(story, fmt.Sprintf("%s on laptop %d", a.name, i+1))
				s.Actions[a.name]++
				a.do(i, s.Laptops[i])
				s.watch()
			}
			s.Finish()
			s.invariants(s.Done, s.view())
			s.Rooted(s.points)
		})
		if len(faults) > 0 {
			r.Fatalf("%s\nin: %s", strings.Join(faults, "\n"), strings.Join(story, ", "))
		}
	})
}
