package casework

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"anxin/model"
)

// settling is a journal with one record; it writes down what is committed.
type settling struct {
	Journal
	head  model.Head
	revs  []model.Revision
	batch model.Batch
	fail  error
}

func (s *settling) Head(_ context.Context, id model.ID) (model.Head, error) {
	if id != s.head.ID {
		return model.Head{}, model.ErrNotFound
	}
	return s.head, nil
}

func (s *settling) History(context.Context, model.ID) ([]model.Revision, error) { return s.revs, nil }

func (s *settling) Commit(_ context.Context, b model.Batch) ([]model.Revision, error) {
	s.batch = b
	return make([]model.Revision, len(b.Changes)), s.fail
}

// apart joins members of the first level, and those of the checklist.
func apart(kind model.Kind, base, ours, theirs []byte) ([]byte, []string, error) {
	b, x, y := jsonMembers(base), jsonMembers(ours), jsonMembers(theirs)
	var open []string
	for _, name := range slices.Sorted(maps.Keys(y)) {
		switch {
		case string(x[name]) == string(b[name]):
			x[name] = y[name]
		case string(x[name]) == string(y[name]) || string(y[name]) == string(b[name]):
		case name == "checklist":
			merged, within, err := apart(kind, b[name], x[name], y[name])
			if err != nil {
				return nil, nil, err
			}
			x[name] = merged
			for _, f := range within {
				open = append(open, name+"."+f)
			}
		default:
			open = append(open, name)
		}
	}
	merged, err := json.Marshal(x)
	return merged, open, err
}

func TestSettleKeepsWhatStandsHere(t *testing.T) {
	body, err := json.Marshal(&model.Employer{Name: "武陵装饰有限公司", Phone: "0736-6620001"})
	if err != nil {
		t.Fatal(err)
	}
	j := &settling{head: model.Head{ID: "e", Kind: model.KindEmployer, Rev: "2-ours", Body: body},
		revs: []model.Revision{{Rev: "2-theirs", Body: []byte(`{"name":"武陵装饰有限公司","phone":"0736-6620002"}`)}}}
	d := NewDesk(Rooms{Journal: j, Merge: apart}, "me")
	c := model.Conflict{Record: "e", Kind: model.KindEmployer, Base: "1-base", Ours: "2-then", Theirs: "2-theirs", Fields: []string{"phone"}}
	if err := d.Settle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if j.batch.Author != "me" || len(j.batch.Changes) != 1 {
		t.Fatalf("committed %+v", j.batch)
	}
	got := j.batch.Changes[0]
	if got.ID != "e" || got.Base != "2-ours" || got.Settles != "2-theirs" || got.Record.(*model.Employer).Phone != "0736-6620001" {
		t.Errorf("committed %+v", got)
	}
	j.fail = model.ErrFrozen
	if err := d.Settle(t.Context(), c); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("an issued paper: %v", err)
	}
	c.Record = "gone"
	if err := d.Settle(t.Context(), c); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a record that is not here: %v", err)
	}
}

