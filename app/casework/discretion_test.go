package casework

import (
	"context"
	"testing"

	"anxin/model"
)

func TestAFineStaysInItsTierOrSaysWhy(t *testing.T) {
	b := newBureau(t, "湖南")
	ctx := context.Background()
	s := model.Sanction{Rules: []string{"obstruction", "wage.unit"}, Tier: "一般", FineFen: 3_500_000, Organisation: true, ActOn: "2026-09-01"}
	try := func(change func(*model.Sanction)) error {
		x := s
		change(&x)
		_, err := b.desks[lead].Propose(ctx, b.kase, x)
		return err
	}
	refused(t, try(func(s *model.Sanction) { s.FineFen = 2_100_000 }), "不在“一般”阶次")
	refused(t, try(func(s *model.Sanction) { s.Tier = "" }), "没有选择裁量阶次")
	refused(t, try(func(s *model.Sanction) { s.FineFen, s.Reason = 5_100_000, "从重" }), "超出法定幅度")
	if err := try(func(s *model.Sanction) { s.ActOn = "" }); err == nil {
		t.Error("a fine for an act of no day")
	}
	if err := try(func(s *model.Sanction) { s.Rules = nil }); err == nil {
		t.Error("a fine on no rule")
	}
	b.must(try(func(s *model.Sanction) { s.FineFen, s.Reason = 2_100_000, "主动消除危害后果" }))
	b.must(try(func(*model.Sanction) {}))
	if got := b.read().Sanction; got.Version != "wage.unit@初始，一般@初始" || got.FineFen != 3_500_000 {
		t.Errorf("proposed %+v", got)
	}
	b.issue("D09")
	refused(t, try(func(s *model.Sanction) { s.FineFen = 3_700_000; s.Reason = "态度恶劣" }), "不得因当事人陈述、申辩给予更重的处罚")
	refused(t, try(func(s *model.Sanction) { s.StopsWork = true }), "不得因当事人陈述、申辩给予更重的处罚")
	b.must(try(func(s *model.Sanction) { s.FineFen = 3_300_000 }))
	b.issue("D13")
	refused(t, try(func(s *model.Sanction) { s.FineFen = 3_200_000 }), "决定书已经签发")
}
