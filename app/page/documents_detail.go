package page

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
	"anxin/model/statute"
)

// documentDetail shows one paper: where it stands, what it says, what it waits
// for. A draft is edited in the form of its type; what is issued is only read.
type documentDetail struct {
	page   *Documents
	env    *Env
	k      kept[model.Document]
	form   *recordForm    // of a draft, else nil; nil until it is read
	proof  map[string]any // the answers of the form as the preview shows them
	pdf    *pdfView
	root   *fyne.Container
	sides  *sides // nil until the paper is read
	eager  bool   // the form gets the keyboard once it is there
	turned string // the side wanted before it was there
	reader reader
	gating reader // of what stands before issuing
}

// behind is what a paper is shown with, beside its own record.
type behind struct {
	form    *forms.Form // of a draft
	answers map[string]any
	steps   []casework.CustodyStep // of an issued one: its printings
}

// orderType is the rectification order in the catalogue.
const orderType = "D06"

func (p *Documents) openDocument(k kept[model.Document]) detail {
	d := &documentDetail{page: p, env: p.env, k: k, root: container.NewStack(widgets.NewCaption(lang.T("cases.reading")))}
	d.pdf = newPDFView(p.env, d.readPDF)
	d.open()
	return d
}

// open reads what the paper is shown with off the window: a draft is filled
// from every record of its case.
func (d *documentDetail) open() {
	var b behind
	d.reader.read(d.env, "", func(ctx context.Context) (err error) {
		b, err = d.read(ctx)
		return err
	}, func(err error) {
		if err == nil {
			err = d.show(b)
		}
		if err != nil {
			showError(d.env, err)
		}
	})
}

func (d *documentDetail) read(ctx context.Context) (b behind, err error) {
	v := d.k.Value
	if v.State == model.DocumentDraft {
		if b.form, err = d.env.Desk.PaperForm(v.Edition()); err == nil {
			b.answers, err = d.env.Desk.PaperAnswers(ctx, v)
		}
	}
	if v.Issued != nil {
		b.steps, err = d.env.Desk.Printings(ctx, d.k.ID)
		d.page.regs.name(v.Issued.By)
	}
	for _, id := range []model.ID{v.Case, v.About} { // known before the window asks
		d.page.regs.name(id)
	}
	for _, e := range v.Events {
		d.page.regs.name(e.By)
	}
	for _, s := range b.steps {
		d.page.regs.name(s.By)
	}
	return b, err
}

// show makes the parts of the paper.
func (d *documentDetail) show(b behind) error {
	look := side{lang.T("documents.part.preview"), d.pdf.PDFView, d.preview}
	if d.k.Value.State != model.DocumentDraft {
		d.sides = newSides(side{lang.T("documents.part.paper"), d.paper(b.steps), nil})
		if d.k.Value.Issued != nil {
			d.sides.Add(look)
		}
		if paid, ok := paySide(d.env, &d.page.acts, d.k, func() { d.page.Show(d.k.ID) }); ok {
			d.sides.Add(paid)
		}
	} else if err := d.edit(b, look); err != nil {
		return err
	}
	d.root.Objects = []fyne.CanvasObject{d.sides.Root()}
	d.root.Refresh()
	d.sides.Turn(d.turned)
	if d.eager {
		d.FocusFirst()
	}
	return nil
}

// edit makes the parts of a draft.
func (d *documentDetail) edit(b behind, look side) error {
	if err := d.openForm(b); err != nil {
		return err
	}
	gates := container.NewVBox()
	gatesRoot, _ := widgets.NewFormScroll(gates)
	d.sides = newSides(side{lang.T("documents.part.edit"), d.form.Root(), nil})
	d.sides.Add(side{lang.T("documents.part.gates"), gatesRoot, func() { d.showGates(gates) }})
	d.sides.Add(look)
	says := container.NewStack()
	d.sides.Add(side{lang.T("documents.part.paper"), says, func() {
		if len(says.Objects) == 0 {
			says.Add(d.paper(nil))
		}
	}})
	return nil
}

