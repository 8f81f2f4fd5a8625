package synctest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// stranger is a program that speaks to the hub without the client: what an
// attacker would write.
type stranger struct {
	w      *World
	device seal.Device
	nonce  int64
}

func (s *stranger) request(method, path string, body []byte, message bool) *http.Request {
	s.nonce++
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	var digest []byte
	if message {
		digest = wire.Digest(body)
	}
	wire.Sign(req, s.device, digest, s.nonce, modeltest.Day)
	return req
}

// do sends a request and returns the hub's code, "" when it was accepted.
func (s *stranger) do(req *http.Request) string {
	rec := httptest.NewRecorder()
	s.w.Hub.Handler().ServeHTTP(rec, req)
	if rec.Code < 300 {
		return ""
	}
	var e wire.Error
	if err := json.Unmarshal(rec.Body.Bytes(), &e); err != nil || e.Message == "" {
		return fmt.Sprintf("%d %s", rec.Code, rec.Body)
	}
	return e.Code
}

func (s *stranger) call(path string, message any) string {
	body, err := wire.Pack(message)
	s.w.Check(err)
	return s.do(s.request(http.MethodPost, wire.Root+path, body, true))
}

// insider is the stranger with the key of a laptop that joined, its counter
// far ahead of the laptop's own.
func insider(w *World, n int) *stranger {
	return &stranger{w: w, device: modeltest.Device(n), nonce: 1 << 40}
}

// refusal is a request and the code it must be refused with.
type refusal struct {
	name string
	do   func() string
	code string
}

func refusals(t *testing.T, tests []refusal) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if code := test.do(); code != test.code {
				t.Errorf("code %q, want %q", code, test.code)
			}
		})
	}
}

func TestStrangersAreRefused(t *testing.T) {
	w := NewWorld(t, 2)
	in := insider(w, 1)
	hello := wire.Hello{Protocol: wire.Protocol}
	if code := in.call("/hello", hello); code != "" {
		t.Fatalf("the stranger cannot even speak: %s", code)
	}
	body, err := wire.Pack(hello)
	w.Check(err)
	foreign := &stranger{w: w, device: modeltest.Device(9), nonce: 1}
	wrongKey := insider(w, 1)
	wrongKey.device.Key = modeltest.Device(2).Key
	repeated := in.request(http.MethodPost, wire.Root+"/hello", body, true)
	again := repeated.Clone(t.Context())
	refusals(t, []refusal{
		{"device that never joined", func() string { return foreign.call("/hello", hello) }, wire.CodeUnsigned},
		{"foreign key under a known name", func() string { return wrongKey.call("/hello", hello) }, wire.CodeUnsigned},
		{"unsigned", func() string { return in.do(httptest.NewRequest(http.MethodPost, wire.Root+"/hello", nil)) }, wire.CodeUnsigned},
		{"body not the signed one", func() string {
			req := in.request(http.MethodPost, wire.Root+"/hello", body, true)
			req.Body = http.NoBody
			return in.do(req)
		}, wire.CodeUnsigned},
		{"replayed", func() string {
			in.do(repeated)
			again.Body = io.NopCloser(bytes.NewReader(body))
			return in.do(again)
		}, wire.CodeReplayed},
		{"older counter", func() string { return insider(w, 1).call("/hello", hello) }, wire.CodeReplayed},
		{"another's scope", func() string { return in.call("/pull", wire.Pull{Scope: "别处"}) }, wire.CodeScope},
		{"another's log", func() string {
			return in.call("/push", wire.Push{Ops: []model.Op{{Device: modeltest.Device(2).ID, Epoch: 1, Seq: 1}}})
		}, wire.CodeBad},
	})
}

