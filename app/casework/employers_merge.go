package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"anxin/model"
)

// Two records of one employer or site are made one by a link: the later says
// which earlier one stands for it. Nothing that names the later record is
// rewritten; whoever reads a name follows the link (load does, and the pages),
// so that history stays as it was signed. Links lead to earlier records only,
// see model.Twin: two laptops that merge the same records apart write the same
// link, and what either took over from the later record is taken over. Links to
// different records are a conflict both officers see.

// twinOf is the link of a register record; false for other kinds.
func twinOf(r model.Record) (*model.Twin, bool) {
	switch v := r.(type) {
	case *model.Employer:
		return &v.Twin, true
	case *model.Site:
		return &v.Twin, true
	}
	return nil, false
}

// Standing is the record that stands for an employer or a site: itself, or the
// last one its links lead to that is on this laptop.
func (d *Desk) Standing(ctx context.Context, id model.ID) (model.ID, error) {
	h, err := d.Journal.Head(ctx, id)
	if err != nil {
		return id, err
	}
	h, err = d.standing(ctx, h)
	return h.ID, err
}

func (d *Desk) standing(ctx context.Context, h model.Head) (model.Head, error) {
	for h.Summary.State == model.RegisterMerged {
		r, err := model.Decode(h.Kind, h.Body)
		if err != nil {
			return h, err
		}
		t, ok := twinOf(r)
		if !ok || t.StandsFor(h.ID) == "" {
			return h, nil
		}
		next, err := d.Journal.Head(ctx, t.MergedInto)
		if errors.Is(err, model.ErrNotFound) || err == nil && next.Kind != h.Kind {
			return h, nil // of another scope: the record speaks for itself
		}
		if err != nil {
			return h, err
		}
		h = next
	}
	return h, nil
}

