package synctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// crowdEnv says how many laptops come at half past five; without it a handful
// does, as a check of what must hold.
const crowdEnv = "ANXIN_CROWD"

// An evening: all laptops come, each with a day's work, and exchange in the
// background; a station's officers share a scope.
const (
	stationOf  = 4  // laptops
	handful    = 12 // of laptops, where no crowd is asked for
	background = 10 * time.Minute
)

// usual is what an idle machine of two cores needs with SQLite and a folder;
// the large evening measures the machine it runs on instead.
var usual = pace{Message: 500 * time.Microsecond, Push: 2 * time.Millisecond, Op: 150 * time.Microsecond, Row: 20 * time.Microsecond,
	Leaf: 3 * time.Millisecond, Finish: 8 * time.Millisecond}

// measurePace takes the time of a real hub on disk.
func measurePace(t *testing.T) pace {
	t.Helper()
	w := NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	ctx := context.Background()
	watch := func(l *Laptop) *stopwatch {
		s := &stopwatch{Line: l.Line, took: map[string][]time.Duration{}, size: map[string]int{}}
		c, err := client.New(ctx, client.Options{Store: l.Store, Blobs: l.Blobs, Ring: l.Ring, Clock: l.Clock, Transport: s, Go: inline})
		w.Check(err)
		for range 3 { // the second and third have nothing to do but talk
			_, err = c.Sync(ctx, nil)
			w.Check(err)
		}
		return s
	}
	a.Put("", "", modeltest.Employer(0))
	one := watch(a)
	fill(w, a, wire.MaxOps)
	many := watch(a)
	const leaves = 3
	for n := range 8 {
		info, err := a.Blobs.Put(ctx, bytes.NewReader(bytes.Repeat(fmt.Appendf(nil, "%15d\n", n), leaves*wire.LeafSize/16)))
		w.Check(err)
		a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	}
	photos, reader := watch(a), watch(b)
	p := pace{Message: one.least("POST hello"), Push: one.least("POST push"), Leaf: photos.least(http.MethodPut), Finish: photos.least("POST finish")}
	p.Op = max(0, many.least("POST push")-p.Push) / (wire.MaxOps - 1)
	p.Row = reader.took["POST pull"][0] / (wire.MaxOps + 9)
	return p
}

// comer is one laptop of the evening.
type comer struct {
	*Laptop
	photos  map[string]bool // by hash, not yet at the hub
	done    []Done
	came    time.Time
	records time.Time // the hub has answered for all operations
	files   time.Time // and holds all own photos
	over    time.Time // the whole cycle has ended well
	failed  int       // cycles
	left    int       // colleagues' files, for a quiet hour
	rng     *rand.Rand
}

// rush is a crowd of laptops that come to one hub, in the time of the test's
// bubble. The hub and the laptops' exchange are the real ones; the line, its cuts
// and how long the hub takes are modelled.
type rush struct {
	*World
	site   *site
	photos int // of a laptop, beyond the first five, fewer than so many
	comers []*comer
	began  time.Time
	ticked time.Time
	mu     sync.Mutex
}

// newRush lets n laptops finish their day: 20 to 60 records and 5 to 40 photos
// of 3 MB each, of a handful fewer.
func newRush(t *testing.T, n int, p pace, atWork int) *rush {
	e := &rush{World: NewMemWorld(t, 0, 1, Bugs{}), photos: 36}
	e.CloseHub()
	e.Clock = modeltest.NewClock(0) // it follows the bubble's
	opt := hub.Options{Clock: e.Clock, IDs: &e.hubIDs, Lease: 10, AtWork: atWork}
	var h *hub.Hub
	var err error
	if n > handful { // in memory all that lies there is copied at each change
		h, err = hub.Open(context.Background(), tempDir(t), opt)
	} else {
		e.photos = 5
		h, err = hub.Assemble(context.Background(), e.mem.identity, e.mem.store, e.mem.files, opt)
	}
	e.Check(err)
	e.Hub, e.Hubs = h, []*hub.Hub{h}
	e.Check(h.SetURL(context.Background(), hubURL))
	e.site = newSite(p, h.Handler())
	for i := range n {
		e.comers = append(e.comers, e.day(i))
	}
	return e
}

