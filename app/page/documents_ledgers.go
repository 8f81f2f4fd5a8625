package page

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// LedgersArg as the argument of the papers' page opens the ledgers.
const LedgersArg = "ledgers"

// Ledgers is the page of the office's lists over a span of days: figures, leads,
// visits, cases and the others, to be read here and kept as a workbook.
type Ledgers struct {
	env      *Env
	from, to *widgets.DateField
	fields   [2]*widgets.Field
	pick     *widgets.Select
	tables   []casework.Table
	words    map[string]string // the daybooks' words in the language of the screen
	reader   reader
	list     *widgets.RecordList[[]any]
	body     *fyne.Container
	root     fyne.CanvasObject
}

// NewLedgers shows those of this year.
func NewLedgers(env *Env) *Ledgers {
	p := &Ledgers{env: env, from: widgets.NewDateField(env.Now), to: widgets.NewDateField(env.Now), body: container.NewStack()}
	now := env.Now()
	p.from.SetValue(time.Date(now.Year(), 1, 1, 0, 0, 0, 0, now.Location()))
	p.to.SetValue(now)
	p.fields = [2]*widgets.Field{widgets.NewField(lang.T("ledgers.from"), p.from), widgets.NewField(lang.T("ledgers.to"), p.to)}
	p.from.OnSubmitted = func(string) { p.Refresh() }
	p.to.OnSubmitted = func(string) { p.Refresh() }
	p.root = container.NewPadded(widgets.NewBorder(widgets.NewFieldGrid(p.fields[0], p.fields[1]), nil, nil, nil, p.body))
	p.words = daybookWords(env)
	p.Refresh()
	return p
}

// span is the days asked for; one that is none is shown.
func (p *Ledgers) span() (casework.Span, bool) {
	from, err1 := p.from.Value()
	to, err2 := p.to.Value()
	wrong := [2]bool{err1 != nil || from.IsZero(), err2 != nil || to.IsZero() || to.Before(from)}
	for i, bad := range wrong {
		p.fields[i].SetError("")
		if bad {
			p.fields[i].SetError(lang.T("ledgers.wrong"))
		}
	}
	return casework.Span{From: model.DateOf(from), To: model.DateOf(to)}, !wrong[0] && !wrong[1]
}

// Refresh reads the ledgers again.
func (p *Ledgers) Refresh() {
	span, ok := p.span()
	if !ok {
		return
	}
	var tables []casework.Table
	p.reader.read(p.env, lang.T("ledgers.reading"), func(ctx context.Context) (err error) {
		tables, err = p.env.Desk.Ledgers(ctx, span)
		return err
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.tables = tables
		p.show()
	})
}

// show offers the ledgers by their names and shows the one chosen before.
func (p *Ledgers) show() {
	chosen := ""
	if p.pick != nil {
		chosen = p.pick.Key()
	}
	options := make([]widgets.Option, len(p.tables))
	for i, t := range p.tables {
		options[i] = widgets.Option{Key: t.Name, Label: lang.T("ledgers.name", "name", p.said(t.Name), "n", len(t.Rows))}
	}
	pick := widgets.NewSelect(options, p.turn)
	if chosen == "" {
		chosen = options[0].Key
	}
	pick.SetKey(chosen)
	p.pick = pick
	p.turn(chosen)
}

// turn shows one ledger.
func (p *Ledgers) turn(name string) {
	for _, t := range p.tables {
		if t.Name == name {
			p.list = widgets.NewRecordList(p.columns(t), widgets.NewEmptyState(fynetheme.ListIcon(), lang.T("ledgers.empty"), widgets.Action{}))
			p.list.SetRows(t.Rows)
		}
	}
	p.body.Objects = []fyne.CanvasObject{widgets.NewBorder(container.NewPadded(p.pick), nil, nil, nil, p.list)}
	p.body.Refresh()
	p.env.Host.ShowActions()
}

// columns are the first columns of a ledger, as many as the window has room for.
func (p *Ledgers) columns(t casework.Table) []widgets.Column[[]any] {
	out := make([]widgets.Column[[]any], len(t.Head))
	for i, head := range t.Head {
		out[i] = widgets.Column[[]any]{Title: p.said(head), DropBelow: float32(i) * ledgerColumn,
			Cell: func(row []any) string { return p.said(casework.CellText(row[i])) }}
	}
	return out
}

// said is a word of a ledger in the language of the screen; a daybook's words are
// those of its form.
func (p *Ledgers) said(text string) string {
	if word, ok := p.words[text]; ok {
		return word
	}
	if title, rest, ok := strings.Cut(text, "："); ok && p.words[title] != "" {
		return p.words[title] + ": " + p.said(rest)
	}
	return lang.Said(text)
}

// ledgerColumn is the room a column of a ledger needs at least.
const ledgerColumn = 110

// Title implements shell.Page.
func (p *Ledgers) Title() string { return lang.T("ledgers.title") }

// Content implements shell.Page.
func (p *Ledgers) Content() fyne.CanvasObject { return p.root }

// Actions implements shell.Acter.
func (p *Ledgers) Actions() []widgets.Action {
	return []widgets.Action{{Label: lang.T("ledgers.save"), Icon: fynetheme.DownloadIcon(), Primary: true, Disabled: len(p.tables) == 0, Do: p.Submit},
		{Label: lang.T("ledgers.csv"), Icon: fynetheme.DownloadIcon(), Disabled: len(p.tables) == 0, Do: p.saveOne},
		{Label: lang.T("page.refresh"), Icon: fynetheme.ViewRefreshIcon(), Do: p.Refresh}}
}

// Submit keeps all ledgers as a workbook, a sheet each.
func (p *Ledgers) Submit() {
	if span, ok := p.span(); ok && len(p.tables) > 0 {
		saveTables(p.env, lang.T("ledgers.file", "from", span.From, "to", span.To), p.tables...)
	}
}

// saveOne keeps the ledger that is shown as comma-separated values.
func (p *Ledgers) saveOne() {
	for _, t := range p.tables {
		if t.Name == p.pick.Key() {
			saveTables(p.env, t.Name+".csv", t)
		}
	}
}

// FocusFirst implements shell.FirstFielder.
func (p *Ledgers) FocusFirst() { widgets.Focus(p.from) }
