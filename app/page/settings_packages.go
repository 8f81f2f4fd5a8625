package page

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// packages is the side of the settings on the office's own forms and papers.
type packages struct {
	reading
	env  *Env
	box  *fyne.Container
	acts *acts
}

func newPackages(env *Env) *packages {
	p := &packages{env: env, box: container.NewVBox(), acts: &acts{env: env}}
	root, _ := widgets.NewFormScroll(container.NewPadded(p.box))
	p.content = root
	p.refresh()
	return p
}

// Actions implements settingsSide.
func (p *packages) Actions() []widgets.Action {
	return []widgets.Action{{Label: lang.T("packages.install"), Icon: fynetheme.DownloadIcon(), Primary: true, Do: func() { p.pick("") }},
		{Label: lang.T("packages.install.keys"), Icon: fynetheme.AccountIcon(), Do: p.pickKeys}}
}

func (p *packages) refresh() {
	var list []Edition
	p.env.Host.Run(lang.T("packages.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		list, err = p.env.Editions.Editions(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.draw(list)
	})
}

func (p *packages) draw(list []Edition) {
	p.box.Objects = []fyne.CanvasObject{widgets.NewParagraph(lang.T("packages.text"))}
	if len(list) == 0 {
		p.box.Add(widgets.NewCard(widgets.AtLeast(0, emptyHeight, widgets.NewEmptyState(fynetheme.DocumentIcon(), lang.T("packages.empty"),
			widgets.Action{Label: lang.T("packages.install"), Primary: true, Do: func() { p.pick("") }}))))
	} else {
		box := container.NewVBox()
		for _, e := range list {
			box.Add(p.row(e))
		}
		p.box.Add(widgets.NewSectionCard(lang.T("packages.list", "n", len(list)), box))
	}
	p.box.Refresh()
}

// emptyHeight is the room of an empty state inside a card.
const emptyHeight = 200

func (p *packages) row(e Edition) fyne.CanvasObject {
	tag, tone := lang.T("packages.kept"), theme.Neutral
	switch {
	case e.Fault != "":
		tag, tone = lang.T("packages.faulty"), theme.Bad
	case e.Withdrawn:
		tag = lang.T("packages.withdrawn")
	case e.InForce:
		tag, tone = lang.T("packages.inforce"), theme.Good
	}
	span := lang.T("packages.from", "from", e.From)
	if e.To != "" {
		span = lang.T("packages.span", "from", e.From, "to", e.To)
	}
	note := joined(span, e.Fault)
	if e.Law != "" {
		note = joined(span, lang.T("packages.law", "version", e.Law), e.Fault)
	}
	row := newLinkRow(line{Tag: tag, Tone: tone, Title: e.Form + " " + e.Version, Text: e.Title, Note: note})
	if e.Withdrawn {
		return row
	}
	stop := widgets.NewQuietButton(lang.T("packages.withdraw"), fynetheme.CancelIcon(), func() { p.withdraw(e) })
	return widgets.NewBorder(nil, nil, nil, container.NewCenter(stop), row)
}

// pickKeys asks first for the keys the officer vouches for.
func (p *packages) pickKeys() {
	dialogs.Confirm(p.env.Host.Window(), dialogs.Question{Title: lang.T("packages.install.keys"), Text: lang.T("packages.keys.text"), Verb: lang.T("packages.keys.pick"),
		Yes: func() { dialogs.PickFile(p.env.Host.Window(), []string{".json"}, p.pick) }})
}

// pick asks for the file of a package and installs it.
func (p *packages) pick(keys string) {
	dialogs.PickFile(p.env.Host.Window(), []string{packageEnding}, func(path string) {
		var e Edition
		p.acts.does("packages.install", func(ctx context.Context) (_ []casework.Reason, err error) {
			e, err = p.env.Editions.Install(ctx, path, keys)
			return nil, err
		}, func() {
			p.env.Host.Say(lang.T("packages.installed", "form", e.Form, "version", e.Version))
			p.refresh()
		})
	})
}

// packageEnding is how the file of a form package ends.
const packageEnding = ".anxin"

