package synctest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
)

// visited is the n-th inspection of a bureau that has seen much: about 680
// bytes with a checklist of twelve answers.
func visited(n int) *model.Inspection {
	at := modeltest.Day.Add(time.Duration(n) * time.Minute)
	answers := map[string]any{}
	for q := range 12 {
		answers[fmt.Sprintf("q%02d", q+1)] = []string{"yes", "no", "na"}[(n+q)%3]
	}
	return &model.Inspection{State: "done", Type: "日常", Source: "年度计划", Matter: "农民工工资支付", Employer: modeltest.ID(1, n%5000),
		Site: modeltest.ID(2, n%9000), Officers: []model.ID{modeltest.ID(3, n%40), modeltest.ID(3, n%40+1)}, Announced: at, Start: at,
		End: at.Add(50 * time.Minute), Place: fmt.Sprintf("桃花源县桃源大道 %d 号", n), Contact: modeltest.PersonOf(n).Name, Phone: modeltest.PersonOf(n).Phone,
		Checklist: answers, ChecklistVersion: "2026.1"}
}

// keep commits n inspections on a laptop and returns their bodies.
func keep(w *World, l *Laptop, n int) map[model.ID][]byte {
	w.T.Helper()
	const batch = 500
	bodies := make(map[model.ID][]byte, n)
	for from := 0; from < n; from += batch {
		changes := make([]model.Change, min(batch, n-from))
		for i := range changes {
			changes[i].Record = visited(from + i)
		}
		revs, err := l.Store.Commit(context.Background(), model.Batch{Author: l.Author, Changes: changes})
		w.Check(err)
		for _, r := range revs {
			bodies[r.Record] = r.Body
		}
	}
	return bodies
}

// pouch is a PouchDB server of its own.
type pouch struct {
	b       *testing.B
	modules string
	script  string
	url     string
	records string            // file of the records, one a line
	want    map[string]string // their ids and hashes
}

// newPouch starts a server and writes the records down for it.
func newPouch(b *testing.B, bodies map[model.ID][]byte) *pouch {
	b.Helper()
	p := &pouch{b: b, modules: peer(b, envPouch, "PouchDB (a node_modules folder)"), want: map[string]string{}}
	script, err := filepath.Abs(filepath.Join("peers", "pouch.js"))
	if err != nil {
		b.Fatal(err)
	}
	p.script = script
	dir := b.TempDir()
	p.records = filepath.Join(dir, "records.ndjson")
	var lines bytes.Buffer
	for id, body := range bodies {
		sum := sha256.Sum256(body)
		p.want[string(id)] = hex.EncodeToString(sum[:])
		fmt.Fprintf(&lines, "{\"_id\":%q,%s\n", id, body[1:])
	}
	if err := os.WriteFile(p.records, lines.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	port := freePort(b)
	serve(b, "node", filepath.Join(p.modules, "pouchdb-server", "bin", "pouchdb-server"), "-p", port, "-d", dir, "-c", filepath.Join(dir, "config.json"), "-n")
	awaitPort(b, port)
	p.url = "http://127.0.0.1:" + port + "/records"
	return p
}

// run runs the script and returns the seconds it measured.
func (p *pouch) run(verb string, args ...string) float64 {
	p.b.Helper()
	cmd := exec.Command("node", append([]string{p.script, verb, p.url}, args...)...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+p.modules)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		p.b.Fatalf("pouchdb %s: %v\n%s", verb, err, &complaint)
	}
	if verb == "seed" {
		return 0
	}
	s, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		p.b.Fatal(err)
	}
	return s
}

// replicate runs one replication, timed, and compares what came of it.
func (p *pouch) replicate(verb string, args ...string) float64 {
	p.b.Helper()
	dir := p.b.TempDir()
	out := filepath.Join(dir, "out")
	s := p.run(verb, append(args, dir, out)...)
	f, err := os.Open(out)
	if err != nil {
		p.b.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		id, sum, _ := strings.Cut(lines.Text(), " ")
		if p.want[id] != sum {
			p.b.Fatalf("pouchdb %s: record %s is not what was sent", verb, id)
		}
	}
	if n != len(p.want) {
		p.b.Fatalf("pouchdb %s: %d records of %d arrived", verb, n, len(p.want))
	}
	return s
}

// timed is how long a laptop's cycle takes, in seconds.
func timed(l *Laptop, pushed, pulled int) float64 {
	l.w.T.Helper()
	began := time.Now()
	if sum := l.Sync(); sum.Pushed != pushed || sum.Pulled != pulled {
		l.w.T.Fatalf("pushed %d of %d, pulled %d of %d", sum.Pushed, pushed, sum.Pulled, pulled)
	}
	return time.Since(began).Seconds()
}

// BenchmarkPeersPush hands in the same 10,000 new records by this program and
// by PouchDB, one after the other in each run.
func BenchmarkPeersPush(b *testing.B) {
	const n = 10_000
	runs := measured{}
	for b.Loop() {
		w := NewWorld(b, 0)
		w.onLoopback()
		l := w.NewLaptop(1)
		l.Enrol()
		bodies := keep(w, l, n)
		p := newPouch(b, bodies)
		ours := timed(l, n, 0)
		w.sameRecords(l, n)
		theirs := p.replicate("push", p.records)
		runs.add("ours-s", ours)
		runs.add("pouchdb-s", theirs)
		runs.add("times-faster", theirs/ours)
	}
	runs.report(b)
}

// BenchmarkPeersPull is the first pull of a new laptop, likewise.
func BenchmarkPeersPull(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) { pullBeside(b, n) })
	}
}

func pullBeside(b *testing.B, n int) {
	w := NewWorld(b, 0)
	w.onLoopback()
	first := w.NewLaptop(1)
	first.Enrol()
	p := newPouch(b, keep(w, first, n))
	p.run("seed", p.records)
	timed(first, n, 0)
	runs := measured{}
	for b.Loop() {
		l := w.NewLaptop(len(w.Laptops) + 1)
		l.Enrol()
		ours := timed(l, 0, n)
		w.sameRecords(l, n)
		theirs := p.replicate("pull")
		runs.add("ours-s", ours)
		runs.add("pouchdb-s", theirs)
		runs.add("times-faster", theirs/ours)
	}
	runs.report(b)
}
