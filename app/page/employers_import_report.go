package page

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// importLines are the last two steps: the sums, and every line of the report,
// all or those of one outcome.
type importLines struct {
	all   []casework.ReportLine
	which *widgets.Select
	list  *widgets.RecordList[casework.ReportLine]
	root  fyne.CanvasObject
}

// outcomeWords are the outcomes on screen.
var outcomeWords = map[casework.Outcome]struct {
	key  string
	tone theme.Tone
}{casework.OutcomeRefused: {"refused", theme.Bad}, casework.OutcomeWarned: {"warned", theme.Warning},
	casework.OutcomeMerged: {"merged", theme.Info}, casework.OutcomeAdded: {"added", theme.Good}}

func outcomeLabel(o casework.Outcome) string { return lang.T("import.outcome." + outcomeWords[o].key) }

func newImportLines(r casework.Report, title string) *importLines {
	l := &importLines{all: r.Lines()}
	options := []widgets.Option{{Key: "", Label: lang.T("import.outcome.all")}}
	for _, o := range []casework.Outcome{casework.OutcomeRefused, casework.OutcomeWarned, casework.OutcomeMerged, casework.OutcomeAdded} {
		options = append(options, widgets.Option{Key: string(o), Label: outcomeLabel(o)})
	}
	l.list = widgets.NewRecordList([]widgets.Column[casework.ReportLine]{
		{Title: lang.T("import.col.outcome"), Width: 84, Cell: func(x casework.ReportLine) string { return outcomeLabel(x.Outcome) },
			Tone:    func(x casework.ReportLine) theme.Tone { return outcomeWords[x.Outcome].tone },
			Compare: func(a, b casework.ReportLine) int { return cmp.Compare(a.Outcome, b.Outcome) }},
		{Title: lang.T("import.col.where"), Width: 250, DropBelow: 480, Cell: func(x casework.ReportLine) string { return x.Where }},
		{Title: lang.T("import.col.text"), Cell: func(x casework.ReportLine) string { return lang.Said(x.Text) }},
	}, widgets.NewEmptyState(fynetheme.ConfirmIcon(), lang.T("employers.import.clean"), widgets.Action{}))
	l.which = widgets.NewSelect(options, l.show)
	l.which.SetKey("")
	head := container.NewVBox(widgets.NewPageTitle(title), widgets.NewFlow(sumTags(r)...))
	l.root = widgets.NewBorder(container.NewVBox(head, container.NewHBox(widgets.AtLeast(filterWidth, 0, l.which))), nil, nil, nil, l.list)
	l.show("")
	return l
}

// sumTags are the sums of a report.
func sumTags(r casework.Report) []fyne.CanvasObject {
	out := []fyne.CanvasObject{widgets.NewTag(lang.T("employers.import.added", "n", r.Added), theme.Good),
		widgets.NewTag(lang.T("employers.import.merged", "n", r.Merged), theme.Info), widgets.NewTag(lang.T("employers.import.same", "n", r.Same), theme.Neutral)}
	if n := len(r.Refused); n > 0 {
		out = append(out, widgets.NewTag(lang.T("employers.import.refused", "n", n), theme.Bad))
	}
	if n := len(r.Warnings); n > 0 {
		out = append(out, widgets.NewTag(lang.T("employers.import.warnings", "n", n), theme.Warning))
	}
	return out
}

func (l *importLines) show(outcome string) {
	rows := make([]casework.ReportLine, 0, len(l.all))
	for _, x := range l.all {
		if outcome == "" || string(x.Outcome) == outcome {
			rows = append(rows, x)
		}
	}
	l.list.SetRows(rows)
}

// saveTables asks where to and writes tables as a workbook, or the first as
// comma-separated values where the name chosen ends so.
func saveTables(env *Env, name string, tables ...casework.Table) {
	dialogs.SaveFile(env.Host.Window(), name, func(path string) {
		env.Host.Run(lang.T("import.saving"), func(context.Context, func(float64, string)) error { return writeTables(path, tables) }, func(err error) {
			if err != nil {
				showError(env, err)
				return
			}
			env.Host.Toast(lang.T("documents.copied", "path", path), theme.Good)
		})
	})
}

func writeTables(path string, tables []casework.Table) error {
	var out bytes.Buffer
	write := func() error { return casework.WriteWorkbook(&out, tables...) }
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		write = func() error { return tables[0].WriteCSV(&out) }
	}
	if err := write(); err != nil {
		return err
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("保存“%s”: %w", filepath.Base(path), err)
	}
	return nil
}
