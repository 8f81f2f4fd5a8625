package synctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/wire"
)

// Simulation is a world whose officers, line, machines, disks and clocks act
// at random, the same for the same seed.
type Simulation struct {
	*World
	Done    []Done
	Actions map[string]int // how often each thing happened
	Acked   int            // operations the hub answered for
	rng     *rand.Rand
	faulty  bool
	nested  bool // a colleague's cycle runs inside another
	avoid   int  // replica that is busy, from 1; 0 is none
	files   int

	hubCopies []hubCopy
	copies    map[int]func() // to backups of laptops
	wounded   map[int]bool   // laptops whose disk may fail
	heads     map[model.ID]model.Rev
	points    []wire.Checkpoint
	stale     map[string]bool        // checkpoints of a life of the hub that never was
	burns     *rand.Rand             // what burns with the hub's records
	gone      map[string]bool        // files that burned with a laptop
	papers    map[int]model.Revision // served, by their numbers
	books     books
	falling   func()              // takes the hub's power when the request has been served
	gridded   bool                // there is more than one scope
	cites     map[string]model.ID // files by the records that name them
	fires     int                 // how much more often machines burn and are copied
	looks     int                 // of watch
	words     int                 // canaries let out
}

// errDisk is what a disk says that is full or fails.
var errDisk = errors.New("磁盘已满")

// NewSimulation drives a marked world by a seed.
func NewSimulation(w *World, seed uint64) *Simulation {
	s := &Simulation{World: w, Actions: map[string]int{}, rng: rand.New(rand.NewPCG(seed, 0x616e78696e)), faulty: true,
		copies: map[int]func(){}, heads: map[model.ID]model.Rev{}, gone: map[string]bool{}, papers: map[int]model.Revision{}, stale: map[string]bool{},
		books: newBooks(), cites: map[string]model.ID{}, burns: rand.New(rand.NewPCG(seed, 0x6275726e))}
	w.Log = slog.New(listener{hear: s.secret})
	w.Bugs.log = w.Log
	for _, l := range w.Laptops {
		s.gridded = s.gridded || l.Home != wholeOffice
		s.equip(l)
	}
	w.fault = func() error { return s.disk(60) }
	if w.mem == nil {
		w.CloseHub()
		s.calm(w.OpenHub)
	} else {
		w.mem.store.Fault = func() error { return s.disk(60) }
		w.mem.files.Fault = func() error { return s.disk(30) }
		w.Bugs.interlude = s.interlude
		w.CloseHub()
		s.calm(w.OpenHub) // with the interlude
	}
	for i, l := range w.Laptops {
		if s.gridded && s.rng.IntN(3) > 0 {
			s.grant(i, l) // some see more than their home from the beginning
		}
	}
	return s
}

// equip lets the line and the disk of a laptop fail.
func (s *Simulation) equip(l *Laptop) {
	l.Line.Plan(s.fault)
	l.Line.Heard = func(r *http.Request, status int, encoding string, reply []byte) {
		s.overhear(l, r, status, encoding, reply)
		if fall := s.falling; fall != nil {
			s.falling = nil
			fall()
		}
	}
	if l.mem != nil {
		l.mem.Fault = func() error { return s.disk(40) }
		l.files.Fault = func() error { return s.disk(40) }
	}
}

// disk fails once in so many writes.
func (s *Simulation) disk(once int) error {
	if !s.faulty || s.rng.IntN(once) > 0 {
		return nil
	}
	s.Actions["disk fault"]++
	return errDisk
}

// interlude is a colleague's whole cycle at another replica than the one that
// stands in a transaction and answers nobody else.
func (s *Simulation) interlude(replica int) {
	if s.faulty && !s.nested && len(s.Hubs) > 1 {
		s.nested, s.avoid = true, replica+1
		defer func() { s.avoid = 0 }()
		_, _ = s.Laptops[s.rng.IntN(len(s.Laptops))].Client.Sync(context.Background(), nil)
		s.nested = false
	}
}

