package casework

import (
	"context"
	"fmt"

	"anxin/model"
	"anxin/model/statute"
)

// AskSupplement asks the complainant for what a lead lacks; the period to
// decide stands still until it comes.
func (d *Desk) AskSupplement(ctx context.Context, id model.ID, missing string) error {
	if missing == "" {
		return fmt.Errorf("请写明需要补正的内容，投诉人据此补正")
	}
	return d.leadStep(ctx, id, model.LeadSupplement, func(l *model.Lead) {
		l.DecideBy = ""
		l.Decided = &model.Decision{By: d.me, At: d.Clock.Now(), Outcome: model.LeadSupplement, Reason: missing}
	})
}

// Supplemented puts a lead back that was completed: the period to decide runs
// anew from now.
func (d *Desk) Supplemented(ctx context.Context, id model.ID) error {
	now := d.Clock.Now()
	by, err := d.due(ctx, clockAccept, now)
	if err != nil {
		return err
	}
	return d.leadStep(ctx, id, model.LeadRegistered, func(l *model.Lead) {
		l.SupplementedAt, l.DecideBy = now, model.DateOf(by.Last)
	})
}

// leadStep moves a lead along the law's table.
func (d *Desk) leadStep(ctx context.Context, id model.ID, to string, change func(*model.Lead)) error {
	l, rev, err := load[model.Lead](ctx, d, id)
	if err != nil {
		return err
	}
	office, err := d.Office(ctx)
	if err != nil {
		return err
	}
	if _, ok := d.Law.Transition(statute.OfLead, l.State, to, d.Clock.Now(), office.Value.Region); !ok {
		return fmt.Errorf("线索的状态是“%s”，不能转为“%s”", l.State, to)
	}
	l.State = to
	change(l)
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: l})
	return err
}
