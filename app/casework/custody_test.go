package casework

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
)

func TestCustodyIsReadInOrder(t *testing.T) {
	d, l := laptopDesk(t)
	ctx := t.Context()
	raw := withNotes(jpegOf(t, picture(40, 30)), 1, "2026:09:17 15:04:05", "", 28.9, 111.4)
	k, err := d.AddEvidence(ctx, EvidenceIn{Name: "a.jpg"}, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	other, err := d.AddEvidence(ctx, EvidenceIn{Name: "b.txt"}, bytes.NewReader([]byte("别的")))
	if err != nil {
		t.Fatal(err)
	}
	colleague := NewDesk(d.Rooms, modeltest.ID(1, 999))
	for _, err := range []error{
		d.EvidenceViewed(ctx, k.ID), d.EvidenceViewed(ctx, k.ID), colleague.EvidenceViewed(ctx, k.ID),
		d.EvidencePrinted(ctx, "默认打印机", k.ID), d.EvidenceViewed(ctx, other.ID), d.EvidenceExported(ctx, "案卷包", k.ID, other.ID),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l.Clock.Move(24 * time.Hour)
	if err := d.EvidenceViewed(ctx, k.ID); err != nil {
		t.Fatal(err)
	}
	chain, err := d.Custody(ctx, k.ID)
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, chain)
	if chain[3].By != colleague.Officer() || chain[4].Note != "默认打印机" || chain[0].Note == "" {
		t.Errorf("%+v", chain)
	}
	if rep, err := l.Verify(ctx); err != nil || len(rep.Faults) > 0 {
		t.Errorf("%v, %v", rep.Faults, err)
	}
}

func inOrder(t *testing.T, chain []CustodyStep) {
	t.Helper()
	var events []string
	for i, s := range chain {
		events = append(events, s.Event)
		if i > 0 && s.At.Before(chain[i-1].At) {
			t.Errorf("step %d is before the one before it", i)
		}
		if s.Event != model.CustodyTaken && (s.By == "" || s.Device != modeltest.Device(1).ID) {
			t.Errorf("%+v does not say who and where", s)
		}
	}
	want := []string{model.CustodyTaken, model.CustodyImported, model.CustodyViewed, model.CustodyViewed, model.CustodyPrinted, model.CustodyExported, model.CustodyViewed}
	if !slices.Equal(events, want) {
		t.Errorf("%v", events)
	}
}

func TestCustodyCannotBeRewritten(t *testing.T) {
	d, l := laptopDesk(t)
	ctx := t.Context()
	k, err := d.AddEvidence(ctx, EvidenceIn{Name: "b.txt"}, bytes.NewReader([]byte("甲")))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.EvidenceViewed(ctx, k.ID); err != nil {
		t.Fatal(err)
	}
	heads, err := l.List(ctx, model.Query{Kind: model.KindCustody})
	if err != nil || len(heads) != 1 {
		t.Fatalf("%d entries, %v", len(heads), err)
	}
	change := model.Change{ID: heads[0].ID, Base: heads[0].Rev, Record: &model.Custody{Evidence: k.ID, Event: model.CustodyPrinted}}
	if _, err := l.Commit(ctx, model.Batch{Changes: []model.Change{change}}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("rewritten: %v", err)
	}
	if err := d.EvidenceViewed(ctx, heads[0].ID); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("an entry taken for evidence: %v", err)
	}
	if _, err := d.Custody(ctx, heads[0].ID); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("the chain of an entry: %v", err)
	}
	if _, err := d.Custody(ctx, modeltest.ID(9, 9)); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("the chain of nothing: %v", err)
	}
}