// withdraw takes a package out of use, with a reason.
func (p *packages) withdraw(e Edition) {
	dialogs.Ask(p.env.Host.Window(), dialogs.Prompt{Title: lang.T("packages.withdraw.title", "form", e.Form, "version", e.Version), Label: lang.T("leads.reason"),
		Hint: lang.T("packages.withdraw.hint"), Verb: lang.T("packages.withdraw"), Lines: 2,
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return errors.New(lang.T("packages.withdraw.why"))
			}
			return nil
		},
		OK: func(why string) {
			p.acts.does("packages.withdraw", func(ctx context.Context) ([]casework.Reason, error) {
				return nil, p.env.Desk.WithdrawPackage(ctx, e.ID, why)
			}, p.refresh)
		}})
}

// lawRow is one version of one row of the law as its list shows it.
type lawRow struct{ table, title, says, article, from, to, region string }

// lawTables lists the tables the program counts and judges by.
type lawTables struct {
	reading
	list *widgets.RecordList[lawRow]
	rows []lawRow
	pick *widgets.Select
	find *widgets.Entry
}

func newLawTables(env *Env) *lawTables {
	t := &lawTables{find: widgets.NewEntry()}
	for _, r := range env.Desk.Law.Rows() {
		row := lawRow{table: r.Table, title: lang.Said(r.Title), says: lang.Said(r.Says), article: r.Article, region: r.Region, from: lang.T("law.always"), to: ""}
		if !r.From.IsZero() {
			row.from = dayText(r.From)
		}
		if !r.To.IsZero() {
			row.to = dayText(r.To)
		}
		t.rows = append(t.rows, row)
	}
	column := func(title string, width, drop float32, cell func(lawRow) string) widgets.Column[lawRow] {
		return widgets.Column[lawRow]{Title: title, Width: width, DropBelow: drop, Cell: cell, Compare: func(a, b lawRow) int { return cmp.Compare(cell(a), cell(b)) }}
	}
	t.list = widgets.NewRecordList([]widgets.Column[lawRow]{
		column(lang.T("law.col.table"), 76, 640, func(r lawRow) string { return lang.T("law." + r.table) }),
		column(lang.T("law.col.title"), 0, 0, func(r lawRow) string { return r.title }),
		column(lang.T("law.col.says"), 190, 0, func(r lawRow) string { return r.says }),
		column(lang.T("law.col.article"), 250, 820, func(r lawRow) string { return r.article }),
		column(lang.T("law.col.from"), 86, 0, func(r lawRow) string { return r.from }),
		column(lang.T("law.col.to"), 86, 900, func(r lawRow) string { return r.to }),
		column(lang.T("law.col.region"), 60, 900, func(r lawRow) string { return r.region }),
	}, widgets.NewEmptyState(fynetheme.SearchIcon(), lang.T("page.nomatch"), widgets.Action{Label: lang.T("page.showall"), Do: func() {
		t.pick.SetKey("")
		t.find.SetText("")
		t.show()
	}}))
	options := []widgets.Option{{Key: "", Label: lang.T("law.all")}}
	for _, table := range []string{"clocks", "parameters", "documents", "fines"} {
		options = append(options, widgets.Option{Key: table, Label: lang.T("law." + table)})
	}
	t.pick = widgets.NewSelect(options, func(string) { t.show() })
	t.pick.SetKey("")
	t.find.SetPlaceHolder(lang.T("page.search"))
	t.find.OnChanged = func(string) { t.show() }
	bar := widgets.NewBorder(nil, nil, nil, widgets.AtLeast(filterWidth, 0, t.pick), t.find)
	t.content = widgets.NewBorder(container.NewPadded(container.NewVBox(widgets.NewParagraph(lang.T("law.text")), bar)), nil, nil, nil, t.list)
	t.show()
	return t
}

// show lists the rows of the chosen table that hold the text looked for.
func (t *lawTables) show() {
	var out []lawRow
	for _, r := range t.rows {
		if t.pick.Key() != "" && r.table != t.pick.Key() {
			continue
		}
		if strings.Contains(r.title+"\n"+r.says+"\n"+r.article+"\n"+r.region, strings.TrimSpace(t.find.Text)) {
			out = append(out, r)
		}
	}
	t.list.SetRows(out)
}

// FocusFirst implements settingsSide.
func (t *lawTables) FocusFirst() { widgets.Focus(t.find) }
