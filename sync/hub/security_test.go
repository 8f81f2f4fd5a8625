package hub_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// condition is everything of a hub that a refused request must leave alone.
func (r *rig) condition() hub.Condition {
	r.Helper()
	s, err := r.hub.State(context.Background())
	r.check(err)
	for i := range s.Devices { // when it last called is not what it did
		s.Devices[i].Seen, s.Devices[i].Until = time.Time{}, time.Time{}
	}
	return s
}

// refused expects a refusal of a code, and that nothing has changed.
func (r *rig) refused(code string, act func() error) {
	r.Helper()
	before := r.condition()
	err := act()
	var refusal *wire.Error
	if !errors.As(err, &refusal) || refusal.Code != code || refusal.Message == "" {
		r.Errorf("answer %v, want %s", err, code)
	}
	if after := r.condition(); !reflect.DeepEqual(before, after) {
		r.Errorf("%s changed the hub:\n%+v\n%+v", code, before, after)
	}
}

// aside expects that operations are kept, set aside for a reason, and change no
// record.
func (p *pen) aside(reason string, ops ...model.Op) {
	p.Helper()
	acks, err := p.push(ops...)
	p.check(err)
	for _, a := range acks {
		if a.Outcome != model.OutcomeQuarantined || !strings.Contains(a.Reason, reason) {
			p.Errorf("outcome %+v, want %q", a, reason)
		}
	}
	for _, op := range ops {
		p.check(p.hub.View(context.Background(), func(tx hub.Tx) error {
			if r, err := tx.Revision(op.Revision.Rev); err == nil {
				p.Errorf("what was set aside became revision %s", r.Rev)
			}
			return nil
		}))
	}
}

func (r *rig) send(req *http.Request) error {
	rec := httptest.NewRecorder()
	r.hub.Handler().ServeHTTP(rec, req)
	return answer(rec, nil)
}

func TestStrangersAreRefused(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	op := p.create(modeltest.Employer(1))
	r.refused(wire.CodeUnsigned, func() error { return r.stranger(2).call("hello", wire.Hello{Protocol: 1}, nil) })
	thief := r.stranger(3)
	thief.ID = p.ID // another's name, one's own key
	r.refused(wire.CodeUnsigned, func() error { return thief.call("push", wire.Push{Ops: []model.Op{op}}, nil) })
	r.refused(wire.CodeUnsigned, func() error {
		req := p.request("push", wire.Push{Ops: []model.Op{op}})
		other, err := wire.Pack(wire.Push{Ops: []model.Op{op, op}})
		r.check(err)
		req.Body = http.NoBody
		req = req.Clone(req.Context())
		req.Body, req.ContentLength = readCloser(other), int64(len(other))
		return r.send(req)
	})
	r.check(r.hub.Revoke(context.Background(), p.ID))
	r.refused(wire.CodeRevoked, func() error { return p.call("push", wire.Push{Ops: []model.Op{op}}, nil) })
	if err := r.hub.Renew(context.Background(), p.ID); err == nil || !strings.Contains(err.Error(), "已经停用，不能续期") {
		t.Errorf("renewing one that is shut out: %v", err)
	}
	late := r.join(4)
	r.clock.Move(91 * 24 * time.Hour)
	r.refused(wire.CodeRevoked, func() error { return late.call("hello", wire.Hello{Protocol: 1}, nil) })
	r.check(r.hub.Renew(context.Background(), late.ID))
	r.check(late.call("hello", wire.Hello{Protocol: 1}, nil))
}

func readCloser(data []byte) *nopCloser { return &nopCloser{bytes.NewReader(data)} }

type nopCloser struct{ *bytes.Reader }

func (*nopCloser) Close() error { return nil }

// TestRepeatedRequest: a request somebody recorded does nothing the second time.
func TestRepeatedRequest(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	req := p.request("push", wire.Push{Ops: []model.Op{p.create(modeltest.Employer(1))}})
	body := new(bytes.Buffer)
	_, err := body.ReadFrom(req.Body)
	r.check(err)
	again := func() error {
		copied := req.Clone(req.Context())
		copied.Body = readCloser(body.Bytes())
		return r.send(copied)
	}
	r.check(again())
	r.refused(wire.CodeReplayed, again)
}

