package store_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/blob"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

// The environment by which the test program runs as the victim, and by which a
// longer run is asked for.
const (
	victimDir  = "ANXIN_KILL_DIR"
	killCycles = "ANXIN_KILL_CYCLES"
	sickDir    = "ANXIN_SICK_DIR" // the victim of a disk that fails
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(sickDir); dir != "" {
		runtime.LockOSThread()   // faults are counted for each thread
		fmt.Println(victim(dir)) // the sentence it ends with is what the test reads
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("12"); err != nil { // each act is an fsync; ask for more with -rapid.checks
			panic(err)
		}
	}
	os.Exit(m.Run())
}

const killSeries = "令/2026"

// What the victim tells on standard output, one line each, once it is done.
const (
	toldSaved  = "saved"  // record and rev
	toldBlob   = "blob"   // hash
	toldBackup = "backup" // file name
)

// victim saves, issues, imports and backs up for ever.
func victim(dir string) error {
	keys, _, err := seal.Unlock(dir, modeltest.Passphrase)
	if err != nil {
		return err
	}
	clock := modeltest.NewClock(time.Second)
	clock.Move(time.Since(time.Unix(0, 0))) // later lives are later, whatever the date
	s, err := store.Open(ctx, store.Options{Dir: dir, Keys: keys, Device: modeltest.Device(1), Clock: clock,
		IDs: &modeltest.IDs{Laptop: os.Getpid()}, Devices: modeltest.KnownDevices})
	if err != nil {
		return err
	}
	if s.Restored() {
		return fmt.Errorf("a kill was taken for a restore")
	}
	blobs, err := blob.Open(dir, keys)
	if err != nil {
		return err
	}
	v := prey{s, blobs, dir}
	if os.Getenv(sickDir) != "" {
		for n := range sickActs {
			if err := v.importRecords(n); err != nil {
				return err
			}
		}
		return errors.New("the disk did not fail")
	}
	acts := []func(n int) error{v.issue, v.importRegisters, v.pull, v.backUp}
	for n := os.Getpid(); ; n++ {
		if err := acts[n%len(acts)](n); err != nil {
			return err
		}
	}
}

// sickActs is more than any of the faults lets pass.
const sickActs = 500

// prey is what the victim works with.
type prey struct {
	*store.Store
	blobs *blob.Store
	dir   string
}

func (v prey) issue(n int) error {
	draft := modeltest.Draft("", "某公司")
	revs, err := v.Commit(ctx, model.Batch{Changes: []model.Change{{Record: modeltest.WageRoll(n, 2, "")}, {Record: draft}}})
	if err != nil {
		return err
	}
	tell(revs...)
	serial, err := v.NextNumber(ctx, killSeries)
	if err != nil {
		return err
	}
	d := revs[1]
	revs, err = v.Commit(ctx, model.Batch{
		Changes: []model.Change{{ID: d.Record, Base: d.Rev, Record: modeltest.Issued(draft, killSeries, serial, modeltest.Day)}},
		Use:     &model.NumberUse{Series: killSeries, Serial: serial, Document: d.Record},
	})
	if err != nil {
		return err
	}
	tell(revs...)
	return nil
}

// importRegisters keeps a workbook and the records that were read from it.
func (v prey) importRegisters(n int) error {
	info, err := v.blobs.Put(ctx, strings.NewReader(strings.Repeat(strconv.Itoa(n), 5_000)))
	if err != nil {
		return err
	}
	fmt.Println(toldBlob, info.SHA256)
	return v.importRecords(n, model.Change{Record: &model.Evidence{Name: "名册.xlsx", SHA256: info.SHA256, Size: info.Size}})
}

func (v prey) importRecords(n int, changes ...model.Change) error {
	for i := range 3 {
		changes = append(changes, model.Change{Record: modeltest.Employer(n + i)})
	}
	revs, err := v.Commit(ctx, model.Batch{Changes: changes})
	if err != nil {
		return err
	}
	tell(revs...)
	return nil
}

// pull takes a page of a colleague's records.
func (v prey) pull(n int) error {
	var page []model.Revision
	for i := range 3 {
		r, err := colleagues(fmt.Sprintf("%d-%d-%d", os.Getpid(), n, i))
		if err != nil {
			return err
		}
		page = append(page, r)
	}
	if _, err := v.Pulled(ctx, "s", int64(n), page); err != nil {
		return err
	}
	tell(page...)
	return nil
}

