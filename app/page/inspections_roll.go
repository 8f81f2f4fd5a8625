package page

import (
	"context"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// rollPart is the wage roll of a visit: the sum, what the import found odd,
// and the workers.
type rollPart struct {
	v        *visit
	root     *fyne.Container
	warnings []casework.Warning
}

func newRollPart(v *visit) *rollPart {
	p := &rollPart{v: v, root: container.NewStack()}
	p.show()
	return p
}

// Content implements part.
func (p *rollPart) Content() fyne.CanvasObject { return p.root }

// FocusFirst implements part.
func (p *rollPart) FocusFirst() {}

func (p *rollPart) show() {
	p.root.Objects = []fyne.CanvasObject{p.body()}
	p.root.Refresh()
}

func (p *rollPart) body() fyne.CanvasObject {
	i := p.v.k.Value
	switch {
	case i.WageRoll == "" && i.Case == "":
		return widgets.NewEmptyState(fynetheme.DocumentIcon(), lang.T("inspections.roll.nocase"),
			widgets.Action{Label: lang.T("inspections.roll.cases"), Icon: fynetheme.FolderIcon(), Do: func() { p.v.env.Host.Go(placeCases, "") }})
	case i.WageRoll == "":
		empty := widgets.NewEmptyState(fynetheme.UploadIcon(), lang.T("inspections.roll.empty"),
			widgets.Action{Label: lang.T("inspections.roll.import"), Do: p.v.importRoll, Primary: true})
		paste := widgets.NewActionButton(widgets.Action{Label: lang.T("inspections.roll.paste"), Icon: fynetheme.ContentPasteIcon(), Do: p.v.page.Paste})
		return widgets.NewBorder(container.NewPadded(container.NewHBox(paste)), nil, nil, nil, empty)
	}
	roll, err := readOne[model.WageRoll](p.v.env, i.WageRoll)
	if err != nil {
		showError(p.v.env, err)
		return container.NewStack()
	}
	top := container.NewVBox(widgets.NewSectionCard(lang.T("inspections.roll.sum"), rollSum(roll.Value)))
	if len(p.warnings) > 0 {
		list := widgets.NewRecordList(warningColumns(), container.NewStack())
		list.SetRows(p.warnings)
		top.Add(widgets.NewSectionCard(lang.T("inspections.roll.warnings", "n", len(p.warnings)),
			widgets.AtLeast(0, theme.Size(theme.SizeRow)*float32(min(len(p.warnings)+2, 7)), list)))
	}
	workers := widgets.NewRecordList(workerColumns(), container.NewStack())
	workers.SetRows(roll.Value.Workers)
	return widgets.NewBorder(top, nil, nil, nil, workers)
}

// rollSum is count, months, and total in figures and in words.
func rollSum(roll *model.WageRoll) fyne.CanvasObject {
	total := statute.Fen(roll.TotalFen())
	from, to := roll.Months()
	return container.NewVBox(
		widgets.NewParagraph(lang.T("roll.sum", "n", len(roll.Workers), "from", from, "to", to, "total", total.String())),
		widgets.NewParagraph(total.Capital()),
		widgets.NewCaption(joined(roll.File, roll.Maker)))
}

func warningColumns() []widgets.Column[casework.Warning] {
	return []widgets.Column[casework.Warning]{
		{Title: lang.T("warning.where"), Width: 210, Cell: func(w casework.Warning) string { return w.Where }},
		{Title: lang.T("warning.text"), Cell: func(w casework.Warning) string { return lang.Said(w.Text) }},
	}
}

// workerColumns show identity numbers masked: a list is seen by bystanders.
func workerColumns() []widgets.Column[model.Worker] {
	return []widgets.Column[model.Worker]{
		{Title: lang.T("roll.name"), Cell: func(w model.Worker) string { return w.Name }},
		{Title: lang.T("roll.id"), Width: 140, Cell: func(w model.Worker) string { return statute.MaskID(w.IDNo) }, DropBelow: 620},
		{Title: lang.T("roll.trade"), Width: 70, Cell: func(w model.Worker) string { return w.Trade }, DropBelow: 520},
		{Title: lang.T("roll.months"), Width: 130, Cell: func(w model.Worker) string { return joinMonths(w.From, w.To) }, DropBelow: 420},
		{Title: lang.T("roll.payable"), Width: 86, Cell: func(w model.Worker) string { return statute.Fen(w.PayableFen).String() }, DropBelow: 560},
		{Title: lang.T("roll.paid"), Width: 86, Cell: func(w model.Worker) string { return statute.Fen(w.PaidFen).String() }, DropBelow: 560},
		{Title: lang.T("roll.owed"), Width: 96, Cell: func(w model.Worker) string { return statute.Fen(w.OwedFen).String() }},
	}
}

func joinMonths(from, to string) string {
	if to == "" || from == to {
		return from
	}
	return from + "—" + to
}

// Paste takes what was copied: cells become the wage roll, files and pictures
// evidence of the open visit.
func (p *Inspections) Paste() {
	v, ok := p.shown.(*visit)
	if !ok || v.k.ID == "" {
		p.env.Host.Toast(lang.T("evidence.nowhere"), theme.Warning)
		return
	}
	text := fyne.CurrentApp().Clipboard().Content()
	if casework.IsTable(text) && !v.recorded() {
		v.pasteRoll(text)
		return
	}
	v.part(partEvidence)
	v.files().paste(text, lang.T("inspections.paste.nothing"))
}

// pasteRoll reads copied cells into the case and ties the roll to the visit.
func (v *visit) pasteRoll(text string) {
	if v.k.Value.Case == "" {
		v.part(partRoll) // it says why there is none
		return
	}
	v.takeRoll(lang.T("inspections.roll.paste"), func(ctx context.Context) (model.ID, casework.Report, error) {
		return v.env.Desk.PasteRoster(ctx, v.k.Value.Case, text)
	})
}

// takeRoll brings the roll to the front and reads one into the case.
func (v *visit) takeRoll(title string, read func(ctx context.Context) (model.ID, casework.Report, error)) {
	v.part(partRoll)
	v.site.draft.flush()
	var id model.ID
	var report casework.Report
	v.page.acts.do(title, func(ctx context.Context) (_ []casework.Reason, err error) {
		id, report, err = read(ctx)
		return nil, err
	}, func() { v.imported(id, report) })
}

// importRoll reads a workbook into the case and ties the roll to the visit.
func (v *visit) importRoll() {
	v.part(partRoll)
	dialogs.PickFile(v.env.Host.Window(), []string{".xlsx"}, func(path string) {
		v.takeRoll(lang.T("inspections.roll.import"), func(ctx context.Context) (model.ID, casework.Report, error) {
			f, err := os.Open(path)
			if err != nil {
				return "", casework.Report{}, err
			}
			defer f.Close()
			return v.env.Desk.ImportRoster(ctx, v.k.Value.Case, filepath.Base(path), f)
		})
	})
}

func (v *visit) imported(id model.ID, report casework.Report) {
	v.site.draft.flush()
	i := *v.k.Value
	i.WageRoll = id
	if err := v.keep(&i); err != nil {
		showError(v.env, err)
		return
	}
	p := v.made[partRoll].(*rollPart)
	p.warnings = report.Warnings
	p.show()
}