func TestForeignHandsAreSetAside(t *testing.T) {
	r := newRig(t, nil)
	p, other := r.join(1), r.join(2)
	mine := other.create(modeltest.Employer(1))
	if _, err := other.push(mine); err != nil {
		t.Fatal(err)
	}
	forged := p.revision(modeltest.ID(0x77, 1), modeltest.Employer(7))
	forged.Device = other.ID // an act another is said to have done
	p.aside("冒用", p.op("", forged))
	changed := p.revision(modeltest.ID(0x77, 2), modeltest.Employer(7))
	changed.Body = []byte(`{"name":"别的"}`)
	p.aside("冒用", p.op("", changed))
	unknown := r.stranger(9)
	p.aside("未登记", p.op("", unknown.revision(modeltest.ID(0x77, 3), modeltest.Employer(7))))
	p.aside("无权写入", p.op("乙县", p.revision(modeltest.ID(0x77, 4), modeltest.Employer(7))))
	p.aside("名称不正确", p.op("本局/", p.revision(modeltest.ID(0x77, 5), modeltest.Employer(7))))
	p.aside("名称不正确", p.op("a\x00b", p.revision(modeltest.ID(0x77, 6), modeltest.Employer(7))))
	orphan := p.revision(modeltest.ID(0x77, 7), modeltest.Employer(7), "1-nowhere")
	p.aside("上一版本不在", p.op("", orphan))
	early := p.revision(modeltest.ID(0x77, 8), modeltest.Employer(8))
	early.Time = r.clock.Now().Add(48 * time.Hour)
	r.check(p.SignRevision(&early))
	acks, err := p.push(p.op("", early))
	if err != nil || acks[0].Outcome != model.OutcomeApplied || !strings.Contains(acks[0].Reason, "时间") {
		t.Errorf("a clock two days ahead: %+v %v", acks, err)
	}
}

func TestLimits(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	enc, err := zstd.NewWriter(nil)
	r.check(err)
	send := func(body []byte) func() error {
		return func() error {
			p.nonce++
			req := httptest.NewRequest(http.MethodPost, "https://hub.test"+wire.Root+"/push", bytes.NewReader(body))
			wire.Sign(req, p.Device, wire.Digest(body), p.nonce, r.clock.Now())
			return r.send(req)
		}
	}
	r.refused(wire.CodeTooLarge, send(make([]byte, wire.MaxPacked+1)))
	r.refused(wire.CodeTooLarge, send(enc.EncodeAll(make([]byte, wire.MaxBody+1), nil)))
	r.refused(wire.CodeBad, send([]byte("no zstd")))
	r.refused(wire.CodeBad, send(enc.EncodeAll([]byte(`{"ops":[`), nil)))
	many := make([]model.Op, wire.MaxOps+1)
	r.refused(wire.CodeBad, func() error { return p.call("push", wire.Push{Ops: many}, nil) })
	for _, name := range []string{"..%2f..%2fidentity.json", strings.Repeat("A", 64), strings.Repeat("a", 63) + "%2f", "x"} {
		r.refused(wire.CodeBad, func() error {
			p.nonce++
			req := httptest.NewRequest(http.MethodGet, "https://hub.test"+wire.Root+"/blobs/"+name, nil)
			wire.Sign(req, p.Device, nil, p.nonce, r.clock.Now())
			return r.send(req)
		})
	}
	for _, v := range []wire.Void{{Series: "令/2026\x00", Serial: 1}, {Series: "令/2026", Serial: -1}, {Serial: 1}} {
		r.refused(wire.CodeBad, func() error { return p.call("numbers", wire.Numbers{Voids: []wire.Void{v}}, nil) })
	}
	r.refused(wire.CodeBad, func() error {
		return p.call("numbers", wire.Numbers{Returns: []model.Block{{Series: "令/2026", From: 1, To: 1 << 40}}}, nil)
	})
	r.refused(wire.CodeTooLarge, func() error { return p.call("log/proof", wire.ProofAsk{Positions: make([]int64, 1000)}, nil) })
	r.refused(wire.CodeNotFound, func() error { return p.call("log/proof", wire.ProofAsk{Old: 99}, nil) })
}

