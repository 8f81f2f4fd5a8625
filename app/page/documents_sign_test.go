package page

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// TestAPaperIsSignedOnTheScreen: only where the office wants it; what was
// written is evidence of the paper.
func TestAPaperIsSignedOnTheScreen(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	w.recordedVisit()
	record := named(w, func(d *model.Document) bool { return d.Type == "D03" })
	p := NewDocuments(w.env, toSign+string(record.ID))
	w.show(p)
	w.screen.MustNotSee(lang.T("documents.sign.text"))
	for _, a := range p.shown.Actions() {
		if a.Label == lang.T("documents.sign") {
			t.Error("signing is offered although the office did not choose it")
		}
	}
	o, err := w.env.Desk.Office(t.Context())
	sure(t, err)
	o.Value.ScreenSigning = true
	_, err = w.env.Desk.Save(t.Context(), o.ID, o.Rev, o.Value)
	sure(t, err)
	p = NewDocuments(w.env, string(record.ID))
	w.show(p)
	w.act(lang.T("documents.sign"))
	w.screen.MustSee("刘志强")
	w.screen.Fill(lang.T("documents.sign.name"), "")
	w.screen.Tap(lang.T("documents.sign.next"))
	w.screen.MustSee(lang.T("documents.sign.needed"))
	w.screen.Fill(lang.T("documents.sign.name"), "刘志强")
	w.screen.Capture("documents-sign")
	w.screen.Tap(lang.T("documents.sign.next"))
	w.screen.Each(func(o fyne.CanvasObject) {
		if pad, ok := o.(*widgets.Signature); ok {
			for i := range 10 {
				pad.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(30+i*25), float32(60+i%3*20))}})
			}
		}
	})
	w.screen.Capture("documents-sign-pad")
	w.screen.Tap(lang.T("dialog.sign.verb"))
	k, err := readOne[model.Document](w.env, record.ID)
	sure(t, err)
	e := only[model.Evidence](w)
	if len(k.Value.Events) != 1 || k.Value.Events[0].Kind != model.EventSigned || k.Value.Events[0].Record != e.ID || k.Value.Events[0].Note != "刘志强（项目经理）" {
		t.Errorf("events %+v", k.Value.Events)
	}
	w.screen.MustSee(lang.T("documents.event.signed"))
	w.screen.Capture("documents-signed")
}

// TestTheServiceKnowsWhichCopyWasHandedOver: the first, or the one chosen.
func TestTheServiceKnowsWhichCopyWasHandedOver(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	_, err := w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	w.clock.Move(3600e9)
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.act(lang.T("documents.serve"))
	w.screen.Pick("送达方式", "直接送达")
	w.screen.Fill("送达地点", "项目部办公室")
	w.screen.Fill("签收人", "刘志强")
	w.screen.Fill("身份（职务）", "项目经理")
	w.screen.Tap(lang.T("documents.serve.who"))
	w.screen.MustSee(lang.T("documents.serve.copy"), "送达联")
	p.Save()
	if s := only[model.Service](w); s.Value.Copy != "送达联" {
		t.Errorf("handed over %q", s.Value.Copy)
	}
	receipt := named(w, func(d *model.Document) bool { return d.Type == "D16" })
	rows, _ := receipt.Value.Fields["documents"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["name"] != "劳动保障监察限期改正指令书（送达联）" {
		t.Errorf("the receipt says %v", rows)
	}
	lines, err := w.env.Desk.NumberRegister(t.Context(), w.clock.Now().Year())
	sure(t, err)
	for _, l := range lines {
		if l.Document == id && l.Standing != "已送达（直接 送达联）" {
			t.Errorf("the register says %q", l.Standing)
		}
	}
}

// TestAnOfficeCallsAPaperItsOwnName: empty takes the usual title again.
func TestAnOfficeCallsAPaperItsOwnName(t *testing.T) {
	w := newWorld(t)
	n := newNumbering(w.env)
	w.screen.Show(n.content)
	for _, own := range []string{"责令改正通知书", ""} {
		k, err := w.env.Desk.Office(t.Context())
		sure(t, err)
		n.askTitle(k, "D06", "劳动保障监察限期改正指令书")
		w.screen.Fill(lang.T("numbering.title"), own)
		w.screen.Tap(lang.T("page.save"))
		k, err = w.env.Desk.Office(t.Context())
		sure(t, err)
		if k.Value.Titles["D06"] != own {
			t.Errorf("called %q, want %q", k.Value.Titles["D06"], own)
		}
	}
}
