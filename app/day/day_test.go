package day_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/assets"
	"anxin/model"
	"anxin/model/modeltest"
)

// The test binary is also the program whose plug is pulled: started with
// these in its environment it works through the carried day and kills itself.
const (
	childOut  = "ANXIN_TEST_DAY_OUT"
	childStep = "ANXIN_TEST_DAY_KILL_AFTER"
)

func TestMain(m *testing.M) {
	if out := os.Getenv(childOut); out != "" {
		fmt.Fprintln(os.Stderr, child(out, os.Getenv(childStep)))
		os.Exit(3) // only reached when nobody pulled the plug
	}
	code := m.Run()
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// child works on the carried day until a step is done and dies there as a
// machine does: no defer, no close, no flush.
func child(out, step string) error {
	opt := options(assets.Sample, out)
	opt.After = func(name string, _ *office.Office) error {
		if name != step {
			return nil
		}
		me, err := os.FindProcess(os.Getpid())
		if err != nil {
			return err
		}
		return errors.Join(me.Kill(), errors.New("still alive"))
	}
	_, err := day.Run(context.Background(), opt)
	return err
}

func options(in fs.FS, out string) day.Options {
	return day.Options{In: in, Out: out, Params: modeltest.FastParams()}
}

// errEnough ends a day before the pictures of its last step, which have a test
// of their own and are slow to make.
var errEnough = errors.New("enough")

// evening works through a day up to its last step. more, if any, is called
// after every step.
func evening(t *testing.T, in fs.FS, out string, more func(step string, o *office.Office) error) *day.Summary {
	t.Helper()
	opt := options(in, out)
	last := ""
	opt.Before = func(step string) { last = step }
	opt.After = func(step string, o *office.Office) error {
		if more != nil {
			if err := more(step, o); err != nil {
				return err
			}
		}
		if step == beforeLast {
			return errEnough
		}
		return nil
	}
	sum, err := day.Run(context.Background(), opt)
	if !errors.Is(err, errEnough) || last != beforeLast {
		t.Fatalf("the day ended at %q: %v", last, err)
	}
	return sum
}

// beforeLast is the step before day.LastStep.
const beforeLast = "第二台电脑下载"

// sharedDay is the sample day beside the project, or where ANXIN_DAY says.
func sharedDay(t *testing.T) fs.FS {
	t.Helper()
	dir := os.Getenv("ANXIN_DAY")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "day")
	}
	if _, err := os.Stat(filepath.Join(dir, "day.json")); err != nil {
		t.Skipf("the sample day is not at %s; set ANXIN_DAY to its folder", dir)
	}
	return os.DirFS(dir)
}

// shared is the sample day worked through once for the tests that only look
// at what came out.
var shared struct {
	once sync.Once
	dir  string
	sum  *day.Summary
	err  error
}

// worked is the output folder and the summary of the whole sample day.
func worked(t *testing.T) (string, *day.Summary) {
	t.Helper()
	in := sharedDay(t)
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "day"); shared.err != nil {
			return
		}
		shared.sum, shared.err = day.Run(context.Background(), options(in, shared.dir))
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.dir, shared.sum
}

// tool runs a reader from outside and gives what it printed.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed; it reads the papers from outside", name)
	}
	cmd := exec.Command(path, args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, args, err, out, errs.String())
	}
	return string(out)
}

// pages are a paper's pages as text in reading order, without any blanks.
func pages(t *testing.T, file string) []string { return extract(t, "-raw", file) }

// lines are its pages line by line across all columns.
func lines(t *testing.T, file string) []string { return extract(t, "-layout", file) }

func extract(t *testing.T, how, file string) []string {
	t.Helper()
	text := strings.TrimSuffix(tool(t, "pdftotext", how, "-enc", "UTF-8", file, "-"), "\f")
	var out []string
	for _, p := range strings.Split(text, "\f") {
		out = append(out, squash(p))
	}
	return out
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

// printed finds a paper of a type; n counts from 0.
func printed(t *testing.T, sum *day.Summary, docType string, n int) day.DocumentDone {
	t.Helper()
	for _, d := range sum.Documents {
		if d.Type != docType {
			continue
		}
		if n == 0 {
			return d
		}
		n--
	}
	t.Fatalf("no paper %s among %v", docType, sum.Documents)
	return day.DocumentDone{}
}

// openFirst opens the first laptop of a worked day.
func openFirst(t *testing.T, out string) *office.Office { return openAt(t, day.OfficeDir(out)) }

func openAt(t *testing.T, dir string) *office.Office {
	t.Helper()
	o, err := office.Open(context.Background(), office.Options{Dir: dir, Params: modeltest.FastParams()}, day.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// state is what must be the same whatever happened on the way.
type state struct {
	Documents []day.DocumentDone
	Roll      day.RollDone
	Warnings  string
	Counts    map[model.Kind]int
	Revisions int
	Numbers   []string
}

// stateOf reads the end state of a day and checks both laptops against
// themselves.
func stateOf(t *testing.T, out string, sum *day.Summary) state {
	t.Helper()
	ctx := context.Background()
	s := state{Documents: sum.Documents, Roll: sum.WageRoll, Warnings: fmt.Sprint(sum.Warnings), Counts: map[model.Kind]int{}}
	for _, dir := range []string{day.OfficeDir(out), filepath.Join(out, "second")} {
		rep, err := openAt(t, dir).Store.Verify(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Faults) > 0 {
			t.Errorf("%s: %q", dir, rep.Faults)
		}
	}
	o := openFirst(t, out)
	for _, k := range model.Kinds() {
		n, err := o.Store.Count(ctx, model.Query{Kind: k})
		if err != nil {
			t.Fatal(err)
		}
		s.Counts[k] = n
	}
	st, err := o.Store.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if st.Pending != 0 || st.Conflicts != 0 {
		t.Errorf("%d entries still wait for the hub, %d are in conflict", st.Pending, st.Conflicts)
	}
	s.Revisions, s.Numbers = st.Revisions, numbersOf(t, o)
	return s
}

// numbersOf lists every number taken; a number taken twice fails the test.
func numbersOf(t *testing.T, o *office.Office) (out []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, series := range o.Desk.AllSeries(modeltest.Day) {
		rows, err := o.Store.Numbers(context.Background(), series)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			number := fmt.Sprintf("%s %d", r.Series, r.Serial)
			if seen[number] {
				t.Errorf("number %s was taken twice", number)
			}
			seen[number] = true
			out = append(out, fmt.Sprintf("%s %s %s", number, r.State, r.Document))
		}
	}
	if len(out) == 0 {
		t.Error("the day took no number")
	}
	return out
}

func TestStepsAreCounted(t *testing.T) {
	if n := day.Steps(); n < 10 {
		t.Errorf("the day has %d steps", n)
	}
}

// The day prints its papers, so that none of them waits to be printed.
func TestThePapersOfTheDayWerePrinted(t *testing.T) {
	out, _ := worked(t)
	o := openFirst(t, out)
	tasks, err := o.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		if task.Act == "paper.print" {
			t.Errorf("%s waits to be printed", task.Detail)
		}
	}
	if len(tasks) == 0 {
		t.Error("the evening of the day has nothing to do: is this the right office?")
	}
}
