package model_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
)

var historyStart = time.Date(2026, 9, 18, 9, 0, 0, 0, time.UTC)

// act is a revision made hour hours in by officer o1, o2, …
func act(rev model.Rev, hour int, body string, parents ...model.Rev) model.Revision {
	return model.Revision{Rev: rev, Parents: parents, Author: model.ID(fmt.Sprintf("o%d", hour)), Time: historyStart.Add(time.Duration(hour) * time.Hour), Body: json.RawMessage(body)}
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		name string
		revs []model.Revision
		want []string // rev path: before -> after
	}{
		{"first", []model.Revision{act("1-a", 1, `{"a":1,"b":{"c":2}}`)}, []string{`1-a a: -> 1`, `1-a b: -> {"c":2}`}},
		{"field", []model.Revision{act("1-a", 1, `{"a":1,"b":2}`), act("2-b", 2, `{"a":1,"b":3}`, "1-a")}, []string{`1-a a: -> 1`, `1-a b: -> 2`, `2-b b: 2 -> 3`}},
		{"inner, new, gone", []model.Revision{act("1-a", 1, `{"a":{"x":1,"y":2}}`), act("2-b", 2, `{"a":{"x":1,"z":3}}`, "1-a")},
			[]string{`1-a a: -> {"x":1,"y":2}`, `2-b a.y: 2 -> `, `2-b a.z: -> 3`}},
		{"null is a value", []model.Revision{act("1-a", 1, `{"a":null}`), act("2-b", 2, `{}`, "1-a")}, []string{`1-a a: -> null`, `2-b a: null -> `}},
		{"out of the middle of a list", []model.Revision{act("1-a", 1, `{"w":[{"n":1},{"n":2},{"n":3}]}`), act("2-b", 2, `{"w":[{"n":1},{"n":3}]}`, "1-a")},
			[]string{`1-a w: -> [{"n":1},{"n":2},{"n":3}]`, `2-b w[1]: {"n":2} -> `}},
		{"inside a list", []model.Revision{act("1-a", 1, `{"w":[{"n":1},{"n":2}]}`), act("2-b", 2, `{"w":[{"n":1},{"n":7},{"n":8}]}`, "1-a")},
			[]string{`1-a w: -> [{"n":1},{"n":2}]`, `2-b w[1].n: 2 -> 7`, `2-b w[2]: -> {"n":8}`}},
		{"another shape", []model.Revision{act("1-a", 1, `{"a":[1]}`), act("2-b", 2, `{"a":{"x":1}}`, "1-a")}, []string{`1-a a: -> [1]`, `2-b a: [1] -> {"x":1}`}},
		{"a merge takes over in silence", []model.Revision{act("1-a", 1, `{"p":1,"q":1}`), act("2-b", 2, `{"p":2,"q":1}`, "1-a"), act("2-c", 3, `{"p":1,"q":2}`, "1-a"),
			act("3-m", 4, `{"p":2,"q":2}`, "2-b", "2-c")}, []string{`1-a p: -> 1`, `1-a q: -> 1`, `2-b p: 1 -> 2`, `2-c q: 1 -> 2`}},
		{"a merge decides", []model.Revision{act("1-a", 1, `{"p":1}`), act("2-b", 2, `{"p":2}`, "1-a"), act("2-c", 3, `{"p":3}`, "1-a"), act("3-m", 4, `{"p":4}`, "2-b", "2-c")},
			[]string{`1-a p: -> 1`, `2-b p: 1 -> 2`, `2-c p: 1 -> 3`, `3-m p: 2 -> 4`}},
		{"a gap", []model.Revision{act("1-a", 1, `{"p":1}`), act("3-c", 3, `{"p":3}`, "2-gone")}, []string{`1-a p: -> 1`, `3-c p: 1 -> 3 gap`}},
		{"nothing before the gap", []model.Revision{act("3-c", 3, `{"p":3}`, "2-gone")}, []string{`3-c p: -> 3 gap`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			changes, err := model.Changes(c.revs)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range changes {
				line := fmt.Sprintf("%s %s: %s -> %s", x.Rev, x.Path, x.Before, x.After)
				if x.Before == nil {
					line = fmt.Sprintf("%s %s: -> %s", x.Rev, x.Path, x.After)
				}
				if x.Gap {
					line += " gap"
				}
				got = append(got, line)
				of := slices.IndexFunc(c.revs, func(r model.Revision) bool { return r.Rev == x.Rev })
				if x.Author != c.revs[of].Author || !x.Time.Equal(c.revs[of].Time) {
					t.Errorf("%s by %s at %s", line, x.Author, x.Time)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
	if _, err := model.Changes([]model.Revision{act("1-a", 1, `{}`), act("2-b", 2, `{"a"`, "1-a")}); err == nil {
		t.Error("a damaged body was compared")
	}
}

func TestAsOf(t *testing.T) {
	revs := []model.Revision{act("1-a", 1, `{}`), act("2-b", 5, `{}`, "1-a"), act("2-c", 4, `{}`, "1-a"), act("3-m", 8, `{}`, "2-b", "2-c")}
	for hour, want := range map[int]model.Rev{0: "", 1: "1-a", 3: "1-a", 4: "2-c", 5: "2-b", 7: "2-b", 8: "3-m", 99: "3-m"} {
		r, ok := model.AsOf(revs, historyStart.Add(time.Duration(hour)*time.Hour))
		if r.Rev != want || ok != (want != "") {
			t.Errorf("hour %d: %q, %v", hour, r.Rev, ok)
		}
	}
}

// What changed is told exactly when something changed, and every path once for
// each act.
func TestChangesAreComplete(t *testing.T) {
	small := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(2) })
	rapid.Check(t, func(t *rapid.T) {
		var revs []model.Revision
		for i := range rapid.IntRange(2, 4).Draw(t, "acts") {
			body, err := json.Marshal(map[string]any{"a": small.Draw(t, "a"), "b": small.Draw(t, "b")})
			if err != nil {
				t.Fatal(err)
			}
			r := act(model.Rev(fmt.Sprintf("%d-x", i+1)), i, string(body))
			if i > 0 {
				r.Parents = []model.Rev{revs[i-1].Rev}
			}
			revs = append(revs, r)
		}
		changes, err := model.Changes(revs)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		touched := map[model.Rev]bool{}
		for _, c := range changes {
			if key := string(c.Rev) + c.Path; seen[key] || string(c.Before) == string(c.After) {
				t.Fatalf("%s told twice or for nothing: %s -> %s", key, c.Before, c.After)
			}
			seen[string(c.Rev)+c.Path] = true
			touched[c.Rev] = true
		}
		for i, r := range revs[1:] {
			if same := string(r.Body) == string(revs[i].Body); same == touched[r.Rev] {
				t.Fatalf("%s: same %v, told %v", r.Rev, same, touched[r.Rev])
			}
		}
	})
}

func jsonValue(depth int) *rapid.Generator[any] {
	plain := rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.IntRange(0, 3), func(n int) any { return n }), rapid.Map(rapid.StringMatching(`[ab]{0,2}`), func(s string) any { return s }))
	if depth == 0 {
		return plain
	}
	inner := jsonValue(depth - 1)
	return rapid.OneOf(plain,
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(l []any) any { return append([]any{}, l...) }),
		rapid.Map(rapid.MapOfN(rapid.StringMatching(`[xyz]`), inner, 0, 3), func(m map[string]any) any { return m }))
}
