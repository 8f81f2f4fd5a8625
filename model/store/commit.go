package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// bodySchema is the version of the bodies this program writes.
const bodySchema = 1

// SettingScope is the setting that holds the home scope of new records; the
// laptop gets it at enrolment.
const SettingScope = "scope"

// Commit is the one way in for this laptop's own work. It saves all changes of
// the batch, the number they use and the log entries in one transaction, and
// returns the revisions in the order of the changes. A change that changes
// nothing adds no revision: the head is returned.
//
// The error wraps model.ErrStale when a base is not the head any more,
// model.ErrNotFound, model.ErrFrozen, model.ErrNoNumber, model.ErrClock, or is
// one of this room's; nothing is saved then.
func (s *Store) Commit(ctx context.Context, b model.Batch) ([]model.Revision, error) {
	var out []model.Revision
	err := s.inTx(ctx, func(t *tx) error {
		var err error
		out, err = t.commit(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (t *tx) commit(b model.Batch) ([]model.Revision, error) {
	now := t.s.opt.Clock.Now().Round(0)
	backwards, err := t.tick(now)
	if err != nil {
		return nil, err
	}
	if backwards && b.Use != nil {
		return nil, model.ErrClock
	}
	if err := t.useNumber(b.Use, now); err != nil {
		return nil, err
	}
	used := false
	out := make([]model.Revision, 0, len(b.Changes))
	for _, c := range b.Changes {
		r, took, err := t.change(b, c, now)
		if err != nil {
			return nil, err
		}
		used = used || took
		out = append(out, r)
	}
	if b.Use != nil && !used {
		return nil, fmt.Errorf("文号 %s 第 %d 号没有用在本次签发的文书上", b.Use.Series, b.Use.Serial)
	}
	return out, t.voidNumber(b.Void, now)
}

// change commits one change; took says that it issued the document the batch's
// number is for.
func (t *tx) change(b model.Batch, c model.Change, now time.Time) (r model.Revision, took bool, err error) {
	old, err := t.base(c)
	if err != nil {
		return r, false, err
	}
	body, err := encode(c.Record, old.Body)
	if err != nil {
		return r, false, err
	}
	if old.Rev != "" && c.Settles == "" && bytes.Equal(body, old.Body) {
		return old.Revision, false, nil
	}
	if err := model.CheckSuccessor(old.Kind, old.Body, body); err != nil {
		return r, false, err
	}
	r = model.Revision{Record: c.ID, Kind: c.Record.Kind(), Schema: bodySchema, Author: b.Author, Time: now, Body: body}
	if r.Record == "" {
		r.Record = t.s.opt.IDs.NewID()
	}
	if old.Rev != "" {
		r.Parents = []model.Rev{old.Rev}
	}
	if c.Settles != "" {
		if err := t.settle(&r, c.Settles); err != nil {
			return r, false, err
		}
	}
	if err := t.device.SignRevision(&r); err != nil {
		return r, false, err
	}
	number, err := t.enter(r, c.Record, old, b.Use)
	return r, number != nil, err
}

// base is the head a change was made from, the zero value for a new record.
func (t *tx) base(c model.Change) (current, error) {
	if c.ID == "" {
		if c.Base != "" {
			return current{}, fmt.Errorf("没有编号的记录不能有上一版本: %w", model.ErrStale)
		}
		return current{}, nil
	}
	old, err := t.head(c.ID)
	switch {
	case errors.Is(err, model.ErrNotFound) && c.Base == "":
		return current{}, nil
	case err != nil:
		return old, err
	case old.Rev != c.Base:
		return old, fmt.Errorf("%s记录 %s: %w", old.Kind, c.ID, model.ErrStale)
	case old.Kind != c.Record.Kind():
		return old, fmt.Errorf("记录 %s 的种类是 %s，不能保存为 %s", c.ID, old.Kind, c.Record.Kind())
	}
	return old, nil
}

func encode(r model.Record, previous []byte) ([]byte, error) {
	text, err := model.Encode(r, previous)
	if err != nil {
		return nil, err
	}
	return seal.Canonical(json.RawMessage(text))
}

// settle makes r the end of a conflict: it gets the other head as its second
// parent and must be allowed to follow it too.
func (t *tx) settle(r *model.Revision, theirs model.Rev) error {
	other, err := t.revision(theirs)
	if err != nil {
		return err
	}
	var known int
	if err := t.row(`SELECT count(*) FROM conflict WHERE record = ? AND theirs = ?`, r.Record, theirs).Scan(&known); err != nil {
		return err
	}
	if known == 0 {
		return fmt.Errorf("记录 %s 没有要处理的冲突: %w", r.Record, model.ErrNotFound)
	}
	if err := model.CheckSuccessor(r.Kind, other.Body, r.Body); err != nil {
		return err
	}
	r.Parents = append(r.Parents, theirs)
	return t.exec(`DELETE FROM conflict WHERE record = ? AND theirs = ?`, r.Record, theirs)
}

// enter writes a signed revision of this laptop everywhere it belongs. It
// returns the number the revision took, if it issued a numbered document.
func (t *tx) enter(r model.Revision, record model.Record, old current, use *model.NumberUse) (*model.NumberUse, error) {
	scope := old.scope
	if old.Rev == "" {
		var err error
		if scope, err = t.setting(SettingScope); err != nil {
			return nil, err
		}
	}
	row, err := t.s.rowOf(r)
	if err != nil {
		return nil, err
	}
	n, err := t.write(row, scope, false)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fmt.Errorf("版本 %s 已经保存过: %w", r.Rev, model.ErrStale)
	}
	if err := t.project(r, t.s.faceOf(record), n, old.n); err != nil {
		return nil, err
	}
	number, err := t.issue(r, record, use)
	if err != nil {
		return nil, err
	}
	return number, t.log(entry{rev: r.Rev, scope: scope, number: number})
}
