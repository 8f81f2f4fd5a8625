package page

import (
	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// registering are the registers to which a look-up that finds nothing can add, with
// the words of the offer.
var registering = map[model.Kind]string{
	model.KindEmployer: "register.new.employer",
	model.KindSite:     "register.new.site",
}

// newHeight is that of the form of a new record in a dialog; its most asked
// questions come first, the others are scrolled to.
const newHeight = 330

// registerNew asks for a record that is not in its register yet, keeps it and
// chooses it in the field it was looked for in.
func (r *registers) registerNew(p *pick, kind model.Kind, name string, changed func()) {
	take := func(id model.ID) {
		r.forget()
		p.Set(id, r.name(id))
		p.SetError("")
		if changed != nil {
			changed()
		}
		widgets.Focus(p.input.Focusable())
	}
	var err error
	if kind == model.KindSite {
		err = r.newSite(p, name, take)
	} else {
		err = r.newEmployer(name, take)
	}
	if err != nil {
		showError(r.env, err)
	}
}

func (r *registers) newEmployer(name string, take func(model.ID)) error {
	d, err := newRegisterDetail(r.env, "employer", kept[model.Employer]{Value: &model.Employer{Name: name}})
	if err != nil {
		return err
	}
	d.write = writeEmployer
	r.askNew(lang.T("employers.new"), d.form, d.form.Root(), d.Save, take)
	return nil
}

// newSite asks for a site and who builds it: an order goes to whoever answers for
// a breach, which the site says.
func (r *registers) newSite(p *pick, name string, take func(model.ID)) error {
	d, err := newRegisterDetail(r.env, "site", kept[model.Site]{Value: &model.Site{Name: name}})
	if err != nil {
		return err
	}
	var party model.ID
	if p.party != nil {
		party = p.party()
	}
	general := r.newPick(lang.T("sites.general"), model.KindEmployer, party, nil)
	d.check = func() bool { return checkPicks(general) }
	d.write = func(v *model.Site) error {
		v.General = general.ID()
		return nil
	}
	body := widgets.NewBorder(widgets.NewFieldGrid(general.Field), nil, nil, nil, d.form.Root())
	r.askNew(lang.T("sites.new"), d.form, body, d.Save, take)
	return nil
}

// askNew shows the form of a new record.
func (r *registers) askNew(title string, form *recordForm, body fyne.CanvasObject, save func(func(model.ID)), take func(model.ID)) {
	dialogs.Custom(r.env.Host.Window(), title, widgets.AtLeast(640, newHeight, body), nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("register.new.verb"), Primary: true, Do: func() {
			save(func(id model.ID) {
				shut()
				take(id)
			})
		}}}
	})
	form.FocusFirst()
}

// writeEmployer keeps a credit code in its normal spelling.
func writeEmployer(v *model.Employer) error {
	v.USCC = statute.CheckUSCC(v.USCC).Normal
	return nil
}
