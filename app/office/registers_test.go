package office

import (
	"testing"

	"anxin/app/casework"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
	"anxin/sync/merge"
)

// Two laptops merge the same two employers apart, each choosing other words, and
// hear of each other: nothing is in conflict, the earlier record stands on both,
// what either took over is taken over, and either may take the merge back.
func TestTwoLaptopsMergeTheSameEmployersApart(t *testing.T) {
	laptops := make([]*modeltest.Laptop, 2)
	desks := make([]*casework.Desk, 2)
	for i := range laptops {
		laptops[i] = modeltest.NewLaptop(t, i+1)
		laptops[i].Reopen(t, func(o *store.Options) { o.Merge = merge.Three })
		desks[i] = casework.NewDesk(casework.Rooms{Journal: laptops[i], Clock: laptops[i].Clock, IDs: laptops[i].IDs}, modeltest.ID(i+1, 900))
	}
	ctx := t.Context()
	exchange := func(ids ...model.ID) {
		t.Helper()
		for i, from := range laptops {
			for _, id := range ids {
				revs, err := from.History(ctx, id)
				if err == nil {
					_, err = laptops[1-i].Pulled(ctx, "430725", 1, revs)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	a := laptops[0].Save(t, model.Change{Record: &model.Employer{Name: "沅水劳务有限公司", Address: "旧街 1 号", Phone: "1"}})[0].Record
	b := laptops[0].Save(t, model.Change{Record: &model.Employer{Name: "沅水劳务", Address: "新街 2 号", Phone: "2"}})[0].Record
	revs, err := laptops[0].History(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	more, err := laptops[0].History(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := laptops[1].Pulled(ctx, "430725", 1, append(revs, more...)); err != nil {
		t.Fatal(err)
	}
	for i, later := range [][]string{{"phone"}, {"address"}} {
		c, err := desks[i].Compare(ctx, a, b)
		if err == nil {
			_, err = desks[i].MergeRegisters(ctx, c, later...)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	exchange(a, b)
	exchange(a, b) // the merge of one is the other's to hear
	for i, l := range laptops {
		if list, err := l.Conflicts(ctx); err != nil || len(list) > 0 {
			t.Errorf("laptop %d: conflicts %+v, %v", i, list, err)
		}
		for _, id := range []model.ID{a, b} {
			if got, err := desks[i].Standing(ctx, id); err != nil || got != a {
				t.Errorf("laptop %d: %s stands by %s, %v", i, id, got, err)
			}
		}
		h, err := l.Head(ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := model.As[model.Employer](h.Body); err != nil || e.Phone != "2" || e.Address != "新街 2 号" || e.Name != "沅水劳务有限公司" {
			t.Errorf("laptop %d: %+v, %v", i, e, err)
		}
	}
	if err := desks[1].Separate(ctx, b); err != nil {
		t.Fatal(err)
	}
	exchange(b)
	for i, d := range desks {
		if got, err := d.Standing(ctx, b); err != nil || got != b {
			t.Errorf("laptop %d: separated, and still stands by %s, %v", i, got, err)
		}
	}
}

// A talk noted on one laptop is heard on the other, and what both add to it is
// joined.
func TestAContactGoesFromLaptopToLaptop(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	ctx := t.Context()
	desk := func(l *modeltest.Laptop, n int) *casework.Desk {
		l.Reopen(t, func(o *store.Options) { o.Merge = merge.Three })
		return casework.NewDesk(casework.Rooms{Journal: l, Clock: l.Clock, IDs: l.IDs}, modeltest.ID(n, 900))
	}
	one, two := desk(a, 1), desk(b, 2)
	hear := func(from, to *modeltest.Laptop, ids ...model.ID) {
		t.Helper()
		for _, id := range ids {
			revs, err := from.History(ctx, id)
			if err == nil {
				_, err = to.Pulled(ctx, "430725", 1, revs)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	employer := a.Save(t, model.Change{Record: modeltest.Employer(1)})[0].Record
	talk := model.Contact{Employer: employer, At: modeltest.Day, Way: model.ContactCall, Person: "赵会计", Said: "周五打款"}
	id, err := one.NoteContact(ctx, "", "", talk)
	if err != nil {
		t.Fatal(err)
	}
	hear(a, b, employer, id)
	for i, d := range []*casework.Desk{one, two} {
		list, err := d.Contacts(ctx, employer)
		if err != nil || len(list) != 1 {
			t.Fatalf("laptop %d: %+v, %v", i, list, err)
		}
		c := *list[0].Value
		if i == 0 {
			c.Phone = "13907360001"
		} else {
			c.Next, c.NextBy = "查流水", "2026-09-25"
		}
		if _, err := d.NoteContact(ctx, id, list[0].Rev, c); err != nil {
			t.Fatal(err)
		}
	}
	hear(a, b, id)
	hear(b, a, id)
	for i, d := range []*casework.Desk{one, two} {
		list, err := d.Contacts(ctx, employer)
		if err != nil || len(list) != 1 || list[0].Value.Phone == "" || list[0].Value.Next == "" || list[0].Value.By != modeltest.ID(1, 900) {
			t.Errorf("laptop %d: %+v, %v", i, list, err)
		}
	}
}
