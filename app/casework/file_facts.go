package casework

import (
	"fmt"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

func evidenceKind(f *File) (out []string) {
	known := map[string]bool{}
	for _, t := range f.Law.Dictionary("evidence") {
		known[t.Text] = true
	}
	for _, k := range f.Evidence {
		if !known[k.Value.Category] {
			out = append(out, k.Value.Name)
		}
	}
	return out
}

// evidenceEnough: each breach found has a sound file that shows it, or a wage
// roll where it is about wages or the age of workers.
func evidenceEnough(f *File) (out []string) {
	shown := map[string]bool{}
	for _, k := range f.Evidence {
		if k.Value.Damaged == "" {
			for _, code := range k.Value.Supports {
				shown[code] = true
			}
		}
	}
	if len(f.Rolls) > 0 {
		shown[wageItem], shown["C33"] = true, true
	}
	for _, b := range f.Breaches {
		if !shown[b.Code] {
			shown[b.Code] = true
			out = append(out, b.Code+"“"+b.Label+"”")
		}
	}
	return out
}

// factsClear: something was found or said, every row of a roll adds up, and
// the order says what the roll says.
func factsClear(f *File) (out []string) {
	if len(f.Breaches) == 0 && len(f.Interviews) == 0 && len(f.Rolls) == 0 {
		out = append(out, "没有检查结果、询问笔录和工资明细")
	}
	rolls := map[model.ID]*model.WageRoll{}
	for _, k := range f.Rolls {
		rolls[k.ID] = k.Value
		for _, w := range k.Value.Workers {
			if w.OwedFen <= 0 || w.PayableFen > 0 && w.PayableFen-w.PaidFen != w.OwedFen {
				out = append(out, fmt.Sprintf("工资明细第%d行应发、已发与欠发不符", w.Row))
			}
		}
	}
	for _, k := range f.issued("D06") {
		if roll := rolls[k.Value.WageRoll]; roll != nil && k.Value.Issued.AmountFen != roll.TotalFen() {
			out = append(out, nameOf(k.Value)+"的金额与工资明细合计不一致")
		}
	}
	return out
}

// causeNamed: the cause is one the law knows; 或 and 或者 are the same word.
func causeNamed(f *File) []string {
	same := func(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "或者", "或") }
	for _, t := range f.Law.Dictionary("cause") {
		if same(f.Case.Cause) != "" && (same(t.Text) == same(f.Case.Cause) || t.Code == f.Case.Cause) {
			return nil
		}
	}
	return []string{"案由“" + f.Case.Cause + "”"}
}

// sanctionJudged holds the proposed fine against the law of the day of the act.
func (f *File) sanctionJudged() (statute.FineJudgement, error) {
	s := f.Case.Sanction
	return f.Law.JudgeFine(statute.Proposal{Rules: s.Rules, Tier: s.Tier, Fine: statute.Fen(s.FineFen), Count: s.Count, Reason: s.Reason},
		s.ActOn.Time(f.At.Location()), f.region())
}

// penal tells whether a penalty is imposed or about to be.
func (f *File) penal() bool { return f.about("D13") || f.to == model.CasePunished }

// lawApplied: a fine rests on the rule in force on the day of the act, in the
// version it was judged by.
func lawApplied(f *File) []string {
	s := f.Case.Sanction
	switch {
	case s == nil && f.penal():
		return []string{"没有登记拟作出的处罚"}
	case s == nil:
		return nil
	case s.ActOn == "":
		return []string{"没有登记违法行为的日期"}
	}
	j, err := f.sanctionJudged()
	switch {
	case err != nil:
		return []string{bare(err.Error())}
	case !j.InRange:
		return []string{bare(j.Reasons[0].Text)}
	case j.Version != s.Version:
		return []string{"提出时依据“" + s.Version + "”，现应适用“" + j.Version + "”"}
	}
	return nil
}

func fineInTier(f *File) (out []string) {
	if f.Case.Sanction == nil {
		return nil
	}
	j, err := f.sanctionJudged()
	if err != nil {
		return nil // lawApplied says it
	}
	for _, r := range j.Reasons {
		if r.Code == "tier" {
			out = append(out, bare(r.Text))
		}
	}
	return out
}

// oneFine: the same party is fined once in a case; the unit and the person who
// answers for it are two parties.
func oneFine(f *File) (out []string) {
	fined := map[string]bool{}
	take := func(d *model.Document) {
		party := partyOf(d)
		if fined[party] {
			out = append(out, nameOf(d))
		}
		fined[party] = true
	}
	for _, k := range f.issued("D13", "D13a") {
		take(k.Value)
	}
	if f.draft != nil && (f.draft.Type == "D13" || f.draft.Type == "D13a") {
		take(f.draft)
	}
	return out
}

// partyOf is whom a paper is addressed to, as its fields name him.
func partyOf(d *model.Document) string {
	for _, field := range []string{"party", "party_name", "employer", "person"} {
		if name, _ := d.Fields[field].(string); name != "" {
			return name
		}
	}
	return ""
}

