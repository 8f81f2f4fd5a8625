package page

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// registerDetail edits one record of a register by its form.
type registerDetail[T any, P recordOf[T]] struct {
	env     *Env
	k       kept[T]
	form    *recordForm
	sides   *sides
	acts    []widgets.Action
	flags   []string       // members of the record that are true or false
	doubts  []doubtOf      // what is odd about an answer, beside the form's own rules
	check   func() bool    // judges what the form does not ask; nil: nothing
	write   func(*T) error // writes it; nil: nothing
	changed bool           // something outside the form is not saved
	frozen  bool           // only to be read
}

// newRegisterDetail opens the form by its id. The caller may add parts and
// functions before it is shown.
func newRegisterDetail[T any, P recordOf[T]](env *Env, form string, k kept[T], doubts ...doubtOf) (*registerDetail[T, P], error) {
	d := &registerDetail[T, P]{env: env, k: k, doubts: doubts}
	var err error
	if d.form, err = newRecordForm(env, form, P(k.Value), d.judge); err != nil {
		return nil, err
	}
	d.judge()
	d.sides = newSides(side{lang.T("register.part.form"), d.form.Root(), nil})
	return d, nil
}

// judge shows what is odd about the answers as they stand.
func (d *registerDetail[T, P]) judge() {
	if d.form != nil {
		d.form.doubt(d.doubts)
	}
}

// Content implements detail.
func (d *registerDetail[T, P]) Content() fyne.CanvasObject { return d.sides.Root() }

// Actions implements detail.
func (d *registerDetail[T, P]) Actions() []widgets.Action { return d.acts }

// Editable implements detail.
func (d *registerDetail[T, P]) Editable() bool { return !d.frozen }

// freeze makes the record read only.
func (d *registerDetail[T, P]) freeze(on bool) {
	if d.frozen = on; on {
		d.form.Freeze()
	}
}

// Dirty implements detail.
func (d *registerDetail[T, P]) Dirty() bool { return d.changed || d.form.Dirty() }

// FocusFirst implements detail.
func (d *registerDetail[T, P]) FocusFirst() {
	d.sides.Show(0)
	d.form.FocusFirst()
}

// Leave implements detail.
func (d *registerDetail[T, P]) Leave() {}

// Save implements detail.
func (d *registerDetail[T, P]) Save(saved func(model.ID)) {
	if len(d.form.in.Errors()) > 0 {
		d.sides.Show(0)
	}
	if !d.form.OK() || d.check != nil && !d.check() {
		return
	}
	v := *d.k.Value
	err := writeFlags(d.form, P(&v), d.flags...)
	if err == nil && d.write != nil {
		err = d.write(&v)
	}
	if err != nil {
		showError(d.env, err)
		return
	}
	id, err := d.env.Desk.Save(context.Background(), d.k.ID, d.k.Rev, P(&v))
	if err != nil {
		showError(d.env, err)
		return
	}
	d.form.view.Saved()
	d.changed = false
	saved(id)
}

// writeFlags is Write for a record of which the named members are true or
// false: a form knows only words.
func writeFlags(f *recordForm, record any, flags ...string) error {
	members, err := membersOf(record)
	if err != nil {
		return err
	}
	if err := f.Write(&members); err != nil {
		return err
	}
	for _, name := range flags {
		members[name] = members[name] == "true"
	}
	return intoRecord(members, record)
}

// openEmployer is the form of an employer and what it has behind it.
func (e *Employers) openEmployer(k kept[model.Employer]) (detail, error) {
	d, err := newRegisterDetail(e.env, "employer", k)
	if err != nil {
		return nil, err
	}
	d.write = func(v *model.Employer) error {
		e.regs.forget()
		return writeEmployer(v)
	}
	e.addPast(d.sides, k.ID, model.Contact{Employer: k.ID})
	d.freeze(e.addTwin(&d.acts, d.sides, k.ID, k.Value.Twin))
	return d, nil
}

// openGrid is the form of a grid.
func (e *Employers) openGrid(k kept[model.Grid]) (detail, error) {
	return newRegisterDetail(e.env, "grid", k, doubtOf{question: "code", judge: func(text string) string { return doubt(statute.CheckGrid(text), text) }})
}

// openSite is the form of a site, the units that build it and what it has
// behind it.
func (e *Employers) openSite(k kept[model.Site]) (detail, error) {
	d, err := newRegisterDetail(e.env, "site", k)
	if err != nil {
		return nil, err
	}
	u := e.newUnits(k.Value, func() { d.changed = true })
	d.sides.Add(side{lang.T("sites.part.units"), u.root, nil})
	d.check = func() bool {
		if u.check() {
			return true
		}
		d.sides.Show(1)
		return false
	}
	d.write = func(v *model.Site) error {
		u.write(v)
		e.regs.forget()
		return nil
	}
	e.addPast(d.sides, k.ID, model.Contact{Site: k.ID})
	d.freeze(e.addTwin(&d.acts, d.sides, k.ID, k.Value.Twin))
	return d, nil
}

// units are the employers of a site by their part in it.
type units struct {
	regs           *registers
	owner, general *pick
	add            *pick
	subs           []model.ID
	list           *fyne.Container
	root           fyne.CanvasObject
	changed        func()
}

func (e *Employers) newUnits(v *model.Site, changed func()) *units {
	u := &units{regs: e.regs, subs: slices.Clone(v.Subs), list: container.NewVBox(), changed: changed}
	u.owner = e.regs.newPick(lang.T("sites.owner"), model.KindEmployer, v.Owner, changed)
	u.general = e.regs.newPick(lang.T("sites.general"), model.KindEmployer, v.General, changed)
	u.add = e.regs.newPick(lang.T("sites.sub.add"), model.KindEmployer, "", u.added)
	u.draw()
	box := container.NewVBox(widgets.NewSectionCard(lang.T("sites.units"), widgets.NewFieldGrid(u.owner.Span(), u.general.Span())),
		widgets.NewSectionCard(lang.T("sites.subs"), container.NewVBox(u.list, widgets.NewFieldGrid(u.add.Span()))))
	if len(v.Unmatched) > 0 {
		box.Add(widgets.NewCaption(lang.T("sites.unmatched", "names", strings.Join(v.Unmatched, lang.T("list.comma")))))
	}
	u.root, _ = widgets.NewFormScroll(box)
	return u
}

// added takes the employer just chosen into the list.
func (u *units) added() {
	id := u.add.ID()
	if id == "" {
		return
	}
	if !slices.Contains(u.subs, id) {
		u.subs = append(u.subs, id)
		u.changed()
	}
	u.add.Set("", "")
	u.draw()
}

func (u *units) draw() {
	u.list.RemoveAll()
	for i, id := range u.subs {
		remove := widgets.NewQuietButton(lang.T("sites.sub.remove"), fynetheme.DeleteIcon(), func() {
			u.subs = slices.Delete(slices.Clone(u.subs), i, i+1)
			u.changed()
			u.draw()
		})
		name := widget.NewLabel(u.regs.name(id))
		name.Truncation = fyne.TextTruncateEllipsis
		u.list.Add(widgets.NewBorder(nil, nil, nil, remove, name))
	}
	if len(u.subs) == 0 {
		u.list.Add(widgets.NewCaption(lang.T("sites.sub.none")))
	}
	u.list.Refresh()
}

func (u *units) check() bool {
	a, b, c := u.owner.Check(), u.general.Check(), u.add.Check()
	return a && b && c
}

func (u *units) write(v *model.Site) {
	v.Owner, v.General, v.Subs = u.owner.ID(), u.general.ID(), u.subs
}
