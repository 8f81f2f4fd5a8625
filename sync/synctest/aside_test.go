package synctest

import (
	"context"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// TestAsideUntilReleased: what the hub set aside stays in sight on the laptop with
// its reason, whatever else is exchanged, until somebody at the bureau lets it pass.
func TestAsideUntilReleased(t *testing.T) {
	ctx := context.Background()
	for name, world := range map[string]func() *World{
		"memory": func() *World { return newMemWorld(t, []string{"甲县/东街", "甲县/西街"}, 1, Bugs{}) },
		"disk":   func() *World { return newDiskWorld(t, []string{"甲县/东街", "甲县/西街"}, Bugs{}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := world()
			east, west := w.Laptops[0], w.Laptops[1]
			may := func(role string) { w.Check(w.Hub.Grant(ctx, east.device.ID, "甲县/西街", role)) }
			may(hub.RoleWrite)
			theirs := west.Put("", "", modeltest.Employer(1))
			west.Sync()
			east.Sync()
			may(hub.RoleRead)
			first := east.Put(theirs.Record, theirs.Rev, modeltest.Employer(2))
			second := east.Put(theirs.Record, first.Rev, modeltest.Employer(3))
			aside := func(when string, want ...model.Rev) (list []model.Aside) {
				t.Helper()
				list, err := east.Store.Aside(ctx)
				w.Check(err)
				if len(list) != len(want) {
					t.Fatalf("%s: %d set aside, want %d: %+v", when, len(list), len(want), list)
				}
				for i, a := range list {
					if a.Rev != want[i] || a.Record != theirs.Record || a.Kind != model.KindEmployer || a.Reason == "" || a.Time.IsZero() || a.Position == 0 {
						t.Errorf("%s: %+v", when, a)
					}
				}
				return list
			}
			aside("before")
			east.Sync()
			list := aside("refused", first.Rev, second.Rev)
			if !strings.Contains(list[0].Reason, "甲县/西街") {
				t.Errorf("the reason is %q", list[0].Reason)
			}
			east.Put("", "", modeltest.Employer(4))
			east.Sync()
			aside("still", first.Rev, second.Rev)
			w.Check(w.Hub.Release(ctx, list[0].Position, "局长"))
			east.Sync()
			aside("one released", second.Rev)
			w.Check(w.Hub.Release(ctx, list[1].Position, "局长"))
			east.Sync()
			aside("released")
			if faults := east.verify(); len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}
