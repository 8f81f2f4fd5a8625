package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// Overview is an employer or a site on one screen.
type Overview struct {
	Past     []Past // cases, visits and papers, newest first
	Contacts []Kept[model.Contact]
	Sites    []Kept[model.Site] // that an employer owns or builds
	Merged   []Named            // records it stands for
	Visits   YearVisits
	Running  int   // cases that are not closed
	Ordered  int64 // fen, ordered to be paid in running cases
	Flags    []Reason
}

// Named is a record and what a list calls it.
type Named struct {
	ID   model.ID
	Name string
}

// YearVisits are the visits of a year against the published cap
// (国办发〔2024〕54号): those that follow a lead do not count.
type YearVisits struct {
	Year               int
	Routine, Campaign  int
	ForCase            int
	RoutineCap         int64 // 0 where no cap is published
	CampaignCap        int64
	RoutineCapArticle  string
	CampaignCapArticle string
}

// visitCampaign is the type of a visit within a campaign; a visit of another
// type that follows no lead is routine.
const visitCampaign = "专项"

// Overview reads what is known of an employer or a site, records merged into it
// included. id may name any of them.
func (d *Desk) Overview(ctx context.Context, id model.ID) (Overview, error) {
	var o Overview
	of, err := d.alike(ctx, id)
	if err != nil {
		return o, err
	}
	if o.Past, err = d.past(ctx, of); err != nil {
		return o, err
	}
	if o.Contacts, err = d.Contacts(ctx, id); err != nil {
		return o, err
	}
	office, err := d.Office(ctx)
	if err != nil {
		return o, err
	}
	o.Visits = d.yearVisits(o.Past, office.Value.Region)
	o.count()
	for one := range of {
		if err := d.overviewOf(ctx, &o, one, id); err != nil {
			return o, err
		}
	}
	slices.SortFunc(o.Merged, func(a, b Named) int { return cmp.Compare(a.ID, b.ID) })
	if err := d.overviewSites(ctx, &o, of); err != nil {
		return o, err
	}
	return o, d.overviewFlags(ctx, &o, id, office.Value.Region)
}

// overviewOf names a record that was merged into the one looked at.
func (d *Desk) overviewOf(ctx context.Context, o *Overview, one, shown model.ID) error {
	h, err := d.Journal.Head(ctx, one)
	if err != nil || one == shown || h.Summary.State != model.RegisterMerged {
		return err
	}
	n := Named{ID: one}
	if r, err := model.Decode(h.Kind, h.Body); err == nil {
		n.Name = registerName(r)
	}
	o.Merged = append(o.Merged, n)
	return nil
}

func registerName(r model.Record) string {
	switch v := r.(type) {
	case *model.Employer:
		return v.Name
	case *model.Site:
		return v.Name
	}
	return ""
}

func (d *Desk) yearVisits(past []Past, region string) YearVisits {
	now := d.Clock.Now()
	v := YearVisits{Year: now.Year()}
	for _, p := range past {
		if p.Kind != model.KindInspection || p.State != model.InspectionRecorded || p.On.Year() != v.Year {
			continue
		}
		switch p.Type {
		case visitForCase:
			v.ForCase++
		case visitCampaign:
			v.Campaign++
		default:
			v.Routine++
		}
	}
	if p, err := d.Law.Parameter("visits.routine", now, region); err == nil { // most regions have no figure of their own
		v.RoutineCap, v.RoutineCapArticle = p.Value(), p.Article
	}
	if p, err := d.Law.Parameter("visits.campaign", now, region); err == nil {
		v.CampaignCap, v.CampaignCapArticle = p.Value(), p.Article
	}
	return v
}

// count adds up the running cases and what was ordered in them.
func (o *Overview) count() {
	running := map[model.ID]bool{}
	for _, p := range o.Past {
		if p.Kind == model.KindCase && slices.Contains(RunningStates(), p.State) {
			running[p.Record] = true
		}
	}
	o.Running = len(running)
	for _, p := range o.Past {
		if p.Kind == model.KindDocument && p.Type == orderPaper && running[p.Case] && p.State != model.DocumentWithdrawn {
			o.Ordered += p.AmountFen
		}
	}
}

// overviewSites are the sites an employer has a part in.
func (d *Desk) overviewSites(ctx context.Context, o *Overview, of map[model.ID]bool) error {
	part := func(v *model.Site) bool {
		return of[v.Owner] || of[v.General] || slices.ContainsFunc(v.Subs, func(id model.ID) bool { return of[id] })
	}
	sites, err := naming(ctx, d, of, part, "owner", "general", "sub")
	o.Sites = slices.DeleteFunc(sites, func(k Kept[model.Site]) bool { return k.Value.StandsFor(k.ID) != "" })
	return err
}

