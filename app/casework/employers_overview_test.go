package casework

import (
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// The visits of the year stand against the cap of the region: those that follow
// a lead do not count, those of another year and unrecorded ones neither.
func TestVisitsStandAgainstTheYearlyCap(t *testing.T) {
	k := newKeeper(t, 1)
	office := modeltest.Office()
	office.Region = "山东"
	k.put(office)
	e := k.put(&model.Employer{Name: "甲", Listed: "重点监察对象", ListedOn: "2026-01-05", ListedUntil: "2026-06-30", Grade: "C"})
	for _, v := range []model.Inspection{
		{State: model.InspectionRecorded, Type: "日常", Start: modeltest.Day},
		{State: model.InspectionRecorded, Type: "日常", Start: modeltest.Day.AddDate(0, -1, 0)},
		{State: model.InspectionRecorded, Type: "日常", Start: modeltest.Day.AddDate(-1, 0, 0)},
		{State: model.InspectionPlanned, Type: "日常", Start: modeltest.Day},
		{State: model.InspectionRecorded, Type: visitForCase, Start: modeltest.Day},
		{State: model.InspectionRecorded, Type: visitCampaign, Start: modeltest.Day},
	} {
		v.Employer = e
		k.put(&v)
	}
	o, err := k.desk.Overview(t.Context(), e)
	k.sure(err)
	if v := o.Visits; v.Routine != 2 || v.RoutineCap != 2 || v.Campaign != 1 || v.CampaignCap != 1 || v.ForCase != 1 {
		t.Errorf("visits %+v", v)
	}
	var said strings.Builder
	for _, f := range o.Flags {
		said.WriteString(f.String() + "\n")
	}
	for _, want := range []string{"日常检查已到2次，上限2次", "专项检查已到1次", "已于2026-06-30届满", "等级为C级"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("not said: %q in\n%s", want, said.String())
		}
	}
}
