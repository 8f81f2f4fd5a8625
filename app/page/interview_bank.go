package page

import (
	"context"
	"slices"
	"strings"
	"time"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
)

// The question bank of an interview, by who is asked, and the opening that is
// read out before anything is asked.

// bankQuestion is the question of the interview's form whose choices are the
// bank; their column role names whom each is for.
const (
	bankQuestion = "bank"
	bankRole     = "role"
	askedRole    = "/who/relation"
)

// ready is one question of the bank.
type ready struct {
	roles []string
	words string // as it stands on the record
	shown string // in the language of the screen
}

// bankOf reads the bank out of the form.
func bankOf(f *forms.Form) (out []ready) {
	f.Each(func(q *forms.Question) {
		if q.Name != bankQuestion {
			return
		}
		for _, c := range q.Choices {
			out = append(out, ready{roles: strings.Split(c.Extra[bankRole], "、"), words: c.Label.In("zh"), shown: c.Label.In(formLanguage())})
		}
	})
	return out
}

// rolesOf are whom the bank has questions for, in its order.
func rolesOf(bank []ready) (out []widgets.Option) {
	for _, q := range bank {
		for _, role := range q.roles {
			if !slices.ContainsFunc(out, func(o widgets.Option) bool { return o.Key == role }) {
				out = append(out, widgets.Option{Key: role, Label: roleName(role)})
			}
		}
	}
	return out
}

// roleName is a role in the language of the screen; one of an office's own
// form stands as it is.
func roleName(role string) string {
	if key := "role." + role; lang.Has(key) {
		return lang.T(key)
	}
	return lang.Said(role)
}

// openBank offers the questions for a role that were not asked yet.
func (s *statement) openBank() {
	bank := bankOf(s.form.in.Form())
	v, err := s.value()
	if err != nil {
		showError(s.d.env, err)
		return
	}
	checks := widgets.NewChecks(nil, nil)
	var offered []ready
	roles := widgets.NewSegments(rolesOf(bank), nil)
	show := func(role string) {
		offered = offered[:0]
		var options []widgets.Option
		for _, q := range bank {
			if slices.Contains(q.roles, role) && !slices.ContainsFunc(v.QAs, func(a model.QA) bool { return a.Question == q.words }) {
				offered = append(offered, q)
				options = append(options, widgets.Option{Key: q.words, Label: q.shown})
			}
		}
		checks.SetChoices(options)
	}
	roles.OnPicked = show
	relation := s.form.in.Value(askedRole)
	if !slices.ContainsFunc(rolesOf(bank), func(o widgets.Option) bool { return o.Key == relation }) {
		relation = bank[0].roles[0]
	}
	roles.SetKey(relation)
	show(relation)
	scroll, _ := widgets.NewFormScroll(checks.Root)
	body := widgets.NewBorder(roles, nil, nil, nil, widgets.AtLeast(620, bankHeight, scroll))
	dialogs.Custom(s.d.env.Host.Window(), lang.T("cases.statement.bank"), body, roles, func(shut func()) []widgets.Action {
		add := func(words []string) {
			shut()
			s.addQuestions(v, words)
		}
		return []widgets.Action{
			{Label: lang.T("cases.statement.bank.all"), Do: func() {
				var words []string
				for _, q := range offered {
					words = append(words, q.words)
				}
				add(words)
			}},
			{Label: lang.T("cases.statement.bank.take"), Primary: true, Do: func() { add(checks.Keys()) }},
		}
	})
}

// bankHeight shows a role's questions at once on a small screen.
const bankHeight = 280

// addQuestions puts questions below those that were asked, without answers.
func (s *statement) addQuestions(v model.Interview, words []string) {
	if len(words) == 0 {
		return
	}
	for _, w := range words {
		v.QAs = append(v.QAs, model.QA{Question: w})
	}
	if err := s.form.Fill(&v); err != nil {
		showError(s.d.env, err)
		return
	}
	s.draft.touch()
	s.d.env.Host.Say(lang.T("cases.statement.bank.added", "n", len(words)))
}

// openingOf are the locked questions a framed record begins with.
func openingOf(framed []model.QA) []model.QA {
	if i := slices.IndexFunc(framed, func(q model.QA) bool { return !q.Locked }); i >= 0 {
		return framed[:i]
	}
	return framed
}

// readOpening shows in large type what must be said before anything is asked;
// that the person confirmed it is noted with the time.
func (s *statement) readOpening() {
	v, err := s.value()
	if err == nil {
		v.QAs = []model.QA{{Question: "…"}} // what comes after is not read out
		v.QAs, err = s.d.env.Desk.FramedInterview(context.Background(), v)
	}
	if err != nil {
		showError(s.d.env, err)
		return
	}
	dialogs.Custom(s.d.env.Host.Window(), lang.T("cases.statement.opening"), s.large(openingOf(v.QAs)), nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("cases.statement.told.verb"), Icon: fynetheme.ConfirmIcon(), Primary: true, Do: func() {
			shut()
			s.confirmTold(s.d.env.Now())
		}}}
	})
}

// confirmTold notes when rights and duties were confirmed; zero: they were not.
func (s *statement) confirmTold(at time.Time) {
	s.toldAt = at
	s.showTold()
	s.draft.touch()
}

func (s *statement) showTold() {
	text, tone := lang.T("cases.statement.told.missing"), theme.Warning
	if !s.toldAt.IsZero() {
		text, tone = lang.T("cases.statement.told", "at", s.toldAt.In(s.d.env.Now().Location()).Format("15:04")), theme.Good
	}
	s.told.Set(text, tone)
	if s.content != nil {
		s.content.Refresh() // the words of the tag changed their width
	}
}

// mayFinish tells whether rights and duties were confirmed, and says so else.
func (s *statement) mayFinish() bool {
	if s.toldAt.IsZero() {
		s.d.env.Host.Toast(lang.T("cases.statement.told.first"), theme.Warning)
		return false
	}
	return true
}
