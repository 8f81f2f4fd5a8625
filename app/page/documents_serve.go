package page

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// serviceDetail records the service of an issued paper.
type serviceDetail struct {
	*registerDetail[model.Service, *model.Service]
	page   *Documents
	doc    kept[model.Document]
	two    *pair
	photos *widgets.Checks
	copy   *widgets.Select  // which copy is handed over; nil where there is one only
	names  []widgets.Option // of the evidence to choose from
}

// serve opens the form of a document's service.
func (p *Documents) serve(id model.ID) {
	p.serving = id
	p.Show(id)
	p.FocusFirst()
}

// stopServing goes back to the document.
func (p *Documents) stopServing() {
	id := p.serving
	p.guard(func() {
		p.serving = ""
		p.Show(id)
	}, nil)
}

func (p *Documents) openService(k kept[model.Document]) (detail, error) {
	d := &serviceDetail{page: p, doc: k}
	officers := p.serversOf(k.Value)
	start := kept[model.Service]{Value: &model.Service{Document: k.ID, Case: k.Value.Case, Mode: model.ServeDirect, At: p.env.Now(), Officers: officers}}
	var err error
	if d.registerDetail, err = newRegisterDetail(p.env, "service", start, doubtOf{question: "mode", judge: p.modeHint},
		doubtOf{question: "phone", judge: doubtPhone}); err != nil {
		return nil, err
	}
	d.sides.list[0].label = lang.T("documents.serve.act")
	changed := func() { d.changed = true }
	if d.two, err = p.regs.newPair(officers, changed); err != nil {
		return nil, err
	}
	d.photos = widgets.NewChecks(nil, func([]string) { changed() })
	if err := d.loadPhotos(); err != nil {
		return nil, err
	}
	add := widgets.NewQuietButton(lang.T("documents.serve.photo"), fynetheme.MediaPhotoIcon(), d.addPhoto)
	body := container.NewVBox(widgets.NewSectionCard(lang.T("documents.serve.officers"), widgets.NewFieldGrid(append(d.two.fields, d.copyField(changed)...)...)),
		widgets.NewSectionCard(lang.T("documents.serve.photos"), container.NewVBox(widgets.NewCaption(lang.T("documents.serve.photos.hint")), d.photos.Root), add))
	root, _ := widgets.NewFormScroll(body)
	d.sides.Add(side{lang.T("documents.serve.who"), root, nil})
	return d, nil
}

// copyField chooses which copy is handed over: the first, unless the officer
// says otherwise.
func (d *serviceDetail) copyField(changed func()) []*widgets.Field {
	names := d.page.env.Desk.Press.Copies(d.doc.Value.Edition())
	if len(names) == 0 {
		return nil
	}
	options := make([]widgets.Option, len(names))
	for i, name := range names {
		options[i] = widgets.Option{Key: name, Label: name}
	}
	d.copy = widgets.NewSelect(options, func(string) { changed() })
	d.copy.SetKey(names[0])
	return []*widgets.Field{widgets.NewField(lang.T("documents.serve.copy"), d.copy)}
}

// serversOf proposes the officers of the visit the paper came from.
func (p *Documents) serversOf(v *model.Document) []model.ID {
	if v.Inspection != "" {
		if i, err := readOne[model.Inspection](p.env, v.Inspection); err == nil && len(i.Value.Officers) > 1 {
			return i.Value.Officers[:2]
		}
	}
	if v.Case != "" {
		if c, err := readOne[model.Case](p.env, v.Case); err == nil {
			return []model.ID{c.Value.LeadOfficer, c.Value.Assistant}
		}
	}
	return []model.ID{p.env.Desk.Officer()}
}

// modeHint says of a mode who may receive, when it may be used, and what counts.
func (p *Documents) modeHint(mode string) string {
	s, err := p.env.Desk.Law.Service(mode)
	if err != nil {
		return ""
	}
	return lang.T("documents.serve.mode", "receivers", s.Receivers, "when", s.When, "counts", s.Counts, "article", s.Article)
}

