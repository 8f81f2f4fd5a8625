package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

func TestNextRun(t *testing.T) {
	have := func(text string) wire.Bitmap {
		b := wire.NewBitmap(len(text))
		for i, c := range text {
			if c == 'x' {
				b.Set(i)
			}
		}
		return b
	}
	for _, test := range []struct {
		have  string
		limit int
		want  string
	}{{"....", 16, "0-3"}, {"x..x", 16, "1-2"}, {"....", 2, "0-1"}, {"xx.x.", 4, "2-2"}, {"xxxx", 4, ""}} {
		got := ""
		if run, ok := nextRun(have(test.have), len(test.have), test.limit); ok {
			got = run.String()
		}
		if got != test.want {
			t.Errorf("%s, at most %d: %q, want %q", test.have, test.limit, got, test.want)
		}
	}
}

func TestHashLeaves(t *testing.T) {
	for _, size := range []int64{0, 1, wire.LeafSize, wire.LeafSize + 1} {
		leaves, err := hashLeaves(io.LimitReader(zeros{}, size), size)
		if err != nil || len(leaves) != wire.Leaves(size) {
			t.Fatalf("%d bytes: %d leaves, %v", size, len(leaves), err)
		}
		last := sha256.Sum256(make([]byte, wire.LeafLen(size, len(leaves)-1)))
		if !slices.Equal(leaves[len(leaves)-1], last[:]) {
			t.Errorf("%d bytes: wrong last leaf", size)
		}
	}
	if _, err := hashLeaves(strings.NewReader("short"), 6); err == nil {
		t.Error("a file shorter than it says")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestPauses: the bound doubles to five minutes and the wait is drawn below it.
func TestPauses(t *testing.T) {
	var bounds []time.Duration
	c := &Client{opt: Options{Random: func(n int64) int64 {
		bounds = append(bounds, time.Duration(n))
		return n / 4
	}}}
	for tries := 1; tries <= 12; tries++ {
		if got := c.pause(tries); got != bounds[tries-1]/4 {
			t.Errorf("try %d: %s of %s", tries, got, bounds[tries-1])
		}
	}
	if bounds[0] != 200*time.Millisecond || bounds[3] != 1600*time.Millisecond || bounds[11] != 5*time.Minute {
		t.Errorf("bounds %v", bounds)
	}
}

// TestLoop: passing failures are tried again with a pause, others end the
// cycle, and so does the context.
func TestLoop(t *testing.T) {
	lineDown := broken{errors.New("reset")}
	full := &wire.Error{Status: 503, Code: wire.CodeInternal, Message: "忙"}
	bad := &wire.Error{Status: 400, Code: wire.CodeBad, Message: "错"}
	ctx, cancel := context.WithCancel(context.Background())
	for _, test := range []struct {
		name   string
		errs   []error
		want   error
		sleeps int
	}{
		{"sound", nil, nil, 0},
		{"two cuts", []error{lineDown, lineDown}, nil, 2},
		{"too many cuts", []error{lineDown, full, lineDown}, lineDown, 2},
		{"a busy hub", []error{full}, nil, 1},
		{"a refusal", []error{bad}, bad, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			sleeps := 0
			c := &Client{opt: Options{Attempts: 3, Random: func(int64) int64 { return 0 },
				Sleep: func(context.Context, time.Duration) error { sleeps++; return nil }}}
			left := test.errs
			step := func(context.Context) (step, error) {
				if len(left) == 0 {
					return nil, nil
				}
				err := left[0]
				left = left[1:]
				return nil, err
			}
			err := (&cycle{c: c}).loop(ctx, step)
			if err != test.want || sleeps != test.sleeps {
				t.Errorf("error %v after %d pauses", err, sleeps)
			}
		})
	}
	cancel()
	c := &Client{opt: Options{Attempts: 3}}
	err := (&cycle{c: c}).loop(ctx, func(context.Context) (step, error) { return nil, lineDown })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFilesOf(t *testing.T) {
	sha := func(n int) string { return fmt.Sprintf("%064x", n) }
	revs := []model.Revision{
		{Kind: model.KindEvidence, Body: []byte(`{"sha256":"` + sha(1) + `"}`)},
		{Kind: model.KindDocument, Body: []byte(`{"issued":{"pdf":"` + sha(2) + `"}}`)},
		{Kind: model.KindDocument, Body: []byte(`{"state":"草稿"}`)},
		{Kind: model.KindWageRoll, Body: []byte(`{"sha256":"` + sha(3) + `"}`)},
		{Kind: model.KindWageRoll, Body: []byte(`{"sha256":"../x"}`)},
		{Kind: model.KindSite, Body: []byte(`{"sha256":"` + sha(4) + `"}`)},
		{Kind: model.KindEvidence, Body: []byte(`[]`)},
	}
	if got := files(revs); !slices.Equal(got, []string{sha(1), sha(2), sha(3)}) {
		t.Errorf("files %v", got)
	}
}