// fault draws what happens to one exchange: mostly nothing, sometimes a whole
// cycle of a colleague in between.
func (s *Simulation) fault(_ int, r *http.Request) Fault {
	f := Whole
	f.Replica = s.rng.IntN(max(1, len(s.Hubs)))
	if f.Replica == s.avoid-1 {
		f.Replica++
	}
	if !s.faulty {
		return f
	}
	if !s.nested && s.rng.IntN(10) == 0 {
		s.nested = true
		s.Actions["interleaved"]++
		// Of the laptop that is syncing itself this is refused, as it should be.
		_, _ = s.Laptops[s.rng.IntN(len(s.Laptops))].Client.Sync(context.Background(), nil)
		s.nested = false
	}
	if s.armed() {
		f.Lost = true
		return f
	}
	switch s.rng.IntN(36) {
	case 0:
		f.Down = true
	case 1:
		f.Request = s.rng.IntN(max(1, int(r.ContentLength)))
	case 2:
		f.Reply = s.rng.IntN(200)
	case 3:
		f.Lost = true
	case 4:
		f.Twice = true
	case 5:
		f.Twice, f.Second = true, true
	case 6:
		f.Late = true
	default:
		return f
	}
	s.Actions["line fault"]++
	return f
}

// action is one thing that may happen.
type action struct {
	name   string
	weight int
	do     func(int, *Laptop)
}

func (s *Simulation) actions() []action {
	list := []action{
		{"create", 4, s.create}, {"edit", 9, s.edit}, {"issue", 4, s.issue}, {"void", 1, s.void}, {"event", 2, s.event},
		{"attach", 2, s.attach}, {"settle", 2, s.settle}, {"sync", 12, s.sync}, {"laptop restart", 1, s.restart},
		{"hub restart", 1, s.hubRestart}, {"clock jump", 1, s.clockJump}, {"laptop backup", 1, s.backup}, {"laptop restore", 1, s.restore},
		{"hub backup", 1, s.hubBackup}, {"hub restore", 1, s.hubRestore}, {"clone", 1, s.clone},
	}
	if s.fires > 0 {
		list = append(list, action{"issue", 4 * s.fires, s.issue}, action{"sync", 4 * s.fires, s.sync}, action{"laptop backup", s.fires, s.backup},
			action{"laptop restore", s.fires, s.restore}, action{"clone", s.fires, s.clone}, action{"hub backup", 3 * s.fires, s.hubBackup}, action{"hub restore", 2 * s.fires, s.hubRestore})
	}
	if s.mem == nil {
		list = append(list, action{"power cut", 2, s.powerCut})
	}
	if s.Bugs.has(IssuedThaws) {
		list = append(list, action{"tamper", 4, s.tamper})
	}
	return append(list, s.grid()...)
}

// Step lets one thing happen.
func (s *Simulation) Step() {
	i := s.rng.IntN(len(s.Laptops))
	actions := s.actions()
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	pick := s.rng.IntN(total)
	for _, a := range actions {
		if pick -= a.weight; pick < 0 {
			s.Actions[a.name]++
			a.do(i, s.Laptops[i])
			break
		}
	}
	s.watch()
}

// Finish mends line and disks and lets the world come to rest.
func (s *Simulation) Finish() {
	s.T.Helper()
	s.faulty = false
	s.Rest()
	if s.gridded {
		s.releaseAll()
		s.Rest()
	}
	s.watch()
	s.metrics()
	s.placed()
	s.held()
	s.atRest()
	for _, l := range s.Laptops {
		n, err := l.Store.AckedSeq(context.Background())
		s.Check(err)
		s.Acked += int(n)
	}
}