func TestBadContentIsRefused(t *testing.T) {
	w := NewWorld(t, 1)
	in := insider(w, 1)
	enc, err := zstd.NewWriter(nil)
	w.Check(err)
	bomb := enc.EncodeAll(bytes.Repeat([]byte(" "), 256<<20), nil)
	sha := strings.Repeat("ab", 32)
	raw := func(body []byte) func() string {
		return func() string { return in.do(in.request(http.MethodPost, wire.Root+"/push", body, true)) }
	}
	call := func(path string, message any) func() string { return func() string { return in.call(path, message) } }
	refusals(t, []refusal{
		{"bomb", raw(bomb), wire.CodeTooLarge},
		{"oversized body", raw(make([]byte, wire.MaxPacked+1)), wire.CodeTooLarge},
		{"no message", raw([]byte("x")), wire.CodeBad},
		{"newer protocol", call("/hello", wire.Hello{Protocol: wire.Protocol + 1}), wire.CodeProtocol},
		{"empty push", call("/push", wire.Push{}), wire.CodeBad},
		{"gap", call("/push", wire.Push{Ops: []model.Op{{Device: modeltest.Device(1).ID, Epoch: 1, Seq: 7}}}), wire.CodeNeed},
		{"path in a hash", call("/blobs", wire.Announce{SHA256: "../../../etc/passwd", Size: 1, Leaves: [][]byte{make([]byte, 32)}}), wire.CodeBad},
		{"path in a question", call("/blobs/missing", wire.Ask{SHA256: []string{"../identity.json"}}), wire.CodeBad},
		{"path in a download", func() string {
			return in.do(in.request(http.MethodGet, wire.Root+"/blobs/..%2F..%2Fidentity.json", nil, false))
		}, wire.CodeBad},
		{"file never announced", func() string {
			return in.do(in.request(http.MethodPut, wire.Root+"/blobs/"+sha+"/0-0", []byte("x"), false))
		}, wire.CodeNotFound},
		{"leaves that do not fit the size", call("/blobs", wire.Announce{SHA256: sha, Size: 5 << 20, Leaves: [][]byte{make([]byte, 32)}}), wire.CodeBad},
		{"size beyond all", call("/blobs", wire.Announce{SHA256: sha, Size: 1 << 62}), wire.CodeBad},
	})
}

// TestEvidenceIsChecked: no leaf that does not fit its hash is kept, and no
// file whose whole hash was announced wrongly is ever called stored.
func TestEvidenceIsChecked(t *testing.T) {
	w := NewWorld(t, 1)
	in := insider(w, 1)
	data := []byte("the real bytes")
	leaf := sha256.Sum256(data)
	name := hex.EncodeToString(leaf[:])
	lie := strings.Repeat("ab", 32)
	for _, sha := range []string{name, lie} {
		if code := in.call("/blobs", wire.Announce{SHA256: sha, Size: int64(len(data)), Leaves: [][]byte{leaf[:]}}); code != "" {
			t.Fatal(code)
		}
	}
	put := func(sha string, body []byte) string {
		return in.do(in.request(http.MethodPut, wire.Root+"/blobs/"+sha+"/0-0", body, false))
	}
	finish := func(sha string) string { return in.call("/blobs/"+sha+"/finish", struct{}{}) }
	for _, step := range []struct{ name, got, want string }{
		{"finish before the bytes", finish(name), wire.CodeIncomplete},
		{"forged leaf", put(name, []byte("forged bytes!!")), wire.CodeDamaged},
		{"short leaf", put(name, []byte("the")), wire.CodeIncomplete},
		{"run beyond the file", in.do(in.request(http.MethodPut, wire.Root+"/blobs/"+name+"/0-1", data, false)), wire.CodeBad},
		{"leaf", put(name, data), ""}, {"leaf again", put(name, data), ""},
		{"finish", finish(name), ""}, {"finish again", finish(name), ""}, {"leaf after", put(name, data), ""},
		{"leaf of the lie", put(lie, data), ""}, {"finish of the lie", finish(lie), wire.CodeDamaged},
		{"download of the lie", in.do(in.request(http.MethodGet, wire.Root+"/blobs/"+lie, nil, false)), wire.CodeNotFound},
		{"download", in.do(in.request(http.MethodGet, wire.Root+"/blobs/"+name, nil, false)), ""},
	} {
		if step.got != step.want {
			t.Errorf("%s: %q, want %q", step.name, step.got, step.want)
		}
	}
}

