package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"sync"

	"anxin/model"
	"anxin/model/seal"
)

// PullResult counts what became of pulled revisions.
type PullResult struct {
	Applied    int      // new heads
	Known      int      // were here already
	History    int      // older than a head; kept
	Merged     int      // joined with unsent work of this laptop
	Conflicts  int      // grew apart; both are kept for an officer to settle
	Duplicates []string // 文号 that another document here carries too
}

// Pulled takes colleagues' revisions from a scope's feed, in the feed's order,
// and moves the scope's cursor, forward or back, all in one transaction; taking
// the same page twice changes nothing. A revision stands behind its parents; a
// parent may be absent where a feed brings only the newest of a record.
//
// The error wraps ErrUnknownDevice or seal.ErrForged when a signature cannot
// be checked or does not fit; nothing is changed then.
func (s *Store) Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (PullResult, error) {
	var result PullResult
	err := s.inTx(ctx, func(t *tx) error {
		if err := t.receive(revs, scope, &result); err != nil {
			return err
		}
		return t.exec(`INSERT INTO cursor (scope, position) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET position = excluded.position`, scope, cursor)
	})
	if err != nil {
		return PullResult{}, err
	}
	return result, nil
}

// Cursor is how far a scope's feed has been taken, 0 at first.
func (s *Store) Cursor(ctx context.Context, scope string) (int64, error) {
	return s.number64(ctx, `SELECT coalesce(max(position), 0) FROM cursor WHERE scope = ?`, scope)
}

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

// preparedPages bounds what is prepared: the page to be written and the next.
const preparedPages = 2

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

// inspectSlice is how many revisions are checked together: their signatures
// cost least so, and both processors still have something to do on each page.
const inspectSlice = 128

// inspectAll checks colleagues' revisions on all processors.
func (s *Store) inspectAll(revs []model.Revision) ([]arrival, error) {
	page := make([]arrival, 0, len(revs))
	parts := slices.Collect(slices.Chunk(revs, inspectSlice))
	err := inOrderBy(1, len(parts), func(i int) ([]arrival, error) { return s.inspect(parts[i]) }, func(_ int, checked []arrival) error {
		page = append(page, checked...)
		return nil
	})
	return page, err
}

// inspect checks colleagues' revisions, a slice of a page.
func (s *Store) inspect(revs []model.Revision) ([]arrival, error) {
	keys := make([]ed25519.PublicKey, len(revs))
	for i, r := range revs {
		var ok bool
		if keys[i], ok = s.keyOf(r.Device); !ok {
			return nil, fmt.Errorf("%s记录 %s 由设备 %s 签名: %w", r.Kind, r.Record, r.Device, ErrUnknownDevice)
		}
	}
	checked, errs := seal.CanonicalRevisions(revs, keys)
	out := make([]arrival, len(revs))
	for i, r := range checked {
		err := errs[i]
		if err == nil {
			out[i], err = s.arrivalOf(r, s.faceOfRevision(r))
		}
		if err != nil {
			return nil, fmt.Errorf("%s记录 %s: %w", r.Kind, r.Record, err)
		}
	}
	return out, nil
}

// receive enters a page: first every revision into the journal, so that each
// knows all it grew from, then those that nothing else in the page grew from
// into their place. The others are history.
func (t *tx) receive(revs []model.Revision, scope string, result *PullResult) error {
	page, err := t.s.arrivals(revs)
	if err != nil {
		return err
	}
	rows := make([]int64, len(page)) // 0: known before
	parent := map[model.Rev]bool{}
	for i, a := range page {
		if rows[i], err = t.write(a.row, scope, true); err != nil {
			return fmt.Errorf("%s记录 %s: %w", a.Kind, a.Record, err)
		}
		for _, p := range a.Parents {
			parent[p] = true
		}
	}
	for i, a := range page {
		var err error
		switch {
		case rows[i] == 0:
			result.Known++
			continue
		case parent[a.Rev]:
			result.History++
		default:
			err = t.place(a, rows[i], result)
		}
		if err == nil {
			err = t.fixPulled(a.Revision, result)
		}
		if err == nil {
			err = t.cancelled()
		}
		if err != nil {
			return fmt.Errorf("%s记录 %s: %w", a.Kind, a.Record, err)
		}
	}
	return nil
}

// fixPulled keeps the number of a document a colleague issued. A number that
// another document carries is never changed, only told: both papers exist.
func (t *tx) fixPulled(r model.Revision, result *PullResult) error {
	if r.Kind != model.KindDocument {
		return nil
	}
	d, err := model.As[model.Document](r.Body)
	if err != nil || d.Issued == nil {
		return nil // a shape of a newer program: the hub keeps its number
	}
	var before int
	if err := t.row(`SELECT count(*) FROM issued WHERE document = ?`, r.Record).Scan(&before); err != nil || before > 0 {
		return err
	}
	err = t.fix(r, d.Issued)
	if isTaken(err) {
		result.Duplicates = append(result.Duplicates, d.Issued.Number)
		return nil
	}
	return err
}