// commit saves a batch; a disk that is full and a clock that ran back refuse
// it, and nothing is done then.
func (s *Simulation) commit(i int, b model.Batch) []model.Revision {
	s.T.Helper()
	b.Author = s.Laptops[i].Author
	revs, err := s.Laptops[i].Store.Commit(context.Background(), b)
	if errors.Is(err, errDisk) || errors.Is(err, model.ErrClock) {
		return nil
	}
	s.Check(err)
	for _, r := range revs {
		if len(r.Parents) == 0 {
			s.books.place[r.Record] = s.Laptops[i].Home
		}
		s.Done = append(s.Done, Done{r, i})
	}
	return revs
}

func (s *Simulation) create(i int, _ *Laptop) {
	n := s.rng.IntN(1000)
	employer, site := modeltest.Employer(n), modeltest.Site(n, "")
	employer.Name, site.Name = s.word("单位"), s.word("工地")
	var r model.Record = employer
	if s.rng.IntN(2) == 0 {
		r = site
	}
	s.commit(i, model.Batch{Changes: []model.Change{{Record: r}}})
}

// word is a text nobody else writes, with the canary in it.
func (s *Simulation) word(what string) string {
	s.words++
	return fmt.Sprintf("%s%s%d", canary, what, s.words)
}

// any picks a record of a kind that a laptop knows.
func (s *Simulation) any(l *Laptop, q model.Query) (model.Head, bool) {
	list, err := l.Store.List(context.Background(), q)
	s.Check(err)
	if s.rng.IntN(8) > 0 { // an officer rarely tries what he may not
		list = slices.DeleteFunc(list, func(h model.Head) bool { return !s.writes(l, h.ID) })
	}
	if len(list) == 0 {
		return model.Head{}, false
	}
	return list[s.rng.IntN(len(list))], true
}

func (s *Simulation) edit(i int, l *Laptop) {
	kinds := []model.Kind{model.KindEmployer, model.KindSite}
	h, ok := s.any(l, model.Query{Kind: kinds[s.rng.IntN(len(kinds))]})
	if !ok {
		return
	}
	r, err := model.Decode(h.Kind, h.Body)
	s.Check(err)
	text := s.word("第")
	switch r := r.(type) {
	case *model.Employer:
		*[]*string{&r.Phone, &r.Address, &r.Note}[s.rng.IntN(3)] = text
	case *model.Site:
		if s.rng.IntN(2) == 0 {
			r.Subs = append(r.Subs, modeltest.ID(0xbbbb, s.rng.IntN(50)))
		} else {
			*[]*string{&r.Contact, &r.Address}[s.rng.IntN(2)] = text
		}
	}
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: r}}})
}

// number is the laptop's next one; false when it has none, or must not take
// one because another machine holds the same.
func (s *Simulation) number(l *Laptop) (int, bool) {
	if l.cloned == l.Store.Device().Epoch {
		return 0, false
	}
	serial, err := l.Store.NextNumber(context.Background(), Series)
	if errors.Is(err, model.ErrNoNumber) {
		return 0, false
	}
	s.Check(err)
	return serial, true
}

func (s *Simulation) issue(i int, l *Laptop) {
	draft := modeltest.Draft("", s.word("单位"))
	first := s.commit(i, model.Batch{Changes: []model.Change{{Record: draft}}})
	serial, ok := s.number(l)
	if first == nil || !ok {
		return
	}
	done := s.commit(i, model.Batch{
		Changes: []model.Change{{ID: first[0].Record, Base: first[0].Rev, Record: modeltest.Issued(draft, Series, serial, l.Clock.Now())}},
		Use:     &model.NumberUse{Series: Series, Serial: serial, Document: first[0].Record}})
	if done == nil {
		return
	}
	// A paper is served whatever burns afterwards.
	if other := s.papers[serial].Record; other != "" {
		s.T.Errorf("I7: number %d stands on the papers %s and %s", serial, other, first[0].Record)
	}
	s.papers[serial] = done[0]
}

