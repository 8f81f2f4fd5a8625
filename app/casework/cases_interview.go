package casework

import (
	"context"

	"anxin/model"
)

// InterviewReasons is what the rules of the record hold against a statement as
// it stands: one person, two certified officers, its times, and no officer in
// two records at once.
func (d *Desk) InterviewReasons(ctx context.Context, v model.Interview) ([]Reason, error) {
	return d.interviewReasons(ctx, &v)
}

// FramedInterview is a statement with the questions whose wording is fixed
// before and after what was asked, as its record will read.
func (d *Desk) FramedInterview(ctx context.Context, v model.Interview) ([]model.QA, error) {
	officers, err := d.people(ctx, v.Officers)
	if err != nil {
		return nil, err
	}
	if len(officers) < 2 {
		return v.QAs, nil
	}
	o, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	return frame(&v, o.Value.Name, officers), nil
}
