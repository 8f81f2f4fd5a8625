package casework

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"anxin/forms"
	"anxin/model"
)

// PlanVisit writes down a visit of a case (or a patrol without one) for
// approval.
func (d *Desk) PlanVisit(ctx context.Context, i model.Inspection) (model.ID, error) {
	if i.Start.IsZero() {
		return "", fmt.Errorf("计划检查时间没有填写")
	}
	reasons, err := d.TwoOfficers(ctx, i.Officers, i.Start)
	if err != nil {
		return "", err
	}
	if err := enforce("安排检查", reasons); err != nil {
		return "", err
	}
	i.State, i.Approved, i.Announced = model.InspectionPlanned, nil, time.Time{}
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &i})
}

// ApproveVisit records the approval and issues the approval form (D01).
func (d *Desk) ApproveVisit(ctx context.Context, id model.ID, opinion string) (model.ID, error) {
	i, rev, err := load[model.Inspection](ctx, d, id)
	if err != nil {
		return "", err
	}
	if i.State != model.InspectionPlanned {
		return "", fmt.Errorf("检查的状态是“%s”，不能再审批", i.State)
	}
	i.State = model.InspectionApproved
	i.Approved = &model.Decision{By: d.me, At: d.Clock.Now(), Outcome: "同意", Reason: opinion}
	fields, err := d.visitFields(ctx, i)
	if err != nil {
		return "", err
	}
	fields["opinion"] = opinion
	return d.issueWith(ctx, &model.Document{Type: "D01", Case: i.Case, Inspection: id, Fields: fields},
		model.Change{ID: id, Base: rev, Record: i})
}

// AnnounceVisit issues the notice of the visit (D02).
func (d *Desk) AnnounceVisit(ctx context.Context, id model.ID) (model.ID, error) {
	i, rev, err := load[model.Inspection](ctx, d, id)
	if err != nil {
		return "", err
	}
	if i.State != model.InspectionApproved {
		return "", fmt.Errorf("检查的状态是“%s”，经审批后才能通知", i.State)
	}
	i.State, i.Announced = model.InspectionAnnounced, d.Clock.Now()
	fields, err := d.visitFields(ctx, i)
	if err != nil {
		return "", err
	}
	return d.issueWith(ctx, &model.Document{Type: "D02", Case: i.Case, Inspection: id, Fields: fields},
		model.Change{ID: id, Base: rev, Record: i})
}

// SiteRecord is what two officers found on site.
type SiteRecord struct {
	Inspection model.ID
	Start, End time.Time
	Place      string
	Contact    string
	Duty       string
	Phone      string
	Opinion    string // what the party says to the record
	Recording  string
	Answers    map[string]any // to the checklist form, flat by question
	WageRoll   model.ID
	Pictures   []model.Picture // photos that the record shows
}

// RecordVisit closes the visit with its checklist and issues the site record
// (D03). Answers that contradict the form are refused with the question named.
func (d *Desk) RecordVisit(ctx context.Context, s SiteRecord) (model.ID, []Reason, error) {
	i, rev, err := load[model.Inspection](ctx, d, s.Inspection)
	if err != nil {
		return "", nil, err
	}
	reasons, err := d.recordReasons(ctx, i, s)
	if err != nil {
		return "", nil, err
	}
	if err := enforce("制作现场检查笔录", reasons); err != nil {
		return "", nil, err
	}
	given := s.Answers
	if s.WageRoll != "" {
		roll, _, err := load[model.WageRoll](ctx, d, s.WageRoll)
		if err != nil {
			return "", nil, err
		}
		given = withRoll(given, roll)
	}
	answers, odd, err := d.checked(given)
	if err != nil {
		return "", nil, err
	}
	i.State, i.Start, i.End = model.InspectionRecorded, s.Start, s.End
	i.Place, i.Contact, i.Duty, i.Phone = s.Place, s.Contact, s.Duty, s.Phone
	i.Opinion, i.Recording, i.Pictures = s.Opinion, s.Recording, s.Pictures
	i.Checklist, i.ChecklistVersion, i.WageRoll = answers, d.Checklist.Version, s.WageRoll
	fields, err := d.recordFields(ctx, i)
	if err != nil {
		return "", nil, err
	}
	doc, err := d.issueWith(ctx, &model.Document{Type: "D03", Case: i.Case, Inspection: s.Inspection, WageRoll: s.WageRoll, Fields: fields},
		model.Change{ID: s.Inspection, Base: rev, Record: i})
	return doc, append(warnings(reasons), odd...), err
}

// recordReasons is what stands against a site record.
func (d *Desk) recordReasons(ctx context.Context, i *model.Inspection, s SiteRecord) ([]Reason, error) {
	out, err := d.TwoOfficers(ctx, i.Officers, s.Start)
	if err != nil {
		return nil, err
	}
	if i.State == model.InspectionRecorded {
		out = append(out, block("这次检查已经制作了现场检查笔录", ""))
	}
	if !s.End.After(s.Start) {
		out = append(out, block("检查结束时间必须晚于开始时间", ""))
	}
	if s.End.After(d.Clock.Now()) {
		out = append(out, block("检查结束时间还没有到，请核对时间", ""))
	}
	return append(out, approvedBefore(i, s.Start)...), nil
}

// checked runs answers through the checklist form: choices that the list does
// not have are refused with the question named; an item left unchecked without
// a reason is a warning, since the record can still be completed by hand.
func (d *Desk) checked(answers map[string]any) (map[string]any, []Reason, error) {
	in, err := forms.New(d.Checklist, forms.Env{Now: d.Clock.Now, Language: "zh"})
	if err != nil {
		return nil, nil, fmt.Errorf("打开检查表: %w", err)
	}
	if err := in.LoadFlat(answers); err != nil {
		return nil, nil, fmt.Errorf("检查表: %w", err)
	}
	var odd []Reason
	for _, p := range in.Errors() {
		item, isReason := strings.CutSuffix(path.Base(p.Path), "_reason")
		if !isReason {
			return nil, nil, fmt.Errorf("检查表“%s”：%s", p.Label, p.Message)
		}
		odd = append(odd, warn("检查表 "+item+" 未查，没有写明原因，请补写", "《劳动保障监察条例》第十五条"))
	}
	flat, err := in.Flat()
	if err != nil {
		return nil, nil, fmt.Errorf("检查表: %w", err)
	}
	return flat, odd, nil
}
