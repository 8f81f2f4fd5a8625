package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// everyUnit: a draw from a part of a register would not be one.
const everyUnit = 1 << 30

// DrawPool is who can be drawn.
type DrawPool struct {
	Units    []model.DrawUnit
	Officers []model.ID
	// Unbuilt is how many sites are left out since no general contractor is known:
	// there is nobody whom a visit could be announced to.
	Unbuilt int
	// same leads from each record of an officer to the one in the pool: a person
	// whom several laptops entered has several, with one certificate.
	same map[model.ID]model.ID
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
	if err := d.poolOfficers(ctx, v, &p); err != nil {
		return p, err
	}
	slices.SortFunc(p.Units, func(a, b model.DrawUnit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return p, nil
}

// poolOfficers are persons: of the records with the number of one certificate the
// first that may be drawn stands for all of them.
func (d *Desk) poolOfficers(ctx context.Context, v model.Draw, p *DrawPool) error {
	people, err := all[model.Officer](ctx, d, model.Query{})
	if err != nil {
		return err
	}
	slices.SortFunc(people, func(a, b Kept[model.Officer]) int { return strings.Compare(string(a.ID), string(b.ID)) })
	holds := map[string]model.ID{}
	for _, k := range people {
		able, _ := statute.Certified(*k.Value, v.Begin)
		no := statute.CheckCertNo(k.Value.CertNo).Normal
		if able && holds[no] == "" && (len(v.Officers) == 0 || slices.Contains(v.Officers, k.ID)) {
			holds[no] = k.ID
			p.Officers = append(p.Officers, k.ID)
		}
	}
	p.same = map[model.ID]model.ID{}
	for _, k := range people {
		if id := holds[statute.CheckCertNo(k.Value.CertNo).Normal]; id != "" {
			p.same[k.ID] = id
		}
	}
	return nil
}

// drawnRecusals are the recusals by the records that are drawn from: whoever must
// keep away does so under each record of theirs, and from each record of a unit.
func (d *Desk) drawnRecusals(ctx context.Context, list []model.Recusal, same map[model.ID]model.ID) (out []model.Recusal, err error) {
	for _, r := range list {
		if id := same[r.Officer]; id != "" {
			r.Officer = id
		}
		if r.Unit, err = d.standsFor(ctx, r.Unit); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(x model.Recusal) bool { return x.Officer == r.Officer && x.Unit == r.Unit }) {
			out = append(out, r)
		}
	}
	return out, nil
}

// standsFor is the record that stands for a register record; one that is not here
// stands for itself.
func (d *Desk) standsFor(ctx context.Context, id model.ID) (model.ID, error) {
	at, err := d.Standing(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		return id, nil
	}
	return at, err
}

// drawRegister is what units are taken from.
type drawRegister struct {
	party  map[model.ID]*model.Employer
	sites  []Kept[model.Site]
	stands map[model.ID]model.ID // from a record to the one it is merged into
	grids  func(code string) bool
	seen   map[model.ID]bool // this year, by the records that stand for others
}

func (d *Desk) drawRegister(ctx context.Context, v model.Draw) (r drawRegister, err error) {
	if r.grids, err = d.gridsBelow(ctx, v.Grid); err != nil {
		return r, err
	}
	employers, err := all[model.Employer](ctx, d, model.Query{Limit: everyUnit})
	if err != nil {
		return r, err
	}
	if r.sites, err = all[model.Site](ctx, d, model.Query{Limit: everyUnit}); err != nil {
		return r, err
	}
	r.party, r.stands = map[model.ID]*model.Employer{}, map[model.ID]model.ID{}
	for _, k := range employers {
		r.party[k.ID], r.stands[k.ID] = k.Value, k.Value.StandsFor(k.ID)
	}
	for _, k := range r.sites {
		r.stands[k.ID] = k.Value.StandsFor(k.ID)
	}
	r.seen, err = d.seenThisYear(ctx, v.SkipSeen, r.standing)
	return r, err
}

// standing is the record that stands for one of the register.
func (r drawRegister) standing(id model.ID) model.ID {
	for r.stands[id] != "" { // a link leads to an earlier record only
		id = r.stands[id]
	}
	return id
}

func (d *Desk) poolUnits(ctx context.Context, v model.Draw, region string, p *DrawPool) error {
	r, err := d.drawRegister(ctx, v)
	if err != nil {
		return err
	}
	if v.Of == model.DrawSites {
		r.poolSites(v, p)
	} else {
		for id, e := range r.party {
			if r.stands[id] == "" && r.grids(e.Grid) && ofIndustry(v, e) && !r.seen[id] {
				p.Units = append(p.Units, model.DrawUnit{ID: id, Grade: e.Grade})
			}
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
func (r drawRegister) poolSites(v model.Draw, p *DrawPool) {
	for _, k := range r.sites {
		building := k.Value.Stage == model.StageBuilding || k.Value.Stage == ""
		if r.stands[k.ID] != "" || !building || !r.grids(k.Value.Grid) || r.seen[k.ID] {
			continue
		}
		general, known := r.party[r.standing(k.Value.General)]
		if !known {
			p.Unbuilt++
			continue
		}
		if ofIndustry(v, general) {
			p.Units = append(p.Units, model.DrawUnit{ID: k.ID, Grade: general.Grade})
		}
	}
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

// seenThisYear are the employers and sites that were inspected this year, also
// under a record that was merged since.
func (d *Desk) seenThisYear(ctx context.Context, asked bool, standing func(model.ID) model.ID) (map[model.ID]bool, error) {
	out := map[model.ID]bool{}
	if !asked {
		return out, nil
	}
	visits, err := all[model.Inspection](ctx, d, model.Query{States: []string{model.InspectionRecorded}})
	for _, k := range visits {
		if k.Value.Start.Year() == d.Clock.Now().Year() {
			out[standing(k.Value.Employer)], out[standing(k.Value.Site)] = true, true
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