// openForm opens the form of the paper's type on what the draft says.
func (d *documentDetail) openForm(b behind) error {
	form, err := newForm(d.env, b.form)
	if err != nil {
		return err
	}
	if err := form.in.LoadFlat(b.answers); err != nil {
		return err
	}
	newPictureSource(d.env, d.k.Value.Case, d.k.Value.Inspection).take(form)
	form.draw(d.env, nil, nil)
	d.form = form
	return nil
}

// preview shows the issued paper as it was printed, or a proof of the draft
// with what is typed but not saved.
func (d *documentDetail) preview() {
	if d.form != nil {
		var err error
		if d.proof, err = d.form.in.Flat(); err != nil {
			showError(d.env, err)
			return
		}
	}
	d.pdf.Reopen()
}

// readPDF is called off the window: it touches no form.
func (d *documentDetail) readPDF(ctx context.Context) ([]byte, error) {
	if d.k.Value.Issued != nil {
		return readBlob(ctx, d.env, d.k.Value.Issued.PDF)
	}
	pdf, _, err := d.env.Desk.Proof(ctx, d.k.Value, d.proof)
	return pdf, err
}

// Content implements detail.
func (d *documentDetail) Content() fyne.CanvasObject { return d.root }

// Editable implements detail.
func (d *documentDetail) Editable() bool { return d.k.Value.State == model.DocumentDraft }

// Dirty implements detail.
func (d *documentDetail) Dirty() bool { return d.form != nil && d.form.Dirty() }

// Leave implements detail.
func (d *documentDetail) Leave() { d.pdf.Close() }

// FocusFirst implements detail.
func (d *documentDetail) FocusFirst() {
	if d.eager = d.form == nil; !d.eager {
		d.sides.Show(0)
		d.form.FocusFirst()
	}
}

// Save implements detail. A draft is kept as far as it is: what its form still
// asks for stands before the issue.
func (d *documentDetail) Save(saved func(model.ID)) {
	if d.form == nil {
		return
	}
	answers, err := d.form.in.Flat()
	if err != nil {
		showError(d.env, err)
		return
	}
	id, err := d.env.Desk.SavePaper(context.Background(), d.k.ID, d.k.Rev, answers)
	if err != nil {
		showError(d.env, err)
		return
	}
	d.form.Saved()
	saved(id)
	if open := len(d.form.in.Errors()); open > 0 {
		d.env.Host.Say(lang.T("documents.saved.open", "n", open))
	}
}

