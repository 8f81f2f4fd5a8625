package casework

import (
	"context"
	"fmt"

	"anxin/model"
)

// Started tells whether the officers have begun on site: the checklist of the
// visit is fixed to a version then.
func Started(i *model.Inspection) bool { return i.ChecklistVersion != "" }

// StartVisit notes that the officers stand on the site now: the visit begins at
// this moment instead of the time planned, and its checklist is that of today.
// A visit must have been approved and announced. Starting again changes nothing.
func (d *Desk) StartVisit(ctx context.Context, id model.ID) ([]Reason, error) {
	i, rev, err := load[model.Inspection](ctx, d, id)
	if err != nil {
		return nil, err
	}
	if i.State != model.InspectionAnnounced {
		return nil, fmt.Errorf("检查的状态是“%s”，审批并通知后才能开始", i.State)
	}
	if Started(i) {
		return nil, nil
	}
	now := d.Clock.Now()
	reasons, err := d.TwoOfficers(ctx, i.Officers, now)
	if err != nil {
		return nil, err
	}
	if err := enforce("开始检查", reasons); err != nil {
		return nil, err
	}
	i.Start, i.ChecklistVersion = now, d.Checklist.Version
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: i})
	return warnings(append(reasons, approvedBefore(i, now)...)), err
}
