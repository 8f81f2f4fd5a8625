package casework

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"anxin/model"
)

// settling is a journal with one record; it writes down what is committed.
type settling struct {
	Journal
	head  model.Head
	batch model.Batch
	fail  error
}

func (s *settling) Head(_ context.Context, id model.ID) (model.Head, error) {
	if id != s.head.ID {
		return model.Head{}, model.ErrNotFound
	}
	return s.head, nil
}

func (s *settling) Commit(_ context.Context, b model.Batch) ([]model.Revision, error) {
	s.batch = b
	return make([]model.Revision, len(b.Changes)), s.fail
}

func TestSettleKeepsWhatStandsHere(t *testing.T) {
	body, err := json.Marshal(&model.Employer{Name: "武陵装饰有限公司", Phone: "0736-6620001"})
	if err != nil {
		t.Fatal(err)
	}
	j := &settling{head: model.Head{ID: "e", Kind: model.KindEmployer, Rev: "2-ours", Body: body}}
	d := NewDesk(Rooms{Journal: j}, "me")
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
