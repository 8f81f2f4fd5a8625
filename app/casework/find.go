package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// Hit is one record that a search over everything found. Title and Detail are
// for a person's eyes; identity numbers in them are masked.
type Hit struct {
	Kind   model.Kind
	ID     model.ID
	State  string
	Title  string
	Detail string
	Case   model.ID // of what is looked at inside its case: wage rolls, interviews
	Parent model.ID // of what is looked at with its employer or site: contacts
}

// found is how each kind is worded as a hit, in the order kinds are searched: a
// name is looked for among employers before it is among workers.
var found = []struct {
	kind model.Kind
	say  func(d *Desk, ctx context.Context, h model.Head, text string) Hit
}{
	{model.KindEmployer, hitOf(func(d *Desk, ctx context.Context, e *model.Employer, _ string) (string, string) {
		return e.Name, joined(mergedWord(e.Twin), e.LegalRep, e.Address)
	})},
	{model.KindSite, hitOf(func(d *Desk, ctx context.Context, s *model.Site, _ string) (string, string) {
		return s.Name, joined(mergedWord(s.Twin), d.employerName(ctx, s.General), s.Address)
	})},
	{model.KindCase, hitOf(func(d *Desk, ctx context.Context, c *model.Case, _ string) (string, string) {
		return joined(c.Number, c.Cause), d.employerName(ctx, c.Employer)
	})},
	{model.KindDocument, hitOf(func(d *Desk, ctx context.Context, x *model.Document, _ string) (string, string) {
		number := ""
		if x.Issued != nil {
			number = NumberOf(x)
		}
		return joined(x.Title, number), firstText(x.Fields, "employer", "recipient", "interviewee")
	})},
	{model.KindInspection, hitOf(func(d *Desk, ctx context.Context, i *model.Inspection, _ string) (string, string) {
		return joined(i.Matter, i.Place), dayOf(i.Start)
	})},
	{model.KindDraw, hitOf(func(d *Desk, ctx context.Context, v *model.Draw, _ string) (string, string) {
		return v.Name, joined(dayOf(v.DrawnAt), v.Matter)
	})},
	{model.KindLead, hitOf(func(d *Desk, ctx context.Context, l *model.Lead, _ string) (string, string) {
		return l.Claim, joined(l.Complainant, dayOf(l.ReceivedAt))
	})},
	{model.KindWageRoll, hitOf(func(d *Desk, ctx context.Context, w *model.WageRoll, text string) (string, string) {
		who := workerLike(w, text)
		return joined(who.Name, statute.MaskID(who.IDNo)), d.caseNumber(ctx, w.Case)
	})},
	{model.KindInterview, hitOf(func(d *Desk, ctx context.Context, v *model.Interview, _ string) (string, string) {
		return joined(v.Person, statute.MaskID(v.IDNo)), joined(v.Unit, dayOf(v.Start))
	})},
	{model.KindContact, hitOf(func(d *Desk, ctx context.Context, c *model.Contact, _ string) (string, string) {
		return joined(c.Person, c.Role), joined(dayOf(c.At), c.Said)
	})},
	{model.KindService, hitOf(func(d *Desk, ctx context.Context, v *model.Service, _ string) (string, string) {
		return joined(v.Receiver, v.Mode), joined(d.caseNumber(ctx, v.Case), dayOf(v.At))
	})},
	{model.KindEvidence, hitOf(func(d *Desk, ctx context.Context, e *model.Evidence, _ string) (string, string) {
		return e.Name, d.caseNumber(ctx, e.Case)
	})},
	{model.KindGrid, hitOf(func(d *Desk, ctx context.Context, g *model.Grid, _ string) (string, string) {
		return joined(g.Name, g.Code), g.Keeper
	})},
	{model.KindEntry, hitOf(func(d *Desk, ctx context.Context, e *model.Entry, _ string) (string, string) {
		return e.Text(model.EntryTitle), joined(struckWord(e), e.Text(model.EntryDate))
	})},
	{model.KindOfficer, hitOf(func(d *Desk, ctx context.Context, o *model.Officer, _ string) (string, string) {
		return o.Name, joined(o.Unit, o.Role)
	})},
}

// perKind is how many of one kind stand among the hits, so that a common word
// does not hide the other kinds.
const perKind = 4

// Find looks for a text in everything: names, numbers, fragments of identity
// numbers, addresses. At most limit hits, kinds in the order of found.
func (d *Desk) Find(ctx context.Context, text string, limit int) ([]Hit, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	var out []Hit
	for _, f := range found {
		heads, err := d.Journal.List(ctx, model.Query{Kind: f.kind, Text: text, Limit: min(perKind, limit-len(out))})
		if err != nil {
			return nil, err
		}
		for _, h := range heads {
			out = append(out, f.say(d, ctx, h, text))
		}
		if len(out) >= limit {
			break
		}
	}
	return out, nil
}

// hitOf words a record of one type. A body that cannot be read, written by a
// newer program, still is a hit.
func hitOf[T any, P interface {
	*T
	model.Record
}](say func(d *Desk, ctx context.Context, v P, text string) (title, detail string)) func(*Desk, context.Context, model.Head, string) Hit {
	return func(d *Desk, ctx context.Context, h model.Head, text string) Hit {
		hit := Hit{Kind: h.Kind, ID: h.ID, State: h.Summary.State, Case: h.Summary.Case, Parent: h.Summary.Parent, Title: h.Summary.Number}
		if v, err := model.As[T, P](h.Body); err == nil {
			hit.Title, hit.Detail = say(d, ctx, v, text)
		}
		return hit
	}
}

// workerLike is the worker of a roll who has the text in name or identity
// number; the first one when the text matched in pieces.
func workerLike(w *model.WageRoll, text string) model.Worker {
	for _, x := range w.Workers {
		if strings.Contains(x.Name, text) || strings.Contains(strings.ToUpper(x.IDNo), strings.ToUpper(text)) {
			return x
		}
	}
	if len(w.Workers) > 0 {
		return w.Workers[0]
	}
	return model.Worker{}
}

// mergedWord is said of a record that another stands for.
func mergedWord(t model.Twin) string {
	if t.MergedInto == "" {
		return ""
	}
	return model.RegisterMerged
}

func (d *Desk) employerName(ctx context.Context, id model.ID) string {
	if e, _, err := load[model.Employer](ctx, d, id); err == nil {
		return e.Name
	}
	return ""
}

func firstText(fields map[string]any, names ...string) string {
	for _, n := range names {
		if v, ok := fields[n].(string); ok && v != "" {
			return v
		}
	}
	return ""
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(model.DateOf(t))
}

// joined puts what there is of the parts beside one another.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}
