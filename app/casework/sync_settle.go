package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"anxin/model"
)

// Side is what one field of a record in conflict says: before both changed it,
// on this laptop now, and on the other; nil where it says nothing.
type Side struct {
	Field              string
	Base, Ours, Theirs json.RawMessage
}

// Sides lays a conflict open field by field: what both changed, those fields too
// that both changed only after the conflict was written down.
func (d *Desk) Sides(ctx context.Context, c model.Conflict) ([]Side, error) {
	v, err := d.versions(ctx, c)
	if err != nil {
		return nil, err
	}
	fields, err := d.disputed(c, v, v.ours)
	if err != nil {
		return nil, err
	}
	out := make([]Side, len(fields))
	for i, f := range fields {
		out[i] = Side{Field: f, Base: memberAt(v.base, f), Ours: memberAt(v.ours, f), Theirs: memberAt(v.theirs, f)}
	}
	return out, nil
}

// members are the members of a body, by their names.
type members map[string]json.RawMessage

// versions are the versions of a record in conflict: what stands here now and
// stood here when the conflict was read, what stands at the other end and what
// both came from. One that is not on this laptop has no members.
type versions struct {
	head                     model.Head
	ours, then, theirs, base members
}

func (d *Desk) versions(ctx context.Context, c model.Conflict) (v versions, err error) {
	if v.head, err = d.Journal.Head(ctx, c.Record); err != nil {
		return v, fmt.Errorf("打开%s: %w", kindName(c.Kind), err)
	}
	revs, err := d.Journal.History(ctx, c.Record)
	if err != nil {
		return v, err
	}
	v.ours = jsonMembers(v.head.Body)
	for _, side := range []struct { // the base may be what stood here
		rev  model.Rev
		into *members
	}{{c.Theirs, &v.theirs}, {c.Base, &v.base}, {c.Ours, &v.then}} {
		at := slices.IndexFunc(revs, func(r model.Revision) bool { return r.Rev == side.rev })
		if at < 0 {
			continue
		}
		r, err := model.Upcast(revs[at])
		if err == nil {
			err = json.Unmarshal(r.Body, side.into)
		}
		if err != nil {
			return v, fmt.Errorf("读取%s的版本: %w", kindName(c.Kind), err)
		}
	}
	if v.theirs == nil {
		return v, fmt.Errorf("对方的版本还没有传到本机，请再同步一次: %w", model.ErrNotFound)
	}
	return v, nil
}

// disputed are the fields an officer has to settle between ours and the other
// end: those the conflict was written down with, and those a merge asks about
// as the versions stand. Without the base it is all that differs.
func (d *Desk) disputed(c model.Conflict, v versions, ours members) ([]string, error) {
	either := maps.Clone(v.theirs)
	maps.Copy(either, ours)
	open := slices.Sorted(maps.Keys(either))
	if v.base != nil {
		var err error
		if _, open, err = d.merged(c.Kind, v.base, ours, v.theirs); err != nil {
			return nil, err
		}
	}
	all := slices.Clone(c.Fields)
	for _, f := range open {
		if !slices.Contains(all, f) && !bytes.Equal(memberAt(ours, f), memberAt(v.theirs, f)) {
			all = append(all, f)
		}
	}
	within := func(f string) bool { // a member that is settled as one
		outer, _, nested := strings.Cut(f, ".")
		return nested && slices.Contains(all, outer)
	}
	return slices.DeleteFunc(slices.Clone(all), within), nil
}

// merged joins the versions by the policy of the kind, or names what it leaves
// open.
func (d *Desk) merged(kind model.Kind, base, ours, theirs members) (body []byte, open []string, err error) {
	b, err1 := json.Marshal(base)
	x, err2 := json.Marshal(ours)
	y, err3 := json.Marshal(theirs)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, nil, err
	}
	return d.Merge(kind, b, x, y)
}

// jsonMembers are the members of a body of the journal, which is an object.
func jsonMembers(body []byte) (out map[string]json.RawMessage) {
	if json.Unmarshal(body, &out) != nil {
		return nil
	}
	return out
}

