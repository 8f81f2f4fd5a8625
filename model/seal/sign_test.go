package seal_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

func sample() model.Revision {
	return model.Revision{
		Record: modeltest.ID(1, 1), Kind: model.KindEmployer, Parents: []model.Rev{"2-abc"}, Schema: 1, Author: modeltest.ID(1, 2),
		Time: modeltest.Day, Body: json.RawMessage(`{"name":"某公司","headcount":3}`),
	}
}

// The names and chain values of revisions are kept for ever by hubs and
// papers; these must never change.
func TestRevisionFormatIsFixed(t *testing.T) {
	d := modeltest.Device(1)
	r := sample()
	if err := d.SignRevision(&r); err != nil {
		t.Fatal(err)
	}
	if want := model.Rev("3-pbrskhzyau6l73dsurkolxm57j7v4y7pmjvdageyekhqp6vk4hja"); r.Rev != want {
		t.Errorf("rev is %s, was %s", r.Rev, want)
	}
	op := model.Op{Seq: 7, Scope: "430725", Prev: []byte{1}, Number: &model.NumberUse{Series: "令/2026", Serial: 3, Document: modeltest.ID(1, 3)}, Revision: r}
	d.SignOp(&op)
	if got, want := hex.EncodeToString(op.Hash), "6d4ea040ead87032253c85b75686a375029191f2c3dabed52d0fd4ecd21d1bfd"; got != want {
		t.Errorf("op hash is %s, was %s", got, want)
	}
	if got, want := d.KeyID(), "ts6lzjsbvrjh64jp"; got != want {
		t.Errorf("key id is %s, was %s", got, want)
	}
}

func TestRevisionChecks(t *testing.T) {
	d, other := modeltest.Device(1), modeltest.Device(2)
	r := sample()
	if err := d.SignRevision(&r); err != nil {
		t.Fatal(err)
	}
	if err := seal.CheckRevision(r, d.Public()); err != nil {
		t.Fatal(err)
	}
	if r.Rev.Generation() != 3 || r.Device != d.ID || r.Epoch != 1 {
		t.Errorf("signed as %+v", r)
	}
	spaced := r
	spaced.Body = json.RawMessage("{ \"name\": \"\\u67d0公司\",\n \"headcount\": 3 }")
	if err := seal.CheckRevision(spaced, d.Public()); err != nil {
		t.Errorf("another spelling of the same body: %v", err)
	}
	if err := seal.CheckRevision(r, other.Public()); !errors.Is(err, seal.ErrForged) {
		t.Errorf("another's key: %v", err)
	}
	if err := seal.CheckRevision(r, nil); !errors.Is(err, seal.ErrForged) {
		t.Errorf("no key: %v", err)
	}
	for name, change := range map[string]func(*model.Revision){
		"record": func(r *model.Revision) { r.Record = modeltest.ID(1, 9) }, "kind": func(r *model.Revision) { r.Kind = model.KindSite },
		"parents": func(r *model.Revision) { r.Parents = nil }, "other parent": func(r *model.Revision) { r.Parents = []model.Rev{"2-abd"} },
		"schema": func(r *model.Revision) { r.Schema = 2 }, "author": func(r *model.Revision) { r.Author = modeltest.ID(1, 9) },
		"device": func(r *model.Revision) { r.Device = other.ID }, "epoch": func(r *model.Revision) { r.Epoch++ },
		"time": func(r *model.Revision) { r.Time = r.Time.Add(time.Nanosecond) }, "zone": func(r *model.Revision) { r.Time = r.Time.UTC() },
		"body": func(r *model.Revision) { r.Body = json.RawMessage(`{"name":"某公司","headcount":4}`) },
		"sig":  func(r *model.Revision) { r.Sig = append([]byte{r.Sig[0] ^ 1}, r.Sig[1:]...) }, "no sig": func(r *model.Revision) { r.Sig = nil },
	} {
		changed := r
		change(&changed)
		if err := seal.CheckRevision(changed, d.Public()); !errors.Is(err, seal.ErrForged) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
}

func TestOpChecks(t *testing.T) {
	d := modeltest.Device(1)
	op := model.Op{Seq: 2, Scope: "a", Prev: []byte("prev"), Revision: model.Revision{Rev: "1-x"}, Number: &model.NumberUse{Series: "s", Serial: 1, Document: "d"}}
	d.SignOp(&op)
	if err := seal.CheckOp(op, d.Public()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*model.Op){
		"prev": func(o *model.Op) { o.Prev = nil }, "seq": func(o *model.Op) { o.Seq++ }, "scope": func(o *model.Op) { o.Scope = "b" },
		"epoch": func(o *model.Op) { o.Epoch++ }, "device": func(o *model.Op) { o.Device = "x" }, "rev": func(o *model.Op) { o.Revision.Rev = "1-y" },
		"no number": func(o *model.Op) { o.Number = nil }, "number": func(o *model.Op) { o.Number = &model.NumberUse{Series: "s", Serial: 2, Document: "d"} },
		"hash": func(o *model.Op) { o.Hash = []byte("hash") }, "sig": func(o *model.Op) { o.Sig = make([]byte, ed25519.SignatureSize) },
		"scope that spells the next line": func(o *model.Op) { o.Scope = "a\n1-x" },
	} {
		changed := op
		change(&changed)
		if err := seal.CheckOp(changed, d.Public()); !errors.Is(err, seal.ErrForged) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
}

// A revision keeps its name through JSON, as the wire and the disk do to it.
func TestRevSurvivesTransport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", 60*rapid.IntRange(-12*60, 14*60).Draw(t, "zone"))
		body, err := json.Marshal(jsonValue(2).Draw(t, "body"))
		if err != nil {
			t.Fatal(err)
		}
		r := model.Revision{
			Record: model.ID(rapid.String().Draw(t, "record")), Kind: model.KindCase, Schema: rapid.Int().Draw(t, "schema"), Body: body,
			Time: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).In(zone),
		}
		if err := modeltest.Device(1).SignRevision(&r); err != nil {
			t.Fatal(err)
		}
		wire, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back model.Revision
		if err := json.Unmarshal(wire, &back); err != nil {
			t.Fatal(err)
		}
		if err := seal.CheckRevision(back, modeltest.Device(1).Public()); err != nil {
			t.Fatalf("%s: %v", wire, err)
		}
	})
}

func BenchmarkCheckRevision(b *testing.B) {
	r := sample()
	if err := modeltest.Device(1).SignRevision(&r); err != nil {
		b.Fatal(err)
	}
	pub := modeltest.Device(1).Public()
	for b.Loop() {
		if err := seal.CheckRevision(r, pub); err != nil {
			b.Fatal(err)
		}
	}
}
