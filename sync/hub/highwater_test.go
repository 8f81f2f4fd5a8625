package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// TestPutBackInSilence: somebody copies an older database over a hub's and says
// nothing. Numbers leased since stand in no log; they are not leased again,
// because the hub sees by its mark that it was put back and waits until every
// laptop has said what it holds.
func TestPutBackInSilence(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	r := &rig{TB: t, clock: modeltest.NewClock(time.Millisecond)}
	ids := &modeltest.IDs{Laptop: 0xffff}
	start := func(pens ...*pen) {
		h, err := hub.Open(ctx, dir, hub.Options{Clock: r.clock, IDs: ids})
		r.check(err)
		r.hub = h
		for _, p := range pens {
			p.handler = h.Handler()
		}
	}
	start()
	r.check(r.hub.SetURL(ctx, "https://hub.test"))
	p, q := r.join(1), r.join(2)
	lease := func(p *pen, in wire.Numbers) (out wire.Leased) {
		in.Wants = []wire.Want{{Series: "令/2026", Count: 5}}
		r.check(p.call("numbers", in, &out))
		return out
	}
	database := filepath.Join(dir, "hub.db")
	old := filepath.Join(t.TempDir(), "old.db")
	r.check(r.hub.Copy(ctx, old))
	held := lease(q, wire.Numbers{}).Blocks // 1 to 5, on paper soon, in no log
	r.check(r.hub.Close())
	r.putBack(database, old)
	start(p, q)
	if out := lease(p, wire.Numbers{}); len(out.Blocks) != 0 || out.Held == "" {
		t.Errorf("leased %+v before the other had spoken", out)
	}
	lease(q, wire.Numbers{Assigned: held})
	if out := lease(p, wire.Numbers{}); len(out.Blocks) != 1 || out.Blocks[0].From <= held[0].To {
		t.Errorf("leased %+v, %+v are taken", out, held)
	}
	r.check(r.hub.Close())
	start(p, q) // the mark has come down with the database: no further life
	s, err := r.hub.State(ctx)
	r.check(err)
	if s.Epoch != 2 || s.Held {
		t.Errorf("life %d, held %v", s.Epoch, s.Held)
	}
	r.check(r.hub.Close())
}

// putBack copies a database over a hub's that is closed.
func (r *rig) putBack(database, old string) {
	r.Helper()
	for _, name := range []string{database, database + "-wal", database + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.Fatal(err)
		}
	}
	text, err := os.ReadFile(old)
	r.check(err)
	r.check(os.WriteFile(database, text, 0o600))
}

// TestHighestNumbers: the bureau lets numbers be leased again although the laptop
// that holds some has not been heard. The file beside the records knows them; where
// it is lost or makes no sense there is only the bureau's word.
func TestHighestNumbers(t *testing.T) {
	ctx := context.Background()
	for name, test := range map[string]struct {
		spoil func(path string) error
		from  int
	}{
		"kept":       {func(string) error { return nil }, 6},
		"lost":       {os.Remove, 1},
		"empty":      {func(path string) error { return os.WriteFile(path, nil, 0o600) }, 1},
		"of nothing": {func(path string) error { return os.WriteFile(path, []byte("x\nmany 令/2026\n"), 0o600) }, 1},
		"cut":        {cutShort, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			r := &rig{TB: t, clock: modeltest.NewClock(time.Millisecond)}
			open := func() (err error) {
				r.hub, err = hub.Open(ctx, dir, hub.Options{Clock: r.clock, IDs: &modeltest.IDs{Laptop: 0xffff}})
				return err
			}
			r.check(open())
			r.check(r.hub.SetURL(ctx, "https://hub.test"))
			p, q := r.join(1), r.join(2)
			old := filepath.Join(t.TempDir(), "old.db")
			r.check(r.hub.Copy(ctx, old))
			in := wire.Numbers{Wants: []wire.Want{{Series: "令/2026", Count: 5}}}
			r.check(q.call("numbers", in, &wire.Leased{}))
			r.check(r.hub.Close())
			r.putBack(filepath.Join(dir, "hub.db"), old)
			before := r.numbersID(dir)
			r.check(test.spoil(filepath.Join(dir, hub.HighNumbers)))
			r.check(open())
			if after := r.numbersID(dir); after == "" || (after == before) != (name == "kept") {
				t.Errorf("the file was %q and is %q", before, after)
			}
			r.check(r.hub.ResumeNumbers(ctx))
			p.handler = r.hub.Handler()
			var out wire.Leased
			r.check(p.call("numbers", in, &out))
			if len(out.Blocks) != 1 || out.Blocks[0].From != test.from {
				t.Errorf("leased %+v, want from %d", out, test.from)
			}
			r.check(r.hub.Close())
		})
	}
}

// cutShort takes the last byte of a file away: nothing else shows that it is not
// whole.
func cutShort(path string) error {
	text, err := os.ReadFile(path)
	return errors.Join(err, os.Truncate(path, int64(len(text)-1)))
}

// numbersID is the id in the file of the highest numbers.
func (r *rig) numbersID(dir string) string {
	r.Helper()
	var file struct {
		ID string `json:"id"`
	}
	text, err := os.ReadFile(filepath.Join(dir, hub.HighNumbers))
	r.check(err)
	r.check(json.Unmarshal(text, &file))
	return file.ID
}

// TestHighestNumbersNotWritten: numbers that could not be noted are given to
// nobody, and the laptop that asks again gets them once they are.
func TestHighestNumbersNotWritten(t *testing.T) {
	ctx := context.Background()
	beside := filepath.Join(t.TempDir(), "beside")
	r := &rig{TB: t, clock: modeltest.NewClock(time.Millisecond)}
	r.check(os.Mkdir(beside, 0o700))
	h, err := hub.Open(ctx, t.TempDir(), hub.Options{Clock: r.clock, IDs: &modeltest.IDs{Laptop: 0xffff}, HighWater: filepath.Join(beside, hub.HighWater)})
	r.check(err)
	r.hub = h
	r.check(h.SetURL(ctx, "https://hub.test"))
	p := r.join(1)
	in := wire.Numbers{Wants: []wire.Want{{Series: "令/2026", Count: 5}}}
	r.check(os.Rename(beside, beside+".away"))
	if err := p.call("numbers", in, &wire.Leased{}); err == nil {
		t.Error("numbers were leased that were not noted")
	}
	r.check(os.Rename(beside+".away", beside))
	var out wire.Leased
	r.check(p.call("numbers", in, &out))
	text, err := os.ReadFile(filepath.Join(beside, hub.HighNumbers))
	r.check(err)
	if len(out.Blocks) != 1 || !strings.Contains(string(text), `"令/2026":5`) {
		t.Errorf("leased %+v, noted %s", out.Blocks, text)
	}
	r.check(h.Close())
}
