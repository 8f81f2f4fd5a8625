package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
)

// clockPublish runs from the end of each visit that was drawn.
const clockPublish = "draw.publish"

// DrawnVisit is a pair of a draw with its visit as it stands.
type DrawnVisit struct {
	model.DrawPair
	Name       string // of the unit
	Inspection Kept[model.Inspection]
	Shown      bool // its result was made public
}

// Here tells whether the visit is on this laptop.
func (v DrawnVisit) Here() bool { return v.Inspection.Rev != "" }

// DrawnVisits are the pairs of a draw in the order they fell. A visit that is not
// on this laptop, since it did not arrive yet or belongs to others by now, is an
// empty one without a state.
func (d *Desk) DrawnVisits(ctx context.Context, v *model.Draw) ([]DrawnVisit, error) {
	out := make([]DrawnVisit, len(v.Pairs))
	for i, p := range v.Pairs {
		visit, rev, err := load[model.Inspection](ctx, d, p.Visit)
		if errors.Is(err, model.ErrNotFound) {
			visit, rev, err = &model.Inspection{}, "", nil
		}
		if err != nil {
			return nil, err
		}
		out[i] = DrawnVisit{DrawPair: p, Name: d.unitName(ctx, p.Unit), Inspection: Kept[model.Inspection]{ID: p.Visit, Rev: rev, Value: visit}, Shown: v.Shown(p.Visit)}
	}
	return out, nil
}

// waits tells whether a visit was made and its result is not public yet.
func (v DrawnVisit) waits() bool {
	return v.Inspection.Value.State == model.InspectionRecorded && !v.Shown
}

// PublishDraw notes where the results of the visits made so far are public now.
func (d *Desk) PublishDraw(ctx context.Context, id model.ID, where string) error {
	v, rev, err := load[model.Draw](ctx, d, id)
	if err != nil {
		return err
	}
	if where = strings.TrimSpace(where); where == "" {
		return fmt.Errorf("请填写在哪里公示，例如网址或者公示栏")
	}
	visits, err := d.DrawnVisits(ctx, v)
	if err != nil {
		return err
	}
	p := model.Publication{At: d.Clock.Now(), By: d.me, Where: where}
	for _, x := range visits {
		if x.waits() {
			p.Visits = append(p.Visits, x.Visit)
		}
	}
	if len(p.Visits) == 0 {
		return fmt.Errorf("没有已经检查而还没有公示的单位，请先完成检查笔录，再登记公示")
	}
	v.Published = append(v.Published, p)
	v.State = drawState(v)
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: v})
	return err
}

// TakeBackPublication undoes the note of the newest publication; the journal
// keeps that it stood there.
func (d *Desk) TakeBackPublication(ctx context.Context, id model.ID) error {
	v, rev, err := load[model.Draw](ctx, d, id)
	if err != nil {
		return err
	}
	if len(v.Published) == 0 {
		return fmt.Errorf("这次抽查还没有公示过")
	}
	v.Published = v.Published[:len(v.Published)-1]
	v.State = drawState(v)
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: v})
	return err
}

func drawState(v *model.Draw) string {
	if slices.ContainsFunc(v.Pairs, func(p model.DrawPair) bool { return !v.Shown(p.Visit) }) {
		return model.DrawOpen
	}
	return model.DrawPublished
}

// DrawSheet is what is made public of a draw: every visit made, with its result.
// No person is on it.
func (d *Desk) DrawSheet(ctx context.Context, id model.ID) (Table, error) {
	t := Table{Name: "随机抽查结果公示", Head: []string{"序号", "抽查任务", "检查对象", "统一社会信用代码", "工程项目", "检查事项", "检查日期", "检查机关", "联合部门", "检查结果"}}
	v, _, err := load[model.Draw](ctx, d, id)
	if err != nil {
		return t, err
	}
	o, err := d.Office(ctx)
	if err != nil {
		return t, err
	}
	visits, err := d.DrawnVisits(ctx, v)
	if err != nil {
		return t, err
	}
	for _, x := range visits {
		i := x.Inspection.Value
		if i.State != model.InspectionRecorded {
			continue
		}
		result, err := d.drawResult(ctx, x)
		if err != nil {
			return t, err
		}
		name, code := x.Name, ""
		if e, _, err := load[model.Employer](ctx, d, i.Employer); err == nil {
			name, code = e.Name, e.USCC
		}
		site := ""
		if v.Of == model.DrawSites {
			site = x.Name
		}
		t.Rows = append(t.Rows, []any{len(t.Rows) + 1, v.Name, name, code, site, i.Matter, string(model.DateOf(i.Start)), o.Value.Name, v.Partners, result})
	}
	return t, nil
}

// drawResult words what a visit found: whether an order followed.
func (d *Desk) drawResult(ctx context.Context, x DrawnVisit) (string, error) {
	n := breachesOf(x.Inspection.Value)
	if n == 0 {
		return "未发现问题", nil
	}
	papers, err := all[model.Document](ctx, d, model.Query{Parent: x.Visit})
	if slices.ContainsFunc(papers, func(k Kept[model.Document]) bool {
		return k.Value.Type == orderPaper && k.Value.Issued != nil && k.Value.State != model.DocumentWithdrawn
	}) {
		return fmt.Sprintf("发现 %d 项问题，已责令限期改正", n), err
	}
	return fmt.Sprintf("发现 %d 项问题，正在处理", n), err
}

// PublishBy is the last day to make the results known that are not yet; "" where
// none wait.
func (d *Desk) PublishBy(ctx context.Context, v *model.Draw) (by model.Date, article string, err error) {
	visits, err := d.DrawnVisits(ctx, v)
	if err != nil {
		return "", "", err
	}
	var first time.Time
	for _, x := range visits {
		if end := x.Inspection.Value.End; x.waits() && (first.IsZero() || end.Before(first)) {
			first = end
		}
	}
	if first.IsZero() {
		return "", "", nil
	}
	due, err := d.due(ctx, clockPublish, first)
	return model.DateOf(due.Last), due.Rule.Article, err
}

// drawTasks are the draws with results to be made public.
func (d *Desk) drawTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Draw](ctx, d, model.Query{States: []string{model.DrawOpen}})
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		by, article, err := d.PublishBy(ctx, k.Value)
		if err != nil {
			return nil, err
		}
		if by != "" {
			out = append(out, Task{Act: "draw.publish", Title: "公示随机抽查结果", Detail: k.Value.Name, Due: by, Article: article, Record: k.ID, Kind: model.KindDraw})
		}
	}
	return out, nil
}
