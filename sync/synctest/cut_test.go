package synctest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// evening prepares a small exchange in which everything happens: laptop 1 is
// done; laptop 2 has an edit that merges, one that conflicts, an issued paper
// and a file of two leaves, and nothing of it has been sent.
func evening(w *World) *World {
	a, b := w.Laptops[0], w.Laptops[1]
	employer := a.Put("", "", modeltest.Employer(1))
	site := a.Put("", "", modeltest.Site(1, employer.Record))
	a.Sync()
	b.Sync()
	edit := func(l *Laptop, phone, note, contact string) {
		e, s := modeltest.Employer(1), modeltest.Site(1, employer.Record)
		if phone != "" {
			e.Phone = phone
		}
		if note != "" {
			e.Note = note
		}
		s.Contact = contact
		l.Put(employer.Record, employer.Rev, e)
		l.Put(site.Record, site.Rev, s)
	}
	edit(a, "13900000001", "", "甲")
	a.Sync()
	edit(b, "", "备注", "乙")
	b.Issue("某劳务公司")
	info, err := b.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat([]byte("0123456789abcdef"), (wire.LeafSize+5000)/16)))
	w.Check(err)
	b.Put("", "", &model.Evidence{Name: "现场.mp4", SHA256: info.SHA256, Size: info.Size})
	return w
}

// picture is the state of a world without what depends on the moment: the
// content of every head everywhere, the open conflicts, the outcomes, the
// register of numbers, the evidence.
func picture(w *World) string {
	w.T.Helper()
	var out strings.Builder
	w.Inspect(func(tx hub.Tx) error {
		all, err := records(tx)
		if err != nil {
			return err
		}
		for _, id := range all {
			head, err := tx.Head(id)
			if err != nil {
				return err
			}
			r, err := tx.Revision(head.Rev)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "%s %s open=%d %s\n", r.Kind, id, head.Open, r.Body)
			for _, l := range w.Laptops {
				local, leaves, err := l.shown(id)
				if err != nil {
					return err
				}
				fmt.Fprintf(&out, "  laptop %d sides=%d %s\n", l.N, len(leaves), side(local, r))
			}
		}
		var outcomes []string
		err = tx.EachOp(func(e hub.Entry) error {
			outcomes = append(outcomes, fmt.Sprintf("%s %d %s", e.Op.Device, e.Op.Seq, e.Ack.Outcome))
			return nil
		})
		slices.Sort(outcomes)
		fmt.Fprintln(&out, strings.Join(outcomes, "\n"))
		if err != nil {
			return err
		}
		return tx.EachBlob(func(b hub.Blob) error {
			fmt.Fprintln(&out, b.SHA256, b.Size, b.Stored)
			return nil
		})
	})
	return out.String()
}

// side says which content a laptop shows: of a record in conflict each shows
// one of the sides.
func side(local model.Head, r model.Revision) string {
	if bytes.Equal(local.Body, r.Body) {
		return "as the hub"
	}
	var s struct {
		Contact json.RawMessage `json:"contact"`
	}
	if json.Unmarshal(local.Body, &s) != nil {
		return "?"
	}
	return "contact " + string(s.Contact)
}

// TestHubPulledAway pulls the hub away in the middle of laptop 2's exchange
// and brings it back, both sides started anew: at every exchange, before it,
// within the request, after the work, within the reply. The end is the same as
// without.
func TestHubPulledAway(t *testing.T) {
	t.Run("memory", func(t *testing.T) { pulledAway(t, NewMemWorld(t, 2, 1, Bugs{}), 1) })
	t.Run("disk", func(t *testing.T) { pulledAway(t, NewWorld(t, 2), 8) })
}

// pulledAway tries each of so many cuts.
func pulledAway(t *testing.T, w *World, each int) {
	evening(w)
	tried := 0
	back := w.Save()
	back()
	line := w.Laptops[1].Line
	w.Laptops[1].Sync()
	sizes := line.Sizes()
	w.Rest()
	want := picture(w)
	if !strings.Contains(want, "open=1") || !strings.Contains(want, `"note":"备注"`) || !strings.Contains(want, "true") {
		t.Fatalf("the exchange lacks its conflict, merge or file:\n%s", want)
	}
	if len(sizes) < 8 {
		t.Fatalf("only %d exchanges", len(sizes))
	}
	for n, size := range sizes {
		for _, f := range cuts(size[0], size[1]) {
			if tried++; tried%each > 0 {
				continue
			}
			t.Run(fmt.Sprintf("exchange=%d/%s", n, name(f)), func(t *testing.T) {
				back()
				w.T = t
				line.Plan(func(i int, _ *http.Request) Fault {
					if i == n {
						return f
					}
					if i > n {
						return Fault{Request: -1, Reply: -1, Down: true}
					}
					return Whole
				})
				_, err := w.Laptops[1].Client.Sync(context.Background(), nil)
				if err == nil {
					t.Error("nobody noticed the cut")
				}
				line.Plan(nil)
				w.CloseHub()
				w.Laptops[1].Restart()
				w.OpenHub()
				w.Rest()
				if got := picture(w); got != want {
					t.Errorf("another end:\n%s\nwant\n%s", got, want)
				}
				w.Invariants(nil)
			})
		}
	}
	w.T = t
}

// cuts are the faults of one exchange with so many bytes each way.
func cuts(request, reply int) []Fault {
	out := []Fault{{Request: -1, Reply: -1, Down: true}, {Request: -1, Reply: -1, Lost: true}}
	for _, k := range []int{0, request / 2, request - 1} {
		if k >= 0 && k < request {
			out = append(out, Fault{Request: k, Reply: -1})
		}
	}
	for _, k := range []int{0, reply / 2, reply - 1} {
		if k >= 0 && k < reply {
			out = append(out, Fault{Request: -1, Reply: k})
		}
	}
	return out
}

func name(f Fault) string {
	switch {
	case f.Down:
		return "down"
	case f.Lost:
		return "reply lost"
	case f.Request >= 0:
		return fmt.Sprintf("request cut after %d", f.Request)
	}
	return fmt.Sprintf("reply cut after %d", f.Reply)
}
