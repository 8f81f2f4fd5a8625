package synctest

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/wire"
)

// TestCutsCostLessThanALeaf cuts the upload of ten leaves again and again, each
// time a little further into a request, and counts what was sent in all.
func TestCutsCostLessThanALeaf(t *testing.T) {
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	data := bytes.Repeat([]byte("0123456789abcdef"), (9*wire.LeafSize+777*16)/16)
	info, err := a.Blobs.Put(context.Background(), bytes.NewReader(data))
	w.Check(err)
	a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	sent, cuts := 0, 0
	a.Line.Plan(func(n int, r *http.Request) Fault {
		if r.Method != http.MethodPut {
			return Whole
		}
		if n%3 == 2 {
			cuts++
			sent += 700_000
			return Fault{Request: 700_000, Reply: -1}
		}
		sent += int(r.ContentLength)
		return Whole
	})
	for tries := 0; ; tries++ {
		if _, err := a.Client.Sync(context.Background(), nil); err == nil {
			break
		}
		a.Restart()
		if tries > 50 {
			t.Fatal("the upload never ends")
		}
	}
	if most := len(data) + cuts*wire.LeafSize; cuts == 0 || sent > most {
		t.Errorf("%d bytes sent for %d with %d cuts", sent, len(data), cuts)
	}
	if sum := b.Sync(); sum.Blobs != 1 {
		t.Errorf("colleague: %+v", sum)
	}
	if err := b.Blobs.Check(context.Background(), info.SHA256); err != nil {
		t.Error(err)
	}
}

// TestCutRunKeepsItsLeaves: of a run of four leaves cut in the third, two stay.
func TestCutRunKeepsItsLeaves(t *testing.T) {
	w := NewWorld(t, 1)
	in := insider(w, 1)
	data := make([]byte, 4*wire.LeafSize)
	var leaves [][]byte
	for n := range 4 {
		leaves = append(leaves, wire.Digest(data[n*wire.LeafSize:(n+1)*wire.LeafSize]))
	}
	sha := strings.Repeat("cd", 32)
	announce := wire.Announce{SHA256: sha, Size: int64(len(data)), Leaves: leaves}
	if code := in.call("/blobs", announce); code != "" {
		t.Fatal(code)
	}
	if code := in.do(in.request(http.MethodPut, wire.Root+"/blobs/"+sha+"/0-3", data[:5*wire.LeafSize/2], false)); code != wire.CodeIncomplete {
		t.Errorf("cut run: %q", code)
	}
	var state wire.Progress
	in.ask("/blobs", announce, &state)
	for n, want := range []bool{true, true, false, false} {
		if state.Have.Has(n) != want {
			t.Errorf("leaf %d: %v", n, !want)
		}
	}
}

// TestDownloadResumes cuts the download of a colleague's file in the middle,
// twice: it goes on from the byte it had, within one cycle.
func TestDownloadResumes(t *testing.T) {
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	data := bytes.Repeat([]byte("0123456789abcdef"), 200_000)
	info, err := a.Blobs.Put(context.Background(), bytes.NewReader(data))
	w.Check(err)
	a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Put("", "", modeltest.Employer(1))
	a.Sync()
	b.Attempts(3)
	var ranges []string
	b.Line.Plan(func(_ int, r *http.Request) Fault {
		if r.Method != http.MethodGet {
			return Whole
		}
		ranges = append(ranges, r.Header.Get("Range"))
		if len(ranges) < 3 {
			return Fault{Request: -1, Reply: 1_000_000}
		}
		return Whole
	})
	if sum := b.Sync(); sum.Blobs != 1 || sum.Bytes > int64(len(data))+100_000 {
		t.Errorf("%+v", sum)
	}
	if got := strings.Join(ranges, " "); got != " bytes=1000000- bytes=2000000-" {
		t.Errorf("ranges %q", got)
	}
	if err := b.Blobs.Check(context.Background(), info.SHA256); err != nil {
		t.Error(err)
	}
}
