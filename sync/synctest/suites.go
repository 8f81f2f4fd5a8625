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
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// StoreSuite is what every hub.Store must pass. open gives an empty one; the
// suite closes it.
func StoreSuite(t *testing.T, open func(*testing.T) hub.Store) {
	for name, test := range map[string]func(*storeTest){
		"register": (*storeTest).register, "journal": (*storeTest).journal, "log": (*storeTest).log, "feed": (*storeTest).feed,
		"numbers": (*storeTest).numbers, "evidence": (*storeTest).evidence, "rollback": (*storeTest).rollback, "frozen": (*storeTest).frozen,
		"moves": (*storeTest).moves, "accounts": (*storeTest).accounts, "strange": (*storeTest).strange, "skips nothing": (*storeTest).crowd,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			test(&storeTest{t, s})
		})
	}
}

type storeTest struct {
	*testing.T
	store hub.Store
}

// update runs a transaction that must succeed.
func (t *storeTest) update(fn func(hub.Tx) error) {
	t.Helper()
	if err := t.store.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// same reads something in a transaction of its own and compares it.
func same[V any](t *storeTest, want V, read func(hub.Tx) (V, error)) {
	t.Helper()
	err := t.store.View(context.Background(), func(tx hub.Tx) error {
		got, err := read(tx)
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// absent expects model.ErrNotFound.
func absent[V any](t *storeTest, read func(hub.Tx) (V, error)) {
	t.Helper()
	err := t.store.View(context.Background(), func(tx hub.Tx) error {
		_, err := read(tx)
		return err
	})
	if !errors.Is(err, model.ErrNotFound) {
		t.Errorf("error %v, want %v", err, model.ErrNotFound)
	}
}

var noon = time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)

func (t *storeTest) register() {
	invite := hub.Invite{ID: "i", Hash: []byte{1}, Name: "甲", Scope: "s", Expires: noon}
	device := hub.Device{ID: modeltest.ID(1, 1), Name: "甲", Scope: "s", Key: []byte{2}, Epoch: 1, Enrolled: noon, Until: noon, Seen: noon,
		Pending: 3, Bytes: 4, Heard: 5}
	state := hub.State{Device: device.ID, Epoch: 1, LastSeq: 3, LastHash: []byte{4}, Nonce: 5, Forked: true}
	absent(t, func(tx hub.Tx) (hub.Invite, error) { return tx.Invite("i") })
	absent(t, func(tx hub.Tx) (hub.Device, error) { return tx.Device(device.ID) })
	absent(t, func(tx hub.Tx) (string, error) { return tx.Meta("k") })
	same(t, hub.State{Device: device.ID, Epoch: 1}, func(tx hub.Tx) (hub.State, error) { return tx.State(device.ID, 1) })
	for range 2 { // written anew and written over
		t.update(func(tx hub.Tx) error {
			return errors.Join(tx.SaveInvite(invite), tx.SaveDevice(device), tx.SaveState(state), tx.SetMeta("k", invite.Name))
		})
		same(t, invite, func(tx hub.Tx) (hub.Invite, error) { return tx.Invite("i") })
		same(t, []hub.Device{device}, hub.Tx.Devices)
		same(t, state, func(tx hub.Tx) (hub.State, error) { return tx.State(device.ID, 1) })
		same(t, state, func(tx hub.Tx) (hub.State, error) {
			if err := tx.Fetch([]model.ID{device.ID, modeltest.ID(9, 9)}, nil, nil); err != nil {
				return hub.State{}, err
			}
			return tx.State(device.ID, 1)
		})
		same(t, hub.State{Device: device.ID, Epoch: 2}, func(tx hub.Tx) (hub.State, error) { return tx.State(device.ID, 2) })
		same(t, "甲", func(tx hub.Tx) (string, error) { return tx.Meta("k") })
		invite.Tries, invite.Used, device.Revoked, device.Epoch, state.Nonce = 2, device.ID, noon, 2, 9
		device.Grants = []hub.Grant{{Scope: "t", Role: hub.RoleRead}}
	}
}

// revision makes one without a signature: a Store checks none.
func revision(n int, rev model.Rev, body string, parents ...model.Rev) model.Revision {
	return model.Revision{Rev: rev, Record: modeltest.ID(1, n), Kind: model.KindDocument, Parents: parents, Time: noon, Body: json.RawMessage(body)}
}

func (t *storeTest) journal() {
	r1, r2 := revision(1, "1-a", `{"state":"<草稿>"}`), revision(1, "2-b", `{}`, "1-a")
	head := hub.Head{Record: r1.Record, Kind: r1.Kind, Scope: "s", Rev: r1.Rev}
	conflict := wire.Conflict{Record: r1.Record, Kind: r1.Kind, Ours: r1.Rev, Theirs: r2.Rev, Fields: []string{"state"}, At: noon}
	absent(t, func(tx hub.Tx) (model.Revision, error) { return tx.Revision(r1.Rev) })
	absent(t, func(tx hub.Tx) (hub.Head, error) { return tx.Head(r1.Record) })
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.AddRevision(r1), tx.AddRevision(r2), tx.SaveHead(head), tx.AddConflict(conflict))
	})
	same(t, r1, func(tx hub.Tx) (model.Revision, error) { return tx.Revision(r1.Rev) })
	same(t, head, func(tx hub.Tx) (hub.Head, error) { return tx.Head(r1.Record) })
	same(t, 2, func(tx hub.Tx) (int, error) { g, err := tx.Graph(r1.Record); return len(g), err })
	same(t, true, func(tx hub.Tx) (bool, error) {
		known, err := tx.Known([]model.Rev{r1.Rev, "9-z"})
		return known[r1.Rev] && !known["9-z"], errors.Join(err, tx.Fetch(nil, []model.ID{r1.Record, modeltest.ID(9, 9)}, []model.Rev{r2.Rev}))
	})
	same(t, []wire.Conflict{conflict}, func(tx hub.Tx) ([]wire.Conflict, error) { return tx.Conflicts(r1.Record) })
	same(t, []wire.Conflict{conflict}, func(tx hub.Tx) ([]wire.Conflict, error) {
		return tx.Conflicts(modeltest.ID(9, 9), r1.Record, modeltest.ID(0, 0))
	})
	same(t, nil, func(tx hub.Tx) ([]wire.Conflict, error) { return tx.Conflicts(modeltest.ID(9, 9), modeltest.ID(0, 0)) })
	same(t, nil, func(tx hub.Tx) ([]wire.Conflict, error) { return tx.Conflicts() })
	same(t, []wire.Conflict{conflict}, func(tx hub.Tx) ([]wire.Conflict, error) { return tx.OpenConflicts(9) })
	same(t, []model.Rev{"1-a", "2-b"}, func(tx hub.Tx) (out []model.Rev, err error) {
		err = tx.EachRevision(func(r model.Revision) error { out = append(out, r.Rev); return nil })
		return out, err
	})
	same(t, nil, hub.Tx.Announced)
	key := revision(7, "1-k", `{}`)
	t.update(func(tx hub.Tx) error {
		return errors.Join(tx.AddRevision(key), tx.SaveHead(hub.Head{Record: key.Record, Kind: model.KindIssuerKey, Scope: "s", Rev: key.Rev}))
	})
	same(t, []model.ID{key.Record}, hub.Tx.Announced)
	t.update(func(tx hub.Tx) error { return tx.CloseConflict(r1.Record, r2.Rev, noon) })
	same(t, nil, func(tx hub.Tx) ([]wire.Conflict, error) { return tx.Conflicts(r1.Record) })
	if err := t.store.Update(context.Background(), func(tx hub.Tx) error { return tx.AddRevision(r1) }); err == nil {
		t.Error("one revision was written twice")
	}
}

