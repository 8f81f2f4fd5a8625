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

func (s *Simulation) backup(i int, l *Laptop) { s.copies[i] = l.save() }

// restore puts a laptop back as it was. Until it has met the hub it issues
// nothing: what it did since the copy was made may stand on paper.
func (s *Simulation) restore(i int, l *Laptop) {
	back := s.copies[i]
	if back == nil {
		return
	}
	back()
	s.equip(l)
	l.cloned = l.Store.Device().Epoch
	if l.Dir != "" {
		l.cloned = 0 // the mark beside the database has begun a new epoch
	}
	s.bury()
}

func (s *Simulation) hubBackup(int, *Laptop) { s.hubCopies = append(s.hubCopies, s.saveHub()) }

// hubRestore puts the hub back to a backup; half of the time its keeper says
// so, half of the time the laptops must find out, where they can.
func (s *Simulation) hubRestore(int, *Laptop) {
	if len(s.hubCopies) == 0 {
		return
	}
	// A later backup belongs to a history that never happened now.
	n := s.rng.IntN(len(s.hubCopies))
	s.hubBurned = true
	sizeBefore, leasesBefore := s.standing()
	s.calm(s.hubCopies[n])
	s.hubCopies = s.hubCopies[:n+1]
	s.heads = map[model.ID]model.Rev{}
	for _, p := range s.points {
		s.stale[string(p.Note)] = true
	}
	s.points = nil
	// What stands in no log, as leases do, laptops cannot miss: a keeper who
	// keeps silent about a lost lease makes two papers of one number, which is
	// flagged and not prevented.
	size, leases := s.standing()
	if s.rng.IntN(2) == 0 || size == sizeBefore || leases != leasesBefore {
		s.calm(func() {
			_, err := s.Hub.AfterRestore(context.Background())
			s.Check(err)
		})
	}
	s.bury()
}

// standing is how many entries the hub's log has, and how many leases it knows.
func (s *Simulation) standing() (size int64, leases int) {
	s.Inspect(func(tx hub.Tx) error {
		log, err := tx.Log()
		if err != nil {
			return err
		}
		blocks, err := tx.Blocks(Series)
		size, leases = log.Size, len(blocks)
		return err
	})
	return size, leases
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
	s.equip(l.clone())
}

// bury forgets what burned: done on a laptop after the copy it was put back to,
// and nowhere else by then.
func (s *Simulation) bury() {
	s.Done = slices.DeleteFunc(s.Done, func(d Done) bool {
		return !s.somewhere(d.Revision.Rev)
	})
	if s.hubBurned {
		// Where both the hub and the laptop forgot a lease, nobody can know of it.
		maps.DeleteFunc(s.papers, func(_ int, r model.Revision) bool { return !s.somewhere(r.Rev) })
	}
	for _, d := range s.Done {
		e, err := model.As[model.Evidence](d.Revision.Body)
		if d.Revision.Kind == model.KindEvidence && err == nil && !s.fileSomewhere(e.SHA256) {
			s.gone[e.SHA256] = true
		}
	}
}

func (s *Simulation) somewhere(rev model.Rev) (found bool) {
	s.Inspect(func(tx hub.Tx) error {
		_, err := tx.Revision(rev)
		found = err == nil
		return nil
	})
	for _, l := range s.Laptops {
		have, err := l.Store.Have(context.Background(), rev)
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
	if s.mem == nil {
		return // looked at so often, a database takes its time
	}
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
	for _, l := range s.Laptops {
		if point, known := l.checkpoint(); known && !s.stale[string(point.Note)] && !slices.ContainsFunc(s.points, func(p wire.Checkpoint) bool { return slices.Equal(p.Note, point.Note) }) {
			s.points = append(s.points, point)
		}
	}
}

// crash loses what a laptop never made durable; only a planted mistake leaves
// anything.
func (s *Simulation) crash(l *Laptop) {
	if l.mem == nil {
		return
	}
	switch {
	case s.Bugs.has(LaptopNoFsync):
		l.mem.now = l.mem.synced
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
