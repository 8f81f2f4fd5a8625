package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"

	"anxin/app/casework"
	"anxin/forms/paper"
	"anxin/forms/paper/preview"
	"anxin/model"
)

// ScanFile is a file from a scanner or a camera: a picture, or a PDF of several.
type ScanFile struct {
	Name string
	Raw  []byte
}

// ScannedPage is one page of a scan and what it shows.
type ScannedPage struct {
	File string `json:"file"`
	At   int    `json:"at"`             // page of the file, from 1
	Page int    `json:"page,omitempty"` // page of the document
	// Why is a sentence when the page belongs to no document that is known here.
	Why string `json:"why,omitempty"`
	// Unsigned are the signature lines on which no ink was seen.
	Unsigned []string `json:"unsigned,omitempty"`

	file int
}

// ScannedDocument is an issued document and the scans that show it.
type ScannedDocument struct {
	ID      model.ID      `json:"id"`
	Title   string        `json:"title"`
	Number  string        `json:"number"`
	PDF     string        `json:"pdf"` // SHA-256 of the file that was printed
	Pages   []ScannedPage `json:"pages"`
	Missing []int         `json:"missing,omitempty"` // pages no scan shows, now or before
	Twice   []int         `json:"twice,omitempty"`   // pages that several scans show
}

// Scanned is a heap of scans, sorted to their documents.
type Scanned struct {
	Documents []ScannedDocument `json:"documents"`
	Strays    []ScannedPage     `json:"strays,omitempty"`

	files []ScanFile
}

// How pages of a scanned PDF are rendered: enough for the page mark, and no
// more where a file gives its pages a size no paper has.
const (
	scanDPI    = 200
	scanPixels = 2600 // of the longer side
)

