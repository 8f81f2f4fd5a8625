package merge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"anxin/model"
)

type object map[string]json.RawMessage

// Three joins two bodies of a record that both came from base. All three are
// canonical JSON objects; base may be nil when the sides have no common
// origin, which is always a conflict. The order of the two sides does not
// matter.
//
// It returns the joined body with its members sorted, for the caller to put
// into canonical form, or, when fields is not empty, the members people must
// settle; a member of a map reads "fields.party". The error is only about
// bodies that are no JSON objects.
func Three(kind model.Kind, base, ours, theirs []byte) (merged []byte, fields []string, err error) {
	if bytes.Equal(ours, theirs) {
		return ours, nil, nil
	}
	var b, x, y object
	for _, side := range []struct {
		name string
		from []byte
		to   *object
	}{{"原内容", base, &b}, {"本方", ours, &x}, {"对方", theirs, &y}} {
		if side.from == nil {
			continue
		}
		if err := json.Unmarshal(side.from, side.to); err != nil {
			return nil, nil, fmt.Errorf("合并%s记录时读不懂%s: %w", kind, side.name, err)
		}
	}
	p := policyOf(kind)
	mine, yours := changed(b, x), changed(b, y)
	if base == nil {
		return nil, union(mine, yours), nil
	}
	if p.apart(b, x, y) {
		return nil, union(mine, yours), nil
	}
	out := maps.Clone(b)
	for _, name := range union(mine, yours) {
		joined, conflicts := p.field(name, b[name], x[name], y[name])
		fields = append(fields, conflicts...)
		if joined == nil {
			delete(out, name)
		} else {
			out[name] = joined
		}
	}
	if legal := p.forbidden(x, y, mine, yours); len(legal) > 0 {
		fields = union(legal, fields)
	}
	if len(fields) > 0 {
		return nil, fields, nil
	}
	merged, err = write(out)
	return merged, nil, err
}

// apart reports whether the record merges in no field at all: a legal act as a
// whole, or one that left its draft on any side.
func (p policy) apart(sides ...object) bool {
	return p.never || len(p.drafts) > 0 && slices.ContainsFunc(sides, func(side object) bool {
		return side != nil && !slices.Contains(p.drafts, text(side["state"]))
	})
}

// forbidden are the fields with weight in law that one side changed while the
// other changed anything.
func (p policy) forbidden(x, y object, mine, yours []string) []string {
	var out []string
	for _, name := range p.legal {
		if bytes.Equal(x[name], y[name]) {
			continue
		}
		if (slices.Contains(mine, name) && len(yours) > 0) || (slices.Contains(yours, name) && len(mine) > 0) {
			out = append(out, name)
		}
	}
	return out
}

// field joins one member; nil means the member is gone. A nil side stands for
// an absent member.
func (p policy) field(name string, b, x, y json.RawMessage) (json.RawMessage, []string) {
	switch {
	case bytes.Equal(x, y), bytes.Equal(b, y):
		return x, nil
	case bytes.Equal(b, x):
		return y, nil
	case slices.Contains(p.sets, name):
		if merged, ok := mergeSet(b, x, y); ok {
			return merged, nil
		}
	case slices.Contains(p.maps, name):
		if merged, fields, ok := mergeMap(name, b, x, y); ok {
			return merged, fields
		}
	case slices.Contains(p.ends, name):
		if first, ok := earlier(x, y); ok {
			return first, nil
		}
	}
	return x, []string{name}
}

// earlier is the one of two ends that came first; false when a side has none.
func earlier(x, y json.RawMessage) (json.RawMessage, bool) {
	a, ok1 := endOf(x)
	b, ok2 := endOf(y)
	if !ok1 || !ok2 {
		return nil, false
	}
	if c := a.Compare(b); c < 0 || c == 0 && bytes.Compare(x, y) < 0 {
		return x, true
	}
	return y, true
}

// endOf reads a time, or the time in an act.
func endOf(raw json.RawMessage) (at time.Time, ok bool) {
	var act struct {
		At time.Time `json:"at"`
	}
	if json.Unmarshal(raw, &at) != nil {
		if json.Unmarshal(raw, &act) != nil {
			return at, false
		}
		at = act.At
	}
	return at, !at.IsZero()
}

// mergeSet unites what both sides added and leaves out what either removed:
// items of base in their order, then the new ones sorted.
func mergeSet(b, x, y json.RawMessage) (json.RawMessage, bool) {
	base, ok1 := texts(b)
	mine, ok2 := texts(x)
	yours, ok3 := texts(y)
	if !ok1 || !ok2 || !ok3 {
		return nil, false
	}
	out := []string{}
	for _, item := range base {
		if slices.Contains(mine, item) && slices.Contains(yours, item) {
			out = append(out, item)
		}
	}
	var added []string
	for _, item := range append(slices.Clone(mine), yours...) {
		if !slices.Contains(base, item) && !slices.Contains(added, item) {
			added = append(added, item)
		}
	}
	sort.Strings(added)
	raw, err := encode(append(out, added...))
	return raw, err == nil
}

// mergeMap joins an object member by member.
func mergeMap(name string, b, x, y json.RawMessage) (json.RawMessage, []string, bool) {
	var base, mine, yours object
	for _, side := range []struct {
		from json.RawMessage
		to   *object
	}{{b, &base}, {x, &mine}, {y, &yours}} {
		if side.from != nil && json.Unmarshal(side.from, side.to) != nil {
			return nil, nil, false
		}
	}
	out := maps.Clone(base)
	if out == nil {
		out = object{}
	}
	var conflicts []string
	for _, member := range union(changed(base, mine), changed(base, yours)) {
		merged, fields := policy{}.field(member, base[member], mine[member], yours[member])
		for _, f := range fields {
			conflicts = append(conflicts, name+"."+f)
		}
		if merged == nil {
			delete(out, member)
		} else {
			out[member] = merged
		}
	}
	raw, err := write(out)
	return raw, conflicts, err == nil
}

// changed lists the members that differ between two objects, sorted.
func changed(from, to object) []string {
	var out []string
	for name, v := range to {
		if old, ok := from[name]; !ok || !bytes.Equal(old, v) {
			out = append(out, name)
		}
	}
	for name := range from {
		if _, ok := to[name]; !ok {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	sort.Strings(out)
	return slices.Compact(out)
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // not a text: no state any policy knows
	return s
}

// texts reads a list of texts; absent and null are the empty list.
func texts(raw json.RawMessage) ([]string, bool) {
	if raw == nil {
		return nil, true
	}
	var out []string
	return out, json.Unmarshal(raw, &out) == nil
}

// encode writes JSON without the escapes that canonical JSON does not have.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// write puts an object together with the bytes of its members as they are.
func write(o object) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(o)) {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := encode(name)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(o[name])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
