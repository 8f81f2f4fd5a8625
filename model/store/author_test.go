package store_test

import (
	"errors"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// A laptop does not revoke the key of another: the hub would set it aside, and
// till then its own papers would be told from the colleague's wrongly.
func TestAKeyIsItsOwnDevices(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	key := &model.IssuerKey{PublicKey: model.PublicKey{ID: "k", Alg: "sm2", Device: a.Device().ID, From: modeltest.Day}}
	announced := a.Save(t, model.Change{Record: key})[0]
	pull(t, b, announced)
	revoked := *key
	revoked.Revoked = modeltest.Day.AddDate(0, 0, 1)
	change := model.Change{ID: announced.Record, Base: announced.Rev, Record: &revoked}
	if _, err := b.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{{Record: modeltest.Employer(1)}, change}}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("got %v", err)
	}
	counts(t, b, model.Query{}, 1)
	waiting(t, b, 0, 0)
	again := b.Save(t, model.Change{ID: announced.Record, Base: announced.Rev, Record: key})[0] // says nothing new
	if again.Rev != announced.Rev {
		t.Errorf("the same key became %s after %s", again.Rev, announced.Rev)
	}
	pull(t, b, a.Save(t, change)...)
	h, err := b.Head(ctx, announced.Record)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := model.As[model.IssuerKey](h.Body); err != nil || !got.Revoked.Equal(revoked.Revoked) {
		t.Errorf("its own device revoked it: %+v, %v", got, err)
	}
	sound(t, b)
}
