package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/assets"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/modeltest"
)

// filed is an open office with a case in it, and that case's id.
func filed(t *testing.T) (*backstage, *office.Office, model.ID) {
	t.Helper()
	d := newTestDesktop(t)
	d.found(t)
	o, err := d.at()
	if err != nil {
		t.Fatal(err)
	}
	save := func(r model.Record) model.ID {
		id, err := o.Desk.Save(t.Context(), "", "", r)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	one, two := modeltest.Officer(1), modeltest.Officer(2)
	one.ValidTo, two.ValidTo = "2099-12-31", "2099-12-31"
	employer := save(modeltest.Employer(1))
	lead, err := o.Desk.RegisterLead(t.Context(), model.Lead{Source: "现场投诉", Employer: employer, Claim: "工资没有发", ReceivedAt: o.Now()})
	if err != nil {
		t.Fatal(err)
	}
	of, err := o.Desk.AcceptLead(t.Context(), casework.Acceptance{Lead: lead, Cause: "克扣或者无故拖欠工资", Officers: []model.ID{save(one), save(two)}, Reason: "属于管辖"})
	if err != nil {
		t.Fatal(err)
	}
	return &backstage{d: d}, o, of
}

// TestPapersReachTheMachines: a draft is drawn, a photo is made small, a case
// is bound and exported, by what the program really runs.
func TestPapersReachTheMachines(t *testing.T) {
	r, o, of := filed(t)
	ctx := t.Context()
	id, err := o.Desk.DraftPaper(ctx, casework.PaperIn{Type: "D04", Case: of})
	if err != nil {
		t.Fatal(err)
	}
	head, err := o.Store.Head(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := model.As[model.Document](head.Body)
	if err != nil {
		t.Fatal(err)
	}
	pdf, _, err := o.Desk.Proof(t.Context(), doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := r.Pages(ctx, pdf)
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	img, err := pages.Draw(ctx, 0, 500)
	if err != nil {
		t.Fatal(err)
	}
	if w := img.Bounds().Dx(); pages.Count() == 0 || w < 490 || w > 510 || blank(img) {
		t.Errorf("%d pages, the first %d pixels wide, blank %v", pages.Count(), w, blank(img))
	}

	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 900, 600))); err != nil {
		t.Fatal(err)
	}
	e, err := o.Desk.AddEvidence(ctx, casework.EvidenceIn{Case: of, Name: "工棚.png"}, &photo)
	if err != nil {
		t.Fatal(err)
	}
	small, err := r.Thumbnail(ctx, e.Value.SHA256, 90, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := image.DecodeConfig(bytes.NewReader(small)); err != nil || got.Width != 90 || got.Height != 60 {
		t.Errorf("the thumbnail is %+v, %v", got, err)
	}

	dir := t.TempDir()
	bound, err := r.BindFile(ctx, of, filepath.Join(dir, "案卷.pdf"), nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "案卷.pdf"))
	if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) || bound.Pieces == 0 {
		t.Errorf("bound %+v, %v", bound, err)
	}
	if n, err := r.ExportCase(ctx, of, filepath.Join(dir, "案件.axb"), nil); err != nil || n == 0 {
		t.Errorf("exported %d files, %v", n, err)
	}
}

// TestScansOfNothingKnownAreStrays: a page without a mark comes back with the
// reason, and a file that is not there is named.
func TestScansOfNothingKnownAreStrays(t *testing.T) {
	r, _, _ := filed(t)
	path := filepath.Join(t.TempDir(), "白纸.png")
	var sheet bytes.Buffer
	white := image.NewGray(image.Rect(0, 0, 300, 420))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	if err := png.Encode(&sheet, white); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, sheet.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := r.ReadScans(t.Context(), []string{path})
	if err != nil || len(found.Documents) != 0 || len(found.Strays) != 1 || found.Strays[0].Why == "" {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := r.ReadScans(t.Context(), []string{"没有.png"}); err == nil || !strings.Contains(err.Error(), "没有.png") {
		t.Errorf("a file that is not there: %v", err)
	}
	var _ page.Papers = r
}

func blank(img image.Image) bool {
	b := img.Bounds()
	first := color.RGBAModel.Convert(img.At(b.Min.X, b.Min.Y))
	for y := b.Min.Y; y < b.Max.Y; y += 2 {
		for x := b.Min.X; x < b.Max.X; x += 2 {
			if color.RGBAModel.Convert(img.At(x, y)) != first {
				return false
			}
		}
	}
	return true
}

// TestThePreviewFindsWhatIsPrinted: the search of the window marks the words on the
// page that is shown, also where they go on in the next line.
func TestThePreviewFindsWhatIsPrinted(t *testing.T) {
	press, err := paper.NewPress(assets.Papers, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	job := paper.Job{Type: "D06", Token: "SAMPLE", Issued: time.Unix(0, 0).UTC()}
	raw, err := fs.ReadFile(assets.Papers, "samples/D06.json")
	if err == nil {
		err = json.Unmarshal(raw, &job)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := press.Print(job)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := (&backstage{}).Pages(t.Context(), out.PDF)
	if err != nil {
		t.Fatal(err)
	}
	screen := uitest.New(t)
	view := widgets.NewPDFView(func(_ string, work func(context.Context) error, then func(error)) func() {
		then(work(t.Context()))
		return func() {}
	}, func(err error) { t.Error(err) })
	screen.Show(view)
	screen.Resize(900, 700)
	view.Open(pages)
	defer view.Close()
	view.Find()
	screen.Type("保障农民工工资支付条例")
	hits, err := pages.Find(t.Context(), "保障农民工工资支付条例")
	if err != nil || len(hits) < 3 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	screen.MustSee(lang.T("pdf.find.count", "n", 1, "all", len(hits)))
	broken := 0
	for i, h := range hits {
		if len(h.Marks) > 1 {
			broken = i
		}
	}
	if broken == 0 {
		t.Error("no place goes over the end of a line")
	}
	for range broken {
		screen.Press(fyne.KeyReturn)
	}
	screen.MustSee(lang.T("pdf.find.count", "n", broken+1, "all", len(hits)), lang.T("pdf.page", "n", hits[broken].Page+1, "all", out.Pages))
	screen.Capture("preview-found")
}
