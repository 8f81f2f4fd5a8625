package statute

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Tier is one step of the discretion standard (裁量基准) within the range of a fine.
type Tier struct {
	Rule      string // key of the range of fines
	Name      string // 轻微, 较轻, 一般, 较重, 严重
	Condition string
	Low, High int64 // fen, or percent, as the range
	Version   string
	Source
}

// tierNames are the tiers from the lightest to the gravest.
var tierNames = []string{"轻微", "较轻", "一般", "较重", "严重"}

// Tiers lists the tiers of a range on a day in a region, lightest first.
func (l *Law) Tiers(rule string, on time.Time, region string) []Tier {
	var out []Tier
	for _, name := range tierNames {
		if t, v, ok := l.tiers.at(rule+" "+name, on, region); ok {
			t.Version = v.Version()
			out = append(out, t)
		}
	}
	return out
}

func (l *Law) loadDiscretion(fsys fs.FS) error {
	t, err := readTable(fsys, "discretion.csv", "rule", "tier", "condition", "min", "max", "basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		tier := Tier{Rule: r.need("rule"), Name: r.oneOf("tier", tierNames...), Condition: r.need("condition"), Source: r.source()}
		v := r.validity()
		l.readTierSpan(r, &tier, v)
		l.tiers.add(r, tier.Rule+" "+tier.Name, v, tier)
	}
	return t.fault
}

// readTierSpan reads both ends of a tier and holds them against the range of
// the law and the tier before it.
func (l *Law) readTierSpan(r record, tier *Tier, v Validity) {
	rows := l.fines.rows[tier.Rule]
	if len(rows) == 0 {
		r.fail("rule", "没有名为“%s”的罚款幅度，请检查 fines.csv", tier.Rule)
		return
	}
	legal := rows[0].row
	if f, _, ok := l.fines.at(tier.Rule, v.From, v.Region); ok {
		legal = f
	}
	if legal.Per == PerBase {
		tier.Low, tier.High = int64(r.integer("min")), int64(r.integer("max"))
	} else {
		tier.Low, tier.High = int64(r.fen("min")), int64(r.fen("max"))
	}
	spared := tier.Low == 0 && tier.High == 0
	if !spared && (tier.Low > tier.High || tier.Low < legal.Low || tier.High > legal.High) {
		r.fail("min", "裁量阶次应在法定幅度以内，且下限不高于上限，请更正")
	}
	for _, other := range l.Tiers(tier.Rule, v.From, v.Region) {
		if tierRank(other.Name) < tierRank(tier.Name) && other.High > tier.Low {
			r.fail("min", "“%s”的下限低于“%s”的上限，请把两个阶次衔接起来", tier.Name, other.Name)
		}
	}
}

func tierRank(name string) int {
	for i, n := range tierNames {
		if n == name {
			return i
		}
	}
	return -1
}

// Proposal is a fine as it is proposed.
type Proposal struct {
	// Rules are the ranges the one act falls under: only the highest is applied.
	Rules  []string
	Tier   string
	Fine   Fen
	Count  int64  // workers or worker months, or the base in fen
	Reason string // why the fine leaves its tier
}

// FineJudgement is what the law says of a proposed fine.
type FineJudgement struct {
	Rule      FineRange // the range that applies, the highest of those given
	Tier      Tier
	Low, High Fen // of the tier, for the count
	InRange   bool
	InTier    bool
	Version   string // of the range and of the tier that judged
	Reasons   []Reason
}

// Lawful tells whether the fine may be proposed as it is: within the range of
// the law, and within its tier or with a written reason.
func (j FineJudgement) Lawful() bool { return len(j.Reasons) == 0 }

// JudgeFine holds a proposed fine against the range and the tier in force on
// the day of the act. One act that falls under several ranges gets one fine,
// by the highest. Source: 《中华人民共和国行政处罚法》第二十九条、第三十四条、第三十七条.
func (l *Law) JudgeFine(p Proposal, act time.Time, region string) (FineJudgement, error) {
	const lawful = "《中华人民共和国行政处罚法》第三十四条"
	var ranges []FineRange
	for _, key := range p.Rules {
		f, err := l.Fine(key, act, region)
		if err != nil {
			return FineJudgement{}, err
		}
		ranges = append(ranges, f)
	}
	if len(ranges) == 0 {
		return FineJudgement{}, fmt.Errorf("没有选择处罚依据，请先选择")
	}
	j := FineJudgement{Rule: HigherFine(p.Count, ranges...)}
	_, v, _ := l.fines.at(j.Rule.Key, act, region)
	j.Version = j.Rule.Key + "@" + v.Version()
	low, high := j.Rule.Span(p.Count)
	j.InRange = p.Fine >= low && p.Fine <= high
	if !j.InRange {
		j.Reasons = append(j.Reasons, Reason{"range", fmt.Sprintf("罚款%s元超出法定幅度%s元至%s元。", p.Fine, low, high), j.Rule.Article})
	}
	for _, t := range l.Tiers(j.Rule.Key, act, region) {
		if t.Name == p.Tier {
			j.Tier = t
			j.Version += "，" + t.Name + "@" + t.Version
		}
	}
	if j.Tier.Name == "" {
		if len(l.Tiers(j.Rule.Key, act, region)) > 0 {
			j.Reasons = append(j.Reasons, Reason{"tier", "没有选择裁量阶次，可选：" + l.tierChoice(j.Rule.Key, act, region) + "。", lawful})
		}
		return j, nil
	}
	span := j.Rule
	span.Low, span.High = j.Tier.Low, j.Tier.High
	j.Low, j.High = span.Span(p.Count)
	j.InTier = p.Fine >= j.Low && p.Fine <= j.High
	if !j.InTier && strings.TrimSpace(p.Reason) == "" {
		j.Reasons = append(j.Reasons, Reason{"tier", fmt.Sprintf("罚款%s元不在“%s”阶次的%s元至%s元以内，请调整或者写明理由。", p.Fine, p.Tier, j.Low, j.High), lawful})
	}
	return j, nil
}

func (l *Law) tierChoice(rule string, on time.Time, region string) string {
	var names []string
	for _, t := range l.Tiers(rule, on, region) {
		names = append(names, t.Name)
	}
	return strings.Join(names, "、")
}

// Leniency judges whether a penalty must or may be withheld: the first ground
// that is met, or the judgement on the first offence when none is.
// Source: 《中华人民共和国行政处罚法》第三十三条.
func (l *Law) Leniency(c Conduct, on time.Time, region string) (Judgement, error) {
	var first Judgement
	for _, list := range []string{listLeniencyMinor, listLeniencyFaultless, listLeniencyFirst} {
		j, err := l.judge(list, c, on, region)
		if err != nil || j.Met {
			return j, err
		}
		first = j
	}
	return first, nil
}
