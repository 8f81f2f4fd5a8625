package page

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// register fills a lead in by hand and saves it.
func (w *world) register() *Leads {
	w.Helper()
	l := NewLeads(w.env, "")
	w.show(l)
	w.screen.MustSee(lang.T("leads.empty"))
	w.act(lang.T("leads.new"))
	w.screen.Fill(lang.T("leads.employer"), "第1建筑")
	w.screen.Press(fyne.KeyReturn)
	w.screen.Pick("线索来源", "现场投诉")
	w.screen.Fill("涉及人数", "28")
	w.screen.Fill("涉及金额(元)", "693,936.76")
	w.screen.Fill("反映的情况", "6月至8月工资没有发")
	w.screen.Fill("姓名", "王大山")
	l.Save()
	w.screen.Settle()
	return l
}

func TestLeadIsRegisteredAndAccepted(t *testing.T) {
	w := newWorld(t)
	l := w.register()
	k := only[model.Lead](w)
	if v := k.Value; v.Employer != w.employer || v.AmountFen != 69393676 || v.Workers != 28 || v.State != model.LeadRegistered || v.Complainant != "王大山" {
		t.Fatalf("saved %+v", v)
	}
	if w.host.counts[placeLeads] != 1 || l.Dirty() {
		t.Errorf("after saving: count %v, dirty %v", w.host.counts, l.Dirty())
	}
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("leads")
	w.screen.MustSee("桃花源第1建筑工程有限公司", string(k.Value.DecideBy))
	w.screen.Resize(1920-168, 1080-60) // the source is whole before the amount has room
	w.screen.MustSee("693,936.76")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("leads")
	w.screen.Resize(1000-168, 700-60)
	w.screen.Capture("leads-narrow")

	w.act(lang.T("leads.accept"))
	w.screen.Capture("leads-accept")
	w.screen.Tap(lang.T("leads.accept.verb"))
	w.screen.MustSee(lang.T("officers.missing"), lang.T("register.required"))
	w.screen.Pick(lang.T("leads.cause"), "克扣或者无故拖欠工资")
	w.screen.Pick(lang.T("officers.a"), w.officer(w.me))
	w.screen.Pick(lang.T("officers.b"), lang.T("register.uncertified", "name", w.officer(w.expired)))
	w.screen.Tap(lang.T("leads.accept.verb"))
	w.screen.MustSee("到期", "依据：")
	w.screen.Capture("leads-refused")
	w.screen.Tap(lang.T("dialog.close"))
	if k := only[model.Lead](w); k.Value.State != model.LeadRegistered {
		t.Fatal("a refused act changed the lead")
	}

	w.act(lang.T("leads.accept"))
	w.screen.Pick(lang.T("leads.cause"), "克扣或者无故拖欠工资")
	w.screen.Pick(lang.T("officers.a"), w.officer(w.me))
	w.screen.Pick(lang.T("officers.b"), w.officer(w.other))
	w.screen.Tap(lang.T("leads.accept.verb"))
	c := only[model.Case](w)
	if c.Value.Cause != "克扣或者无故拖欠工资" || c.Value.Assistant != w.other || c.Value.Lead != k.ID {
		t.Fatalf("case %+v", c.Value)
	}
	if got := w.host.last(); got != [2]string{placeCases, string(c.ID)} {
		t.Errorf("went to %v", got)
	}
	l.Refresh()
	w.screen.MustSee(stateLabel(model.LeadAccepted))
	if l.shown.Editable() || len(l.shown.Actions()) != 0 {
		t.Error("an accepted lead can still be edited")
	}
}

// officer is an officer as the choice of officers says them.
func (w *world) officer(id model.ID) string {
	k, err := readOne[model.Officer](w.env, id)
	sure(w, err)
	return k.Value.Name + "　" + k.Value.CertNo
}

func TestLeadWithoutRespondentStays(t *testing.T) {
	w := newWorld(t)
	l := NewLeads(w.env, newArg)
	w.show(l)
	w.screen.Fill(lang.T("leads.employer"), "没有这个单位")
	l.Save()
	w.screen.MustSee(lang.T("register.loose"))
	w.screen.Fill(lang.T("leads.employer"), "")
	l.Save()
	if list, err := readAll[model.Lead](w.env, model.Query{}); err != nil || len(list) != 0 {
		t.Fatalf("%d leads were saved without a respondent, %v", len(list), err)
	}
	w.screen.MustSee("请选择线索来源")
}

