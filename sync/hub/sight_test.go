package hub_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// bring hands in a file of one leaf.
func (p *pen) bring(text string) (sha string) {
	p.Helper()
	sum := sha256.Sum256([]byte(text))
	sha = hex.EncodeToString(sum[:])
	var state wire.Progress
	p.check(p.call("blobs", wire.Announce{SHA256: sha, Size: int64(len(text)), Leaves: [][]byte{sum[:]}}, &state))
	p.nonce++
	req := httptest.NewRequest(http.MethodPut, "https://hub.test"+wire.Root+"/blobs/"+sha+"/0-0", strings.NewReader(text))
	wire.Sign(req, p.Device, nil, p.nonce, p.clock.Now())
	p.check(p.send(req))
	p.check(p.call("blobs/"+sha+"/finish", struct{}{}, nil))
	return sha
}

// fetch asks for a file.
func (p *pen) fetch(sha string) error {
	p.nonce++
	req := httptest.NewRequest(http.MethodGet, "https://hub.test"+wire.Root+"/blobs/"+sha, nil)
	wire.Sign(req, p.Device, nil, p.nonce, p.clock.Now())
	return p.send(req)
}

// TestFilesHaveReaders: a file is given to who brought it and to who may read a
// record that speaks of it; knowing its name is not enough.
func TestFilesHaveReaders(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	sha := p.bring("照片")
	r.check(p.fetch(sha))
	r.refused(wire.CodeNotFound, func() error { return q.fetch(sha) })
	first := p.create(&model.Evidence{Name: "照片.jpg", SHA256: sha, Size: 6})
	if _, err := p.push(first); err != nil {
		t.Fatal(err)
	}
	r.check(q.fetch(sha))
	r.check(r.hub.Move(ctx, first.Revision.Record, "乙县"))
	r.refused(wire.CodeNotFound, func() error { return q.fetch(sha) })
	r.check(r.hub.Grant(ctx, q.ID, "乙县", hub.RoleRead))
	r.check(q.fetch(sha))
	r.check(r.hub.Grant(ctx, q.ID, "乙县", ""))
	r.refused(wire.CodeNotFound, func() error { return q.fetch(sha) })
}

// TestWanted: a hub that has lost a file says so to the laptops that may still
// have it, and to no others.
func TestWanted(t *testing.T) {
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	sha := p.bring("照片")
	wanted := func(p *pen) []string {
		var out wire.Welcome
		r.check(p.call("hello", wire.Hello{Protocol: wire.Protocol}, &out))
		return out.Wanted
	}
	if list := wanted(p); len(list) != 0 {
		t.Errorf("wants %v and has all", list)
	}
	spoil(r, sha)
	if n, err := r.hub.Finalise(context.Background()); err != nil || n != 0 {
		t.Fatalf("%d sealed, %v", n, err)
	}
	if list := wanted(p); !slices.Equal(list, []string{sha}) {
		t.Errorf("wants %v of who brought it", list)
	}
	if list := wanted(q); len(list) != 0 {
		t.Errorf("wants %v of who may not have it", list)
	}
	if _, err := p.push(p.create(&model.Evidence{Name: "照片.jpg", SHA256: sha, Size: 6})); err != nil {
		t.Fatal(err)
	}
	if list := wanted(q); !slices.Equal(list, []string{sha}) {
		t.Errorf("wants %v of a reader", list)
	}
	p.bring("照片")
	if list := wanted(p); len(list) != 0 {
		t.Errorf("still wants %v", list)
	}
}

// spoil changes a byte of a file in the folder of evidence.
func spoil(r *rig, sha string) {
	r.Helper()
	path := filepath.Join(r.folder, sha[:2], sha)
	data, err := os.ReadFile(path)
	r.check(err)
	data[len(data)-1] ^= 1
	r.check(os.WriteFile(path, data, 0o600))
}

// TestWithdrawnAtOnce: what one replica withdraws another refuses at the very
// next request, however long it trusts what it has read of a device.
func TestWithdrawnAtOnce(t *testing.T) {
	ctx := context.Background()
	r, hubs, id := onPostgres(t, database(t), 1)
	far := r.replica(id, open(r.dsn), time.Hour)
	p := r.join(1)
	p.handler = far.Handler()
	pull := func(scope string) error { return p.call("pull", wire.Pull{Scope: scope}, nil) }
	r.check(pull("本局"))
	r.check(hubs[0].Grant(ctx, p.ID, "乙县", hub.RoleRead))
	r.check(pull("乙县"))
	r.check(hubs[0].Grant(ctx, p.ID, "乙县", ""))
	r.refused(wire.CodeScope, func() error { return pull("乙县") })
	r.check(hubs[0].Revoke(ctx, p.ID))
	r.refused(wire.CodeRevoked, func() error { return pull("本局") })
	r.refused(wire.CodeRevoked, func() error {
		_, err := p.push(p.create(modeltest.Employer(1)))
		return err
	})
}

// TestPendingGoesDown: what a laptop said it had not handed in is counted down
// as it arrives.
func TestPendingGoesDown(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	r.check(p.call("hello", wire.Hello{Protocol: wire.Protocol, LastSeq: 2, Pending: 3, PendingBytes: 6}, nil))
	if _, err := p.push(p.create(modeltest.Employer(1)), p.create(modeltest.Employer(2))); err != nil {
		t.Fatal(err)
	}
	stands := func() (int, int64) {
		list, err := r.hub.Devices(context.Background())
		r.check(err)
		return list[0].Pending, list[0].Bytes
	}
	if n, size := stands(); n != 1 || size != 6 {
		t.Errorf("after the push: %d things, %d bytes", n, size)
	}
	p.bring("照片")
	if n, size := stands(); n != 0 || size != 0 {
		t.Errorf("after the file: %d things, %d bytes", n, size)
	}
}