// chain makes operations of a device from unsigned revisions.
func chain(w *World, d seal.Device, revs ...model.Revision) []model.Op {
	var ops []model.Op
	var prev []byte
	for i, r := range revs {
		if r.Sig == nil {
			w.Check(d.SignRevision(&r))
		}
		op := model.Op{Seq: int64(i + 1), Prev: prev, Revision: r}
		d.SignOp(&op)
		prev = op.Hash
		ops = append(ops, op)
	}
	return ops
}

// TestQuarantine: what is wrong with an operation does not stop the queue, is
// kept, and never becomes anybody's record.
func TestQuarantine(t *testing.T) {
	w := NewWorld(t, 2)
	a := modeltest.Device(1)
	body := func(r model.Record) json.RawMessage {
		out, err := json.Marshal(r)
		w.Check(err)
		return out
	}
	rev := func(n int, kind model.Kind, r model.Record, parents ...model.Rev) model.Revision {
		return model.Revision{Record: modeltest.ID(7, n), Kind: kind, Parents: parents, Schema: 1, Author: "o", Time: modeltest.Day, Body: body(r)}
	}
	good := rev(1, model.KindSite, modeltest.Site(1, ""))
	w.Check(a.SignRevision(&good))
	forged := rev(2, model.KindSite, modeltest.Site(2, ""))
	w.Check(a.SignRevision(&forged))
	forged.Device = modeltest.Device(2).ID // signed by 1, said to be by 2
	tampered := rev(3, model.KindSite, modeltest.Site(3, ""))
	w.Check(a.SignRevision(&tampered))
	tampered.Body = body(modeltest.Site(4, ""))
	issued := rev(4, model.KindDocument, modeltest.Issued(modeltest.Draft("", "甲"), Series, 9, modeltest.Day))
	w.Check(a.SignRevision(&issued))
	changed := rev(4, model.KindDocument, modeltest.Issued(modeltest.Draft("", "乙"), Series, 9, modeltest.Day), issued.Rev)
	orphan := rev(5, model.KindSite, modeltest.Site(5, ""), "3-nobodyknows")
	otherKind := rev(1, model.KindEmployer, modeltest.Employer(1), good.Rev)
	after := rev(6, model.KindSite, modeltest.Site(6, ""))
	ops := chain(w, a, good, forged, tampered, issued, changed, orphan, otherKind, after)
	want := []string{"applied", "quarantined", "quarantined", "applied", "quarantined", "quarantined", "quarantined", "applied"}

	var reply wire.Pushed
	insider(w, 1).ask("/push", wire.Push{Ops: ops}, &reply)
	for i, ack := range reply.Acks {
		if ack.Outcome != want[i] || (ack.Outcome == model.OutcomeQuarantined) != (ack.Reason != "") || ack.Position != int64(i+1) {
			t.Errorf("operation %d: %+v, want %s", i+1, ack, want[i])
		}
	}
	w.Inspect(func(tx hub.Tx) error {
		for i, op := range ops {
			e, err := tx.Op(op.Device, op.Epoch, op.Seq)
			if err != nil {
				return err
			}
			if want[i] == model.OutcomeQuarantined && !bytes.Equal(e.Op.Revision.Body, op.Revision.Body) {
				t.Errorf("operation %d: its content is not kept", i+1)
			}
		}
		return nil
	})
	w.Laptops[1].Sync()
	if n, err := w.Laptops[1].Store.Count(context.Background(), model.Query{}); err != nil || n != 3 {
		t.Errorf("the colleague received %d records, %v", n, err)
	}
}

