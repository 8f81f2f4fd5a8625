package page

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
)

// kindShown is the kind of the list in front.
func (e *Employers) kindShown() model.Kind {
	if e.at == tabSites {
		return model.KindSite
	}
	return model.KindEmployer
}

// findAlike looks for records of one employer or site under two entries and
// shows them, two by two.
func (e *Employers) findAlike() {
	e.list.guard(func() {
		var list []casework.Likeness
		title, kind := lang.T("employers.alike"), e.kindShown()
		watched(e.env, title, func(ctx context.Context, _ func(float64, string)) (err error) {
			list, err = e.env.Desk.Alike(ctx, kind)
			return err
		}, func() { e.showAlike(list) })
	}, nil)
}

// mostPairs is how many pairs are shown at a time; merged ones make room.
const mostPairs = 100

func (e *Employers) showAlike(list []casework.Likeness) {
	if len(list) == 0 {
		e.env.Host.Toast(lang.T("employers.alike.none"), theme.Good)
		return
	}
	var shut func()
	rows := container.NewVBox()
	for _, l := range list[:min(len(list), mostPairs)] {
		rows.Add(newLinkRow(line{Tag: lang.T("employers.alike." + l.Why[0]), Tone: alikeTone(l.Why[0]), Title: l.EarlierName, Text: l.LaterName,
			Note: whyAlike(l.Why), Wrap: true, Open: func() { shut(); e.compare(l.Earlier, l.Later) }}))
	}
	scroll, _ := widgets.NewFormScroll(rows)
	head := widgets.NewParagraph(lang.T("employers.alike.text", "n", len(list)))
	body := widgets.NewBorder(head, nil, nil, nil, widgets.AtLeast(compareWidth, compareHeight, scroll))
	first, _ := rows.Objects[0].(fyne.Focusable)
	dialogs.Custom(e.env.Host.Window(), lang.T("employers.alike"), body, first, func(closeIt func()) []widgets.Action {
		shut = closeIt
		return []widgets.Action{{Label: lang.T("employers.compare"), Primary: true, Do: func() { closeIt(); e.compare(list[0].Earlier, list[0].Later) }}}
	})
}

func alikeTone(why string) theme.Tone {
	if why == casework.SameCode || why == casework.SameNumber {
		return theme.Bad
	}
	return theme.Warning
}

func whyAlike(why []string) string {
	words := make([]string, len(why))
	for i, w := range why {
		words[i] = lang.T("employers.alike.why." + w)
	}
	return strings.Join(words, lang.T("sync.comma"))
}

// compare lays two records beside one another, to be merged or told apart.
func (e *Employers) compare(a, b model.ID) {
	var c casework.Comparison
	e.env.Host.Run(lang.T("employers.compare"), func(ctx context.Context, _ func(float64, string)) (err error) {
		c, err = e.env.Desk.Compare(ctx, a, b)
		return err
	}, func(err error) {
		if err != nil {
			showError(e.env, err)
			return
		}
		e.choose(c)
	})
}

// choose shows what both say, field by field; what differs is chosen.
func (e *Employers) choose(c casework.Comparison) {
	labels := e.labelsOf(c.Kind)
	box := container.NewVBox(widgets.NewParagraph(lang.T("employers.merge.text", "earlier", nameOf(c.Earlier), "later", nameOf(c.Later))))
	picks := make([]*widgets.Segments, len(c.Fields))
	for i, f := range c.Fields {
		picks[i] = widgets.NewSegments([]widgets.Option{{Key: takeOurs, Label: lang.T("employers.merge.earlier")}, {Key: takeTheirs, Label: lang.T("employers.merge.later")}}, nil)
		picks[i].SetKey(takeOurs)
		if f.TakeLater {
			picks[i].SetKey(takeTheirs)
		}
		box.Add(widgets.NewSectionCard(labels(f.Name), widgets.NewFieldGrid(shownField(lang.T("employers.merge.earlier"), memberText(e.regs, f.Name, f.Earlier)).Span(),
			shownField(lang.T("employers.merge.later"), memberText(e.regs, f.Name, f.Later)).Span(), widgets.NewField(lang.T("sync.take"), picks[i]).Span())))
	}
	if len(c.Fields) == 0 {
		box.Add(widgets.NewCaption(lang.T("employers.merge.same")))
	}
	scroll, _ := widgets.NewFormScroll(box)
	var first fyne.Focusable
	if len(picks) > 0 {
		first = picks[0]
	}
	dialogs.Custom(e.env.Host.Window(), lang.T("employers.merge.title"), widgets.AtLeast(compareWidth, compareHeight, scroll), first, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("employers.distinct"), Do: func() { shut(); e.distinguish(c) }},
			{Label: lang.T("employers.merge"), Primary: true, Do: func() { shut(); e.merge(c, picks) }}}
	})
}

