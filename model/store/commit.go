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

// SettingScope is the setting that holds the home scope of new records; the
// laptop gets it at enrolment.
const SettingScope = "scope"

// Commit is the one way in for this laptop's own work. It saves all changes of
// the batch, the number they use and the log entries in one transaction, and
// returns the revisions in the order of the changes. A change that changes
// nothing adds no revision: the head is returned.
//
// The error wraps model.ErrStale when a base is not the head any more,
// model.ErrNotFound, model.ErrFrozen, also for what only another device may
// write over, model.ErrNoNumber, model.ErrClock, or is one of this room's;
// nothing is saved then.
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
	drafts, err := t.drafts(b.Changes)
	if err != nil {
		return nil, err
	}
	out, used, err := t.enterAll(drafts, b, now)
	if err != nil {
		return nil, err
	}
	if b.Use != nil && !used {
		return nil, fmt.Errorf("文号 %s 第 %d 号没有用在本次签发的文书上", b.Use.Series, b.Use.Serial)
	}
	return out, t.voidNumber(b.Void, now)
}

// draft is a change that knows its record and the head it was made from.
type draft struct {
	model.Change
	old current // the zero value for a new record
}

func (t *tx) drafts(changes []model.Change) ([]draft, error) {
	out := make([]draft, len(changes))
	for i, c := range changes {
		old, err := t.base(c)
		if err != nil {
			return nil, err
		}
		if c.ID == "" {
			c.ID = t.s.opt.IDs.NewID()
		}
		out[i] = draft{c, old}
	}
	return out, nil
}

// enterAll signs the drafts and writes them in their order; used says that one
// of them issued the document the batch's number is for.
func (t *tx) enterAll(drafts []draft, b model.Batch, now time.Time) (out []model.Revision, used bool, err error) {
	entered := map[model.ID]bool{}
	sign := func(i int) (arrival, error) { return t.s.compose(drafts[i], t.device, b.Author, now) }
	err = inOrder(len(drafts), sign, func(i int, a arrival) error {
		d := drafts[i]
		out = append(out, a.Revision)
		if a.Rev == d.old.Rev {
			return nil
		}
		if entered[d.ID] {
			return stale(d.Change)
		}
		entered[d.ID] = true
		if d.Settles != "" {
			if err := t.settle(a.Revision, d.Settles); err != nil {
				return err
			}
		}
		number, err := t.enter(a, d.Record, d.old, b.Use)
		used = used || number != nil
		return err
	})
	return out, used, err
}

// compose makes a draft a signed revision, or returns the old one when it
// changes nothing.
func (s *Store) compose(d draft, by seal.Device, author model.ID, now time.Time) (arrival, error) {
	body, err := encode(d.Record, d.old.Body)
	if err != nil {
		return arrival{}, err
	}
	if d.old.Rev != "" && d.Settles == "" && bytes.Equal(body, d.old.Body) {
		return arrival{row: row{Revision: d.old.Revision}}, nil
	}
	if err := mayFollow(d.old.Revision, body, by.ID); err != nil {
		return arrival{}, err
	}
	r := model.Revision{Record: d.ID, Kind: d.Record.Kind(), Schema: model.Schema(d.Record.Kind()), Author: author, Time: now, Body: body}
	for _, parent := range []model.Rev{d.old.Rev, d.Settles} {
		if parent != "" {
			r.Parents = append(r.Parents, parent)
		}
	}
	if err := by.SignRevision(&r); err != nil {
		return arrival{}, err
	}
	return s.arrivalOf(r, s.faceOf(d.Record))
}

// mayFollow says whether this laptop may write a body over an older one.
func mayFollow(old model.Revision, body []byte, device model.ID) error {
	if err := model.CheckSuccessor(old.Kind, old.Body, body); err != nil {
		return err
	}
	return model.CheckAuthor(old.Kind, old.Body, device)
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
		return old, stale(c)
	case old.Kind != c.Record.Kind():
		return old, fmt.Errorf("记录 %s 的种类是 %s，不能保存为 %s", c.ID, old.Kind, c.Record.Kind())
	}
	return old, nil
}

func stale(c model.Change) error {
	return fmt.Errorf("%s记录 %s: %w", c.Record.Kind(), c.ID, model.ErrStale)
}

func encode(r model.Record, previous []byte) ([]byte, error) {
	text, err := model.Encode(r, previous)
	if err != nil {
		return nil, err
	}
	return seal.Canonical(json.RawMessage(text))
}

// settle ends the conflict that r, which has the other head as its second
// parent, must be allowed to follow too.
func (t *tx) settle(r model.Revision, theirs model.Rev) error {
	other, err := t.revision(r.Record, theirs)
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
	if err := mayFollow(other, r.Body, r.Device); err != nil {
		return err
	}
	return t.exec(`DELETE FROM conflict WHERE record = ? AND theirs = ?`, r.Record, theirs)
}

// enter writes a signed revision of this laptop everywhere it belongs. It
// returns the number the revision took, if it issued a numbered document.
func (t *tx) enter(a arrival, record model.Record, old current, use *model.NumberUse) (*model.NumberUse, error) {
	scope := old.scope
	if old.Rev == "" {
		var err error
		if scope, err = t.homeScope(); err != nil {
			return nil, err
		}
	}
	n, err := t.write(a.row, scope, false)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fmt.Errorf("版本 %s 已经保存过: %w", a.Rev, model.ErrStale)
	}
	if err := t.project(a.Revision, a.face, n, old.n); err != nil {
		return nil, err
	}
	number, err := t.issue(a.Revision, record, use)
	if err == nil {
		t.log(entry{n: n, rev: a.Rev, scope: scope, number: number})
	}
	return number, err
}

// homeScope is where the records belong that this laptop begins.
func (t *tx) homeScope() (string, error) {
	if t.home == nil {
		scope, err := t.setting(SettingScope)
		if err != nil {
			return "", err
		}
		t.home = &scope
	}
	return *t.home, nil
}
