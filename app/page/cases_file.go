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
	d.writeFile(lang.T("cases.bind"), lang.T("cases.bind.file", "number", d.k.Value.Number), func(ctx context.Context, path string, tell Tell) (func(), error) {
		bound, err := d.env.Papers.BindFile(ctx, d.k.ID, path, tell)
		return func() { d.showBound(bound, path) }, err
	})
}

// exportCase writes the case with its journal and bytes as one signed file.
func (d *caseDetail) exportCase() {
	d.writeFile(lang.T("cases.export"), lang.T("cases.export.file", "number", d.k.Value.Number), func(ctx context.Context, path string, tell Tell) (func(), error) {
		n, err := d.env.Papers.ExportCase(ctx, d.k.ID, path, tell)
		return func() { d.env.Host.Toast(lang.T("cases.exported", "n", n, "path", path), theme.Good) }, err
	})
}

// writeFile asks where to, and writes under a dialog that shows how far it is and
// can stop it.
func (d *caseDetail) writeFile(title, name string, write func(ctx context.Context, path string, tell Tell) (then func(), err error)) {
	dialogs.SaveFile(d.env.Host.Window(), name, func(path string) {
		var shown func()
		watched(d.env, title, func(ctx context.Context, tell Tell) (err error) {
			shown, err = write(ctx, path, tell)
			return err
		}, func() { shown() })
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
