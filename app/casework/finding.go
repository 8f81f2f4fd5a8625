package casework

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"anxin/forms"
	"anxin/model"
	"anxin/model/statute"
)

// Verdicts of a checklist item, as the form's choices name them.
const (
	VerdictConform   = "conform"
	VerdictBreach    = "breach"
	VerdictNA        = "na"
	VerdictUnchecked = "unchecked"
)

// VerdictNames are the verdicts as people and papers say them.
var VerdictNames = map[string]string{VerdictConform: "符合", VerdictBreach: "不符合", VerdictNA: "不适用", VerdictUnchecked: "未查"}

// Finding is one checklist item with its verdict and what the law says of it.
type Finding struct {
	Code       string // C14
	Label      string
	Verdict    string
	Note       string
	Workers    int
	Reason     string // why it was not checked
	Basis      string // articles it breaches
	Penalty    string
	Parties    []string // 建 总 分 用: who answers for it
	Fact       string   // sentence for the order, filled in
	Correction string
}

// Findings reads the answers of a checklist against its form: every item, in
// the form's order. The site's name fills the sentences.
func Findings(list *forms.Form, answers map[string]any, site string) []Finding {
	var out []Finding
	list.Each(func(q *forms.Question) {
		if !isItem(q) {
			return
		}
		f := Finding{Code: q.Name, Label: strings.TrimSpace(strings.TrimPrefix(q.Label.In("zh"), q.Name)), Verdict: answer(answers, q.Name), Note: answer(answers, q.Name+"_note"),
			Reason: answer(answers, q.Name+"_reason"), Basis: q.Law["basis"], Penalty: q.Law["penalty"], Parties: parties(q.Law["party"])}
		f.Workers, _ = strconv.Atoi(answer(answers, q.Name+"_workers"))
		if f.Verdict == "" {
			f.Verdict = VerdictUnchecked
		}
		f.Fact = f.sentence(q.Law["fact"], site)
		f.Correction = f.sentence(q.Law["correction"], site)
		out = append(out, f)
	})
	return out
}

// Breaches are the findings that are 不符合.
func Breaches(all []Finding) (out []Finding) {
	for _, f := range all {
		if f.Verdict == VerdictBreach {
			out = append(out, f)
		}
	}
	return out
}

// isItem tells a checklist item (C01) from its notes and counts.
func isItem(q *forms.Question) bool {
	if len(q.Name) != 3 || q.Name[0] != 'C' {
		return false
	}
	_, err := strconv.Atoi(q.Name[1:])
	return err == nil
}

// answer is an answer as text whatever JSON made of it.
func answer(answers map[string]any, name string) string {
	switch v := answers[name].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func parties(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '、' || r == '/' || r == ',' || r == '，' })
}

// lapsed finds, in a penalty, the articles and what follows a lapsed order.
var lapsed = regexp.MustCompile(`(《[^《》]+》[^《》：；]*)：[^《]*?逾期不改正的，([^；]*)`)

// sentence fills one of the item's sentences with the finding's figures.
func (f Finding) sentence(text, site string) string {
	slots := map[string]string{"site": site, "note": bare(f.Note)}
	if f.Workers > 0 {
		slots["workers"] = strconv.Itoa(f.Workers)
	}
	return bare(statute.FactSentence(text, slots))
}

// Lapse is what follows when an order about the finding lapses: the articles
// and the consequence, "" where the law sets none on a lapsed order.
func (f Finding) Lapse() (articles, consequence string) {
	m := lapsed.FindStringSubmatch(f.Penalty)
	if m == nil {
		return "", ""
	}
	return m[1], bare(m[2])
}

// Liable decides which unit an order about a finding is addressed to: the
// inspected employer where the item is its own (用, or its role on the site),
// otherwise the unit the item names. "" when the site names no such unit.
func Liable(f Finding, employer model.ID, site *model.Site) model.ID {
	holders := map[string][]model.ID{"用": {employer}, "分": site.Subs, "总": {site.General}, "建": {site.Owner}}
	for _, p := range f.Parties {
		if employer != "" && containsID(holders[p], employer) {
			return employer
		}
	}
	for _, p := range f.Parties {
		for _, unit := range holders[p] {
			if unit != "" {
				return unit
			}
		}
	}
	return ""
}

// withRoll adds to a checklist what a wage roll shows: how much the arrears
// are, and, as a finding of its own, workers younger than 16. What the officer
// wrote stays. The answers given are not changed.
func withRoll(answers map[string]any, roll *model.WageRoll) map[string]any {
	out := clone(answers)
	if roll.TotalFen() > 0 && answer(out, wageItem) == "" {
		out[wageItem] = VerdictBreach // the roll was taken in for this item
	}
	if out[wageItem] == VerdictBreach {
		from, to := roll.Months()
		setBlank(out, wageItem+"_workers", int64(len(roll.Workers)))
		setBlank(out, wageItem+"_note", fmt.Sprintf("%s至%s工资合计%s元未支付，见工资明细表", chineseMonth(from), chineseMonth(to), statute.Fen(roll.TotalFen())))
	}
	var who []string
	for _, w := range Minors(roll) {
		who = append(who, fmt.Sprintf("%s，%s做工时未满16周岁", w.Name, chineseMonth(w.From)))
	}
	if len(who) > 0 {
		out["C33"] = VerdictBreach
		setBlank(out, "C33_workers", int64(len(who)))
		setBlank(out, "C33_note", "工资表所列"+chineseList(who))
	}
	return out
}

func setBlank(answers map[string]any, name string, v any) {
	if answer(answers, name) == "" {
		answers[name] = v
	}
}
