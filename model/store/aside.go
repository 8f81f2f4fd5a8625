package store

import (
	"context"

	"anxin/model"
)

// Aside lists the entries of this epoch's log that the hub set aside, oldest
// first.
func (s *Store) Aside(ctx context.Context) ([]model.Aside, error) {
	return collect(ctx, s, func(scan func(...any) error) (a model.Aside, err error) {
		var at string
		if err = scan(&a.Seq, &a.Position, &a.Record, &a.Kind, &a.Rev, &at, &a.Reason); err != nil {
			return a, err
		}
		a.Time, err = timeOfText(at)
		return a, err
	}, `SELECT o.seq, a.position, j.record, j.kind, j.rev, j.time, a.reason FROM op_outcome a
		JOIN op o ON o.epoch = a.epoch AND o.seq = a.seq JOIN journal j ON j.n = o.n
		WHERE a.epoch = ? AND a.outcome = ? ORDER BY a.seq`, s.Device().Epoch, model.OutcomeQuarantined)
}
