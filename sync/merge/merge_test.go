package merge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
)

func TestThree(t *testing.T) {
	tests := []struct {
		name               string
		kind               model.Kind
		base, ours, theirs string
		want               string // merged body, "" for a conflict
		fields             []string
	}{
		{"same change", model.KindEmployer, `{"phone":"1"}`, `{"phone":"2"}`, `{"phone":"2"}`, `{"phone":"2"}`, nil},
		{"only ours", model.KindEmployer, `{"note":"","phone":"1"}`, `{"note":"","phone":"2"}`, `{"note":"","phone":"1"}`, `{"note":"","phone":"2"}`, nil},
		{"disjoint fields", model.KindEmployer, `{"note":"","phone":"1"}`, `{"note":"","phone":"2"}`, `{"note":"n","phone":"1"}`, `{"note":"n","phone":"2"}`, nil},
		{"same field", model.KindEmployer, `{"phone":"1"}`, `{"phone":"2"}`, `{"phone":"3"}`, "", []string{"phone"}},
		{"removed and kept", model.KindEmployer, `{"note":"n","phone":"1"}`, `{"phone":"1"}`, `{"note":"n","phone":"2"}`, `{"phone":"2"}`, nil},
		{"removed and changed", model.KindEmployer, `{"note":"n"}`, `{}`, `{"note":"m"}`, "", []string{"note"}},
		{"unknown members", model.KindEmployer, `{"phone":"1"}`, `{"phone":"1","x9":[1]}`, `{"phone":"2"}`, `{"phone":"2","x9":[1]}`, nil},
		{"sets unite", model.KindSite, `{"subs":["a","b"]}`, `{"subs":["a","c"]}`, `{"subs":["a","b","d"]}`, `{"subs":["a","c","d"]}`, nil},
		{"set appears", model.KindSite, `{}`, `{"subs":["c"]}`, `{"subs":["b"]}`, `{"subs":["b","c"]}`, nil},
		{"maps join by member", model.KindInspection, `{"checklist":{"a":1,"b":1},"state":"待审批"}`, `{"checklist":{"a":2,"b":1},"state":"待审批"}`,
			`{"checklist":{"a":1,"b":1,"c":3},"state":"待审批"}`, `{"checklist":{"a":2,"b":1,"c":3},"state":"待审批"}`, nil},
		{"maps conflict by member", model.KindInspection, `{"checklist":{"a":1},"state":"待审批"}`, `{"checklist":{"a":2},"state":"待审批"}`,
			`{"checklist":{"a":3},"state":"待审批"}`, "", []string{"checklist.a"}},
		{"draft document", model.KindDocument, `{"fields":{"a":1,"b":1},"state":"草稿"}`, `{"fields":{"a":2,"b":1},"state":"草稿"}`,
			`{"fields":{"a":1,"b":2},"state":"草稿"}`, `{"fields":{"a":2,"b":2},"state":"草稿"}`, nil},
		{"issued on one side", model.KindDocument, `{"fields":{},"state":"草稿"}`, `{"fields":{},"issued":{"number":"1"},"state":"已签发"}`,
			`{"fields":{"a":1},"state":"草稿"}`, "", []string{"fields", "issued", "state"}},
		{"events of an issued document", model.KindDocument, `{"events":[],"state":"已签发"}`, `{"events":[1],"state":"已签发"}`,
			`{"events":[2],"state":"已签发"}`, "", []string{"events"}},
		{"legal field against any other", model.KindCase, `{"cause":"","due_by":"","state":"调查"}`, `{"cause":"","due_by":"2026-01-01","state":"调查"}`,
			`{"cause":"欠薪","due_by":"","state":"调查"}`, "", []string{"due_by"}},
		{"legal field beside one both changed", model.KindOfficer, `{"cert_no":"1","name":"a","unit":"u"}`, `{"cert_no":"2","name":"b","unit":"u"}`,
			`{"cert_no":"1","name":"c","unit":"v"}`, "", []string{"cert_no", "name"}},
		{"legal field both changed", model.KindOfficer, `{"cert_no":"1","name":"a"}`, `{"cert_no":"2","name":"b"}`, `{"cert_no":"3","name":"c"}`, "", []string{"cert_no", "name"}},
		{"legal field beside a map", model.KindEntry, `{"fields":{"a":1,"b":1},"struck":false}`, `{"fields":{"a":2,"b":2},"struck":true}`,
			`{"fields":{"a":3,"b":1},"struck":false}`, "", []string{"fields.a", "struck"}},
		{"change of state", model.KindLead, `{"claim":"","state":"已登记"}`, `{"claim":"","state":"已受理"}`, `{"claim":"x","state":"已登记"}`, "", []string{"claim", "state"}},
		{"a service never merges", model.KindService, `{"phone":"","place":""}`, `{"phone":"1","place":""}`, `{"phone":"","place":"p"}`, "", []string{"phone", "place"}},
		{"kind of a newer program", "tax", `{"a":1,"b":1}`, `{"a":2,"b":1}`, `{"a":1,"b":2}`, "", []string{"a", "b"}},
		{"no common origin", model.KindEmployer, "", `{"phone":"1"}`, `{"note":"n"}`, "", []string{"note", "phone"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var base []byte
			if test.base != "" {
				base = []byte(test.base)
			}
			for _, sides := range [][2]string{{test.ours, test.theirs}, {test.theirs, test.ours}} {
				got, fields, err := Three(test.kind, base, []byte(sides[0]), []byte(sides[1]))
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != test.want || !slices.Equal(fields, test.fields) {
					t.Errorf("got %s, fields %v; want %s, fields %v", got, fields, test.want, test.fields)
				}
			}
		})
	}
}

