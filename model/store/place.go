package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/model/seal"
)

// place decides what a newly written revision in row n is to its record: the
// head, a part of its history, or a branch to be merged or shown.
func (t *tx) place(a arrival, n int64, result *PullResult) error {
	a.Revision = t.s.present(a.Revision) // its row is written; here it is only read
	first, err := t.projectNew(a.Revision, a.face, n)
	if err != nil {
		return err
	}
	if first {
		result.Applied++
		return nil
	}
	head, err := t.head(a.Record)
	if err != nil {
		return err
	}
	if !head.conflict && slices.Contains(a.Parents, head.Rev) {
		return t.advance(a, n, head, nil, result) // as nearly always
	}
	mine, err := t.ancestors(head.Revision)
	if err != nil {
		return err
	}
	theirs, err := t.ancestors(a.Revision)
	if err != nil {
		return err
	}
	settled, err := t.settled(head)
	if err != nil {
		return err
	}
	base := newestCommon(mine, theirs)
	switch {
	case theirs[head.Rev]:
		return t.advance(a, n, head, theirs, result)
	case mine[a.Rev]:
		result.History++
		return nil
	case base != "" || !settled:
		return t.branch(a, head, base, theirs, result)
	case a.Rev.Generation() > head.Rev.Generation():
		return t.advance(a, n, head, theirs, result) // what lies between did not come along
	}
	result.History++
	return nil
}

// ancestors are the revisions r grew from, itself included, as far as they are
// known here. A parent that is not here is named but leads no further.
func (t *tx) ancestors(r model.Revision) (map[model.Rev]bool, error) {
	seen := map[model.Rev]bool{r.Rev: true}
	todo := slices.Clone(r.Parents)
	for len(todo) > 0 {
		rev := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[rev] {
			continue
		}
		seen[rev] = true
		var text string
		var parents []model.Rev
		err := t.row(`SELECT parents FROM journal WHERE record = ? AND rev = ?`, r.Record, rev).Scan(&text)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err == nil {
			err = json.Unmarshal([]byte(text), &parents)
		}
		if err != nil {
			return nil, fmt.Errorf("读取版本 %s 的上一版本: %w", rev, err)
		}
		todo = append(todo, parents...)
	}
	return seen, nil
}

// newestCommon is "" when nothing is common.
func newestCommon(a, b map[model.Rev]bool) model.Rev {
	var best model.Rev
	for rev := range a {
		if b[rev] && (rev.Generation() > best.Generation() || rev.Generation() == best.Generation() && rev > best) {
			best = rev
		}
	}
	return best
}

// settled says that the hub has the head and took it as such.
func (t *tx) settled(head current) (bool, error) {
	if head.pulled {
		return true, nil
	}
	var n int
	err := t.row(`SELECT count(*) FROM op o JOIN op_outcome a ON a.epoch = o.epoch AND a.seq = o.seq
		WHERE o.n = ? AND a.outcome IN (?, ?)`, head.n, model.OutcomeApplied, model.OutcomeMerged).Scan(&n)
	return n > 0, err
}

// advance makes the arrival the head, unless a step on the way there breaks
// what is frozen: then it is shown as a conflict. Conflicts it grew out of are
// settled. ancestors are the arrival's, nil when the head is its parent.
func (t *tx) advance(a arrival, n int64, head current, ancestors map[model.Rev]bool, result *PullResult) error {
	kept, err := t.keepsFrozen(a, head, ancestors)
	if err != nil {
		return err
	}
	if !kept {
		return t.conflict(a, head, head.Rev, ancestors, differing(head.Body, a.Body), result)
	}
	if err := t.supersede(a.Record, ancestors); err != nil {
		return err
	}
	result.Applied++
	return t.project(a.Revision, a.face, n, head.n)
}

