package page

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/statute"
)

// opened is a case as accepting a lead opens it.
func (w *world) opened() model.ID {
	w.Helper()
	lead, err := w.env.Desk.RegisterLead(w.Context(), model.Lead{Source: "现场投诉", Employer: w.employer, Site: w.site, Claim: "拖欠工资", AmountFen: 69393676, Workers: 28})
	sure(w, err)
	id, err := w.env.Desk.AcceptLead(w.Context(), casework.Acceptance{Lead: lead, Cause: "克扣或者无故拖欠工资", Officers: []model.ID{w.me, w.other}})
	sure(w, err)
	return id
}

// planned opens the page on a visit of a case and saves its plan.
func (w *world) planned() *Inspections {
	w.Helper()
	p := NewInspections(w.env, ofCase+string(w.opened()))
	w.show(p)
	w.screen.Fill("计划检查时间", "2026-09-18 14:00")
	p.Save()
	w.screen.Settle()
	return p
}

// announced takes the visit through approval and notice.
func (w *world) announced() *Inspections {
	w.Helper()
	p := w.planned()
	w.act(lang.T("inspections.approve"))
	w.screen.Tap(lang.T("inspections.approve"))
	w.act(lang.T("inspections.announce"))
	return p
}

func TestVisitFromPlanToOrders(t *testing.T) {
	w := newWorld(t)
	p := w.planned()
	k := only[model.Inspection](w)
	if v := k.Value; v.State != model.InspectionPlanned || v.Site != w.site || len(v.Officers) != 2 || v.Place == "" || v.Type != "个案" {
		t.Fatalf("planned %+v", v)
	}
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("visit-plan")
	w.act(lang.T("inspections.approve"))
	w.screen.Tap(lang.T("inspections.approve"))
	w.act(lang.T("inspections.announce"))
	if k = only[model.Inspection](w); k.Value.State != model.InspectionAnnounced {
		t.Fatalf("state %s after the notice", k.Value.State)
	}

	v := p.shown.(*visit)
	saves := 0
	v.site.draft.after = func(_ time.Duration, f func()) { saves++; f() }
	w.answer(v, "C14", casework.VerdictBreach)
	w.answer(v, "C10", casework.VerdictConform)
	if saves != 2 {
		t.Errorf("two answers made %d drafts", saves)
	}
	w.screen.MustSee(lang.T("inspections.tally.done", "n", 2, "all", 41), lang.T("inspections.tally.breach", "n", 1))
	if k = only[model.Inspection](w); k.Value.Checklist["C14"] != casework.VerdictBreach || k.Value.State != model.InspectionAnnounced {
		t.Fatalf("the draft has %v in state %s", k.Value.Checklist, k.Value.State)
	}
	w.screen.Capture("visit-checklist")

	w.act(lang.T("inspections.finish"))
	w.screen.MustSee("请填写检查结束时间。")
	w.screen.Capture("visit-record")
	w.clock.Move(8 * time.Hour)
	w.screen.Fill("检查结束时间", "2026-09-18 16:30")
	w.screen.Fill("姓名", "刘䶮")
	w.act(lang.T("inspections.finish"))
	w.screen.MustSee(lang.T("inspections.finish.sure", "left", 39))
	w.screen.Tap(lang.T("inspections.finish.verb"))
	if k = only[model.Inspection](w); k.Value.State != model.InspectionRecorded || k.Value.Contact != "刘䶮" {
		t.Fatalf("after finishing: %s, %+v", k.Value.State, w.host.said)
	}

	w.act(lang.T("inspections.orders"))
	w.screen.Tap(lang.T("inspections.orders.days", "n", 10))
	w.screen.Capture("visit-orders")
	w.screen.Tap(lang.T("inspections.orders.verb"))
	docs, err := readAll[model.Document](w.env, model.Query{States: []string{model.DocumentDraft}})
	sure(t, err)
	if len(docs) != 1 || docs[0].Value.Type != "D06" || docs[0].Value.DueBy != "2026-09-28" {
		t.Fatalf("drafted %+v, %v", docs, w.host.said)
	}
	if w.host.last() != [2]string{placeDocuments, string(docs[0].ID)} {
		t.Errorf("went to %v", w.host.last())
	}
	w.screen.Capture("visit-recorded")
}

// answer gives a verdict through the checklist's view.
func (w *world) answer(v *visit, item, verdict string) {
	w.Helper()
	for _, n := range v.site.list.in.Nodes() {
		if n.Question.Name == item {
			changed, err := v.site.list.in.Set(n.Path, verdict)
			sure(w, err)
			v.site.list.view.Apply(changed)
			v.site.count()
			v.site.draft.touch()
			return
		}
	}
	w.Fatalf("the checklist has no %s", item)
}

func TestPlanWithoutOfficersStays(t *testing.T) {
	w := newWorld(t)
	p := NewInspections(w.env, newArg)
	w.show(p)
	p.Save()
	w.screen.MustSee(lang.T("officers.missing"), lang.T("register.required"), "请填写检查事项。")
	if n, err := w.store.Count(t.Context(), model.Query{Kind: model.KindInspection}); err != nil || n != 0 {
		t.Fatalf("%d visits were saved, %v", n, err)
	}
}