// memberAt is a member by its name, one of an object within by both names with a
// dot between; nil where nothing stands.
func memberAt(members map[string]json.RawMessage, name string) json.RawMessage {
	outer, inner, nested := strings.Cut(name, ".")
	v, ok := members[name]
	switch {
	case ok || !nested:
	case json.Unmarshal(members[outer], &members) == nil:
		v = members[inner]
	}
	if bytes.Equal(v, []byte("null")) {
		return nil
	}
	return v
}

// setMember writes a member that memberAt names; nil takes it away.
func setMember(members map[string]json.RawMessage, name string, v json.RawMessage) error {
	outer, inner, nested := strings.Cut(name, ".")
	if _, whole := members[name]; nested && !whole {
		var object map[string]json.RawMessage
		if raw := members[outer]; raw != nil {
			if err := json.Unmarshal(raw, &object); err != nil {
				return err
			}
		}
		if object == nil { // absent, or null
			if v == nil {
				return nil
			}
			object = map[string]json.RawMessage{}
		}
		if err := setMember(object, inner, v); err != nil {
			return err
		}
		raw, err := json.Marshal(object)
		members[outer] = raw
		return err
	}
	if v == nil {
		delete(members, name)
		return nil
	}
	members[name] = v
	return nil
}

// Settle ends a conflict. The fields of Sides are left as they stand on this
// laptop now, but for those named in theirs, which are taken over from the other
// laptop; what only one of the two changed is joined as if there had been no
// conflict. Either version stays in the record's journal. It refuses when work
// here since the conflict was read left fields to settle that nobody was shown.
// Issued papers are refused with model.ErrFrozen.
func (d *Desk) Settle(ctx context.Context, c model.Conflict, theirs ...string) error {
	v, err := d.versions(ctx, c)
	if err != nil {
		return err
	}
	fields, err := d.disputed(c, v, v.ours)
	if err != nil {
		return err
	}
	if err := d.shown(c, v, fields); err != nil {
		return err
	}
	for _, f := range theirs {
		if !slices.Contains(fields, f) {
			return fmt.Errorf("“%s”不是这处冲突里的内容", f)
		}
	}
	body, err := d.joined(c, v, fields, theirs)
	if err != nil {
		return fmt.Errorf("合并%s的两个版本: %w", kindName(c.Kind), err)
	}
	return d.settleWith(ctx, c, v.head, body)
}

// shown refuses fields that were not in dispute when the conflict was read.
func (d *Desk) shown(c model.Conflict, v versions, fields []string) error {
	if v.then == nil {
		return nil
	}
	seen, err := d.disputed(c, v, v.then)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(fields, func(f string) bool { return !slices.Contains(seen, f) }) {
		return errors.New("打开这处冲突以后，本机又改动了与对方不一致的内容，请返回后重新打开再定")
	}
	return nil
}

// joined merges two versions once the fields in conflict are decided. Without
// the base those are all that differs.
func (d *Desk) joined(c model.Conflict, v versions, fields, take []string) ([]byte, error) {
	base, ours, theirs := maps.Clone(v.base), maps.Clone(v.ours), maps.Clone(v.theirs)
	for _, f := range fields {
		from := v.ours
		if slices.Contains(take, f) {
			from = v.theirs
		}
		if err := giveAll(f, memberAt(from, f), base, ours, theirs); err != nil {
			return nil, fmt.Errorf("“%s”: %w", f, err)
		}
	}
	if base == nil {
		return json.Marshal(ours)
	}
	body, open, err := d.merged(c.Kind, base, ours, theirs)
	if err == nil && len(open) > 0 {
		err = fmt.Errorf("两边的%s仍然不一致，请再同步一次", strings.Join(open, "、"))
	}
	return body, err
}

// giveAll gives a field one value on every side that is known, so that a merge
// finds nothing left to ask.
func giveAll(field string, v json.RawMessage, sides ...members) error {
	for _, side := range sides {
		if side == nil {
			continue
		}
		if err := setMember(side, field, v); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) settleWith(ctx context.Context, c model.Conflict, h model.Head, body []byte) error {
	r, err := model.Decode(h.Kind, body)
	if err != nil {
		return err
	}
	_, err = d.commit(ctx, model.Change{ID: c.Record, Base: h.Rev, Settles: c.Theirs, Record: r})
	return err
}