// TestEnrolmentGuessing: five wrong secrets kill a code, ten requests a minute
// exhaust an address.
func TestEnrolmentGuessing(t *testing.T) {
	r := newRig(t, nil)
	line, err := r.hub.NewCode(context.Background(), "王某")
	r.check(err)
	code, err := wire.ParseCode(line)
	r.check(err)
	ask := func(n int, secret string) error {
		p := r.stranger(n)
		return p.call("enrol", wire.Enrol{Protocol: wire.Protocol, CodeID: code.ID, Secret: secret, Device: p.ID, Epoch: 1, Key: p.Public()}, nil)
	}
	for n := range 5 {
		r.refused(wire.CodeCode, func() error { return ask(n, "guess") })
	}
	r.refused(wire.CodeCode, func() error { return ask(6, code.Secret) })
	for range 4 {
		_ = ask(7, "guess") // refused like the others
	}
	r.refused(wire.CodeRate, func() error { return ask(8, code.Secret) })
}

// TestGrants: a grant opens a scope and what lies below it, in its role and no
// longer than it stands.
func TestGrants(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p := r.join(1)
	var page wire.Page
	pull := func(scope string) error { return p.call("pull", wire.Pull{Scope: scope}, &page) }
	r.refused(wire.CodeScope, func() error { return pull("甲县") })
	r.check(r.hub.Grant(ctx, p.ID, "甲县", hub.RoleRead))
	r.check(pull("甲县"))
	r.check(pull("甲县/东街道/一网格"))
	r.refused(wire.CodeScope, func() error { return pull("甲县城") })
	p.aside("无权写入", p.op("甲县", p.revision(modeltest.ID(0x55, 1), modeltest.Employer(1))))
	r.check(r.hub.Grant(ctx, p.ID, "甲县", hub.RoleWrite))
	op := p.op("甲县/东街道", p.revision(modeltest.ID(0x55, 2), modeltest.Employer(2)))
	if acks, err := p.push(op); err != nil || acks[0].Outcome != model.OutcomeApplied {
		t.Errorf("%+v %v", acks, err)
	}
	var welcome wire.Welcome
	r.check(p.call("hello", wire.Hello{Protocol: 1}, &welcome))
	if len(welcome.Scopes) != 2 || welcome.Scopes[1].Name != "甲县/东街道" || !welcome.Scopes[1].Write || welcome.Until.IsZero() {
		t.Errorf("scopes %+v", welcome.Scopes)
	}
	r.check(r.hub.Grant(ctx, p.ID, "甲县", ""))
	r.refused(wire.CodeScope, func() error { return pull("甲县/东街道") })
	for _, scope := range []string{"", "/", "甲县/", "甲县//一", " 甲县", strings.Repeat("长", 100)} {
		if err := r.hub.Grant(ctx, p.ID, scope, hub.RoleRead); err == nil {
			t.Errorf("scope %q was granted", scope)
		}
	}
}

