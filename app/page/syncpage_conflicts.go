package page

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
)

// Which side of a conflict is taken for a field.
const (
	takeOurs   = "ours"
	takeTheirs = "theirs"
)

// ConflictArg begins the argument that opens a conflict on the sync page's
// place; the revision of the other side follows.
const ConflictArg = "conflict:"

// Conflict is the page of one record two officers changed at once: what stood
// before, here and there, field by field, and which of them is to stand.
type Conflict struct {
	env    *Env
	regs   *registers
	theirs string // revision of the other side
	of     model.Conflict
	sides  []casework.Side
	hands  hands
	picks  []*widgets.Segments
	body   *fyne.Container
	acts   acts
}

// NewConflict reads the conflict whose other side arg names.
func NewConflict(env *Env, arg string) *Conflict {
	p := &Conflict{env: env, regs: newRegisters(env), theirs: strings.TrimPrefix(arg, ConflictArg), body: container.NewStack(), acts: acts{env: env}}
	p.env.Host.Run(lang.T("sync.compare"), func(ctx context.Context, _ func(float64, string)) error {
		list, err := env.Hub.Conflicts(ctx)
		if err != nil {
			return err
		}
		for _, c := range list {
			if string(c.Theirs) == p.theirs {
				p.of = c
				p.sides, err = env.Desk.Sides(ctx, c)
			}
		}
		if err == nil && p.of.Record != "" {
			p.hands, err = handsOn(ctx, env, p.of)
		}
		return err
	}, func(err error) {
		if err != nil {
			showError(env, err)
		}
		p.show()
	})
	return p
}

// show lays the sides open; one that is settled already leads back.
func (p *Conflict) show() {
	if p.of.Record == "" {
		p.body.Objects = []fyne.CanvasObject{widgets.NewEmptyState(nil, lang.T("sync.conflict.gone"), widgets.Action{Label: lang.T("sync.conflict.back"), Primary: true, Do: p.back})}
		p.body.Refresh()
		p.env.Host.ShowActions()
		return
	}
	labels := conflictLabels(p.env, p.of)
	box := container.NewVBox(widgets.NewPageTitle(joined(kindLabel(p.of.Kind), p.regs.name(p.of.Record))), widgets.NewParagraph(lang.T("sync.compare.text")))
	for _, side := range p.sides {
		pick := widgets.NewSegments([]widgets.Option{{Key: takeOurs, Label: lang.T("sync.take.ours")}, {Key: takeTheirs, Label: lang.T("sync.take.theirs")}}, nil)
		pick.SetKey(takeOurs)
		p.picks = append(p.picks, pick)
		box.Add(sideCard(p.regs, labels(side.Field), side, p.hands, pick))
	}
	scroll, _ := widgets.NewFormScroll(container.NewPadded(box))
	p.body.Objects = []fyne.CanvasObject{scroll}
	p.body.Refresh()
	p.env.Host.ShowActions()
	p.FocusFirst()
}

// Title implements shell.Page.
func (p *Conflict) Title() string { return lang.T("sync.compare") }

// Content implements shell.Page.
func (p *Conflict) Content() fyne.CanvasObject { return p.body }

// Actions implements shell.Acter.
func (p *Conflict) Actions() []widgets.Action {
	back := widgets.Action{Label: lang.T("sync.conflict.back"), Icon: fynetheme.NavigateBackIcon(), Do: p.back}
	if p.of.Record == "" {
		return []widgets.Action{back}
	}
	all := func(key string) func() {
		return func() {
			for _, pick := range p.picks {
				pick.SetKey(key)
			}
		}
	}
	return []widgets.Action{{Label: lang.T("sync.settle"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: p.Submit},
		{Label: lang.T("sync.take.all.ours"), Do: all(takeOurs)}, {Label: lang.T("sync.take.all.theirs"), Do: all(takeTheirs)},
		{Label: lang.T("sync.conflict.open"), Do: func() { openRecord(p.env, p.of.Kind, p.of.Record) }}, back}
}

func (p *Conflict) back() { p.env.Host.Go("sync", "") }

// FocusFirst puts the keyboard on the first choice.
func (p *Conflict) FocusFirst() {
	if len(p.picks) > 0 {
		widgets.Focus(p.picks[0])
	}
}

// Submit ends the conflict with what was chosen.
func (p *Conflict) Submit() {
	if p.of.Record == "" {
		return
	}
	p.acts.does("sync.settle", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, p.env.Desk.Settle(ctx, p.of, theirsOf(p.sides, p.picks)...)
	}, p.back)
}

