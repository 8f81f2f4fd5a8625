package page

import (
	"context"
	"errors"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// mostFound is how many records a look-up offers.
const mostFound = 8

// registers looks up the records that others refer to, and names them. Lists
// are read off the window, so names are asked for from several goroutines.
type registers struct {
	env   *Env
	mu    sync.Mutex
	names map[model.ID]string
}

func newRegisters(env *Env) *registers { return &registers{env: env, names: map[model.ID]string{}} }

// name is a record as a list names it: an employer's, a site's or a person's
// name, a case's number. "" for none; an id that leads nowhere is said so.
func (r *registers) name(id model.ID) string {
	if id == "" {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n, ok := r.names[id]; ok {
		return n
	}
	h, err := r.standing(id)
	n := lang.T("register.missing")
	if err == nil {
		n = nameOf(h)
	}
	if err == nil || errors.Is(err, model.ErrNotFound) {
		r.names[id] = n
	}
	return n
}

// standing is the head of a record, of a merged one that of the record that
// stands for it.
func (r *registers) standing(id model.ID) (model.Head, error) {
	h, err := r.env.Desk.Journal.Head(context.Background(), id)
	if err != nil || h.Summary.State != model.RegisterMerged {
		return h, err
	}
	stands, err := r.env.Desk.Standing(context.Background(), id)
	if err != nil || stands == id {
		return h, err
	}
	return r.env.Desk.Journal.Head(context.Background(), stands)
}

func nameOf(h model.Head) string {
	rec, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return lang.T("register.missing")
	}
	switch v := rec.(type) {
	case *model.Employer:
		return v.Name
	case *model.Site:
		return v.Name
	case *model.Officer:
		return v.Name
	case *model.Case:
		return v.Number + " " + v.Cause
	case *model.Document:
		return v.Title
	case *model.Entry:
		return v.Text(model.EntryTitle)
	case *model.Evidence:
		return v.Name
	case *model.Draw:
		return v.Name
	case *model.Payment:
		return joined(string(v.On), yuan(v.AmountFen))
	}
	return string(h.ID)
}

// forget drops the names, after something was edited.
func (r *registers) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.names)
}

