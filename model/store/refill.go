package store

import (
	"context"
	"fmt"

	"anxin/model"
)

// Kept is one line of the journal without its body.
type Kept struct {
	N      int64 // place in the order in which this laptop came to know it
	Rev    model.Rev
	Record model.ID
	Scope  string
}

// Kept lists the journal behind a place in it, in the order it came, at most
// limit lines: what a hub that was put back from an old copy is asked about.
func (s *Store) Kept(ctx context.Context, after int64, limit int) ([]Kept, error) {
	return collect(ctx, s, func(scan func(...any) error) (k Kept, err error) {
		err = scan(&k.N, &k.Rev, &k.Record, &k.Scope)
		return k, err
	}, `SELECT n, rev, record, scope FROM journal WHERE n > ? ORDER BY n LIMIT ?`, after, limit)
}

// Revisions reads what stands behind lines of the journal, in the order asked;
// the error wraps model.ErrNotFound when one is not here.
func (s *Store) Revisions(ctx context.Context, lines []Kept) ([]model.Revision, error) {
	out := make([]model.Revision, 0, len(lines))
	for _, k := range lines {
		r, err := s.scanRevision(s.readRow(ctx, `SELECT `+revisionColumns+` FROM journal j WHERE j.n = ?`, k.N).Scan)
		if err != nil {
			return nil, fmt.Errorf("版本 %s: %w", k.Rev, s.explain(err))
		}
		out = append(out, r)
	}
	return out, nil
}

// SeqAt is the newest entry of this epoch that stands in the hub's log at
// position or before, 0 when none does.
func (s *Store) SeqAt(ctx context.Context, position int64) (int64, error) {
	return s.number64(ctx, `SELECT coalesce(max(seq), 0) FROM op_outcome WHERE epoch = ? AND position <= ?`, s.Device().Epoch, position)
}
