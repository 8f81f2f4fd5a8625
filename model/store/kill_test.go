package store_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// The environment by which the test program runs as the victim, and by which a
// longer run is asked for.
const (
	victimDir  = "ANXIN_KILL_DIR"
	killCycles = "ANXIN_KILL_CYCLES"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("25"); err != nil { // each act is an fsync; ask for more with -rapid.checks
			panic(err)
		}
	}
	os.Exit(m.Run())
}

const killSeries = "令/2026"

// victim saves and issues for ever, and tells on standard output what was
// acknowledged, one line each: the record's id and rev.
func victim(dir string) error {
	keys, _, err := seal.Unlock(dir, modeltest.Passphrase)
	if err != nil {
		return err
	}
	clock := modeltest.NewClock(time.Second)
	clock.Move(time.Since(modeltest.Day)) // later lives are later
	s, err := store.Open(ctx, store.Options{Dir: dir, Keys: keys, Device: modeltest.Device(1), Clock: clock, IDs: &modeltest.IDs{Laptop: os.Getpid()}})
	if err != nil {
		return err
	}
	if s.Restored() {
		return fmt.Errorf("a kill was taken for a restore")
	}
	for n := 0; ; n++ {
		if err := act(ctx, s, n); err != nil {
			return err
		}
	}
}

func act(ctx context.Context, s *store.Store, n int) error {
	draft := modeltest.Draft("", "某公司")
	revs, err := s.Commit(ctx, model.Batch{Changes: []model.Change{{Record: modeltest.WageRoll(n, 5, "")}, {Record: draft}}})
	if err != nil {
		return err
	}
	tell(revs...)
	serial, err := s.NextNumber(ctx, killSeries)
	if err != nil {
		return err
	}
	d := revs[1]
	revs, err = s.Commit(ctx, model.Batch{
		Changes: []model.Change{{ID: d.Record, Base: d.Rev, Record: modeltest.Issued(draft, killSeries, serial, modeltest.Day)}},
		Use:     &model.NumberUse{Series: killSeries, Serial: serial, Document: d.Record},
	})
	if err != nil {
		return err
	}
	tell(revs...)
	return nil
}

func tell(revs ...model.Revision) {
	for _, r := range revs {
		fmt.Println(r.Record, r.Rev)
	}
}

// Killed at any moment, the store holds everything it acknowledged, whole, and
// no number twice.
func TestKilledAtAnyMoment(t *testing.T) {
	cycles := 20
	if text := os.Getenv(killCycles); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", killCycles, err)
		}
		cycles = n
	}
	l := modeltest.NewLaptop(t, 1)
	if err := l.AddBlock(ctx, model.Block{Series: killSeries, From: 1, To: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[model.Rev]model.ID{}
	for range cycles {
		if err := l.Store.Close(); err != nil {
			t.Fatal(err)
		}
		liveAndDie(t, l.Dir, acknowledged)
		l.Reopen(t, nil)
		survived(t, l, acknowledged)
	}
	if len(acknowledged) < cycles {
		t.Errorf("only %d saves in %d lives: the test tests nothing", len(acknowledged), cycles)
	}
}

func liveAndDie(t *testing.T, dir string, acknowledged map[model.Rev]model.ID) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), victimDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	left := 1 + rand.IntN(12) // lines to hear before the blow
	for lines.Scan() {
		var id model.ID
		var rev model.Rev
		if n, _ := fmt.Sscan(lines.Text(), &id, &rev); n == 2 && rev.Generation() > 0 {
			acknowledged[rev] = id
		}
		if left--; left == 0 {
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || left > 0 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

func survived(t *testing.T, l *modeltest.Laptop, acknowledged map[model.Rev]model.ID) {
	t.Helper()
	if l.Restored() {
		t.Error("a kill was taken for a restore")
	}
	report, err := l.Verify(ctx)
	if err != nil || len(report.Faults) > 0 {
		t.Fatalf("%v, %v", report.Faults, err)
	}
	for rev, id := range acknowledged {
		if ok, err := l.Have(ctx, rev); !ok || err != nil {
			t.Fatalf("record %s, revision %s was acknowledged and is gone, %v", id, rev, err)
		}
	}
	rows, err := l.Numbers(ctx, killSeries)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if r.Serial != i+1 {
			t.Fatalf("number %d follows %d", r.Serial, i)
		}
	}
}