func (t *storeTest) log() {
	var log wire.Frontier
	add := func(seq int64, outcome string) (hub.Entry, error) {
		e := hub.Entry{Op: model.Op{Device: modeltest.ID(1, 1), Epoch: 1, Seq: seq, Hash: []byte{byte(seq)}}, Ack: model.Ack{Seq: seq, Outcome: outcome}}
		err := t.store.Update(context.Background(), func(tx hub.Tx) error {
			f, err := tx.Log()
			if err != nil {
				return err
			}
			e.Hashes = f.Append(e.Op.Hash)
			e.Ack.Position = f.Size
			log = f
			return errors.Join(tx.AddOp(e), tx.SaveLog(f))
		})
		return e, err
	}
	absent(t, func(tx hub.Tx) (hub.Entry, error) { return tx.Op(modeltest.ID(1, 1), 1, 1) })
	absent(t, func(tx hub.Tx) (hub.Entry, error) { return tx.OpAt(1) })
	same(t, 0, func(tx hub.Tx) (int64, error) { f, err := tx.Log(); return f.Size, err })
	var last hub.Entry
	for seq := range int64(7) {
		outcome := model.OutcomeApplied
		if seq == 4 {
			outcome = model.OutcomeQuarantined
		}
		var err error
		if last, err = add(seq+1, outcome); err != nil {
			t.Fatal(err)
		}
	}
	same(t, last, func(tx hub.Tx) (hub.Entry, error) { return tx.Op(last.Op.Device, 1, 7) })
	same(t, last, func(tx hub.Tx) (hub.Entry, error) { return tx.OpAt(7) })
	whole := log
	same(t, whole, hub.Tx.Log)
	same(t, tlog.Hash(whole.Root()), func(tx hub.Tx) (tlog.Hash, error) { return tlog.TreeHash(7, tx) })
	for n := range whole.Size {
		same(t, nil, func(tx hub.Tx) (error, error) {
			proof, err := tlog.ProveRecord(whole.Size, n, tx)
			return tlog.CheckRecord(proof, whole.Size, tlog.Hash(whole.Root()), n, tlog.RecordHash([]byte{byte(n + 1)})), err
		})
	}
	same(t, []int64{5}, t.aside)
	t.update(func(tx hub.Tx) error { return tx.Settle(5, "放行", noon) })
	same(t, nil, t.aside)
	if _, err := add(7, model.OutcomeApplied); err == nil {
		t.Error("one place of a device's log was written twice")
	}
	same(t, whole, hub.Tx.Log)
}

