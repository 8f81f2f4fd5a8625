package office_test

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// Binding a file tells how far it is, by the piece it reads, and ends where it is stopped.
func TestBindingAFileTellsAndStops(t *testing.T) {
	c := newClerk(newChambers(t))
	c.paper("D05")
	c.decide(c.head, "立案审批", "同意立案", "")
	c.inspected()
	if _, err := c.Desk.Issue(c.ctx, c.order); err != nil {
		t.Fatal(err)
	}
	var shares []float64
	var names []string
	if _, err := c.BuildFile(c.ctx, c.kase, func(done float64, name string) {
		shares, names = append(shares, done), append(names, name)
	}); err != nil {
		t.Fatal(err)
	}
	if len(shares) < 3 || !slices.IsSorted(shares) || shares[0] != 0 || shares[len(shares)-1] >= 1 || names[0] == "" {
		t.Errorf("told %v of %q", shares, names)
	}
	ctx, stop := context.WithCancel(c.ctx)
	told := 0
	if _, err := c.BuildFile(ctx, c.kase, func(float64, string) {
		told++
		stop()
	}); !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("stopped: told %d times, %v", told, err)
	}
}
