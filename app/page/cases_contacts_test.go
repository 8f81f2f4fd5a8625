package page

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/statute"
)

// TestContactIsLoggedAndFollowedUp: a call is noted in the case, stands in its
// timeline, is found by what was said, and the step it led to is followed up.
func TestContactIsLoggedAndFollowedUp(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			id := w.opened()
			uitest.Language(t, tag)
			p := NewCases(w.env, string(id))
			w.show(p)
			w.wide()
			w.act(lang.T("contacts.new"))
			w.screen.Tap(lang.T("contacts.save"))
			w.screen.MustSee(lang.T("contacts.person.wrong"), lang.T("contacts.said.wrong"))
			w.screen.Fill(lang.T("contacts.person"), "赵会计")
			w.screen.Fill(lang.T("contacts.role"), "劳资专管员")
			w.screen.Fill(lang.T("contacts.phone"), "139073600")
			w.screen.MustSee(doubt(statute.CheckPhone("139073600"), "139073600")) // warned of, and kept all the same
			w.screen.Fill(lang.T("contacts.said"), "总包答应周五前打款到专户")
			w.screen.Fill(lang.T("contacts.next"), "周五查专户流水")
			w.screen.Fill(lang.T("contacts.by"), "2026-09-25")
			w.screen.Capture("contact-form-" + tag)
			w.screen.Tap(lang.T("contacts.save"))
			w.screen.MustSee("赵会计", "总包答应周五前打款到专户")
			w.screen.Capture("contacts-" + tag)
			k := only[model.Contact](w)
			c := only[model.Case](w).Value
			if v := k.Value; v.Case != id || v.Employer != c.Employer || v.Site != c.Site || v.By != w.me || v.State != model.ContactOpen || v.NextBy != "2026-09-25" || v.Way != model.ContactCall {
				t.Fatalf("kept %+v", v)
			}
			tasks, err := w.env.Desk.Today(t.Context())
			sure(t, err)
			due := false
			for _, x := range tasks {
				due = due || x.Act == "contact.follow" && x.Record == id && x.Due == "2026-09-25"
			}
			if !due {
				t.Errorf("today does not ask for the follow-up: %+v", tasks)
			}
			w.screen.Tap(lang.T("cases.part.summary"))
			p.shown.(*caseDetail).show(partSummary)
			if !w.screen.Sees("总包答应周五前打款到专户") {
				t.Error("the timeline does not tell of the call")
			}
			hits, err := w.env.Desk.Find(t.Context(), "打款", 12)
			sure(t, err)
			if len(hits) != 1 || hits[0].Kind != model.KindContact || hits[0].Case != id {
				t.Errorf("found %+v", hits)
			}
			w.screen.Tap(lang.T("contacts.part"))
			w.screen.Tap("总包答应周五前打款到专户")
			w.screen.Tap(lang.T("contacts.done"))
			if got := only[model.Contact](w).Value; got.State != model.ContactDone {
				t.Errorf("after following up: %+v", got)
			}
		})
	}
}

// TestContactsOfAnEmployer: the talks in its cases stand under the employer, and
// what was begun and left by Escape waits as a draft until it is written down.
func TestContactsOfAnEmployer(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			id := w.opened()
			_, err := w.env.Desk.NoteContact(t.Context(), "", "", model.Contact{Case: id, At: w.clock.Now(), Way: model.ContactMeet, Person: "赵会计", Said: "总包答应周五前打款到专户"})
			sure(t, err)
			uitest.Language(t, tag)
			w.show(NewEmployers(w.env, string(w.employer)))
			w.screen.Tap(lang.T("contacts.part"))
			w.screen.MustSee("赵会计", "总包答应周五前打款到专户")
			w.screen.Tap(lang.T("contacts.new"))
			w.screen.Fill(lang.T("contacts.person"), "王经理")
			w.screen.Fill(lang.T("contacts.said"), "上门送达宣传册")
			w.screen.Press(fyne.KeyEscape)
			if n, err := w.store.Count(t.Context(), model.Query{Kind: model.KindContact}); err != nil || n != 1 {
				t.Errorf("%d contacts, %v", n, err)
			}
			w.passes()
			w.screen.MustSee(lang.T("contacts.draft"), "王经理", "上门送达宣传册")
			w.screen.Capture("contact-draft-" + tag)
			w.show(NewEmployers(w.env, string(w.employer))) // also by a page made anew
			w.screen.Tap(lang.T("contacts.part"))
			w.screen.Tap(lang.T("contacts.new"))
			w.screen.Fill(lang.T("contacts.role"), "经理")
			w.screen.Press(fyne.KeyEscape) // and at once
			w.screen.Tap(lang.T("contacts.new"))
			w.screen.MustSee("上门送达宣传册")
			w.screen.Tap(lang.T("contacts.save"))
			w.screen.MustSee("上门送达宣传册")
			w.screen.MustNotSee(lang.T("contacts.draft"))
			all, err := readAll[model.Contact](w.env, model.Query{})
			sure(t, err)
			if len(all) != 2 || all[0].Value.Person != "王经理" || all[0].Value.Role != "经理" {
				t.Errorf("kept %+v", all)
			}
			w.screen.Tap(lang.T("contacts.new"))
			w.screen.Fill(lang.T("contacts.said"), "打错了")
			w.screen.Press(fyne.KeyEscape)
			w.screen.Tap(lang.T("contacts.new"))
			w.screen.Tap(lang.T("contacts.anew"))
			w.screen.MustNotSee("打错了")
		})
	}
}
