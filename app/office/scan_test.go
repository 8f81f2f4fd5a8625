package office_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/forms/paper/preview"
	"anxin/model"
	"anxin/model/bundle"
)

// shown renders the pages of an issued document as a scanner gives them.
func (b *bureau) shown(v *preview.Viewer, id model.ID, dpi float64) (pages []image.Image) {
	b.t.Helper()
	_, pdf, err := b.IssuedPDF(b.ctx, id)
	b.ok(err)
	d, err := v.Open(b.ctx, pdf)
	b.ok(err)
	defer d.Close()
	for i := range d.Pages() {
		img, err := d.Render(b.ctx, i, dpi)
		b.ok(err)
		pages = append(pages, img)
	}
	return pages
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var w bytes.Buffer
	if err := png.Encode(&w, img); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// feeder puts pages into one PDF, as a scanner with a feeder does.
func feeder(t *testing.T, pages ...image.Image) []byte {
	t.Helper()
	var readers []io.Reader
	for _, p := range pages {
		readers = append(readers, bytes.NewReader(pngOf(t, p)))
	}
	api.DisableConfigDir()
	var w bytes.Buffer
	if err := api.ImportImages(nil, &w, readers, nil, nil); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// upsideDown is a page put into the scanner the wrong way round.
func upsideDown(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Max.X-1-x, b.Max.Y-1-y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// twoPapers is a case with a record and an order, issued.
func twoPapers(t *testing.T) (b *bureau, record, order model.ID) {
	b = newBureau(t).accepted()
	visit := b.recorded()
	order = b.order(visit, "2026-12-31")
	_, err := b.Desk.Issue(b.ctx, order)
	b.ok(err)
	heads, err := b.Store.List(b.ctx, model.Query{Kind: model.KindDocument, Case: b.kase})
	b.ok(err)
	for _, h := range heads {
		if d, err := model.As[model.Document](h.Body); err == nil && d.Type == "D03" {
			record = h.ID
		}
	}
	return b, record, order
}

func TestScansFindTheirDocuments(t *testing.T) {
	b, record, order := twoPapers(t)
	v := office.NewViewer()
	defer v.Close()
	r, o := b.shown(v, record, 130), b.shown(v, order, 130)
	if len(r) < 2 || len(o) < 2 {
		t.Fatalf("the papers have %d and %d pages", len(r), len(o))
	}
	white := image.NewRGBA(image.Rect(0, 0, 300, 420))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	// All of the record and all but the first page of the order, mixed; one page twice, one empty.
	feed := []image.Image{r[1], o[len(o)-1]}
	feed = append(feed, o[1:len(o)-1]...)
	files := []office.ScanFile{{Name: "scan7.pdf", Raw: feeder(t, feed...)}, {Name: "a.png", Raw: pngOf(t, upsideDown(r[0]))}, {Name: "b.png", Raw: pngOf(t, white)},
		{Name: "c.png", Raw: pngOf(t, r[1])}}
	for _, p := range r[2:] {
		files = append(files, office.ScanFile{Name: "rest.png", Raw: pngOf(t, p)})
	}
	found, err := b.ReadScans(b.ctx, v, files)
	b.ok(err)
	if len(found.Documents) != 2 || !strings.HasPrefix(fmt.Sprintf("%+v", found.Strays), "[{File:b.png At:1 Page:0 Why:看不清") {
		t.Fatalf("found %+v", found)
	}
	got := map[model.ID]office.ScannedDocument{}
	for _, d := range found.Documents {
		got[d.ID] = d
	}
	if d := got[record]; len(d.Missing) != 0 || fmt.Sprint(d.Twice) != "[2]" || len(d.Pages) != len(r)+1 || !slices.Contains(d.Pages[0].Unsigned, "被检查人签名") {
		t.Errorf("the record: %+v", d)
	}
	if d := got[order]; fmt.Sprint(d.Missing) != "[1]" || len(d.Pages) != len(o)-1 {
		t.Errorf("the order: %+v", d)
	}
	b.ok(b.KeepScans(b.ctx, found))
	b.ok(b.KeepScans(b.ctx, found)) // again changes nothing
	b.linked(record, files, 3+len(r)-2)
	if got := casework.MissingScans(b.read(order)); fmt.Sprint(got) != "[1]" {
		t.Errorf("of the order pages %v are missing", got)
	}
}

// linked: a document of which no page is missing names so many scans, each of which is one of the files.
func (b *bureau) linked(id model.ID, files []office.ScanFile, scans int) {
	b.t.Helper()
	doc := b.read(id)
	if missing := casework.MissingScans(doc); missing != nil {
		b.t.Errorf("after keeping, pages %v are missing", missing)
	}
	for _, e := range doc.Events {
		if e.Kind != model.EventScanned {
			continue
		}
		scans--
		h, err := b.Store.Head(b.ctx, e.Record)
		b.ok(err)
		ev, err := model.As[model.Evidence](h.Body)
		b.ok(err)
		if !slices.ContainsFunc(files, func(f office.ScanFile) bool { return office.Digest(f.Raw) == ev.SHA256 }) {
			b.t.Errorf("the event names %s, which is none of the scans", ev.Name)
		}
	}
	if scans != 0 {
		b.t.Errorf("%d scans more or fewer than the files are linked", scans)
	}
}

// A PDF that is the scan of a paper is checked by the code on its pages.
func TestVerifyReadsScans(t *testing.T) {
	b, _, order := twoPapers(t)
	v := office.NewViewer()
	defer v.Close()
	pages := b.shown(v, order, 150)
	keys, err := b.IssuerKeys(b.ctx)
	b.ok(err)
	dir := t.TempDir()
	for name, c := range map[string]struct {
		raw  []byte
		kind string
		ok   bool
		want string
	}{
		"whole.pdf": {feeder(t, pages...), "scan", true, "签名有效"},
		"first.pdf": {feeder(t, pages[0]), "pdf", false, "没有读到核验二维码"},
		"last.png":  {pngOf(t, pages[len(pages)-1]), "picture", true, "签名有效"},
	} {
		file := filepath.Join(dir, name)
		b.ok(os.WriteFile(file, c.raw, 0o600))
		got, err := office.Verify(b.Press, file, keys, b.Now())
		b.ok(err)
		if got.Kind != c.kind || got.Valid != c.ok || !strings.Contains(got.Reason, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	file := filepath.Join(dir, "first.png")
	b.ok(os.WriteFile(file, pngOf(t, pages[0]), 0o600))
	if _, err := office.Verify(b.Press, file, keys, b.Now()); err == nil || !strings.Contains(err.Error(), "只有左下角的页标") {
		t.Errorf("a page with only its mark: %v", err)
	}
}

func TestScansAreRefused(t *testing.T) {
	b, _, order := twoPapers(t)
	v := office.NewViewer()
	defer v.Close()
	if _, err := b.ReadScans(b.ctx, v, []office.ScanFile{{Name: "x.txt", Raw: []byte("hello")}}); err == nil || !strings.Contains(err.Error(), "x.txt") {
		t.Errorf("a text: %v", err)
	}
	if _, err := b.Desk.KeepScan(b.ctx, casework.Scan{Document: order, Name: "a.png", Pages: []int{99}}); err == nil || !strings.Contains(err.Error(), "没有第 99 页") {
		t.Errorf("a page there is not: %v", err)
	}
	if _, err := office.ReadScanFile(t.TempDir()); err == nil || !strings.Contains(err.Error(), "找不到扫描件") {
		t.Errorf("a folder: %v", err)
	}
}

func TestAFileIsBound(t *testing.T) {
	b, record, order := twoPapers(t)
	v := office.NewViewer()
	defer v.Close()
	pages := b.shown(v, order, 150)
	_, err := b.Desk.KeepScan(b.ctx, casework.Scan{Document: order, Name: "签署件.png", Raw: pngOf(t, pages[0]), Pages: []int{1}})
	b.ok(err)
	_, pdf, err := b.IssuedPDF(b.ctx, record)
	b.ok(err)
	for name, raw := range map[string][]byte{"照片.png": pngOf(t, pages[1]), "合同.pdf": pdf, "录音.mp3": []byte("ID3 sound"), "坏.jpg": []byte("\xff\xd8\xff\xe0 broken"), "坏.pdf": []byte("%PDF-1.4 broken")} {
		_, err := b.Desk.AddEvidence(b.ctx, casework.EvidenceIn{Case: b.kase, Name: name}, bytes.NewReader(raw))
		b.ok(err)
	}
	file, err := b.BuildFile(b.ctx, b.kase, nil)
	b.ok(err)
	var names []string
	next := 1
	for _, p := range file.Pieces {
		names = append(names, p.Name)
		if p.Page != next {
			t.Errorf("%s begins at page %d, want %d", p.Name, p.Page, next)
		}
		next += p.Pages
	}
	if file.Numbered != next-1 {
		t.Errorf("%d pages, the pieces have %d", file.Numbered, next-1)
	}
	order0 := []string{"行政检查审批表", "行政检查通知书", "现场检查笔录", "证据1", "限期改正指令书", "签署件第1页"}
	at := 0
	for _, want := range order0 {
		i := slices.IndexFunc(names[at:], func(n string) bool { return strings.Contains(n, want) })
		if i < 0 {
			t.Fatalf("%s is missing or out of order in %v", want, names)
		}
		at += i
	}
	if len(file.Absent) != 1 || !strings.Contains(file.Absent[0], "坏.pdf") {
		t.Errorf("not bound: %v", file.Absent)
	}
	b.readsAsAFile(v, file)
	b.isSigned(file)
	b.clock.Move(time.Minute)
	again, err := b.BuildFile(b.ctx, b.kase, nil)
	b.ok(err)
	if !bytes.Equal(again.PDF, file.PDF) {
		t.Error("the same file was bound into other bytes")
	}
}

func (b *bureau) readsAsAFile(v *preview.Viewer, file *office.FiledCase) {
	b.t.Helper()
	d, err := v.Open(b.ctx, file.PDF)
	b.ok(err)
	defer d.Close()
	if d.Pages() <= file.Numbered+3 || d.Pages() != file.Pages {
		b.t.Errorf("%d pages in all, said to be %d, %d of them numbered", d.Pages(), file.Pages, file.Numbered)
	}
	text := ""
	for i := range d.Pages() {
		s, err := d.Text(i)
		b.ok(err)
		text += s
	}
	for _, want := range []string{"劳动保障监察案卷", "卷内目录", "案卷自查表", "备考表", office.Digest([]byte("ID3 sound"))[:20]} {
		if !strings.Contains(text, want) {
			b.t.Errorf("%q is not in the file", want)
		}
	}
}

func (b *bureau) isSigned(file *office.FiledCase) {
	b.t.Helper()
	dir := b.t.TempDir()
	b.ok(b.WriteFile(file, filepath.Join(dir, "f.pdf"), filepath.Join(dir, "f.axb")))
	got, err := os.ReadFile(filepath.Join(dir, "f.pdf"))
	b.ok(err)
	signed, err := bundle.OpenFile(filepath.Join(dir, "f.axb"), bundle.Options{Kind: office.FileBundle})
	b.ok(err)
	defer signed.Close()
	inside, err := signed.Read("案卷.pdf", 64<<20)
	b.ok(err)
	if !bytes.Equal(got, file.PDF) || !bytes.Equal(inside, file.PDF) || signed.Manifest().Device != b.Device().ID {
		b.t.Error("the file, the bundle and what was built differ")
	}
}

func TestAnEmptyCaseIsNoFile(t *testing.T) {
	b := newBureau(t).accepted()
	if _, err := b.BuildFile(b.ctx, b.kase, nil); err == nil || !strings.Contains(err.Error(), "还没有已签发的文书") {
		t.Errorf("error %v", err)
	}
}