// day is a laptop that has joined its station's scope and worked.
func (e *rush) day(i int) *comer {
	ctx := context.Background()
	c := &comer{Laptop: e.NewLaptop(i + 1), photos: map[string]bool{}, rng: rand.New(rand.NewPCG(uint64(i), 1730))}
	c.Home = fmt.Sprintf("%s/站%03d", wholeOffice, i/stationOf)
	e.Clock.Move(10 * time.Second) // so many may join in a minute
	c.Enrol()
	var changes []model.Change
	for n := range 20 + c.rng.IntN(41) {
		changes = append(changes, model.Change{Record: modeltest.Employer(i*100 + n)})
	}
	for n := range 5 + c.rng.IntN(e.photos) {
		size := (3_000_000 + c.rng.IntN(400_000)) / photoScale
		info, err := c.Blobs.Put(ctx, strings.NewReader(fmt.Sprintf("%*d", size, i*1000+n)))
		e.Check(err)
		c.photos[info.SHA256] = true
		changes = append(changes, model.Change{Record: &model.Evidence{SHA256: info.SHA256, Size: info.Size}})
	}
	revs, err := c.Store.Commit(ctx, model.Batch{Author: c.Author, Changes: changes})
	e.Check(err)
	for _, r := range revs {
		c.done = append(c.done, Done{r, i})
	}
	return c
}

// follow moves the world's clock to the bubble's time.
func (e *rush) follow() {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	e.Clock.Move(now.Sub(e.ticked))
	e.ticked = now
}

// come is one laptop's evening: it arrives, and its program exchanges in the
// background until one cycle has ended well; then the lid is closed.
func (e *rush) come(c *comer, within time.Duration) {
	time.Sleep(time.Duration(c.rng.Int64N(int64(within))))
	c.came = time.Now()
	line := &roadside{at: e.site, address: fmt.Sprintf("10.%d.%d.1:5000", c.N>>8, c.N&255), rate: (2 + 18*c.rng.Float64()) * 1e6 / 8,
		delay: time.Duration(30+c.rng.IntN(50)) * time.Millisecond, rng: c.rng, left: c.rng.ExpFloat64() * cutMean,
		pending: c.waiting, tick: e.follow, sent: c.heard}
	ctx, home := context.WithCancel(context.Background())
	defer home()
	program, err := client.New(ctx, client.Options{Store: c.Store, Blobs: c.Blobs, Ring: c.Ring, Clock: e.Clock, Transport: line,
		Series: func(context.Context) ([]string, error) { return []string{Series}, nil }, Random: c.rng.Int64N, Go: inline})
	e.Check(err)
	program.Background(ctx, background, nil, func(ctx context.Context) (client.Summary, error) {
		sum, err := program.Sync(ctx, nil)
		switch {
		case err == nil:
			c.over = time.Now()
			s, err := program.Status(ctx)
			e.Check(err)
			c.left = s.Wanted
			home()
		case errors.Is(err, client.ErrUnreachable), busy(err):
			c.failed++
		default:
			e.T.Errorf("laptop %d: %v", c.N, err)
			home()
		}
		return sum, err
	})
}

// busy: the hub asks to be left alone for a while.
func busy(err error) bool {
	var refusal *wire.Error
	return errors.As(err, &refusal) && (refusal.Status == http.StatusTooManyRequests || refusal.Status == http.StatusServiceUnavailable)
}

// waiting is how many operations the hub has not answered for.
func (c *comer) waiting() int {
	last, err := c.Store.LastSeq(context.Background())
	c.w.Check(err)
	acked, err := c.Store.AckedSeq(context.Background())
	c.w.Check(err)
	return int(last - acked)
}

// heard notes when all records and when all photos are at the hub.
func (c *comer) heard(q *http.Request, res *http.Response) {
	if c.records.IsZero() && c.waiting() == 0 {
		c.records = time.Now()
	}
	if path := q.URL.Path; res.StatusCode == http.StatusOK && strings.HasSuffix(path, "/finish") {
		delete(c.photos, strings.Split(path, "/")[4])
		if len(c.photos) == 0 {
			c.files = time.Now()
		}
	}
}

// run lets everybody come within a time; it ends when all have gone home.
func (e *rush) run(within time.Duration) {
	e.began = time.Now()
	e.ticked = e.began
	var wg sync.WaitGroup
	for _, c := range e.comers {
		wg.Go(func() { e.come(c, within) })
	}
	wg.Wait()
}

