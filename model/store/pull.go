package store

import (
	"context"
	"fmt"
	"runtime"
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
	arrived, err := s.inspect(revs)
	if err != nil {
		return result, err
	}
	err = s.inTx(ctx, func(t *tx) error {
		result = PullResult{}
		if err := t.receive(arrived, scope, &result); err != nil {
			return err
		}
		return t.exec(`INSERT INTO cursor (scope, position) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET position = excluded.position`, scope, cursor)
	})
	return result, err
}

// Cursor is how far a scope's feed has been taken, 0 at first.
func (s *Store) Cursor(ctx context.Context, scope string) (int64, error) {
	return s.number64(ctx, `SELECT coalesce(max(position), 0) FROM cursor WHERE scope = ?`, scope)
}

// arrival is a checked revision and what the projection will keep of it.
type arrival struct {
	model.Revision
	face
}

// inspect checks signatures on all processors, before the transaction.
func (s *Store) inspect(revs []model.Revision) ([]arrival, error) {
	out := make([]arrival, len(revs))
	errs := make([]error, len(revs))
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(revs))
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(revs); i += workers {
				out[i], errs[i] = s.inspect1(revs[i])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Store) inspect1(r model.Revision) (arrival, error) {
	key, ok := s.keyOf(r.Device)
	if !ok {
		return arrival{}, fmt.Errorf("%s记录 %s 由设备 %s 签名: %w", r.Kind, r.Record, r.Device, ErrUnknownDevice)
	}
	if err := seal.CheckRevision(r, key); err != nil {
		return arrival{}, fmt.Errorf("%s记录 %s: %w", r.Kind, r.Record, err)
	}
	body, err := seal.Canonical(r.Body)
	if err != nil {
		return arrival{}, fmt.Errorf("%s记录 %s: %w", r.Kind, r.Record, err)
	}
	r.Body = body
	return arrival{r, s.faceOfBody(r.Kind, body)}, nil
}

// receive enters a page: first every revision into the journal, so that each
// knows all it grew from, then those that nothing else in the page grew from
// into their place. The others are history.
func (t *tx) receive(arrived []arrival, scope string, result *PullResult) error {
	rows := make([]int64, len(arrived)) // 0: known before
	parent := map[model.Rev]bool{}
	for i, a := range arrived {
		var known int
		err := t.row(`SELECT count(*) FROM journal WHERE rev = ?`, a.Rev).Scan(&known)
		if err == nil && known == 0 {
			rows[i], err = t.write(a.Revision, scope, true)
		}
		if err != nil {
			return fmt.Errorf("%s记录 %s: %w", a.Kind, a.Record, err)
		}
		for _, p := range a.Parents {
			parent[p] = true
		}
	}
	for i, a := range arrived {
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
