package hub_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/synctest"
)

// execute changes the hub's database behind its back.
func execute(t *testing.T, w *synctest.World, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.Dir, "hub.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// TestKeptForEver: the database refuses to forget or rewrite what is signed.
func TestKeptForEver(t *testing.T) {
	w := synctest.NewWorld(t, 1)
	w.Laptops[0].Sync()
	w.Laptops[0].Issue("某公司")
	w.Laptops[0].Sync()
	db, err := sql.Open("sqlite", filepath.Join(w.Dir, "hub.db"))
	w.Check(err)
	defer db.Close()
	for _, text := range []string{
		"DELETE FROM revision", "UPDATE revision SET data = x'00'", "DELETE FROM op", "UPDATE op SET outcome = 'applied'",
		"DELETE FROM number", "UPDATE number SET serial = 99", "DELETE FROM head",
	} {
		if _, err := db.Exec(text); err == nil {
			t.Errorf("%s was allowed", text)
		}
	}
}

// TestLogNamesNobody: what officers wrote and what people asked stays out of
// the hub's own log.
func TestLogNamesNobody(t *testing.T) {
	ctx := context.Background()
	var out bytes.Buffer
	clock := modeltest.NewClock(0)
	h, err := hub.Open(ctx, t.TempDir(), hub.Options{Clock: clock, IDs: &modeltest.IDs{}, Log: slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, target := range []string{"/v?t=秘密的内容", "/nothing", "/sync/v1/blobs/秘密"} {
		h.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
	}
	if text := out.String(); !strings.Contains(text, "GET /v") || strings.Contains(text, "秘密") || strings.Contains(text, "%E7") || strings.Contains(text, "192.0.2") {
		t.Errorf("log: %s", text)
	}
}

// TestSpoiledFileComesAgain: a file the hub's disk has spoiled is found, brought
// again by the next laptop that asks for it, and whole afterwards.
func TestSpoiledFileComesAgain(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 1)
	a := w.Laptops[0]
	info, err := a.Blobs.Put(ctx, strings.NewReader("photo"))
	w.Check(err)
	a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Sync()
	path := filepath.Join(w.Dir, "blobs", info.SHA256[:2], info.SHA256)
	data, err := os.ReadFile(path)
	w.Check(err)
	data[len(data)/2] ^= 1
	w.Check(os.WriteFile(path, data, 0o600))
	faults := func() int {
		report, err := w.Hub.Verify(ctx)
		w.Check(err)
		return len(report.Faults)
	}
	if faults() != 1 {
		t.Error("the damage was not seen")
	}
	if n, err := w.Hub.Finalise(ctx); n != 0 || err != nil {
		t.Errorf("sealed %d, %v", n, err)
	}
	a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	if sum := a.Sync(); sum.Blobs != 1 || faults() != 0 {
		t.Errorf("after the next cycle: %+v, %d faults", sum, faults())
	}
	if n, err := w.Hub.Finalise(ctx); n != 1 || err != nil {
		t.Errorf("sealed %d, %v", n, err)
	}
}

// TestLeases: blocks never overlap, a lost reply is answered again, a block
// given by hand is respected, and a new life of a laptop gets new numbers.
func TestLeases(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 3)
	w.Check(w.Laptops[2].Store.AddBlock(ctx, model.Block{Series: synctest.Series, From: 11, To: 40, Source: "科长"}))
	taken := map[int]int{}
	for _, i := range []int{0, 2, 1} { // 1 comes after the block by hand was announced
		l := w.Laptops[i]
		l.Sync()
		blocks, err := l.Store.Blocks(ctx)
		w.Check(err)
		for _, b := range blocks {
			for n := b.From; n <= b.To; n++ {
				if other, ok := taken[n]; ok {
					t.Errorf("number %d was given to laptops %d and %d", n, other, l.N)
				}
				taken[n] = l.N
			}
		}
	}
	if taken[1] != 1 || taken[11] != 3 || taken[41] != 2 || len(taken) != 50 {
		t.Errorf("numbers by laptop: %v", taken)
	}
	for range 9 { // of ten: less than a fifth is left
		w.Laptops[0].Issue("某公司")
	}
	w.Laptops[0].Sync()
	blocks, err := w.Laptops[0].Store.Blocks(ctx)
	w.Check(err)
	if len(blocks) != 2 || blocks[1].From != 51 {
		t.Errorf("after nine of ten: %+v", blocks)
	}
}