func TestLeadIsDeclinedWithReason(t *testing.T) {
	w := newWorld(t)
	w.register()
	w.act(lang.T("leads.decline"))
	w.screen.Tap(lang.T("leads.decline"))
	w.screen.MustSee(lang.T("leads.reason.missing"))
	w.screen.Fill(lang.T("leads.reason"), "已由仲裁受理")
	w.screen.Tap(lang.T("leads.decline"))
	k := only[model.Lead](w)
	if k.Value.State != model.LeadRejected || k.Value.Decided.Reason != "已由仲裁受理" {
		t.Fatalf("lead %+v", k.Value)
	}
	w.screen.MustSee("已由仲裁受理")
}

func TestListFiltersAndSearches(t *testing.T) {
	w := newWorld(t)
	l := w.register()
	for _, c := range []struct {
		text string
		want int
	}{{"", 1}, {"第1建筑", 1}, {"王大山", 1}, {"工资没有", 1}, {"无此单位", 0}, {"投", 1}} {
		l.search.SetText(c.text)
		if l.list.Len() != c.want {
			t.Errorf("search %q shows %d rows, want %d", c.text, l.list.Len(), c.want)
		}
	}
	l.search.SetText("")
	w.screen.Settle()
	w.screen.MustNotSee(lang.T("page.nomatch"))
	l.filter.SetKey(model.LeadAccepted)
	l.reload()
	if l.list.Len() != 0 {
		t.Error("the filter shows a lead of another state")
	}
	w.screen.Tap(lang.T("page.showall"))
	if l.list.Len() != 1 {
		t.Error("showing all shows nothing")
	}
}

func TestUnsavedIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	l := w.register()
	w.screen.Fill("涉及人数", "30")
	if !l.Dirty() {
		t.Fatal("an edit does not make the page dirty")
	}
	w.act(lang.T("leads.new"))
	w.screen.MustSee(lang.T("shell.dirty.title"))
	w.screen.Tap(lang.T("page.save"))
	if k := only[model.Lead](w); k.Value.Workers != 30 {
		t.Errorf("workers %d, want 30", k.Value.Workers)
	}
	if l.id != "" || l.shown == nil {
		t.Error("after saving, the new record did not open")
	}
}

func TestLeadsInEnglish(t *testing.T) {
	w := newWorld(t)
	uitest.Language(t, "en")
	w.show(NewLeads(w.env, newArg))
	w.screen.MustSee("Source", "Complainant (confidential)", lang.T("leads.employer"))
	w.screen.Capture("leads-en")
}

func TestLeadWaitsForWhatIsMissing(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.register()
			uitest.Language(t, tag)
			id := only[model.Lead](w).ID
			l := NewLeads(w.env, string(id))
			w.show(l)
			w.wide()
			if w.host.counts[placeLeads] != 1 {
				t.Errorf("counts %v", w.host.counts)
			}
			w.act(lang.T("leads.supplement"))
			w.tapLast(lang.T("leads.supplement"))
			w.screen.MustSee(lang.T("leads.supplement.missing"))
			w.screen.Fill(lang.T("leads.supplement.what"), "工资表和考勤表")
			w.tapLast(lang.T("leads.supplement"))
			k := only[model.Lead](w)
			if k.Value.State != model.LeadSupplement || k.Value.DecideBy != "" || w.host.counts[placeLeads] != 0 {
				t.Fatalf("lead %+v, counts %v", k.Value, w.host.counts)
			}
			w.screen.MustSee("工资表和考勤表", stateLabel(model.LeadSupplement))
			w.screen.Capture("leads-supplement-" + tag)
			w.clock.Move(24 * time.Hour)
			w.act(lang.T("leads.supplemented"))
			if k := only[model.Lead](w); k.Value.State != model.LeadRegistered || k.Value.DecideBy != "2026-09-24" || w.host.counts[placeLeads] != 1 {
				t.Errorf("lead %+v, counts %v", k.Value, w.host.counts)
			}
		})
	}
}