// TestSameAndOtherLog: the same slice again has the same outcomes; another one
// under the same numbers is a second log and freezes the device.
func TestSameAndOtherLog(t *testing.T) {
	w := NewWorld(t, 1)
	a := modeltest.Device(1)
	var reply, again wire.Pushed
	site := func(n int) model.Revision {
		body, err := json.Marshal(modeltest.Site(n, ""))
		w.Check(err)
		return model.Revision{Record: modeltest.ID(7, n), Kind: model.KindSite, Schema: 1, Author: "o", Time: modeltest.Day, Body: body}
	}
	ops := chain(w, a, site(1), site(2), site(3))
	insider(w, 1).ask("/push", wire.Push{Ops: ops}, &reply)
	(&stranger{w, a, 1 << 41}).ask("/push", wire.Push{Ops: ops}, &again)
	for i := range again.Acks {
		if again.Acks[i] != reply.Acks[i] {
			t.Errorf("replayed operation %d: %+v, was %+v", i+1, again.Acks[i], reply.Acks[i])
		}
	}
	fork := &stranger{w, a, 1 << 42}
	for range 2 {
		if code := fork.call("/push", wire.Push{Ops: chain(w, a, site(4))}); code != wire.CodeForked {
			t.Errorf("a second log: %q", code)
		}
	}
}

