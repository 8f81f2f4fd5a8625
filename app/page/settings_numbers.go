package page

import (
	"context"
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// yearBrackets are the pairs that may stand around the year of a number; the
// first is the standard's and the catalogue's.
var yearBrackets = []string{"〔〕", "【】", "[]", "()"}

// numbering is the side of the settings on how the office writes its numbers.
type numbering struct {
	reading
	env  *Env
	box  *fyne.Container
	acts *acts
}

func newNumbering(env *Env) *numbering {
	n := &numbering{env: env, box: container.NewVBox(), acts: &acts{env: env}}
	root, _ := widgets.NewFormScroll(container.NewPadded(n.box))
	n.content = root
	n.refresh()
	return n
}

func (n *numbering) refresh() {
	k, err := n.env.Desk.Office(context.Background())
	if err != nil {
		showError(n.env, err)
		return
	}
	n.box.Objects = []fyne.CanvasObject{n.brackets(k.Value), n.patterns(k.Value), n.titles(k)}
	n.box.Refresh()
}

// brackets chooses the pair around the year, for all numbers.
func (n *numbering) brackets(v *model.Office) fyne.CanvasObject {
	options := make([]widgets.Option, len(yearBrackets))
	for i, pair := range yearBrackets {
		r := []rune(pair)
		options[i] = widgets.Option{Key: pair, Label: string(r[0]) + "2026" + string(r[1])}
	}
	now := v.Brackets
	if now == "" {
		now = yearBrackets[0]
	}
	pick := widgets.NewSegments(options, nil)
	pick.SetKey(now)
	pick.OnPicked = func(pair string) {
		if pair == "" || pair == now {
			pick.SetKey(now)
			return
		}
		n.set(v.Patterns, pair)
	}
	field := widgets.NewField(lang.T("numbering.brackets"), pick).Span()
	field.SetHint(lang.T("numbering.brackets.hint"))
	return widgets.NewSectionCard(lang.T("numbering.year"), widgets.NewFieldGrid(field))
}

// patterns lists each type of paper with the number it would get.
func (n *numbering) patterns(v *model.Office) fyne.CanvasObject {
	var lines []line
	for _, row := range n.env.Desk.Law.Catalogue(n.env.Now(), v.Region).All() {
		own := v.Patterns[row.ID]
		example, err := n.env.Desk.NumberExample(v, row.ID, own, v.Brackets)
		if err != nil || example == "" {
			continue // types without a number; an own pattern was checked when it was set
		}
		l := line{Tag: lang.T("numbering.standard"), Tone: theme.Neutral, Title: example, Text: row.Title, Open: func() { n.ask(v, row.ID, row.Title, row.Number.Template) }}
		if own != "" {
			l.Tag, l.Tone = lang.T("numbering.own"), theme.Info
		}
		lines = append(lines, l)
	}
	return widgets.NewSectionCard(lang.T("numbering.patterns"), container.NewVBox(widgets.NewCaption(lang.T("numbering.patterns.text")), rowsOf(lines)))
}

// titles lists each type of paper with the title this office gives it.
func (n *numbering) titles(k kept[model.Office]) fyne.CanvasObject {
	var lines []line
	for _, row := range n.env.Desk.Law.Catalogue(n.env.Now(), k.Value.Region).All() {
		own := k.Value.Titles[row.ID]
		l := line{Tag: lang.T("numbering.standard"), Tone: theme.Neutral, Title: row.Title, Text: row.ID, Open: func() { n.askTitle(k, row.ID, row.Title) }}
		if own != "" {
			l.Tag, l.Tone, l.Title = lang.T("numbering.own"), theme.Info, own
		}
		lines = append(lines, l)
	}
	return widgets.NewSectionCard(lang.T("numbering.titles"), container.NewVBox(widgets.NewCaption(lang.T("numbering.titles.text")), rowsOf(lines)))
}

// askTitle asks what the office calls a type; empty takes the usual title.
func (n *numbering) askTitle(k kept[model.Office], docType, usual string) {
	dialogs.Ask(n.env.Host.Window(), dialogs.Prompt{Title: usual, Label: lang.T("numbering.title"), Hint: lang.T("numbering.title.hint"),
		Value: k.Value.Titles[docType], Verb: lang.T("page.save"), OK: func(text string) {
			v := *k.Value
			v.Titles = map[string]string{}
			maps.Copy(v.Titles, k.Value.Titles)
			delete(v.Titles, docType)
			if text = strings.TrimSpace(text); text != "" {
				v.Titles[docType] = text
			}
			n.acts.does("numbering.set", func(ctx context.Context) ([]casework.Reason, error) {
				_, err := n.env.Desk.Save(ctx, k.ID, k.Rev, &v)
				return nil, err
			}, n.refresh)
		}})
}

// ask asks for the pattern of a type; empty takes the catalogue's again.
func (n *numbering) ask(v *model.Office, docType, title, standard string) {
	own := v.Patterns[docType]
	if own == "" {
		own = standard
	}
	dialogs.Ask(n.env.Host.Window(), dialogs.Prompt{Title: title, Label: lang.T("numbering.pattern"), Hint: lang.T("numbering.pattern.hint", "standard", standard, "word", "{word}", "type", "{type}", "year", "{year}", "n", "{n}"),
		Value: own, Verb: lang.T("page.save"),
		Check: func(text string) error {
			_, err := n.env.Desk.NumberExample(v, docType, text, v.Brackets)
			return err
		},
		OK: func(text string) {
			patterns := map[string]string{}
			maps.Copy(patterns, v.Patterns)
			patterns[docType] = text
			n.set(patterns, v.Brackets)
		}})
}

func (n *numbering) set(patterns map[string]string, brackets string) {
	if brackets == yearBrackets[0] {
		brackets = ""
	}
	n.acts.does("numbering.set", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, n.env.Desk.SetNumbering(ctx, patterns, brackets)
	}, n.refresh)
}