// TestMoves: a record goes from one scope's laptops and comes whole to the
// other's. Only the bureau moves it.
func TestMoves(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	first := p.create(modeltest.Employer(1))
	second := p.op("", p.revision(first.Revision.Record, modeltest.Employer(2), first.Revision.Rev))
	if _, err := p.push(first, second); err != nil {
		t.Fatal(err)
	}
	for _, id := range []model.ID{p.ID, q.ID} {
		r.check(r.hub.Grant(ctx, id, "乙县", hub.RoleWrite))
	}
	r.check(r.hub.Move(ctx, first.Revision.Record, "乙县"))
	feed := func(scope string, cursor int64) (page wire.Page) {
		r.check(q.call("pull", wire.Pull{Scope: scope, Cursor: cursor}, &page))
		return page
	}
	if page := feed("本局", 0); len(page.Gone) != 1 || page.Gone[0] != first.Revision.Record || len(page.Revisions) != 0 || page.More() {
		t.Errorf("the old scope shows %+v", page)
	}
	page := feed("乙县", 0)
	if len(page.Revisions) != 2 || page.Revisions[0].Rev != first.Revision.Rev {
		t.Errorf("the new scope shows %+v", page)
	}
	// Its officer goes on with it although his laptop writes its home scope.
	third := p.op("本局", p.revision(first.Revision.Record, modeltest.Employer(3), second.Revision.Rev))
	if acks, err := p.push(third); err != nil || acks[0].Outcome != model.OutcomeApplied {
		t.Errorf("%+v %v", acks, err)
	}
	if page := feed("乙县", page.Next); len(page.Revisions) != 1 || page.Revisions[0].Rev != third.Revision.Rev {
		t.Errorf("after the edit %+v", page)
	}
	// A laptop that reaches both scopes and has not heard of a move does not undo
	// it by its next edit.
	r.check(r.hub.Grant(ctx, p.ID, "丙县", hub.RoleWrite))
	r.check(r.hub.Move(ctx, first.Revision.Record, "丙县"))
	fourth := p.op("乙县", p.revision(first.Revision.Record, modeltest.Employer(4), third.Revision.Rev))
	if acks, err := p.push(fourth); err != nil || acks[0].Outcome != model.OutcomeApplied {
		t.Errorf("%+v %v", acks, err)
	}
	if page := feed("乙县", 0); len(page.Gone) != 1 || len(page.Revisions) != 0 {
		t.Errorf("after the second move %+v", page)
	}
	r.check(r.hub.View(ctx, func(tx hub.Tx) error {
		head, err := tx.Head(first.Revision.Record)
		if head.Scope != "丙县" || head.Rev != fourth.Revision.Rev {
			t.Errorf("an edit moved the record: %+v", head)
		}
		return err
	}))
	whole(t, r.hub, 4)
}

// TestReleaseAndReject: what was set aside waits for somebody's word, once.
func TestReleaseAndReject(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p := r.join(1)
	good := p.op("乙县", p.revision(modeltest.ID(0x66, 1), modeltest.Employer(1)))
	p.aside("无权写入", good)
	bad := p.revision(modeltest.ID(0x66, 2), modeltest.Employer(2))
	bad.Body = []byte(`{}`)
	p.aside("冒用", p.op("", bad))
	list, err := r.hub.Quarantine(ctx)
	r.check(err)
	if len(list) != 2 {
		t.Fatalf("%d set aside", len(list))
	}
	r.check(r.hub.Release(ctx, list[0].Ack.Position, "局长"))
	if err := r.hub.Release(ctx, list[1].Ack.Position, "局长"); err == nil {
		t.Error("a forged revision was released")
	}
	r.check(r.hub.Reject(ctx, list[1].Ack.Position, "局长"))
	for _, e := range list {
		if r.hub.Release(ctx, e.Ack.Position, "局长") == nil || r.hub.Reject(ctx, e.Ack.Position, "局长") == nil {
			t.Errorf("operation %d was dealt with twice", e.Ack.Position)
		}
	}
	r.check(r.hub.View(ctx, func(tx hub.Tx) error {
		head, err := tx.Head(good.Revision.Record)
		if err == nil && (head.Rev != good.Revision.Rev || head.Scope != "乙县") {
			t.Errorf("released to %+v", head)
		}
		return err
	}))
}

