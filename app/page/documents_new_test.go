package page

import (
	"anxin/app/casework"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

func TestPaperOfAnyTypeIsDraftedEditedAndSeen(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.opened()
	p := NewDocuments(w.env, ofCase+string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("documents-new")
	w.screen.MustSee(lang.T("documents.new.open"), lang.T("documents.new.closed"))
	w.screen.Fill(lang.T("documents.new.type"), "调查询问通知书")
	w.screen.MustSee("D04")
	w.screen.MustNotSee("协助调查函")
	w.screen.Tap("劳动保障监察调查询问通知书")
	k := named(w, func(d *model.Document) bool { return d.Type == "D04" })
	if k.Value.State != model.DocumentDraft || k.Value.Case != id || len(k.Value.Fields) == 0 {
		t.Fatalf("drafted %+v", k.Value)
	}
	d := p.shown.(*documentDetail)
	if d.k.ID != k.ID || !d.Editable() {
		t.Fatal("the draft is not open in its form")
	}
	w.screen.Capture("documents-form")
	w.screen.Tap(lang.T("documents.part.preview"))
	w.screen.MustSee(lang.T("pdf.page", "n", 1, "all", 3))
	if len(w.papers.opened) != 1 || !bytes.HasPrefix(w.papers.opened[0], []byte("%PDF-")) {
		t.Fatal("the preview was not given the proof of the draft")
	}
	w.screen.Tap(lang.T("pdf.next"))
	w.screen.MustSee(lang.T("pdf.page", "n", 2, "all", 3))
	w.screen.Tap(lang.T("pdf.larger"))
	w.screen.Capture("documents-preview")
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("documents-preview-small")
	p.Find()
	w.screen.Type("工资")
	w.screen.MustSee(lang.T("pdf.find.count", "n", 2, "all", 3)) // from the page in sight on
	w.screen.Capture("documents-preview-found")
	w.screen.Press(fyne.KeyReturn)
	w.screen.MustSee(lang.T("pdf.find.count", "n", 3, "all", 3), lang.T("pdf.page", "n", 3, "all", 3))
	pages := w.papers.pages
	p.Show(k.ID)
	if !pages.closed {
		t.Error("the pages were not given back")
	}
	if p.Find(); w.screen.Focused() != fyne.Focusable(p.search) {
		t.Error("without a preview the list is searched")
	}
}

func TestPaperThatMayNotBeIssuedYetSaysWhy(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	p := NewDocuments(w.env, ofCase+string(w.opened()))
	w.show(p)
	w.screen.Fill(lang.T("documents.new.type"), "D13")
	w.screen.Tap("行政处罚决定书")
	w.screen.MustSee(lang.T("documents.new.blocked"))
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("documents-new-blocked")
	w.screen.Tap(lang.T("documents.new.anyway"))
	k := named(w, func(d *model.Document) bool { return d.Type == "D13" })
	w.screen.Tap(lang.T("documents.part.gates"))
	w.screen.MustSee(lang.T("documents.gate.block"))
	if k.Value.State != model.DocumentDraft {
		t.Errorf("state %s", k.Value.State)
	}
}

func TestManyPapersArePrintedAndFaultsListed(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	_, err := w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	notice := named(w, func(d *model.Document) bool { return d.Type == "D02" })
	p := NewDocuments(w.env, "")
	w.show(p)
	w.act(lang.T("documents.printlist"))
	w.screen.Capture("documents-print-many")
	w.screen.Pick(lang.T("print.printer"), "大厅打印机")
	w.screen.Tap(lang.T("print.duplex"))
	w.screen.Fill(lang.T("print.copies"), "0")
	w.screen.Tap(lang.T("documents.print"))
	w.screen.MustSee(lang.T("print.copies.wrong", "most", mostCopies))
	w.screen.Fill(lang.T("print.copies"), "2")
	w.papers.refuse = joined(joined(notice.Value.Title, notice.Value.Issued.Number), "送达联")
	w.screen.Tap(lang.T("documents.print"))
	w.screen.MustSee(lang.T("print.faults.title"), "打印机没有纸", "行政检查通知书")
	w.screen.Capture("documents-print-faults")
	if w.papers.settings != (PrintSettings{Printer: "大厅打印机", Copies: 2, Duplex: true}) || len(w.papers.printed) < 2 {
		t.Errorf("printed %v with %+v", w.papers.printed, w.papers.settings)
	}
	before := len(w.papers.printed)
	w.papers.refuse = ""
	w.screen.Tap(lang.T("print.again"))
	w.screen.Tap(lang.T("documents.print"))
	if len(w.papers.printed) != before+1 {
		t.Errorf("the refused paper was not printed again: %v", w.papers.printed)
	}
}

func TestScansComeBackToTheirPapers(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	k, err := w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	w.papers.scans = Scans{
		Documents: []ScannedPaper{{ID: id, Title: k.Value.Title, Number: k.Value.Issued.Number, Missing: []int{2},
			Pages: []ScannedPage{{File: "a.png", At: 1, Page: 1, Unsigned: []string{"被指令单位签名"}}}}},
		Strays: []ScannedPage{{File: "b.png", At: 1, Why: "看不清左下角的页标，请重新扫描"}}}
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.screen.MustSee(lang.T("documents.scans"))
	dir := t.TempDir()
	for _, name := range []string{"a.png", "b.png", "说明.txt"} {
		sure(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	uitest.AnswerFiles(t, dir)
	w.act(lang.T("documents.scan"))
	w.screen.Tap(lang.T("documents.scan.folder"))
	w.screen.MustSee(k.Value.Issued.Number, "被指令单位签名", "b.png", "看不清左下角", lang.T("documents.scan.missing", "pages", "2"))
	w.screen.Capture("documents-scans")
	w.screen.Tap(lang.T("documents.scan.keep"))
	if w.papers.kept != 1 || strings.Contains(strings.Join(w.papers.scanned, " "), "txt") || len(w.papers.scanned) != 2 {
		t.Errorf("kept %d, scanned %v", w.papers.kept, w.papers.scanned)
	}
}

func TestRegisterOfPapersAccountsForNumbers(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	k, err := w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	p := NewDocuments(w.env, "")
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.act(lang.T("documents.book.open"))
	b := p.shown.(*numberBook)
	w.screen.Capture("documents-book")
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("documents-book-small")
	w.screen.MustSee(lang.T("book.unused"))
	w.act(lang.T("book.void.act"))
	if got := w.host.said[len(w.host.said)-1]; got != lang.T("book.select") {
		t.Errorf("said %q", got)
	}
	b.list.SelectWhere(func(l numberLine) bool { return l.State == lineUnused && l.Series == k.Value.Issued.Series })
	w.act(lang.T("book.void.act"))
	w.screen.Tap(lang.T("book.void.act"))
	w.screen.MustSee(lang.T("book.void.needed"))
	w.screen.Fill(lang.T("book.void.reason"), "打印时污损")
	w.screen.Tap(lang.T("book.void.act"))
	if !b.list.SelectWhere(func(l numberLine) bool { return l.State == lineVoid && l.Note == "打印时污损" }) {
		t.Error("the void number is not in the register")
	}
	b.list.SelectWhere(func(l numberLine) bool { return l.State == lineUnused && l.Series == k.Value.Issued.Series })
	w.act(lang.T("book.return.act"))
	w.screen.Tap(lang.T("book.return.act"))
	if b.list.SelectWhere(func(l numberLine) bool { return l.State == lineUnused && l.Series == k.Value.Issued.Series }) {
		t.Error("returned numbers still count as unused")
	}
	path := filepath.Join(t.TempDir(), "台账.xlsx")
	uitest.AnswerFiles(t, path)
	w.act(lang.T("book.export"))
	if raw, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(raw, []byte("PK")) {
		t.Errorf("exported %d bytes, %v", len(raw), err)
	}
	b.list.SelectWhere(func(l numberLine) bool { return l.Document == id })
	l, _ := b.list.Selected()
	b.open(l)
	w.screen.MustSee(k.Value.Issued.Number)
}

// TestProvisionalNumberIsMarkedAndMadeFormal: far from any network a paper goes
// out under a provisional number; with a new block it gets its own.
func TestProvisionalNumberIsMarkedAndMadeFormal(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	series, err := w.env.Desk.Series(orderType, w.clock.Now())
	sure(t, err)
	_, err = w.env.Desk.ReturnNumbers(t.Context(), series, 1)
	sure(t, err)
	_, err = w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee(lang.T("documents.provisional"), "暂编")
	w.screen.Capture("documents-provisional")
	device := w.store.Device()
	sure(t, w.store.AddBlock(t.Context(), model.Block{Series: series, From: 101, To: 110, Next: 101, Device: device.ID, Epoch: device.Epoch, Source: "test"}))
	w.act(lang.T("documents.book.open"))
	w.act(lang.T("book.formalise"))
	w.screen.MustSee("第101号", lang.T("book.used"))
	p.Show(id)
	w.screen.MustSee("第101号")
	if k, _ := readOne[model.Document](w.env, id); isProvisional(k.Value) {
		t.Error("the paper is still called provisional")
	}
}

// TestPaperOfAnEmployerWithoutACase: nothing is judged, and the paper names
// the employer that was picked.
func TestPaperOfAnEmployerWithoutACase(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	list, err := w.env.Desk.PaperChoices(t.Context(), "")
	sure(t, err)
	for _, c := range list {
		if !c.Open() || c.Wanted {
			t.Errorf("%s is judged without a case: %v", c.Type, c.Reasons)
		}
	}
	p := NewDocuments(w.env, newArg)
	w.show(p)
	chooser := p.shown.(*paperChooser)
	chooser.party.Set(w.employer, "桃花源第1建筑工程有限公司")
	w.screen.Fill(lang.T("documents.new.type"), "D27")
	w.screen.Tap("劳动保障监察建议书")
	k := named(w, func(d *model.Document) bool { return d.Type == "D27" })
	if k.Value.Case != "" || casework.PartyOf(k.Value) == "" {
		t.Errorf("drafted %+v", k.Value)
	}
	uitest.Language(t, "en")
	p = NewDocuments(w.env, newArg)
	w.show(p)
	w.screen.MustSee("Write a paper", "May be made now")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("documents-new-english")
}