// loadPhotos lists the evidence of the case, newest first.
func (d *serviceDetail) loadPhotos() error {
	d.names = nil
	if d.doc.Value.Case != "" {
		list, err := readAll[model.Evidence](d.env, model.Query{Case: d.doc.Value.Case, Limit: mostRows})
		if err != nil {
			return err
		}
		for _, k := range list {
			d.names = append(d.names, widgets.Option{Key: string(k.ID), Label: k.Value.Name})
		}
	}
	d.photos.SetChoices(d.names)
	return nil
}

// addPhoto keeps a picture of the act as evidence of the case and ticks it.
func (d *serviceDetail) addPhoto() {
	dialogs.PickFile(d.env.Host.Window(), []string{".jpg", ".jpeg", ".png", ".mp4", ".pdf"}, func(path string) {
		var added casework.Kept[model.Evidence]
		d.env.Host.Run(lang.T("documents.serve.photo"), func(ctx context.Context, _ func(float64, string)) error {
			f, err := os.Open(path)
			if err != nil {
				return fmt.Errorf("打开照片: %w", err)
			}
			defer f.Close()
			added, err = d.env.Desk.AddEvidence(ctx, casework.EvidenceIn{Case: d.doc.Value.Case, Inspection: d.doc.Value.Inspection, Name: filepath.Base(path)}, f)
			return err
		}, func(err error) {
			if err != nil {
				showError(d.env, err)
				return
			}
			d.took(added)
		})
	})
}

func (d *serviceDetail) took(e casework.Kept[model.Evidence]) {
	picked := append(d.photos.Keys(), string(e.ID))
	d.names = append([]widgets.Option{{Key: string(e.ID), Label: e.Value.Name}}, d.names...)
	d.photos.SetChoices(d.names)
	d.photos.SetKeys(picked)
	d.changed = true
	for _, w := range casework.EvidenceWarnings(e.Value) {
		d.env.Host.Say(w.String())
	}
}

// Actions implements detail.
func (d *serviceDetail) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: lang.T("documents.serve.verb"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: d.page.Save},
		{Label: lang.T("documents.serve.back"), Icon: fynetheme.NavigateBackIcon(), Do: d.page.stopServing},
	}
}

// Save implements detail: it records the service and issues its receipt.
func (d *serviceDetail) Save(saved func(model.ID)) {
	if len(d.form.in.Errors()) > 0 {
		d.sides.Show(0)
	}
	if !d.form.OK() {
		return
	}
	if !d.two.Check() {
		d.sides.Show(1)
		return
	}
	s := *d.k.Value
	if err := d.form.Write(&s); err != nil {
		showError(d.env, err)
		return
	}
	s.Document, s.Case, s.Officers = d.doc.ID, d.doc.Value.Case, d.two.IDs()
	s.Phone = statute.CheckPhone(s.Phone).Normal
	if d.copy != nil {
		s.Copy = d.copy.Key()
	}
	s.Evidence = nil
	for _, key := range d.photos.Keys() {
		s.Evidence = append(s.Evidence, model.ID(key))
	}
	var receipt model.ID
	d.page.acts.does("documents.serve.verb", func(ctx context.Context) ([]casework.Reason, error) {
		var reasons []casework.Reason
		var err error
		receipt, reasons, err = d.env.Desk.Serve(ctx, s)
		return slices.Clone(reasons), err
	}, func() {
		d.page.serving = ""
		saved(d.doc.ID)
		d.signReceipt(receipt)
	})
}

// signReceipt asks for the receiver's signature on the receipt, where people
// may sign on the screen.
func (d *serviceDetail) signReceipt(id model.ID) {
	k, err := readOne[model.Document](d.env, id)
	if err != nil {
		showError(d.env, err)
		return
	}
	if signer, _ := k.Value.Fields["signer"].(string); signer != "" && d.page.maySign(k.Value) {
		d.page.askSigner(k)
	}
}
