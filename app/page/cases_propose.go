package page

import (
	"context"
	"strconv"
	"strings"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// proposing is the form of a proposed sanction: the rule it rests on, the day
// of the act, the tier of discretion and the fine.
type proposing struct {
	d      *caseDetail
	region string
	rules  *widgets.Checks
	act    *widgets.DateField
	tier   *widgets.Select
	fine   *widgets.Entry
	count  *widgets.Entry
	why    *widgets.Entry
	flags  *widgets.Checks
	fields map[string]*widgets.Field
	again  func() // lays the dialog again
}

// The marks of a sanction beside its fine.
const (
	flagOrganisation = "organisation"
	flagStopsWork    = "stops_work"
	flagLicence      = "licence"
	flagGrave        = "grave"
)

// propose asks what is proposed against the party; the law judges it.
func (d *caseDetail) propose() {
	x := d.newProposing()
	f := x.fields
	body, again := dialogForm(640, 400, widgets.NewSectionHead(lang.T("cases.propose.rules")), x.rules.Root,
		widgets.NewFieldGrid(f["act"], f["tier"], f["fine"], f["count"], f["why"]), x.flags.Root)
	x.again = again
	title := lang.T("cases.propose")
	dialogs.Custom(d.env.Host.Window(), title, body, x.act, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: title, Primary: true, Do: func() {
			if v, ok := x.value(); ok {
				shut()
				d.putForward(v)
			}
		}}}
	})
}

func (d *caseDetail) newProposing() *proposing {
	env := d.env
	x := &proposing{d: d, act: widgets.NewDateField(env.Now), fine: widgets.NewEntry(), count: widgets.NewEntry(), why: widgets.NewMultiLine(2)}
	if o, err := env.Desk.Office(context.Background()); err == nil {
		x.region = o.Value.Region
	}
	var rules []widgets.Option
	for _, key := range env.Desk.Law.FineKeys() {
		if r, err := env.Desk.Law.Fine(key, env.Now(), x.region); err == nil {
			rules = append(rules, widgets.Option{Key: key, Label: r.Title})
		}
	}
	x.rules = widgets.NewChecks(rules, func([]string) { x.turn() })
	x.tier = widgets.NewSelect(nil, x.told)
	var flags []widgets.Option
	for _, key := range []string{flagOrganisation, flagStopsWork, flagLicence, flagGrave} {
		flags = append(flags, widgets.Option{Key: key, Label: lang.T("cases.propose." + key)})
	}
	x.flags = widgets.NewChecks(flags, nil)
	x.fields = map[string]*widgets.Field{
		"act":   widgets.NewField(lang.T("cases.propose.act"), x.act).Star(),
		"tier":  widgets.NewField(lang.T("cases.propose.tier"), x.tier),
		"fine":  widgets.NewField(lang.T("cases.propose.fine"), x.fine).Star(),
		"count": widgets.NewField(lang.T("cases.propose.count"), x.count),
		"why":   widgets.NewField(lang.T("cases.moves.reason"), x.why).Span(),
	}
	x.fields["why"].SetHint(lang.T("cases.propose.why"))
	x.fields["count"].SetHint(lang.T("cases.propose.count.hint"))
	x.fill(d.k.Value.Sanction)
	return x
}

// fill shows what was proposed before.
func (x *proposing) fill(s *model.Sanction) {
	if s == nil {
		return
	}
	x.rules.SetKeys(s.Rules)
	x.turn()
	x.tier.SetKey(s.Tier)
	x.act.SetValue(s.ActOn.Time(x.d.env.Now().Location()))
	x.fine.SetText(statute.Fen(s.FineFen).Plain())
	if s.Count > 0 {
		x.count.SetText(strconv.FormatInt(s.Count, 10))
	}
	x.why.SetText(s.Reason)
	var on []string
	for key, set := range map[string]bool{flagOrganisation: s.Organisation, flagStopsWork: s.StopsWork, flagLicence: s.Licence, flagGrave: s.Grave} {
		if set {
			on = append(on, key)
		}
	}
	x.flags.SetKeys(on)
}

// turn offers the tiers of the rules ticked.
func (x *proposing) turn() {
	var tiers []widgets.Option
	for _, t := range x.tiers() {
		tiers = append(tiers, widgets.Option{Key: t.Name, Label: t.Name})
	}
	x.tier.SetChoices(tiers)
}

func (x *proposing) tiers() (out []statute.Tier) {
	seen := map[string]bool{}
	for _, rule := range x.rules.Keys() {
		for _, t := range x.d.env.Desk.Law.Tiers(rule, x.d.env.Now(), x.region) {
			if !seen[t.Name] {
				seen[t.Name] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// told shows when a tier applies.
func (x *proposing) told(name string) {
	for _, t := range x.tiers() {
		if t.Name == name {
			x.fields["tier"].SetHint(joined(t.Condition, t.Article))
		}
	}
	x.again()
}

// value reads what was typed; whether it is lawful the use case tells.
func (x *proposing) value() (model.Sanction, bool) {
	s := model.Sanction{Rules: x.rules.Keys(), Tier: x.tier.Key(), Reason: strings.TrimSpace(x.why.Text)}
	for _, key := range x.flags.Keys() {
		switch key {
		case flagOrganisation:
			s.Organisation = true
		case flagStopsWork:
			s.StopsWork = true
		case flagLicence:
			s.Licence = true
		case flagGrave:
			s.Grave = true
		}
	}
	if old := x.d.k.Value.Sanction; old != nil {
		s.Grounds = old.Grounds
	}
	act, actErr := x.act.Value()
	s.ActOn = model.DateOf(act)
	fine, fineErr := statute.ParseFen(x.fine.Text)
	s.FineFen = int64(fine)
	var countErr error
	if text := strings.TrimSpace(x.count.Text); text != "" {
		s.Count, countErr = strconv.ParseInt(text, 10, 64)
	}
	ok := true
	for name, wrong := range map[string]bool{"act": actErr != nil || act.IsZero(), "fine": fineErr != nil || strings.TrimSpace(x.fine.Text) == "", "count": countErr != nil} {
		x.fields[name].SetError("")
		if wrong {
			x.fields[name].SetError(lang.T("cases.propose.wrong"))
			ok = false
		}
	}
	if len(s.Rules) == 0 {
		x.d.env.Host.Toast(lang.T("cases.propose.norule"), theme.Warning)
		ok = false
	}
	x.again()
	return s, ok
}

// putForward puts the proposal on record and says within which span it lies.
func (d *caseDetail) putForward(s model.Sanction) {
	var j statute.FineJudgement
	d.page.acts.does("cases.propose", func(ctx context.Context) (_ []casework.Reason, err error) {
		j, err = d.env.Desk.Propose(ctx, d.k.ID, s)
		return nil, err
	}, func() {
		d.env.Host.Say(lang.T("cases.propose.span", "low", j.Low.String(), "high", j.High.String()))
		d.showMoves()
	})
}
