package page

import (
	"context"
	"errors"
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
	"anxin/model"
)

// evidenceBox lists the evidence of a visit or a case and takes more in. Below
// the list stands what is known of the piece that is selected.
type evidenceBox struct {
	env   *Env
	of    casework.EvidenceIn // what new files are evidence of
	query model.Query
	added func()
	list  *widgets.RecordList[kept[model.Evidence]]
	piece *evidencePiece
	root  fyne.CanvasObject
}

// newEvidenceBox lists what the query finds; added is called after files came
// in and may be nil.
func newEvidenceBox(env *Env, of casework.EvidenceIn, query model.Query, added func()) *evidenceBox {
	b := &evidenceBox{env: env, of: of, query: query, added: added}
	add := widgets.Action{Label: lang.T("evidence.add"), Icon: fynetheme.ContentAddIcon(), Do: b.pick, Primary: true}
	b.list = widgets.NewRecordList(evidenceColumns(), widgets.NewEmptyState(fynetheme.MediaPhotoIcon(), lang.T("evidence.empty"), add))
	b.piece = newEvidencePiece(b)
	b.list.OnSelect = b.piece.show
	b.list.OnOpen = b.look
	with := func(do func(kept[model.Evidence])) func() {
		return func() {
			if k, ok := b.list.Selected(); ok {
				do(k)
				return
			}
			b.env.Host.Toast(lang.T("evidence.select"), theme.Warning)
		}
	}
	bar := widgets.NewFlow(widgets.NewQuietButton(lang.T("evidence.open"), fynetheme.VisibilityIcon(), with(b.look)),
		widgets.NewQuietButton(lang.T("evidence.export"), fynetheme.DownloadIcon(), with(b.export)),
		widgets.NewQuietButton(lang.T("documents.print"), fynetheme.DocumentPrintIcon(), with(b.print)),
		widgets.NewQuietButton(add.Label, add.Icon, b.pick))
	b.root = container.NewBorder(bar, b.piece.root, nil, nil, b.list)
	b.reload()
	return b
}

func evidenceColumns() []widgets.Column[kept[model.Evidence]] {
	return []widgets.Column[kept[model.Evidence]]{
		textColumn(lang.T("evidence.name"), 0, 0, func(e *model.Evidence) string { return e.Name }),
		textColumn(lang.T("evidence.category"), 76, 420, func(e *model.Evidence) string { return e.Category }),
		{Title: lang.T("evidence.taken"), Width: 130, DropBelow: 520, Cell: func(k kept[model.Evidence]) string { return takenText(k.Value) }},
		{Title: lang.T("evidence.size"), Width: 76, DropBelow: 480, Cell: func(k kept[model.Evidence]) string { return sizeText(k.Value.Size) }},
		{Title: lang.T("col.state"), Width: 96, Cell: func(k kept[model.Evidence]) string { return evidenceState(k.Value) },
			Tone: func(k kept[model.Evidence]) theme.Tone { return evidenceTone(k.Value) }},
	}
}

// takenText is when a photo was taken; "" unless the camera says.
func takenText(e *model.Evidence) string { return minuteText(e.TakenAt) }

func sizeText(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		return fmt.Sprintf("%.0f KB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%d B", bytes)
}

func evidenceState(e *model.Evidence) string {
	switch {
	case e.Damaged != "":
		return stateLabel(evidenceDamaged)
	case e.Disguised:
		return lang.T("evidence.disguised")
	}
	return stateLabel(evidenceWhole)
}

func evidenceTone(e *model.Evidence) theme.Tone {
	switch {
	case e.Damaged != "":
		return theme.Bad
	case e.Disguised:
		return theme.Warning
	}
	return theme.Good
}

// Content implements part.
func (b *evidenceBox) Content() fyne.CanvasObject { return b.root }

// FocusFirst implements part.
func (b *evidenceBox) FocusFirst() { b.list.Focus() }

func (b *evidenceBox) reload() {
	rows, err := readAll[model.Evidence](b.env, b.query)
	if err != nil {
		showError(b.env, err)
		return
	}
	b.list.SetRows(rows)
}