// spread is the middle, the 99th in a hundred and the longest of what every
// laptop waited.
func (e *rush) spread(end func(*comer) time.Time) (p50, p99, most time.Duration) {
	var all []time.Duration
	for _, c := range e.comers {
		all = append(all, end(c).Sub(c.came))
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
}

// last is when the last laptop reached something, since the first could come.
func (e *rush) last(end func(*comer) time.Time) time.Duration {
	var out time.Duration
	for _, c := range e.comers {
		out = max(out, end(c).Sub(e.began))
	}
	return out
}

func (e *rush) report(name string) {
	failed, left := 0, 0
	for _, c := range e.comers {
		failed += c.failed
		left += c.left
	}
	stages := map[string]func(*comer) time.Time{
		"records in":    func(c *comer) time.Time { return c.records },
		"own photos in": func(c *comer) time.Time { return c.files },
		"gone home":     func(c *comer) time.Time { return c.over }}
	for _, stage := range []string{"records in", "own photos in", "gone home"} {
		p50, p99, most := e.spread(stages[stage])
		e.T.Logf("%s: %-19s all after %v; a laptop waits %v, 1 in 100 over %v, at most %v", name, stage,
			e.last(stages[stage]).Round(time.Second), p50.Round(10*time.Millisecond), p99.Round(10*time.Millisecond), most.Round(10*time.Millisecond))
	}
	s := e.site
	e.T.Logf("%s: %d laptops, %d requests, at most %d a second, %d refused (%d told when to come again), %d cycles failed, at most %d inside, %d waiting for a core; %d files of colleagues wait for a quiet hour",
		name, len(e.comers), s.requests, s.perSecond, s.refused, s.advised, failed, s.full, s.queue, left)
}

// judge says whether everything is where it belongs and everybody was served.
func (e *rush) judge() {
	var done []Done
	for _, c := range e.comers {
		done = append(done, c.done...)
		if c.records.IsZero() || c.files.IsZero() || c.over.IsZero() || len(c.photos) > 0 {
			e.T.Errorf("laptop %d went home with %d operations and %d photos", c.N, c.waiting(), len(c.photos))
		}
	}
	report, err := e.Hub.Verify(context.Background())
	e.Check(err)
	for _, f := range report.Faults {
		e.T.Errorf("hub: %s", f)
	}
	e.Inspect(func(tx hub.Tx) error { return errors.Join(e.acknowledged(tx), e.kept(tx, done, nil)) })
}

// TestCrowd is half past five: many laptops come with a day's work over lines
// of 2 to 20 Mbit/s that break. Nobody starves and nothing is lost: not when
// they come within half an hour, nor when the hub is away for ten minutes of
// it, nor when all come in one second to a hub that takes few at a time, which
// must not let records wait behind photos. ANXIN_CROWD=2000 sends so many, to a
// hub as fast as this machine, and with -v tells how they fared.
func TestCrowd(t *testing.T) {
	n, p, few, most := int(number(t, crowdEnv, handful)), usual, 1, 2*time.Minute
	if n > handful {
		p, few, most = measurePace(t), 0, 10*time.Minute
		t.Logf("the hub needs %+v", p)
	}
	for _, story := range []struct {
		name       string
		within     time.Duration // they come
		gone, back time.Duration // of the hub
		atWork     int           // requests the hub works on together; 0 is what it does by itself
		most       time.Duration // anybody waits until the hub has answered for his records
	}{
		{name: "within half an hour", within: 30 * time.Minute, most: time.Minute},
		{name: "hub away", within: 30 * time.Minute, gone: 10 * time.Minute, back: 20 * time.Minute, most: 20 * time.Minute},
		{name: "all at once", within: time.Second, atWork: few, most: most},
	} {
		t.Run(story.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newRush(t, n, p, story.atWork)
				e.site.away = func() bool { d := time.Since(e.began); return d >= story.gone && d < story.back }
				e.run(story.within)
				e.report(story.name)
				e.judge()
				if _, _, most := e.spread(func(c *comer) time.Time { return c.records }); most > story.most {
					t.Errorf("somebody waited %v until his records were in", most)
				}
			})
		})
	}
}
