package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

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
	checked := s.inspect(revs)
	defer checked.stop()
	err := s.inTx(ctx, func(t *tx) error {
		if err := t.receive(checked, scope, &result); err != nil {
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

// arrival is a checked revision, ready to be written, and what the projection
// will keep of it.
type arrival struct {
	row
	face
}

// inspection is a page whose signatures are being checked on all processors
// while it is written: checking one costs more than writing it.
type inspection struct {
	revs []model.Revision
	out  []arrival
	errs []error
	next atomic.Int64    // the slice nobody has begun
	done []chan struct{} // closed when the slice is checked
	halt atomic.Bool
	wg   sync.WaitGroup
}

// inspectSlice is how many revisions a processor takes at a time.
const inspectSlice = 16

func (s *Store) inspect(revs []model.Revision) *inspection {
	in := &inspection{revs: revs, out: make([]arrival, len(revs)), errs: make([]error, len(revs)),
		done: make([]chan struct{}, (len(revs)+inspectSlice-1)/inspectSlice)}
	for i := range in.done {
		in.done[i] = make(chan struct{})
	}
	for range min(runtime.GOMAXPROCS(0), len(in.done)) {
		in.wg.Go(func() { in.work(s) })
	}
	return in
}

func (in *inspection) work(s *Store) {
	for !in.halt.Load() {
		n := int(in.next.Add(1)) - 1
		if n >= len(in.done) {
			return
		}
		for i := n * inspectSlice; i < min((n+1)*inspectSlice, len(in.revs)); i++ {
			in.out[i], in.errs[i] = s.inspect1(in.revs[i])
		}
		close(in.done[n])
	}
}

// at waits for the i-th arrival of the page.
func (in *inspection) at(i int) (arrival, error) {
	<-in.done[i/inspectSlice]
	return in.out[i], in.errs[i]
}

// stop ends the checking of a page that is done with or refused.
func (in *inspection) stop() {
	in.halt.Store(true)
	in.wg.Wait()
}

func (s *Store) inspect1(r model.Revision) (arrival, error) {
	key, ok := s.keyOf(r.Device)
	if !ok {
		return arrival{}, fmt.Errorf("%s记录 %s 由设备 %s 签名: %w", r.Kind, r.Record, r.Device, ErrUnknownDevice)
	}
	r, err := seal.CanonicalRevision(r, key)
	if err != nil {
		return arrival{}, fmt.Errorf("%s记录 %s: %w", r.Kind, r.Record, err)
	}
	row, err := s.rowOf(r)
	return arrival{row, s.faceOfBody(r.Kind, r.Body)}, err
}

// receive enters a page: first every revision into the journal, so that each
// knows all it grew from, then those that nothing else in the page grew from
// into their place. The others are history.
func (t *tx) receive(page *inspection, scope string, result *PullResult) error {
	rows := make([]int64, len(page.revs)) // 0: known before
	parent := map[model.Rev]bool{}
	for i := range page.revs {
		a, err := page.at(i)
		if err != nil {
			return err
		}
		if rows[i], err = t.write(a.row, scope, true); err != nil {
			return fmt.Errorf("%s记录 %s: %w", a.Kind, a.Record, err)
		}
		for _, p := range a.Parents {
			parent[p] = true
		}
	}
	for i, a := range page.out {
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
