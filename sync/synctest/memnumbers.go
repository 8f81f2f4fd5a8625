package synctest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"anxin/model"
)

// States of a number in the register, and the reason of those given back.
const (
	memUsed     = "已用"
	memVoid     = "作废"
	memReturned = "退回"
)

// NextNumber is the serial the series' next issued document must take.
func (j *MemJournal) NextNumber(_ context.Context, series string) (int, error) {
	i := j.now.Load().nextBlock(series, j.opt.Clock.Now())
	if i < 0 {
		return 0, fmt.Errorf("字号“%s”: %w", series, model.ErrNoNumber)
	}
	return j.now.Load().blocks[i].Next, nil
}

// nextBlock is the index of the lowest block with a free number, or -1.
func (s *laptopState) nextBlock(series string, now time.Time) int {
	best := -1
	for i, b := range s.blocks {
		if b.Series == series && b.Epoch == s.epoch && b.Next <= b.To && (b.Expires.IsZero() || b.Expires.After(now)) &&
			(best < 0 || b.From < s.blocks[best].From) {
			best = i
		}
	}
	return best
}

// take enters the series' next number into the register.
func (t *memTx) take(row model.NumberRow) error {
	i := t.nextBlock(row.Series, t.j.opt.Clock.Now())
	if i < 0 {
		return fmt.Errorf("字号“%s”: %w", row.Series, model.ErrNoNumber)
	}
	if next := t.blocks[i].Next; next != row.Serial {
		return fmt.Errorf("字号“%s”的下一个号是第 %d 号，不能用第 %d 号", row.Series, next, row.Serial)
	}
	t.blocks[i].Next++
	return t.register(row)
}

func (t *memTx) register(row model.NumberRow) error {
	if t.taken(row.Series, row.Serial, row.Serial) {
		return fmt.Errorf("字号“%s”第 %d 号已经登记过", row.Series, row.Serial)
	}
	t.numbers = append(t.numbers, row)
	return nil
}

// taken reports whether a number of the run stands in the register.
func (t *memTx) taken(series string, from, to int) bool {
	return slices.ContainsFunc(t.numbers, func(r model.NumberRow) bool { return r.Series == series && r.Serial >= from && r.Serial <= to })
}

// issue fixes a document that r issues for the first time.
func (t *memTx) issue(r model.Revision, record model.Record, use *model.NumberUse) (*model.NumberUse, error) {
	d, ok := record.(*model.Document)
	if !ok || d.Issued == nil {
		return nil, nil
	}
	for _, p := range r.Parents {
		if parent, err := model.As[model.Document](t.rows[p].Body); err != nil || parent.Issued != nil {
			return nil, err
		}
	}
	i := d.Issued
	if i.Number == "" && i.Series == "" {
		use = nil
	} else if use == nil || use.Document != r.Record || use.Series != i.Series || use.Serial != i.Serial || i.Number == "" {
		return nil, fmt.Errorf("文书 %s 的文号“%s”与取用的号不一致", r.Record, i.Number)
	}
	if !t.fix(r.Record, i.Number) {
		return nil, fmt.Errorf("文号“%s”已经用在别的文书上", i.Number)
	}
	return use, nil
}

// fix keeps the number of an issued document; false when another has it.
func (t *memTx) fix(document model.ID, number string) bool {
	for other, n := range t.issued {
		if number != "" && n == number && other != document {
			return false
		}
	}
	t.issued[document] = number
	return true
}

// AddBlock puts a run of numbers at this laptop's disposal.
func (j *MemJournal) AddBlock(ctx context.Context, b model.Block) error {
	return j.update(ctx, func(t *memTx) error { return t.addBlock(b) })
}

func (t *memTx) addBlock(b model.Block) error {
	d := t.device()
	b.Next = max(b.Next, b.From)
	if b.Series == "" || b.From < 1 || b.To < b.From || b.Next > b.To+1 || b.Device != "" && (b.Device != d.ID || b.Epoch != d.Epoch) {
		return fmt.Errorf("号段“%s”%d 至 %d 无效", b.Series, b.From, b.To)
	}
	for _, old := range t.blocks {
		if old.Series != b.Series || old.Epoch != d.Epoch || old.From > b.To || old.To < b.From {
			continue
		}
		if old.From == b.From && old.To == b.To {
			return nil
		}
		return fmt.Errorf("号段“%s”%d 至 %d 与本机已有的号重叠", b.Series, b.From, b.To)
	}
	if t.taken(b.Series, b.Next, b.To) {
		return fmt.Errorf("号段“%s”%d 至 %d 与本机已有的号重叠", b.Series, b.From, b.To)
	}
	b.Device, b.Epoch = d.ID, d.Epoch
	t.blocks = append(t.blocks, b)
	return nil
}

// ReturnBlock gives up the unused rest of a block.
func (j *MemJournal) ReturnBlock(ctx context.Context, series string, from int) (back model.Block, err error) {
	err = j.update(ctx, func(t *memTx) error {
		for i, b := range t.blocks {
			if b.Series != series || b.From != from || b.Epoch != t.epoch {
				continue
			}
			back = b
			at := t.j.opt.Clock.Now()
			for n := b.Next; n <= b.To; n++ {
				if err := t.register(model.NumberRow{Series: series, Serial: n, State: memVoid, Reason: memReturned, At: at}); err != nil {
					return err
				}
			}
			t.blocks[i].Next = b.To + 1
			return nil
		}
		return model.ErrNotFound
	})
	return back, err
}

// Blocks lists the runs of numbers leased in this epoch.
func (j *MemJournal) Blocks(context.Context) ([]model.Block, error) {
	var out []model.Block
	for _, b := range j.now.Load().blocks {
		if b.Epoch == j.now.Load().epoch {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b model.Block) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.From, b.From))
	})
	return out, nil
}

// Numbers is the register of a series.
func (j *MemJournal) Numbers(_ context.Context, series string) ([]model.NumberRow, error) {
	var out []model.NumberRow
	for _, r := range j.now.Load().numbers {
		if r.Series == series {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b model.NumberRow) int { return cmp.Compare(a.Serial, b.Serial) })
	return out, nil
}
