package synctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/wire"
)

// liar changes what a hub answers on one path.
func liar[Out any](h http.Handler, path string, twist func(*Out)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, path) {
			h.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		var out Out
		if rec.Code == http.StatusOK && wire.Unpack(body, &out, wire.MaxPage) == nil {
			twist(&out)
			if packed, err := wire.Pack(out); err == nil {
				body = packed
			}
		}
		w.WriteHeader(rec.Code)
		_, _ = io.Copy(w, bytes.NewReader(body))
	})
}

// rolled is a world whose hub was put back behind laptop 1's back, and grew
// again by others' work.
func rolled(t *testing.T, again int) *World {
	w := NewMemWorld(t, 2, 1, Bugs{})
	a, b := w.Laptops[0], w.Laptops[1]
	a.Put("", "", modeltest.Employer(1))
	a.Sync()
	back := w.SaveHub()
	a.Put("", "", modeltest.Employer(2))
	a.Put("", "", modeltest.Employer(3))
	a.Sync()
	back()
	for n := range again {
		b.Put("", "", modeltest.Employer(10+n))
	}
	b.Sync()
	a.Put("", "", modeltest.Employer(4))
	return w
}

// lie is something false a hub may say, and the world it says it in.
type lie struct {
	name  string
	world func(*testing.T) *World
	lie   func(http.Handler) http.Handler
}

func lies() []lie {
	claim := func(out *wire.Welcome) { out.Grown = true }
	return []lie{
		{"log forked", func(t *testing.T) *World { return rolled(t, 4) }, func(h http.Handler) http.Handler { return liar(h, "/hello", claim) }},
		{"log shrunk", func(t *testing.T) *World { return rolled(t, 0) }, func(h http.Handler) http.Handler { return liar(h, "/hello", claim) }},
		{"checkpoint not signed", func(t *testing.T) *World { return rolled(t, 1) }, func(h http.Handler) http.Handler {
			return liar(h, "/hello", func(out *wire.Welcome) { out.Checkpoint.Size++ })
		}},
		{"answered for, not logged", func(t *testing.T) *World {
			w := NewMemWorld(t, 1, 1, Bugs{})
			w.Laptops[0].Put("", "", modeltest.Employer(1))
			return w
		}, func(h http.Handler) http.Handler {
			return liar(h, "/push", func(out *wire.Pushed) { out.Acks[0].Position += 5 })
		}},
		{"key list of its own making", func(t *testing.T) *World {
			w := NewMemWorld(t, 1, 1, Bugs{})
			w.NewLaptop(2).Enrol()
			return w
		}, func(h http.Handler) http.Handler {
			return liar(h, "/keys", func(out *wire.KeyList) { out.Keys[0].Name = "别人" })
		}},
	}
}

// TestHubThatLies: a hub that forks or shrinks its log, or answers for what it
// did not write down, is found out; nothing it says is believed, and people
// are told until one of them has looked into it.
func TestHubThatLies(t *testing.T) {
	ctx := context.Background()
	for _, test := range lies() {
		t.Run(test.name, func(t *testing.T) {
			w := test.world(t)
			a := w.Laptops[0]
			before, known := a.checkpoint()
			keys := len(a.Ring.All())
			acked, err := a.Store.AckedSeq(ctx)
			w.Check(err)
			a.Line.Connect(test.lie(w.Hub.Handler()))
			_, err = a.Client.Sync(ctx, nil)
			if !errors.Is(err, client.ErrLied) && !errors.Is(err, wire.ErrProof) {
				t.Errorf("error %v", err)
			}
			after, still := a.checkpoint()
			now, err := a.Store.AckedSeq(ctx)
			w.Check(err)
			atHello := strings.HasPrefix(test.name, "log") || strings.HasPrefix(test.name, "checkpoint")
			if atHello && (known != still || !bytes.Equal(before.Note, after.Note)) || acked != now || len(a.Ring.All()) != keys {
				t.Error("the lie was believed")
			}
			status, err := a.Client.Status(ctx)
			w.Check(err)
			if status.Alarm == "" {
				t.Error("nobody is told")
			}
			w.Check(a.Client.ClearAlarm(ctx))
			a.Line.Connect(w.handlers()...) // honest again
			w.Rest()
			w.Invariants(nil)
		})
	}
}
