package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// plant gives a kind steps for the time of a test.
func plant(t *testing.T, kind Kind, steps ...upcaster) {
	t.Helper()
	upcasters[kind] = steps
	t.Cleanup(func() { delete(upcasters, kind) })
}

func TestAnOlderShapeIsReadAsThePresentOne(t *testing.T) {
	plant(t, KindEmployer,
		func(b map[string]json.RawMessage) error { // 1 → 2: a member takes another name
			b["name"] = b["title"]
			delete(b, "title")
			return nil
		},
		func(b map[string]json.RawMessage) error { // 2 → 3: text becomes a number
			b["headcount"] = json.RawMessage(strings.Trim(string(b["headcount"]), `"`))
			return nil
		})
	if got := Schema(KindEmployer); got != 3 {
		t.Fatalf("writes schema %d, want 3", got)
	}
	for _, c := range []struct {
		name   string
		schema int
		body   string
	}{
		{"from the first", 1, `{"title":"众力","headcount":"28","kept":[1]}`},
		{"from the second", 2, `{"name":"众力","headcount":"28","kept":[1]}`},
		{"the present one", 3, `{"name":"众力","headcount":28,"kept":[1]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			signed := Revision{Rev: "r", Kind: KindEmployer, Schema: c.schema, Body: json.RawMessage(c.body), Sig: []byte{1}}
			r, err := Upcast(signed)
			if err != nil {
				t.Fatal(err)
			}
			e, err := As[Employer](r.Body)
			if err != nil || e.Name != "众力" || e.Headcount != 28 || r.Schema != 3 {
				t.Errorf("%s: %+v schema %d, %v", r.Body, e, r.Schema, err)
			}
			if !strings.Contains(string(r.Body), `"kept":[1]`) {
				t.Errorf("a member no step names is lost: %s", r.Body)
			}
			if r.Rev != "r" || len(r.Sig) != 1 || string(signed.Body) != c.body {
				t.Error("what was signed changed")
			}
		})
	}
}

func TestWhatIsNotOlderStaysAsItIs(t *testing.T) {
	plant(t, KindSite, func(map[string]json.RawMessage) error { return errors.New("not to be called") })
	for _, r := range []Revision{
		{Kind: KindSite, Schema: 2, Body: json.RawMessage(`{}`)},
		{Kind: KindSite, Schema: 7, Body: json.RawMessage(`{"new":1}`)}, // of a newer program
		{Kind: KindGrid, Schema: 1, Body: json.RawMessage(`{}`)},        // a kind without steps
		{Kind: "later", Schema: 1, Body: json.RawMessage(`{}`)},
	} {
		if got, err := Upcast(r); err != nil || string(got.Body) != string(r.Body) || got.Schema != r.Schema {
			t.Errorf("%s %d became %s %d, %v", r.Kind, r.Schema, got.Body, got.Schema, err)
		}
	}
}

func TestAStepThatFailsIsNamed(t *testing.T) {
	plant(t, KindSite, func(map[string]json.RawMessage) error { return nil },
		func(map[string]json.RawMessage) error { return errors.New("没有日期") })
	_, err := Upcast(Revision{Kind: KindSite, Schema: 1, Body: json.RawMessage(`{}`)})
	if err == nil || !strings.Contains(err.Error(), "从第 2 版格式转为第 3 版: 没有日期") {
		t.Errorf("got %v", err)
	}
	if _, err := Upcast(Revision{Kind: KindSite, Schema: 1, Body: json.RawMessage(`[]`)}); err == nil {
		t.Error("a body that is no object was cast")
	}
}
