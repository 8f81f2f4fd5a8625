package page

import (
	"context"
	"slices"
	"strings"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// fileName is a readable name for the PDF of an issued paper, without what
// file systems refuse.
func fileName(v *model.Document) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, strings.TrimSpace(v.Title+" "+casework.NumberOf(v))) + ".pdf"
}

// printPapers asks for a printer and prints issued papers.
func (p *Documents) printPapers(list []kept[model.Document]) {
	items := make([]PrintItem, len(list))
	for i, k := range list {
		items[i] = PrintItem{Title: joined(k.Value.Title, casework.NumberOf(k.Value)), Of: k.ID, Copies: p.env.Desk.Press.Copies(k.Value.Edition()),
			PDF: func(ctx context.Context, name string) ([]byte, error) {
				if name == "" {
					return readBlob(ctx, p.env, k.Value.Issued.PDF)
				}
				return p.env.Papers.Copy(ctx, k.ID, name)
			}}
	}
	askPrint(p.env, items, p.printed)
}

// printed notes which papers left the laptop, on which printer.
func (p *Documents) printed(s PrintSettings, items []PrintItem) {
	var list []casework.Printing
	for _, item := range items {
		list = append(list, casework.Printing{Document: item.Of, Copy: item.Copy, Copies: s.Copies, Printer: s.Printer})
	}
	p.note(list...)
}

func (p *Documents) note(list ...casework.Printing) {
	p.env.Host.Run(lang.T("documents.print"), func(ctx context.Context, _ func(float64, string)) error {
		return p.env.Desk.NotePrinted(ctx, list...)
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
		}
	})
}

// printList offers every issued paper of the list, as search and filter show it.
func (p *Documents) printList() {
	rows, err := p.rows()
	if err != nil {
		showError(p.env, err)
		return
	}
	rows = slices.DeleteFunc(rows, func(k kept[model.Document]) bool {
		return k.Value.Issued == nil || k.Value.State == model.DocumentWithdrawn
	})
	if len(rows) == 0 {
		p.env.Host.Toast(lang.T("print.nothing"), theme.Warning)
		return
	}
	p.printPapers(rows[:min(len(rows), mostBatch)])
}

// mostBatch is how many papers are printed in one go; a filter reaches others.
const mostBatch = 500

// Find searches the paper while its preview is on the screen, else the list.
func (p *Documents) Find() {
	if d, ok := p.shown.(*documentDetail); ok && widgets.Holds(p.Content(), d.pdf.PDFView) {
		d.pdf.Find()
		return
	}
	p.recordPage.Find()
}

// openPDF shows a paper in the system's reader.
func (p *Documents) openPDF(v *model.Document) {
	p.withPDF(lang.T("documents.open"), v, func(_ context.Context, path string) error { return p.env.Files.Show(path) },
		lang.T("documents.opened", "title", v.Title))
}

func (p *Documents) withPDF(title string, v *model.Document, do func(ctx context.Context, path string) error, done string) {
	p.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error {
		path, err := p.env.Files.Export(ctx, v.Issued.PDF, fileName(v))
		if err != nil {
			return err
		}
		return do(ctx, path)
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.env.Host.Say(done)
	})
}

// savePDF writes a copy where the person wants it.
func (p *Documents) savePDF(k kept[model.Document]) {
	v := k.Value
	dialogs.SaveFile(p.env.Host.Window(), fileName(v), func(path string) {
		p.env.Host.Run(lang.T("documents.saveas"), func(ctx context.Context, _ func(float64, string)) error {
			return copyBlob(ctx, p.env, v.Issued.PDF, path)
		}, func(err error) {
			if err != nil {
				showError(p.env, err)
				return
			}
			p.env.Host.Say(lang.T("documents.copied", "path", path))
			p.note(casework.Printing{Document: k.ID, File: lang.T("documents.savedpdf")})
		})
	})
}
