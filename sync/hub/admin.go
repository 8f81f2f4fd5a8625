package hub

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"anxin/model"
	"anxin/sync/wire"
)

// What the bureau does at the hub, from the command line or the console.

// change saves a device as fn leaves it; the error is model.ErrNotFound for an
// unknown one.
func (h *Hub) change(ctx context.Context, id model.ID, fn func(*Device) error) error {
	defer h.forget(id)
	return h.updateNoted(ctx, func(tx Tx) error {
		d, err := tx.Device(id)
		if err != nil {
			return err
		}
		if err := fn(&d); err != nil {
			return err
		}
		return errors.Join(acted(tx), tx.SaveDevice(d))
	})
}

// Revoke shuts a device out from now on: its requests are refused and papers
// it signs afterwards are not good. What it sent before stays. One that was shut
// out before stays so from that time on.
func (h *Hub) Revoke(ctx context.Context, id model.ID) error {
	return h.change(ctx, id, func(d *Device) error {
		if d.Revoked.IsZero() {
			d.Revoked = h.opt.Clock.Now()
		}
		return nil
	})
}

// Renew begins a device's certificate anew after it was out of touch too long;
// one that was shut out stays so.
func (h *Hub) Renew(ctx context.Context, id model.ID) error {
	return h.change(ctx, id, func(d *Device) error {
		if !d.Revoked.IsZero() {
			return fmt.Errorf("%s的笔记本已经停用，不能续期；要再用，请在新的数据文件夹里用新的入网码入网", d.Name)
		}
		d.Until = h.opt.Clock.Now().Add(certificateLife)
		return nil
	})
}

// Grant lets a device reach a scope in a role; role "" takes the grant back.
// Its next hello names the scopes it may still reach.
func (h *Hub) Grant(ctx context.Context, id model.ID, scope, role string) error {
	if err := checkScope(scope); err != nil {
		return err
	}
	if role != "" && role != RoleRead && role != RoleWrite {
		return fmt.Errorf("权限“%s”不正确，应为“%s”或“%s”", role, RoleWrite, RoleRead)
	}
	return h.change(ctx, id, func(d *Device) error {
		d.Grants = slices.DeleteFunc(slices.Clone(d.Grants), func(g Grant) bool { return g.Scope == scope })
		if role != "" {
			d.Grants = append(d.Grants, Grant{scope, role})
		}
		return nil
	})
}

// checkScope refuses what is no name of a scope: parts between slashes.
func checkScope(scope string) error {
	if !plain(scope) || slices.Contains(strings.Split(scope, "/"), "") || strings.TrimSpace(scope) != scope {
		return fmt.Errorf("范围“%.60s”不正确，应形如“甲县/东街道/一网格”", scope)
	}
	return nil
}

// Scopes lists every scope with how many changes its feed has seen; the leaps of
// the feed from one life of the hub to the next are not counted.
func (h *Hub) Scopes(ctx context.Context) (out []wire.Scope, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.Scopes()
		return err
	})
	for i := range out {
		out[i].Head %= scopeLeap
	}
	return out, err
}

// Move gives a record another home scope: it goes from the laptops of the old
// one and comes to those of the new.
func (h *Hub) Move(ctx context.Context, record model.ID, scope string) error {
	if err := checkScope(scope); err != nil {
		return err
	}
	return h.updateNoted(ctx, func(tx Tx) error {
		head, err := tx.Head(record)
		if err != nil || head.Scope == scope {
			return err
		}
		k := h.books(tx)
		k.leave(head.Scope, record)
		k.touch(scope, record)
		head.Scope = scope
		if err := tx.SaveHead(head); err != nil {
			return err
		}
		return k.close()
	})
}

// Quarantine lists the operations set aside and not yet dealt with.
func (h *Hub) Quarantine(ctx context.Context) (out []Entry, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.Quarantine()
		return err
	})
	return out, err
}

// Reject leaves an operation set aside for ever; it stays in the log.
func (h *Hub) Reject(ctx context.Context, position int64, by string) error {
	return h.store.Update(ctx, func(tx Tx) error {
		if _, err := h.aside(tx, position); err != nil {
			return err
		}
		return tx.Settle(position, "不予采用："+by, h.opt.Clock.Now())
	})
}

// Release places an operation set aside as if its device had been allowed to
// write where it wrote. A wrong signature or a missing parent cannot be waived.
func (h *Hub) Release(ctx context.Context, position int64, by string) error {
	var e Entry
	err := h.store.View(ctx, func(tx Tx) (err error) {
		e, err = h.aside(tx, position)
		return err
	})
	if err != nil {
		return err
	}
	author, err := h.keyOf(ctx, e.Op.Revision.Device)
	if err != nil {
		return err
	}
	return h.updateNoted(ctx, func(tx Tx) error {
		if _, err := h.aside(tx, position); err != nil {
			return err
		}
		d := Device{ID: h.device.ID, Key: h.device.Public()}
		if e.Op.Device != d.ID { // else the hub set it aside itself, see repair
			if d, err = tx.Device(e.Op.Device); err != nil {
				return err
			}
		}
		if reason := objection(e.Op, d.Key, author); reason != "" {
			return fmt.Errorf("第 %d 条操作不能放行：%s", position, reason)
		}
		b := &batch{books: h.books(tx), who: caller{Device: d, epoch: e.Op.Epoch}, ops: []model.Op{e.Op}, reasons: []string{""}}
		if err := b.release(); err != nil {
			return err
		}
		if err := tx.Settle(position, "放行："+by, b.now); err != nil {
			return err
		}
		return b.close()
	})
}

