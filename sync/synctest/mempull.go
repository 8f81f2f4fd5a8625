package synctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"anxin/model"
	"anxin/model/seal"
	"anxin/model/store"
	"anxin/sync/merge"
)

// finds reports whether text is found by the words of a record.
func (j *MemJournal) finds(text string, find []string) bool {
	if text == "" || j.opt.Keys == nil {
		return text == ""
	}
	have := j.opt.Keys.Tokens(strings.Join(find, "\n"))
	for _, word := range j.opt.Keys.Query(text) {
		if !slices.Contains(have, word) {
			return false
		}
	}
	return true
}

// Prepare implements client.Journal: Pulled does all there is to do.
func (j *MemJournal) Prepare([]model.Revision) {}

// Pulled implements client.Journal.
func (j *MemJournal) Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (result store.PullResult, err error) {
	for i := range revs {
		if revs[i], err = j.inspect(revs[i]); err != nil {
			return result, err
		}
	}
	err = j.update(ctx, func(t *memTx) error {
		t.cursors[scope] = cursor
		result, err = t.receive(scope, revs)
		return err
	})
	return result, err
}

func (j *MemJournal) inspect(r model.Revision) (model.Revision, error) {
	key, known := j.opt.Device.Public(), true
	if r.Device != j.opt.Device.ID {
		if known = j.opt.Devices != nil; known {
			key, known = j.opt.Devices(r.Device)
		}
	}
	if !known {
		return r, fmt.Errorf("记录 %s: %w", r.Record, store.ErrUnknownDevice)
	}
	if err := seal.CheckRevision(r, key); err != nil {
		return r, fmt.Errorf("记录 %s: %w", r.Record, err)
	}
	body, err := seal.Canonical(r.Body)
	r.Body = body
	return r, err
}

// receive writes all revisions of a page, then places those nothing else in
// the page grew from.
func (t *memTx) receive(scope string, revs []model.Revision) (result store.PullResult, err error) {
	fresh, parent := map[model.Rev]bool{}, map[model.Rev]bool{}
	for _, r := range revs {
		if _, known := t.rows[r.Rev]; !known {
			t.write(r, scope, true)
			fresh[r.Rev] = true
		}
		for _, p := range r.Parents {
			parent[p] = true
		}
	}
	for _, r := range revs {
		switch {
		case !fresh[r.Rev]:
			result.Known++
			continue
		case parent[r.Rev]:
			result.History++
		default:
			if err := t.place(r, &result); err != nil {
				return result, err
			}
		}
		t.fixPulled(r, &result)
	}
	return result, nil
}

func (t *memTx) fixPulled(r model.Revision, result *store.PullResult) {
	if _, known := t.issued[r.Record]; known || r.Kind != model.KindDocument {
		return
	}
	d, err := model.As[model.Document](r.Body)
	if err == nil && d.Issued != nil && !t.fix(r.Record, d.Issued.Number) {
		result.Duplicates = append(result.Duplicates, d.Issued.Number)
	}
}

// graph is the part of a record's history that is here.
func (t *memTx) graph(record model.ID) merge.Graph {
	g := merge.Graph{}
	for rev, r := range t.rows {
		if r.Record == record {
			g[rev] = r.Parents
		}
	}
	return g
}

// place decides what a new leaf is to its record.
func (t *memTx) place(r model.Revision, result *store.PullResult) error {
	rev, known := t.heads[r.Record]
	if !known {
		result.Applied++
		t.project(r)
		return nil
	}
	head, g := t.rows[rev], t.graph(r.Record)
	switch {
	case g.Descends(r.Rev, head.Rev):
		if !t.keepsFrozen(r, head.Rev, g) {
			t.branch(r, head, head.Rev, g, nil, result)
			return nil
		}
		t.supersede(r.Record, g.Ancestors(r.Rev))
		result.Applied++
		t.project(r)
		return nil
	case g.Descends(head.Rev, r.Rev):
		result.History++
		return nil
	}
	return t.join(r, head, g, result)
}

// keepsFrozen checks each step from the head to the arrival.
func (t *memTx) keepsFrozen(r model.Revision, head model.Rev, g merge.Graph) bool {
	old := g.Ancestors(head)
	for rev := range g.Ancestors(r.Rev) {
		step, known := t.rows[rev]
		if old[rev] || !known {
			continue
		}
		for _, p := range step.Parents {
			if parent, known := t.rows[p]; known && model.CheckSuccessor(r.Kind, parent.Body, step.Body) != nil {
				return false
			}
		}
	}
	return true
}

func (t *memTx) supersede(record model.ID, ancestors map[model.Rev]bool) {
	t.conflict = slices.DeleteFunc(t.conflict, func(c model.Conflict) bool { return c.Record == record && ancestors[c.Theirs] })
}

// join merges the arrival with the head, or shows both.
func (t *memTx) join(r model.Revision, head memRow, g merge.Graph, result *store.PullResult) error {
	base := g.Base(head.Rev, r.Rev)
	merged, fields, err := t.j.opt.Merge(r.Kind, t.rows[base].Body, head.Body, r.Body)
	if err != nil {
		return err
	}
	if len(fields) == 0 {
		body, err := seal.Canonical(json.RawMessage(merged))
		if err != nil {
			return err
		}
		if model.CheckSuccessor(r.Kind, head.Body, body) == nil && model.CheckSuccessor(r.Kind, r.Body, body) == nil {
			record, err := model.Decode(r.Kind, body)
			if err != nil {
				return err
			}
			t.supersede(r.Record, g.Ancestors(r.Rev))
			m := model.Revision{Record: r.Record, Kind: r.Kind, Parents: []model.Rev{head.Rev, r.Rev}, Schema: max(head.Schema, r.Schema),
				Author: head.Author, Time: t.j.opt.Clock.Now().Round(0), Body: body}
			result.Merged++
			_, err = t.enter(&m, record, head, nil)
			return err
		}
	}
	t.branch(r, head, base, g, fields, result)
	return nil
}

func (t *memTx) branch(r model.Revision, head memRow, base model.Rev, g merge.Graph, fields []string, result *store.PullResult) {
	t.supersede(r.Record, g.Ancestors(r.Rev))
	result.Conflicts++
	t.conflict = append(t.conflict, model.Conflict{Record: r.Record, Kind: r.Kind, Base: base, Ours: head.Rev, Theirs: r.Rev, Fields: fields,
		At: t.j.opt.Clock.Now().Round(0)})
}

// Leave implements client.Journal.
func (j *MemJournal) Leave(ctx context.Context, records []model.ID) (left []model.ID, err error) {
	err = j.update(ctx, func(t *memTx) error {
		left = nil
		for _, id := range records {
			if _, here := t.heads[id]; !here || t.wrote(id) {
				continue
			}
			// A copy: states that were kept share what they hold.
			t.order = slices.DeleteFunc(slices.Clone(t.order), func(rev model.Rev) bool { return t.rows[rev].Record == id })
			maps.DeleteFunc(t.rows, func(_ model.Rev, row memRow) bool { return row.Record == id })
			t.conflict = slices.DeleteFunc(t.conflict, func(c model.Conflict) bool { return c.Record == id })
			delete(t.heads, id)
			delete(t.issued, id)
			left = append(left, id)
		}
		for i, rev := range t.order {
			row := t.rows[rev]
			row.n = i + 1
			t.rows[rev] = row
		}
		return nil
	})
	return left, err
}

// wrote says that this laptop has written something of a record.
func (t *memTx) wrote(id model.ID) bool {
	for _, row := range t.rows {
		if row.Record == id && !row.pulled {
			return true
		}
	}
	return false
}
