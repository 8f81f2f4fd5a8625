package office_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms/pack"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

// packSource is the program's own form and paper of a type under another
// version and with another sentence on the paper.
func packSource(t *testing.T, docType, version, sentence string) pack.Source {
	t.Helper()
	form, err := fs.ReadFile(assets.Forms, docType+".md")
	if err != nil {
		t.Fatal(err)
	}
	paper, err := fs.ReadFile(assets.Papers, docType+".paper")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(form), "\n")
	for i, line := range lines {
		if strings.Contains(line, "| "+docType+" |") && strings.Contains(line, "2026-01") {
			lines[i] = strings.Replace(line, "2026-01", version, 1)
		}
	}
	return pack.Source{Name: docType + ".md", Form: []byte(strings.Join(lines, "\n")), Law: "2026", ValidFrom: model.DateOf(modeltest.Day),
		Papers: map[string][]byte{docType + ".paper": []byte(string(paper) + "\n" + sentence + "\n")}}
}

func (b *bureau) install(s pack.Source) model.ID {
	b.t.Helper()
	raw, err := b.MakePackage(s)
	b.ok(err)
	e, err := b.InstallPackage(b.ctx, raw, nil)
	b.ok(err)
	return e.ID
}

func (b *bureau) document(id model.ID) *model.Document {
	b.t.Helper()
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	doc, err := model.As[model.Document](h.Body)
	b.ok(err)
	return doc
}

// A draft stays on the version it was begun on, whatever is installed or
// withdrawn afterwards; what begins later takes the newest in force.
func TestDraftsStayOnTheirVersion(t *testing.T) {
	b := newBureau(t)
	b.accepted()
	before := b.draft("D13")
	first := b.install(packSource(t, "D13", "2026-07", "第一版的话。"))
	second := b.draft("D13")
	later := packSource(t, "D13", "2026-09", "第二版的话。")
	later.ValidFrom = model.DateOf(modeltest.Day.AddDate(0, 1, 0))
	b.install(later)
	third := b.draft("D13")
	b.ok(b.Desk.WithdrawPackage(b.ctx, first, "条文改了"))
	fourth := b.draft("D13")
	b.clock.Move(40 * 24 * 3600e9)
	fifth := b.draft("D13")
	for i, want := range []struct {
		id      model.ID
		version string
	}{{before, ""}, {second, "2026-07"}, {third, "2026-07"}, {fourth, ""}, {fifth, "2026-09"}} {
		if got := b.document(want.id).Version; got != want.version {
			t.Errorf("draft %d is on version %q, want %q", i+1, got, want.version)
		}
	}
	if form, err := b.Form("D13@2026-07"); err != nil || form.Version != "2026-07" {
		t.Errorf("the form of a withdrawn package: %v", err)
	}
	if _, err := b.Form("D13@2025-01"); err == nil || !strings.Contains(err.Error(), "本机没有表单包 D13@2025-01") {
		t.Errorf("a version nobody has: %v", err)
	}
	if b.Desk.Press.Title("D13@2026-07") == "" || len(b.Desk.Press.Fields("D13@2026-07")) == 0 {
		t.Error("the templates of a withdrawn package are gone")
	}
	if b.Desk.Press.Fields("D13@2025-01") != nil {
		t.Error("templates of a version nobody has")
	}
	if err := b.Desk.WithdrawPackage(b.ctx, first, "再次"); err == nil {
		t.Error("withdrawn twice")
	}
}

// A draft can be moved to the version in force, and what that changes is said
// before and after.
func TestADraftMovesToTheVersionInForce(t *testing.T) {
	b := newBureau(t)
	b.accepted()
	id := b.draft("D13")
	if _, err := b.Desk.MoveDraft(b.ctx, id); err == nil || !strings.Contains(err.Error(), "已经是现行的表单") {
		t.Errorf("there is nothing to move to: %v", err)
	}
	s := packSource(t, "D13", "2026-07", "新的一句。")
	s.Form = []byte(strings.Replace(string(s.Form), "| | text | account_name |", "| | text | payee |", 1))
	s.Papers["D13.paper"] = []byte(strings.NewReplacer("field account_name ", "field payee ", "{{account_name}}", "{{payee}}").Replace(string(s.Papers["D13.paper"])))
	b.install(s)
	version, changes, err := b.Desk.MovePreview(b.ctx, id)
	b.ok(err)
	if version != "2026-07" || b.document(id).Version != "" {
		t.Errorf("a look moved the draft to %q", version)
	}
	moved, err := b.Desk.MoveDraft(b.ctx, id)
	b.ok(err)
	var kinds []string
	for _, c := range moved {
		kinds = append(kinds, string(c.Kind)+" "+c.Path)
	}
	if said := strings.Join(kinds, ", "); len(moved) != len(changes) || !strings.Contains(said, "removed /g4/account_name") || !strings.Contains(said, "added /g4/payee") {
		t.Errorf("changes %s", said)
	}
	if doc := b.document(id); doc.Version != "2026-07" || doc.Fields["employer"] == "" {
		t.Errorf("%+v", doc)
	}
}

