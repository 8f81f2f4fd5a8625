package casework

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"anxin/model"
)

// DrawList is what a draw is drawn from, as a text of lines: anybody can write
// it to a file, take its SHA-256 with a program of their own and compare.
func DrawList(d *model.Draw) string {
	var b strings.Builder
	fmt.Fprintf(&b, "anxin draw 1\nunits %d of %d\n", d.Pick, len(d.Units))
	for _, u := range d.Units {
		fmt.Fprintf(&b, "unit %s %d\n", u.ID, u.Weight)
	}
	for _, id := range d.Officers {
		fmt.Fprintf(&b, "officer %s\n", id)
	}
	for _, r := range d.Recusals {
		fmt.Fprintf(&b, "recusal %s %s\n", r.Officer, r.Unit)
	}
	fmt.Fprintf(&b, "seed %s\n", d.Seed)
	return b.String()
}

// drawHash is the SHA-256 of the list in hexadecimal figures.
func drawHash(d *model.Draw) string {
	sum := sha256.Sum256([]byte(DrawList(d)))
	return hex.EncodeToString(sum[:])
}

// lots are numbers that follow from a list alone: the n-th is read from the
// SHA-256 of the list's own hash and n (8 bytes each, the highest first).
type lots struct {
	hash [sha256.Size]byte
	n    uint64
}

func newLots(d *model.Draw) *lots { return &lots{hash: sha256.Sum256([]byte(DrawList(d)))} }

// below is a number from 0 to under max, each as likely as any other: numbers of
// the last incomplete round are passed over.
func (l *lots) below(max int) int {
	whole := math.MaxUint64 - math.MaxUint64%uint64(max)
	for {
		block := sha256.Sum256(binary.BigEndian.AppendUint64(l.hash[:len(l.hash):len(l.hash)], l.n))
		l.n++
		if x := binary.BigEndian.Uint64(block[:]); x < whole {
			return int(x % uint64(max))
		}
	}
}

// cast draws: units one after another, each as likely as its weight among those
// left; for each unit two officers, one after another, out of those who have the
// fewest units so far and need not keep away from it. The pairs have no visits
// yet. That every unit has two officers was judged before (see drawable).
func cast(d *model.Draw) []model.DrawPair {
	l := newLots(d)
	left := slices.Clone(d.Units)
	total := 0
	for _, u := range left {
		total += u.Weight
	}
	tasks := map[model.ID]int{}
	var out []model.DrawPair
	for range d.Pick {
		at, lot := 0, l.below(total)
		for ; lot >= left[at].Weight; at++ {
			lot -= left[at].Weight
		}
		u := left[at]
		total -= u.Weight
		left = slices.Delete(left, at, at+1)
		pair := model.DrawPair{Unit: u.ID}
		for range 2 {
			free := leastBusy(d, u.ID, pair.Officers, tasks)
			who := free[l.below(len(free))]
			tasks[who]++
			pair.Officers = append(pair.Officers, who)
		}
		out = append(out, pair)
	}
	return out
}

// leastBusy are the officers who may see a unit, are not named yet, and have the
// fewest units.
func leastBusy(d *model.Draw, unit model.ID, named []model.ID, tasks map[model.ID]int) (out []model.ID) {
	for _, id := range d.Officers {
		if slices.Contains(named, id) || keptAway(d, id, unit) {
			continue
		}
		if len(out) > 0 && tasks[id] < tasks[out[0]] {
			out = nil
		}
		if len(out) == 0 || tasks[id] == tasks[out[0]] {
			out = append(out, id)
		}
	}
	return out
}

func keptAway(d *model.Draw, officer, unit model.ID) bool {
	return slices.ContainsFunc(d.Recusals, func(r model.Recusal) bool { return r.Officer == officer && r.Unit == unit })
}
