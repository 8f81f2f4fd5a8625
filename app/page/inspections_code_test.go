package page

import (
	"context"
	"encoding/base64"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// dot is a PNG of one dot.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// The code of the province is read from a picture; one that cannot be read is kept with the plan.
func TestTheCodeOfAVisitComesFromAPicture(t *testing.T) {
	w := newWorld(t)
	visit, err := w.env.Desk.PlanVisit(t.Context(), model.Inspection{Type: "日常", Source: "计划", Matter: "工资支付情况", Employer: w.employer, Site: w.site,
		Officers: []model.ID{w.me, w.other}, Start: w.clock.Now().Add(2 * 3600e9), Place: "项目部"})
	sure(t, err)
	raw, err := base64.StdEncoding.DecodeString(dot)
	sure(t, err)
	w.env.ReadVisitCode = func(_ context.Context, path string) (string, string, []byte, error) {
		if path == "/stick/好.png" {
			return "https://jcm.example.gov.cn/41", "好.png", nil, nil
		}
		return "", "糊.png", raw, nil
	}
	p := NewInspections(w.env, string(visit))
	w.show(p)
	uitest.AnswerFiles(t, "/stick/好.png", "/stick/糊.png")
	w.screen.Tap(lang.T("inspections.code.read"))
	w.screen.MustSee(lang.T("inspections.code.text", "text", "https://jcm.example.gov.cn/41"))
	p.Save()
	k, err := readOne[model.Inspection](w.env, visit)
	sure(t, err)
	if k.Value.ExternalCode != "https://jcm.example.gov.cn/41" || k.Value.ExternalPicture != "" {
		t.Errorf("code %q, picture %q", k.Value.ExternalCode, k.Value.ExternalPicture)
	}
	w.screen.Tap(lang.T("inspections.code.read"))
	w.screen.MustSee(lang.T("inspections.code.picture", "name", "糊.png"))
	if !p.Dirty() {
		t.Error("a picture changes nothing to save")
	}
	w.screen.Capture("visit-code")
	p.Save()
	k, err = readOne[model.Inspection](w.env, visit)
	sure(t, err)
	if k.Value.ExternalCode != "" || len(k.Value.ExternalPicture) != 64 {
		t.Errorf("code %q, picture %q", k.Value.ExternalCode, k.Value.ExternalPicture)
	}
	w.screen.MustSee(lang.T("inspections.code.kept"))
}