// colleagues is the first revision of a record made on laptop 2.
func colleagues(id string) (model.Revision, error) {
	body, err := json.Marshal(modeltest.Employer(len(id)))
	if err != nil {
		return model.Revision{}, err
	}
	r := model.Revision{Record: model.ID(id), Kind: model.KindEmployer, Schema: 1, Author: "x", Time: modeltest.Day, Body: body}
	return r, modeltest.Device(2).SignRevision(&r)
}

func (v prey) backUp(n int) error {
	name := fmt.Sprintf("backup-%d-%d.db", os.Getpid(), n)
	if err := v.Backup(ctx, filepath.Join(v.dir, name), nil); err != nil {
		return err
	}
	fmt.Println(toldBackup, name)
	return nil
}

func tell(revs ...model.Revision) {
	for _, r := range revs {
		fmt.Println(toldSaved, r.Record, r.Rev)
	}
}

// lives is how many kills one data folder goes through before the next one is
// taken: each look at it costs as much as it holds.
const lives = 8

// Killed at any moment, the store holds everything it acknowledged, whole, and
// no number twice.
func TestKilledAtAnyMoment(t *testing.T) {
	cycles := 200
	if text := os.Getenv(killCycles); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", killCycles, err)
		}
		cycles = n
	}
	for done := 0; done < cycles; done += lives {
		t.Run(strconv.Itoa(done), func(t *testing.T) {
			t.Parallel()
			killed(t, min(lives, cycles-done))
		})
	}
}

// acknowledged is what the victims of one folder told.
type acknowledged struct {
	revs    []model.Revision
	blobs   []string
	backups int
}

func killed(t *testing.T, cycles int) {
	l := modeltest.NewLaptop(t, 1)
	if err := l.AddBlock(ctx, model.Block{Series: killSeries, From: 1, To: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	var told acknowledged
	for range cycles {
		if err := l.Store.Close(); err != nil {
			t.Fatal(err)
		}
		told.liveAndDie(t, l.Dir)
		l.Reopen(t, nil)
		told.survived(t, l)
	}
	if len(told.revs) < cycles {
		t.Errorf("only %d saves in %d lives: the test tests nothing", len(told.revs), cycles)
	}
}

func (a *acknowledged) liveAndDie(t *testing.T, dir string) {
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
	left := 1 + rand.IntN(8) // lines to hear before the blow
	for lines.Scan() {
		a.hear(lines.Text())
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

// hear takes a whole line; the blow may cut the last one.
func (a *acknowledged) hear(line string) {
	f := strings.Fields(line)
	switch {
	case len(f) == 3 && f[0] == toldSaved && len(f[2]) == len("1-")+52:
		a.revs = append(a.revs, model.Revision{Record: model.ID(f[1]), Rev: model.Rev(f[2])})
	case len(f) == 2 && f[0] == toldBlob && len(f[1]) == 64:
		a.blobs = append(a.blobs, f[1])
	case len(f) == 2 && f[0] == toldBackup && strings.HasSuffix(f[1], ".db"):
		a.backups++
	}
}

func (a *acknowledged) survived(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	if l.Restored() {
		t.Error("a kill was taken for a restore")
	}
	report, err := l.Verify(ctx)
	if err != nil || len(report.Faults) > 0 {
		t.Fatalf("%v, %v", report.Faults, err)
	}
	for _, r := range a.revs {
		if ok, err := l.Have(ctx, r.Record, r.Rev); !ok || err != nil {
			t.Fatalf("revision %s was acknowledged and is gone, %v", r.Rev, err)
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
	a.filesSurvived(t, l)
}

// filesSurvived checks that every acknowledged workbook is there, that each
// file that bears a name is whole, and that every record's workbook is there.
func (a *acknowledged) filesSurvived(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	want := a.blobs
	here, err := l.Blobs.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range here {
		want = append(want, b.SHA256)
	}
	heads, err := l.List(ctx, model.Query{Kind: model.KindEvidence, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		e, err := model.As[model.Evidence](h.Body)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, e.SHA256)
	}
	slices.Sort(want)
	for _, sha := range slices.Compact(want) {
		if err := l.Blobs.Check(ctx, sha); err != nil {
			t.Fatal(err)
		}
	}
	a.blobs = nil // checked; they are listed from now on
	backups, err := filepath.Glob(filepath.Join(l.Dir, "backup-*.db"))
	if err != nil || len(backups) < a.backups {
		t.Fatalf("%d backups of %d, %v", len(backups), a.backups, err)
	}
	for _, path := range backups {
		if err := store.CheckCopy(ctx, path); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	a.backups = 0
}
