package store

import (
	"context"

	"anxin/model"
)

// Leave takes records off this laptop that its officer may no longer see, whole
// and in one transaction, and says which it took. A record this laptop has
// written anything of stays as it is, whatever the hub has of it: it is the
// officer's own act, and may wait to be handed in. What is not here is passed
// over; what comes again by Pulled begins anew.
func (s *Store) Leave(ctx context.Context, records []model.ID) (left []model.ID, err error) {
	err = s.inTx(ctx, func(t *tx) error {
		left = nil
		for _, id := range records {
			var rows, own int
			if err := t.row(`SELECT count(*), coalesce(sum(1 - pulled), 0) FROM journal WHERE record = ?`, id).Scan(&rows, &own); err != nil {
				return err
			}
			if rows == 0 || own > 0 {
				continue
			}
			if err := t.leave(id); err != nil {
				return err
			}
			left = append(left, id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return left, nil
}

// leave takes off one record of colleagues.
func (t *tx) leave(id model.ID) error {
	var n int64
	if err := t.row(`SELECT coalesce(max(n), 0) FROM head WHERE id = ?`, id).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		t.unsearch = append(t.unsearch, n)
	}
	for _, statement := range []string{
		`DELETE FROM conflict WHERE record = ?`,
		`DELETE FROM head WHERE id = ?`,
		`DELETE FROM issued WHERE document = ?`,
		`DELETE FROM journal WHERE record = ?`,
	} {
		if err := t.exec(statement, id); err != nil {
			return err
		}
	}
	return t.cancelled()
}