func TestSettleTakesFieldsOver(t *testing.T) {
	body := func(phone, rep string) json.RawMessage {
		raw, err := json.Marshal(&model.Employer{Name: "武陵装饰有限公司", Phone: phone, LegalRep: rep})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	j := &settling{head: model.Head{ID: "e", Kind: model.KindEmployer, Rev: "2-ours", Body: body("2", "乙")},
		revs: []model.Revision{{Rev: "1-base", Body: body("1", "甲")}, {Rev: "2-ours", Body: body("2", "乙")}, {Rev: "2-theirs", Body: body("3", "丙")}}}
	d := NewDesk(Rooms{Journal: j, Merge: apart}, "me")
	c := model.Conflict{Record: "e", Kind: model.KindEmployer, Base: "1-base", Ours: "2-ours", Theirs: "2-theirs", Fields: []string{"phone", "legal_rep"}}
	sides, err := d.Sides(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if len(sides) != 2 || string(sides[0].Base)+string(sides[0].Ours)+string(sides[0].Theirs) != `"1""2""3"` || string(sides[1].Theirs) != `"丙"` {
		t.Errorf("sides %s", sides)
	}
	if err := d.Settle(t.Context(), c, "legal_rep"); err != nil {
		t.Fatal(err)
	}
	got := j.batch.Changes[0]
	if v := got.Record.(*model.Employer); v.Phone != "2" || v.LegalRep != "丙" || got.Settles != "2-theirs" || got.Base != "2-ours" {
		t.Errorf("committed %+v of %+v", v, got)
	}
	if err := d.Settle(t.Context(), c, "name"); err == nil {
		t.Error("a field that is not in conflict was taken over")
	}
	j.revs = j.revs[:2]
	if _, err := d.Sides(t.Context(), c); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("without the other version: %v", err)
	}
}

// A member of an object within the record, an answer of the checklist or a field
// of a paper, is shown from all three sides and taken over alone.
func TestSettleTakesMembersWithinOver(t *testing.T) {
	body := func(place string, answers map[string]any) json.RawMessage {
		raw, err := json.Marshal(&model.Inspection{Matter: "工资支付情况", Place: place, Checklist: answers})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	ours := body("项目部", map[string]any{"C14": "breach", "C14_note": "28名", "C20": "ok"})
	j := &settling{head: model.Head{ID: "v", Kind: model.KindInspection, Rev: "2-ours", Body: ours},
		revs: []model.Revision{{Rev: "1-base", Body: body("项目部", map[string]any{"C14_note": "1名"})}, {Rev: "2-ours", Body: ours},
			{Rev: "2-theirs", Body: body("工地", map[string]any{"C14_note": "30名", "C20": "ok"})}}}
	d := NewDesk(Rooms{Journal: j, Merge: apart}, "me")
	c := model.Conflict{Record: "v", Kind: model.KindInspection, Base: "1-base", Ours: "2-ours", Theirs: "2-theirs", Fields: []string{"checklist.C14", "checklist.C14_note", "place"}}
	sides, err := d.Sides(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if s := sides[1]; string(s.Base)+string(s.Ours)+string(s.Theirs) != `"1名""28名""30名"` {
		t.Errorf("the note is %s", sides)
	}
	if s := sides[0]; s.Base != nil || string(s.Ours) != `"breach"` || s.Theirs != nil {
		t.Errorf("the verdict is %s", sides)
	}
	if err := d.Settle(t.Context(), c, "checklist.C14", "checklist.C14_note"); err != nil {
		t.Fatal(err)
	}
	v := j.batch.Changes[0].Record.(*model.Inspection)
	if _, left := v.Checklist["C14"]; left || v.Checklist["C14_note"] != "30名" || v.Checklist["C20"] != "ok" || v.Place != "项目部" {
		t.Errorf("settled as %+v", v)
	}
}

// What only one of the two changed is not in conflict, and is not lost with the
// side that gave way; a field both changed since is shown with the others.
func TestSettleJoinsWhatOnlyOneChanged(t *testing.T) {
	body := func(e model.Employer) json.RawMessage {
		e.Name = "武陵装饰有限公司"
		raw, err := json.Marshal(&e)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	then := body(model.Employer{Phone: "2", LegalRep: "乙"})
	ours := body(model.Employer{Phone: "2", LegalRep: "乙", Note: "这里后来写的"})
	j := &settling{head: model.Head{ID: "e", Kind: model.KindEmployer, Rev: "3-ours", Body: ours},
		revs: []model.Revision{{Rev: "1-base", Body: body(model.Employer{Phone: "1"})}, {Rev: "2-ours", Body: then}, {Rev: "3-ours", Body: ours},
			{Rev: "2-theirs", Body: body(model.Employer{Phone: "3", Address: "滨河路1号", Note: "那里写的"})}}}
	d := NewDesk(Rooms{Journal: j, Merge: apart}, "me")
	c := model.Conflict{Record: "e", Kind: model.KindEmployer, Base: "1-base", Ours: "2-ours", Theirs: "2-theirs", Fields: []string{"phone"}}
	if err := d.Settle(t.Context(), c); err == nil || j.batch.Changes != nil {
		t.Errorf("what nobody was shown was settled: %v", err)
	}
	c.Ours = "3-ours" // as the list of conflicts says it now
	sides, err := d.Sides(t.Context(), c)
	if err != nil || len(sides) != 2 || sides[1].Field != "note" || string(sides[1].Theirs) != `"那里写的"` {
		t.Fatalf("sides %s: %v", sides, err)
	}
	for _, take := range [][]string{nil, {"phone"}, {"note"}} {
		if err := d.Settle(t.Context(), c, take...); err != nil {
			t.Fatal(err)
		}
		want := model.Employer{Name: "武陵装饰有限公司", Phone: "2", LegalRep: "乙", Address: "滨河路1号", Note: "这里后来写的"}
		switch {
		case slices.Contains(take, "phone"):
			want.Phone = "3"
		case slices.Contains(take, "note"):
			want.Note = "那里写的"
		}
		if got := j.batch.Changes[0].Record.(*model.Employer); !reflect.DeepEqual(*got, want) {
			t.Errorf("taking %v over: settled as %+v", take, got)
		}
	}
	c.Base = "0-gone"
	if err := d.Settle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got := j.batch.Changes[0].Record.(*model.Employer); got.Phone != "2" || got.Address != "" {
		t.Errorf("without a base: settled as %+v", got)
	}
}
