package page

import (
	"strings"
	"testing"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// doubles are the two entries of one employer, a case naming one of them.
func (w *world) doubles() (earlier, later model.ID, address string) {
	w.Helper()
	id := w.opened()
	first := named(w, func(v *model.Employer) bool { return true })
	double, err := w.env.Desk.Save(w.Context(), "", "", &model.Employer{Name: strings.Replace(first.Value.Name, "有限公司", "有限责任公司", 1),
		Phone: first.Value.Phone, Address: "新街 2 号", Note: "另一台电脑登记"})
	sure(w, err)
	w.change(id, func(c *model.Case) { c.Employer = double })
	return min(first.ID, double), max(first.ID, double), first.Value.Address
}

// into is the record an employer was merged into.
func (w *world) into(id model.ID) model.ID {
	w.Helper()
	k, err := readOne[model.Employer](w.env, id)
	sure(w, err)
	return k.Value.MergedInto
}

// TestDoublesAreComparedAndMerged: the second entry of one employer is found,
// laid beside the first, merged field by field, read from then on as the first,
// and taken back by the message.
func TestDoublesAreComparedAndMerged(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			earlier, later, address := w.doubles()
			uitest.Language(t, tag)
			p := NewEmployers(w.env, "")
			w.show(p)
			w.wide()
			w.act(lang.T("employers.alike"))
			w.screen.MustSee(lang.T("employers.alike.why.name"), lang.T("employers.alike.name"))
			w.screen.Capture("employers-alike-" + tag)
			w.screen.Tap(lang.T("employers.compare"))
			w.screen.MustSee("新街 2 号", address)
			w.screen.Capture("employers-compare-" + tag)
			w.screen.Tap(lang.T("employers.merge"))
			if got := w.into(later); got != earlier || p.regs.name(later) != p.regs.name(earlier) {
				t.Fatalf("merged into %q and called %q", got, p.regs.name(later))
			}
			w.screen.Tap(lang.T("employers.part.past"))
			w.screen.MustSee("克扣或者无故拖欠工资", lang.T("employers.merged"), lang.T("employers.running", "n", 1))
			w.screen.Capture("employers-overview-" + tag)
			if n := p.list.(*recordPage[model.Employer, *model.Employer]).list.Len(); n != 1 {
				t.Errorf("the list shows %d employers, want the one that stands", n)
			}
			w.host.undo()
			w.screen.Settle()
			if got := w.into(later); got != "" {
				t.Errorf("taken back and still merged into %q", got)
			}
		})
	}
}

// TestAMergedRecordIsReadAndSeparated: it stays readable, points to the one that
// stands for it, is not edited, and can be separated and told apart for good.
func TestAMergedRecordIsReadAndSeparated(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			earlier, later, _ := w.doubles()
			c, err := w.env.Desk.Compare(t.Context(), earlier, later)
			sure(t, err)
			_, err = w.env.Desk.MergeRegisters(t.Context(), c)
			sure(t, err)
			uitest.Language(t, tag)
			p := NewEmployers(w.env, string(later))
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.T("employers.merged.into"))
			w.screen.Capture("employers-merged-" + tag)
			for _, a := range p.Actions() {
				if a.Label == lang.T("page.save") {
					t.Error("a merged record can be edited")
				}
			}
			w.act(lang.T("employers.separate"))
			if got := w.into(later); got != "" {
				t.Errorf("separated and still merged into %q", got)
			}
			w.act(lang.T("employers.alike"))
			w.screen.Tap(lang.T("employers.compare"))
			w.screen.Tap(lang.T("employers.distinct"))
			w.act(lang.T("employers.alike"))
			if got := w.host.said[len(w.host.said)-1]; got != lang.T("employers.alike.none") {
				t.Errorf("said %q", got)
			}
		})
	}
}

// TestSiteTellsOfItsGuaranteeAndAccount: milestones, guarantee, account and wage
// officer are asked for, kept, and what is wrong with them is said at once.
func TestSiteTellsOfItsGuaranteeAndAccount(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			k, err := readOne[model.Site](w.env, w.site)
			sure(t, err)
			k.Value.Stage, k.Value.GuaranteeKind, k.Value.GuaranteeTo, k.Value.GuaranteeFen = model.StageBuilding, "银行保函", "2026-01-31", 100
			k.Value.Division = "430725"
			_, err = w.env.Desk.Save(t.Context(), k.ID, k.Rev, k.Value)
			sure(t, err)
			uitest.Language(t, tag)
			p := NewEmployers(w.env, string(w.site))
			w.show(p)
			w.wide()
			w.screen.Capture("site-form-" + tag)
			w.screen.Tap(lang.T("employers.part.past"))
			low := "低于合同额"
			if tag == "en" {
				low = "of 10,000 of the contract"
			}
			w.screen.MustSee(lang.Said("工资保证金（保函）已于2026-01-31到期"), lang.Said("没有登记农民工工资专用账户"), lang.Said("没有登记劳资专管员"), low, lang.T("sites.stage.在建"))
			w.screen.Capture("site-overview-" + tag)
			p = NewEmployers(w.env, string(w.employer))
			w.show(p)
			w.screen.Tap(lang.T("employers.part.past"))
			w.screen.MustSee("安置房1期工程", lang.T("employers.sites"))
			w.screen.Capture("employer-overview-" + tag)
		})
	}
}