// look shows a file with the system's program for it; that it was seen stands
// in its chain of custody.
func (b *evidenceBox) look(k kept[model.Evidence]) {
	b.handle(lang.T("evidence.open"), k, func(ctx context.Context) error {
		path, err := b.env.Files.Export(ctx, k.Value.SHA256, k.Value.Name)
		if err != nil {
			return err
		}
		if err := b.env.Files.Show(path); err != nil {
			return err
		}
		return b.env.Desk.EvidenceViewed(ctx, k.ID)
	})
}

// handle does something with a piece off the window and shows its chain of
// custody again.
func (b *evidenceBox) handle(title string, k kept[model.Evidence], do func(ctx context.Context) error) {
	b.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return do(ctx) }, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		b.piece.again(k.ID)
	})
}

// export writes a copy where the person wants it.
func (b *evidenceBox) export(k kept[model.Evidence]) {
	dialogs.SaveFile(b.env.Host.Window(), k.Value.Name, func(path string) {
		b.handle(lang.T("evidence.export"), k, func(ctx context.Context) error {
			if err := copyBlob(ctx, b.env, k.Value.SHA256, path); err != nil {
				return err
			}
			return b.env.Desk.EvidenceExported(ctx, lang.T("evidence.exported.copy"), k.ID)
		})
	})
}

// print sends a PDF to a printer; other files are printed by the program that
// shows them.
func (b *evidenceBox) print(k kept[model.Evidence]) {
	if k.Value.Type != "application/pdf" {
		b.env.Host.Toast(lang.T("evidence.print.pdf"), theme.Warning)
		return
	}
	item := PrintItem{Title: k.Value.Name, PDF: func(ctx context.Context) ([]byte, error) { return readBlob(ctx, b.env, k.Value.SHA256) }}
	askPrint(b.env, []PrintItem{item}, func(printer string) {
		b.handle(lang.T("documents.print"), k, func(ctx context.Context) error { return b.env.Desk.EvidencePrinted(ctx, printer, k.ID) })
	})
}

// pick asks for a file.
func (b *evidenceBox) pick() {
	dialogs.PickFile(b.env.Host.Window(), nil, func(path string) { b.Add([]string{path}) })
}

// Add keeps files as evidence, each as it is; what is odd about one is told,
// and one that cannot be read does not keep the others out.
func (b *evidenceBox) Add(paths []string) {
	var warnings []casework.Warning
	b.env.Host.Run(lang.T("evidence.add"), func(ctx context.Context, tell func(float64, string)) error {
		var failed []error
		for i, path := range paths {
			tell(float64(i)/float64(len(paths)), filepath.Base(path))
			odd, err := b.keep(ctx, path)
			warnings = append(warnings, odd...)
			if err != nil {
				failed = append(failed, err)
			}
		}
		return errors.Join(failed...)
	}, func(err error) {
		b.reload()
		if b.added != nil {
			b.added()
		}
		switch {
		case err != nil:
			showError(b.env, err)
		case len(warnings) > 0:
			dialogs.Inform(b.env.Host.Window(), lang.T("evidence.odd"), warningList(warnings))
		default:
			b.env.Host.Toast(lang.T("evidence.added", "n", len(paths)), theme.Good)
		}
	})
}

func (b *evidenceBox) keep(ctx context.Context, path string) ([]casework.Warning, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := b.of
	in.Name = filepath.Base(path)
	in.Category = categoryOf(in.Name)
	k, err := b.env.Desk.AddEvidence(ctx, in, f)
	if err != nil {
		return nil, err
	}
	return casework.EvidenceWarnings(k.Value), nil
}

// categoryOf is the kind of evidence a file usually is (行政处罚法 46).
func categoryOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".xlsx", ".xls", ".docx", ".doc", ".txt":
		return "书证"
	}
	return "视听资料"
}

func warningList(warnings []casework.Warning) string {
	var b strings.Builder
	for _, w := range warnings {
		b.WriteString("· " + w.String() + "\n")
	}
	return strings.TrimSpace(b.String())
}
