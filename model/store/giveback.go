package store

import (
	"context"
	"errors"
	"fmt"

	"anxin/model"
)

// numberReturned is the reason of a number that was leased to this laptop and
// given back unused.
const numberReturned = "退回"

// ReturnBlock gives back the unused rest of the block of a series that begins
// at from: each number is entered in the register as returned and can never be
// issued here again. It returns the block as it stood before. Returning again
// does nothing; the error wraps model.ErrNotFound when this laptop holds no
// such block.
func (s *Store) ReturnBlock(ctx context.Context, series string, from int) (model.Block, error) {
	b := model.Block{Series: series, From: from, Device: s.Device().ID, Epoch: s.Device().Epoch}
	err := s.inTx(ctx, func(t *tx) error {
		var id int64
		err := t.row(`SELECT id, last, next, source FROM block WHERE series = ? AND first = ? AND device = ? AND epoch = ?`,
			series, from, t.device.ID, t.device.Epoch).Scan(&id, &b.To, &b.Next, &b.Source)
		if errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("字号“%s”从第 %d 号起的号段: %w", series, from, err)
		}
		if err != nil {
			return err
		}
		at := t.s.opt.Clock.Now().Round(0)
		for serial := b.Next; serial <= b.To; serial++ {
			row := model.NumberRow{Series: series, Serial: serial, State: numberVoid, Reason: numberReturned, At: at}
			if err := t.register(row); err != nil {
				return err
			}
		}
		return t.exec(`UPDATE block SET next = last + 1 WHERE id = ?`, id)
	})
	return b, err
}
