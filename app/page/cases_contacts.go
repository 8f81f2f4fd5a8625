package page

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// contactBox is the contact log of a case, an employer or a site: who was
// spoken to, when, how, what was said, and what is to be done next.
type contactBox struct {
	env     *Env
	names   *registers
	of      model.Contact // what a new entry belongs to
	list    func(ctx context.Context) ([]kept[model.Contact], error)
	changed func()
	reader  reader
	typed   *talk // the last that was asked for
	body    *fyne.Container
	root    fyne.CanvasObject
}

// newContactBox shows what list finds; changed is called after an entry was
// written and may be nil.
func newContactBox(env *Env, names *registers, of model.Contact, list func(ctx context.Context) ([]kept[model.Contact], error), changed func()) *contactBox {
	b := &contactBox{env: env, names: names, of: of, list: list, changed: changed, body: container.NewVBox()}
	b.root, _ = widgets.NewFormScroll(widgets.NewSectionCard(lang.T("contacts.title"), b.body,
		widgets.NewQuietButton(lang.T("contacts.new"), fynetheme.ContentAddIcon(), b.add)))
	return b
}

// reload reads the log off the window.
func (b *contactBox) reload() {
	var list []kept[model.Contact]
	b.reader.read(b.env, "", func(ctx context.Context) (err error) {
		list, err = b.list(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		b.show(list)
	})
}

func (b *contactBox) show(list []kept[model.Contact]) {
	b.body.RemoveAll()
	lines := make([]line, 0, len(list)+1)
	if l, ok := b.draftLine(); ok {
		lines = append(lines, l)
	}
	for _, k := range list {
		lines = append(lines, b.line(k))
	}
	if len(lines) == 0 {
		b.body.Add(widgets.NewCaption(lang.T("contacts.empty")))
	}
	b.body.Add(folded(lines))
	b.body.Refresh()
}

// line is one talk: what was said wraps, so that nothing of it is hidden.
func (b *contactBox) line(k kept[model.Contact]) line {
	c := k.Value
	l := line{Tag: wayLabel(c.Way), Tone: theme.Neutral, Title: c.Person, Text: joined(c.Role, minuteText(c.At), b.names.name(c.By)), Note: c.Said, Wrap: true,
		Open: func() { b.edit(k) }}
	if c.Next != "" {
		l.Note += "\n" + lang.T("contacts.next.line", "next", c.Next, "state", stateLabel(c.State))
		l.Tone = stateTone(c.State)
	}
	if c.State == model.ContactOpen && c.NextBy != "" {
		l.Note += "　" + dueText(c.NextBy, b.env.Now())
		l.Tone = dueTone(c.NextBy, b.env.Now())
	}
	return l
}

func wayLabel(way string) string {
	for i, w := range model.ContactWays() {
		if w == way {
			return lang.T("contacts.way." + string(rune('1'+i)))
		}
	}
	return way
}

// talk is the form of an entry.
type talk struct {
	box          *contactBox
	k            kept[model.Contact]
	way          *widgets.Select
	at, by       *widgets.DateField
	person, role *widgets.Entry
	phone        *widgets.Entry
	said, next   *widgets.Entry
	fields       map[string]*widgets.Field
	again        func() // lays the dialog again
	draft        *draft
}

func (b *contactBox) add() {
	c := b.of
	c.At, c.Way = b.env.Now().Truncate(time.Minute), model.ContactCall
	b.edit(kept[model.Contact]{Value: &c})
}

// edit asks for the talk and writes it down. What was typed before and not
// written down stands there again.
func (b *contactBox) edit(k kept[model.Contact]) {
	if b.typed != nil {
		b.typed.draft.flush()
	}
	t := b.newTalk(k)
	b.typed = t
	f := t.fields
	var body fyne.CanvasObject
	body, t.again = dialogForm(620, 380, widgets.NewFieldGrid(f["person"], f["role"], f["way"], f["at"], f["phone"], f["said"], f["next"], f["by"]))
	t.keepDraft()
	before, again := b.draftOf(k)
	if again {
		t.takeUp(before)
	}
	dialogs.Custom(b.env.Host.Window(), lang.T("contacts.title"), body, t.person, func(shut func()) []widgets.Action {
		out := []widgets.Action{{Label: lang.T("contacts.save"), Primary: true, Do: func() {
			if c, ok := t.value(); ok {
				b.write(t, c, shut)
			}
		}}}
		if again {
			out = append([]widgets.Action{{Label: lang.T("contacts.anew"), Do: func() {
				shut()
				t.draft.drop()
				b.dropDraft(k.ID)
				b.reload()
				b.edit(k)
			}}}, out...)
		}
		if k.ID != "" && k.Value.State == model.ContactOpen {
			out = append([]widgets.Action{{Label: lang.T("contacts.done"), Do: func() { shut(); b.followUp(k.ID) }}}, out...)
		}
		return out
	})
}

func (b *contactBox) newTalk(k kept[model.Contact]) *talk {
	c := k.Value
	t := &talk{box: b, k: k, at: widgets.NewDateTimeField(b.env.Now), by: widgets.NewDateField(b.env.Now), said: widgets.NewMultiLine(4), next: widgets.NewMultiLine(2)}
	var ways []widgets.Option
	for _, w := range model.ContactWays() {
		ways = append(ways, widgets.Option{Key: w, Label: wayLabel(w)})
	}
	t.way = widgets.NewSelect(ways, nil)
	t.way.SetKey(c.Way)
	text := func(value string) *widgets.Entry {
		e := widgets.NewEntry()
		e.SetText(value)
		return e
	}
	t.person, t.role, t.phone = text(c.Person), text(c.Role), text(c.Phone)
	t.said.SetText(c.Said)
	t.next.SetText(c.Next)
	t.at.SetValue(c.At)
	t.by.SetValue(c.NextBy.Time(b.env.Now().Location()))
	t.fields = map[string]*widgets.Field{"way": widgets.NewField(lang.T("contacts.way"), t.way).Star(), "at": widgets.NewField(lang.T("contacts.at"), t.at).Star(),
		"person": widgets.NewField(lang.T("contacts.person"), t.person).Star(), "role": widgets.NewField(lang.T("contacts.role"), t.role),
		"phone": widgets.NewField(lang.T("contacts.phone"), t.phone).Span(), "said": widgets.NewField(lang.T("contacts.said"), t.said).Star().Span(),
		"next": widgets.NewField(lang.T("contacts.next"), t.next).Span(), "by": widgets.NewField(lang.T("contacts.by"), t.by).Span()}
	t.person.OnChanged = func(string) { t.fields["person"].SetError("") }
	t.said.OnChanged = func(string) { t.fields["said"].SetError("") }
	t.phone.OnChanged = func(text string) {
		t.fields["phone"].SetHint(doubt(statute.CheckPhone(text), text))
		t.again()
	}
	return t
}

// value is the entry as typed; what is missing is shown otherwise.
func (t *talk) value() (model.Contact, bool) {
	c := *t.k.Value
	at, err1 := t.at.Value()
	by, err2 := t.by.Value()
	for name, wrong := range map[string]bool{"person": t.person.Text == "", "said": t.said.Text == "", "way": t.way.Key() == "",
		"at": err1 != nil || at.IsZero() || at.After(t.box.env.Now()), "by": err2 != nil || !by.IsZero() && t.next.Text == ""} {
		problem := ""
		if wrong {
			problem = lang.T("contacts." + name + ".wrong")
		}
		t.fields[name].SetError(problem)
	}
	t.again()
	for _, f := range t.fields {
		if f.Error() != "" {
			return c, false
		}
	}
	c.At, c.Way, c.Person, c.Role, c.Phone, c.Said, c.Next, c.NextBy = at, t.way.Key(), t.person.Text, t.role.Text, t.phone.Text, t.said.Text, t.next.Text, ""
	if !by.IsZero() {
		c.NextBy = model.DateOf(by)
	}
	return c, true
}

// write keeps an entry and shuts its dialog; what was typed stays when it
// cannot be kept.
func (b *contactBox) write(t *talk, c model.Contact, shut func()) {
	b.env.Host.Run(lang.T("contacts.save"), func(ctx context.Context, _ func(float64, string)) error {
		_, err := b.env.Desk.NoteContact(ctx, t.k.ID, t.k.Rev, c)
		return err
	}, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		shut()
		t.draft.drop()
		b.dropDraft(t.k.ID)
		b.written(lang.T("contacts.saved"))
	})
}

func (b *contactBox) followUp(id model.ID) {
	b.env.Host.Run(lang.T("contacts.done"), func(ctx context.Context, _ func(float64, string)) error { return b.env.Desk.FollowUp(ctx, id) }, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		b.written(lang.T("contacts.done"))
	})
}

func (b *contactBox) written(text string) {
	b.env.Host.Toast(text, theme.Good)
	b.reload()
	if b.changed != nil {
		b.changed()
	}
}

// contactsOf is the log of a case.
func contactsOf(env *Env, of model.ID) func(ctx context.Context) ([]kept[model.Contact], error) {
	return func(ctx context.Context) ([]kept[model.Contact], error) {
		return readList[model.Contact](ctx, env, model.Query{Case: of, Limit: mostRows})
	}
}
