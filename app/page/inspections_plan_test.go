package page

import (
	"testing"

	"anxin/app/lang"
	"anxin/model"
)

func TestHelpersComeAlong(t *testing.T) {
	w := newWorld(t)
	visit, err := w.env.Desk.PlanVisit(t.Context(), model.Inspection{Type: "日常", Source: "计划", Matter: "工资支付情况", Employer: w.employer, Site: w.site,
		Officers: []model.ID{w.me, w.other}, Start: w.clock.Now().Add(2 * 3600e9), Place: "项目部"})
	sure(t, err)
	p := NewInspections(w.env, string(visit))
	w.show(p)
	w.screen.MustSee(lang.T("inspections.helpers.none"))
	w.screen.Tap(lang.T("inspections.helpers.choose"))
	third := newRegisters(w.env).name(w.expired)
	options, err := newRegisters(w.env).officers()
	sure(t, err)
	w.screen.Tap(options[len(options)-1].Label)
	w.screen.Capture("visit-helpers")
	w.screen.Tap(lang.T("inspections.helpers.take"))
	w.screen.MustSee(third)
	if !p.Dirty() {
		t.Error("choosing helpers changes nothing to save")
	}
	p.Save()
	k, err := readOne[model.Inspection](w.env, visit)
	sure(t, err)
	if len(k.Value.Helpers) != 1 || k.Value.Helpers[0] != w.expired {
		t.Errorf("helpers %v", k.Value.Helpers)
	}
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("visit-plan-small")
}