// TestTwoMachinesOneEpoch: of two machines copied from one that both begin an
// epoch, the second must begin a further one, before it is leased a number.
func TestTwoMachinesOneEpoch(t *testing.T) {
	r := newRig(t, nil)
	p := r.join(1)
	p.Epoch = 2
	clone := *p
	clone.nonce = 1000
	hello := func(p *pen, life string) error {
		return p.call("hello", wire.Hello{Protocol: wire.Protocol, Life: life}, nil)
	}
	r.check(hello(p, "aa"))
	r.check(hello(p, "aa"))
	r.refused(wire.CodeOldEpoch, func() error { return hello(&clone, "bb") })
	clone.Epoch = 3
	r.check(hello(&clone, "bb"))
}

// TestRepairIsTheAuthors: who only reads a scope may bring back what others
// wrote there; what its author might not write is kept aside for the bureau.
func TestRepairIsTheAuthors(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p, q := r.join(1), r.join(2)
	repair := func(rev model.Revision) (out wire.Repaired) {
		r.check(q.call("repair", wire.Repair{Scope: "乙县", Revisions: []model.Revision{rev}}, &out))
		return out
	}
	lost := p.revision(modeltest.ID(0x91, 1), modeltest.Employer(1))
	if out := repair(lost); out.Kept != 0 || len(out.Refused) != 1 {
		t.Errorf("a stranger to the scope wrote: %+v", out)
	}
	repair(lost) // brought twice, kept aside once
	list, err := r.hub.Quarantine(ctx)
	r.check(err)
	if len(list) != 1 || list[0].Op.Revision.Rev != lost.Rev || len(list[0].Op.Revision.Body) == 0 {
		t.Fatalf("set aside: %+v", list)
	}
	r.check(r.hub.Release(ctx, list[0].Ack.Position, "局长"))
	if head := r.headOf(lost.Record); head.Rev != lost.Rev || head.Scope != "乙县" {
		t.Errorf("released to %+v", head)
	}
	r.check(r.hub.Grant(ctx, p.ID, "乙县", hub.RoleWrite))
	if out := repair(p.revision(modeltest.ID(0x91, 2), modeltest.Employer(2))); out.Kept != 1 {
		t.Errorf("its author may write: %+v", out)
	}
	forged := p.revision(modeltest.ID(0x91, 3), modeltest.Employer(3))
	forged.Body = []byte(`{"name":"别的"}`)
	if out := repair(forged); out.Kept != 0 || !strings.Contains(out.Refused[0], "冒用") {
		t.Errorf("forged: %+v", out)
	}
	if report, err := r.hub.Verify(ctx); err != nil || len(report.Faults) > 0 || report.Revisions != 2 {
		t.Errorf("afterwards: %+v %v", report, err)
	}
}

// TestFullHouse: a hub at work to its limit refuses before it reads anything,
// and says when to come again.
func TestFullHouse(t *testing.T) {
	ctx := context.Background()
	clock := modeltest.NewClock(time.Millisecond)
	h, err := hub.Open(ctx, t.TempDir(), hub.Options{Clock: clock, IDs: &modeltest.IDs{}, AtWork: 1})
	must(t, err)
	defer func() { must(t, h.Close()) }()
	r := &rig{TB: t, clock: clock, hub: h}
	must(t, h.SetURL(ctx, "https://hub.test"))
	p := r.join(1)
	var doors []*io.PipeWriter
	done := make(chan struct{})
	for range 5 { // one at work, four waiting
		in, door := io.Pipe()
		doors = append(doors, door)
		req := p.request("hello", wire.Hello{Protocol: wire.Protocol})
		req.Body = in
		go func() {
			defer func() { done <- struct{}{} }()
			for status := http.StatusServiceUnavailable; status == http.StatusServiceUnavailable; { // a probe had the place
				rec := httptest.NewRecorder()
				p.handler.ServeHTTP(rec, req)
				status = rec.Code
			}
		}()
	}
	gone, leave := context.WithCancel(ctx)
	leave()
	var rec *httptest.ResponseRecorder
	for range 1_000_000 { // until all five are in
		rec = httptest.NewRecorder()
		h.Handler().ServeHTTP(rec, p.request("hello", wire.Hello{Protocol: wire.Protocol}).WithContext(gone))
		if rec.Code == http.StatusServiceUnavailable {
			break
		}
		runtime.Gosched()
	}
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" || !strings.Contains(rec.Body.String(), "正忙") {
		t.Errorf("full house: %d, %v, %s", rec.Code, rec.Header(), rec.Body)
	}
	if page := httptest.NewRecorder(); true {
		h.Handler().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if page.Code != http.StatusOK {
			t.Errorf("health of a busy hub: %d", page.Code)
		}
	}
	for _, door := range doors {
		must(t, door.Close())
	}
	for range doors {
		<-done
	}
	if err := p.call("hello", wire.Hello{Protocol: wire.Protocol}, nil); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestLoginIsLimited: passwords of the console cannot be guessed at will.
func TestLoginIsLimited(t *testing.T) {
	r := newRig(t, nil)
	var codes []int
	for range 12 {
		rec := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodPost, "/console/login", bytes.NewReader([]byte("name=x&password="+strings.Repeat("x", 20<<10))))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.hub.Handler().ServeHTTP(rec, req)
		codes = append(codes, rec.Code)
	}
	if codes[0] != http.StatusForbidden || codes[11] != http.StatusTooManyRequests {
		t.Errorf("answers %v", codes)
	}
}
