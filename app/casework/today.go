package casework

import (
	"context"
	"sort"

	"anxin/model"
)

// Task is one thing that waits, with the day it is due ("" when it has none).
type Task struct {
	Act     string // what is to be done, by a key that does not change with the language
	Title   string // the same in words
	Detail  string
	Due     model.Date
	Overdue bool
	Article string
	Record  model.ID
	Kind    model.Kind
}

// Today lists what waits: overdue first, then by day, then what has no day.
func (d *Desk) Today(ctx context.Context) ([]Task, error) {
	var out []Task
	for _, f := range []func(context.Context) ([]Task, error){d.leadTasks, d.visitTasks, d.caseTasks, d.paperTasks, d.contactTasks, d.drawTasks} {
		t, err := f(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, t...)
	}
	today := model.DateOf(d.Clock.Now())
	for i := range out {
		out[i].Overdue = out[i].Due != "" && out[i].Due < today
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Due, out[j].Due
		if (a == "") != (b == "") {
			return a != ""
		}
		return a < b
	})
	return out, nil
}

func (d *Desk) leadTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Lead](ctx, d, model.Query{States: []string{model.LeadRegistered, model.LeadSupplement}})
	for _, k := range list {
		act, title := "lead.decide", "决定是否受理线索"
		if k.Value.State == model.LeadSupplement {
			act, title = "lead.supplement", "线索待补正材料"
		}
		out = append(out, Task{Act: act, Title: title, Detail: k.Value.Source + " " + k.Value.SourceNo, Due: k.Value.DecideBy,
			Article: "劳动部令25号第十八条", Record: k.ID, Kind: model.KindLead})
	}
	return out, err
}

func (d *Desk) visitTasks(ctx context.Context) (out []Task, err error) {
	next := map[string][2]string{model.InspectionPlanned: {"visit.approve", "审批检查"}, model.InspectionApproved: {"visit.announce", "通知检查"},
		model.InspectionAnnounced: {"visit.record", "到场检查并制作笔录"}}
	list, err := all[model.Inspection](ctx, d, model.Query{States: []string{model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced}})
	for _, k := range list {
		out = append(out, Task{Act: next[k.Value.State][0], Title: next[k.Value.State][1], Detail: k.Value.Matter, Due: model.DateOf(k.Value.Start),
			Article: "国办发〔2024〕54号", Record: k.ID, Kind: model.KindInspection})
	}
	return out, err
}

func (d *Desk) caseTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Case](ctx, d, model.Query{States: RunningStates()})
	for _, k := range list {
		out = append(out, Task{Act: "case.due", Title: "案件办理期限（" + k.Value.State + "）", Detail: k.Value.Cause, Due: k.Value.DueBy, Article: "《劳动保障监察条例》第十七条",
			Record: k.ID, Kind: model.KindCase})
	}
	return out, err
}