// merge makes the two one and offers to take it back.
func (e *Employers) merge(c casework.Comparison, picks []*widgets.Segments) {
	var later []string
	for i, p := range picks {
		if p.Key() == takeTheirs {
			later = append(later, c.Fields[i].Name)
		}
	}
	var m casework.Merged
	e.change(lang.T("employers.merge"), func(ctx context.Context) (err error) {
		m, err = e.env.Desk.MergeRegisters(ctx, c, later...)
		return err
	}, func() {
		e.env.Host.ToastUndo(lang.T("employers.merge.done", "later", nameOf(c.Later), "earlier", nameOf(c.Earlier)), func() { e.unmerge(m) })
		e.open(c.Earlier.ID)
	})
}

func (e *Employers) unmerge(m casework.Merged) {
	e.change(lang.T("toast.undo"), func(ctx context.Context) error { return e.env.Desk.Unmerge(ctx, m) }, func() {
		e.env.Host.Toast(lang.T("employers.separate.done"), theme.Good)
		e.open(m.Later)
	})
}

func (e *Employers) distinguish(c casework.Comparison) {
	e.change(lang.T("employers.distinct"), func(ctx context.Context) error { return e.env.Desk.Distinguish(ctx, c.Earlier.ID, c.Later.ID) },
		func() { e.env.Host.Toast(lang.T("employers.distinct.done"), theme.Good) })
}

// separate makes a merged record stand for itself again.
func (e *Employers) separate(id model.ID) {
	e.change(lang.T("employers.separate"), func(ctx context.Context) error { return e.env.Desk.Separate(ctx, id) }, func() {
		e.env.Host.Toast(lang.T("employers.separate.done"), theme.Good)
		e.open(id)
	})
}

// change does an act on the register off the window.
func (e *Employers) change(title string, act func(ctx context.Context) error, then func()) {
	e.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return act(ctx) }, func(err error) {
		if err != nil {
			showError(e.env, err)
			return
		}
		e.regs.forget()
		then()
	})
}

// open shows a record of the list in front.
func (e *Employers) open(id model.ID) {
	if tab := e.tabOf(string(id)); tab != e.at {
		e.show(tab, string(id))
		return
	}
	e.list.Show(id)
}

// addTwin says of a merged record which one stands for it, and lets it be
// separated again; it tells whether the record is only to be read.
func (e *Employers) addTwin(acts *[]widgets.Action, p *sides, id model.ID, t model.Twin) (readOnly bool) {
	if t.MergedInto == "" {
		return false
	}
	*acts = append(*acts, widgets.Action{Label: lang.T("employers.separate"), Icon: fynetheme.ContentUndoIcon(), Do: func() { e.separate(id) }})
	words := line{Tag: stateLabel(model.RegisterMerged), Title: e.regs.name(t.MergedInto), Note: lang.T("employers.merged.into"), Wrap: true,
		Open: func() { e.env.Host.Go("employers", string(t.MergedInto)) }}
	if t.StandsFor(id) == "" { // two laptops linked both ways: the earlier stands
		words.Note = lang.T("employers.merged.stands")
	}
	p.Banner(widgets.NewCard(newLinkRow(words)))
	return t.StandsFor(id) != ""
}

// named is a name in the list, of a merged record with the one that stands for it.
func (e *Employers) named(name string, id model.ID, t model.Twin) string {
	if t.StandsFor(id) == "" {
		return name
	}
	return lang.T("employers.merged.row", "name", name, "into", e.regs.name(id))
}

// labelsOf names the members of a kind as its form does.
func (e *Employers) labelsOf(kind model.Kind) func(string) string {
	words := map[string]string{"owner": lang.T("sites.owner"), "general": lang.T("sites.general"), "subs": lang.T("sites.subs"), "unmatched": lang.T("sites.unmatched.short")}
	if form, err := e.env.Form(string(kind)); err == nil {
		form.Each(func(q *forms.Question) { words[q.Name] = q.Label.In(formLanguage()) })
	}
	return func(name string) string {
		if w := words[name]; w != "" {
			return w
		}
		return filepath.Base(name)
	}
}