func TestSiteBringsPlaceAndEmployer(t *testing.T) {
	w := newWorld(t)
	p := NewInspections(w.env, newArg)
	w.show(p)
	plan := p.shown.(*visit).plan
	plan.site.Set(w.site, "")
	plan.fromSite()
	if plan.employer.ID() != w.employer || plan.form.in.Value("/plan/place") == "" {
		t.Errorf("employer %q, place %q", plan.employer.ID(), plan.form.in.Value("/plan/place"))
	}
}

func TestHalfTypedDraftKeepsWhatStood(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	v := p.shown.(*visit)
	v.site.draft.after = func(_ time.Duration, f func()) { f() }
	v.tabs.SetKey(partRecord)
	v.turn(partRecord)
	w.screen.Settle()
	w.screen.Fill("检查地点", "工地大门")
	w.screen.Fill("检查结束时间", "2026-9-")
	k := only[model.Inspection](w)
	if k.Value.Place != "工地大门" || !k.Value.End.IsZero() {
		t.Errorf("place %q, end %v", k.Value.Place, k.Value.End)
	}
	w.screen.MustNotSee(lang.T("dialog.error"))
}

// roster writes a wage roll of two workers, one with a wrong identity number.
func roster(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{
		{"序号", "姓名", "身份证号码", "工种", "欠薪起", "欠薪止", "应发(元)", "已发(元)", "欠发(元)"},
		{1, "王大山", "430725198001010019", "木工", "2026-06", "2026-08", "12,000.50", 2000, "10,000.50"},
		{2, "李小河", "", "电工", "2026-06", "2026-07", 9000, 0, 9000},
		{"合计", "", "", "", "", "", "", "", 19000.50},
	} {
		sure(t, f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row))
	}
	path := filepath.Join(t.TempDir(), "工资表.xlsx")
	sure(t, f.SaveAs(path))
	return path
}

func TestWageRollIsImportedWithItsWarnings(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	uitest.AnswerFiles(t, roster(t))
	w.act(lang.T("inspections.roll.import"))
	w.screen.MustSee("19,000.50", statute.Fen(1900050).Capital(), "王大山", "李小河没有身份证号码，请补填")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("visit-roll")
	k := only[model.Inspection](w)
	roll, err := readOne[model.WageRoll](w.env, k.Value.WageRoll)
	sure(t, err)
	if roll.Value.TotalFen() != 1900050 || len(roll.Value.Workers) != 2 {
		t.Errorf("roll of %d workers, %d fen", len(roll.Value.Workers), roll.Value.TotalFen())
	}
	if p.shown.(*visit).k.Value.WageRoll != roll.ID {
		t.Error("the open visit does not know its roll")
	}
}

func TestWageRollThatIsNoneIsRefused(t *testing.T) {
	w := newWorld(t)
	w.announced()
	path := filepath.Join(t.TempDir(), "工资表.xlsx")
	sure(t, os.WriteFile(path, []byte("no workbook"), 0o600))
	uitest.AnswerFiles(t, path)
	w.act(lang.T("inspections.roll.import"))
	w.screen.MustSee(lang.T("dialog.error"))
	if k := only[model.Inspection](w); k.Value.WageRoll != "" {
		t.Error("the visit has a roll")
	}
}

// photos are a good one, a broken one, and a picture under a wrong name.
func photos(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var whole strings.Builder
	sure(t, png.Encode(&whole, image.NewRGBA(image.Rect(0, 0, 40, 30))))
	var other strings.Builder
	sure(t, png.Encode(&other, image.NewRGBA(image.Rect(0, 0, 30, 40))))
	files := map[string]string{"好.png": whole.String(), "坏.png": whole.String()[:60], "名不符.jpg": other.String()}
	var paths []string
	for _, name := range []string{"好.png", "坏.png", "名不符.jpg"} {
		path := filepath.Join(dir, name)
		sure(t, os.WriteFile(path, []byte(files[name]), 0o600))
		paths = append(paths, path)
	}
	return append(paths, filepath.Join(dir, "没有.png"))
}

func TestDroppedPhotosBecomeEvidence(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	p.Dropped(photos(t))
	w.screen.MustSee("没有.png")
	w.screen.Tap(lang.T("dialog.close"))
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("visit-evidence")
	w.screen.MustSee("好.png", "坏.png", "名不符.jpg", stateLabel(evidenceDamaged), lang.T("evidence.disguised"))
	list, err := readAll[model.Evidence](w.env, model.Query{Parent: p.id})
	sure(t, err)
	if len(list) != 3 {
		t.Fatalf("%d pieces of evidence, want 3", len(list))
	}
	files := w.cabinet()
	w.screen.Tap("坏.png")
	w.screen.Tap(lang.T("evidence.open"))
	if len(files.shown) != 1 || filepath.Base(files.shown[0]) != "坏.png" {
		t.Errorf("shown %v", files.shown)
	}
}