// overviewFlags is what an officer should see at once.
func (d *Desk) overviewFlags(ctx context.Context, o *Overview, id model.ID, region string) error {
	h, err := d.Journal.Head(ctx, id)
	if err != nil {
		return err
	}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	switch v := r.(type) {
	case *model.Employer:
		o.Flags = append(o.Flags, employerFlags(v, now)...)
		if p, err := d.Law.Parameter("employer.refresh_months", now, region); err == nil && h.Updated.AddDate(0, int(p.Value()), 0).Before(now) {
			o.Flags = append(o.Flags, warn(fmt.Sprintf("这份资料已有%d个月没有更新，请核对", p.Value()), p.Article))
		}
	case *model.Site:
		o.Flags = append(o.Flags, d.SiteFlags(v, region)...)
	}
	if c := o.Visits; c.RoutineCap > 0 && int64(c.Routine) >= c.RoutineCap {
		o.Flags = append(o.Flags, warn(fmt.Sprintf("%d年日常检查已到%d次，上限%d次", c.Year, c.Routine, c.RoutineCap), c.RoutineCapArticle))
	}
	if c := o.Visits; c.CampaignCap > 0 && int64(c.Campaign) >= c.CampaignCap {
		o.Flags = append(o.Flags, warn(fmt.Sprintf("%d年专项检查已到%d次，上限%d次", c.Year, c.Campaign, c.CampaignCap), c.CampaignCapArticle))
	}
	return nil
}

const (
	articleList      = "《拖欠农民工工资失信联合惩戒对象名单管理暂行办法》"
	articleAccount   = "《保障农民工工资支付条例》第二十六条"
	articleRoster    = "《保障农民工工资支付条例》第二十八条"
	articleGuarantee = "《保障农民工工资支付条例》第三十二条"
	articleSettle    = "《保障农民工工资支付条例》第二十七条"
)

func employerFlags(v *model.Employer, now time.Time) (out []Reason) {
	today := model.DateOf(now)
	switch {
	case v.Listed == "":
	case v.ListedUntil != "" && v.ListedUntil < today:
		out = append(out, warn("“"+v.Listed+"”的期限已于"+string(v.ListedUntil)+"届满，请办理移出", articleList))
	default:
		out = append(out, warn("列在“"+v.Listed+"”中，自"+string(v.ListedOn)+"起", articleList))
	}
	if v.Grade == "C" {
		out = append(out, warn("守法诚信等级为C级，列入重点监察", "《企业劳动保障守法诚信等级评价办法》"))
	}
	return out
}

// SiteFlags is what is missing or running out of the guarantee, the account and
// the people a site must have.
func (d *Desk) SiteFlags(v *model.Site, region string) (out []Reason) {
	now := d.Clock.Now()
	if v.Stage == model.StageBuilding {
		if v.AccountNo == "" && v.AccountBank == "" {
			out = append(out, warn("没有登记农民工工资专用账户", articleAccount))
		}
		if v.WageOfficer == "" {
			out = append(out, warn("没有登记劳资专管员", articleRoster))
		}
	}
	if v.AcceptedOn != "" && v.SettledOn == "" && v.AcceptedOn < model.DateOf(now) {
		out = append(out, warn("项目已于"+string(v.AcceptedOn)+"竣工验收，没有登记工资结清的日期", articleSettle))
	}
	return append(out, d.guaranteeFlags(v, region, now)...)
}

// guaranteeSoon is how many days before a guarantee ends it is spoken of.
const guaranteeSoon = 30

func (d *Desk) guaranteeFlags(v *model.Site, region string, now time.Time) (out []Reason) {
	if v.GuaranteeKind == "" {
		small, err := d.Law.Parameter("guarantee.small", now, region)
		if v.Stage == model.StageBuilding && (err != nil || v.ContractFen >= small.Value()) {
			out = append(out, warn("没有登记工资保证金或者保函", articleGuarantee))
		}
		return out
	}
	today := model.DateOf(now)
	switch to := v.GuaranteeTo; {
	case to == "" || v.SettledOn != "":
	case to < today:
		out = append(out, warn("工资保证金（保函）已于"+string(to)+"到期", articleGuarantee))
	case to <= model.DateOf(now.AddDate(0, 0, guaranteeSoon)):
		out = append(out, warn("工资保证金（保函）将于"+string(to)+"到期", articleGuarantee))
	}
	low, err := d.Law.Parameter("guarantee.floor", now, region)
	if err == nil && v.ContractFen > 0 && v.GuaranteeFen > 0 && v.GuaranteeFen*10000 < v.ContractFen*low.Value() {
		out = append(out, warn(fmt.Sprintf("工资保证金%s元，低于合同额的万分之%d", statute.Fen(v.GuaranteeFen), low.Value()), low.Article))
	}
	return out
}
