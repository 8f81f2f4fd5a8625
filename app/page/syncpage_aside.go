package page

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// prefHidden lists the changes set aside that somebody has dealt with: the hub
// says only that they still lie there.
const prefHidden = "sync.aside.hidden"

// asideCard lists by record what the hub set aside, with its reason and what to do
// about it; nil when there is nothing.
func (s *Sync) asideCard() fyne.CanvasObject {
	groups := s.aside()
	if len(groups) == 0 {
		return nil
	}
	box := container.NewVBox(widgets.NewCaption(lang.T("sync.aside.text")))
	for _, g := range groups {
		first := g[0]
		row := newLinkRow(line{Tag: lang.T("sync.aside.tag"), Tone: theme.Bad, Title: joined(kindLabel(first.Kind), s.regs.name(first.Record)),
			Text: lang.T("sync.aside.more", "n", len(g)), Note: minuteText(first.Time.In(s.env.Now().Location())),
			Open: func() { openRecord(s.env, first.Kind, first.Record) }})
		hide := widgets.NewQuietButton(lang.T("sync.aside.hide"), nil, func() { s.askHide(g) })
		box.Add(widgets.NewBorder(nil, nil, nil, container.NewCenter(hide), row))
		box.Add(widgets.NewParagraph(lang.Said(first.Reason) + lang.T("sync.stop.sentence") + lang.T(cureKey(first.Reason))))
	}
	return widgets.NewSectionCard(lang.T("sync.aside", "n", len(groups)), box)
}

// aside groups what is set aside by its record, without what is hidden.
func (s *Sync) aside() (groups [][]model.Aside) {
	hidden := strings.Fields(s.env.Prefs.Get(prefHidden))
	at := map[model.ID]int{}
	for _, a := range s.status.Aside {
		if slices.Contains(hidden, string(a.Rev)) {
			continue
		}
		i, ok := at[a.Record]
		if !ok {
			i = len(groups)
			at[a.Record], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], a)
	}
	return groups
}

// asideCures are the cures by what a reason of the hub's says. “文号与” is what it
// says of a number that is not the paper's; a series of numbers (文号序列) that has
// a wrong name is for the one in charge.
var asideCures = []struct{ words, key string }{
	{"无权", "sync.aside.cure.grant"},
	{"上一版本不在", "sync.aside.cure.parent"},
	{"文号与", "sync.aside.cure.number"},
}

// cureKey names what to do about a reason of the hub's.
func cureKey(reason string) string {
	for _, c := range asideCures {
		if strings.Contains(reason, c.words) {
			return c.key
		}
	}
	return "sync.aside.cure"
}

// askHide stops telling of what was dealt with; what is still set aside stays known.
func (s *Sync) askHide(group []model.Aside) {
	dialogs.Confirm(s.env.Host.Window(), dialogs.Question{Title: lang.T("sync.aside.hide"), Text: lang.T("sync.aside.sure"), Verb: lang.T("sync.aside.hide"), Yes: func() {
		hidden := strings.Fields(s.env.Prefs.Get(prefHidden))
		kept := hidden[:0]
		for _, a := range s.status.Aside {
			if slices.Contains(hidden, string(a.Rev)) {
				kept = append(kept, string(a.Rev))
			}
		}
		for _, a := range group {
			kept = append(kept, string(a.Rev))
		}
		s.env.Prefs.Set(prefHidden, strings.Join(kept, " "))
		s.draw()
	}})
}

// toldCard lists what exchanges told people, newest first, until it is read; nil
// when there is nothing. What is told by the list of what is set aside is left out.
func (s *Sync) toldCard() fyne.CanvasObject {
	box := container.NewVBox()
	for _, n := range slices.Backward(s.status.Notes) {
		if slices.ContainsFunc(s.status.Aside, func(a model.Aside) bool { return strings.HasSuffix(n.Text, a.Reason) }) {
			continue
		}
		at := widgets.NewCaption(minuteText(n.At.In(s.env.Now().Location())))
		box.Add(container.NewVBox(at, widgets.NewParagraph(lang.Said(n.Text))))
	}
	if len(box.Objects) == 0 {
		return nil
	}
	read := widgets.NewQuietButton(lang.T("sync.told.clear"), nil, func() {
		s.env.Host.Run(lang.T("sync.told.clear"), func(ctx context.Context, _ func(float64, string)) error { return s.env.Hub.Heard(ctx) }, s.switched)
	})
	return widgets.NewSectionCard(lang.T("sync.told"), box, read)
}
