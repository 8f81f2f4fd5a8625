package page

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/assets"
)

// desks stands for the templates of the office.
type desks struct {
	text    map[string]string // the office's own
	saved   []string
	dropped []string
	looked  []string
	pdf     []byte // what a preview gives
}

const deliveredText = "title 题\nbody\n自带的话。\n"

func (d *desks) Templates(context.Context) ([]Template, error) {
	list := []Template{{Type: "D06", Title: "限期改正指令书"}, {Type: "D13", Title: "行政处罚决定书", Version: "2026-07"}, {Type: "D16", Title: "送达回证"}}
	for i := range list {
		list[i].Own = d.text[list[i].Type] != ""
	}
	return list, nil
}

func (d *desks) TemplateText(_ context.Context, docType string) (string, error) {
	if own := d.text[docType]; own != "" {
		return own, nil
	}
	return deliveredText, nil
}

func (d *desks) PreviewTemplate(_ context.Context, docType, text string) ([]byte, error) {
	d.looked = append(d.looked, text)
	if strings.Contains(text, "{{nobody") {
		return nil, errors.New(docType + ".paper:3：“nobody”没有声明，请在文件开头用 field 声明或改正名称\n" + docType + ".paper:2：缺少法定要素“印章”（应有text:（印章）），请补上")
	}
	return d.pdf, nil
}

func (d *desks) SaveTemplate(ctx context.Context, docType, text string) error {
	if _, err := d.PreviewTemplate(ctx, docType, text); err != nil {
		return err
	}
	d.saved = append(d.saved, docType)
	d.text[docType] = text
	return nil
}

func (d *desks) DropTemplate(_ context.Context, docType, _ string) error {
	d.dropped = append(d.dropped, docType)
	delete(d.text, docType)
	return nil
}

func (w *world) desks() (*desks, *Settings) {
	d := &desks{text: map[string]string{"D16": "title 本单位的\nbody\n本单位的话。\n"}, pdf: []byte("%PDF-1.7")}
	w.env.Templates = d
	s := NewSettings(w.env, "")
	w.show(s)
	w.wide()
	w.screen.Tap(lang.T("settings.papers"))
	return d, s
}

func TestATemplateIsWrittenBesideItsSample(t *testing.T) {
	w := newWorld(t)
	d, s := w.desks()
	w.screen.MustSee("限期改正指令书", "送达回证", lang.T("templates.own"), lang.T("templates.packaged"), "2026-07")
	w.screen.Capture("settings-templates")
	w.screen.Tap("限期改正指令书")
	text := s.side.(*templates).edit.text
	if w.screen.Focused() != fyne.Focusable(text) || text.Text != deliveredText || len(d.looked) != 1 {
		t.Fatalf("the editor holds %q, looked %d times", text.Text, len(d.looked))
	}
	first := w.papers.pages
	text.SetText(deliveredText + "{{nobody}}")
	text.SetText(deliveredText + "{{nobody}}。")
	if len(d.looked) != 1 {
		t.Error("the sample is made at every letter")
	}
	w.passes()
	if len(d.looked) != 2 || w.papers.pages != first || first.closed {
		t.Errorf("looked %d times; the last good sample is to stay", len(d.looked))
	}
	w.screen.MustSee(lang.T("templates.line", "n", 3), "“nobody”没有声明", "缺少法定要素“印章”")
	w.screen.Tap(lang.T("templates.line", "n", 3))
	if text.CursorRow != 2 || w.screen.Focused() != fyne.Focusable(text) {
		t.Errorf("the fault leads to line %d", text.CursorRow+1)
	}
	if !s.Dirty() {
		t.Error("what was typed is not known as unsaved")
	}
	s.Save()
	if len(d.saved) != 0 || !s.Dirty() {
		t.Error("a faulty template was saved")
	}
	w.screen.Tap(lang.T("dialog.close"))
	text.SetText(deliveredText + "本县的话。\n")
	w.passes()
	w.screen.MustNotSee(lang.T("templates.line", "n", 3))
	if w.papers.pages == first || !first.closed {
		t.Error("the sample did not follow")
	}
	s.Save()
	if len(d.saved) != 1 || s.Dirty() || d.text["D06"] != deliveredText+"本县的话。\n" {
		t.Errorf("saved %q", d.text["D06"])
	}
}

func TestAnOwnTemplateIsDroppedAndHadBack(t *testing.T) {
	w := newWorld(t)
	d, s := w.desks()
	w.screen.Tap("送达回证")
	w.act(lang.T("templates.drop"))
	w.screen.Tap(lang.T("templates.drop.verb"))
	if len(d.dropped) != 1 || s.side.(*templates).edit.text.Text != deliveredText {
		t.Errorf("dropped %q, the editor holds %q", d.dropped, s.side.(*templates).edit.text.Text)
	}
	for _, a := range s.Actions() {
		if a.Label == lang.T("templates.drop") {
			t.Error("the delivered template can be dropped")
		}
	}
	w.host.undo()
	if d.text["D16"] != "title 本单位的\nbody\n本单位的话。\n" || s.side.(*templates).edit.text.Text != d.text["D16"] {
		t.Errorf("undo gave %q", d.text["D16"])
	}
	s.side.(*templates).edit.text.SetText("title 题")
	w.act(lang.T("templates.back"))
	w.screen.MustSee(lang.T("shell.dirty.title"))
	w.screen.Tap(lang.T("shell.dirty.discard"))
	w.screen.MustSee("限期改正指令书")
	if s.Dirty() || s.side.(*templates).edit != nil {
		t.Error("the list does not stand alone")
	}
	s.side.(*templates).find.SetText("d13")
	w.screen.MustSee("行政处罚决定书")
	w.screen.MustNotSee("限期改正指令书")
}

// The side with a real template, in both languages.
func TestTheTemplateEditorIsRead(t *testing.T) {
	for _, tag := range []string{"zh-Hans", "en"} {
		w := newWorld(t)
		uitest.Language(t, tag)
		d, s := w.desks()
		text, err := fs.ReadFile(assets.Papers, "D06.paper")
		sure(t, err)
		d.text["D06"] = string(text)
		w.screen.Tap("限期改正指令书")
		w.screen.MustSee("D06 限期改正指令书")
		w.screen.Capture("settings-template-" + tag)
		s.side.(*templates).edit.text.SetText(string(text) + "{{nobody}}")
		w.passes()
		w.screen.MustSee(lang.T("templates.line", "n", 3))
		w.screen.Capture("settings-template-fault-" + tag)
	}
}
