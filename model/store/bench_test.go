package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
)

// What the benchmarks are asked for beyond the sizes that `make bench` bears:
// a number of records, and the bytes of evidence to take in.
const (
	benchRecords = "ANXIN_BENCH_RECORDS"
	benchPhotos  = "ANXIN_BENCH_PHOTO_MIB"
)

// sizes are how many records the benchmarks are run at.
func sizes(b *testing.B) []int {
	b.Helper()
	out := []int{10_000, 100_000}
	if text := os.Getenv(benchRecords); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("%s: %v", benchRecords, err)
		}
		out = append(out, n)
	}
	return out
}

// timed runs fn for each b.Loop and reports the 99th percentile beside the
// mean.
func timed(b *testing.B, fn func(i int) error) {
	b.Helper()
	var all []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if err := fn(i); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds()), "p99-ns/op")
}

// heap reports what the program holds, in MiB.
func heap(b *testing.B) {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MiB")
}

const importBatch = 1000

// many fills a laptop with n records, every fifth an officer.
func many(b *testing.B, n int) *modeltest.Laptop {
	b.Helper()
	l := modeltest.NewLaptop(b, 1)
	for i := 0; i < n; i += importBatch {
		changes := make([]model.Change, importBatch)
		for k := range changes {
			changes[k].Record = recordOf(i + k)
		}
		l.Save(b, changes...)
	}
	return l
}

func recordOf(n int) model.Record {
	if n%5 == 0 {
		return modeltest.Officer(n)
	}
	return modeltest.Employer(n)
}

// BenchmarkStore is what an officer does with a store of many records.
func BenchmarkStore(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			start := time.Now()
			l := many(b, n)
			imported := time.Since(start)
			search := func(q model.Query) func(*testing.B) {
				return func(b *testing.B) {
					timed(b, func(int) error {
						heads, err := l.List(ctx, q)
						if err == nil && len(heads) == 0 {
							err = errors.New("nothing found")
						}
						return err
					})
				}
			}
			pair := string([]rune(modeltest.PersonOf(9000 + n/2).Name)[:2])
			b.Run("import", func(b *testing.B) {
				for b.Loop() {
				}
				b.ReportMetric(float64(imported.Nanoseconds())/float64(n), "ns/record")
				b.ReportMetric(0, "ns/op")
			})
			b.Run("search/pair", search(model.Query{Text: pair, Limit: 50}))
			b.Run("search/common", search(model.Query{Text: "建筑", Limit: 50}))
			b.Run("search/pair+kind", search(model.Query{Text: pair, Kind: model.KindOfficer, Limit: 50}))
			b.Run("search/digits", search(model.Query{Text: fmt.Sprintf("%07d", n/2+1), Limit: 50}))
			b.Run("list", search(model.Query{Kind: model.KindEmployer}))
			b.Run("save", func(b *testing.B) {
				timed(b, func(i int) error {
					_, err := l.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: modeltest.Employer(i)}}})
					return err
				})
			})
			b.Run("open", func(b *testing.B) {
				timed(b, func(int) error {
					l.Reopen(b, nil)
					return nil
				})
				heap(b)
			})
		})
	}
}

// BenchmarkPlain is the limit: the same rows in plain SQLite, unsealed,
// unsigned, without history, found by LIKE.
func BenchmarkPlain(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			dir := b.TempDir()
			db := plain(b, dir)
			start := time.Now()
			for i := 0; i < n; i += importBatch {
				if err := plainBatch(db, i, importBatch); err != nil {
					b.Fatal(err)
				}
			}
			imported := time.Since(start)
			pair := string([]rune(modeltest.PersonOf(9000 + n/2).Name)[:2])
			b.Run("import", func(b *testing.B) {
				for b.Loop() {
				}
				b.ReportMetric(float64(imported.Nanoseconds())/float64(n), "ns/record")
				b.ReportMetric(0, "ns/op")
			})
			b.Run("search/pair", func(b *testing.B) {
				timed(b, func(int) error { return plainSearch(db, pair) })
			})
			b.Run("save", func(b *testing.B) {
				timed(b, func(i int) error { return plainBatch(db, n+i, 1) })
			})
			b.Run("open", func(b *testing.B) {
				timed(b, func(int) error { return errors.Join(db.Close(), plainOpen(&db, dir)) })
			})
			if err := db.Close(); err != nil {
				b.Error(err)
			}
		})
	}
}

