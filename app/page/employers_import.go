package page

import (
	"context"
	"errors"
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
			e.look(path, casework.Columns{})
		})
	}, nil)
}

// look shows what importing a workbook would do, after asking what its unknown
// columns are.
func (e *Employers) look(path string, as casework.Columns) {
	e.readWorkbook(path, lang.T("employers.import.reading"), as, e.env.Desk.PreviewRegisters, func(r casework.Report) { e.preview(path, as, r) })
}

// registerUse is a use case that reads a workbook of registers.
type registerUse func(ctx context.Context, name string, r io.Reader, as casework.Columns) (casework.Report, error)

// readWorkbook hands a workbook to a use case off the window.
func (e *Employers) readWorkbook(path, title string, as casework.Columns, use registerUse, then func(casework.Report)) {
	var report casework.Report
	e.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("打开工作簿: %w", err)
		}
		defer f.Close()
		report, err = use(ctx, filepath.Base(path), f, as)
		return err
	}, func(err error) {
		var unknown *casework.UnknownColumns
		if errors.As(err, &unknown) {
			e.askColumns(path, as, unknown.List)
			return
		}
		if err != nil {
			showError(e.env, err)
			return
		}
		then(report)
	})
}

// askColumns asks what the columns under titles of their own are.
func (e *Employers) askColumns(path string, as casework.Columns, list []casework.UnknownColumn) {
	fields, picks := make([]*widgets.Field, len(list)), make([]*widgets.Select, len(list))
	for i, u := range list {
		options := []widgets.Option{{Key: "", Label: lang.T("employers.map.out")}}
		for _, c := range u.Choices {
			options = append(options, widgets.Option{Key: c.Name, Label: c.Title})
		}
		picks[i] = widgets.NewSelect(options, nil)
		picks[i].SetKey("")
		fields[i] = widgets.NewField(u.Title, picks[i]).Span()
		fields[i].SetHint(u.Cell)
	}
	scroll, _ := widgets.NewFormScroll(widgets.NewFieldGrid(fields...))
	body := widgets.NewBorder(widgets.NewParagraph(lang.T("employers.map.text")), nil, nil, nil, widgets.AtLeast(mapWidth, mapHeight, scroll))
	dialogs.Custom(e.env.Host.Window(), lang.T("employers.map.title", "file", filepath.Base(path)), body, picks[0], func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("employers.map.verb"), Primary: true, Do: func() {
			shut()
			for i, u := range list {
				key, name := u.Is(picks[i].Key())
				as[key] = name
			}
			e.look(path, as)
		}}}
	})
}

// The room of the questions about columns: some five at a time.
const (
	mapWidth  = 460
	mapHeight = 240
)

// preview shows what an import would do; nothing is written before the verb.
func (e *Employers) preview(path string, as casework.Columns, r casework.Report) {
	dialogs.Custom(e.env.Host.Window(), lang.T("employers.import.preview", "file", filepath.Base(path)), reportBody(r), nil, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("employers.import.verb"), Primary: true, Disabled: r.Added+r.Merged == 0, Do: func() {
			closeIt()
			if r.Added+r.Merged > 0 {
				e.doImport(path, as)
			}
		}}}
	})
}

func (e *Employers) doImport(path string, as casework.Columns) {
	e.readWorkbook(path, lang.T("employers.import"), as, e.env.Desk.ImportRegisters, func(r casework.Report) {
		e.env.Host.Toast(lang.T("employers.import.done", "added", r.Added, "merged", r.Merged), theme.Good)
		e.Refresh()
	})
}

// reportBody is an import's report: what is added, merged, unchanged and left
// out, and what a person should look at, each with its place in the workbook.
func reportBody(r casework.Report) fyne.CanvasObject {
	figures := container.NewHBox(widgets.NewTag(lang.T("employers.import.added", "n", r.Added), theme.Good),
		widgets.NewTag(lang.T("employers.import.merged", "n", r.Merged), theme.Info), widgets.NewTag(lang.T("employers.import.same", "n", r.Same), theme.Neutral))
	if len(r.Warnings)+len(r.Refused) == 0 {
		return container.NewVBox(figures, widgets.NewParagraph(lang.T("employers.import.clean")))
	}
	list := container.NewVBox()
	if n := len(r.Refused); n > 0 {
		figures.Add(widgets.NewTag(lang.T("employers.import.refused", "n", n), theme.Bad))
		list.Add(widgets.NewSectionCard(lang.T("employers.import.refused.title"), cellsOf(r.Refused)))
	}
	if n := len(r.Warnings); n > 0 {
		figures.Add(widgets.NewTag(lang.T("employers.import.warnings", "n", n), theme.Warning))
		list.Add(widgets.NewSectionCard(lang.T("employers.import.warned.title"), cellsOf(r.Warnings)))
	}
	scroll, _ := widgets.NewFormScroll(list)
	return widgets.NewBorder(figures, nil, nil, nil, widgets.AtLeast(520, 220, scroll))
}

// cellsOf shows where something is odd and what.
func cellsOf(all []casework.Warning) fyne.CanvasObject {
	list := container.NewVBox()
	for _, w := range all[:min(len(all), mostWarnings)] {
		list.Add(container.NewVBox(widgets.NewCaption(w.Where), widgets.NewParagraph(w.Text)))
	}
	if more := len(all) - mostWarnings; more > 0 {
		list.Add(widgets.NewCaption(lang.T("employers.import.more", "n", more)))
	}
	return list
}

// mostWarnings is how many odd cells a report lists; a longer list is better
// mended in the workbook first.
const mostWarnings = 200