// ask sends a message that must be accepted and reads the answer.
func (s *stranger) ask(path string, message, answer any) {
	s.w.T.Helper()
	body, err := wire.Pack(message)
	s.w.Check(err)
	rec := httptest.NewRecorder()
	s.w.Hub.Handler().ServeHTTP(rec, s.request(http.MethodPost, wire.Root+path, body, true))
	if rec.Code != http.StatusOK {
		s.w.T.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	s.w.Check(wire.Unpack(rec.Body.Bytes(), answer, wire.MaxPage))
}

func TestEnrolmentCodes(t *testing.T) {
	ctx := context.Background()
	refused := &wire.Error{Code: wire.CodeCode}
	code := func(w *World) string {
		c, err := w.Hub.NewCode(ctx, "某某")
		w.Check(err)
		return c
	}
	wrong := func(c string) string { return c[:len(c)-1] + string("ab"[strings.Count(c[len(c)-1:], "a")]) }
	t.Run("five wrong secrets kill it", func(t *testing.T) {
		w := NewWorld(t, 0)
		l, c := w.NewLaptop(1), code(w)
		for range 5 {
			if err := l.Client.Enrol(ctx, wrong(c)); !errors.Is(err, refused) {
				t.Errorf("wrong secret: %v", err)
			}
		}
		if err := l.Client.Enrol(ctx, c); !errors.Is(err, refused) {
			t.Errorf("the right secret after five wrong ones: %v", err)
		}
	})
	t.Run("single use", func(t *testing.T) {
		w := NewWorld(t, 0)
		a, b, c := w.NewLaptop(1), w.NewLaptop(2), code(w)
		w.Check(a.Client.Enrol(ctx, c))
		if err := b.Client.Enrol(ctx, c); !errors.Is(err, refused) {
			t.Errorf("second laptop: %v", err)
		}
	})
	t.Run("expires", func(t *testing.T) {
		w := NewWorld(t, 0)
		l, c := w.NewLaptop(1), code(w)
		w.Clock.Move(16 * 60e9)
		if err := l.Client.Enrol(ctx, c); !errors.Is(err, refused) {
			t.Errorf("late: %v", err)
		}
	})
	t.Run("a name of its own", func(t *testing.T) {
		w := NewWorld(t, 0)
		if _, err := w.Hub.NewCode(ctx, " "); err == nil {
			t.Error("a code for nobody")
		}
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, 1)
	w.Clock = modeltest.NewClock(time.Millisecond) // all within a second
	w.Dir = tempDir(t)
	w.begin(0)
	l := w.NewLaptop(1)
	limited := 0
	for i := range 40 {
		guess, err := wire.NewCode("https://hub.test:8443", w.Hub.Pin(), bytes.NewReader(bytes.Repeat([]byte{byte(i)}, 16)))
		w.Check(err)
		err = l.Client.Enrol(ctx, guess.String())
		switch {
		case errors.Is(err, &wire.Error{Code: wire.CodeRate}):
			limited++
		case !errors.Is(err, &wire.Error{Code: wire.CodeCode}):
			t.Errorf("guess: %v", err)
		}
	}
	if limited != 30 {
		t.Errorf("of 40 guesses in a second %d were held back, ten a minute are heard", limited)
	}
}

// TestPinned: a laptop talks to no other server than the one of its code.
func TestPinned(t *testing.T) {
	ctx := context.Background()
	w, other := NewWorld(t, 0), NewWorld(t, 0)
	server := httptest.NewUnstartedServer(other.Hub.Handler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = other.Hub.TLS()
	server.StartTLS()
	defer server.Close()
	w.Check(w.Hub.SetURL(ctx, server.URL))
	code, err := w.Hub.NewCode(ctx, "某某")
	w.Check(err)
	l := w.NewLaptop(1)
	c, err := client.New(ctx, client.Options{Store: l.Store, Blobs: l.Blobs, Ring: l.Ring, Clock: w.Clock})
	w.Check(err)
	if err := c.Enrol(ctx, code); !errors.Is(err, client.ErrPin) {
		t.Errorf("error %v", err)
	}
	if _, err := c.Sync(ctx, nil); !errors.Is(err, client.ErrNotEnrolled) {
		t.Errorf("error %v", err)
	}
}

// TestRevoked: a device that was shut out is heard no more, what it did stays.
func TestRevoked(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	r := a.Put("", "", modeltest.Employer(1))
	a.Sync()
	w.Check(w.Hub.Revoke(ctx, modeltest.Device(1).ID))
	if _, err := a.Client.Sync(ctx, nil); !errors.Is(err, &wire.Error{Code: wire.CodeRevoked}) {
		t.Errorf("error %v", err)
	}
	b.Sync()
	if b.Head(r.Record).Rev != r.Rev {
		t.Error("its work is gone")
	}
}

// FuzzHub throws bodies at every route that reads one, rightly signed: the hub
// may refuse, it may not fall.
func FuzzHub(f *testing.F) {
	for _, v := range []any{wire.Push{Ops: []model.Op{{Seq: 1, Epoch: 1, Device: modeltest.Device(1).ID}}}, wire.Pull{Scope: "本局", Cursor: -1, Limit: -1},
		wire.Numbers{Wants: []wire.Want{{Series: "s", Count: -1, Have: -1}}, Assigned: []model.Block{{Series: "s", From: 1, To: 1}}},
		wire.Announce{SHA256: strings.Repeat("0", 64), Leaves: [][]byte{make([]byte, 32)}}, wire.Hello{Protocol: 1, Checkpoint: &wire.Checkpoint{Size: 1}, Life: "\x00"}, wire.ProofAsk{Old: -1, Positions: []int64{0}},
		wire.DigestAsk{Scope: "本局", Buckets: []int{-1}}, wire.Repair{Scope: "本局", Revisions: []model.Revision{{Kind: "x"}}}, wire.RevAsk{Revs: []model.Rev{"\x00"}}, wire.Enrol{Protocol: 1}} {
		body, err := wire.JSON(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	w := NewWorld(f, 1)
	in := insider(w, 1)
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		w.T = t
		for _, path := range []string{"/hello", "/numbers", "/pull", "/push", "/blobs", "/blobs/missing", "/keys", "/log/proof", "/digest", "/revisions/missing", "/repair", "/enrol"} {
			if code := in.call(path, json.RawMessage(text)); code == wire.CodeInternal {
				t.Errorf("%s fell over %s", path, text)
			}
		}
	})
}
