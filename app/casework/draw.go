package casework

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
)

// sourceDraw is the origin of a visit that was drawn.
const sourceDraw = "双随机"

// seedBytes of chance make a seed where nobody names one.
const seedBytes = 16

// Draw draws what the questions of v ask for and plans the visits, in one act:
// nobody draws until it suits them without the draws before being on record. A
// seed that is not named, as figures called out before witnesses are, is taken
// from the machine's chance. Two visits of one officer are a working day apart.
func (d *Desk) Draw(ctx context.Context, v model.Draw) (model.ID, error) {
	v.Seed = strings.TrimSpace(v.Seed)
	if err := drawProblem(v); err != nil {
		return "", err
	}
	if len(v.Officers) > 0 {
		reasons, err := d.TwoOfficers(ctx, v.Officers, v.Begin)
		if err != nil {
			return "", err
		}
		if err := enforce("随机抽取", reasons); err != nil {
			return "", err
		}
	}
	pool, err := d.Pool(ctx, v)
	if err != nil {
		return "", err
	}
	v.Units, v.Officers = pool.Units, pool.Officers
	if v.Recusals, err = d.drawnRecusals(ctx, v.Recusals, pool.same); err != nil {
		return "", err
	}
	if v.Seed == "" {
		chance := make([]byte, seedBytes)
		rand.Read(chance) // never fails (crypto/rand)
		v.Seed = hex.EncodeToString(chance)
	}
	if err := d.drawable(ctx, &v); err != nil {
		return "", err
	}
	v.State, v.Published = model.DrawOpen, nil
	v.DrawnAt, v.DrawnBy = d.Clock.Now(), d.me
	v.Hash, v.Pairs = drawHash(&v), cast(&v)
	visits, err := d.drawnVisits(ctx, &v)
	if err != nil {
		return "", err
	}
	return d.commit(ctx, append([]model.Change{{ID: d.IDs.NewID(), Record: &v}}, visits...)...)
}

// drawProblem is what is missing of the questions of a draw.
func drawProblem(v model.Draw) error {
	switch {
	case v.Name == "":
		return fmt.Errorf("请填写抽查任务的名称")
	case v.Matter == "":
		return fmt.Errorf("请填写检查事项")
	case v.Of != model.DrawEmployers && v.Of != model.DrawSites:
		return fmt.Errorf("请选择抽查对象：%s或者%s", model.DrawEmployers, model.DrawSites)
	case v.Begin.IsZero():
		return fmt.Errorf("请填写检查开始时间")
	case v.Pick < 1:
		return fmt.Errorf("抽取户数至少是 1")
	case strings.ContainsAny(v.Seed, "\r\n"):
		return fmt.Errorf("种子只能是一行文字")
	}
	return nil
}

// drawable tells whether the draw can come out, before it is known how.
func (d *Desk) drawable(ctx context.Context, v *model.Draw) error {
	for _, r := range v.Recusals {
		if !slices.ContainsFunc(v.Units, func(u model.DrawUnit) bool { return u.ID == r.Unit }) {
			return fmt.Errorf("需要回避的“%s”不在这次抽查的名单里，请删去这条回避，或者从名单里的对象中重新选择", d.unitName(ctx, r.Unit))
		}
	}
	for _, u := range v.Units {
		free := len(v.Officers)
		for _, id := range v.Officers {
			if keptAway(v, id, u.ID) {
				free--
			}
		}
		if free < 2 {
			return fmt.Errorf("可以检查“%s”的执法人员只有 %d 名，应当不少于两名，请补充人员或者调整回避", d.unitName(ctx, u.ID), free)
		}
		if u.Weight < 1 {
			return fmt.Errorf("诚信等级“%s”的抽查权重应当不小于 1，请在“设置”中更正", cmp.Or(u.Grade, "未评级"))
		}
	}
	if v.Pick > len(v.Units) {
		return fmt.Errorf("符合条件的只有 %d 户，不能抽取 %d 户，请放宽条件或者减少户数", len(v.Units), v.Pick)
	}
	return nil
}

// unitName is an employer or a site by name, "" where there is none.
func (d *Desk) unitName(ctx context.Context, id model.ID) string {
	if s, _, err := load[model.Site](ctx, d, id); err == nil {
		return s.Name
	}
	return d.employerName(ctx, id)
}

// drawnVisits are the visits to the units drawn, and their ids put to the pairs.
func (d *Desk) drawnVisits(ctx context.Context, v *model.Draw) (out []model.Change, err error) {
	tasks := map[model.ID]int{}
	for i := range v.Pairs {
		p := &v.Pairs[i]
		p.Visit = d.IDs.NewID()
		wait := 0
		for _, id := range p.Officers {
			wait = max(wait, tasks[id])
		}
		for _, id := range p.Officers {
			tasks[id] = wait + 1
		}
		visit := &model.Inspection{State: model.InspectionPlanned, Type: "日常", Source: sourceDraw, Matter: v.Matter, Employer: p.Unit, Officers: p.Officers,
			Start: d.workingDay(v.Begin, wait)}
		if v.Of == model.DrawSites {
			site, _, err := load[model.Site](ctx, d, p.Unit)
			if err != nil {
				return nil, err
			}
			if visit.Employer, err = d.standsFor(ctx, site.General); err != nil {
				return nil, err
			}
			visit.Site, visit.Place = p.Unit, site.Address
		} else if e, _, err := load[model.Employer](ctx, d, p.Unit); err == nil {
			visit.Place = e.Address
		}
		out = append(out, model.Change{ID: p.Visit, Record: visit})
	}
	return out, nil
}

// workingDay is the same time of day n working days on.
func (d *Desk) workingDay(from time.Time, n int) time.Time {
	if n == 0 {
		return from
	}
	on, _ := d.Law.Calendar.AddWorking(from, n)
	return on.Add(from.Sub(day(from)))
}

// ProveDraw draws again what is on record and tells where it comes out
// otherwise; nil says that the draw is as it must be.
func (d *Desk) ProveDraw(ctx context.Context, id model.ID) error {
	v, _, err := load[model.Draw](ctx, d, id)
	if err != nil {
		return err
	}
	if got := drawHash(v); got != v.Hash {
		return fmt.Errorf("名单和种子的摘要是 %s，与记录的 %s 不一致，抽取名单被改动过，请停止使用这次抽取，报告局里并核对修改历史", got, v.Hash)
	}
	again := cast(v)
	if len(again) != len(v.Pairs) {
		return fmt.Errorf("重新抽取得到 %d 户，记录的是 %d 户，抽取结果被改动过，请停止使用这次抽取，报告局里并核对修改历史", len(again), len(v.Pairs))
	}
	for i, p := range again {
		if p.Unit != v.Pairs[i].Unit || !slices.Equal(p.Officers, v.Pairs[i].Officers) {
			return fmt.Errorf("重新抽取的第 %d 户与记录不一致，抽取结果被改动过，请停止使用这次抽取，报告局里并核对修改历史", i+1)
		}
	}
	return nil
}
