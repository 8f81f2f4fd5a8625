package page

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// pickImport asks for a workbook and shows what importing it would do.
func (e *Employers) pickImport() {
	e.list.guard(func() {
		dialogs.PickFile(e.env.Host.Window(), []string{".xlsx"}, func(path string) {
			e.readWorkbook(path, lang.T("employers.import.reading"), e.env.Desk.PreviewRegisters, func(r casework.Report) { e.preview(path, r) })
		})
	}, nil)
}

// readWorkbook hands a workbook to a use case off the window.
func (e *Employers) readWorkbook(path, title string, use func(context.Context, string, io.Reader) (casework.Report, error), then func(casework.Report)) {
	var report casework.Report
	e.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("打开工作簿: %w", err)
		}
		defer f.Close()
		report, err = use(ctx, filepath.Base(path), f)
		return err
	}, func(err error) {
		if err != nil {
			showError(e.env, err)
			return
		}
		then(report)
	})
}

// preview shows what an import would do; nothing is written before the verb.
func (e *Employers) preview(path string, r casework.Report) {
	dialogs.Custom(e.env.Host.Window(), lang.T("employers.import.preview", "file", filepath.Base(path)), reportBody(r), nil, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("employers.import.verb"), Primary: true, Disabled: r.Added+r.Merged == 0, Do: func() {
			closeIt()
			if r.Added+r.Merged > 0 {
				e.doImport(path)
			}
		}}}
	})
}

func (e *Employers) doImport(path string) {
	e.readWorkbook(path, lang.T("employers.import"), e.env.Desk.ImportRegisters, func(r casework.Report) {
		e.env.Host.Toast(lang.T("employers.import.done", "added", r.Added, "merged", r.Merged), theme.Good)
		e.Refresh()
	})
}

// reportBody is an import's report: what is added, merged, unchanged, and what
// a person should look at, each with its place in the workbook.
func reportBody(r casework.Report) fyne.CanvasObject {
	figures := container.NewHBox(widgets.NewTag(lang.T("employers.import.added", "n", r.Added), theme.Good),
		widgets.NewTag(lang.T("employers.import.merged", "n", r.Merged), theme.Info), widgets.NewTag(lang.T("employers.import.same", "n", r.Same), theme.Neutral))
	if len(r.Warnings) == 0 {
		return container.NewVBox(figures, widgets.NewParagraph(lang.T("employers.import.clean")))
	}
	list := container.NewVBox()
	for _, w := range r.Warnings[:min(len(r.Warnings), mostWarnings)] {
		list.Add(container.NewVBox(widgets.NewCaption(w.Where), widgets.NewParagraph(w.Text)))
	}
	if more := len(r.Warnings) - mostWarnings; more > 0 {
		list.Add(widgets.NewCaption(lang.T("employers.import.more", "n", more)))
	}
	scroll, _ := widgets.NewFormScroll(list)
	figures.Add(widgets.NewTag(lang.T("employers.import.warnings", "n", len(r.Warnings)), theme.Warning))
	return container.NewBorder(figures, nil, nil, nil, widgets.AtLeast(520, 220, scroll))
}

// mostWarnings is how many odd cells a report lists; a longer list is better
// mended in the workbook first.
const mostWarnings = 200
