package casework

import (
	"context"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// Reason is why an act may not be done, or should be thought over, with the
// article that says so.
type Reason struct {
	statute.Reason
	// Blocks: the act is refused. Otherwise it is a warning.
	Blocks bool
}

// block and warn make a reason of this room's own.
func block(text, article string) Reason {
	return Reason{Reason: statute.Reason{Text: text, Article: article}, Blocks: true}
}

func warn(text, article string) Reason {
	return Reason{Reason: statute.Reason{Text: text, Article: article}}
}

// String is the reason as a person reads it.
func (r Reason) String() string {
	if r.Article == "" {
		return bare(r.Text)
	}
	return bare(r.Text) + "（" + r.Article + "）"
}

// Refused is the error of an act that a gate closed.
type Refused struct {
	Act     string
	Reasons []Reason
}

func (e *Refused) Error() string {
	var b []string
	for _, r := range e.Reasons {
		if r.Blocks {
			b = append(b, r.String())
		}
	}
	return "不能" + e.Act + "：" + strings.Join(b, "；")
}

// enforce turns blocking reasons into an error.
func enforce(act string, reasons []Reason) error {
	for _, r := range reasons {
		if r.Blocks {
			return &Refused{Act: act, Reasons: reasons}
		}
	}
	return nil
}

// warnings are the reasons that do not block.
func warnings(reasons []Reason) (out []Reason) {
	for _, r := range reasons {
		if !r.Blocks {
			out = append(out, r)
		}
	}
	return out
}

// TwoOfficers: an act needs two different inspectors whose certificates are
// valid on its day.
func (d *Desk) TwoOfficers(ctx context.Context, ids []model.ID, on time.Time) ([]Reason, error) {
	people, err := d.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]model.Officer, len(people))
	for i, p := range people {
		list[i] = *p
	}
	var out []Reason
	for _, r := range statute.TwoOfficers(list, on) {
		out = append(out, Reason{Reason: r, Blocks: true})
	}
	return out, nil
}

// people reads officers by id, in order.
func (d *Desk) people(ctx context.Context, ids []model.ID) ([]*model.Officer, error) {
	out := make([]*model.Officer, 0, len(ids))
	for _, id := range ids {
		o, _, err := load[model.Officer](ctx, d, id)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// approvedBefore: every visit is approved, and announced before or at the visit.
func approvedBefore(i *model.Inspection, start time.Time) (out []Reason) {
	const article = "国办发〔2024〕54号"
	if i.Approved == nil {
		out = append(out, block("检查还没有经负责人审批", article))
	} else if i.Approved.At.After(start) {
		out = append(out, warn("审批时间晚于检查开始时间，请核对；紧急情况应当及时补办", article))
	}
	if i.Announced.IsZero() {
		out = append(out, block("还没有制作检查通知书", article))
	} else if i.Announced.After(start) {
		out = append(out, warn("通知时间晚于检查开始时间，请核对", article))
	}
	return out
}

// dueDate judges the day an order sets.
func dueDate(due, issued model.Date, loc *time.Location) (out []Reason) {
	const article = "《劳动保障监察条例》第十八条"
	d, i := due.Time(loc), issued.Time(loc)
	switch {
	case d.IsZero():
		return []Reason{block("改正期限没有填写，或者不是 2026-01-31 的格式", article)}
	case !d.After(i):
		return []Reason{block("改正期限必须晚于签发日期", article)}
	case d.Before(i.AddDate(0, 0, 3)):
		out = append(out, warn("改正期限不足3日，请确认当事人能够做到", article))
	}
	return out
}

// due runs a clock of the law for this office.
func (d *Desk) due(ctx context.Context, key string, from time.Time) (statute.Deadline, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return statute.Deadline{}, err
	}
	return d.Law.Due(key, from, o.Value.Region)
}
