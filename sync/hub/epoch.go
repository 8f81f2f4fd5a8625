package hub

import (
	"context"
	"errors"
	"strconv"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// scopeLeap is what every feed's counter is raised by for each new life of a
// restored hub, those of feeds that begin later too: beyond anything handed out
// before, so that no laptop's cursor can hide what is written from now on.
const scopeLeap = 1_000_000_000

// number reads a small number kept as text, 0 when there is none.
func number(tx Tx, key string) (int64, error) {
	text, err := tx.Meta(key)
	if errors.Is(err, model.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// epoch is the hub's life, from 1.
func (h *Hub) epoch(tx Tx) (int, error) {
	n, err := number(tx, metaEpoch)
	return int(n) + 1, err
}

// AfterRestore begins a new life of a hub put back from a backup and returns
// its number; one that began when the hub was opened, because the mark said so, is
// the one. Laptops then bring what the backup had not, and numbers are
// leased again once all of them have said which they hold.
func (h *Hub) AfterRestore(ctx context.Context) (epoch int, err error) {
	noticed := h.began.Swap(false)
	err = h.updateNoted(ctx, func(tx Tx) error {
		if !noticed {
			if err := h.begin(tx); err != nil {
				return err
			}
		}
		epoch, err = h.epoch(tx)
		return err
	})
	return epoch, err
}

func (h *Hub) begin(tx Tx) error {
	own, err := number(tx, metaEpoch)
	if err != nil {
		return err
	}
	n := max(own, h.water.seen().epoch) // lives a lost database had begun count as well
	if err := h.noteRestored(tx, own); err != nil {
		return err
	}
	return errors.Join(tx.SetMeta(metaEpoch, strconv.FormatInt(n+1, 10)),
		tx.SetMeta(metaSince, strconv.FormatInt(h.opt.Clock.Now().Unix(), 10)), tx.RaiseScopes((n+1-own)*scopeLeap))
}

// noticeRollback begins a new life when a laptop shows this hub's own signature
// under a log it no longer has: somebody put back a backup and did not say so.
// Words given before the present life began are old news.
func (h *Hub) noticeRollback(tx Tx, point wire.Checkpoint) error {
	if point.Hub != h.device.ID || point.Check(h.device.Public()) != nil {
		return nil
	}
	since, err := number(tx, metaSince)
	if err != nil || !point.At.After(time.Unix(since, 0)) {
		return err
	}
	h.opt.Log.Warn("log was rolled back", "had", point.Size)
	return h.begin(tx)
}

// held reports whether numbers must not be leased: after a restore some laptop
// has not said yet which blocks it holds.
func (h *Hub) held(tx Tx) (bool, error) {
	epoch, err := h.epoch(tx)
	if err != nil || epoch == 1 {
		return false, err
	}
	open, err := number(tx, metaOpen)
	if err != nil || open == int64(epoch) {
		return false, err
	}
	devices, err := tx.Devices()
	for _, d := range devices {
		if d.Heard < epoch && d.Revoked.IsZero() && h.opt.Clock.Now().Before(d.Until) {
			return true, err
		}
	}
	if err != nil {
		return false, err
	}
	if twins, err := doubted(tx); twins || err != nil {
		return twins, err
	}
	return strangers(tx)
}

// ResumeNumbers leases numbers again although some laptop has not been heard
// since a restore: the operator knows that it holds none, or is lost.
func (h *Hub) ResumeNumbers(ctx context.Context) error {
	return h.store.Update(ctx, func(tx Tx) error {
		epoch, err := h.epoch(tx)
		if err != nil {
			return err
		}
		return errors.Join(tx.SetMeta(metaOpen, strconv.Itoa(epoch)), trusted(tx))
	})
}
