package store

import (
	"crypto/ed25519"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"anxin/model"
	"anxin/model/seal"
)

// arrival is a signed revision, ready to be written, and what the projection
// will keep of it.
type arrival struct {
	row
	face
}

func (s *Store) arrivalOf(r model.Revision, f face) (arrival, error) {
	row, err := s.rowOf(r)
	return arrival{row, f}, err
}

// Prepare checks and seals revisions that Pulled is to take next, so that it
// need only write them: the page after the one that is being written. What is
// wrong with them Pulled will say.
func (s *Store) Prepare(revs []model.Revision) {
	if len(revs) == 0 {
		return
	}
	if page, err := s.inspectAll(revs); err == nil {
		s.ahead.keep(&revs[0], page)
	}
}

// preparedPages bounds what is prepared: the page to be written and the next two.
const preparedPages = 3

// prepared are pages checked before their turn, by the place of their first
// revision.
type prepared struct {
	mu    sync.Mutex
	first []*model.Revision
	pages [][]arrival
}

func (p *prepared) keep(first *model.Revision, page []arrival) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first, p.pages = append(p.first, first), append(p.pages, page)
	p.drop(max(0, len(p.pages)-preparedPages))
}

// take gives a page away, nil when it was not prepared, and forgets those before
// it.
func (p *prepared) take(revs []model.Revision) []arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, page := range p.pages {
		if len(page) == len(revs) && p.first[i] == &revs[0] {
			p.drop(i + 1)
			return page
		}
	}
	return nil
}

func (p *prepared) drop(n int) {
	p.first, p.pages = slices.Delete(p.first, 0, n), slices.Delete(p.pages, 0, n)
}

func (p *prepared) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(len(p.pages))
}

// arrivals are revisions checked, now if they were not prepared.
func (s *Store) arrivals(revs []model.Revision) ([]arrival, error) {
	if page := s.ahead.take(revs); page != nil {
		return page, nil
	}
	return s.inspectAll(revs)
}

// inspectSlice is how many revisions are checked together at most: in hundreds
// their signatures cost least.
const inspectSlice = 1000

// inspectAll checks colleagues' revisions on all processors.
func (s *Store) inspectAll(revs []model.Revision) ([]arrival, error) {
	page := make([]arrival, len(revs))
	procs := runtime.GOMAXPROCS(0)
	share := max(1, min(inspectSlice, (len(revs)+procs-1)/procs))
	part := func(i int) (struct{}, error) {
		from, to := i*share, min((i+1)*share, len(revs))
		return struct{}{}, s.inspect(page[from:to], revs[from:to])
	}
	err := inOrderBy(1, (len(revs)+share-1)/share, part, func(int, struct{}) error { return nil })
	return page, err
}

// inspect checks colleagues' revisions, a slice of a page, into out.
func (s *Store) inspect(out []arrival, revs []model.Revision) error {
	keys := make([]ed25519.PublicKey, len(revs))
	for i, r := range revs {
		var ok bool
		if keys[i], ok = s.keyOf(r.Device); !ok {
			return fmt.Errorf("%s记录 %s 由设备 %s 签名: %w", r.Kind, r.Record, r.Device, ErrUnknownDevice)
		}
	}
	checked, errs := seal.CanonicalRevisions(revs, keys)
	for i, r := range checked {
		err := errs[i]
		if err == nil {
			out[i], err = s.arrivalOf(r, s.faceOfRevision(r))
		}
		if err != nil {
			return fmt.Errorf("%s记录 %s: %w", r.Kind, r.Record, err)
		}
	}
	return nil
}
