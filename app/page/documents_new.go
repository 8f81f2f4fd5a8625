package page

import (
	"context"
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

// paperChooser picks the type of a new paper: of a case, or of an employer
// without one. What a case waits for comes first, what it may have next, and
// what the law still holds against comes last with the reasons.
type paperChooser struct {
	reading
	page   *Documents
	of     *pick // case
	party  *pick // employer
	search *widgets.Entry
	list   []casework.PaperChoice
	body   *fyne.Container
}

func (p *Documents) openChooser(of model.ID) detail {
	c := &paperChooser{page: p, body: container.NewVBox(), search: widgets.NewEntry()}
	c.of = p.regs.newPick(lang.T("documents.new.case"), model.KindCase, of, c.read)
	c.of.SetHint(lang.T("documents.new.case.hint"))
	c.party = p.regs.newPick(lang.T("documents.new.party"), model.KindEmployer, "", nil)
	c.search.SetPlaceHolder(lang.T("documents.new.search"))
	c.search.OnChanged = func(string) { c.show() }
	head := widgets.NewSectionCard(lang.T("documents.new"), widgets.NewFieldGrid(c.of.Span(), c.party.Span(),
		widgets.NewField(lang.T("documents.new.type"), c.search).Span()))
	root, _ := widgets.NewFormScroll(c.body)
	c.content = container.NewPadded(widgets.NewBorder(head, nil, nil, nil, root))
	c.read()
	return c
}

// FocusFirst implements detail.
func (c *paperChooser) FocusFirst() {
	if c.of.ID() == "" {
		widgets.Focus(c.of.input.Focusable())
		return
	}
	widgets.Focus(c.search)
}

// read judges the types for the case off the window: a file has hundreds of
// records.
func (c *paperChooser) read() {
	c.body.Objects = []fyne.CanvasObject{widgets.NewCaption(lang.T("cases.reading"))}
	c.body.Refresh()
	env, of := c.page.env, c.of.ID()
	var list []casework.PaperChoice
	env.Host.Run(lang.T("documents.new"), func(ctx context.Context, _ func(float64, string)) (err error) {
		list, err = env.Desk.PaperChoices(ctx, of)
		return err
	}, func(err error) {
		if err != nil {
			showError(env, err)
			return
		}
		if of == c.of.ID() { // another case was not chosen meanwhile
			c.list = list
			c.show()
		}
	})
}

// show lists the types that the search finds, in their groups.
func (c *paperChooser) show() {
	var wanted, open, closed []line
	for _, x := range c.list {
		if !strings.Contains(strings.ToLower(x.Type+x.Title), strings.ToLower(strings.TrimSpace(c.search.Text))) {
			continue
		}
		l := line{Tag: x.Type, Tone: theme.Good, Title: x.Title, Note: firstReason(x.Reasons), Open: func() { c.choose(x) }}
		switch {
		case !x.Open():
			l.Tone = theme.Neutral
			closed = append(closed, l)
		case x.Wanted:
			l.Tone = theme.Warning
			wanted = append(wanted, l)
		default:
			open = append(open, l)
		}
	}
	c.body.RemoveAll()
	for _, group := range []struct {
		key  string
		rows []line
	}{{"documents.new.wanted", wanted}, {"documents.new.open", open}, {"documents.new.closed", closed}} {
		if len(group.rows) > 0 {
			c.body.Add(widgets.NewSectionCard(lang.T(group.key), rowsOf(group.rows)))
		}
	}
	if len(c.body.Objects) == 0 {
		c.body.Add(widgets.NewEmptyState(nil, lang.T("page.nomatch"), widgets.Action{Label: lang.T("page.showall"), Do: func() { c.search.SetText("") }}))
	}
	c.body.Refresh()
}

// firstReason is what stands foremost against a type, and how much more.
func firstReason(reasons []casework.Reason) string {
	for _, r := range reasons {
		if r.Blocks {
			return joined(lang.Said(r.Text), r.Article)
		}
	}
	return ""
}

// choose drafts a paper of the type; what the law holds against issuing it is
// said before.
func (c *paperChooser) choose(x casework.PaperChoice) {
	if !c.of.Check() || !c.party.Check() {
		return
	}
	if x.Open() {
		c.draft(x)
		return
	}
	dialogs.Confirm(c.page.env.Host.Window(), dialogs.Question{Title: x.Title, Verb: lang.T("documents.new.anyway"),
		Text: lang.T("documents.new.blocked") + "\n\n" + reasonList(x.Reasons), Yes: func() { c.draft(x) }})
}

func (c *paperChooser) draft(x casework.PaperChoice) {
	in := casework.PaperIn{Type: x.Type, Case: c.of.ID(), Employer: c.party.ID()}
	var made model.ID
	c.page.acts.do(lang.T("documents.new.act", "title", x.Title), func(ctx context.Context) (_ []casework.Reason, err error) {
		made, err = c.page.env.Desk.DraftPaper(ctx, in)
		return nil, err
	}, func() {
		c.page.Show(made)
		c.page.FocusFirst()
	})
}