// search offers the records of a kind that a text finds; a short text offers
// the newest.
func (r *registers) search(kind model.Kind) func(text string) []widgets.Option {
	return func(text string) []widgets.Option {
		heads, err := r.env.Desk.Journal.List(context.Background(), model.Query{Kind: kind, Text: text, Limit: mostFound})
		if err != nil {
			r.env.Host.Say(lang.T("register.unread"))
			return nil
		}
		var out []widgets.Option
		for _, h := range heads {
			if h.Summary.State == model.RegisterMerged { // its name leads to the record that stands for it
				if stands, err := r.standing(h.ID); err == nil {
					h = stands
				}
			}
			o := widgets.Option{Key: string(h.ID), Label: nameOf(h)}
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
		return out
	}
}

// officers lists everybody, who may act today first; the label says why
// somebody may not.
func (r *registers) officers() ([]widgets.Option, error) {
	list, err := readAll[model.Officer](r.env, model.Query{Limit: mostRows})
	if err != nil {
		return nil, err
	}
	var may, not []widgets.Option
	for _, k := range slices.Backward(list) {
		label := k.Value.Name + "　" + k.Value.CertNo
		if ok, _ := statute.Certified(*k.Value, r.env.Now()); ok {
			may = append(may, widgets.Option{Key: string(k.ID), Label: label})
		} else {
			not = append(not, widgets.Option{Key: string(k.ID), Label: lang.T("register.uncertified", "name", label)})
		}
	}
	return append(may, not...), nil
}

// pick is a form field that holds another record, chosen by search.
type pick struct {
	*widgets.Field
	input *widgets.SearchField
	id    model.ID
	// party is whose site a new one is, before somebody says otherwise; nil: nobody's.
	party func() model.ID
}

// newPick makes the field for records of a kind; changed may be nil.
func (r *registers) newPick(label string, kind model.Kind, id model.ID, changed func()) *pick {
	p := &pick{id: id}
	p.input = widgets.NewSearchField(r.search(kind), func(o widgets.Option) {
		p.id = model.ID(o.Key)
		p.SetError("")
		if changed != nil {
			changed()
		}
	})
	p.input.OnMoved = p.settle
	if words := registering[kind]; words != "" {
		p.input.Offer = func(text string) string { return lang.T(words, "name", text) }
		p.input.OnNew = func(text string) { r.registerNew(p, kind, text, changed) }
	}
	p.Field = widgets.NewField(label, p.input.Root)
	p.input.SetText(r.name(id))
	return p
}

// ID is the record chosen, "" for none.
func (p *pick) ID() model.ID { return p.id }

// Set shows a record as chosen.
func (p *pick) Set(id model.ID, name string) {
	p.id = id
	p.input.SetText(name)
}

// Loose tells whether something was typed that names no record: that must be
// said before it is lost.
func (p *pick) Loose() bool { return p.id == "" && p.input.Entry.Text != "" }

// Check shows what is wrong with the choice and tells whether it is right.
func (p *pick) Check() bool {
	p.SetError("")
	switch {
	case p.Loose():
		p.SetError(lang.T("register.loose"))
	case p.id == "" && p.Required():
		p.SetError(lang.T("register.required"))
	default:
		return true
	}
	return false
}

// settle gives the field the room it needs now.
func (p *pick) settle() { widgets.LayOutAround(p.input.Root) }

// checkPicks checks choices and puts the keyboard on the first that is wrong; it
// tells whether none is.
func checkPicks(picks ...*pick) bool {
	var first *pick
	for _, p := range picks {
		if !p.Check() && first == nil {
			first = p
		}
	}
	if first == nil {
		return true
	}
	widgets.Focus(first.input.Focusable())
	first.settle()
	return false
}

// Freeze makes the choice read only.
func (p *pick) Freeze() { p.input.Entry.Disable() }

// pair is the two officers of an act.
type pair struct {
	a, b   *widgets.Select
	fields []*widgets.Field
}

// newPair makes the two fields.
func (r *registers) newPair(ids []model.ID, changed func()) (*pair, error) {
	options, err := r.officers()
	if err != nil {
		return nil, err
	}
	picked := func(string) {
		if changed != nil {
			changed()
		}
	}
	p := &pair{a: widgets.NewSelect(options, picked), b: widgets.NewSelect(options, picked)}
	for i, s := range []*widgets.Select{p.a, p.b} {
		if i < len(ids) {
			s.SetKey(string(ids[i]))
		}
	}
	p.fields = []*widgets.Field{widgets.NewField(lang.T("officers.a"), p.a).Star(), widgets.NewField(lang.T("officers.b"), p.b).Star()}
	return p, nil
}

// proposePair are the officers of a new act: who works here and, where the office
// has no third, the other one.
func proposePair(all []widgets.Option, here model.ID) []model.ID {
	others := slices.DeleteFunc(slices.Clone(all), func(o widgets.Option) bool { return o.Key == string(here) })
	switch {
	case len(others) == len(all): // no officer of the register
		return nil
	case len(others) == 1:
		return []model.ID{here, model.ID(others[0].Key)}
	}
	return []model.ID{here}
}

// newOwnPair makes the two fields of a new act with the officers proposed for it.
func (r *registers) newOwnPair(changed func()) (*pair, error) {
	all, err := r.officers()
	if err != nil {
		return nil, err
	}
	return r.newPair(proposePair(all, r.env.Desk.Officer()), changed)
}

// IDs are the officers chosen, in order.
func (p *pair) IDs() (out []model.ID) {
	for _, s := range []*widgets.Select{p.a, p.b} {
		if k := s.Key(); k != "" {
			out = append(out, model.ID(k))
		}
	}
	return out
}

// Check shows what is missing and tells whether nothing is.
func (p *pair) Check() bool {
	ok := true
	for i, s := range []*widgets.Select{p.a, p.b} {
		p.fields[i].SetError("")
		if s.Key() == "" {
			p.fields[i].SetError(lang.T("officers.missing"))
			ok = false
		}
	}
	if ok && p.a.Key() == p.b.Key() {
		p.fields[1].SetError(lang.T("officers.same"))
		ok = false
	}
	return ok
}

// Freeze makes the choice read only.
func (p *pair) Freeze() {
	for _, s := range []fyne.Disableable{p.a, p.b} {
		s.Disable()
	}
}
