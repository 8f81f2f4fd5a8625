package casework

import (
	"context"
	"fmt"
	"time"

	"anxin/model"
)

// Records of one office must not contradict one another: nobody asks in two
// rooms at once, nobody answers in two, and nobody asks while checking a site
// elsewhere. Such an overlap is what a review of files finds first.

// span is a time from its beginning up to its end.
type span struct{ from, to time.Time }

func (s span) meets(other span) bool { return s.from.Before(other.to) && other.from.Before(s.to) }

func interviewSpan(v *model.Interview) span { return span{v.Start, v.End} }

// meets tells whether two acts share an officer and time.
func meets(a []model.ID, at span, b []model.ID, other span) bool {
	return at.meets(other) && sameOfficer(a, b)
}

// overlaps is what other records hold against the times of an interview, each
// named by its number.
func (d *Desk) overlaps(ctx context.Context, v *model.Interview) ([]Reason, error) {
	out, err := d.otherInterviews(ctx, v)
	if err != nil {
		return nil, err
	}
	visits, err := all[model.Inspection](ctx, d, model.Query{States: []string{model.InspectionRecorded}})
	if err != nil {
		return nil, err
	}
	for _, k := range visits {
		i := k.Value
		if i.Site == v.Site || !meets(v.Officers, interviewSpan(v), i.Officers, span{i.Start, i.End}) {
			continue
		}
		name, err := d.paperNamed(ctx, model.Query{Parent: k.ID}, func(doc *model.Document) bool { return doc.Inspection == k.ID && doc.Type == siteRecordPaper })
		if err != nil {
			return nil, err
		}
		out = append(out, warn(fmt.Sprintf("同一执法人员同时在%s检查（%s，%s），请核对时间", i.Place, name, model.ChineseTime(i.Start)), ""))
	}
	return out, nil
}

func (d *Desk) otherInterviews(ctx context.Context, v *model.Interview) (out []Reason, err error) {
	others, err := all[model.Interview](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	for _, k := range others {
		other := k.Value
		officer, person := sameOfficer(v.Officers, other.Officers), samePerson(v, other)
		if !interviewSpan(v).meets(interviewSpan(other)) || !officer && !person {
			continue
		}
		name, err := d.paperNamed(ctx, model.Query{Case: other.Case}, func(doc *model.Document) bool { return doc.Interview == k.ID })
		if err != nil {
			return nil, err
		}
		if officer {
			out = append(out, block(fmt.Sprintf("同一执法人员在%s的询问（%s，%s）与本次时间重叠", other.Person, name, model.ChineseTime(other.Start)), ""))
			continue
		}
		out = append(out, warn(fmt.Sprintf("%s同时在另一份笔录中接受询问（%s，%s），请核对时间", other.Person, name, model.ChineseTime(other.Start)), ""))
	}
	return out, nil
}

const siteRecordPaper = "D03"

// paperNamed names the issued paper of a record by its number; one without a
// number by its title and that of its case.
func (d *Desk) paperNamed(ctx context.Context, q model.Query, is func(*model.Document) bool) (string, error) {
	docs, err := all[model.Document](ctx, d, q)
	if err != nil {
		return "", err
	}
	for _, k := range docs {
		if !is(k.Value) || k.Value.Issued == nil {
			continue
		}
		if number := NumberOf(k.Value); number != "" {
			return number, nil
		}
		return joined(k.Value.Title, d.caseNumber(ctx, k.Value.Case)), nil
	}
	return d.caseNumber(ctx, q.Case), nil
}

func sameOfficer(a, b []model.ID) bool {
	for _, id := range a {
		if containsID(b, id) {
			return true
		}
	}
	return false
}

// samePerson goes by the identity number, and by the name within a case.
func samePerson(a, b *model.Interview) bool {
	if a.IDNo != "" && b.IDNo != "" {
		return a.IDNo == b.IDNo
	}
	return a.Case == b.Case && a.Person == b.Person
}