// TestEarlierEndStands: what ends once and was ended twice ended when it did
// first.
func TestEarlierEndStands(t *testing.T) {
	pack := func(state, withdrawn string) []byte {
		return []byte(`{"form":"D90","state":"` + state + `"` + withdrawn + `}`)
	}
	in := pack(model.FormPackageInstalled, "")
	first := pack(model.FormPackageWithdrawn, `,"withdrawn":{"at":"2026-09-03T10:00:00+08:00","by":"b","reason":"有错误"}`)
	later := pack(model.FormPackageWithdrawn, `,"withdrawn":{"at":"2026-09-03T09:30:00Z","by":"a","reason":"有新版"}`)
	for _, sides := range [][2][]byte{{first, later}, {later, first}} {
		merged, fields, err := Three(model.KindFormPackage, in, sides[0], sides[1])
		if err != nil || len(fields) > 0 || !bytes.Equal(merged, first) {
			t.Errorf("withdrawn twice: %s %v %v", merged, fields, err)
		}
	}
	key := func(revoked string) []byte { return []byte(`{"id":"k"` + revoked + `}`) }
	one, two := key(`,"revoked":"2026-09-03T00:00:00Z"`), key(`,"revoked":"2026-09-04T00:00:00Z"`)
	if merged, fields, err := Three(model.KindIssuerKey, key(""), two, one); err != nil || len(fields) > 0 || !bytes.Equal(merged, one) {
		t.Errorf("revoked twice: %s %v %v", merged, fields, err)
	}
	odd := key(`,"revoked":"gestern"`)
	if _, fields, err := Three(model.KindIssuerKey, key(""), one, odd); err != nil || len(fields) != 1 {
		t.Errorf("revoked at no time: %v %v", fields, err)
	}
}

func TestThreeRefusesWhatIsNoRecord(t *testing.T) {
	if _, _, err := Three(model.KindSite, []byte(`{}`), []byte(`[1]`), []byte(`{}`)); err == nil {
		t.Error("a list is no record")
	}
}

// body draws an employer-like object over few members and values, so that
// every way two sides can meet comes up.
func body(t *rapid.T, name string) []byte {
	m := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), rapid.IntRange(0, 2), 0, 4).Draw(t, name)
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestThreeLaws: the order of the sides does not matter, one side's change
// alone is taken whole, and a merge holds every change of both sides.
func TestThreeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, x, y := body(t, "base"), body(t, "x"), body(t, "y")
		m1, f1, err1 := Three(model.KindEmployer, base, x, y)
		m2, f2, err2 := Three(model.KindEmployer, base, y, x)
		if err1 != nil || err2 != nil || !bytes.Equal(m1, m2) || !slices.Equal(f1, f2) {
			t.Fatalf("not symmetric: %s %v %v / %s %v %v", m1, f1, err1, m2, f2, err2)
		}
		if one, _, _ := Three(model.KindEmployer, base, x, base); !bytes.Equal(one, x) {
			t.Fatalf("one side alone: %s, want %s", one, x)
		}
		if len(f1) > 0 {
			return
		}
		var b, m object
		for raw, into := range map[string]*object{string(base): &b, string(m1): &m} {
			if err := json.Unmarshal([]byte(raw), into); err != nil {
				t.Fatal(err)
			}
		}
		for _, side := range [][]byte{x, y} {
			var s object
			if err := json.Unmarshal(side, &s); err != nil {
				t.Fatal(err)
			}
			for _, name := range changed(b, s) {
				if !bytes.Equal(m[name], s[name]) {
					t.Fatalf("change of %q lost: base %s, sides %s %s, merged %s", name, base, x, y, m1)
				}
			}
		}
	})
}