// aside are the positions of what is set aside.
func (t *storeTest) aside(tx hub.Tx) (out []int64, err error) {
	list, err := tx.Quarantine()
	for _, e := range list {
		out = append(out, e.Ack.Position)
	}
	return out, err
}

// accounts of the console.
func (t *storeTest) accounts() {
	a := hub.Account{Name: "局长", Hash: "$argon2id$…", Since: noon}
	absent(t, func(tx hub.Tx) (hub.Account, error) { return tx.Account("局长") })
	for range 2 {
		t.update(func(tx hub.Tx) error { return tx.SaveAccount(a) })
		same(t, a, func(tx hub.Tx) (hub.Account, error) { return tx.Account("局长") })
		same(t, []hub.Account{a}, hub.Tx.Accounts)
		a.Disabled, a.Hash = true, "x"
	}
}

// strange: what people type is text, never a piece of a statement.
func (t *storeTest) strange() {
	for i, text := range []string{`'; DROP TABLE head; --`, `" OR 1=1`, `$1 ? ?1 :a`, `\'\"%_`, "多\n行", "1;2"} {
		device := hub.Device{ID: modeltest.ID(1, 1), Name: text, Scope: text, Grants: []hub.Grant{{Scope: text, Role: text}}, Key: []byte{7}, Epoch: 1, Enrolled: noon}
		spent := hub.Spent{Series: text, Serial: 1, Device: device.ID, State: hub.SpentVoid, Reason: text, At: noon}
		r := revision(i, model.Rev(fmt.Sprintf("1-%d", i)), `{"a":"`+strconv.Itoa(i)+`"}`)
		t.update(func(tx hub.Tx) error {
			return errors.Join(tx.SetMeta(text, text), tx.SaveDevice(device), tx.AddSpent(spent), tx.LockSeries(text), tx.AddRevision(r),
				tx.SaveHead(hub.Head{Record: r.Record, Kind: model.Kind(text), Scope: text, Rev: r.Rev}), tx.Bump(text, []model.ID{r.Record}))
		})
		same(t, text, func(tx hub.Tx) (string, error) { return tx.Meta(text) })
		same(t, device, func(tx hub.Tx) (hub.Device, error) { return tx.Device(device.ID) })
		same(t, []hub.Spent{spent}, func(tx hub.Tx) ([]hub.Spent, error) { return tx.Spent(text) })
		same(t, []suiteLine{{1, r.Rev, false}}, t.lines(text, 0, 9))
		same(t, model.Kind(text), func(tx hub.Tx) (model.Kind, error) { h, err := tx.Head(r.Record); return h.Kind, err })
	}
}

