package hub_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// rig is a hub over any store with hand-made laptops: they sign what the
// protocol asks for and keep nothing.
type rig struct {
	testing.TB
	clock *modeltest.Clock
	hub   *hub.Hub
	// dsn is its database, where it is PostgreSQL; folder that of its evidence.
	dsn, folder string
}

// newRig makes a hub of a store; nil is SQLite in a temporary folder.
func newRig(t testing.TB, store func(hub.Identity) (hub.Store, error)) *rig {
	t.Helper()
	r := &rig{TB: t, clock: modeltest.NewClock(time.Millisecond)}
	id, err := hub.NewIdentity(r.clock, &modeltest.IDs{Laptop: 0xffff})
	r.check(err)
	r.hub = r.replica(id, store, 0)
	r.check(r.hub.SetURL(context.Background(), "https://hub.test"))
	return r
}

func (r *rig) replica(id hub.Identity, store func(hub.Identity) (hub.Store, error), trust time.Duration) *hub.Hub {
	r.Helper()
	if store == nil {
		store = func(id hub.Identity) (hub.Store, error) {
			return hub.OpenSQLite(context.Background(), filepath.Join(r.TempDir(), "hub.db"), id.Seal())
		}
	}
	s, err := store(id)
	r.check(err)
	r.folder = filepath.Join(r.TempDir(), "blobs")
	blobs, err := hub.OpenFolder(r.folder, id.Seal())
	r.check(err)
	h, err := hub.Assemble(context.Background(), id, s, blobs, hub.Options{Clock: r.clock, IDs: &modeltest.IDs{Laptop: 0xfffe}, Trust: trust})
	r.check(err)
	r.Cleanup(func() { r.check(h.Close()) })
	return h
}

func (r *rig) check(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// pen is a laptop that only signs.
type pen struct {
	*rig
	seal.Device
	handler http.Handler
	nonce   int64
	seq     int64
	last    []byte
	author  model.ID
}

// join makes laptop n, enrolled.
func (r *rig) join(n int) *pen {
	r.Helper()
	p := r.stranger(n)
	line, err := r.hub.NewCode(context.Background(), fmt.Sprintf("officer %d", n))
	r.check(err)
	code, err := wire.ParseCode(line)
	r.check(err)
	var out wire.Enrolled
	if err := p.call("enrol", wire.Enrol{Protocol: wire.Protocol, CodeID: code.ID, Secret: code.Secret, Device: p.ID, Epoch: 1, Key: p.Public()}, &out); err != nil {
		r.Fatal(err)
	}
	return p
}

// stranger has a key of its own and has not joined.
func (r *rig) stranger(n int) *pen {
	seed := sha256.Sum256(fmt.Appendf(nil, "pen %d", n))
	return &pen{rig: r, Device: seal.Device{ID: modeltest.ID(0xcccc, n), Epoch: 1, Key: ed25519.NewKeyFromSeed(seed[:])},
		handler: r.hub.Handler(), author: modeltest.ID(0xaaaa, n)}
}

// request is a signed message on its way.
func (p *pen) request(name string, in any) *http.Request {
	p.Helper()
	body, err := wire.Pack(in)
	p.check(err)
	p.nonce++
	req := httptest.NewRequest(http.MethodPost, "https://hub.test"+wire.Root+"/"+name, bytes.NewReader(body))
	wire.Sign(req, p.Device, wire.Digest(body), p.nonce, p.clock.Now())
	return req
}

// call sends a message; a refusal is the error.
func (p *pen) call(name string, in, out any) error {
	p.Helper()
	rec := httptest.NewRecorder()
	p.handler.ServeHTTP(rec, p.request(name, in))
	return answer(rec, out)
}

func answer(rec *httptest.ResponseRecorder, out any) error {
	if rec.Code >= 300 {
		e := &wire.Error{Status: rec.Code}
		if err := json.Unmarshal(rec.Body.Bytes(), e); err != nil {
			return err
		}
		return e
	}
	body, err := io.ReadAll(rec.Body)
	if err != nil || out == nil {
		return err
	}
	return wire.Unpack(body, out, wire.MaxPage)
}

// create signs an operation that makes a record.
func (p *pen) create(record model.Record) model.Op {
	p.Helper()
	return p.op("", p.revision(modeltest.ID(int(p.ID[23])<<8+int(p.ID[len(p.ID)-1]), int(p.seq)+1), record))
}

func (p *pen) revision(id model.ID, record model.Record, parents ...model.Rev) model.Revision {
	p.Helper()
	body, err := seal.Canonical(record)
	p.check(err)
	r := model.Revision{Record: id, Kind: record.Kind(), Parents: parents, Schema: 1, Author: p.author, Time: p.clock.Now(), Body: body}
	p.check(p.SignRevision(&r))
	return r
}

// op is the next entry of the log.
func (p *pen) op(scope string, r model.Revision) model.Op {
	p.seq++
	op := model.Op{Seq: p.seq, Scope: scope, Prev: p.last, Revision: r}
	p.SignOp(&op)
	p.last = op.Hash
	return op
}

// push hands in operations and checks the proof that they stand in the log.
func (p *pen) push(ops ...model.Op) ([]model.Ack, error) {
	p.Helper()
	var out wire.Pushed
	if err := p.call("push", wire.Push{Ops: ops}, &out); err != nil {
		return nil, err
	}
	if len(out.Proof.Entries) > 0 {
		if err := out.Proof.Check(out.Checkpoint, ops, out.Acks); err != nil {
			p.Errorf("proof: %v", err)
		}
	}
	return out.Acks, nil
}
