package wire

import (
	"errors"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"anxin/model"
)

// grown is a log of n entries with what its frontier said at every size, and
// the hashes of its tree.
type grown struct {
	entries [][]byte
	roots   [][]byte
	before  []Frontier
	tree    []tlog.Hash
}

func (g *grown) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = g.tree[n]
	}
	return out, nil
}

func grow(n int) *grown {
	g := &grown{}
	var f Frontier
	for i := range n {
		entry := Digest(fmt.Appendf(nil, "entry %d", i))
		g.before = append(g.before, f)
		g.roots = append(g.roots, f.Root())
		stored, err := tlog.StoredHashes(int64(i), entry, g)
		if err != nil {
			panic(err)
		}
		g.tree = append(g.tree, stored...)
		for level, h := range f.Append(entry) {
			if want := stored[level]; tlog.Hash(h) != want {
				panic(fmt.Sprintf("entry %d level %d", i, level))
			}
		}
		g.entries = append(g.entries, entry)
	}
	g.before, g.roots = append(g.before, f), append(g.roots, f.Root())
	return g
}

func (g *grown) point(n int) Checkpoint {
	c := Checkpoint{Hub: "01990000-ffff-7000-8000-000000000001", Size: int64(n), Root: g.roots[n], At: day}
	if err := c.Sign(device().Key); err != nil {
		panic(err)
	}
	return c
}

// TestFrontier: the frontier's root is that of the whole tree at every size.
func TestFrontier(t *testing.T) {
	g := grow(70)
	for n := range 70 {
		want, err := tlog.TreeHash(int64(n), g)
		if err != nil || string(want[:]) != string(g.roots[n]) {
			t.Errorf("size %d: %v", n, err)
		}
		if !g.before[n].Valid() {
			t.Errorf("size %d: the edge has no valid form", n)
		}
	}
}

// TestLogProofs: of any log, true proofs hold and no other log's do.
func TestLogProofs(t *testing.T) {
	g := grow(40)
	rapid.Check(t, func(t *rapid.T) {
		now := rapid.IntRange(1, 40).Draw(t, "now")
		old := rapid.IntRange(1, now).Draw(t, "old")
		at := rapid.IntRange(1, now).Draw(t, "at")
		tree, err := tlog.ProveTree(int64(now), int64(old), g)
		if err != nil {
			t.Fatal(err)
		}
		var list [][]byte
		for _, h := range tree {
			list = append(list, h[:])
		}
		if err := CheckGrown(g.point(old), g.point(now), list); err != nil {
			t.Errorf("%d to %d: %v", old, now, err)
		}
		forged := g.point(old)
		forged.Root = Digest([]byte("another log"))
		if CheckGrown(forged, g.point(now), list) == nil {
			t.Errorf("%d to %d: another log passed", old, now)
		}
		if old < now && CheckGrown(g.point(now), g.point(old), list) == nil {
			t.Errorf("%d to %d: a log that shrank passed", now, old)
		}
		record, err := tlog.ProveRecord(int64(now), int64(at-1), g)
		if err != nil {
			t.Fatal(err)
		}
		list = nil
		for _, h := range record {
			list = append(list, h[:])
		}
		if err := CheckIncluded(g.point(now), int64(at), g.entries[at-1], list); err != nil {
			t.Errorf("entry %d of %d: %v", at, now, err)
		}
		if CheckIncluded(g.point(now), int64(at), Digest([]byte("x")), list) == nil {
			t.Errorf("entry %d of %d: another entry passed", at, now)
		}
		g.checkAppend(t, old-1, now)
	})
}

// checkAppend checks the proof of a push of the entries from one size to
// another, and that it proves nothing else.
func (g *grown) checkAppend(t *rapid.T, from, to int) {
	var ops []model.Op
	var acks []model.Ack
	for n := from; n < to; n++ {
		ops = append(ops, model.Op{Seq: int64(n), Hash: g.entries[n]})
		acks = append(acks, model.Ack{Seq: int64(n), Position: int64(n + 1)})
	}
	proof := Append{Before: g.before[from], Entries: g.entries[from:to]}
	if err := proof.Check(g.point(to), ops, acks); err != nil {
		t.Errorf("push of %d to %d: %v", from, to, err)
	}
	acks[0].Position++
	if !errors.Is(proof.Check(g.point(to), ops, acks), ErrProof) {
		t.Errorf("push of %d to %d: a wrong position passed", from, to)
	}
	acks[0].Position--
	ops[0].Hash = Digest([]byte("x"))
	if !errors.Is(proof.Check(g.point(to), ops, acks), ErrProof) {
		t.Errorf("push of %d to %d: another operation passed", from, to)
	}
}

func FuzzReadCheckpoint(f *testing.F) {
	f.Add(grow(3).point(3).Note)
	f.Add([]byte("anxin-hub/x\n-1\n=\ntime\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ReadCheckpoint(text)
		if err == nil && c.Check(device().Public()) == nil && c.Size < 0 {
			t.Errorf("accepted %+v", c)
		}
	})
}

func FuzzProofs(f *testing.F) {
	g := grow(5)
	for _, v := range []any{Append{Before: g.before[2], Entries: g.entries[2:5]}, Proof{Checkpoint: g.point(5), Consistency: [][]byte{g.roots[1]}}} {
		body, err := Pack(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var a Append
		if Unpack(body, &a, 1<<20) == nil {
			op := model.Op{Seq: 1, Hash: Digest([]byte("never logged"))}
			if a.Check(g.point(5), []model.Op{op}, []model.Ack{{Seq: 1, Position: 3}}) == nil {
				t.Error("proved what is not there")
			}
		}
		var p Proof
		if Unpack(body, &p, 1<<20) == nil {
			_ = CheckGrown(g.point(2), g.point(5), p.Consistency)
			for _, list := range p.Inclusion {
				if CheckIncluded(g.point(5), 2, Digest([]byte("never logged")), list) == nil {
					t.Error("proved what is not there")
				}
			}
		}
	})
}
