package merge

import (
	"sort"

	"anxin/model"
)

// Graph is a record's revisions: each with its parents.
type Graph map[model.Rev][]model.Rev

// Ancestors are the revision itself and everything it came from.
func (g Graph) Ancestors(of model.Rev) map[model.Rev]bool {
	seen := map[model.Rev]bool{}
	next := []model.Rev{of}
	for len(next) > 0 {
		r := next[len(next)-1]
		next = next[:len(next)-1]
		if !seen[r] {
			seen[r] = true
			next = append(next, g[r]...)
		}
	}
	return seen
}

// Descends reports whether r is old or came from it.
func (g Graph) Descends(r, old model.Rev) bool { return g.Ancestors(r)[old] }

// Base is the newest revision both came from, "" when there is none. Where
// several are equally new the choice is the same for everybody.
func (g Graph) Base(a, b model.Rev) model.Rev {
	mine := g.Ancestors(a)
	var best model.Rev
	for r := range g.Ancestors(b) {
		if !mine[r] {
			continue
		}
		if n, m := r.Generation(), best.Generation(); best == "" || n > m || n == m && r > best {
			best = r
		}
	}
	return best
}

// Leaves are the revisions nothing came from, sorted. One leaf is a record
// without conflict; more are the sides of one.
func (g Graph) Leaves() []model.Rev {
	parent := map[model.Rev]bool{}
	for _, ps := range g {
		for _, p := range ps {
			parent[p] = true
		}
	}
	var out []model.Rev
	for r := range g {
		if !parent[r] {
			out = append(out, r)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
