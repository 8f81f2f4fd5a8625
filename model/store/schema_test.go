package store_test

import (
	"encoding/json"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

// noteOfPhone reads every employer as one of an older shape: what it calls
// phone is called note today.
func noteOfPhone(r model.Revision) (model.Revision, error) {
	if r.Kind != model.KindEmployer {
		return r, nil
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return r, err
	}
	body["note"], body["phone"] = body["phone"], json.RawMessage(`""`)
	cast, err := json.Marshal(body)
	r.Body = cast
	return r, err
}

func TestAnOlderShapeIsReadAndWhatWasSignedStays(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	e := modeltest.Employer(1)
	e.Phone, e.Note = "0736-7221234", ""
	revs, err := l.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: e}}})
	if err != nil {
		t.Fatal(err)
	}
	id := revs[0].Record
	l.Reopen(t, func(o *store.Options) { o.Upcast = noteOfPhone })
	h, err := l.Head(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := model.As[model.Employer](h.Body); err != nil || got.Note != e.Phone || got.Phone != "" {
		t.Errorf("read as %+v, %v", got, err)
	}
	past, err := l.History(ctx, id)
	if err != nil || len(past) != 1 || !strings.Contains(string(past[0].Body), `"phone":"0736-7221234"`) {
		t.Errorf("the journal holds %s, %v", past[0].Body, err)
	}
	ops, err := l.Ops(ctx, 0, 10)
	if err != nil || !strings.Contains(string(ops[0].Revision.Body), `"phone":"0736-7221234"`) {
		t.Errorf("sends %s, %v", ops[0].Revision.Body, err)
	}
	report, err := l.Verify(ctx)
	if err != nil || len(report.Faults) != 0 {
		t.Errorf("verify: %+v, %v", report, err)
	}
}
