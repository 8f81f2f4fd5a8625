package client

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// Where a block comes from.
const (
	sourceOfHub = "hub"
	// SourceSelf marks the numbers an office without a hub gave itself.
	SourceSelf = "本机自编（未接入中心）"
)

// numberVoid is the state in the register that the hub is told of;
// numberReturned the reason of those that were given back unused.
const (
	numberVoid     = "作废"
	numberReturned = "退回"
)

// lowParts is the share of a block, one fifth, below which more is asked for.
const lowParts = 5

// numbers tops up blocks and announces those the hub may not know of.
func (r *cycle) numbers(ctx context.Context) (step, error) {
	in, digest, refill, err := r.needs(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.Wants) == 0 && len(in.Assigned) == 0 && !refill {
		return r.pull, nil // a hub put back waits for a word from every laptop
	}
	var out wire.Leased
	if err := r.conn.call(ctx, "numbers", in, &out); err != nil {
		return nil, err
	}
	if out.Held != "" {
		r.sum.Notes = append(r.sum.Notes, out.Held)
	}
	for _, b := range out.Blocks {
		if err := r.c.opt.Store.AddBlock(ctx, b); err != nil {
			r.sum.Notes = append(r.sum.Notes, err.Error())
		}
	}
	for _, o := range out.Overlaps {
		if err := r.overlap(ctx, o, in.Assigned); err != nil {
			return nil, err
		}
	}
	if len(in.Assigned) > 0 {
		return r.pull, r.c.opt.Store.SetSetting(ctx, settingAssigned, digest)
	}
	return r.pull, nil
}

// overlap deals with numbers that somebody else holds too. What an office gave
// itself before it joined gives way: the unused rest is handed back.
func (r *cycle) overlap(ctx context.Context, o wire.Overlap, assigned []model.Block) error {
	for _, b := range assigned {
		if b.Series != o.Series || b.Source != SourceSelf || b.From > o.To || b.To < o.From {
			continue
		}
		if _, err := r.c.opt.Store.ReturnBlock(ctx, b.Series, b.From); err != nil {
			return err
		}
		r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("接入中心前自编的号段 %s %d-%d 与“%s”的号段重叠，没有用过的号已经退回；已签发的文书不变，请向局里核实", b.Series, b.From, b.To, o.Name))
		return nil
	}
	r.sum.Notes = append(r.sum.Notes, fmt.Sprintf("号段 %s %d-%d 与“%s”的号段重叠，请在使用前向局里核实", o.Series, o.From, o.To, o.Name))
	return nil
}

// needs collects the series that run low and, when the hub has not heard of
// them, the blocks this laptop holds: those assigned by hand, and after the
// hub was put back also those leased.
func (r *cycle) needs(ctx context.Context) (in wire.Numbers, digest string, refill bool, err error) {
	st := r.c.opt.Store
	if _, err = r.c.load(ctx, settingHubEpoch, &in.HubEpoch); err != nil {
		return in, "", false, err
	}
	blocks, err := st.Blocks(ctx)
	if err != nil {
		return in, "", false, err
	}
	if in.Wants, err = r.wants(ctx, blocks); err != nil {
		return in, "", false, err
	}
	if _, err := r.c.load(ctx, settingRefill, &refill); err != nil {
		return in, "", false, err
	}
	byHand := []model.Block{}
	for _, b := range blocks {
		b.Next = b.From // where it stands is no business of the hub
		if b.Source != sourceOfHub {
			byHand = append(byHand, b)
		}
		if b.Source != sourceOfHub || refill {
			in.Assigned = append(in.Assigned, b)
		}
	}
	if digest, err = digestOf(byHand); err != nil {
		return in, "", false, err
	}
	known, err := st.Setting(ctx, settingAssigned)
	if known == digest && !refill {
		in.Assigned = nil
	}
	return in, digest, refill, err
}

// wants names the series of which little is left.
func (r *cycle) wants(ctx context.Context, blocks []model.Block) (out []wire.Want, err error) {
	left, size, have := map[string]int{}, map[string]int{}, map[string]int{}
	for _, b := range blocks {
		left[b.Series] += b.Left()
		size[b.Series] = b.To - b.From + 1
		have[b.Series] = max(have[b.Series], b.To)
	}
	series, err := r.c.series(ctx, blocks)
	if err != nil {
		return nil, err
	}
	for _, s := range series {
		if left[s] > 0 && left[s]*lowParts >= size[s] {
			continue
		}
		rows, err := r.c.opt.Store.Numbers(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			have[s] = max(have[s], row.Serial)
		}
		out = append(out, wire.Want{Series: s, Have: have[s]})
	}
	return out, nil
}

// series are those the office uses, or those a block is held of.
func (c *Client) series(ctx context.Context, blocks []model.Block) ([]string, error) {
	if c.opt.Series != nil {
		return c.opt.Series(ctx)
	}
	held := map[string]bool{}
	for _, b := range blocks {
		held[b.Series] = true
	}
	return slices.Sorted(maps.Keys(held)), nil
}

// spent tells the hub of numbers given up and handed back: every number must be
// accounted for. They are few and stand in no log, so they are told each time.
func (r *cycle) spent(ctx context.Context) (step, error) {
	in, err := r.spentNumbers(ctx)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(in.Voids, maxSpent) {
		if err := r.conn.call(ctx, "numbers", wire.Numbers{Voids: part, HubEpoch: r.welcome.HubEpoch}, &wire.Leased{}); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(in.Returns, maxSpent) {
		if err := r.conn.call(ctx, "numbers", wire.Numbers{Returns: part, HubEpoch: r.welcome.HubEpoch}, &wire.Leased{}); err != nil {
			return nil, err
		}
	}
	return r.askMissing, nil
}

// maxSpent is how many numbers one message speaks of.
const maxSpent = 100

func (r *cycle) spentNumbers(ctx context.Context) (in wire.Numbers, err error) {
	blocks, err := r.c.opt.Store.Blocks(ctx)
	if err != nil {
		return in, err
	}
	series, err := r.c.series(ctx, blocks)
	if err != nil {
		return in, err
	}
	device := r.c.opt.Store.Device()
	for _, s := range series {
		rows, err := r.c.opt.Store.Numbers(ctx, s)
		if err != nil {
			return in, err
		}
		for _, row := range rows {
			switch last := len(in.Returns) - 1; {
			case row.State != numberVoid:
			case row.Reason != numberReturned:
				in.Voids = append(in.Voids, wire.Void{Series: s, Serial: row.Serial, Reason: row.Reason})
			case last >= 0 && in.Returns[last].Series == s && in.Returns[last].To == row.Serial-1:
				in.Returns[last].To++
			default:
				in.Returns = append(in.Returns, model.Block{Series: s, From: row.Serial, To: row.Serial, Next: row.Serial, Device: device.ID, Epoch: device.Epoch})
			}
		}
	}
	return in, nil
}

func digestOf(v any) (string, error) {
	text, err := json.Marshal(v)
	return fmt.Sprintf("%x", wire.Digest(text)), err
}
