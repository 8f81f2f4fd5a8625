package page

import (
	"cmp"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Cases lists cases and shows what happened in one: clocks, papers, visits,
// statements, evidence, and what may follow. Statements are taken, steps of the
// case are made and its file is checked here.
type Cases struct {
	*recordPage[model.Case, *model.Case]
	names *registers
	acts  *acts
}

// NewCases opens the page; arg names a case to open.
func NewCases(env *Env, arg string) *Cases {
	p := &Cases{names: newRegisters(env), acts: &acts{env: env}}
	if arg == newArg {
		arg = "" // a case begins with a lead
	}
	p.recordPage = newRecordPage(env, recordSpec[model.Case]{
		Place: placeCases, Columns: p.columns(env),
		States:  model.CaseStates(),
		Waiting: casework.RunningStates(),
		Empty:   lang.T("cases.empty"), Icon: fynetheme.FolderIcon(),
		Begin: widgets.Action{Label: lang.T("cases.begin"), Icon: fynetheme.MailComposeIcon(), Primary: true, Do: func() { env.Host.Go(placeLeads, newArg) }},
		Open:  func(k kept[model.Case]) (detail, error) { return p.open(env, k) },
	}, arg)
	return p
}

func (p *Cases) columns(env *Env) []widgets.Column[kept[model.Case]] {
	return []widgets.Column[kept[model.Case]]{
		textColumn(lang.T("cases.number"), 110, 0, func(c *model.Case) string { return c.Number }),
		textColumn(lang.T("cases.party"), 0, 0, p.party),
		textColumn(lang.T("cases.cause"), 110, 500, func(c *model.Case) string { return c.Cause }),
		{Title: lang.T("col.due"), Width: 92, DropBelow: 420, Cell: func(k kept[model.Case]) string { return string(k.Value.DueBy) },
			Tone:    func(k kept[model.Case]) theme.Tone { return dueTone(k.Value.DueBy, env.Now()) },
			Compare: func(a, b kept[model.Case]) int { return cmp.Compare(a.Value.DueBy, b.Value.DueBy) }},
		stateColumn(func(c *model.Case) string { return c.State }),
	}
}

// party is the employer of the case, or its site.
func (p *Cases) party(c *model.Case) string {
	if c.Employer != "" {
		return p.names.name(c.Employer)
	}
	return p.names.name(c.Site)
}
