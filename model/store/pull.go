package store

import (
	"context"
	"fmt"

	"anxin/model"
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
