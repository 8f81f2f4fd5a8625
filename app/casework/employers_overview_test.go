package casework

import (
	"context"
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

// counting counts the heads that lists return.
type counting struct {
	Journal
	heads *int
}

func (c counting) List(ctx context.Context, q model.Query) ([]model.Head, error) {
	list, err := c.Journal.List(ctx, q)
	*c.heads += len(list)
	return list, err
}

// What an employer has behind it is read by the index: nothing of the others.
func TestOverviewReadsOnlyItsOwn(t *testing.T) {
	k := newKeeper(t, 1)
	k.put(modeltest.Office())
	var employers []model.ID
	for i := range 40 {
		e := k.put(modeltest.Employer(i))
		employers = append(employers, e)
		site := k.put(&model.Site{Name: "工地", Owner: e})
		c := k.put(&model.Case{Employer: e, State: model.CaseInvestigating, Cause: "拖欠工资", OpenedAt: modeltest.Day})
		v := k.put(&model.Inspection{Employer: e, Site: site, Type: "日常", State: model.InspectionRecorded, Start: modeltest.Day})
		k.put(&model.Document{Type: "D06", Title: "指令书", Case: c, State: model.DocumentDraft})
		k.put(&model.Document{Type: "D03", Title: "笔录", Inspection: v, State: model.DocumentDraft})
	}
	sub := k.put(&model.Site{Name: "分包工地", Owner: employers[1], Subs: []model.ID{employers[7]}})
	k.put(&model.Inspection{Employer: employers[2], Site: sub, Type: "日常", State: model.InspectionPlanned})
	heads := 0
	k.desk.Journal = counting{k.desk.Journal, &heads}
	o, err := k.desk.Overview(t.Context(), employers[7])
	k.sure(err)
	if len(o.Past) != 4 || len(o.Sites) != 2 {
		t.Errorf("%d in the past, %d sites; want 4 and 2", len(o.Past), len(o.Sites))
	}
	if most := 4 + 2 + 5; heads > most { // a paper of a visit, and the visit of a site, may come twice; the office
		t.Errorf("%d heads were read, want at most %d", heads, most)
	}
	o, err = k.desk.Overview(t.Context(), sub)
	k.sure(err)
	if len(o.Past) != 1 || o.Past[0].State != model.InspectionPlanned {
		t.Errorf("behind the site stand %+v", o.Past)
	}
}