// The room of a comparison in a dialog: some two fields at a time, readable.
const (
	compareHeight = 300
	compareWidth  = 560
)

// theirsOf are the fields for which the other side was chosen.
func theirsOf(sides []casework.Side, picks []*widgets.Segments) (out []string) {
	for i, p := range picks {
		if p.Key() == takeTheirs {
			out = append(out, sides[i].Field)
		}
	}
	return out
}

// hands are who wrote the versions of a conflict and when, in words.
type hands struct{ base, ours, theirs string }

// handsOn reads them from the history of the record; a base that never came here
// has none. The own version is the head, whatever has been done since.
func handsOn(ctx context.Context, env *Env, c model.Conflict) (h hands, err error) {
	head, err := env.Desk.Journal.Head(ctx, c.Record)
	if err != nil {
		return h, err
	}
	revs, err := env.Desk.Journal.History(ctx, c.Record)
	names := newRegisters(env)
	for _, r := range revs {
		text := joined(names.name(r.Author), minuteText(r.Time.In(env.Now().Location())))
		switch r.Rev {
		case c.Base:
			h.base = text
		case c.Theirs:
			h.theirs = text
		case head.Rev:
			h.ours = text
		}
	}
	return h, err
}

// sideCard shows a field's three versions with who wrote them, beside one another
// where there is room, and the choice between two of them.
func sideCard(names *registers, label string, side casework.Side, by hands, pick *widgets.Segments) fyne.CanvasObject {
	version := func(key, by string, raw json.RawMessage) *widgets.Field {
		f := shownField(joined(lang.T(key), by), memberText(names, side.Field, raw))
		f.Share = 4
		f.SetLabel(f.Label(), false) // above the text now
		return f
	}
	return widgets.NewSectionCard(label, widgets.NewFieldGrid(version("sync.side.base", by.base, side.Base), version("sync.side.ours", by.ours, side.Ours),
		version("sync.side.theirs", by.theirs, side.Theirs), widgets.NewField(lang.T("sync.take"), pick).Span()))
}

// conflictLabels names the fields of a record as its form does, or as papers do;
// an answer of the checklist as the checklist asks it.
func conflictLabels(env *Env, c model.Conflict) func(field string) string {
	labels := map[string]string{}
	for id, prefix := range map[string]string{string(c.Kind): "", "checklist": "checklist.", daybookOf(env, c.Record): "fields."} {
		if form, err := env.Form(id); err == nil {
			form.Each(func(q *forms.Question) { labels[prefix+q.Name] = q.Label.In(formLanguage()) })
		}
	}
	return func(field string) string {
		if l := labels[field]; l != "" {
			return l
		}
		return paperLabel(strings.TrimPrefix(field, "fields."))
	}
}

// memberText writes a member of a record for a person: names for ids, yuan for
// fen, the text itself for a text.
func memberText(names *registers, field string, raw json.RawMessage) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if len(raw) == 0 || d.Decode(&v) != nil || v == nil || v == "" {
		return lang.T("sync.side.none")
	}
	return plainMember(names, field, v)
}

func plainMember(names *registers, field string, v any) string {
	switch v := v.(type) {
	case string:
		if id, err := model.ParseID(v); err == nil {
			return names.name(id)
		}
		return v
	case bool:
		return lang.T("sync.bool." + strconv.FormatBool(v))
	case json.Number:
		if n, err := v.Int64(); err == nil && strings.HasSuffix(field, "_fen") {
			return yuan(n)
		}
		return v.String()
	case []any:
		return plainList(names, field, v)
	case map[string]any:
		var words []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text := plainMember(names, name, v[name]); text != "" {
				words = append(words, paperLabel(name)+" "+text)
			}
		}
		return strings.Join(words, lang.T("sync.comma"))
	}
	return lang.T("sync.side.none")
}

// plainList writes rows below one another, each with its number, and plain
// items in one line.
func plainList(names *registers, field string, list []any) string {
	rows := slices.ContainsFunc(list, func(one any) bool { _, row := one.(map[string]any); return row })
	words := make([]string, len(list))
	for i, one := range list {
		words[i] = plainMember(names, field, one)
		if rows {
			words[i] = strconv.Itoa(i+1) + ". " + words[i]
		}
	}
	if rows {
		return strings.Join(words, "\n")
	}
	return strings.Join(words, lang.T("sync.comma"))
}