func (s *Simulation) void(i int, l *Laptop) {
	if serial, ok := s.number(l); ok {
		s.commit(i, model.Batch{Void: &model.NumberVoid{Series: Series, Serial: serial, Reason: "印坏"}})
	}
}

// event adds to an issued document what alone may be added.
func (s *Simulation) event(i int, l *Laptop) {
	h, ok := s.any(l, model.Query{Kind: model.KindDocument, States: []string{model.DocumentIssued, model.DocumentServed}})
	if !ok {
		return
	}
	d, err := model.As[model.Document](h.Body)
	s.Check(err)
	d.State = model.DocumentServed
	d.Events = append(d.Events, model.Event{Kind: model.EventServed, At: l.Clock.Now(), By: l.Author})
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: d}}})
}

// tamper changes what a paper that was issued says, where a planted mistake lets
// one.
func (s *Simulation) tamper(i int, l *Laptop) {
	h, ok := s.any(l, model.Query{Kind: model.KindDocument, States: []string{model.DocumentIssued, model.DocumentServed}})
	if !ok {
		return
	}
	d, err := model.As[model.Document](h.Body)
	s.Check(err)
	d.Issued.AmountFen++
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: d}}})
}

func (s *Simulation) attach(i int, l *Laptop) {
	s.files++
	info, err := l.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat(fmt.Appendf(nil, "%s photo %d ", canary, s.files), 1+s.rng.IntN(20_000))))
	if errors.Is(err, errDisk) {
		return
	}
	s.Check(err)
	for _, r := range s.commit(i, model.Batch{Changes: []model.Change{{Record: &model.Evidence{Name: s.word("照片"), SHA256: info.SHA256, Size: info.Size}}}}) {
		s.cites[info.SHA256] = r.Record
	}
}

// settle lets an officer end a conflict by a revision that came from both
// sides.
func (s *Simulation) settle(i int, l *Laptop) {
	conflicts, err := l.Store.Conflicts(context.Background())
	s.Check(err)
	if len(conflicts) == 0 {
		return
	}
	c := conflicts[s.rng.IntN(len(conflicts))]
	h := l.Head(c.Record)
	r, err := model.Decode(h.Kind, h.Body)
	s.Check(err)
	switch r := r.(type) {
	case *model.Employer:
		r.Note = s.word("核实")
	case *model.Site:
		r.Contact = s.word("核实")
	default:
		return // two officers' events on one document stay a conflict
	}
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: r, Settles: c.Theirs}}})
}

// sync tries a cycle; faults may end it, nothing else may.
func (s *Simulation) sync(i int, l *Laptop) {
	sum, err := l.Client.Sync(context.Background(), nil)
	s.secret("a note", strings.Join(sum.Notes, "\n"))
	if err != nil {
		s.secret("an error", err.Error())
	}
	if err != nil && s.rng.IntN(3) == 0 {
		s.restart(i, l) // the officer gives up and shuts the lid
	}
	if err != nil && s.Actions["line fault"]+s.Actions["disk fault"]+s.Actions["hub power cut"] == 0 {
		s.T.Errorf("laptop %d: %v on a sound line", l.N, err)
	}
}

func (s *Simulation) restart(_ int, l *Laptop) {
	s.crash(l)
	s.calm(l.Restart)
}

func (s *Simulation) hubRestart(int, *Laptop) {
	s.CloseHub()
	s.crashHub()
	s.calm(s.OpenHub)
}

// clockJump moves a laptop's clock by up to two days either way; sometimes an
// officer confirms it.
func (s *Simulation) clockJump(_ int, l *Laptop) {
	l.Clock.by = time.Duration(s.rng.IntN(96)-48) * time.Hour
	if s.rng.IntN(2) == 0 {
		err := l.Store.SetSetting(context.Background(), model.SettingClock, "已核对")
		if !errors.Is(err, errDisk) {
			s.Check(err)
		}
	}
}