// aside is an operation that still waits for somebody's word.
func (h *Hub) aside(tx Tx, position int64) (Entry, error) {
	list, err := tx.Quarantine()
	if err != nil {
		return Entry{}, err
	}
	i := slices.IndexFunc(list, func(e Entry) bool { return e.Ack.Position == position })
	if i < 0 {
		return Entry{}, fmt.Errorf("第 %d 条操作没有被搁置，或者已经处理过", position)
	}
	return list[i], nil
}

func (b *batch) release() error {
	op := b.ops[0]
	if _, err := b.tx.Revision(op.Revision.Rev); err == nil || !errors.Is(err, model.ErrNotFound) {
		return err // it has come another way
	}
	reason, err := b.refuseParents(op.Revision)
	if err != nil {
		return err
	}
	head, err := b.tx.Head(op.Revision.Record)
	switch {
	case errors.Is(err, model.ErrNotFound):
		head.Scope = op.Scope
		if head.Scope == "" {
			head.Scope = b.who.Scope
		}
	case err != nil:
		return err
	case head.Kind != op.Revision.Kind:
		reason = "同一编号已用于别的种类的记录"
	}
	if reason != "" {
		return fmt.Errorf("这条操作不能放行：%s", reason)
	}
	return b.adopt(0, head.Scope)
}

// Conflicts lists the oldest open conflicts.
func (h *Hub) Conflicts(ctx context.Context, limit int) (out []wire.Conflict, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.OpenConflicts(limit)
		return err
	})
	return out, err
}

// Ledger is the account of one series: every number up to the highest known is
// taken, given up, or still out with a laptop; what is none of these is Missing.
type Ledger struct {
	Series  string
	Blocks  []model.Block
	Taken   int
	Spent   []Spent
	Clashes int
	Out     int   // leased and not yet reported
	Missing []int // of no block, unexplained; at most maxMissing are listed
}

const maxMissing = 100

// Ledgers are the accounts of all series.
func (h *Hub) Ledgers(ctx context.Context) (out []Ledger, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		names, err := tx.Series()
		if err != nil {
			return err
		}
		clashes, err := tx.Clashes()
		if err != nil {
			return err
		}
		out = nil
		for _, name := range names {
			l, err := ledger(tx, name)
			if err != nil {
				return err
			}
			for _, c := range clashes {
				if c.Series == name {
					l.Clashes++
				}
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

func ledger(tx Tx, series string) (Ledger, error) {
	l := Ledger{Series: series}
	holders, err := tx.Holders(series)
	if err != nil {
		return l, err
	}
	if l.Spent, err = tx.Spent(series); err != nil {
		return l, err
	}
	if l.Blocks, err = tx.Blocks(series); err != nil {
		return l, err
	}
	known, last := map[int]bool{}, 0
	for _, h := range holders {
		known[h.Serial], last = true, max(last, h.Serial)
	}
	l.Taken = len(known)
	for _, s := range l.Spent {
		known[s.Serial], last = true, max(last, s.Serial)
	}
	for _, b := range l.Blocks {
		for n := b.From; n <= b.To; n++ {
			if !known[n] {
				known[n] = true
				l.Out++
			}
		}
	}
	for n := 1; n <= last && len(l.Missing) < maxMissing; n++ {
		if !known[n] {
			l.Missing = append(l.Missing, n)
		}
	}
	return l, nil
}

// seriesForm is how a series is called: the type word of the number and the
// year.
var seriesForm = regexp.MustCompile(`^[\p{Han}A-Za-z]{1,20}/(19|20)[0-9]{2}$`)

// AddNumbers enters a run of numbers used before or beside the program, so that
// none of them is leased.
func (h *Hub) AddNumbers(ctx context.Context, series string, from, to int, source string) error {
	b := model.Block{Series: series, From: from, To: to, Source: source, Epoch: 1}
	switch {
	case !seriesForm.MatchString(series):
		return fmt.Errorf("文号序列“%.60s”不正确，应为文种字加年份，如“令/2026”", series)
	case source == "" || source == sourceOfHub || !validBlock(b):
		return fmt.Errorf("号段 %d-%d 或来由“%s”不正确，号码从 1 起，来由请写明谁在哪里使用", from, to, source)
	}
	return h.updateNoted(ctx, func(tx Tx) error {
		if err := tx.LockSeries(series); err != nil {
			return err
		}
		blocks, err := tx.Blocks(series)
		if err != nil {
			return err
		}
		for _, other := range blocks {
			if max(from, other.From) <= min(to, other.To) {
				return fmt.Errorf("号段 %s %d-%d 与已有的 %d-%d（%s）重叠，请核对", series, from, to, other.From, other.To, other.Source)
			}
		}
		return tx.AddBlock(b)
	})
}
