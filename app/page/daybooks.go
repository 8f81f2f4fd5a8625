package page

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
)

// DaybooksArg as the argument of the papers' page opens the daybooks.
const DaybooksArg = "daybooks"

// IsDaybook tells whether an argument of the papers' page is for the daybooks:
// their own, or an entry's id.
func IsDaybook(env *Env, arg string) bool {
	return arg == DaybooksArg || daybookOf(env, model.ID(arg)) != ""
}

// daybookOf is the daybook a record is an entry of, "" for other records.
func daybookOf(env *Env, id model.ID) string {
	if id == "" {
		return ""
	}
	h, err := env.Desk.Journal.Head(context.Background(), id)
	if err != nil || h.Kind != model.KindEntry {
		return ""
	}
	e, err := model.As[model.Entry](h.Body)
	if err != nil {
		return ""
	}
	return e.Daybook
}

// daybookWords are the words of the daybooks in the language of the screen by the
// Chinese that stands in the ledgers; nil where that is the language.
func daybookWords(env *Env) map[string]string {
	language := formLanguage()
	if language == "zh" {
		return nil
	}
	books, err := env.Desk.Daybooks()
	if err != nil {
		return nil // reading the ledgers says so
	}
	out := map[string]string{}
	for _, b := range books {
		out[b.Title("zh")] = b.Title(language)
		b.Form.Each(func(q *forms.Question) {
			out[q.Label.In("zh")] = q.Label.In(language)
			for _, c := range q.Choices {
				out[c.Label.In("zh")] = c.Label.In(language)
			}
		})
	}
	return out
}

// Daybooks is the page of the registers of the office's own work: one is picked,
// its lines are listed beside the form of the line that is open.
type Daybooks struct {
	registerList // of the daybook shown
	env          *Env
	regs         *registers
	books        []casework.Daybook
	at           casework.Daybook
	pick         *widgets.Select
	body         *fyne.Container
	root         fyne.CanvasObject
	reader       reader
}

// NewDaybooks opens the daybook that holds arg, an entry's id, else the first.
func NewDaybooks(env *Env, arg string) *Daybooks {
	p := &Daybooks{env: env, regs: newRegisters(env), body: container.NewStack()}
	var err error
	if p.books, err = env.Desk.Daybooks(); err != nil {
		showError(env, err)
	}
	options := make([]widgets.Option, len(p.books))
	for i, b := range p.books {
		options[i] = widgets.Option{Key: b.ID, Label: b.Title(formLanguage())}
	}
	p.pick = widgets.NewSelect(options, p.turn)
	p.root = widgets.NewBorder(container.NewPadded(p.pick), nil, nil, nil, p.body)
	if id := daybookOf(env, model.ID(arg)); id != "" {
		p.show(id, arg)
	} else {
		p.show("", "")
	}
	return p
}

// turn goes to another daybook, after asking about what is not saved.
func (p *Daybooks) turn(id string) {
	p.pick.SetKey(p.at.ID)
	if id != p.at.ID {
		p.guard(func() { p.show(id, "") }, nil)
	}
}

// show builds the list of a daybook, of the first where there is none of that
// id; the one before is dropped.
func (p *Daybooks) show(id, arg string) {
	if p.registerList != nil {
		p.registerList.Leave()
	}
	p.regs.forget()
	i := max(0, slices.IndexFunc(p.books, func(b casework.Daybook) bool { return b.ID == id }))
	spec := noDaybooks()
	if i < len(p.books) {
		p.at = p.books[i]
		p.pick.SetKey(p.at.ID)
		spec = p.spec(p.at)
	} else {
		arg = ""
	}
	list := newRecordPage[model.Entry](p.env, spec, arg)
	p.registerList = list
	p.body.Objects = []fyne.CanvasObject{list.Content()}
	p.body.Refresh()
	p.env.Host.ShowActions()
}

// noDaybooks is the page where no daybook could be opened.
func noDaybooks() recordSpec[model.Entry] {
	return recordSpec[model.Entry]{Place: placeDocuments, Icon: fynetheme.ListIcon(), Empty: lang.T("daybooks.none"),
		Columns: []widgets.Column[kept[model.Entry]]{textColumn(lang.T("daybooks.title"), 0, 0, func(v *model.Entry) string { return v.Text(model.EntryTitle) })},
		Hide:    func(kept[model.Entry]) bool { return true }, Exact: []string{model.Exactly("daybook", "")},
		Open: func(kept[model.Entry]) (detail, error) { return nil, sentence(lang.T("daybooks.none")) }}
}

func (p *Daybooks) spec(b casework.Daybook) recordSpec[model.Entry] {
	return recordSpec[model.Entry]{Place: placeDocuments, Icon: fynetheme.ListIcon(), Empty: lang.T("daybooks.empty", "title", b.Title(formLanguage())),
		New: lang.T("daybooks.new"), Columns: p.columns(b), States: append(statesOf(b), model.EntryStruck),
		Exact: []string{model.Exactly("daybook", b.ID)},
		Hide:  func(k kept[model.Entry]) bool { return k.Value.Struck != "" },
		Open:  func(k kept[model.Entry]) (detail, error) { return p.open(b, k) }}
}

