package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"anxin/model"
)

// States of a number in the register.
const (
	numberUsed = "已用"
	numberVoid = "作废"
)

// NextNumber is the serial that the series' next issued document must take.
// The error is model.ErrNoNumber when this laptop holds none.
func (s *Store) NextNumber(ctx context.Context, series string) (int, error) {
	var next int
	err := s.readRow(ctx, nextQuery, s.nextArgs(series)...).Scan(&next, new(int64))
	return next, numberErr(series, err)
}

// nextQuery takes the lowest free number of the blocks leased in this epoch.
const nextQuery = `SELECT next, id FROM block
	WHERE series = ? AND device = ? AND epoch = ? AND next <= last AND (expires = '' OR expires > ?) ORDER BY first LIMIT 1`

func (s *Store) nextArgs(series string) []any {
	d := s.Device()
	return []any{series, d.ID, d.Epoch, expiryText(s.opt.Clock.Now())}
}

// expiryText sorts as time does.
func expiryText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func numberErr(series string, err error) error {
	if errors.Is(err, model.ErrNotFound) {
		return fmt.Errorf("字号“%s”: %w", series, model.ErrNoNumber)
	}
	return err
}

// take moves the series forward past serial, which must be its next number.
func (t *tx) take(series string, serial int) error {
	var next int
	var block int64
	if err := t.row(nextQuery, t.s.nextArgs(series)...).Scan(&next, &block); err != nil {
		return numberErr(series, err)
	}
	if serial != next {
		return fmt.Errorf("字号“%s”的下一个号是第 %d 号，不能用第 %d 号，请重新取号", series, next, serial)
	}
	return t.exec(`UPDATE block SET next = next + 1 WHERE id = ?`, block)
}

func (t *tx) register(row model.NumberRow) error {
	err := t.exec(`INSERT INTO number (series, serial, state, document, reason, at) VALUES (?, ?, ?, ?, ?, ?)`,
		row.Series, row.Serial, row.State, row.Document, row.Reason, textOfTime(row.At))
	if isTaken(err) {
		return fmt.Errorf("字号“%s”第 %d 号已经登记过，不能再用: %w", row.Series, row.Serial, err)
	}
	return err
}

func (t *tx) useNumber(u *model.NumberUse, now time.Time) error {
	if u == nil {
		return nil
	}
	if err := t.take(u.Series, u.Serial); err != nil {
		return err
	}
	return t.register(model.NumberRow{Series: u.Series, Serial: u.Serial, State: numberUsed, Document: u.Document, At: now})
}

func (t *tx) voidNumber(v *model.NumberVoid, now time.Time) error {
	if v == nil {
		return nil
	}
	if v.Reason == "" {
		return fmt.Errorf("作废字号“%s”第 %d 号要写明原因", v.Series, v.Serial)
	}
	if err := t.take(v.Series, v.Serial); err != nil {
		return err
	}
	return t.register(model.NumberRow{Series: v.Series, Serial: v.Serial, State: numberVoid, Reason: v.Reason, At: now})
}

// issue fixes a document that r issues for the first time. A numbered one must
// carry the number that the batch uses for it.
func (t *tx) issue(r model.Revision, record model.Record, use *model.NumberUse) (*model.NumberUse, error) {
	d, ok := record.(*model.Document)
	if !ok || d.Issued == nil {
		return nil, nil
	}
	if before, err := t.issuedBefore(r); before || err != nil {
		return nil, err
	}
	i := d.Issued
	if i.Number == "" && i.Series == "" {
		return nil, t.fix(r, i)
	}
	if use == nil || use.Document != r.Record || use.Series != i.Series || use.Serial != i.Serial || i.Number == "" {
		return nil, fmt.Errorf("文书 %s 的文号“%s”与取用的号不一致，请重新取号", r.Record, i.Number)
	}
	err := t.fix(r, i)
	if isTaken(err) {
		return nil, fmt.Errorf("文号“%s”已经用在别的文书上，请重新取号: %w", i.Number, err)
	}
	return use, err
}

