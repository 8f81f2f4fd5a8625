package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// File is a snapshot of everything a case holds, on which the gates of the law
// judge. It is read once and not changed; At is the instant of the judgement.
type File struct {
	ID          model.ID
	Case        *model.Case
	Lead        *model.Lead     // nil when the case began without one
	Office      *model.Office   // whose region's rules apply
	Employer    *model.Employer // nil when the party is not known yet
	Site        *model.Site
	Inspections []Kept[model.Inspection]
	Interviews  []Kept[model.Interview]
	Documents   []Kept[model.Document]
	Services    []Kept[model.Service]
	Evidence    []Kept[model.Evidence]
	Rolls       []Kept[model.WageRoll]
	Officers    map[model.ID]*model.Officer
	// Breaches are the findings of the visits that are 不符合.
	Breaches []Finding
	// Visits counts the visits to the party this year that the cap counts.
	Visits int
	Law    *statute.Law
	At     time.Time

	// draft is the document about to be issued, to the state about to be
	// entered; empty when the file is judged as it stands.
	draft *model.Document
	to    string
}

// File reads the snapshot of a case.
func (d *Desk) File(ctx context.Context, id model.ID) (*File, error) {
	c, _, err := load[model.Case](ctx, d, id)
	if err != nil {
		return nil, err
	}
	office, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	f := &File{ID: id, Case: c, Office: office.Value, Law: d.Law, At: d.Clock.Now()}
	if f.Lead, err = maybe[model.Lead](ctx, d, c.Lead); err != nil {
		return nil, err
	}
	if f.Employer, err = maybe[model.Employer](ctx, d, c.Employer); err != nil {
		return nil, err
	}
	if f.Site, err = maybe[model.Site](ctx, d, c.Site); err != nil {
		return nil, err
	}
	if err := d.fileRecords(ctx, f); err != nil {
		return nil, err
	}
	return f, d.fileFindings(ctx, f)
}

// maybe reads a record that need not be there.
func maybe[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, id model.ID) (*T, error) {
	if id == "" {
		return nil, nil
	}
	v, _, err := load[T, P](ctx, d, id)
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	return v, err
}

func (d *Desk) fileRecords(ctx context.Context, f *File) (err error) {
	of := model.Query{Case: f.ID}
	if f.Inspections, err = all[model.Inspection](ctx, d, of); err != nil {
		return err
	}
	if f.Interviews, err = all[model.Interview](ctx, d, of); err != nil {
		return err
	}
	if f.Documents, err = all[model.Document](ctx, d, of); err != nil {
		return err
	}
	f.Documents = withoutEditions(f.Documents)
	if f.Services, err = all[model.Service](ctx, d, of); err != nil {
		return err
	}
	if f.Evidence, err = all[model.Evidence](ctx, d, of); err != nil {
		return err
	}
	if f.Rolls, err = all[model.WageRoll](ctx, d, of); err != nil {
		return err
	}
	officers, err := all[model.Officer](ctx, d, model.Query{})
	f.Officers = make(map[model.ID]*model.Officer, len(officers))
	for _, o := range officers {
		f.Officers[o.ID] = o.Value
	}
	return err
}

// fileFindings reads the checklists and counts the visits of the year.
func (d *Desk) fileFindings(ctx context.Context, f *File) error {
	site := ""
	if f.Site != nil {
		site = f.Site.Name
	}
	for _, i := range f.Inspections {
		if i.Value.State == model.InspectionRecorded {
			f.Breaches = append(f.Breaches, Breaches(Findings(d.Checklist, i.Value.Checklist, site))...)
		}
	}
	same, err := d.partyAlike(ctx, f.Case.Employer)
	if err != nil {
		return err
	}
	visits, err := naming(ctx, d, same, func(i *model.Inspection) bool {
		return same[i.Employer] && i.State == model.InspectionRecorded && i.Start.Year() == f.At.Year() && i.Type != visitForCase && i.Case != f.ID
	}, "employer")
	f.Visits += len(visits)
	return err
}

// region is whose versions of the rules apply.
func (f *File) region() string {
	if f.Office == nil {
		return ""
	}
	return f.Office.Region
}

// issued lists the documents of the types that were issued and not taken back,
// earliest first.
func (f *File) issued(types ...string) []Kept[model.Document] {
	var out []Kept[model.Document]
	for _, k := range f.Documents {
		if k.Value.Issued != nil && k.Value.State != model.DocumentWithdrawn && containsText(types, k.Value.Type) {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b Kept[model.Document]) int { return a.Value.Issued.At.Compare(b.Value.Issued.At) })
	return out
}

// before keeps the documents issued not after an instant.
func before(docs []Kept[model.Document], t time.Time) []Kept[model.Document] {
	var out []Kept[model.Document]
	for _, k := range docs {
		if !k.Value.Issued.At.After(t) {
			out = append(out, k)
		}
	}
	return out
}

// actAt is when the act was done that one of the types records; now, when it
// is about to be done.
func (f *File) actAt(types ...string) time.Time {
	if docs := f.issued(types...); len(docs) > 0 && (f.draft == nil || !containsText(types, f.draft.Type)) {
		return docs[0].Value.Issued.At
	}
	return f.At
}