// TestLogProofs: the hub proves what it acknowledged, and a hub that tells
// another story is found out.
func TestLogProofs(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	var hello wire.Welcome
	r.check(p.call("hello", wire.Hello{Protocol: 1}, &hello))
	var points []wire.Checkpoint
	var ops []model.Op
	for i := range 20 {
		op := p.create(modeltest.Employer(i))
		ops = append(ops, op)
		if _, err := p.push(op); err != nil {
			t.Fatal(err)
		}
		r.check(p.call("hello", wire.Hello{Protocol: 1}, &hello))
		points = append(points, hello.Checkpoint)
	}
	for i, old := range points {
		var now wire.Welcome
		r.check(p.call("hello", wire.Hello{Protocol: 1, Checkpoint: &old}, &now))
		if err := wire.CheckGrown(old, now.Checkpoint, now.Consistency); err != nil || !now.Grown {
			t.Errorf("since %d: grown %v, %v", old.Size, now.Grown, err)
		}
		var proof wire.Proof
		r.check(p.call("log/proof", wire.ProofAsk{Old: old.Size, Positions: []int64{int64(i + 1)}}, &proof))
		if err := wire.CheckIncluded(proof.Checkpoint, int64(i+1), ops[i].Hash, proof.Inclusion[0]); err != nil {
			t.Error(err)
		}
		lie := old
		lie.Root = bytes.Repeat([]byte{1}, 32)
		if wire.CheckGrown(lie, now.Checkpoint, now.Consistency) == nil && old.Size < now.Checkpoint.Size {
			t.Errorf("another log of size %d was believed", old.Size)
		}
		if wire.CheckIncluded(proof.Checkpoint, int64(i+1), ops[(i+1)%20].Hash, proof.Inclusion[0]) == nil {
			t.Errorf("another operation at %d was believed", i+1)
		}
	}
	list := points[7]
	list.Size++
	if list.Check(hello.Checkpoint.Root) == nil || points[7].Check(p.Public()) == nil {
		t.Error("a checkpoint was believed that the hub did not sign")
	}
}

// TestNumbersAreAccounted: given up, handed back, out with a laptop, and, after
// a restore, held back until everybody has spoken.
func TestNumbersAreAccounted(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	const series = "令/2026"
	lease := func(p *pen, in wire.Numbers) (out wire.Leased) {
		in.Wants = []wire.Want{{Series: series, Count: 5}}
		r.check(p.call("numbers", in, &out))
		return out
	}
	first := lease(p, wire.Numbers{}).Blocks
	lease(q, wire.Numbers{})
	r.check(p.call("numbers", wire.Numbers{Voids: []wire.Void{{Series: series, Serial: 2, Reason: "写错"}},
		Returns: []model.Block{{Series: series, From: 4, To: 5}}}, nil))
	list, err := r.hub.Ledgers(ctx)
	r.check(err)
	if len(list) != 1 || len(list[0].Spent) != 3 || list[0].Out != 7 || len(list[0].Missing) != 0 || list[0].Spent[0].Reason != "写错" {
		t.Errorf("ledger %+v", list)
	}
	epoch, err := r.hub.AfterRestore(ctx)
	r.check(err)
	if out := lease(q, wire.Numbers{}); epoch != 2 || len(out.Blocks) != 0 || out.Held == "" {
		t.Errorf("life %d leased %+v before all had spoken", epoch, out)
	}
	if out := lease(p, wire.Numbers{Assigned: first}); len(out.Blocks) != 1 || len(out.Overlaps) != 0 {
		t.Errorf("after all had spoken: %+v", out)
	}
	_, err = r.hub.AfterRestore(ctx)
	r.check(err)
	r.check(r.hub.ResumeNumbers(ctx))
	if out := lease(q, wire.Numbers{}); len(out.Blocks) != 1 {
		t.Errorf("after the operator's word: %+v", out)
	}
}

// TestSealedAtRest: nothing an officer wrote stands in the clear in the
// database.
func TestSealedAtRest(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	e := modeltest.Employer(1)
	e.Name = "秘密建筑公司"
	bad := p.revision(modeltest.ID(0x44, 1), e)
	bad.Sig = nil
	good := p.create(e)
	if _, err := p.push(good, p.op("", bad)); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir() + "/copy.db"
	r.check(r.hub.Copy(context.Background(), copied))
	if data := readFile(t, copied); bytes.Contains(data, []byte("秘密建筑")) || !bytes.Contains(data, []byte(good.Revision.Record)) {
		t.Error("the database shows what was written, or the test looks at the wrong file")
	}
}

// TestMetrics: the figures are there, and nothing of anybody.
func TestMetrics(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	if _, err := p.push(p.create(modeltest.Employer(1))); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	r.hub.Metrics().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := rec.Body.String()
	for _, want := range []string{"anxin_hub_log_entries 1", "anxin_hub_devices 1", `anxin_hub_operations_total{outcome="applied"} 1`, "anxin_hub_requests_total"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "officer") || strings.Contains(text, string(p.ID)) {
		t.Error("the metrics name a device or a person")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
