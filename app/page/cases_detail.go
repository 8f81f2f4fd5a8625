package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Parts of a case.
const (
	partSummary   = "summary"
	partMoves     = "moves"
	partStatement = "statement"
	partCheck     = "check"
	partContacts  = "contacts"
)

// caseDetail is one case.
type caseDetail struct {
	page      *Cases
	env       *Env
	k         kept[model.Case]
	statement *statement
	evidence  *evidenceBox
	contacts  *contactBox
	tabs      *widgets.Segments
	body      *fyne.Container
	content   fyne.CanvasObject
}

func (p *Cases) open(env *Env, k kept[model.Case]) (*caseDetail, error) {
	d := &caseDetail{page: p, env: env, k: k, body: container.NewStack()}
	d.tabs = widgets.NewTabs([]widgets.Option{{Key: partSummary, Label: lang.T("cases.part.summary")}, {Key: partMoves, Label: lang.T("cases.part.moves")},
		{Key: partStatement, Label: lang.T("cases.part.statement")}, {Key: partContacts, Label: lang.T("contacts.part")},
		{Key: partEvidence, Label: lang.T("inspections.part.evidence")}, {Key: partCheck, Label: lang.T("cases.part.check")}}, d.turn)
	c := k.Value
	head := rowsOf([]line{{Tag: stateLabel(c.State), Tone: stateTone(c.State), Title: c.Number, Text: c.Cause, Note: p.party(c)}})
	d.content = widgets.NewBorder(container.NewPadded(widgets.NewCard(container.NewVBox(head, d.tabs))), nil, nil, nil, container.NewPadded(d.body))
	d.show(partSummary)
	return d, nil
}

// show brings a part to the front as if it had been picked.
func (d *caseDetail) show(key string) {
	d.tabs.SetKey(key)
	d.turn(key)
}

func (d *caseDetail) turn(key string) {
	if d.statement != nil {
		d.statement.watch.stop()
	}
	var o fyne.CanvasObject
	switch key {
	case partStatement:
		s, err := d.opened()
		if err != nil {
			showError(d.env, err)
			return
		}
		o = s.Content()
	case partContacts:
		o = d.talks().root
	case partEvidence:
		o = d.files().Content()
	case partMoves:
		o = d.moves()
	case partCheck:
		o = d.selfCheck()
	default:
		o = d.summary()
	}
	d.body.Objects = []fyne.CanvasObject{o}
	d.body.Refresh()
}

// opened is the form of a new statement, made once.
func (d *caseDetail) opened() (*statement, error) {
	if d.statement == nil {
		s, err := newStatement(d)
		if err != nil {
			return nil, err
		}
		d.statement = s
	}
	d.statement.watch.start()
	return d.statement, nil
}

// talks is the contact log, read when it is turned to.
func (d *caseDetail) talks() *contactBox {
	if d.contacts == nil {
		d.contacts = newContactBox(d.env, d.page.names, model.Contact{Case: d.k.ID}, contactsOf(d.env, d.k.ID), nil)
	}
	d.contacts.reload()
	return d.contacts
}

// logContact writes down a talk.
func (d *caseDetail) logContact() {
	d.show(partContacts)
	d.contacts.add()
}

func (d *caseDetail) files() *evidenceBox {
	if d.evidence == nil {
		d.evidence = newEvidenceBox(d.env, casework.EvidenceIn{Case: d.k.ID}, model.Query{Case: d.k.ID, Limit: mostRows}, nil)
	}
	return d.evidence
}

// Content implements detail.
func (d *caseDetail) Content() fyne.CanvasObject { return d.content }

// Actions implements detail.
func (d *caseDetail) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: lang.T("inspections.new"), Icon: fynetheme.ContentAddIcon(), Primary: true, Do: func() { d.env.Host.Go(placeInspections, ofCase+string(d.k.ID)) }},
		{Label: lang.T("documents.new"), Icon: fynetheme.DocumentCreateIcon(), Do: func() { d.env.Host.Go(placeDocuments, ofCase+string(d.k.ID)) }},
		{Label: lang.T("contacts.new"), Icon: fynetheme.AccountIcon(), Do: d.logContact},
		{Label: lang.T("payments.new"), Icon: fynetheme.ConfirmIcon(), Do: d.notePayment},
		{Label: lang.T("cases.check"), Icon: fynetheme.ListIcon(), Do: func() { d.show(partCheck) }},
		{Label: lang.T("cases.statement.finish"), Icon: fynetheme.ConfirmIcon(), Do: d.finishStatement},
		{Label: lang.T("cases.statement.import"), Icon: fynetheme.UploadIcon(), Do: d.importStatement},
		{Label: lang.T("evidence.add"), Icon: fynetheme.MediaPhotoIcon(), Do: d.addEvidence},
		{Label: lang.T("cases.bind"), Icon: fynetheme.DocumentSaveIcon(), Do: d.bind},
		{Label: lang.T("cases.export"), Icon: fynetheme.DownloadIcon(), Do: d.exportCase},
	}
}

// Editable: nothing of a case is edited by hand; a statement keeps itself.
func (*caseDetail) Editable() bool      { return false }
func (*caseDetail) Dirty() bool         { return false }
func (*caseDetail) Save(func(model.ID)) {}

// FocusFirst implements detail.
func (d *caseDetail) FocusFirst() {
	if d.tabs.Key() == partStatement && d.statement != nil {
		d.statement.form.FocusFirst()
	}
}

// Leave implements detail.
func (d *caseDetail) Leave() {
	if d.statement != nil {
		d.statement.draft.flush()
		d.statement.watch.stop()
	}
	if d.evidence != nil {
		d.evidence.Leave()
	}
}

func (d *caseDetail) addEvidence() {
	d.show(partEvidence)
	d.files().pick()
}

// Dropped takes files dropped on the window as evidence of the open case.
func (p *Cases) Dropped(paths []string) {
	d, ok := p.shown.(*caseDetail)
	if !ok {
		p.env.Host.Toast(lang.T("evidence.nowhere"), theme.Warning)
		return
	}
	d.show(partEvidence)
	d.files().Add(paths)
}

// finishStatement and importStatement work on the part of the statement.
func (d *caseDetail) finishStatement() {
	if d.tabs.Key() != partStatement {
		d.show(partStatement)
		return
	}
	d.statement.finish()
}

func (d *caseDetail) importStatement() {
	d.show(partStatement)
	if d.statement != nil {
		d.statement.importText()
	}
}
