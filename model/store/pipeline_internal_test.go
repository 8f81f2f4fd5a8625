package store

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
)

func TestInOrder(t *testing.T) {
	odd := errors.New("odd")
	for _, c := range []struct {
		n, badOne, badUse int // the value that is not made, or not taken; -1 none
		want              int // values taken
	}{
		{0, -1, -1, 0}, {1, -1, -1, 1}, {pipelineSlice, -1, -1, pipelineSlice}, {1000, -1, -1, 1000},
		{1000, 0, -1, 0}, {1000, 500, -1, 500}, {1000, 999, -1, 999}, {1000, -1, 0, 0}, {1000, -1, 500, 500}, {1000, 501, 500, 500},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			var under, taken atomic.Int64
			err := inOrder(c.n, func(i int) (string, error) {
				under.Add(1)
				defer under.Add(-1)
				if i == c.badOne {
					return "", odd
				}
				return fmt.Sprint(i), nil
			}, func(i int, v string) error {
				if i == c.badUse {
					return odd
				}
				if v != fmt.Sprint(i) || int64(i) != taken.Load() {
					t.Fatalf("%s at %d after %d", v, i, taken.Load())
				}
				taken.Add(1)
				return nil
			})
			fails := c.badOne >= 0 || c.badUse >= 0
			if int(taken.Load()) != c.want || errors.Is(err, odd) != fails || under.Load() != 0 {
				t.Errorf("%d taken, %v, %d at work", taken.Load(), err, under.Load())
			}
		})
	}
}
