package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// FieldChange is one member of a record that one act changed.
type FieldChange struct {
	Path   string          // such as workers[3].name; a list counts from 0
	Before json.RawMessage // nil: was not there
	After  json.RawMessage // nil: is not there any more
	Rev    Rev             // the act
	Author ID
	Time   time.Time
	// Gap says that the revision the act started from is not here, so that
	// Before is of an older one and others may have had a part in the change.
	Gap bool
}

// Changes tells who changed which field of a record when, oldest act first.
// revs is the record's history as the journal gives it, parents before those
// that grew from them. The first revision counts as a change of every field.
// A merge counts only where it agrees with neither of its parents: what it
// took over was told where it came from.
func Changes(revs []Revision) ([]FieldChange, error) {
	bodies := map[Rev]json.RawMessage{}
	var out []FieldChange
	for i, r := range revs {
		changes, err := stepChanges(r, revs[:i], bodies)
		if err != nil {
			return nil, fmt.Errorf("比较版本 %s: %w", r.Rev, err)
		}
		out = append(out, changes...)
		bodies[r.Rev] = r.Body
	}
	return out, nil
}

// stepChanges are the changes r made to what it grew from.
func stepChanges(r Revision, earlier []Revision, bodies map[Rev]json.RawMessage) ([]FieldChange, error) {
	bases, gap := basesOf(r, earlier, bodies)
	var common map[string]bool
	var out []FieldChange
	for k, base := range bases {
		d := differ{to: r, gap: gap}
		if err := d.value("", base, r.Body); err != nil {
			return nil, err
		}
		paths := map[string]bool{}
		for _, c := range d.out {
			paths[c.Path] = true
		}
		if k == 0 {
			out, common = d.out, paths
			continue
		}
		maps.DeleteFunc(common, func(path string, _ bool) bool { return !paths[path] })
	}
	return slices.DeleteFunc(out, func(c FieldChange) bool { return !common[c.Path] }), nil
}

// basesOf are the bodies r is compared with: its parents', or what is known
// instead of a parent that is not here.
func basesOf(r Revision, earlier []Revision, bodies map[Rev]json.RawMessage) (bases []json.RawMessage, gap bool) {
	for _, p := range r.Parents {
		if body, ok := bodies[p]; ok {
			bases = append(bases, body)
		} else {
			gap = true
		}
	}
	switch {
	case len(bases) > 0:
		return bases, gap
	case len(earlier) > 0 && gap:
		return []json.RawMessage{earlier[len(earlier)-1].Body}, true
	}
	return []json.RawMessage{nil}, gap
}

// AsOf is the state a record had at a moment by the clocks of those who worked
// on it: of the revisions made until then the furthest from the first, and of
// two equally far the later. False when the record was not there yet.
func AsOf(revs []Revision, at time.Time) (Revision, bool) {
	var then []Revision
	for _, r := range revs {
		if !r.Time.After(at) {
			then = append(then, r)
		}
	}
	if len(then) == 0 {
		return Revision{}, false
	}
	return slices.MaxFunc(then, func(a, b Revision) int {
		return cmp.Or(cmp.Compare(a.Rev.Generation(), b.Rev.Generation()), a.Time.Compare(b.Time), strings.Compare(string(a.Rev), string(b.Rev)))
	}), true
}

// differ gathers the places where two bodies are unlike.
type differ struct {
	to  Revision
	gap bool
	out []FieldChange
}

func (d *differ) tell(path string, before, after json.RawMessage) {
	d.out = append(d.out, FieldChange{Path: path, Before: before, After: after, Rev: d.to.Rev, Author: d.to.Author, Time: d.to.Time, Gap: d.gap})
}

// value compares two values. Objects and lists are entered as far as both
// sides have them; the whole of a new record is entered too, so that its
// fields are named one by one.
func (d *differ) value(path string, before, after json.RawMessage) error {
	before, after = bytes.TrimSpace(before), bytes.TrimSpace(after)
	if bytes.Equal(before, after) {
		return nil
	}
	switch {
	case first(after) == '{' && (first(before) == '{' || before == nil && path == ""):
		return d.object(path, before, after)
	case first(after) == '[' && first(before) == '[':
		return d.list(path, before, after)
	}
	d.tell(path, before, after)
	return nil
}

func first(text []byte) byte {
	if len(text) == 0 {
		return 0
	}
	return text[0]
}

func (d *differ) object(path string, before, after json.RawMessage) error {
	var old, now map[string]json.RawMessage
	if before != nil {
		if err := json.Unmarshal(before, &old); err != nil {
			return err
		}
	}
	if err := json.Unmarshal(after, &now); err != nil {
		return err
	}
	names := map[string]bool{}
	for name := range old {
		names[name] = true
	}
	for name := range now {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		was, is := old[name], now[name]
		if was == nil || is == nil {
			d.tell(inner, was, is)
		} else if err := d.value(inner, was, is); err != nil {
			return err
		}
	}
	return nil
}

// list leaves out what both lists begin and end with, so that one element
// taken out of the middle is one change, and compares the rest in order.
func (d *differ) list(path string, before, after json.RawMessage) error {
	var old, now []json.RawMessage
	if err := json.Unmarshal(before, &old); err != nil {
		return err
	}
	if err := json.Unmarshal(after, &now); err != nil {
		return err
	}
	head := 0
	for head < min(len(old), len(now)) && bytes.Equal(old[head], now[head]) {
		head++
	}
	for len(old) > head && len(now) > head && bytes.Equal(old[len(old)-1], now[len(now)-1]) {
		old, now = old[:len(old)-1], now[:len(now)-1]
	}
	for i := head; i < max(len(old), len(now)); i++ {
		place := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case i >= len(old):
			d.tell(place, nil, now[i])
		case i >= len(now):
			d.tell(place, old[i], nil)
		default:
			if err := d.value(place, old[i], now[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
