package page

import (
	"context"
	"fmt"

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
	reader reader
	env    *Env
	of     casework.EvidenceIn // what new files are evidence of
	query  model.Query
	added  func()
	list   *widgets.RecordList[kept[model.Evidence]]
	piece  *evidencePiece
	card   *cardWatch
	root   fyne.CanvasObject
}

// newEvidenceBox lists what the query finds; added is called after files came
// in and may be nil.
func newEvidenceBox(env *Env, of casework.EvidenceIn, query model.Query, added func()) *evidenceBox {
	b := &evidenceBox{env: env, of: of, query: query, added: added}
	add := widgets.Action{Label: lang.T("evidence.add"), Icon: fynetheme.ContentAddIcon(), Do: b.pick, Primary: true}
	b.list = widgets.NewRecordList(evidenceColumns(), widgets.NewEmptyState(fynetheme.MediaPhotoIcon(), lang.T("evidence.empty"), add))
	b.piece = newEvidencePiece(b)
	b.card = newCardWatch(b)
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
		widgets.NewQuietButton(add.Label, add.Icon, b.pick), b.card.button)
	b.root = widgets.NewBorder(container.NewVBox(bar, b.card.strip), b.piece.root, nil, nil, b.list)
	b.reload()
	return b
}

func evidenceColumns() []widgets.Column[kept[model.Evidence]] {
	return []widgets.Column[kept[model.Evidence]]{
		textColumn(lang.T("evidence.name"), 0, 0, func(e *model.Evidence) string { return e.Name }),
		textColumn(lang.T("evidence.category"), 76, 420, func(e *model.Evidence) string { return lang.Said(e.Category) }),
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

// reload reads the list off the window: a visit may have a thousand photos.
func (b *evidenceBox) reload() {
	var rows []kept[model.Evidence]
	b.reader.read(b.env, "", func(ctx context.Context) (err error) {
		rows, err = readList[model.Evidence](ctx, b.env, b.query)
		return err
	}, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		b.list.SetRows(rows)
	})
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
	item := PrintItem{Title: k.Value.Name, PDF: func(ctx context.Context, _ string) ([]byte, error) { return readBlob(ctx, b.env, k.Value.SHA256) }}
	askPrint(b.env, []PrintItem{item}, func(s PrintSettings, _ []PrintItem) {
		b.handle(lang.T("documents.print"), k, func(ctx context.Context) error { return b.env.Desk.EvidencePrinted(ctx, s.Printer, k.ID) })
	})
}

// pick asks for a file.
func (b *evidenceBox) pick() {
	dialogs.PickFile(b.env.Host.Window(), nil, func(path string) { b.Add([]string{path}) })
}
