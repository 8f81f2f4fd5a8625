package casework

import (
	"context"
	"fmt"

	"anxin/model"
)

// Settle ends a conflict with what stands on this laptop now: an officer has
// looked at the fields both changed and edited the record as it should be. The
// other version stays in the record's journal. Issued papers are refused with
// model.ErrFrozen.
func (d *Desk) Settle(ctx context.Context, c model.Conflict) error {
	h, err := d.Journal.Head(ctx, c.Record)
	if err != nil {
		return fmt.Errorf("打开%s: %w", kindName(c.Kind), err)
	}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return err
	}
	_, err = d.commit(ctx, model.Change{ID: c.Record, Base: h.Rev, Settles: c.Theirs, Record: r})
	return err
}
