package store

import (
	"context"
	"errors"
	"time"

	"anxin/model"
)

// clockSlack is how far the clock may stand below the highest time seen before
// numbers are held back.
const clockSlack = 5 * time.Minute

// openLife reads whose database this is and starts a new epoch when it was put
// back from a copy or belongs to another device.
func (s *Store) openLife(ctx context.Context) error {
	var seen mark
	var err error
	if s.mark, seen, err = openHighWater(s.opt); err != nil {
		return err
	}
	return s.inTx(ctx, func(t *tx) error {
		var owner model.ID
		err := t.row(`SELECT device, epoch FROM life`).Scan(&owner, &t.device.Epoch)
		if errors.Is(err, model.ErrNotFound) {
			return t.born(seen)
		}
		if err != nil {
			return err
		}
		last, err := t.lastOp()
		if err != nil {
			return err
		}
		if !seen.above(mark{t.device.Epoch, last.seq}) && owner == t.device.ID {
			return nil
		}
		s.restored = true
		return t.newEpoch(max(t.device.Epoch, seen.epoch) + 1)
	})
}

// born writes the first row of life. A database that vanished while its mark
// stayed is a restore as well: to nothing.
func (t *tx) born(seen mark) error {
	t.s.restored = seen.epoch > 0
	t.device.Epoch = max(1, t.device.Epoch, seen.epoch+1)
	t.moved = &mark{epoch: t.device.Epoch}
	return t.exec(`INSERT INTO life (one, device, epoch, highest) VALUES (1, ?, ?, 0)`, t.device.ID, t.device.Epoch)
}

// NewEpoch starts a new life of this laptop's log, as after a restore: the hub
// knows entries that this database does not. Leased numbers are dropped and
// what the hub has not acknowledged is logged again.
func (s *Store) NewEpoch(ctx context.Context) error {
	return s.inTx(ctx, func(t *tx) error { return t.newEpoch(t.device.Epoch + 1) })
}

func (t *tx) newEpoch(epoch int) error {
	unsent, err := t.unsent()
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE life SET device = ?, epoch = ?`, t.device.ID, epoch); err != nil {
		return err
	}
	t.device.Epoch = epoch
	t.moved = &mark{epoch: epoch}
	t.entries = append(t.entries, unsent...)
	return nil
}

// tick keeps the highest time seen and says whether the clock stands below it
// by more than the slack, without an officer's confirmation.
func (t *tx) tick(now time.Time) (backwards bool, err error) {
	var highest int64
	if err := t.row(`SELECT highest FROM life`).Scan(&highest); err != nil {
		return false, err
	}
	if now.UnixMilli() < highest {
		backwards = time.UnixMilli(highest).Sub(now) > clockSlack
	} else if err := t.exec(`UPDATE life SET highest = ?`, now.UnixMilli()); err != nil {
		return false, err
	}
	reason, err := t.setting(model.SettingClock)
	if err != nil || reason == "" {
		return backwards, err
	}
	if !backwards {
		return false, t.exec(`DELETE FROM setting WHERE key = ?`, model.SettingClock)
	}
	return false, nil
}
