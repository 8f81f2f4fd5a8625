package main

import (
	"context"
	"image"
	"path/filepath"
	"strings"
	"sync"

	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/widgets"
	"anxin/forms/paper/preview"
	"anxin/model"
)

// thumbnails, printers, scanners and the renderer of pages, as the pages see
// them.

// viewer is the renderer of pages, started when a page is first looked at.
var viewer = sync.OnceValue(office.NewViewer)

// Thumbnail implements page.Files.
func (r *backstage) Thumbnail(ctx context.Context, sha256 string, edge, orientation int) ([]byte, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	return o.Blobs.Thumbnail(ctx, sha256, edge, orientation)
}

// Printers implements page.Papers.
func (r *backstage) Printers(ctx context.Context) ([]page.Printer, error) {
	list, err := office.NewPrinter().Printers(ctx)
	out := make([]page.Printer, len(list))
	for i, p := range list {
		out[i] = page.Printer(p)
	}
	return out, err
}

// PrintAll implements page.Papers.
func (r *backstage) PrintAll(ctx context.Context, items []page.PrintItem, s page.PrintSettings, progress func(done, total int)) []page.PrintFault {
	p, how := office.NewPrinter(), office.PrintSettings(s)
	var out []page.PrintFault
	for i, item := range items {
		one := office.PrintItem{Title: item.Title, PDF: func(ctx context.Context) ([]byte, error) { return item.PDF(ctx, item.Copy) }}
		for _, f := range p.PrintAll(ctx, []office.PrintItem{one}, how, nil) {
			out = append(out, page.PrintFault{At: i, Err: f.Err})
		}
		progress(i+1, len(items))
	}
	return out
}

// Copy implements page.Papers.
func (r *backstage) Copy(ctx context.Context, document model.ID, name string) ([]byte, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	return o.CopyPDF(ctx, document, name)
}

// Pages implements page.Papers.
func (r *backstage) Pages(ctx context.Context, pdf []byte) (page.Pages, error) {
	d, err := viewer().Open(ctx, pdf)
	if err != nil {
		return nil, err
	}
	return openPages{d}, nil
}

// openPages are the pages of a PDF on screen.
type openPages struct{ *preview.Document }

// pointsPerInch is the unit of a page's size.
const pointsPerInch = 72

// Count implements page.Pages.
func (p openPages) Count() int { return p.Document.Pages() }

// Draw implements page.Pages.
func (p openPages) Draw(ctx context.Context, i, width int) (image.Image, error) {
	wide, _ := p.Size(i)
	return p.Render(ctx, i, float64(width)*pointsPerInch/max(wide, 1))
}

// Find implements page.Pages.
func (p openPages) Find(ctx context.Context, text string) ([]widgets.PDFHit, error) {
	found, err := p.Document.Find(ctx, text)
	out := make([]widgets.PDFHit, len(found))
	for i, h := range found {
		out[i].Page = h.Page
		for _, m := range h.Marks {
			out[i].Marks = append(out[i].Marks, widgets.PDFMark(m))
		}
	}
	return out, err
}

// ReadScans implements page.Papers.
func (r *backstage) ReadScans(ctx context.Context, paths []string) (page.Scans, error) {
	o, err := r.d.at()
	if err != nil {
		return page.Scans{}, err
	}
	files := make([]office.ScanFile, len(paths))
	for i, path := range paths {
		if files[i], err = office.ReadScanFile(path); err != nil {
			return page.Scans{}, err
		}
	}
	found, err := o.ReadScans(ctx, viewer(), files)
	if err != nil {
		return page.Scans{}, err
	}
	out := page.Scans{Strays: scannedPages(found.Strays), Keep: func(ctx context.Context) error { return o.KeepScans(ctx, found) }}
	for _, d := range found.Documents {
		out.Documents = append(out.Documents, page.ScannedPaper{ID: d.ID, Title: d.Title, Number: d.Number,
			Pages: scannedPages(d.Pages), Missing: d.Missing, Twice: d.Twice})
	}
	return out, nil
}

func scannedPages(list []office.ScannedPage) []page.ScannedPage {
	out := make([]page.ScannedPage, len(list))
	for i, p := range list {
		out[i] = page.ScannedPage{File: p.File, At: p.At, Page: p.Page, Why: p.Why, Unsigned: p.Unsigned}
	}
	return out
}

// BindFile implements page.Papers.
func (r *backstage) BindFile(ctx context.Context, of model.ID, path string, tell page.Tell) (page.BoundFile, error) {
	o, err := r.d.at()
	if err != nil {
		return page.BoundFile{}, err
	}
	c, err := o.BuildFile(ctx, of, tell)
	if err != nil {
		return page.BoundFile{}, err
	}
	bundle := strings.TrimSuffix(path, filepath.Ext(path)) + ".axb"
	return page.BoundFile{Bundle: bundle, Pages: c.Pages, Numbered: c.Numbered, Pieces: len(c.Pieces), Failed: c.Failed, Absent: c.Absent},
		o.WriteFile(c, path, bundle)
}

// ExportCase implements page.Papers.
func (r *backstage) ExportCase(ctx context.Context, of model.ID, path string, tell page.Tell) (int, error) {
	o, err := r.d.at()
	if err != nil {
		return 0, err
	}
	files, err := o.ExportCase(ctx, of, path, nil, tell)
	return len(files), err
}
