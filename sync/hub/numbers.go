package hub

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// Bounds of one lease and of one request for numbers.
const (
	maxLease    = 500
	maxSeries   = 200
	maxSerial   = 1_000_000_000
	sourceOfHub = "hub"
)

// numbers leases blocks and enters the blocks an office assigned by hand.
func (h *Hub) numbers(ctx context.Context, who caller, in wire.Numbers) (out wire.Leased, err error) {
	if len(in.Wants)+len(in.Assigned) > maxSeries {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "一次最多办理 %d 个文号序列", maxSeries)
	}
	err = h.store.Update(ctx, func(tx Tx) error {
		out = wire.Leased{Blocks: []model.Block{}}
		for _, b := range in.Assigned {
			overlaps, err := h.assign(tx, who, b)
			if err != nil {
				return err
			}
			out.Overlaps = append(out.Overlaps, overlaps...)
		}
		for _, w := range in.Wants {
			b, err := h.lease(tx, who, w)
			if err != nil {
				return err
			}
			out.Blocks = append(out.Blocks, b)
		}
		return nil
	})
	return out, err
}

// lease hands out the next free numbers of a series, or again the block of a
// reply that was lost. Blocks of an earlier life of the device stay unused.
func (h *Hub) lease(tx Tx, who caller, w wire.Want) (model.Block, error) {
	if w.Series == "" {
		return model.Block{}, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "没有写明要哪个序列的文号")
	}
	blocks, err := tx.Blocks(w.Series)
	if err != nil {
		return model.Block{}, err
	}
	last, err := tx.MaxNumber(w.Series)
	if err != nil {
		return model.Block{}, err
	}
	last = max(last, min(w.Have, maxSerial))
	for _, b := range blocks {
		if b.Source == sourceOfHub && b.Device == who.ID && b.Epoch == who.epoch && b.From > w.Have {
			return b, nil
		}
		last = max(last, b.To)
	}
	count := w.Count
	if count <= 0 {
		count = h.opt.Lease
	}
	b := model.Block{Series: w.Series, From: last + 1, To: last + min(count, maxLease), Next: last + 1,
		Device: who.ID, Epoch: who.epoch, Source: sourceOfHub}
	return b, tx.AddBlock(b)
}

// assign enters a block given by hand and names everyone who holds some of its
// numbers already. It is entered all the same: papers may carry them.
func (h *Hub) assign(tx Tx, who caller, b model.Block) ([]wire.Overlap, error) {
	if b.Series == "" || b.From < 1 || b.To < b.From || b.To > maxSerial {
		return nil, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "登记的号段 %s %d-%d 不正确，请在“设置”中改正", b.Series, b.From, b.To)
	}
	blocks, err := tx.Blocks(b.Series)
	if err != nil {
		return nil, err
	}
	b.Device, b.Epoch = who.ID, who.epoch
	if b.Source == "" || b.Source == sourceOfHub {
		b.Source = "手工"
	}
	out, err := overlaps(tx, b, blocks)
	if err != nil || slices.ContainsFunc(blocks, func(o model.Block) bool {
		return o.Device == b.Device && o.Epoch == b.Epoch && o.From == b.From && o.To == b.To
	}) {
		return out, err
	}
	return out, tx.AddBlock(b)
}

// overlaps are the numbers of a block that others hold as well.
func overlaps(tx Tx, b model.Block, blocks []model.Block) (out []wire.Overlap, err error) {
	for _, other := range blocks {
		from, to := max(b.From, other.From), min(b.To, other.To)
		if from > to || other.Device == b.Device && other.Epoch == b.Epoch {
			continue
		}
		d, err := tx.Device(other.Device)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return nil, err
		}
		out = append(out, wire.Overlap{Series: b.Series, From: from, To: to, Device: other.Device, Name: d.Name})
	}
	return out, nil
}