// conduct is what the file shows of the party, for the rules of leniency.
func (f *File) conduct(by time.Time) statute.Conduct {
	ground := map[string]bool{}
	if f.Case.Sanction != nil {
		for _, g := range f.Case.Sanction.Grounds {
			ground[g] = true
		}
	}
	c := statute.Conduct{FirstOffence: ground["first_offence"], Minor: ground["minor"], NoHarm: ground["no_harm"],
		SlightHarm: ground["slight_harm"], Faultless: ground["faultless"],
		Corrected: f.passed(matterRecheck, by), WilfulArrears: f.lapsed(by, true)}
	for _, b := range f.Breaches {
		c.ChildLabour = c.ChildLabour || b.Code == "C33"
	}
	return c
}

func lawfulLeniency(f *File) (out []string) {
	at := f.actAt("D15")
	j, err := f.Law.Leniency(f.conduct(at), at, f.region())
	switch {
	case err != nil:
		return []string{bare(err.Error())}
	case j.Met:
		return nil
	}
	for _, r := range append(j.Barred, j.Missing...) {
		out = append(out, bare(r.Text))
	}
	return []string{strings.Join(out, "，")}
}

func educated(f *File) []string { return unless(f.passed(matterEducation, f.actAt("D15"))) }

// spotLimit: what may be fined on the spot.
func spotLimit(f *File) (out []string) {
	key := "spot.person"
	if f.Employer != nil && f.Employer.USCC != "" {
		key = "spot.organisation"
	}
	check := func(amount int64, at time.Time) {
		limit, err := f.Law.Parameter(key, at, f.region())
		if err != nil || amount > limit.Value() {
			out = append(out, statute.Fen(amount).String()+"元")
		}
	}
	for _, k := range f.issued("D13a") {
		check(k.Value.Issued.AmountFen, k.Value.Issued.At)
	}
	if f.draft != nil && f.draft.Type == "D13a" {
		check(whole(f.draft.Fields["amount_fen"]), f.At)
	}
	return out
}

func holdApproved(f *File) []string {
	return unless(!f.about("D08") || f.passed(matterHold, f.actAt("D08")))
}

// holdSettled: what was held is decided on in time, and before the
// investigation ends.
func holdSettled(f *File) (out []string) {
	for _, k := range f.issued("D08") {
		settled := f.settling(k)
		from := f.servedOn(k.ID)
		if from.IsZero() {
			from = k.Value.Issued.At
		}
		switch {
		case settled.IsZero() && (f.to == model.CaseConcluded || f.over("evidence.hold", from, f.At)),
			!settled.IsZero() && f.over("evidence.hold", from, settled):
			out = append(out, nameOf(k.Value))
		}
	}
	return out
}

// settling is when a hold was decided on; zero when it was not.
func (f *File) settling(hold Kept[model.Document]) time.Time {
	for _, k := range f.issued("D08a") {
		if k.Value.About == hold.ID || k.Value.About == "" && k.Value.Issued.At.After(hold.Value.Issued.At) {
			return k.Value.Issued.At
		}
	}
	return time.Time{}
}

func cityHead(f *File) []string { return unless(f.passed(matterQuery, f.actAt("D20a"))) }

// investigationDue is the last day of the investigation as the case stands.
func (f *File) investigationDue(extended bool) (statute.Deadline, error) {
	var pauses []statute.Standstill
	for _, p := range f.Case.Pauses {
		if !p.To.IsZero() {
			pauses = append(pauses, statute.Standstill{From: p.From, To: p.To})
		}
	}
	return f.Law.InvestigationDue(f.Case.OpenedAt, extended, pauses, f.region())
}

// extendInTime: once, and approved before the first period ends.
func extendInTime(f *File) []string {
	pending := f.to != "" && f.to == f.Case.State || f.draft != nil && f.draft.Type == "D26"
	approved := f.At
	switch {
	case f.Case.Extended != nil && pending:
		return []string{"调查期限已经延长过一次"}
	case f.Case.Extended != nil:
		approved = f.Case.Extended.At
	case !pending:
		return nil
	}
	d, err := f.investigationDue(false)
	return unless(err == nil && !d.Passed(approved))
}

func suspendAllowed(f *File) []string {
	at := f.At
	if n := len(f.Case.Pauses); n > 0 && !f.pending() {
		at = f.Case.Pauses[n-1].From
	}
	_, err := f.Law.Clock("case.suspend", at, f.region())
	return unless(err == nil)
}

// suspended: more approvals to suspend were issued than to go on.
func suspended(f *File) []string {
	return unless(len(f.issued("D26a")) > len(f.issued("D26b")))
}

func investigated(f *File) []string {
	return unless(len(before(f.issued("D18"), f.actAt("D09", "D10"))) > 0)
}

func investigatedInTime(f *File) []string {
	d, err := f.investigationDue(f.Case.Extended != nil)
	return unless(err == nil && !d.Passed(f.actAt("D18")))
}
