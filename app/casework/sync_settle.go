package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// Sides lays a conflict open field by field: what both changed.
func (d *Desk) Sides(ctx context.Context, c model.Conflict) ([]Side, error) {
	_, ours, theirs, base, err := d.versions(ctx, c)
	if err != nil {
		return nil, err
	}
	out := make([]Side, len(c.Fields))
	for i, f := range c.Fields {
		out[i] = Side{Field: f, Base: memberAt(base, f), Ours: memberAt(ours, f), Theirs: memberAt(theirs, f)}
	}
	return out, nil
}

// versions reads the members of the head and of both ends of a conflict. A
// base that is not on this laptop has no members.
func (d *Desk) versions(ctx context.Context, c model.Conflict) (h model.Head, ours, theirs, base map[string]json.RawMessage, err error) {
	if h, err = d.Journal.Head(ctx, c.Record); err != nil {
		return h, nil, nil, nil, fmt.Errorf("打开%s: %w", kindName(c.Kind), err)
	}
	revs, err := d.Journal.History(ctx, c.Record)
	if err != nil {
		return h, nil, nil, nil, err
	}
	for _, r := range revs {
		if r, err = model.Upcast(r); err != nil {
			return h, nil, nil, nil, err
		}
		switch r.Rev {
		case c.Theirs:
			err = json.Unmarshal(r.Body, &theirs)
		case c.Base:
			err = json.Unmarshal(r.Body, &base)
		}
		if err != nil {
			return h, nil, nil, nil, fmt.Errorf("读取%s的版本: %w", kindName(c.Kind), err)
		}
	}
	if theirs == nil {
		return h, nil, nil, nil, fmt.Errorf("对方的版本还没有传到本机，请再同步一次: %w", model.ErrNotFound)
	}
	return h, jsonMembers(h.Body), theirs, base, nil
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

// Settle ends a conflict. The fields in conflict are left as they stand on this
// laptop now, but for those named in theirs, which are taken over from the other
// laptop; what only one of the two changed is joined as if there had been no
// conflict. Either version stays in the record's journal. Issued papers are
// refused with model.ErrFrozen.
func (d *Desk) Settle(ctx context.Context, c model.Conflict, theirs ...string) error {
	h, ours, other, base, err := d.versions(ctx, c)
	if err != nil {
		return err
	}
	for _, f := range theirs {
		if !slices.Contains(c.Fields, f) {
			return fmt.Errorf("“%s”不是这处冲突里的内容", f)
		}
	}
	body, err := d.joined(c, base, ours, other, theirs)
	if err != nil {
		return fmt.Errorf("合并%s的两个版本: %w", kindName(c.Kind), err)
	}
	return d.settleWith(ctx, c, h, body)
}

// joined merges two versions once the fields in conflict are decided. A field
// both changed after the conflict was written down stands as it is here. Without
// the base nobody knows who changed what: all else stands as it is here too.
func (d *Desk) joined(c model.Conflict, base, ours, theirs map[string]json.RawMessage, take []string) ([]byte, error) {
	fields := c.Fields
	for range 2 {
		for _, f := range fields {
			v := memberAt(ours, f)
			if slices.Contains(take, f) {
				v = memberAt(theirs, f)
			}
			if err := giveAll(f, v, base, ours, theirs); err != nil {
				return nil, fmt.Errorf("“%s”: %w", f, err)
			}
		}
		x, err := json.Marshal(ours)
		if err != nil || base == nil {
			return x, err
		}
		b, err1 := json.Marshal(base)
		y, err2 := json.Marshal(theirs)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		body, open, err := d.Merge(c.Kind, b, x, y)
		if err != nil || len(open) == 0 {
			return body, err
		}
		fields = open
	}
	return nil, fmt.Errorf("两边的%s仍然不一致，请再同步一次", strings.Join(fields, "、"))
}

// giveAll gives a field one value on every side that is known, so that a merge
// finds nothing left to ask.
func giveAll(field string, v json.RawMessage, sides ...map[string]json.RawMessage) error {
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
