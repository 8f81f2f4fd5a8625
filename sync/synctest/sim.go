package synctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"

	"anxin/model"
	"anxin/model/modeltest"
)

// Simulation is a world whose officers, line and machines act at random, the
// same for the same seed.
type Simulation struct {
	*World
	Done    []Done
	Actions map[string]int // how often each thing happened
	rng     *rand.Rand
	faulty  bool
	nested  bool // a colleague's cycle runs inside another
	files   int
}

// NewSimulation makes a world of n laptops driven by a seed.
func NewSimulation(w *World, seed uint64) *Simulation {
	s := &Simulation{World: w, Actions: map[string]int{}, rng: rand.New(rand.NewPCG(seed, 0x616e78696e)), faulty: true}
	for _, l := range w.Laptops {
		l.Line.Plan(s.fault)
	}
	return s
}

// fault draws what happens to one exchange: mostly nothing, sometimes a whole
// cycle of a colleague in between.
func (s *Simulation) fault(_ int, r *http.Request) Fault {
	if !s.faulty {
		return Whole
	}
	if !s.nested && s.rng.IntN(6) == 0 {
		s.nested = true
		s.Actions["interleaved"]++
		// Of the laptop that is syncing itself this is refused, as it should be.
		_, _ = s.Laptops[s.rng.IntN(len(s.Laptops))].Client.Sync(context.Background(), nil)
		s.nested = false
	}
	f := Whole
	switch s.rng.IntN(24) {
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
	default:
		return f
	}
	s.Actions["fault"]++
	return f
}

// Step lets one thing happen.
func (s *Simulation) Step() {
	i := s.rng.IntN(len(s.Laptops))
	l := s.Laptops[i]
	actions := []struct {
		name   string
		weight int
		do     func(int, *Laptop)
	}{
		{"create", 3, s.create}, {"edit", 8, s.edit}, {"issue", 2, s.issue}, {"event", 2, s.event}, {"attach", 1, s.attach},
		{"settle", 2, s.settle}, {"sync", 8, s.sync}, {"laptop restart", 1, s.restart}, {"hub restart", 1, s.hubRestart},
	}
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	pick := s.rng.IntN(total)
	for _, a := range actions {
		if pick -= a.weight; pick < 0 {
			s.Actions[a.name]++
			a.do(i, l)
			return
		}
	}
}

// Finish mends the line and lets the world come to rest.
func (s *Simulation) Finish() {
	s.T.Helper()
	s.faulty = false
	s.Rest()
}

func (s *Simulation) commit(i int, b model.Batch) []model.Revision {
	s.T.Helper()
	b.Author = s.Laptops[i].Author
	revs, err := s.Laptops[i].Store.Commit(context.Background(), b)
	s.Check(err)
	for _, r := range revs {
		s.Done = append(s.Done, Done{r, i})
	}
	return revs
}

func (s *Simulation) create(i int, _ *Laptop) {
	n := s.rng.IntN(1000)
	var r model.Record = modeltest.Employer(n)
	if s.rng.IntN(2) == 0 {
		r = modeltest.Site(n, "")
	}
	s.commit(i, model.Batch{Changes: []model.Change{{Record: r}}})
}

// any picks a record of a kind that a laptop knows.
func (s *Simulation) any(l *Laptop, q model.Query) (model.Head, bool) {
	list, err := l.Store.List(context.Background(), q)
	s.Check(err)
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
	text := fmt.Sprintf("第%d次", s.rng.IntN(1_000_000))
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

func (s *Simulation) issue(i int, l *Laptop) {
	serial, err := l.Store.NextNumber(context.Background(), Series)
	if errors.Is(err, model.ErrNoNumber) {
		return
	}
	s.Check(err)
	draft := modeltest.Draft("", fmt.Sprintf("单位%d", s.rng.IntN(1000)))
	first := s.commit(i, model.Batch{Changes: []model.Change{{Record: draft}}})[0]
	s.commit(i, model.Batch{
		Changes: []model.Change{{ID: first.Record, Base: first.Rev, Record: modeltest.Issued(draft, Series, serial, s.Clock.Now())}},
		Use:     &model.NumberUse{Series: Series, Serial: serial, Document: first.Record}})
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
	d.Events = append(d.Events, model.Event{Kind: model.EventServed, At: s.Clock.Now(), By: l.Author})
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: d}}})
}

func (s *Simulation) attach(i int, l *Laptop) {
	s.files++
	info, err := l.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat(fmt.Appendf(nil, "photo %d ", s.files), 1+s.rng.IntN(20_000))))
	s.Check(err)
	s.commit(i, model.Batch{Changes: []model.Change{{Record: &model.Evidence{Name: "照片.jpg", SHA256: info.SHA256, Size: info.Size}}}})
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
		r.Note = fmt.Sprintf("核实%d", s.rng.IntN(1_000_000))
	case *model.Site:
		r.Contact = fmt.Sprintf("核实%d", s.rng.IntN(1_000_000))
	default:
		return // two officers' events on one document stay a conflict
	}
	s.commit(i, model.Batch{Changes: []model.Change{{ID: h.ID, Base: h.Rev, Record: r, Settles: c.Theirs}}})
}

// sync tries a cycle; faults of the line may end it, nothing else may.
func (s *Simulation) sync(_ int, l *Laptop) {
	_, err := l.Client.Sync(context.Background(), nil)
	if err != nil && s.Actions["fault"] == 0 {
		s.T.Errorf("laptop %d: %v on a sound line", l.N, err)
	}
}

func (s *Simulation) restart(_ int, l *Laptop) { l.Restart() }

func (s *Simulation) hubRestart(int, *Laptop) {
	s.CloseHub()
	s.OpenHub()
}
