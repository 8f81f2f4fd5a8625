package casework

import (
	"context"
	"fmt"
	"slices"

	"anxin/model"
	"anxin/model/statute"
)

// WithLaw is the same desk under other tables: after an office changed a
// setting or took in the holidays of a year.
func (d *Desk) WithLaw(law *statute.Law) *Desk {
	rooms := d.Rooms
	rooms.Law = law
	return NewDesk(rooms, d.me)
}

// Recount computes the day of every running clock again and writes down those
// that moved; it returns how many. It is asked after the tables changed, since
// a day reckoned without the holidays of its year is provisional.
func (d *Desk) Recount(ctx context.Context) (int, error) {
	var changes []model.Change
	for _, count := range []func(context.Context) ([]model.Change, error){d.recountLeads, d.recountCases} {
		c, err := count(ctx)
		if err != nil {
			return 0, err
		}
		changes = append(changes, c...)
	}
	if len(changes) == 0 {
		return 0, nil
	}
	if _, err := d.commit(ctx, changes...); err != nil {
		return 0, fmt.Errorf("重新计算期限: %w", err)
	}
	return len(changes), nil
}

func (d *Desk) recountLeads(ctx context.Context) (out []model.Change, err error) {
	list, err := all[model.Lead](ctx, d, model.Query{States: []string{model.LeadRegistered}})
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		from := k.Value.ReceivedAt
		if k.Value.SupplementedAt.After(from) {
			from = k.Value.SupplementedAt
		}
		by, err := d.due(ctx, clockAccept, from)
		if err != nil {
			return nil, err
		}
		if day := model.DateOf(by.Last); day != k.Value.DecideBy {
			k.Value.DecideBy = day
			out = append(out, model.Change{ID: k.ID, Base: k.Rev, Record: k.Value})
		}
	}
	return out, nil
}

// RunningStates are the states of a case in which something is still to be
// done, in the order of the law.
func RunningStates() []string {
	return slices.DeleteFunc(model.CaseStates(), func(s string) bool { return s == model.CaseClosed || s == model.CaseArchived })
}

func (d *Desk) recountCases(ctx context.Context) (out []model.Change, err error) {
	list, err := all[model.Case](ctx, d, model.Query{States: RunningStates()})
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		f, err := d.File(ctx, k.ID)
		if err != nil {
			return nil, err
		}
		due, err := f.runningDue()
		if err != nil {
			return nil, err
		}
		if due != f.Case.DueBy {
			f.Case.DueBy = due
			out = append(out, model.Change{ID: k.ID, Base: k.Rev, Record: f.Case})
		}
	}
	return out, nil
}

// runningDue is the day of the clock the newest step started. A case is opened
// into its investigation by accepting a lead, which is a step of the lead.
func (f *File) runningDue() (model.Date, error) {
	t := model.Transition{To: f.Case.State, At: f.Case.OpenedAt}
	if n := len(f.Case.Log); n > 0 {
		t = f.Case.Log[n-1]
	}
	row, ok := f.Law.Transition(statute.OfCase, t.From, t.To, t.At, f.region())
	if !ok {
		row = statute.Transition{Clock: clockInvestigate, Act: "立案"}
	}
	return f.dueDay(row, t)
}
