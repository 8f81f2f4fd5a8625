package office

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"anxin/app/casework"
	"anxin/model"
	"anxin/sync/merge"
)

// apart is a journal with one record in conflict; it keeps what settles it.
type apart struct {
	casework.Journal
	head    model.Head
	revs    []model.Revision
	settled model.Record
}

func (a *apart) Head(context.Context, model.ID) (model.Head, error) { return a.head, nil }

func (a *apart) History(context.Context, model.ID) ([]model.Revision, error) { return a.revs, nil }

func (a *apart) Commit(_ context.Context, b model.Batch) ([]model.Revision, error) {
	a.settled = b.Changes[0].Record
	return make([]model.Revision, 1), nil
}

// encoded is a record's body, open its members.
func encoded(t *rapid.T, r model.Record) []byte {
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func opened(t *rapid.T, raw []byte) (out map[string]json.RawMessage) {
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// some draws a text of few, so that sides often agree and often do not.
func some(t *rapid.T, of ...string) string { return rapid.SampledFrom(of).Draw(t, "text") }

func someOfficer(t *rapid.T) model.Record {
	return &model.Officer{Name: some(t, "甲", "乙", "丙"), Unit: some(t, "一队", "二队", "三队"), Duty: some(t, "", "队长", "队员"), CertNo: some(t, "1", "2", "3"),
		Role: some(t, "inspector", "head"), ValidTo: model.Date(some(t, "2027-01-01", "2028-01-01")), Suspended: rapid.Bool().Draw(t, "suspended")}
}

func someCase(t *rapid.T) model.Record {
	return &model.Case{State: some(t, model.CaseInvestigating, model.CaseInvestigating, model.CaseInvestigating, "结案"), Cause: some(t, "欠薪", "未签合同", "未登记"),
		Employer: model.ID(some(t, "", "e", "f")), Site: model.ID(some(t, "", "s", "u")), DueBy: model.Date(some(t, "", "2026-12-01", "2026-12-31")),
		BreachEnded: model.Date(some(t, "", "", "2026-09-01")), Lead: model.ID(some(t, "", "l"))}
}

// Whatever two officers did to a record of a kind with fields that carry weight
// in law, settling their conflict loses nothing unseen: what both changed is
// shown and stands as was chosen, what one changed and nobody was asked about
// stands. A conflict may have been written down with fewer fields than differ.
func TestSettlingLosesNothingUnseen(t *testing.T) {
	for kind, body := range map[model.Kind]func(*rapid.T) model.Record{model.KindOfficer: someOfficer, model.KindCase: someCase} {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { settleOnce(t, kind, encoded(t, body(t)), encoded(t, body(t)), encoded(t, body(t))) })
		})
	}
}

func settleOnce(t *rapid.T, kind model.Kind, base, ours, theirs []byte) {
	_, fields, err := merge.Three(kind, base, ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if len(fields) == 0 {
		return // joined, or the same
	}
	known := slices.DeleteFunc(slices.Clone(fields), func(string) bool { return rapid.Bool().Draw(t, "unknown") })
	j := &apart{head: model.Head{ID: "r", Kind: kind, Rev: "2-ours", Body: ours},
		revs: []model.Revision{{Rev: "1-base", Kind: kind, Body: base}, {Rev: "2-ours", Kind: kind, Body: ours}, {Rev: "2-theirs", Kind: kind, Body: theirs}}}
	for i := range j.revs {
		j.revs[i].Schema = model.Schema(kind)
	}
	desk := casework.NewDesk(casework.Rooms{Journal: j, Merge: merge.Three}, "me")
	c := model.Conflict{Record: "r", Kind: kind, Base: "1-base", Ours: "2-ours", Theirs: "2-theirs", Fields: known}
	sides, err := desk.Sides(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var take []string
	shown := map[string]bool{}
	for _, s := range sides {
		shown[s.Field] = true
		if rapid.Bool().Draw(t, "take "+s.Field) {
			take = append(take, s.Field)
		}
	}
	if err := desk.Settle(t.Context(), c, take...); err != nil {
		t.Fatal(err)
	}
	b, x, y, got := opened(t, base), opened(t, ours), opened(t, theirs), opened(t, encoded(t, j.settled))
	names := maps.Clone(b)
	maps.Copy(names, x)
	maps.Copy(names, y)
	for name := range names {
		want := x[name]
		switch {
		case shown[name] && slices.Contains(take, name), !shown[name] && bytes.Equal(x[name], b[name]):
			want = y[name]
		case !shown[name] && !bytes.Equal(y[name], b[name]) && !bytes.Equal(x[name], y[name]):
			t.Fatalf("%s: both changed it and nobody was shown it: base %s, sides %s and %s, shown %v", name, base, ours, theirs, shown)
		}
		if !bytes.Equal(got[name], want) {
			t.Fatalf("%s is %s, want %s: base %s, sides %s and %s, taken %v of %v", name, got[name], want, base, ours, theirs, take, shown)
		}
	}
}
