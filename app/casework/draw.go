package casework

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// sourceDraw is the origin of a visit that was drawn.
const sourceDraw = "双随机"

// seedBytes of chance make a seed where nobody names one.
const seedBytes = 16

// everyUnit: a draw from a part of a register would not be one.
const everyUnit = 1 << 30

// DrawPool is who can be drawn.
type DrawPool struct {
	Units    []model.DrawUnit
	Officers []model.ID
	// Unbuilt is how many sites are left out since no general contractor is known:
	// there is nobody whom a visit could be announced to.
	Unbuilt int
}

// Pool is what a draw would be drawn from: the units its questions select, by id,
// each with its weight, and the officers it names, by id; where it names none,
// everybody who is certified on the first day.
func (d *Desk) Pool(ctx context.Context, v model.Draw) (p DrawPool, err error) {
	o, err := d.Office(ctx)
	if err != nil {
		return p, err
	}
	if err := d.poolUnits(ctx, v, o.Value.Region, &p); err != nil {
		return p, err
	}
	people, err := all[model.Officer](ctx, d, model.Query{})
	if err != nil {
		return p, err
	}
	for _, k := range people {
		able, _ := statute.Certified(*k.Value, v.Begin)
		if able && (len(v.Officers) == 0 || slices.Contains(v.Officers, k.ID)) {
			p.Officers = append(p.Officers, k.ID)
		}
	}
	slices.Sort(p.Officers)
	slices.SortFunc(p.Units, func(a, b model.DrawUnit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return p, nil
}

func (d *Desk) poolUnits(ctx context.Context, v model.Draw, region string, p *DrawPool) error {
	grids, err := d.gridsBelow(ctx, v.Grid)
	if err != nil {
		return err
	}
	seen, err := d.seenThisYear(ctx, v.SkipSeen)
	if err != nil {
		return err
	}
	employers, err := all[model.Employer](ctx, d, model.Query{Limit: everyUnit})
	if err != nil {
		return err
	}
	party := map[model.ID]*model.Employer{}
	for _, k := range employers {
		party[k.ID] = k.Value
		if v.Of != model.DrawSites && k.Value.StandsFor(k.ID) == "" && grids(k.Value.Grid) && ofIndustry(v, k.Value) && !seen[k.ID] {
			p.Units = append(p.Units, model.DrawUnit{ID: k.ID, Grade: k.Value.Grade})
		}
	}
	if v.Of == model.DrawSites {
		if err := d.poolSites(ctx, v, party, grids, seen, p); err != nil {
			return err
		}
	}
	for i := range p.Units {
		if p.Units[i].Weight, err = d.drawWeight(v, p.Units[i].Grade, region); err != nil {
			return err
		}
	}
	return nil
}

// poolSites are the sites that are being built; one whose stage nobody noted
// counts as such. A site has the grade of its general contractor.
func (d *Desk) poolSites(ctx context.Context, v model.Draw, party map[model.ID]*model.Employer, grids func(string) bool, seen map[model.ID]bool, p *DrawPool) error {
	sites, err := all[model.Site](ctx, d, model.Query{Limit: everyUnit})
	if err != nil {
		return err
	}
	for _, k := range sites {
		building := k.Value.Stage == model.StageBuilding || k.Value.Stage == ""
		if k.Value.StandsFor(k.ID) != "" || !building || !grids(k.Value.Grid) || seen[k.ID] {
			continue
		}
		general, known := party[k.Value.General]
		if !known {
			p.Unbuilt++
			continue
		}
		if ofIndustry(v, general) {
			p.Units = append(p.Units, model.DrawUnit{ID: k.ID, Grade: general.Grade})
		}
	}
	return nil
}

func ofIndustry(v model.Draw, e *model.Employer) bool {
	return v.Industry == "" || strings.Contains(e.Industry, v.Industry)
}

// gridsBelow tells whether a code is that of a grid or of one below it.
func (d *Desk) gridsBelow(ctx context.Context, code string) (func(string) bool, error) {
	if code == "" {
		return func(string) bool { return true }, nil
	}
	grids, err := all[model.Grid](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	in := map[string]bool{code: true}
	for range 2 { // below the county are townships, below them communities
		for _, k := range grids {
			if in[k.Value.Parent] {
				in[k.Value.Code] = true
			}
		}
	}
	return func(code string) bool { return in[code] }, nil
}

// seenThisYear are the employers and sites that were inspected this year.
func (d *Desk) seenThisYear(ctx context.Context, asked bool) (map[model.ID]bool, error) {
	out := map[model.ID]bool{}
	if !asked {
		return out, nil
	}
	visits, err := all[model.Inspection](ctx, d, model.Query{States: []string{model.InspectionRecorded}})
	for _, k := range visits {
		if k.Value.Start.Year() == d.Clock.Now().Year() {
			out[k.Value.Employer], out[k.Value.Site] = true, true
		}
	}
	return out, err
}

// drawWeight is how likely a unit of a grade is drawn beside others.
func (d *Desk) drawWeight(v model.Draw, grade, region string) (int, error) {
	if !v.Weighted {
		return 1, nil
	}
	if grade == "" {
		grade = "none"
	}
	p, err := d.Law.Parameter("draw.weight."+grade, d.Clock.Now(), region)
	return int(p.Value()), err
}

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
	total := 0
	for _, u := range v.Units {
		total += u.Weight
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
			return fmt.Errorf("诚信等级“%s”的抽查权重应当不小于 1，请在“设置”中更正", u.Grade)
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
			visit.Employer, visit.Site, visit.Place = site.General, p.Unit, site.Address
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
		return fmt.Errorf("名单和种子的摘要是 %s，与记录的 %s 不一致，抽取名单被改动过", got, v.Hash)
	}
	again := cast(v)
	if len(again) != len(v.Pairs) {
		return fmt.Errorf("重新抽取得到 %d 户，记录的是 %d 户，抽取结果被改动过", len(again), len(v.Pairs))
	}
	for i, p := range again {
		if p.Unit != v.Pairs[i].Unit || !slices.Equal(p.Officers, v.Pairs[i].Officers) {
			return fmt.Errorf("重新抽取的第 %d 户与记录不一致，抽取结果被改动过", i+1)
		}
	}
	return nil
}