// decisions of penalty and handling.
var decisionTypes = []string{"D13", "D14"}

// decidedAt is when the newest decision was made, or now when it is about to
// be: the one a step rests on, where a step is asked about.
func (f *File) decidedAt() time.Time {
	types := decisionTypes
	switch f.to {
	case model.CasePunished:
		types = []string{"D13"}
	case model.CaseHandled:
		types = []string{"D14"}
	}
	docs := f.issued(types...)
	if len(docs) == 0 || f.draft != nil && containsText(decisionTypes, f.draft.Type) {
		return f.At
	}
	return docs[len(docs)-1].Value.Issued.At
}

// pending tells whether an act is about to be done, rather than the file read
// as it stands.
func (f *File) pending() bool { return f.draft != nil || f.to != "" }

// about tells whether a document of the type is in the file or about to be.
func (f *File) about(docType string) bool {
	return f.draft != nil && f.draft.Type == docType || len(f.issued(docType)) > 0
}

// servedOn is the first day a document counts as served; the zero time when it
// was not.
func (f *File) servedOn(doc model.ID) time.Time {
	var first time.Time
	for _, s := range f.Services {
		on := s.Value.ServedOn.Time(f.At.Location())
		if s.Value.Document == doc && !on.IsZero() && (first.IsZero() || on.Before(first)) {
			first = on
		}
	}
	return first
}

// unserved names the documents that were not served by an instant.
func (f *File) unserved(docs []Kept[model.Document], by time.Time) (out []string) {
	for _, k := range docs {
		if on := f.servedOn(k.ID); on.IsZero() || on.After(by) {
			out = append(out, nameOf(k.Value))
		}
	}
	return out
}

// nameOf is a document as a reason names it.
func nameOf(d *model.Document) string {
	if d.Issued == nil {
		return d.Title
	}
	return d.Title + " " + NumberOf(d)
}

// standing is the newest thing decided on a matter up to an instant, with its
// effect on the gates.
func (f *File) standing(matter string, by time.Time) (*model.CaseDecision, string) {
	var last *model.CaseDecision
	for i := range f.Case.Decisions {
		x := &f.Case.Decisions[i]
		if x.Matter == matter && !x.At.After(by) && (last == nil || !x.At.Before(last.At)) {
			last = x
		}
	}
	if last == nil {
		return nil, ""
	}
	m, _ := f.Law.Matter(matter, last.Outcome)
	return last, m.Effect
}

// passed tells whether the newest thing decided on a matter lets the act be done.
func (f *File) passed(matter string, by time.Time) bool {
	_, effect := f.standing(matter, by)
	return effect == statute.EffectPass
}

// over tells whether a period that began at from was over at an instant. A
// period the tables do not know is not over: the gate stays closed.
func (f *File) over(key string, from, at time.Time) bool {
	d, err := f.Law.Due(key, from, f.region())
	return err == nil && d.Passed(at)
}

// duty is the part somebody has in this case.
func (f *File) duty(id model.ID) statute.Duty { return statute.DutyOf(id, f.Officers[id], f.Case) }

// handles tells whether somebody handles the case.
func (f *File) handles(id model.ID) bool {
	d := f.duty(id)
	return d == statute.DutyLead || d == statute.DutyAssist
}

// nameOfOfficer is who a reason names.
func (f *File) nameOfOfficer(id model.ID) string {
	if o := f.Officers[id]; o != nil {
		return o.Name
	}
	return "未登记的人员"
}

// failing asks one gate; the details say where it fails.
func (f *File) failing(key string) []string {
	check, ok := gateChecks[key]
	if !ok {
		return []string{"本程序没有这项检查，请升级"}
	}
	return check(f)
}

// Gate asks one gate of the law by its key: the reasons it is closed for, with
// the article. A key the tables do not have gives an error.
func (f *File) Gate(key string) ([]Reason, error) {
	g, err := f.Law.Gate(key)
	if err != nil {
		return nil, err
	}
	var out []Reason
	for _, detail := range f.failing(key) {
		r := g.Reason()
		if detail != "" {
			r.Text = detail + "：" + r.Text
		}
		out = append(out, Reason{Reason: r, Blocks: g.Blocks})
	}
	return out, nil
}

// gates asks several.
func (f *File) gates(keys []string) ([]Reason, error) {
	var out []Reason
	for _, key := range keys {
		r, err := f.Gate(key)
		if err != nil {
			return nil, err
		}
		out = append(out, r...)
	}
	return out, nil
}

// DocumentReasons is what the law's catalogue holds against issuing a draft of
// a case now.
func (d *Desk) DocumentReasons(ctx context.Context, doc *model.Document) ([]Reason, error) {
	f, err := d.File(ctx, doc.Case)
	if err != nil {
		return nil, err
	}
	row, err := f.Law.Catalogue(f.At, f.region()).Get(doc.Type)
	if err != nil {
		return nil, err
	}
	f.draft = doc
	return f.gates(row.Gates)
}