func plain(b *testing.B, dir string) *sql.DB {
	b.Helper()
	var db *sql.DB
	if err := plainOpen(&db, dir); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE record (n INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, words TEXT, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	return db
}

func plainOpen(db **sql.DB, dir string) (err error) {
	*db, err = sql.Open("sqlite", "file://"+filepath.Join(dir, "plain.db")+"?_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return err
	}
	(*db).SetMaxOpenConns(1)
	return (*db).Ping()
}

func plainBatch(db *sql.DB, from, count int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	st, err := tx.Prepare(`INSERT INTO record (id, kind, words, body) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	for n := from; n < from+count; n++ {
		r := recordOf(n)
		body, err := model.Encode(r, nil)
		if err == nil {
			_, err = st.Exec(modeltest.ID(3, n), r.Kind(), fmt.Sprint(r.Summary().Find), string(body))
		}
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func plainSearch(db *sql.DB, text string) error {
	rows, err := db.Query(`SELECT id, body FROM record WHERE words LIKE ? ORDER BY n DESC LIMIT 50`, "%"+text+"%")
	if err != nil {
		return err
	}
	defer rows.Close()
	found := 0
	for rows.Next() {
		var id, body string
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		found++
	}
	if found == 0 {
		return errors.New("nothing found")
	}
	return rows.Err()
}

// BenchmarkPull is what a laptop pays for a colleague's revision: checked,
// sealed, placed and indexed.
func BenchmarkPull(b *testing.B) {
	const n = 10_000
	revs := signedRevisions(b, n)
	for b.Loop() {
		b.StopTimer()
		l := modeltest.NewLaptop(b, 2)
		b.StartTimer()
		for i := 0; i < n; i += importBatch {
			if r, err := l.Pulled(ctx, "s", int64(i), revs[i:i+importBatch]); err != nil || r.Applied != importBatch {
				b.Fatalf("%+v, %v", r, err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/revision")
}

// BenchmarkPrepare is the part of BenchmarkPull that is done before a page's
// turn: signatures checked, bodies sealed, words made.
func BenchmarkPrepare(b *testing.B) {
	const n = 10_000
	revs := signedRevisions(b, n)
	l := modeltest.NewLaptop(b, 2)
	b.ReportAllocs()
	for b.Loop() {
		for page := range slices.Chunk(revs, importBatch) {
			l.Prepare(page)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/revision")
}

// signedRevisions are n revisions as a colleague's laptop hands them in.
func signedRevisions(b *testing.B, n int) []model.Revision {
	b.Helper()
	ops, err := many(b, n).Ops(ctx, 0, n)
	if err != nil {
		b.Fatal(err)
	}
	revs := make([]model.Revision, n)
	for i, op := range ops {
		revs[i] = op.Revision
	}
	return revs
}

// BenchmarkPhotos takes photos of 4 MiB into the evidence room: hashed, sealed
// and durable. 64 MiB, or as many as are asked for.
func BenchmarkPhotos(b *testing.B) {
	mib := 64
	if text := os.Getenv(benchPhotos); text != "" {
		var err error
		if mib, err = strconv.Atoi(text); err != nil {
			b.Fatalf("%s: %v", benchPhotos, err)
		}
	}
	l := modeltest.NewLaptop(b, 1)
	const photo = 4 << 20
	b.SetBytes(int64(mib) << 20)
	seed := uint64(1)
	for b.Loop() {
		for range mib << 20 / photo {
			seed++
			if _, err := l.Blobs.Put(ctx, &noise{seed: seed, left: photo}); err != nil {
				b.Fatal(err)
			}
		}
	}
	heap(b)
}

// noise is content that repeats nowhere (xorshift64).
type noise struct {
	seed uint64
	left int
}

func (n *noise) Read(p []byte) (int, error) {
	if n.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), n.left)]
	for i := range p {
		if i%8 == 0 {
			n.seed ^= n.seed << 13
			n.seed ^= n.seed >> 7
			n.seed ^= n.seed << 17
		}
		p[i] = byte(n.seed >> (i % 8 * 8))
	}
	n.left -= len(p)
	return len(p), nil
}

func BenchmarkVerify(b *testing.B) {
	l := many(b, 1000)
	for b.Loop() {
		if r, err := l.Verify(ctx); err != nil || len(r.Faults) > 0 {
			b.Fatal(fmt.Sprint(r.Faults), err)
		}
	}
}
