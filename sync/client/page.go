package client

import (
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// headsFirst brings the hub's head of each record in conflict before the other
// sides, so that a laptop that meets the record for the first time has the
// same head as everybody else.
func headsFirst(page wire.Page) []model.Revision {
	head := map[model.Rev]bool{}
	for _, c := range page.Conflicts {
		head[c.Ours] = true
	}
	if len(head) == 0 {
		return page.Revisions
	}
	order := func(a, b model.Revision) int {
		switch {
		case head[a.Rev] == head[b.Rev]:
			return 0
		case head[a.Rev]:
			return -1
		}
		return 1
	}
	if slices.IsSortedFunc(page.Revisions, order) {
		return page.Revisions
	}
	out := slices.Clone(page.Revisions)
	slices.SortStableFunc(out, order)
	return out
}
