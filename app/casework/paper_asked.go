package casework

import (
	"fmt"
	"slices"
	"strconv"

	"anxin/model"
	"anxin/model/statute"
)

// interviewType is the record of a statement in the catalogue.
const interviewType = "D28"

// askedFacts fill a record of a statement that is drafted by hand: who is asked,
// how often before, and the questions whose wording is fixed.
func (d *Desk) askedFacts(out map[string]any, f *File, in PaperIn) {
	v := d.asked(f, in)
	out["interviewee"], out["sex"], out["id_kind"], out["id_number"] = v.Person, v.Sex, v.IDType, v.IDNo
	if birth := statute.CheckID(v.IDNo).Birth; !birth.IsZero() {
		out["born"] = fmt.Sprintf("%d年%d月", birth.Year(), int(birth.Month()))
	}
	out["asked_employer"], out["asked_relation"], out["asked_address"], out["asked_phone"] = v.Unit, v.Relation, v.Address, v.Phone
	times := 1
	for _, k := range f.Interviews {
		if v.Person != "" && k.Value.Person == v.Person && k.ID != in.About {
			times++
		}
	}
	out["asked_times"] = strconv.Itoa(times)
	var two []*model.Officer
	for _, id := range []model.ID{f.Case.LeadOfficer, f.Case.Assistant} {
		if o := f.Officers[id]; o != nil {
			two = append(two, o)
		}
	}
	if len(two) < 2 {
		return
	}
	var rows []map[string]any
	for _, q := range frame(v, f.Office.Name, two) {
		rows = append(rows, map[string]any{"q": q.Question, "a": q.Answer})
	}
	out["asked_questions"] = rows
}

// asked is the person a record of a statement is about: the one of the statement
// it is drafted for, else whoever was in charge at the visit, else whoever was
// asked last, else the one who complained. A complainant comes last: a record
// that somebody else reads must not name them by mistake.
func (d *Desk) asked(f *File, in PaperIn) *model.Interview {
	v := &model.Interview{Matter: "有关用工和工资支付情况"}
	if f.Case.Cause != "" {
		v.Matter = bare(f.Case.Cause) + "一案"
	}
	person := func(from *model.Interview) *model.Interview {
		v.Person, v.Sex, v.IDType, v.IDNo = from.Person, from.Sex, from.IDType, from.IDNo
		v.Unit, v.Relation, v.Address, v.Phone = from.Unit, from.Relation, from.Address, from.Phone
		return v
	}
	for _, k := range f.Interviews {
		if k.ID == in.About {
			v.QAs, v.Recording = slices.Clone(k.Value.QAs), k.Value.Recording
			return person(k.Value)
		}
	}
	visits := f.visits()
	if i := slices.IndexFunc(f.Inspections, func(k Kept[model.Inspection]) bool { return k.ID == in.Inspection }); i >= 0 {
		visits = f.Inspections[i : i+1]
	}
	for _, k := range visits {
		if i := k.Value; i.Contact != "" {
			unit := i.Duty
			if f.Employer != nil {
				unit = f.Employer.Name + i.Duty
			}
			return person(&model.Interview{Person: i.Contact, Unit: unit, Relation: i.Duty, Phone: i.Phone})
		}
	}
	var last *model.Interview
	for _, k := range f.Interviews {
		if last == nil || k.Value.Start.After(last.Start) {
			last = k.Value
		}
	}
	switch {
	case last != nil:
		return person(last)
	case f.Lead != nil && f.Lead.Complainant != "":
		return person(&model.Interview{Person: f.Lead.Complainant, Relation: "投诉人", Phone: f.Lead.Phone})
	}
	return v
}
