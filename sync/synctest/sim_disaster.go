package synctest

import (
	"context"
	"errors"
	"maps"
	"slices"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

func (s *Simulation) backup(i int, l *Laptop) { s.calm(func() { s.copies[i] = l.save() }) }

// restore puts a laptop back as it was. Until it has met the hub it issues
// nothing: what it did since the copy was made may stand on paper.
func (s *Simulation) restore(i int, l *Laptop) {
	back := s.copies[i]
	if back == nil {
		return
	}
	s.calm(back)
	s.equip(l)
	l.cloned = l.Store.Device().Epoch
	if l.Dir != "" {
		l.cloned = 0 // the mark outside its folder has begun a new epoch
	}
	s.bury()
}

// hubCopy is a backup of the hub: the way back to it, and what it knew of who
// may see what.
type hubCopy struct {
	back  func()
	books books
}

func (s *Simulation) hubBackup(int, *Laptop) {
	s.calm(func() { s.hubCopies = append(s.hubCopies, hubCopy{s.SaveHub(), s.books.clone()}) })
}

// hubRestore puts the hub back to a backup; half of the time its keeper says
// so, half of the time the hub must find out, by its mark or by what laptops show.
// Sometimes the mark is lost too, and then the keeper says so.
func (s *Simulation) hubRestore(int, *Laptop) {
	if len(s.hubCopies) == 0 {
		return
	}
	// A later backup belongs to a history that never happened now.
	n := s.rng.IntN(len(s.hubCopies))
	said := s.rng.IntN(2) == 0
	if said && s.Actions["clone"] == 0 && s.burns.IntN(3) == 0 {
		s.Actions["mark lost"]++
		s.marked()
	}
	s.Actions["hub put back"]++
	s.calm(s.hubCopies[n].back)
	s.forget(s.hubCopies[n].books)
	s.hubCopies = s.hubCopies[:n+1]
	s.heads = map[model.ID]model.Rev{}
	for _, p := range s.points {
		s.stale[string(p.Note)] = true
	}
	s.points = nil
	if said {
		s.calm(func() {
			_, err := s.Hub.AfterRestore(context.Background())
			s.Check(err)
		})
	}
	s.bury()
}

// forget makes the story know of grants and moves what a backup knew: the hub
// has no other source of them. Where a record lives that comes back later, those
// say who bring it.
func (s *Simulation) forget(then books) {
	then = then.clone()
	s.books.grants, s.books.place = then.grants, map[model.ID]string{}
	s.Inspect(func(tx hub.Tx) error {
		return tx.EachHead("", func(h hub.Head) error {
			s.books.place[h.Record] = h.Scope
			return nil
		})
	})
}

// calm does something that no disk disturbs.
func (s *Simulation) calm(do func()) {
	faulty := s.faulty
	s.faulty = false
	defer func() { s.faulty = faulty }()
	do()
}

// clone puts a laptop's disk into another machine, once in a story.
func (s *Simulation) clone(_ int, l *Laptop) {
	if s.Actions["clone"] > 1 {
		return
	}
	s.calm(func() { s.equip(l.clone()) })
}

// bury forgets what burned: done on a laptop after the copy it was put back to,
// and nowhere else by then.
func (s *Simulation) bury() {
	s.Done = slices.DeleteFunc(s.Done, func(d Done) bool {
		return !s.somewhere(d.Revision)
	})
	if s.Actions["mark lost"] > 0 {
		// Where the hub, its mark and the laptop forgot a lease, nobody can know of it.
		maps.DeleteFunc(s.papers, func(_ int, r model.Revision) bool { return !s.somewhere(r) })
	}
	for _, d := range s.Done {
		e, err := model.As[model.Evidence](d.Revision.Body)
		if d.Revision.Kind == model.KindEvidence && err == nil && !s.fileSomewhere(e.SHA256) {
			s.gone[e.SHA256] = true
		}
	}
}

func (s *Simulation) somewhere(r model.Revision) (found bool) {
	s.Inspect(func(tx hub.Tx) error {
		_, err := tx.Revision(r.Rev)
		found = err == nil
		return nil
	})
	for _, l := range s.Laptops {
		have, err := l.Store.Have(context.Background(), r.Record, r.Rev)
		s.Check(err)
		found = found || have
	}
	return found
}

func (s *Simulation) fileSomewhere(sha string) (found bool) {
	s.Inspect(func(tx hub.Tx) error {
		b, err := tx.Blob(sha)
		found = err == nil && b.Stored
		return nil
	})
	for _, l := range s.Laptops {
		has, err := l.Blobs.Has(context.Background(), sha)
		s.Check(err)
		found = found || has
	}
	return found
}

// watch follows the heads (I4) and keeps every checkpoint handed out (I11).
func (s *Simulation) watch() {
	s.T.Helper()
	if s.looks++; s.mem != nil || s.looks%looksOnDisk == 0 {
		s.watchHeads()
	}
	for _, l := range s.Laptops {
		if point, known := l.checkpoint(); known && !s.stale[string(point.Note)] && !slices.ContainsFunc(s.points, func(p wire.Checkpoint) bool { return slices.Equal(p.Note, point.Note) }) {
			s.points = append(s.points, point)
		}
	}
}

// looksOnDisk: looked at more often, a database takes its time.
const looksOnDisk = 5

func (s *Simulation) watchHeads() {
	s.Inspect(func(tx hub.Tx) error {
		return tx.EachHead("", func(h hub.Head) error {
			old := s.heads[h.Record]
			if old == h.Rev {
				return nil
			}
			s.heads[h.Record] = h.Rev
			graph, err := tx.Graph(h.Record)
			if old != "" && !graph.Descends(h.Rev, old) {
				s.T.Errorf("I4: the head of %s moved from %s to %s, which did not come from it", h.Record, old, h.Rev)
			}
			return err
		})
	})
}

// crash loses what a laptop never made durable; only a planted mistake leaves
// anything.
func (s *Simulation) crash(l *Laptop) {
	if l.mem == nil {
		return
	}
	switch {
	case s.Bugs.has(LaptopNoFsync):
		l.mem.now.Store(l.mem.synced)
	case s.Bugs.has(SettingsForgotten):
		err := l.Store.SetSetting(context.Background(), "sync.unsent", "")
		if !errors.Is(err, errDisk) {
			s.Check(err)
		}
	}
}

func (s *Simulation) crashHub() {
	if s.mem != nil && s.Bugs.has(HubNoFsync) {
		s.mem.store.now.Store(s.mem.store.synced)
	}
}
