package casework

import (
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// partyNamed: the file names the authority and the party it proceeds against.
func partyNamed(f *File) []string {
	switch {
	case f.Office == nil || f.Office.Name == "":
		return []string{"本机关名称没有填写"}
	case f.Employer == nil:
		return []string{"案件没有登记被监察单位"}
	case f.Employer.Name == "":
		return []string{"被监察单位名称没有填写"}
	case f.Employer.USCC == "" && !strings.Contains(f.Employer.Note, "证照"):
		return []string{f.Employer.Name + "没有统一社会信用代码"}
	}
	return nil
}

func caseOpened(f *File) []string {
	return unless(len(f.issued("D05")) > 0 || f.passed(matterOpening, f.At))
}

// acceptedInTime: decided by the day it was due, and opened the same day.
func acceptedInTime(f *File) []string {
	if f.Lead == nil || f.Lead.Decided == nil {
		return nil
	}
	decided := model.DateOf(f.Lead.Decided.At)
	late := f.Lead.DecideBy != "" && decided > f.Lead.DecideBy
	return unless(!late && decided == model.DateOf(f.Case.OpenedAt.In(f.Lead.Decided.At.Location())))
}

// limitOpen: two years from the end of a breach that nobody found or reported.
func limitOpen(f *File) []string {
	ended := f.Case.BreachEnded.Time(f.At.Location())
	if ended.IsZero() {
		return nil
	}
	found := f.Case.OpenedAt
	if f.Lead != nil && !f.Lead.ReceivedAt.IsZero() {
		found = f.Lead.ReceivedAt
	}
	return unless(!f.over("complaint.limit", ended, found))
}

// visits are the visits that were made and recorded.
func (f *File) visits() (out []Kept[model.Inspection]) {
	for _, k := range f.Inspections {
		if k.Value.State == model.InspectionRecorded {
			out = append(out, k)
		}
	}
	return out
}

func visitName(i *model.Inspection) string { return "现场检查" + model.ChineseTime(i.Start) }

// visitCap counts only visits the cap counts: not those that follow a lead.
func visitCap(f *File) (out []string) {
	kinds := map[string]statute.VisitKind{"日常": statute.RoutineVisit, "专项": statute.CampaignVisit}
	for _, k := range f.visits() {
		kind, counts := kinds[k.Value.Type]
		if !counts {
			continue
		}
		if over, why := f.Law.VisitsOver(kind, f.Visits, k.Value.Start, f.region()); over {
			out = append(out, bare(why.Text))
		}
	}
	return out
}

func visitApprover(f *File) (out []string) {
	for _, k := range f.visits() {
		if a := k.Value.Approved; a != nil && containsID(k.Value.Officers, a.By) {
			out = append(out, visitName(k.Value))
		}
	}
	return out
}

func visitOrder(f *File) (out []string) {
	for _, k := range f.visits() {
		i := k.Value
		if i.Approved != nil && i.Approved.At.After(i.Start) || i.Announced.After(i.Start) {
			out = append(out, visitName(i))
		}
	}
	return out
}

// visitsWhere names the visits that lack something.
func (f *File) visitsWhere(lacks func(id model.ID, i *model.Inspection) bool) (out []string) {
	for _, k := range f.visits() {
		if lacks(k.ID, k.Value) {
			out = append(out, visitName(k.Value))
		}
	}
	return out
}

func inspectionApproved(f *File) []string {
	return f.visitsWhere(func(_ model.ID, i *model.Inspection) bool { return i.Approved == nil })
}

func inspectionNoticed(f *File) []string {
	return f.visitsWhere(func(_ model.ID, i *model.Inspection) bool { return i.Announced.IsZero() })
}

// record is when the site record of a visit was made; zero when it was not.
func (f *File) record(visit model.ID) time.Time {
	for _, k := range f.issued("D03") {
		if k.Value.Inspection == visit {
			return k.Value.Issued.At
		}
	}
	return time.Time{}
}

func recordMade(f *File) []string {
	return f.visitsWhere(func(id model.ID, _ *model.Inspection) bool { return f.record(id).IsZero() })
}

func recordSameDay(f *File) []string {
	return f.visitsWhere(func(id model.ID, i *model.Inspection) bool {
		made := f.record(id)
		return !made.IsZero() && model.DateOf(made.In(i.Start.Location())) != model.DateOf(i.Start)
	})
}
