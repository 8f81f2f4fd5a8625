package page

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// ImportArg as the argument of the registers' page opens the import.
const ImportArg = "import"

// Import is the page that takes registers in from a workbook, in three steps:
// what its sheets and columns are, what would come of it, and what came of it.
type Import struct {
	env  *Env
	path string
	as   casework.Import
	kept importWords
	step importStep
	maps *importMap // of the first step; nil before a workbook was read
	sums casework.Report
	body *fyne.Container
	root fyne.CanvasObject
	line *importLines // of the last two steps
}

// importStep is where the page stands.
type importStep int

const (
	importMaps importStep = iota
	importLooks
	importDone
)

// NewImport opens the page; the workbook is chosen on it, or dropped.
func NewImport(env *Env) *Import {
	p := &Import{env: env, kept: readImportWords(env.Prefs), body: container.NewStack()}
	p.root = container.NewPadded(p.body)
	p.start()
	return p
}

// start shows that a workbook is wanted.
func (p *Import) start() {
	p.path, p.step, p.maps = "", importMaps, nil
	p.put(widgets.NewEmptyState(fynetheme.UploadIcon(), lang.T("import.start"), widgets.Action{Label: lang.T("import.pick"), Icon: fynetheme.FolderOpenIcon(), Primary: true, Do: p.pick}))
}

func (p *Import) put(o fyne.CanvasObject) {
	p.body.Objects = []fyne.CanvasObject{o}
	p.body.Refresh()
	p.env.Host.ShowActions()
}

func (p *Import) pick() {
	dialogs.PickFile(p.env.Host.Window(), []string{".xlsx"}, p.open)
}

// Dropped takes the first workbook of files dragged onto the window.
func (p *Import) Dropped(paths []string) {
	for _, path := range paths {
		if strings.EqualFold(filepath.Ext(path), ".xlsx") {
			p.open(path)
			return
		}
	}
	p.env.Host.Toast(lang.T("import.drop"), theme.Warning)
}

// open reads how a workbook stands. What was said of sheets and columns with the
// same titles before is said again.
func (p *Import) open(path string) {
	p.path, p.as = path, casework.Import{Sheets: map[string]string{}, Columns: casework.Columns{}}
	p.read()
}

// read lays the workbook out anew.
func (p *Import) read() {
	var layout casework.Layout
	p.use(lang.T("employers.import.reading"), func(_ context.Context, name string, r io.Reader, as *casework.Import) (err error) {
		layout, err = p.env.Desk.ReadLayout(name, r, as)
		return err
	}, func() {
		if p.kept.guess(layout, p.as.Sheets) {
			p.read()
			return
		}
		p.step = importMaps
		p.maps = newImportMap(p, layout)
		p.put(p.maps.root)
		p.FocusFirst()
	})
}

// use hands the workbook to a use case off the window, under a dialog that
// shows how far it is and can stop it.
func (p *Import) use(title string, use func(ctx context.Context, name string, r io.Reader, as *casework.Import) error, then func()) {
	path, as := p.path, p.as
	underway(p.env.Host.Window(), p.env.Host.Run, title, func(ctx context.Context, tell Tell) error {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("打开工作簿: %w", err)
		}
		defer f.Close()
		as.Tell = tell
		return use(ctx, filepath.Base(path), f, &as)
	}, func(err error) {
		switch {
		case errors.Is(err, context.Canceled):
			p.env.Host.Say(lang.T("import.stopped"))
		case err != nil:
			showError(p.env, err)
		default:
			then()
		}
	})
}

// look shows what the import would do; nothing is written before the verb.
func (p *Import) look() {
	if p.maps == nil || !p.maps.take() {
		return
	}
	p.kept.keep(p.env.Prefs)
	p.use(lang.T("import.look"), func(ctx context.Context, name string, r io.Reader, as *casework.Import) (err error) {
		p.sums, err = p.env.Desk.PreviewRegisters(ctx, name, r, as)
		return err
	}, func() { p.tell(importLooks, "import.would") })
}