// statesOf are the states a line of a daybook can stand in.
func statesOf(b casework.Daybook) (out []string) {
	for _, q := range b.Columns() {
		if q.Name != model.EntryState {
			continue
		}
		for _, c := range q.Choices {
			out = append(out, c.Name)
		}
		out = append(out, strings.FieldsFunc(q.Law["states"], func(r rune) bool { return r == '、' })...)
	}
	return out
}

// columns are the day, what the line is called with what it is, how it stands,
// and what is added up.
func (p *Daybooks) columns(b casework.Daybook) []widgets.Column[kept[model.Entry]] {
	title := widgets.Column[kept[model.Entry]]{Title: b.Title(formLanguage()), Cell: func(k kept[model.Entry]) string { return k.Value.Text(model.EntryTitle) },
		Compare: func(a, b kept[model.Entry]) int {
			return strings.Compare(a.Value.Text(model.EntryTitle), b.Value.Text(model.EntryTitle))
		}}
	var noted []*forms.Question
	out := []widgets.Column[kept[model.Entry]]{}
	for _, q := range b.Columns() {
		switch {
		case q.Name == model.EntryTitle:
			title.Title = q.Label.In(formLanguage())
		case q.Name == model.EntryDate:
			out = append(out, textColumn(q.Label.In(formLanguage()), 92, 0, func(v *model.Entry) string { return v.Text(model.EntryDate) }))
		case q.Name == model.EntryState:
			out = append(out, stateColumn(func(v *model.Entry) string { return v.Summary().State }))
		case q.Law["sum"] != "":
			out = append(out, textColumn(q.Label.In(formLanguage()), 84, 320+110*float32(len(out)), func(v *model.Entry) string { return p.cell(q, v) }))
		case q.Type == forms.TypeText && !q.HasAppearance("multiline") || q.IsSelect():
			noted = append(noted, q)
		}
	}
	title.Note = func(k kept[model.Entry]) string { return p.note(noted, k.Value) }
	at := 0
	if b.Dated() {
		at = 1 // beside the day
	}
	return slices.Insert(out, at, title)
}

// mostNoted is how many answers stand below the name of a line.
const mostNoted = 3

func (p *Daybooks) note(of []*forms.Question, e *model.Entry) string {
	var words []string
	for _, q := range of {
		if text := p.cell(q, e); text != "" && len(words) < mostNoted {
			words = append(words, text)
		}
	}
	return joined(words...)
}

func (p *Daybooks) cell(q *forms.Question, e *model.Entry) string {
	return casework.CellText(casework.Cell(q, e.Fields[q.Name], formLanguage(), p.regs.name))
}

// Title implements shell.Page.
func (p *Daybooks) Title() string { return lang.T("daybooks.title") }

// Content implements shell.Page.
func (p *Daybooks) Content() fyne.CanvasObject { return p.root }

// Actions adds the workbook to what the list can do.
func (p *Daybooks) Actions() []widgets.Action {
	if len(p.books) == 0 {
		return p.registerList.Actions()
	}
	return append(p.registerList.Actions(),
		widgets.Action{Label: lang.T("daybooks.export"), Icon: fynetheme.DownloadIcon(), Do: p.export},
		widgets.Action{Label: lang.T("daybooks.lists"), Icon: fynetheme.DocumentPrintIcon(), Do: p.printLists},
		widgets.Action{Label: lang.T("daybooks.rights"), Icon: fynetheme.DocumentPrintIcon(), Do: p.printRights})
}

// printRights prints the notice of rights with its stickers.
func (p *Daybooks) printRights() {
	askPrint(p.env, []PrintItem{{Title: lang.T("daybooks.rights"), PDF: func(ctx context.Context, _ string) ([]byte, error) {
		pdf, _, err := p.env.Desk.PrintRights(ctx)
		return pdf, err
	}}}, nil)
}

// printLists prints the lists the office publishes; one can leave some out.
func (p *Daybooks) printLists() {
	lists, err := p.env.Desk.PublishedLists()
	if err != nil {
		showError(p.env, err)
		return
	}
	items := make([]PrintItem, len(lists))
	for i, list := range lists {
		items[i] = PrintItem{Title: lang.Said(list), PDF: func(ctx context.Context, _ string) ([]byte, error) {
			pdf, _, err := p.env.Desk.PrintList(ctx, list)
			return pdf, err
		}}
	}
	askPrint(p.env, items, nil)
}