// keepsFrozen checks each step from the head to the arrival: a draft that was
// issued and then served in one page is fine, served straight from the draft
// would not be. Where steps are missing only the ends can be compared.
func (t *tx) keepsFrozen(a arrival, head current, ancestors map[model.Rev]bool) (bool, error) {
	if a.Kind != model.KindDocument || !ancestors[head.Rev] {
		return model.CheckSuccessor(a.Kind, head.Body, a.Body) == nil, nil
	}
	old, err := t.ancestors(head.Revision)
	if err != nil {
		return false, err
	}
	for rev := range ancestors {
		if old[rev] {
			continue
		}
		r, err := t.revision(a.Record, rev)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if kept, err := t.follows(r); !kept || err != nil {
			return false, err
		}
	}
	return true, nil
}

// follows says that a document may follow each of its parents that are here.
func (t *tx) follows(r model.Revision) (bool, error) {
	for _, p := range r.Parents {
		parent, err := t.revision(r.Record, p)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if model.CheckSuccessor(r.Kind, parent.Body, r.Body) != nil {
			return false, nil
		}
	}
	return true, nil
}

// supersede drops the conflicts of a record whose other head is an ancestor of
// what is entered now.
func (t *tx) supersede(record model.ID, ancestors map[model.Rev]bool) error {
	for rev := range ancestors {
		if err := t.exec(`DELETE FROM conflict WHERE record = ? AND theirs = ?`, record, rev); err != nil {
			return err
		}
	}
	return nil
}

// branch joins the arrival with the head, or shows both.
func (t *tx) branch(a arrival, head current, base model.Rev, ancestors map[model.Rev]bool, result *PullResult) error {
	fields := differing(head.Body, a.Body)
	if t.s.opt.Merge != nil {
		var from []byte
		if r, err := t.revision(a.Record, base); err == nil {
			from = r.Body
		} else if !errors.Is(err, model.ErrNotFound) {
			return err
		}
		merged, both, err := t.s.opt.Merge(a.Kind, from, head.Body, a.Body)
		if err != nil {
			return fmt.Errorf("合并: %w", err)
		}
		if len(both) > 0 {
			fields = both
		} else if ok, err := t.join(a, head, ancestors, merged); ok || err != nil {
			result.Merged++
			return err
		}
	}
	return t.conflict(a, head, base, ancestors, fields, result)
}

// join enters the merge of the head and the arrival as a revision of this
// laptop; false when the merge may not follow one of them.
func (t *tx) join(a arrival, head current, ancestors map[model.Rev]bool, merged []byte) (bool, error) {
	body, err := seal.Canonical(json.RawMessage(merged))
	if err != nil {
		return false, err
	}
	if mayFollow(head.Revision, body, t.device.ID) != nil || mayFollow(a.Revision, body, t.device.ID) != nil {
		return false, nil
	}
	record, err := model.Decode(a.Kind, body)
	if err != nil {
		return false, err
	}
	r := model.Revision{
		Record: a.Record, Kind: a.Kind, Parents: []model.Rev{head.Rev, a.Rev}, Schema: max(head.Schema, a.Schema, model.Schema(a.Kind)),
		Author: head.Author, Time: t.s.opt.Clock.Now().Round(0), Body: body,
	}
	if err := t.device.SignRevision(&r); err != nil {
		return false, err
	}
	if err := t.supersede(a.Record, ancestors); err != nil {
		return false, err
	}
	merge, err := t.s.arrivalOf(r, t.s.faceOf(record))
	if err != nil {
		return false, err
	}
	_, err = t.enter(merge, record, head, nil)
	return err == nil, err
}

func (t *tx) conflict(a arrival, head current, base model.Rev, ancestors map[model.Rev]bool, fields []string, result *PullResult) error {
	if err := t.supersede(a.Record, ancestors); err != nil {
		return err
	}
	names, err := json.Marshal(append([]string{}, fields...))
	if err != nil {
		return fmt.Errorf("写出冲突: %w", err)
	}
	result.Conflicts++
	return t.exec(`INSERT INTO conflict (record, theirs, ours, base, kind, fields, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		a.Record, a.Rev, head.Rev, base, a.Kind, string(names), textOfTime(t.s.opt.Clock.Now().Round(0)))
}

// differing names the members that two bodies do not have alike, sorted.
func differing(a, b []byte) []string {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return nil
	}
	var out []string
	for name, v := range x {
		if string(y[name]) != string(v) {
			out = append(out, name)
		}
	}
	for name := range y {
		if _, ok := x[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