// alike are the record that stands for an id and all that are merged into it.
func (d *Desk) alike(ctx context.Context, id model.ID) (map[model.ID]bool, error) {
	h, err := d.Journal.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	if h, err = d.standing(ctx, h); err != nil {
		return nil, err
	}
	out := map[model.ID]bool{h.ID: true}
	for todo := []model.ID{h.ID}; len(todo) > 0; todo = todo[1:] {
		list, err := d.Journal.List(ctx, model.Query{Kind: h.Kind, Parent: todo[0], States: []string{model.RegisterMerged}, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, later := range list {
			if todo[0] < later.ID && !out[later.ID] {
				out[later.ID] = true
				todo = append(todo, later.ID)
			}
		}
	}
	return out, nil
}

// partyAlike is alike for a party that may be unknown or not on this laptop.
func (d *Desk) partyAlike(ctx context.Context, id model.ID) (map[model.ID]bool, error) {
	if id == "" {
		return map[model.ID]bool{"": true}, nil
	}
	same, err := d.alike(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		return map[model.ID]bool{id: true}, nil
	}
	return same, err
}

// TwinField is one field two records say differently.
type TwinField struct {
	Name           string
	Earlier, Later json.RawMessage // nil where it says nothing
	TakeLater      bool            // proposed: the earlier says nothing
}

// Comparison lays two records of one thing beside one another.
type Comparison struct {
	Kind           model.Kind
	Earlier, Later model.Head
	Fields         []TwinField // those that differ
}

// ownMembers are what a merge leaves to each record.
var ownMembers = []string{"merged_into", "distinct", "source"}

// Compare reads two records as they would be merged: the earlier stands.
func (d *Desk) Compare(ctx context.Context, a, b model.ID) (Comparison, error) {
	var c Comparison
	var err error
	if c.Earlier, err = d.registerHead(ctx, min(a, b)); err != nil {
		return c, err
	}
	if c.Later, err = d.registerHead(ctx, max(a, b)); err != nil {
		return c, err
	}
	if c.Earlier.ID > c.Later.ID {
		c.Earlier, c.Later = c.Later, c.Earlier
	}
	if c.Kind = c.Earlier.Kind; c.Kind != c.Later.Kind || c.Earlier.ID == c.Later.ID {
		return c, fmt.Errorf("这两条记录不能合并：它们已经是同一条，或者不是同一种")
	}
	mine, theirs := jsonMembers(c.Earlier.Body), jsonMembers(c.Later.Body)
	names := slices.Sorted(maps.Keys(mine))
	for name := range theirs {
		if _, ok := mine[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		x, y := said(mine[name]), said(theirs[name])
		if bytes.Equal(x, y) || slices.Contains(ownMembers, name) {
			continue
		}
		c.Fields = append(c.Fields, TwinField{Name: name, Earlier: x, Later: y, TakeLater: x == nil})
	}
	return c, nil
}

func (d *Desk) registerHead(ctx context.Context, id model.ID) (model.Head, error) {
	h, err := d.Journal.Head(ctx, id)
	if err != nil {
		return h, fmt.Errorf("打开名册记录: %w", err)
	}
	if h.Kind != model.KindEmployer && h.Kind != model.KindSite {
		return h, fmt.Errorf("%s不能合并，能合并的是用人单位和工程项目", kindName(h.Kind))
	}
	return d.standing(ctx, h)
}

// said is a member without what says nothing: "", 0, null, an empty list.
func said(raw json.RawMessage) json.RawMessage {
	switch string(bytes.TrimSpace(raw)) {
	case "", `""`, "0", "null", "[]", "{}", "false":
		return nil
	}
	return raw
}

// Merged is what a merge did, for whoever wants it undone.
type Merged struct {
	Kind           model.Kind
	Earlier, Later model.ID
	before         json.RawMessage // the earlier record as it was
	rev            model.Rev       // of the earlier record, by the merge
}

// MergeRegisters makes two records one: the later points to the earlier, which
// takes over from it the fields named in later. Lists are united.
func (d *Desk) MergeRegisters(ctx context.Context, c Comparison, later ...string) (Merged, error) {
	m := Merged{Kind: c.Kind, Earlier: c.Earlier.ID, Later: c.Later.ID, before: c.Earlier.Body, rev: c.Earlier.Rev}
	goes, err := model.Decode(c.Kind, c.Later.Body)
	if err != nil {
		return m, err
	}
	twin, _ := twinOf(goes)
	twin.MergedInto = c.Earlier.ID
	changes := []model.Change{{ID: c.Later.ID, Base: c.Later.Rev, Record: goes}}
	if members, taken := c.takeOver(later); taken {
		stays, err := recordOf(c.Kind, members)
		if err != nil {
			return m, err
		}
		changes = append(changes, model.Change{ID: c.Earlier.ID, Base: c.Earlier.Rev, Record: stays})
	}
	revs, err := d.Journal.Commit(ctx, model.Batch{Author: d.me, Changes: changes})
	if err != nil {
		return m, fmt.Errorf("合并%s: %w", kindName(c.Kind), err)
	}
	for _, r := range revs {
		if r.Record == m.Earlier {
			m.rev = r.Rev
		}
	}
	return m, nil
}

// takeOver are the members of the earlier record with those named taken from
// the later and the lists of both; false when nothing changes.
func (c Comparison) takeOver(later []string) (members map[string]json.RawMessage, taken bool) {
	members = jsonMembers(c.Earlier.Body)
	theirs := jsonMembers(c.Later.Body)
	for _, f := range c.Fields {
		switch {
		case f.Name == "subs" || f.Name == "unmatched":
			members[f.Name] = unite(members[f.Name], theirs[f.Name])
		case !slices.Contains(later, f.Name):
			continue
		case f.Later == nil:
			delete(members, f.Name)
		default:
			members[f.Name] = f.Later
		}
		taken = true
	}
	return members, taken
}

func recordOf(kind model.Kind, members map[string]json.RawMessage) (model.Record, error) {
	raw, err := json.Marshal(members)
	if err != nil {
		return nil, fmt.Errorf("整理%s的内容: %w", kindName(kind), err)
	}
	return model.Decode(kind, raw)
}

// unite puts the items of two lists of texts together, each once.
func unite(a, b json.RawMessage) json.RawMessage {
	var x, y []string
	if a != nil && json.Unmarshal(a, &x) != nil || b != nil && json.Unmarshal(b, &y) != nil {
		return a
	}
	for _, item := range y {
		if !slices.Contains(x, item) {
			x = append(x, item)
		}
	}
	raw, err := json.Marshal(x)
	if err != nil {
		return a
	}
	return raw
}

// Unmerge takes a merge back: both records are as before. Where the surviving
// record was changed meanwhile only the link is taken back.
func (d *Desk) Unmerge(ctx context.Context, m Merged) error {
	h, err := d.Journal.Head(ctx, m.Earlier)
	if err != nil {
		return err
	}
	if h.Rev != m.rev {
		return d.Separate(ctx, m.Later)
	}
	was, err := model.Decode(m.Kind, m.before)
	if err != nil {
		return err
	}
	link, err := d.unlinked(ctx, m.Later)
	if err != nil {
		return err
	}
	changes := []model.Change{link}
	if !bytes.Equal(h.Body, m.before) {
		changes = append(changes, model.Change{ID: m.Earlier, Base: h.Rev, Record: was})
	}
	_, err = d.commit(ctx, changes...)
	return err
}

// Separate makes a merged record stand for itself again. What the other took
// over from it stays there; the journal tells who wrote it.
func (d *Desk) Separate(ctx context.Context, id model.ID) error {
	link, err := d.unlinked(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.commit(ctx, link)
	return err
}

// unlinked is a record without its link, also one that is not followed.
func (d *Desk) unlinked(ctx context.Context, id model.ID) (model.Change, error) {
	h, err := d.Journal.Head(ctx, id)
	if err != nil {
		return model.Change{}, fmt.Errorf("打开名册记录: %w", err)
	}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return model.Change{}, err
	}
	t, ok := twinOf(r)
	if !ok || t.MergedInto == "" {
		return model.Change{}, fmt.Errorf("这条%s没有合并到别的记录", kindName(h.Kind))
	}
	t.MergedInto = ""
	return model.Change{ID: id, Base: h.Rev, Record: r}, nil
}

// Distinguish says that two records that look alike are not the same.
func (d *Desk) Distinguish(ctx context.Context, a, b model.ID) error {
	h, err := d.registerHead(ctx, min(a, b))
	if err != nil {
		return err
	}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return err
	}
	t, _ := twinOf(r)
	if other := max(a, b); !slices.Contains(t.Distinct, other) {
		t.Distinct = append(t.Distinct, other)
	}
	_, err = d.commit(ctx, model.Change{ID: h.ID, Base: h.Rev, Record: r})
	return err
}
