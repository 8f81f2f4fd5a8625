package casework

import (
	"context"
	"fmt"

	"anxin/model"
	"anxin/model/statute"
)

// Propose puts on record the sanction proposed in a case, judged by the range
// and the tier in force on the day of the act; the version that judged it is
// kept with it. A fine outside its tier needs a written reason; one outside the
// law's range is refused. Once the party was told, only a lighter sanction may
// take its place: nobody is punished harder for having been heard
// (行政处罚法 45).
func (d *Desk) Propose(ctx context.Context, id model.ID, s model.Sanction) (statute.FineJudgement, error) {
	c, rev, err := load[model.Case](ctx, d, id)
	if err != nil {
		return statute.FineJudgement{}, err
	}
	f, err := d.File(ctx, id)
	if err != nil {
		return statute.FineJudgement{}, err
	}
	was := c.Sanction
	f.Case.Sanction = &s
	if s.ActOn.Time(f.At.Location()).IsZero() {
		return statute.FineJudgement{}, fmt.Errorf("违法行为的日期没有填写，它决定适用哪一版规定")
	}
	j, err := f.sanctionJudged()
	if err != nil {
		return statute.FineJudgement{}, err
	}
	s.Version = j.Version
	if err := enforce("提出处罚建议", f.proposeReasons(j, was)); err != nil {
		return j, err
	}
	c.Sanction = &s
	if _, err := d.commit(ctx, model.Change{ID: id, Base: rev, Record: c}); err != nil {
		return j, fmt.Errorf("保存处罚建议: %w", err)
	}
	return j, nil
}

// proposeReasons is what stands against a proposal; was is the one it replaces.
func (f *File) proposeReasons(j statute.FineJudgement, was *model.Sanction) (out []Reason) {
	for _, r := range j.Reasons {
		out = append(out, Reason{Reason: r, Blocks: true})
	}
	told := len(f.issued("D09")) > 0
	if told && (was == nil || f.Case.Sanction.FineFen > was.FineFen || heavier(f.Case.Sanction, was)) {
		out = append(out, block("事先告知书已经签发，不得因当事人陈述、申辩给予更重的处罚；事实有变化的，请撤回告知书后重新告知",
			"《中华人民共和国行政处罚法》第四十五条"))
	}
	if len(f.issued(decisionTypes...)) > 0 {
		out = append(out, block("决定书已经签发，处罚建议不能再改", "《中华人民共和国行政处罚法》第五十七条"))
	}
	return out
}

func heavier(now, was *model.Sanction) bool {
	return now.StopsWork && !was.StopsWork || now.Licence && !was.Licence
}
