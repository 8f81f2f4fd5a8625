package casework

import (
	"context"
	"fmt"

	"anxin/model"
	"anxin/model/statute"
)

// Decide puts on record what was decided, said or found within a case beside
// its state: an approval, a recusal, the reviewer's opinion, the hearing, what
// the re-inspection showed. Matter and outcome are of the law's table, which
// also says who may decide it and on which paper. By is the officer at this
// desk and At is now when they are left out; an instant still to come is
// refused.
func (d *Desk) Decide(ctx context.Context, id model.ID, x model.CaseDecision) error {
	_, rev, err := load[model.Case](ctx, d, id)
	if err != nil {
		return err
	}
	f, err := d.File(ctx, id)
	if err != nil {
		return err
	}
	if x.By == "" {
		x.By = d.me
	}
	if x.At.IsZero() {
		x.At = f.At
	}
	reasons, err := f.decideReasons(x)
	if err != nil {
		return err
	}
	if err := enforce("登记"+x.Matter, reasons); err != nil {
		return err
	}
	f.Case.Decisions = append(f.Case.Decisions, x)
	if _, err := d.commit(ctx, model.Change{ID: id, Base: rev, Record: f.Case}); err != nil {
		return fmt.Errorf("登记%s: %w", x.Matter, err)
	}
	return nil
}

// decideReasons is what stands against recording a decision.
func (f *File) decideReasons(x model.CaseDecision) (out []Reason, err error) {
	m, ok := f.Law.Matter(x.Matter, x.Outcome)
	if !ok {
		return nil, fmt.Errorf("没有名为“%s”的办理事项，或者它没有“%s”这个结果", x.Matter, x.Outcome)
	}
	refuse := func(cond bool, text string) {
		if cond {
			out = append(out, block(text, m.Article))
		}
	}
	closed := f.Case.State == model.CaseClosed || f.Case.State == model.CaseArchived
	refuse(closed, "案件已经"+f.Case.State)
	refuse(!f.duty(x.By).May(m.Who), "应当由"+dutyNames(m.Who)+"办理")
	refuse(x.At.After(f.At), "办理时间晚于现在")
	refuse(x.At.Before(f.Case.OpenedAt), "办理时间早于立案")
	refuse(m.Effect == statute.EffectFail && x.Reason == "", "请写明理由")
	refuse(x.Matter == matterRecusal && x.About == "", "请写明申请谁回避")
	if len(m.Documents) > 0 {
		found := false
		for _, k := range before(f.issued(m.Documents...), f.At) {
			found = found || k.ID == x.Document
		}
		refuse(!found, "应当附已签发的"+f.titles(m.Documents))
	}
	return out, nil
}