// ReadScans sorts scanned pages, in any order and from any number of files, to
// the issued documents whose page marks or codes they carry. Nothing is kept
// yet: see KeepScans. A file that cannot be read is an error naming it.
func (o *Office) ReadScans(ctx context.Context, viewer *preview.Viewer, files []ScanFile) (*Scanned, error) {
	known, err := o.markedDocuments(ctx)
	if err != nil {
		return nil, err
	}
	out := &Scanned{files: files}
	for i, f := range files {
		err := eachScan(ctx, viewer, f, func(at int, img image.Image) error {
			return o.sortScan(ctx, out, known, ScannedPage{File: filepath.Base(f.Name), At: at, file: i}, img)
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range out.Documents {
		out.Documents[i].count()
	}
	return out, nil
}

// markedDocuments are the issued documents by the name their page marks carry.
func (o *Office) markedDocuments(ctx context.Context) (map[string]casework.Kept[model.Document], error) {
	heads, err := o.Store.List(ctx, model.Query{Kind: model.KindDocument, Limit: 1 << 30})
	if err != nil {
		return nil, fmt.Errorf("列出文书: %w", err)
	}
	out := map[string]casework.Kept[model.Document]{}
	for _, h := range heads {
		d, err := model.As[model.Document](h.Body)
		if err != nil {
			return nil, err
		}
		if d.Issued != nil && d.Issued.Token != "" {
			out[paper.MarkOf(d.Issued.Token)] = casework.Kept[model.Document]{ID: h.ID, Rev: h.Rev, Value: d}
		}
	}
	return out, nil
}

// eachScan hands on the pages of a file as pictures.
func eachScan(ctx context.Context, viewer *preview.Viewer, f ScanFile, do func(at int, img image.Image) error) error {
	if !bytes.HasPrefix(f.Raw, []byte("%PDF-")) {
		img, err := decodePicture(filepath.Base(f.Name), f.Raw)
		if err != nil {
			return err
		}
		return do(1, img)
	}
	d, err := viewer.Open(ctx, f.Raw)
	if err != nil {
		return fmt.Errorf("“%s”: %w", filepath.Base(f.Name), err)
	}
	defer d.Close()
	for i := range d.Pages() {
		w, h := d.Size(i)
		img, err := d.Render(ctx, i, min(scanDPI, scanPixels*72/max(w, h, 1)))
		if err != nil {
			return fmt.Errorf("“%s”第 %d 页: %w", filepath.Base(f.Name), i+1, err)
		}
		if err := do(i+1, img); err != nil {
			return err
		}
	}
	return nil
}

// sortScan puts a page to its document, or among the strays with the reason.
func (o *Office) sortScan(ctx context.Context, out *Scanned, known map[string]casework.Kept[model.Document], p ScannedPage, img image.Image) error {
	seen, err := identify(img)
	k, ok := known[seen.Document]
	switch {
	case err != nil:
		p.Why = err.Error()
	case !ok:
		p.Why = "本机没有这一页所属的文书，请先同步，或者在签发它的电脑上登记"
	}
	if p.Why != "" {
		out.Strays = append(out.Strays, p)
		return nil
	}
	if err := o.place(ctx, &p, k.Value, seen, img); err != nil || p.Why != "" {
		out.Strays = append(out.Strays, p)
		return err
	}
	i := slices.IndexFunc(out.Documents, func(d ScannedDocument) bool { return d.ID == k.ID })
	if i < 0 {
		i = len(out.Documents)
		out.Documents = append(out.Documents, ScannedDocument{ID: k.ID, Title: k.Value.Title, Number: casework.NumberOf(k.Value),
			PDF: k.Value.Issued.PDF, Missing: casework.MissingScans(k.Value)})
	}
	out.Documents[i].Pages = append(out.Documents[i].Pages, p)
	return nil
}

// identify reads which document and which of its pages a scan shows; page 0
// is the one that carries the document's code.
func identify(img image.Image) (paper.SeenPage, error) {
	seen, err := paper.SeePage(img)
	if err != nil {
		return seen, errors.New("看不清页面左下角的页标，也没有核验二维码，请以 300 dpi 重新扫描整页")
	}
	return seen, nil
}

// place says which page it is and names the signature lines on it without ink.
// What was printed is asked for both; a document issued on another laptop whose
// file has not come yet has only its page marks.
func (o *Office) place(ctx context.Context, p *ScannedPage, doc *model.Document, seen paper.SeenPage, img image.Image) error {
	raw, err := o.ReadBlob(ctx, doc.Issued.PDF)
	if errors.Is(err, model.ErrNotFound) {
		if p.Page = seen.Page; p.Page == 0 && doc.Issued.Pages == 1 {
			p.Page = 1
		}
		if p.Page == 0 {
			p.Why = fmt.Sprintf("这一页属于《%s》%s，它的原始文件还没有同步到本机，不知道是第几页；请先同步", doc.Title, casework.NumberOf(doc))
		}
		return nil
	}
	if err != nil {
		return err
	}
	own, err := o.pressOf(doc.Edition())
	if err != nil {
		return err
	}
	job, err := jobOf(own, raw)
	if err != nil {
		return err
	}
	if p.Page = seen.Page; p.Page == 0 {
		if p.Page, err = SymbolPage(own, raw); err != nil {
			return err
		}
	}
	slots, err := own.Slots(job)
	if err != nil {
		return err
	}
	for _, s := range slots {
		if s.Page == p.Page && !seen.Signed(img, s) {
			p.Unsigned = append(p.Unsigned, s.Label)
		}
	}
	return nil
}

// jobOf is what one of our PDF files was printed from.
func jobOf(p *paper.Press, pdf []byte) (paper.Job, error) {
	sealed, err := paper.ReadPDF(pdf)
	if err != nil {
		return paper.Job{}, err
	}
	c, err := casework.PaperOf(sealed.Attachment, sealed.Token)
	if err != nil {
		return paper.Job{}, err
	}
	job := press{p}.job(c)
	job.Copy, job.Mark, job.Images = sealed.Copy, sealed.Mark, sealed.Images
	return job, nil
}

// count puts the pages in order and says which are missing and which came twice.
func (d *ScannedDocument) count() {
	slices.SortStableFunc(d.Pages, func(a, b ScannedPage) int { return a.Page - b.Page })
	for i, p := range d.Pages {
		if i > 0 && d.Pages[i-1].Page == p.Page && !slices.Contains(d.Twice, p.Page) {
			d.Twice = append(d.Twice, p.Page)
		}
	}
	d.Missing = slices.DeleteFunc(d.Missing, func(n int) bool {
		return slices.ContainsFunc(d.Pages, func(p ScannedPage) bool { return p.Page == n })
	})
}

// KeepScans keeps the files of a heap of scans with the documents they show,
// linked by hash to what was printed.
func (o *Office) KeepScans(ctx context.Context, s *Scanned) error {
	for _, d := range s.Documents {
		pages := map[int][]int{}
		for _, p := range d.Pages {
			if !slices.Contains(pages[p.file], p.Page) {
				pages[p.file] = append(pages[p.file], p.Page)
			}
		}
		for i, f := range s.files {
			if pages[i] == nil {
				continue
			}
			scan := casework.Scan{Document: d.ID, Name: f.Name, Raw: f.Raw, Pages: pages[i]}
			if _, err := o.Desk.KeepScan(ctx, scan); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReadScanFile reads a file from a scanner, up to the size a page can have.
func ReadScanFile(path string) (ScanFile, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return ScanFile{}, fmt.Errorf("找不到扫描件“%s”，请核对路径", path)
	}
	if info.Size() > maxVerifyBytes {
		return ScanFile{}, fmt.Errorf("“%s”超过 %d MB，请分成几份扫描", path, maxVerifyBytes>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return ScanFile{}, fmt.Errorf("读取“%s”: %w", path, err)
	}
	return ScanFile{Name: filepath.Base(path), Raw: raw}, nil
}
