package casework

import (
	"slices"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// TestAPersonIsDrawnOnce: an officer whom two laptops entered is one officer,
// whatever their certificate's number was typed like, and keeps away from a unit
// under either record.
func TestAPersonIsDrawnOnce(t *testing.T) {
	l := newLottery(t)
	twin := modeltest.Officer(1)
	twin.CertNo = " " + twin.CertNo + " "
	second := l.put(twin)
	if second < l.officers[0] {
		t.Fatal("the twin was entered first")
	}
	for _, c := range []struct {
		name  string
		named []model.ID
		want  []model.ID
	}{
		{"everybody", nil, l.officers},
		{"the second record is named", []model.ID{second, l.officers[1], l.officers[2]}, []model.ID{l.officers[1], l.officers[2], second}},
	} {
		ask := l.asked()
		ask.Officers, ask.Pick = c.named, 12
		away := l.officers[0] // the record that is not drawn from
		if c.named == nil {
			away = second
		}
		ask.Recusals = []model.Recusal{{Officer: away, Unit: l.employers[4]}, {Officer: c.want[0], Unit: l.employers[5]}}
		id, err := l.desk.Draw(t.Context(), ask)
		l.sure(err)
		v, _, err := load[model.Draw](t.Context(), l.desk, id)
		l.sure(err)
		l.sure(l.desk.ProveDraw(t.Context(), id))
		if !slices.Equal(v.Officers, c.want) {
			t.Errorf("%s: drawn from %v, want %v", c.name, v.Officers, c.want)
		}
		if len(v.Recusals) != 2 || !slices.Contains(v.Officers, v.Recusals[0].Officer) || v.Recusals[0].Officer == away {
			t.Errorf("%s: recusals %+v", c.name, v.Recusals)
		}
		for _, p := range v.Pairs {
			for _, r := range v.Recusals {
				if p.Unit == r.Unit && slices.Contains(p.Officers, r.Officer) {
					t.Errorf("%s: %s must keep away from %s", c.name, r.Officer, r.Unit)
				}
			}
		}
	}
}

// TestWhatWasMergedIsDrawnAsOne: a visit noted under a record that was merged
// since counts for the one that stands for it, a site's general contractor is
// found through it, and so is who must keep away.
func TestWhatWasMergedIsDrawnAsOne(t *testing.T) {
	l := newLottery(t)
	merged := l.put(&model.Employer{Name: "同一家", Grid: "43072501001", Twin: model.Twin{MergedInto: l.employers[4]}})
	site := l.put(modeltest.Site(7, merged))
	again := l.put(&model.Site{Name: "同一工地", General: merged, Twin: model.Twin{MergedInto: l.site}})
	ask := l.asked()
	ask.SkipSeen, ask.Recusals = true, []model.Recusal{{Officer: l.officers[0], Unit: merged}}
	before, err := l.desk.Pool(t.Context(), ask)
	l.sure(err)
	id, err := l.desk.Draw(t.Context(), ask)
	l.sure(err)
	v, _, err := load[model.Draw](t.Context(), l.desk, id)
	l.sure(err)
	if v.Recusals[0].Unit != l.employers[4] {
		t.Errorf("keeps away from %s, want %s", v.Recusals[0].Unit, l.employers[4])
	}
	l.put(&model.Inspection{State: model.InspectionRecorded, Employer: merged, Site: again, Start: l.Clock.Now()})
	after, err := l.desk.Pool(t.Context(), ask)
	l.sure(err)
	if len(before.Units) != 12 || len(after.Units) != 11 || slices.ContainsFunc(after.Units, func(u model.DrawUnit) bool { return u.ID == l.employers[4] }) {
		t.Errorf("%d units before the visit, then %d", len(before.Units), len(after.Units))
	}
	ask.Of, ask.Pick, ask.Recusals = model.DrawSites, 1, nil
	pool, err := l.desk.Pool(t.Context(), ask)
	l.sure(err)
	if len(pool.Units) != 1 || pool.Units[0].ID != site || pool.Units[0].Grade != "A" || pool.Unbuilt != 1 {
		t.Errorf("sites %+v", pool)
	}
	id, err = l.desk.Draw(t.Context(), ask)
	l.sure(err)
	v, _, err = load[model.Draw](t.Context(), l.desk, id)
	l.sure(err)
	visit, _, err := load[model.Inspection](t.Context(), l.desk, v.Pairs[0].Visit)
	l.sure(err)
	if visit.Employer != l.employers[4] || visit.Site != site {
		t.Errorf("visit of %s at %s, want %s at %s", visit.Employer, visit.Site, l.employers[4], site)
	}
}
