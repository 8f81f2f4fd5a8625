package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"anxin/model"
)

// Clocks of the law that the use cases start, by their key in the table.
const (
	clockAccept      = "complaint.accept"
	clockInvestigate = "case.investigate"
)

// RegisterLead writes a lead down with the day by which it must be accepted
// or not.
func (d *Desk) RegisterLead(ctx context.Context, l model.Lead) (model.ID, error) {
	if l.Source == "" {
		return "", fmt.Errorf("线索来源没有填写，请选择来源渠道")
	}
	if l.Employer == "" && l.Site == "" {
		return "", fmt.Errorf("被反映的单位或项目没有填写，请至少填写一项")
	}
	if l.ReceivedAt.IsZero() {
		l.ReceivedAt = d.Clock.Now()
	}
	by, err := d.due(ctx, clockAccept, l.ReceivedAt)
	if err != nil {
		return "", err
	}
	l.State, l.Receiver, l.DecideBy = model.LeadRegistered, d.me, model.DateOf(by.Last)
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &l})
}

// Acceptance is what accepting a lead decides.
type Acceptance struct {
	Lead     model.ID
	Cause    string // 案由
	Officers []model.ID
	Reason   string
}

// AcceptLead accepts a lead and opens its case the same day, in one act
// (劳动部令25号 18): the investigation clock runs from here.
func (d *Desk) AcceptLead(ctx context.Context, a Acceptance) (model.ID, error) {
	l, rev, err := load[model.Lead](ctx, d, a.Lead)
	if err != nil {
		return "", err
	}
	if l.State != model.LeadRegistered {
		return "", fmt.Errorf("线索的状态是“%s”，不能再受理", l.State)
	}
	now := d.Clock.Now()
	reasons, err := d.TwoOfficers(ctx, a.Officers, now)
	if err != nil {
		return "", err
	}
	if err := enforce("受理立案", reasons); err != nil {
		return "", err
	}
	by, err := d.due(ctx, clockInvestigate, now)
	if err != nil {
		return "", err
	}
	c := &model.Case{State: model.CaseInvestigating, Cause: a.Cause, Lead: a.Lead, Employer: l.Employer, Site: l.Site,
		LeadOfficer: a.Officers[0], Assistant: a.Officers[1], OpenedAt: now, DueBy: model.DateOf(by.Last),
		Log: []model.Transition{{To: model.CaseInvestigating, By: d.me, At: now}}}
	id := d.IDs.NewID()
	c.Number = caseNumber(id, now)
	l.State, l.Case = model.LeadAccepted, id
	l.Decided = &model.Decision{By: d.me, At: now, Outcome: model.LeadAccepted, Reason: a.Reason}
	if _, err := d.commit(ctx, model.Change{ID: id, Record: c}, model.Change{ID: a.Lead, Base: rev, Record: l}); err != nil {
		return "", fmt.Errorf("受理立案: %w", err)
	}
	return id, nil
}

// caseNumber names a case for people: the day it was opened and the tail of
// its id, so that two laptops offline never give the same one. It is no 文号.
func caseNumber(id model.ID, opened time.Time) string {
	return opened.Format("20060102") + "-" + strings.ToUpper(string(id[len(id)-4:]))
}

// DeclineLead rejects a lead or passes it on, with the reason the complainant
// is told.
func (d *Desk) DeclineLead(ctx context.Context, id model.ID, outcome, reason string) error {
	l, rev, err := load[model.Lead](ctx, d, id)
	if err != nil {
		return err
	}
	switch {
	case l.State != model.LeadRegistered:
		return fmt.Errorf("线索的状态是“%s”，不能再作决定", l.State)
	case outcome != model.LeadRejected && outcome != model.LeadTransferred:
		return fmt.Errorf("决定应为“%s”或“%s”", model.LeadRejected, model.LeadTransferred)
	case reason == "":
		return fmt.Errorf("请填写%s的理由，投诉人有权知道", outcome)
	}
	l.State = outcome
	l.Decided = &model.Decision{By: d.me, At: d.Clock.Now(), Outcome: outcome, Reason: reason}
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: l})
	return err
}

// advance moves a case to a state and logs the act and its document.
func advance(c *model.Case, to string, by model.ID, d *Desk, doc model.ID) {
	if c.State == to {
		return
	}
	c.Log = append(c.Log, model.Transition{From: c.State, To: to, By: by, At: d.Clock.Now(), Document: doc})
	c.State = to
}