// Actions implements detail: the next act first.
func (d *documentDetail) Actions() []widgets.Action {
	p, k := d.page, d.k
	withdraw := widgets.Action{Label: lang.T("documents.withdraw"), Icon: fynetheme.ContentUndoIcon(), Danger: true, Do: func() { p.withdraw(k) }}
	var out []widgets.Action
	switch k.Value.State {
	case model.DocumentDraft:
		return []widgets.Action{{Label: lang.T("documents.issue"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: d.issue}, withdraw}
	case model.DocumentIssued:
		if d.handedOver() {
			out = append(out, widgets.Action{Label: lang.T("documents.serve"), Icon: fynetheme.MailSendIcon(), Primary: true, Do: func() { p.serve(k.ID) }})
		}
	case model.DocumentWithdrawn:
		out = append(out, widgets.Action{Label: lang.T("documents.redraft"), Icon: fynetheme.DocumentCreateIcon(), Primary: true, Do: func() { p.redraft(k) }})
	}
	if k.Value.Issued == nil {
		return out
	}
	out = append(out,
		widgets.Action{Label: lang.T("documents.print"), Icon: fynetheme.DocumentPrintIcon(), Do: func() { p.printPapers([]kept[model.Document]{k}) }},
		widgets.Action{Label: lang.T("documents.open"), Icon: fynetheme.FileIcon(), Do: func() { p.openPDF(k.Value) }},
		widgets.Action{Label: lang.T("documents.saveas"), Icon: fynetheme.DownloadIcon(), Do: func() { p.savePDF(k) }})
	if p.maySign(k.Value) {
		out = append(out, p.signAction(k))
	}
	if k.Value.State == model.DocumentIssued || k.Value.State == model.DocumentServed {
		out = append(out, withdraw)
	}
	return out
}

// handedOver tells whether a paper goes to a party: then there is more than
// the copy on file.
func (d *documentDetail) handedOver() bool {
	row, err := d.env.Desk.Law.Catalogue(d.env.Now(), "").Get(d.k.Value.Type)
	return err == nil && row.Copies > 1
}

// issue saves what is edited before it is frozen.
func (d *documentDetail) issue() {
	if !d.Dirty() {
		d.page.issue(d.k)
		return
	}
	d.Save(func(id model.ID) {
		d.page.saved(id)
		if now, ok := d.page.shown.(*documentDetail); ok && now != d {
			d.page.issue(now.k)
		}
	})
}

// showGates lists what stands before issuing, with the articles.
func (d *documentDetail) showGates(box *fyne.Container) {
	var reasons []casework.Reason
	d.gating.read(d.env, "", func(ctx context.Context) (err error) {
		reasons, err = d.env.Desk.IssueReasons(ctx, d.k.Value)
		return err
	}, func(err error) {
		if err != nil {
			showError(d.env, err)
			return
		}
		box.RemoveAll()
		tellGates(box, reasons)
		box.Refresh()
	})
}

func tellGates(box *fyne.Container, reasons []casework.Reason) {
	if len(reasons) == 0 {
		box.Add(widgets.NewCard(container.NewHBox(widgets.NewTag(lang.T("documents.gate.open"), theme.Good), widget.NewLabel(lang.T("documents.gate.none")))))
		return
	}
	box.Add(widgets.NewSectionCard(lang.T("documents.gates"), gateList(reasons)))
}

func gateList(reasons []casework.Reason) fyne.CanvasObject {
	box := container.NewVBox()
	for _, r := range reasons {
		tag := widgets.NewTag(lang.T("documents.gate.warn"), theme.Warning)
		if r.Blocks {
			tag = widgets.NewTag(lang.T("documents.gate.block"), theme.Bad)
		}
		words := container.NewVBox(widgets.NewParagraph(lang.Said(r.Text)))
		if r.Article != "" {
			words.Add(widgets.NewCaption(r.Article))
		}
		box.Add(widgets.NewBorder(nil, nil, container.NewVBox(tag), nil, words))
	}
	return box
}

// paper shows where the document stands, what it says and what became of it.
func (d *documentDetail) paper(steps []casework.CustodyStep) fyne.CanvasObject {
	box := container.NewVBox(d.standing(), widgets.NewSectionCard(lang.T("documents.says"), d.says()))
	if events := d.events(steps); len(events) > 0 {
		box.Add(widgets.NewSectionCard(lang.T("documents.events"), rowsOf(events)))
	}
	root, _ := widgets.NewFormScroll(box)
	return root
}

func (d *documentDetail) standing() fyne.CanvasObject {
	v := d.k.Value
	title := widgets.NewPageTitle(v.Title)
	fields := []*widgets.Field{}
	add := func(label, text string) {
		if text != "" {
			fields = append(fields, shownField(label, text))
		}
	}
	add(lang.T("documents.col.number"), casework.NumberOf(v))
	if v.Issued != nil {
		add(lang.T("documents.issued.at"), minuteText(v.Issued.At))
		add(lang.T("documents.issued.by"), d.page.regs.name(v.Issued.By))
		add(lang.T("documents.amount"), yuan(v.Issued.AmountFen))
		add(lang.T("documents.pages"), fmt.Sprint(v.Issued.Pages))
	}
	due := string(v.DueBy)
	if !finished(v) {
		due = dueText(v.DueBy, d.env.Now())
	}
	add(lang.T("documents.col.due"), due)
	add(lang.T("documents.scans"), d.scans())
	body := container.NewVBox(widgets.NewFieldGrid(fields...))
	for _, l := range d.links() {
		body.Add(newLinkRow(l))
	}
	tags := container.NewHBox(widgets.NewTag(stateLabel(v.State), stateTone(v.State)))
	if isProvisional(v) {
		tags.Add(widgets.NewTag(lang.T("documents.provisional"), theme.Warning))
	}
	head := widgets.NewBorder(nil, nil, nil, tags, title)
	return widgets.NewCard(container.NewVBox(head, body))
}

// scans says which pages of the signed paper have been scanned back.
func (d *documentDetail) scans() string {
	v := d.k.Value
	if v.Issued == nil || v.State == model.DocumentWithdrawn {
		return ""
	}
	missing := casework.MissingScans(v)
	if len(missing) == 0 {
		return lang.T("documents.scans.all")
	}
	return lang.T("documents.scans.missing", "pages", numbers(missing))
}

// links lead to the records a paper hangs on.
func (d *documentDetail) links() (out []line) {
	v := d.k.Value
	add := func(id model.ID, kind model.Kind, label string) {
		if id != "" {
			out = append(out, line{Tag: label, Title: d.page.regs.name(id), Open: func() { d.env.Host.Go(placeOf(kind), string(id)) }})
		}
	}
	add(v.Case, model.KindCase, lang.T("kind.case"))
	add(v.About, model.KindDocument, lang.T("documents.about"))
	return out
}

// events are what became of the paper, and the times it left the laptop and in
// which copies.
func (d *documentDetail) events(steps []casework.CustodyStep) (out []line) {
	for _, e := range d.k.Value.Events {
		out = append(out, line{Tag: lang.T("documents.event." + e.Kind), Tone: theme.Info, Title: minuteText(e.At), Text: e.Note, Note: d.page.regs.name(e.By)})
	}
	for _, s := range steps {
		out = append(out, line{Tag: lang.T(custodyWords[s.Event]), Tone: theme.Neutral, Title: minuteText(s.At), Text: s.Note, Note: d.page.regs.name(s.By)})
	}
	return out
}

// says are the fields of the paper in the order of its template.
func (d *documentDetail) says() fyne.CanvasObject {
	var fields []*widgets.Field
	for _, f := range d.env.Desk.Press.Fields(d.k.Value.Edition()) {
		text := printed(f, d.k.Value.Fields[f.Name])
		if text == "" {
			continue
		}
		field := shownField(fieldLabel(f), text)
		if len([]rune(text)) > 30 || strings.Contains(text, "\n") {
			field.Span()
		}
		fields = append(fields, field)
	}
	return widgets.NewFieldGrid(fields...)
}

// shownField is a label with a text that can be copied and not changed.
func shownField(label, text string) *widgets.Field {
	return widgets.NewField(label, widgets.NewCopyable(text))
}

// fieldLabel is what the template calls a field; in another language the word
// for it there is.
func fieldLabel(f casework.PaperField) string {
	if formLanguage() == "zh" && f.Label != "" {
		return f.Label
	}
	return paperLabel(f.Name)
}

// paperLabel names a field of a paper in the language of the screen; a field
// of an office's own template shows its name.
func paperLabel(name string) string {
	if key := "paper." + name; lang.Has(key) {
		return lang.T(key)
	}
	return name
}

// printed is what a field of a paper says, as text.
func printed(f casework.PaperField, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if f.Name == "manager_id" || f.Name == "id_number" {
			return statute.MaskID(v)
		}
		return v
	case bool:
		if v {
			return lang.T("documents.yes")
		}
		return lang.T("documents.no")
	case []any:
		lines := make([]string, 0, len(v))
		for i, row := range v {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, printedRow(f.Columns, row)))
		}
		return strings.Join(lines, "\n")
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}

// printedRow joins the cells of one row; numbers of persons are masked.
func printedRow(columns []string, row any) string {
	m, ok := row.(map[string]any)
	if !ok {
		return fmt.Sprint(row)
	}
	var cells []string
	for _, c := range columns {
		text, _ := m[c].(string)
		if c == "id_number" {
			text = statute.MaskID(text)
		}
		if text != "" {
			cells = append(cells, text)
		}
	}
	return strings.Join(cells, "　")
}
