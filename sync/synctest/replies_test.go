package synctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/wire"
)

// answering stands before a hub, keeps one question from it and gives an answer
// of its own.
func answering(h http.Handler, path string, status int, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, path) {
			h.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		_, _ = io.Copy(w, bytes.NewReader(body))
	})
}

// FuzzReplies answers a laptop's questions with anything at all: it may refuse,
// it may not fall, nothing it did counts as handed in without a proof, and no
// record comes in that nobody known has signed.
func FuzzReplies(f *testing.F) {
	asked := []string{"/pull", "/push", "/hello", "/keys", "/numbers", "/blobs/missing"}
	for n, v := range []any{
		wire.Page{Revisions: []model.Revision{{Record: modeltest.ID(5, 5), Kind: model.KindEmployer, Body: []byte(`{"name":"甲"}`)}}, Next: 9, Head: 9, Gone: []model.ID{"x"}},
		wire.Pushed{Acks: []model.Ack{{Seq: 1, Outcome: model.OutcomeApplied, Position: 1}}},
		wire.Welcome{Protocol: 1, LastSeq: 7, Grown: true, Scopes: []wire.Scope{{Name: "别处", Head: 3}}, Wanted: []string{"../x", strings.Repeat("0", 64)}},
		wire.KeyList{Keys: []model.PublicKey{{ID: "k"}}},
		wire.Leased{Blocks: []model.Block{{Series: Series, From: 5, To: 1}}, Overlaps: []wire.Overlap{{Series: Series, From: 1, To: 9}}},
		wire.Missing{SHA256: []string{"..", strings.Repeat("a", 64)}},
	} {
		text, err := wire.JSON(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(n), false, text)
		f.Add(byte(n), true, text)
	}
	f.Add(byte(0), true, []byte(`{"revisions":[{"parents":[null]}],"next":-1,"head":9223372036854775807}`))
	f.Add(byte(0), true, []byte(`{"next":9,"head":9223372036854775807}`)) // goes on for ever
	f.Add(byte(1), false, []byte(`{"code":"need","need":-9,"message":"x"}`))
	f.Fuzz(func(t *testing.T, question byte, well bool, text []byte) {
		path := asked[int(question)%len(asked)]
		w := NewMemWorld(t, 1, 1, Bugs{})
		a := w.Laptops[0]
		r := a.Put("", "", modeltest.Employer(1))
		status := http.StatusConflict
		if well {
			status = http.StatusOK
			if json.Valid(text) {
				text = wire.PackText(text)
			}
		}
		a.Line.Connect(answering(w.Hub.Handler(), path, status, text))
		_, _ = a.Client.Sync(context.Background(), nil) // whatever it says of such a hub
		n, err := a.Store.Count(context.Background(), model.Query{})
		w.Check(err)
		if h := a.Head(r.Record); n != 1 || h.Rev != r.Rev {
			t.Errorf("%s %s: %d records, head %s", path, text, n, h.Rev)
		}
		acked, err := a.Store.AckedSeq(context.Background())
		w.Check(err)
		if path == "/push" && acked != 0 {
			t.Errorf("%s counts as handed in", text)
		}
	})
}

// TestWantedAgain: a file the hub lost is asked for at the next hello, and goes
// again to where it belongs; what is no hash or is not here is passed over.
func TestWantedAgain(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	info, err := a.Blobs.Put(ctx, strings.NewReader("photo"))
	w.Check(err)
	a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Sync()
	a.Line.Connect(liar(w.Hub.Handler(), "/hello", func(out *wire.Welcome) {
		out.Wanted = []string{info.SHA256, "../identity.json", strings.Repeat("0", 64)}
	}))
	asked := []string{}
	a.Line.Plan(func(_ int, r *http.Request) Fault {
		if strings.HasPrefix(r.URL.Path, wire.Root+"/blobs") {
			asked = append(asked, strings.TrimPrefix(r.URL.Path, wire.Root))
		}
		return Whole
	})
	if sum := a.Sync(); sum.Blobs != 0 || strings.Join(asked, " ") != "/blobs/missing" {
		t.Errorf("the hub has it after all: %+v, asked %q", sum, asked)
	}
	a.Line.Connect(liar(w.Hub.Handler(), "/hello", func(out *wire.Welcome) { out.Wanted = []string{info.SHA256} }))
	a.Line.Connect(liar(a.Line.handlers[0], "/blobs/missing", func(out *wire.Missing) { out.SHA256 = []string{info.SHA256} }))
	if sum := a.Sync(); sum.Blobs != 1 {
		t.Errorf("wanted again: %+v", sum)
	}
}
