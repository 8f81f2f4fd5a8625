package office_test

import (
	"bytes"
	"strings"
	"testing"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms/paper"
)

func (b *bureau) template(docType string) office.Template {
	b.t.Helper()
	list, err := b.Templates(b.ctx)
	b.ok(err)
	for _, x := range list {
		if x.Type == docType {
			return x
		}
	}
	b.t.Fatalf("%s is not among %d templates", docType, len(list))
	return office.Template{}
}

// Each delivered template can be opened, seen and is filled from its form.
func TestEveryTemplateIsPreviewed(t *testing.T) {
	b := newBureau(t)
	list, err := b.Templates(b.ctx)
	b.ok(err)
	if len(list) < 47 {
		t.Errorf("%d templates", len(list))
	}
	for _, x := range list {
		text, err := b.TemplateText(b.ctx, x.Type)
		b.ok(err)
		if pdf, err := b.PreviewTemplate(b.ctx, x.Type, text); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%s: %v", x.Type, err)
		}
		if x.Own || x.Version != "" {
			t.Errorf("%+v is said to be the office's own", x)
		}
	}
}

// A template written here is what new papers are printed on, drafts stay on theirs, and the delivered one comes back.
func TestAnOfficeWritesItsOwnTemplate(t *testing.T) {
	b := newBureau(t)
	b.accepted()
	before := b.draft("D13")
	text, err := b.TemplateText(b.ctx, "D13")
	b.ok(err)
	own := text + "本县另行告知的一句话。\n"
	_, err = b.SaveTemplate(b.ctx, "D13", own)
	b.ok(err)
	first := b.template("D13")
	if !first.Own || !strings.HasPrefix(first.Version, "2026-01-own.") {
		t.Errorf("%+v", first)
	}
	after := b.draft("D13")
	b.clock.Move(5e9)
	_, err = b.SaveTemplate(b.ctx, "D13", own+"再一句。\n")
	b.ok(err)
	if second := b.template("D13"); second.Version == first.Version || strings.Count(second.Version, "-own.") != 1 {
		t.Errorf("%+v after %+v", second, first)
	}
	if got, err := b.TemplateText(b.ctx, "D13"); err != nil || got != own+"再一句。\n" {
		t.Errorf("the text saved is not the text read: %v", err)
	}
	if b.document(before).Version != "" || b.document(after).Version != first.Version {
		t.Error("a draft went to another template by itself")
	}
	b.ok(b.DropTemplate(b.ctx, "D13", "恢复程序自带的模板"))
	if got, err := b.TemplateText(b.ctx, "D13"); err != nil || got != text || b.template("D13").Own {
		t.Errorf("the delivered template did not come back: %v", err)
	}
	if b.document(b.draft("D13")).Version != "" {
		t.Error("a new paper is printed on a template that was dropped")
	}
}

// What is wrong in a template is told with its line, and nothing of it is kept.
func TestFaultyTemplatesAreNotKept(t *testing.T) {
	b := newBureau(t)
	text, err := b.TemplateText(b.ctx, "D13")
	b.ok(err)
	cases := map[string]struct{ text, want string }{
		"unknown placeholder": {text + "{{nobody}}\n", "D13.paper:"},
		"unused field":        {strings.Replace(text, "\nbody\n", "\nfield spare text 备用\n\nbody\n", 1), "“spare”已声明但正文没有用到"},
		"nothing fills it":    {strings.Replace(text, "\nbody\n", "\nfield spare text 备用\nbody\n{{spare}}\n", 1), "表单 D13 里没有“spare”这一问"},
		"what the law wants":  {strings.ReplaceAll(text, "六十日", "某日"), "缺少法定要素"},
		"no body":             {"title 题\n", "缺少“body”行"},
		"a rune no face has":  {text + "\u0E01\n", "U+0E01"},
	}
	for name, c := range cases {
		if _, err := b.SaveTemplate(b.ctx, "D13", c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if x := b.template("D13"); x.Own {
		t.Errorf("%+v was kept", x)
	}
}

// A field the samples know nothing of is shown by its label.
func TestSamplesFitTheTemplate(t *testing.T) {
	p, err := paper.NewPress(assets.Papers, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	for _, docType := range p.Types() {
		job, err := office.SampleOf(p, assets.Papers, docType)
		if err != nil || job.Mark != paper.MarkExample {
			t.Errorf("%s: %v", docType, err)
		}
		for name := range job.Fields {
			known := name == "title"
			for _, f := range p.Fields(docType) {
				known = known || f.Name == name
			}
			if !known {
				t.Errorf("%s: the sample has a field %s the template does not", docType, name)
			}
		}
	}
}