// export keeps the daybook as a workbook, what was struck left out.
func (p *Daybooks) export() {
	var tables []casework.Table
	p.reader.read(p.env, lang.T("ledgers.reading"), func(ctx context.Context) error {
		entries, err := p.env.Desk.Entries(ctx, p.at, casework.Always)
		tables = p.at.Tables(entries, formLanguage(), p.regs.name)
		return err
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		saveTables(p.env, p.at.Title(formLanguage())+".xlsx", tables...)
	})
}

// State remembers the daybook and the line open in it.
func (p *Daybooks) State() string { return p.at.ID + "/" + p.registerList.State() }

// Restore implements shell.Rememberer.
func (p *Daybooks) Restore(state string) {
	if id, entry, ok := strings.Cut(state, "/"); ok && p.registerList.State() == "" {
		p.show(id, entry)
	}
}

// entryDetail is the form of one line.
type entryDetail struct {
	page *Daybooks
	book casework.Daybook
	k    kept[model.Entry]
	form *recordForm
	root fyne.CanvasObject
}

func (p *Daybooks) open(b casework.Daybook, k kept[model.Entry]) (detail, error) {
	if k.Value.Daybook == "" {
		k.Value.Daybook = b.ID
	}
	if k.Value.Daybook != b.ID {
		return nil, sentence(lang.T("daybooks.elsewhere", "title", k.Value.Text(model.EntryTitle), "book", b.Title(formLanguage())))
	}
	if k.Value.Fields == nil {
		k.Value.Fields = map[string]any{}
	}
	form, err := newRecordForm(p.env, b.ID, &k.Value.Fields, nil)
	if err != nil {
		return nil, err
	}
	d := &entryDetail{page: p, book: b, k: k, form: form, root: form.Root()}
	if why := k.Value.Struck; why != "" {
		form.Freeze()
		d.root = widgets.NewBorder(container.NewPadded(widgets.NewParagraph(lang.T("daybooks.struck", "why", why))), nil, nil, nil, form.Root())
	}
	return d, nil
}

func (d *entryDetail) Content() fyne.CanvasObject { return d.root }
func (d *entryDetail) Editable() bool             { return d.k.Value.Struck == "" }
func (d *entryDetail) Dirty() bool                { return d.form.Dirty() }
func (d *entryDetail) FocusFirst()                { d.form.FocusFirst() }
func (d *entryDetail) Leave()                     {}
func (d *entryDetail) shownForm() *recordForm     { return d.form }

// Actions implements detail.
func (d *entryDetail) Actions() []widgets.Action {
	switch {
	case d.k.ID == "":
		return nil
	case d.k.Value.Struck != "":
		return []widgets.Action{{Label: lang.T("daybooks.restore"), Icon: fynetheme.ContentUndoIcon(), Do: func() { d.strike("") }}}
	}
	return []widgets.Action{{Label: lang.T("daybooks.strike"), Icon: fynetheme.DeleteIcon(), Danger: true, Do: d.askStrike}}
}

// Save implements detail.
func (d *entryDetail) Save(saved func(model.ID)) {
	if !d.form.OK() {
		return
	}
	v := *d.k.Value
	err := d.form.Write(&v.Fields)
	var id model.ID
	if err == nil {
		id, err = d.page.env.Desk.Save(context.Background(), d.k.ID, d.k.Rev, &v)
	}
	if err != nil {
		showError(d.page.env, err)
		return
	}
	d.form.Saved()
	saved(id)
}

// askStrike asks why a line is struck, after asking about what is not saved.
func (d *entryDetail) askStrike() { d.page.guard(d.askWhy, nil) }

func (d *entryDetail) askWhy() {
	dialogs.Ask(d.page.env.Host.Window(), dialogs.Prompt{Title: lang.T("daybooks.strike.title", "title", d.k.Value.Text(model.EntryTitle)), Label: lang.T("daybooks.strike.why"),
		Verb: lang.T("daybooks.strike"), Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return sentence(lang.T("daybooks.strike.needed"))
			}
			return nil
		}, OK: d.strike})
}

// strike takes the line out for a reason, or puts it back; for a while it can be
// undone.
func (d *entryDetail) strike(why string) {
	env, was := d.page.env, d.k.Value.Struck
	env.Host.Run(lang.T("daybooks.strike"), func(ctx context.Context, _ func(float64, string)) error {
		return env.Desk.Strike(ctx, d.k.ID, why)
	}, func(err error) {
		if err != nil {
			showError(env, err)
			return
		}
		d.page.showIn(d.book.ID, d.k.ID)
		done := lang.T("daybooks.restored")
		if why != "" {
			done = lang.T("daybooks.strike.done", "title", d.k.Value.Text(model.EntryTitle))
		}
		env.Host.ToastUndo(done, func() {
			d.page.guard(func() {
				d.k.Value.Struck = why
				d.strike(was)
			}, nil)
		})
	})
}

// showIn opens a line in its own daybook, which may not be the one shown by now.
func (p *Daybooks) showIn(book string, id model.ID) {
	if p.at.ID != book {
		p.show(book, string(id))
		return
	}
	p.Show(id)
}