// A paper is printed on the templates of its package and, printed again on
// them, is the same file; on the program's own it is another.
func TestPapersOfAPackageAreVerified(t *testing.T) {
	b := newBureau(t).accepted()
	visit := b.recorded()
	b.install(packSource(t, "D06", "2026-07", "本单位增加的一句话。"))
	id := b.order(visit, "2026-09-28")
	_, err := b.Desk.Issue(b.ctx, id)
	b.ok(err)
	doc := b.document(id)
	if doc.Version != "2026-07" {
		t.Fatalf("issued on version %q", doc.Version)
	}
	pdf, err := b.ReadBlob(b.ctx, doc.Issued.PDF)
	b.ok(err)
	path := filepath.Join(t.TempDir(), "指令书.pdf")
	b.ok(os.WriteFile(path, pdf, 0o600))
	keys, err := b.IssuerKeys(b.ctx)
	b.ok(err)
	for _, c := range []struct {
		name  string
		press *paper.Press
		valid bool
	}{{"its package's", b.PressFor(path), true}, {"the program's", b.Press, false}} {
		if v, err := office.Verify(c.press, path, keys, b.Now()); err != nil || v.Valid != c.valid {
			t.Errorf("on %s templates: %v %+v", c.name, err, v)
		}
	}
	if b.PressFor("no such file") != b.Press {
		t.Error("a token is checked with the program's own press")
	}
}

func TestAnEditionNeverChanges(t *testing.T) {
	b := newBureau(t)
	id := b.install(packSource(t, "D13", "2026-07", "原来的话。"))
	if again := b.install(packSource(t, "D13", "2026-07", "原来的话。")); again != id {
		t.Error("the same package is there twice")
	}
	other, err := b.MakePackage(packSource(t, "D13", "2026-07", "改过的话。"))
	b.ok(err)
	if _, err := b.InstallPackage(b.ctx, other, nil); !errors.Is(err, model.ErrFrozen) || !strings.Contains(err.Error(), "同一版本不能改动") {
		t.Errorf("another file for the same version: %v", err)
	}
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	kept, err := model.As[model.FormPackage](h.Body)
	b.ok(err)
	kept.ValidFrom = "2020-01-01"
	if _, err := b.Desk.Save(b.ctx, id, h.Rev, kept); err == nil {
		t.Error("the days of an installed package were changed")
	}
	b.ok(b.Desk.WithdrawPackage(b.ctx, id, "停用"))
	raw, err := b.MakePackage(packSource(t, "D13", "2026-07", "原来的话。"))
	b.ok(err)
	if _, err := b.InstallPackage(b.ctx, raw, nil); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("a withdrawn package came back: %v", err)
	}
}

// foreign is a device of another office.
func foreign() seal.Device {
	return seal.Device{ID: "0192f0c1-0000-7000-8000-0000000000ff", Epoch: 1, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))}
}

func TestPackagesOfStrangers(t *testing.T) {
	b := newBureau(t)
	by := foreign()
	raw, err := pack.Make(packSource(t, "D13", "2026-07", "外单位的话。"), by, b.Now())
	b.ok(err)
	if _, err := b.InstallPackage(b.ctx, raw, nil); !errors.Is(err, bundle.ErrUnknown) {
		t.Errorf("nobody vouches for it: %v", err)
	}
	key := model.PublicKey{ID: by.KeyID(), Key: by.Public(), Device: by.ID, Name: "省厅", From: b.Now().AddDate(-1, 0, 0)}
	e, err := b.InstallPackage(b.ctx, raw, []model.PublicKey{key})
	b.ok(err)
	if e.Record.Signer == nil || e.Record.Signer.ID != by.KeyID() {
		t.Errorf("who vouched is not kept: %+v", e.Record.Signer)
	}
	if got := b.Newest("D13"); got != "2026-07" {
		t.Errorf("in force is %q", got)
	}
}

// What comes from another laptop is checked again here: a record whose file is
// not what it says, or two files for one version, are shown and not used.
func TestPackagesThatCannotBeUsed(t *testing.T) {
	b := newBureau(t)
	b.install(packSource(t, "D13", "2026-07", "一个。"))
	raw, err := b.MakePackage(packSource(t, "D13", "2026-07", "另一个。"))
	b.ok(err)
	p, err := pack.Read(raw, nil)
	b.ok(err)
	twin := model.FormPackage{State: model.FormPackageInstalled, Form: "D13", Version: "2026-07", Law: p.Law, ValidFrom: p.ValidFrom, SHA256: p.SHA256, File: raw}
	b.save(&twin)
	broken := twin
	broken.Version, broken.SHA256 = "2026-08", strings.Repeat("0", 64)
	b.save(&broken)
	list, err := b.Editions(b.ctx)
	b.ok(err)
	var faults []string
	for _, e := range list {
		faults = append(faults, e.Record.Version+" "+e.Fault)
	}
	said := strings.Join(faults, "\n")
	if len(list) != 3 || strings.Count(said, "2026-07 同一版本有两个内容不同的包") != 2 || !strings.Contains(said, "2026-08 记录里的文件与登记的摘要不符") {
		t.Errorf("listed:\n%s", said)
	}
	if got := b.Newest("D13"); got != "" {
		t.Errorf("one of two was chosen silently: %q", got)
	}
	if _, err := b.Form("D13@2026-07"); err == nil || !strings.Contains(err.Error(), "不能使用") {
		t.Errorf("got %v", err)
	}
}