// TestNothingVanishesUnseen: whatever the kind, a member both sides changed
// differently is among the fields of the conflict, whole or by its own members,
// unless the policy joins the two.
func TestNothingVanishesUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(policies))).Draw(t, "kind")
		p := policies[kind]
		names := append(slices.Clone(p.legal), "note", "phone", "other")
		var raw [3][]byte
		var sides [3]object
		for i := range raw {
			m := rapid.MapOfN(rapid.SampledFrom(names), rapid.IntRange(0, 2), 0, 6).Draw(t, "side")
			if len(p.drafts) > 0 && rapid.Bool().Draw(t, "draft") {
				delete(m, "state")
			}
			members := map[string]any{}
			for name, v := range m {
				members[name] = v
			}
			if _, left := m["state"]; !left && len(p.drafts) > 0 {
				members["state"] = p.drafts[0]
			}
			out, err := json.Marshal(members)
			if err == nil {
				raw[i] = out
				err = json.Unmarshal(out, &sides[i])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		_, fields, err := Three(kind, raw[0], raw[1], raw[2])
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(raw[1], raw[2]) {
			return
		}
		mine, yours := changed(sides[0], sides[1]), changed(sides[0], sides[2])
		for _, name := range mine {
			if slices.Contains(yours, name) && !bytes.Equal(sides[1][name], sides[2][name]) && !slices.Contains(fields, name) {
				t.Fatalf("%s: %q of %s, %s and %s is not among %v", kind, name, raw[0], raw[1], raw[2], fields)
			}
		}
		if !slices.IsSorted(fields) || len(slices.Compact(slices.Clone(fields))) != len(fields) {
			t.Fatalf("fields %v", fields)
		}
	})
}

func TestGraph(t *testing.T) {
	// 1-r ─ 2-a ─ 3-m ─ 4-z
	//     └ 2-b ┘
	//     └ 2-c
	g := Graph{"1-r": nil, "2-a": {"1-r"}, "2-b": {"1-r"}, "2-c": {"1-r"}, "3-m": {"2-a", "2-b"}, "4-z": {"3-m"}}
	if got := fmt.Sprint(g.Leaves()); got != "[2-c 4-z]" {
		t.Errorf("leaves %s", got)
	}
	for _, test := range []struct {
		a, b, base model.Rev
	}{{"2-a", "2-b", "1-r"}, {"4-z", "2-b", "2-b"}, {"4-z", "2-c", "1-r"}, {"2-c", "9-unknown", ""}} {
		if got := g.Base(test.a, test.b); got != test.base {
			t.Errorf("base of %s and %s: %q, want %q", test.a, test.b, got, test.base)
		}
		if got := g.Base(test.b, test.a); got != test.base {
			t.Errorf("base of %s and %s: %q, want %q", test.b, test.a, got, test.base)
		}
	}
	if !g.Descends("4-z", "2-b") || g.Descends("2-b", "4-z") || !g.Descends("2-c", "2-c") {
		t.Error("descent")
	}
}

func FuzzThree(f *testing.F) {
	f.Add("site", `{"subs":["a"]}`, `{"subs":[]}`, `{"subs":null}`)
	f.Add("document", `{"state":"草稿","fields":{"a":1}}`, `{"state":"草稿"}`, `{"state":"草稿","fields":[]}`)
	f.Add("employer", `{`, `{}`, `{}`)
	f.Fuzz(func(t *testing.T, kind, base, ours, theirs string) {
		got, fields, err := Three(model.Kind(kind), []byte(base), []byte(ours), []byte(theirs))
		if err == nil && len(fields) == 0 && !json.Valid(got) && json.Valid([]byte(ours)) {
			t.Errorf("no JSON: %s", got)
		}
	})
}