func (t *storeTest) numbers() {
	block := model.Block{Series: "令/2026", From: 1, To: 10, Next: 1, Device: modeltest.ID(1, 1), Epoch: 1, Source: "hub"}
	holder := hub.Holder{Series: "令/2026", Serial: 3, Document: modeltest.ID(1, 2), Device: block.Device, Rev: "2-a", At: noon}
	absent(t, func(tx hub.Tx) (hub.Holder, error) { return tx.Number("令/2026", 3) })
	t.update(func(tx hub.Tx) error { return errors.Join(tx.AddBlock(block), tx.AddNumber(holder)) })
	same(t, []model.Block{block}, func(tx hub.Tx) ([]model.Block, error) { return tx.Blocks("令/2026") })
	same(t, holder, func(tx hub.Tx) (hub.Holder, error) { return tx.Number("令/2026", 3) })
	same(t, []hub.Holder{holder}, func(tx hub.Tx) ([]hub.Holder, error) { return tx.Holders("令/2026") })
	same(t, []string{"令/2026"}, hub.Tx.Series)
	spent := hub.Spent{Series: "令/2026", Serial: 4, Device: block.Device, State: hub.SpentVoid, Reason: "写错", At: noon}
	for range 2 { // said again by another reply that was lost
		t.update(func(tx hub.Tx) error { return tx.AddSpent(spent) })
		same(t, []hub.Spent{spent}, func(tx hub.Tx) ([]hub.Spent, error) { return tx.Spent("令/2026") })
	}
	same(t, 3, func(tx hub.Tx) (int, error) { return tx.MaxNumber("令/2026") })
	same(t, 0, func(tx hub.Tx) (int, error) { return tx.MaxNumber("书/2026") })
	second := holder
	second.Document = modeltest.ID(1, 3)
	if err := t.store.Update(context.Background(), func(tx hub.Tx) error { return tx.AddNumber(second) }); err == nil {
		t.Error("a number has two first holders")
	}
	t.update(func(tx hub.Tx) error { return errors.Join(tx.AddClash(second), tx.AddClash(second)) })
	same(t, []hub.Holder{second}, hub.Tx.Clashes)
}

func (t *storeTest) evidence() {
	leaf := sha256.Sum256([]byte("x"))
	blob := hub.Blob{SHA256: hex.EncodeToString(leaf[:]), Size: 1, Leaves: [][]byte{leaf[:]}, Device: modeltest.ID(1, 1), At: noon}
	absent(t, func(tx hub.Tx) (hub.Blob, error) { return tx.Blob(blob.SHA256) })
	for range 2 {
		t.update(func(tx hub.Tx) error { return tx.SaveBlob(blob) })
		same(t, blob, func(tx hub.Tx) (hub.Blob, error) { return tx.Blob(blob.SHA256) })
		blob.Stored, blob.SM3, blob.Verified = true, "ab", noon
	}
	same(t, 1, func(tx hub.Tx) (n int, err error) {
		err = tx.EachBlob(func(hub.Blob) error { n++; return nil })
		return n, err
	})
}

func (t *storeTest) rollback() {
	boom := errors.New("boom")
	err := t.store.Update(context.Background(), func(tx hub.Tx) error {
		return errors.Join(tx.SetMeta("k", "v"), boom)
	})
	if !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	absent(t, func(tx hub.Tx) (string, error) { return tx.Meta("k") })
}

// frozen: the database itself refuses another content for an issued document,
// whatever the program asks.
func (t *storeTest) frozen() {
	issued := revision(1, "1-a", `{"fields":{"a":1},"issued":{"number":"1"},"state":"已签发"}`)
	served := revision(1, "2-b", `{"events":[1],"fields":{"a":1},"issued":{"number":"1"},"state":"已送达"}`, "1-a")
	forged := revision(1, "3-c", `{"events":[1],"fields":{"a":2},"issued":{"number":"1"},"state":"已送达"}`, "2-b")
	head := hub.Head{Record: issued.Record, Kind: model.KindDocument, Scope: "s"}
	move := func(r model.Revision) error {
		head.Rev = r.Rev
		return t.store.Update(context.Background(), func(tx hub.Tx) error { return errors.Join(tx.AddRevision(r), tx.SaveHead(head)) })
	}
	if err := errors.Join(move(issued), move(served)); err != nil {
		t.Fatal(err)
	}
	if move(forged) == nil {
		t.Error("an issued document was given another content")
	}
}

