package casework

import (
	"context"
	"fmt"
	"sort"

	"anxin/model"
)

// Task is one thing that waits, with the day it is due ("" when it has none).
type Task struct {
	Title   string
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
	for _, f := range []func(context.Context) ([]Task, error){d.leadTasks, d.visitTasks, d.caseTasks, d.documentTasks} {
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
		title := "决定是否受理线索"
		if k.Value.State == model.LeadSupplement {
			title = "线索待补正材料"
		}
		out = append(out, Task{Title: title, Detail: k.Value.Source + " " + k.Value.SourceNo, Due: k.Value.DecideBy,
			Article: "劳动部令25号第十八条", Record: k.ID, Kind: model.KindLead})
	}
	return out, err
}

func (d *Desk) visitTasks(ctx context.Context) (out []Task, err error) {
	next := map[string]string{model.InspectionPlanned: "审批检查", model.InspectionApproved: "通知检查", model.InspectionAnnounced: "到场检查并制作笔录"}
	list, err := all[model.Inspection](ctx, d, model.Query{States: []string{model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced}})
	for _, k := range list {
		out = append(out, Task{Title: next[k.Value.State], Detail: k.Value.Matter, Due: model.DateOf(k.Value.Start),
			Article: "国办发〔2024〕54号", Record: k.ID, Kind: model.KindInspection})
	}
	return out, err
}

func (d *Desk) caseTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Case](ctx, d, model.Query{States: RunningStates()})
	for _, k := range list {
		out = append(out, Task{Title: "案件办理期限（" + k.Value.State + "）", Detail: k.Value.Cause, Due: k.Value.DueBy, Article: "《劳动保障监察条例》第十七条",
			Record: k.ID, Kind: model.KindCase})
	}
	return out, err
}

func (d *Desk) documentTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Document](ctx, d, model.Query{States: []string{model.DocumentDraft, model.DocumentIssued, model.DocumentServed}})
	for _, k := range list {
		doc := k.Value
		t := Task{Detail: doc.Title, Record: k.ID, Kind: model.KindDocument}
		switch {
		case doc.State == model.DocumentDraft:
			t.Title = "签发文书"
		case doc.Type == "D06" && doc.State == model.DocumentIssued:
			t.Title, t.Detail, t.Article = "送达文书", doc.Title+" "+doc.Issued.Number, "《行政处罚法》第六十一条"
			by, err := d.due(ctx, "decision.serve", doc.Issued.At)
			if err != nil {
				return nil, err
			}
			t.Due = model.DateOf(by.Last)
		case doc.Type == "D06":
			t.Title, t.Due, t.Article = "到期复查整改情况", doc.DueBy, "《劳动保障监察条例》第十八条"
			t.Detail = fmt.Sprintf("%s %s", doc.Title, doc.Issued.Number)
		default:
			continue
		}
		out = append(out, t)
	}
	return out, err
}