// doImport writes.
func (p *Import) doImport() {
	p.use(lang.T("employers.import"), func(ctx context.Context, name string, r io.Reader, as *casework.Import) (err error) {
		p.sums, err = p.env.Desk.ImportRegisters(ctx, name, r, as)
		return err
	}, func() {
		p.env.Host.Toast(lang.T("employers.import.done", "added", p.sums.Added, "merged", p.sums.Merged), theme.Good)
		p.tell(importDone, "import.did")
	})
}

// tell shows a report.
func (p *Import) tell(step importStep, words string) {
	p.step = step
	p.line = newImportLines(p.sums, lang.T(words, "file", filepath.Base(p.path)))
	p.put(p.line.root)
	p.FocusFirst()
}

// save writes the report as a workbook, or as comma-separated values where the
// name chosen ends so.
func (p *Import) save(extension string) {
	table := p.sums.Table()
	name := lang.T("import.file", "name", strings.TrimSuffix(filepath.Base(p.path), filepath.Ext(p.path))) + extension
	saveTables(p.env, name, table)
}

// Title implements shell.Page.
func (p *Import) Title() string { return lang.T("employers.import") }

// Content implements shell.Page.
func (p *Import) Content() fyne.CanvasObject { return p.root }

// Actions implements shell.Acter.
func (p *Import) Actions() []widgets.Action {
	other := widgets.Action{Label: lang.T("import.other"), Icon: fynetheme.FolderOpenIcon(), Do: p.pick}
	registers := widgets.Action{Label: lang.T("import.registers"), Icon: fynetheme.NavigateBackIcon(), Do: func() { p.env.Host.Go("employers", "") }}
	report := []widgets.Action{{Label: lang.T("import.excel"), Icon: fynetheme.DownloadIcon(), Do: func() { p.save(".xlsx") }},
		{Label: lang.T("import.csv"), Icon: fynetheme.DownloadIcon(), Do: func() { p.save(".csv") }}}
	switch {
	case p.maps == nil:
		return []widgets.Action{registers}
	case p.step == importMaps:
		return []widgets.Action{{Label: lang.T("import.look"), Icon: fynetheme.VisibilityIcon(), Primary: true, Do: p.look}, other, registers}
	case p.step == importLooks:
		return append([]widgets.Action{{Label: lang.T("employers.import.verb"), Icon: fynetheme.ConfirmIcon(), Primary: true, Disabled: p.sums.Added+p.sums.Merged == 0, Do: p.doImport},
			{Label: lang.T("import.mend"), Icon: fynetheme.NavigateBackIcon(), Do: func() { p.Back() }}}, append(report, other)...)
	}
	registers.Primary = true
	return append(append([]widgets.Action{registers}, report...), other)
}

// Submit does the next step.
func (p *Import) Submit() {
	if acts := p.Actions(); acts[0].Primary && !acts[0].Disabled {
		acts[0].Do()
		return
	}
	if p.maps == nil {
		p.pick()
	}
}

// Back goes from the look at what would come of it to the columns.
func (p *Import) Back() bool {
	if p.step != importLooks {
		return false
	}
	p.step = importMaps
	p.put(p.maps.root)
	p.FocusFirst()
	return true
}

// FocusFirst puts the keyboard on the first question, or on the report.
func (p *Import) FocusFirst() {
	switch {
	case p.step != importMaps:
		p.line.list.Focus()
	case p.maps != nil && p.maps.first != nil:
		widgets.Focus(p.maps.first)
	}
}

// State remembers the workbook, until it is imported.
func (p *Import) State() string {
	if p.step == importDone {
		return ""
	}
	return p.path
}

// Restore opens the workbook again.
func (p *Import) Restore(state string) {
	if state != "" && p.path == "" {
		p.open(state)
	}
}