// BlobsSuite is what every hub.Blobs must pass. open gives an empty one; the
// suite closes it.
func BlobsSuite(t *testing.T, open func(*testing.T) hub.Blobs) {
	b := &blobsTest{T: t, blobs: open(t), data: bytes.Repeat([]byte("0123456789"), (2*wire.LeafSize+5000)/10)}
	defer func() { b.check(b.blobs.Close()) }()
	sum := sha256.Sum256(b.data)
	b.sha, b.size = hex.EncodeToString(sum[:]), int64(len(b.data))
	b.absent()
	b.damaged()
	b.whole()
}

type blobsTest struct {
	*testing.T
	blobs hub.Blobs
	data  []byte
	sha   string
	size  int64
}

func (t *blobsTest) check(err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// write puts leaf from of the data in the place of leaf n.
func (t *blobsTest) write(n, from int) {
	t.Helper()
	at := int64(from) * wire.LeafSize
	t.check(t.blobs.WriteLeaf(context.Background(), t.sha, t.size, n, t.data[at:at+wire.LeafLen(t.size, from)]))
}

// have expects exactly the named leaves.
func (t *blobsTest) have(want ...int) {
	t.Helper()
	have, err := t.blobs.Have(context.Background(), t.sha, t.size)
	t.check(err)
	for n := range wire.Leaves(t.size) {
		if have.Has(n) != slices.Contains(want, n) {
			t.Errorf("leaf %d: %v, want leaves %v", n, have.Has(n), want)
		}
	}
}

func (t *blobsTest) absent() {
	if _, _, err := t.blobs.Open(context.Background(), t.sha); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	t.have()
}

// damaged: leaves come in any order and twice; wrong bytes are dropped.
func (t *blobsTest) damaged() {
	t.write(2, 2)
	t.write(0, 0)
	t.write(0, 0)
	t.have(0, 2)
	t.write(1, 0)
	if err := t.blobs.Finish(context.Background(), t.sha, t.size); !errors.Is(err, hub.ErrDamaged) {
		t.Errorf("wrong bytes: %v", err)
	}
	t.have()
}

// whole: what was finished, once or twice, reads as it was.
func (t *blobsTest) whole() {
	ctx := context.Background()
	for n := range wire.Leaves(t.size) {
		t.write(n, n)
	}
	for range 2 {
		t.check(t.blobs.Finish(ctx, t.sha, t.size))
	}
	r, n, err := t.blobs.Open(ctx, t.sha)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	t.check(err)
	if n != t.size || !bytes.Equal(got, t.data) {
		t.Errorf("read %d of %d bytes", len(got), n)
	}
	for _, at := range []int64{2 * wire.LeafSize, wire.LeafSize - 7, 0, t.size - 20} { // a range across two leaves among them
		part := make([]byte, 20)
		_, err1 := r.Seek(at, io.SeekStart)
		_, err2 := io.ReadFull(r, part)
		if t.check(errors.Join(err1, err2)); !bytes.Equal(part, t.data[at:at+20]) {
			t.Errorf("at %d: %q", at, part)
		}
	}
	if end, err := r.Seek(0, io.SeekEnd); end != t.size || err != nil {
		t.Errorf("the end is at %d: %v", end, err)
	}
	t.check(r.Close())
	t.empty()
}

// empty: a file of no bytes has one leaf of none.
func (t *blobsTest) empty() {
	ctx := context.Background()
	sum := sha256.Sum256(nil)
	sha := hex.EncodeToString(sum[:])
	t.check(t.blobs.WriteLeaf(ctx, sha, 0, 0, nil))
	t.check(t.blobs.Finish(ctx, sha, 0))
	r, n, err := t.blobs.Open(ctx, sha)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if t.check(errors.Join(err, r.Close())); n != 0 || len(got) > 0 {
		t.Errorf("an empty file has %d bytes, size %d", len(got), n)
	}
}
