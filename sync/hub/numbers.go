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
	maxVoids    = 1000
	maxReason   = 2000 // bytes
	sourceOfHub = "hub"
)

// numbers leases blocks, enters the blocks an office assigned by hand, and
// accounts for the numbers a laptop will never use.
func (h *Hub) numbers(ctx context.Context, who caller, in wire.Numbers) (out wire.Leased, err error) {
	if len(in.Wants)+len(in.Assigned)+len(in.Returns) > maxSeries || len(in.Voids) > maxVoids {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "一次最多办理 %d 个文号序列、%d 个作废号", maxSeries, maxVoids)
	}
	var at mark
	back := false
	err = h.store.Update(ctx, func(tx Tx) (err error) {
		out = wire.Leased{Blocks: []model.Block{}}
		if _, back, err = h.noticeCopy(tx); err != nil {
			return err
		}
		for _, b := range in.Assigned {
			overlaps, err := h.assign(tx, who, b)
			if err != nil {
				return err
			}
			out.Overlaps = append(out.Overlaps, overlaps...)
		}
		if err := h.spend(tx, who, in); err != nil {
			return err
		}
		held, err := h.hear(tx, who, in.HubEpoch)
		if err != nil {
			return err
		}
		if held {
			out.Held = "局服务器刚从备份恢复，要等各台笔记本都报过手上的文号才能再发新号；请联系管理员"
		} else if out.Blocks, err = h.leases(tx, who, in.Wants); err != nil {
			return err
		}
		at, err = reached(tx)
		return err
	})
	return out, errors.Join(err, h.noted(at, back, err))
}

func (h *Hub) leases(tx Tx, who caller, wants []wire.Want) ([]model.Block, error) {
	out := []model.Block{}
	for _, w := range wants {
		b, err := h.lease(tx, who, w)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// hear notes that a laptop has said to this life which blocks it holds, and reports
// whether leasing must still wait for others. Older programs name no life: on the
// line they have greeted this one just before.
func (h *Hub) hear(tx Tx, who caller, life int) (held bool, err error) {
	d, err := tx.Device(who.ID)
	if err != nil {
		return false, err
	}
	epoch, err := h.epoch(tx)
	if err != nil {
		return false, err
	}
	if d.Heard < epoch && (life == epoch || life == 0 && who.nonce != 0) {
		d.Heard = epoch
		if err := errors.Join(tx.SaveDevice(d), doubt(tx, d.ID, who.epoch)); err != nil {
			return false, err
		}
	}
	if held, err = h.held(tx); err != nil || held {
		return held, err
	}
	return false, trusted(tx)
}

// spend writes down numbers that will stand on no paper: given up by an
// officer with a reason, or handed back unused.
func (h *Hub) spend(tx Tx, who caller, in wire.Numbers) error {
	now := h.opt.Clock.Now()
	for _, v := range in.Voids {
		if !validBlock(model.Block{Series: v.Series, From: v.Serial, To: v.Serial}) || !keepable(v.Reason, maxReason) {
			return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "作废的文号 %.50s 第 %d 号不正确", v.Series, v.Serial)
		}
		if err := tx.AddSpent(Spent{Series: v.Series, Serial: v.Serial, Device: who.ID, State: SpentVoid, Reason: v.Reason, At: now}); err != nil {
			return err
		}
	}
	for _, b := range in.Returns {
		if !validBlock(b) || b.To-b.From >= maxLease {
			return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "退回的号段 %.50s %d-%d 不正确", b.Series, b.From, b.To)
		}
		for n := b.From; n <= b.To; n++ {
			if err := tx.AddSpent(Spent{Series: b.Series, Serial: n, Device: who.ID, State: SpentReturned, Reason: "笔记本退回", At: now}); err != nil {
				return err
			}
		}
	}
	return nil
}

func validBlock(b model.Block) bool {
	return plain(b.Series) && plain(b.Source) && b.Series != "" && b.From >= 1 && b.To >= b.From && b.To <= maxSerial
}

// lease hands out the next free numbers of a series, or again the block of a
// reply that was lost. Blocks of an earlier life of the device stay unused.
func (h *Hub) lease(tx Tx, who caller, w wire.Want) (model.Block, error) {
	if w.Series == "" || !plain(w.Series) {
		return model.Block{}, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "没有写明要哪个序列的文号")
	}
	if err := tx.LockSeries(w.Series); err != nil {
		return model.Block{}, err
	}
	blocks, err := tx.Blocks(w.Series)
	if err != nil {
		return model.Block{}, err
	}
	last, err := tx.MaxNumber(w.Series)
	if err != nil {
		return model.Block{}, err
	}
	taken, err := readHighest(tx)
	if err != nil {
		return model.Block{}, err
	}
	last = max(last, min(w.Have, maxSerial), taken[w.Series])
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

// assign enters a block given by hand, or one that this hub leased before it
// was put back from a backup, and names everyone who holds some of its numbers
// already. It is entered all the same: papers may carry them.
func (h *Hub) assign(tx Tx, who caller, b model.Block) ([]wire.Overlap, error) {
	if !validBlock(b) {
		return nil, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "登记的号段 %s %d-%d 不正确，请在“设置”中改正", b.Series, b.From, b.To)
	}
	blocks, err := tx.Blocks(b.Series)
	if err != nil {
		return nil, err
	}
	b.Device, b.Epoch = who.ID, who.epoch
	if b.Source == "" {
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
		if from > to || other.Device == b.Device && (other.Epoch == b.Epoch || b.Source == sourceOfHub) {
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
