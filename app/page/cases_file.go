package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// bind writes the file of the case (案卷) as one PDF and says what a reviewer
// would miss in it.
func (d *caseDetail) bind() {
	d.writeFile(lang.T("cases.bind"), lang.T("cases.bind.file", "number", d.k.Value.Number), func(ctx context.Context, path string) (func(), error) {
		bound, err := d.env.Papers.BindFile(ctx, d.k.ID, path)
		return func() { d.showBound(bound, path) }, err
	})
}

// exportCase writes the case with its journal and bytes as one signed file.
func (d *caseDetail) exportCase() {
	d.writeFile(lang.T("cases.export"), lang.T("cases.export.file", "number", d.k.Value.Number), func(ctx context.Context, path string) (func(), error) {
		n, err := d.env.Papers.ExportCase(ctx, d.k.ID, path)
		return func() { d.env.Host.Toast(lang.T("cases.exported", "n", n, "path", path), theme.Good) }, err
	})
}

// writeFile asks where to, and writes under a dialog that can stop it.
func (d *caseDetail) writeFile(title, name string, write func(ctx context.Context, path string) (then func(), err error)) {
	win := d.env.Host.Window()
	dialogs.SaveFile(win, name, func(path string) {
		var cancel, shown func()
		working := dialogs.ShowWorking(win, title, func() { cancel() })
		cancel = d.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) (err error) {
			shown, err = write(ctx, path)
			return err
		}, func(err error) {
			working.Done()
			if err != nil {
				showError(d.env, err)
				return
			}
			shown()
		})
	})
}

// showBound says what the bound file has and lacks, and opens it.
func (d *caseDetail) showBound(b BoundFile, path string) {
	body := container.NewVBox(widgets.NewParagraph(lang.T("cases.bound", "pieces", b.Pieces, "pages", b.Pages, "numbered", b.Numbered)))
	if b.Bundle != "" {
		body.Add(widgets.NewCaption(lang.T("cases.bound.bundle", "path", b.Bundle)))
	}
	if b.Failed > 0 {
		body.Add(widgets.NewParagraph(lang.T("cases.bound.failed", "n", b.Failed)))
	}
	if len(b.Absent) > 0 {
		body.Add(widgets.NewParagraph(lang.T("cases.bound.absent") + "\n· " + strings.Join(b.Absent, "\n· ")))
	}
	dialogs.Custom(d.env.Host.Window(), lang.T("cases.bind"), body, nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("cases.bound.open"), Primary: true, Do: func() {
			shut()
			if err := d.env.Files.Show(path); err != nil {
				showError(d.env, err)
			}
		}}}
	})
}