// issuedBefore says that r follows an issued state, its own or a colleague's.
func (t *tx) issuedBefore(r model.Revision) (bool, error) {
	for _, p := range r.Parents {
		parent, err := t.revision(r.Record, p)
		if err != nil {
			return false, err
		}
		d, err := model.As[model.Document](parent.Body)
		if err != nil || d.Issued != nil {
			return err == nil, err
		}
	}
	return false, nil
}

// fix writes the row that makes an issue final.
func (t *tx) fix(r model.Revision, i *model.Issue) error {
	series, serial, number := any(i.Series), any(i.Serial), any(i.Number)
	if i.Series == "" {
		series, serial = nil, nil
	}
	if i.Number == "" {
		number = nil
	}
	return t.exec(`INSERT INTO issued (document, rev, series, serial, number) VALUES (?, ?, ?, ?, ?)`, r.Record, r.Rev, series, serial, number)
}

// AddBlock puts a run of numbers at this laptop's disposal, in its present
// epoch. Adding the same block again does nothing. A run that overlaps one it
// holds, or a number that is taken already, is refused.
func (s *Store) AddBlock(ctx context.Context, b model.Block) error {
	return s.inTx(ctx, func(t *tx) error { return t.addBlock(b) })
}

func (t *tx) addBlock(b model.Block) error {
	b.Next = max(b.Next, b.From)
	if b.Series == "" || b.From < 1 || b.To < b.From || b.Next > b.To+1 {
		return fmt.Errorf("号段“%s”%d 至 %d 无效，请核对起止号", b.Series, b.From, b.To)
	}
	d := t.device
	if b.Device != "" && (b.Device != d.ID || b.Epoch != d.Epoch) {
		return fmt.Errorf("号段“%s”%d 至 %d 不是发给本机这一期的，请重新领取", b.Series, b.From, b.To)
	}
	var same, overlap, taken int
	err := t.row(`SELECT coalesce(sum(first = ? AND last = ?), 0), count(*) FROM block
		WHERE series = ? AND device = ? AND epoch = ? AND first <= ? AND last >= ?`,
		b.From, b.To, b.Series, d.ID, d.Epoch, b.To, b.From).Scan(&same, &overlap)
	if err != nil || same > 0 {
		return err
	}
	err = t.row(`SELECT (SELECT count(*) FROM number WHERE series = ? AND serial BETWEEN ? AND ?)
		+ (SELECT count(*) FROM issued WHERE series = ? AND serial BETWEEN ? AND ?)`,
		b.Series, b.Next, b.To, b.Series, b.Next, b.To).Scan(&taken)
	if err != nil {
		return err
	}
	if overlap > 0 || taken > 0 {
		return fmt.Errorf("号段“%s”%d 至 %d 与本机已有的号重叠，请核对起止号", b.Series, b.From, b.To)
	}
	return t.exec(`INSERT INTO block (series, first, last, start, next, device, epoch, source, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.Series, b.From, b.To, b.Next, b.Next, d.ID, d.Epoch, b.Source, expiryText(b.Expires))
}

// Blocks lists the runs of numbers leased in this epoch, used up or not.
func (s *Store) Blocks(ctx context.Context) ([]model.Block, error) {
	d := s.Device()
	return collect(ctx, s, func(scan func(...any) error) (b model.Block, err error) {
		var expires string
		if err = scan(&b.Series, &b.From, &b.To, &b.Next, &b.Device, &b.Epoch, &b.Source, &expires); err != nil {
			return b, err
		}
		b.Expires, err = timeOfText(expires)
		return b, err
	}, `SELECT series, first, last, next, device, epoch, source, expires FROM block WHERE device = ? AND epoch = ? ORDER BY series, first`, d.ID, d.Epoch)
}

// Numbers is the register of a series: every number this laptop used or gave
// up, in order.
func (s *Store) Numbers(ctx context.Context, series string) ([]model.NumberRow, error) {
	return collect(ctx, s, func(scan func(...any) error) (r model.NumberRow, err error) {
		var at string
		if err = scan(&r.Series, &r.Serial, &r.State, &r.Document, &r.Reason, &at); err != nil {
			return r, err
		}
		r.At, err = timeOfText(at)
		return r, err
	}, `SELECT series, serial, state, document, reason, at FROM number WHERE series = ? ORDER BY serial`, series)
}
