package page

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// entered is one question with its input and what an answer must be.
type entered struct {
	field *widgets.Field
	entry *widgets.Entry
	focus fyne.Focusable
	check func(text string) string // what is wrong, "" when nothing is
}

func ask(label string, check func(string) string) *entered {
	e := widgets.NewEntry()
	return askIn(label, e, e, check)
}

func askIn(label string, entry *widgets.Entry, focus fyne.Focusable, check func(string) string) *entered {
	a := &entered{field: widgets.NewField(label, focus.(fyne.CanvasObject)), entry: entry, focus: focus, check: check}
	a.entry.OnChanged = func(string) { a.field.SetError("") }
	return a
}

// must asks for something that may not stay empty.
func must(label string) *entered {
	a := ask(label, needed)
	a.field.Star()
	return a
}

func needed(text string) string {
	if text == "" {
		return lang.T("wizard.needed")
	}
	return ""
}

func (a *entered) text() string { return strings.TrimSpace(a.entry.Text) }

// hint shows a small text under the input.
func (a *entered) hint(text string) *entered {
	a.field.SetHint(text)
	return a
}

// watch judges an answer while it is typed; the judgement warns and never blocks.
func (a *entered) watch(judge func(text string) string) {
	a.entry.OnChanged = func(string) {
		a.field.SetError("")
		a.field.SetHint(judge(a.text()))
	}
}

// checkAll shows what is wrong with each answer and returns the first wrong one.
func checkAll(list []*entered) (first *entered) {
	for _, a := range list {
		problem := ""
		if a.check != nil {
			problem = a.check(a.text())
		}
		a.field.SetError(problem)
		if problem != "" && first == nil {
			first = a
		}
	}
	return first
}

func gridOf(list ...*entered) *fyne.Container {
	fields := make([]*widgets.Field, len(list))
	for i, a := range list {
		fields[i] = a.field
	}
	return widgets.NewFieldGrid(fields...)
}

func forward() string { return lang.T("wizard.next") }

// welcome asks for the language, says what is coming and offers the sample office.
func (w *wizard) welcome() *wizardStep {
	w.tongue = newTongues(w.speak)
	tongue := widgets.NewField(lang.T("wizard.language"), w.tongue)
	open := widgets.NewActionButton(widgets.Action{Label: lang.T("wizard.sample"), Icon: fynetheme.FolderOpenIcon(), Do: w.sample})
	card := widgets.NewSectionCard(lang.T("wizard.sample.title"), container.NewVBox(widgets.NewParagraph(lang.T("wizard.sample.text")), container.NewHBox(open)))
	return &wizardStep{key: "welcome", body: container.NewVBox(widgets.NewFieldGrid(tongue.Span()), card, w.joinCard(), w.restoreCard()), next: func() string { return lang.T("wizard.begin") }}
}

// officeStep are the questions about the office.
type officeStep struct {
	name, word, region, government, court, address, contact, phone *entered

	known func(region string) statute.Verdict
}

func (w *wizard) askOffice() *wizardStep {
	s := officeStep{name: must(lang.T("wizard.office.name")), word: must(lang.T("wizard.office.word")), known: w.o.Region,
		region:     ask(lang.T("wizard.office.region"), func(text string) string { return lang.Said(w.o.Region(text).Reason) }),
		government: must(lang.T("wizard.office.government")), court: must(lang.T("wizard.office.court")), address: must(lang.T("wizard.office.address")),
		contact: must(lang.T("wizard.office.contact")), phone: must(lang.T("wizard.office.phone"))}
	s.name.field.Span()
	s.address.field.Span()
	s.word.hint(lang.T("wizard.office.word.hint"))
	s.region.hint(lang.T("wizard.office.region.hint"))
	s.phone.watch(func(text string) string { return doubt(statute.CheckPhone(text), text) })
	s.name.entry.OnFocus = func(in bool) {
		if !in {
			s.propose()
		}
	}
	w.office = s
	list := []*entered{s.name, s.word, s.region, s.government, s.court, s.address, s.contact, s.phone}
	return &wizardStep{key: "office", body: widgets.NewCard(gridOf(list...)), asked: list, next: forward}
}

// propose fills in the region, the government and the court of the place an
// office's name begins with, where they are still empty.
func (s officeStep) propose() {
	place, _, ok := strings.Cut(s.name.text(), "人力资源")
	if !ok || place == "" {
		return
	}
	proposals := map[*entered]string{s.government: place + "人民政府", s.court: place + "人民法院"}
	if region := s.known(place); region.OK {
		proposals[s.region] = region.Normal
	}
	for a, name := range proposals {
		if a.text() == "" {
			a.entry.SetText(name)
		}
	}
}

func (s officeStep) value() model.Office {
	return model.Office{Name: s.name.text(), Word: s.word.text(), Region: s.known(s.region.text()).Normal, Government: s.government.text(), Court: s.court.text(),
		Address: s.address.text(), Contact: s.contact.text(), Phone: s.phone.text(), Remedies: true, ReportDays: defaultReportDays}
}

// defaultReportDays is how many working days an employer has to report unless
// the office sets another.
const defaultReportDays = 3

// officerStep are the questions about one officer.
type officerStep struct {
	name, cert *entered
	from, to   *entered
	dates      [2]*widgets.DateField
}

func (w *wizard) askOfficers() *wizardStep {
	var list []*entered
	body := container.NewVBox()
	for i := range w.officers {
		o := newOfficerStep(w.o.Now)
		w.officers[i] = o
		four := []*entered{o.name, o.cert, o.from, o.to}
		list = append(list, four...)
		body.Add(widgets.NewSectionCard(lang.T(fmt.Sprintf("wizard.officers.%d", i+1)), gridOf(four...)))
	}
	return &wizardStep{key: "officers", body: body, asked: list, check: w.twoDiffer, next: forward}
}

func newOfficerStep(now func() time.Time) officerStep {
	from, to := widgets.NewDateField(now), widgets.NewDateField(now)
	o := officerStep{name: must(lang.T("wizard.officer.name")), cert: must(lang.T("wizard.officer.cert")), dates: [2]*widgets.DateField{from, to}}
	o.from = askIn(lang.T("wizard.officer.from"), &from.Entry, from, aDate(from))
	o.to = askIn(lang.T("wizard.officer.to"), &to.Entry, to, func(text string) string {
		if problem := aDate(to)(text); problem != "" {
			return problem
		}
		last, _ := to.Value()
		if first, err := from.Value(); err == nil && !last.IsZero() && last.Before(first) {
			return lang.T("wizard.officer.order")
		}
		return ""
	})
	o.cert.watch(func(text string) string { return doubt(statute.CheckCertNo(text), text) })
	o.to.watch(func(string) string {
		if last, err := to.Value(); err == nil && !last.IsZero() && last.Before(midnight(now())) {
			return lang.T("wizard.officer.expired")
		}
		return ""
	})
	return o
}

func aDate(d *widgets.DateField) func(string) string {
	return func(string) string {
		if _, err := d.Value(); err != nil {
			return err.Error()
		}
		return ""
	}
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// twoDiffer refuses one person entered twice: an act needs two.
func (w *wizard) twoDiffer() bool {
	a, b := w.officers[0], w.officers[1]
	if a.cert.text() != b.cert.text() {
		return true
	}
	b.cert.field.SetError(lang.T("wizard.officer.same"))
	w.root.Refresh()
	w.o.Window.Canvas().Focus(b.cert.focus)
	return false
}

func (o officerStep) value(unit string) model.Officer {
	from, _ := o.dates[0].Value() // both were checked before the step was left
	to, _ := o.dates[1].Value()
	return model.Officer{Name: o.name.text(), CertNo: statute.CheckCertNo(o.cert.text()).Normal, Unit: unit, Role: model.RoleInspector,
		ValidFrom: model.DateOf(from), ValidTo: model.DateOf(to)}
}

// phraseStep is the passphrase, twice.
type phraseStep struct{ first, again *entered }

// shortPhrase is the least number of characters of a passphrase.
const shortPhrase = 8

func (w *wizard) askPhrase() *wizardStep {
	first, again := widgets.NewPassword(), widgets.NewPassword()
	s := phraseStep{first: askIn(lang.T("dialog.passphrase"), first, first, phraseProblem)}
	s.again = askIn(lang.T("dialog.passphrase.again"), again, again, func(string) string {
		if first.Text != again.Text {
			return lang.T("dialog.passphrase.differ")
		}
		return ""
	})
	strength := widgets.NewTag(lang.T("wizard.phrase.none"), theme.Neutral)
	first.OnChanged = func(text string) {
		s.first.field.SetError("")
		strength.Set(phraseStrength(text))
	}
	s.first.field.Star().Span()
	s.again.field.Star().Span()
	w.phrase = s
	lost := widgets.NewSectionCard(lang.T("wizard.phrase.lost"), widgets.NewParagraph(lang.T("wizard.phrase.lost.text")))
	body := container.NewVBox(widgets.NewCard(container.NewVBox(gridOf(s.first, s.again), container.NewHBox(widget.NewLabel(lang.T("wizard.phrase.strength")), strength))), lost)
	return &wizardStep{key: "phrase", body: body, asked: []*entered{s.first, s.again}, next: forward}
}

func phraseProblem(text string) string {
	if len([]rune(text)) < shortPhrase {
		return lang.T("wizard.phrase.short", "n", shortPhrase)
	}
	return ""
}

// phraseStrength judges by length first: length is what slows a guesser, who
// knows every trick with digits and marks.
func phraseStrength(text string) (string, theme.Tone) {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	switch n := len([]rune(text)); {
	case n == 0:
		return lang.T("wizard.phrase.none"), theme.Neutral
	case n < shortPhrase || len(different) < 4:
		return lang.T("wizard.phrase.weak"), theme.Bad
	case n < 14 || len(different) < 8:
		return lang.T("wizard.phrase.fair"), theme.Warning
	}
	return lang.T("wizard.phrase.good"), theme.Good
}

// askCode asks for the code of the central system, which may wait.
func (w *wizard) askCode() *wizardStep {
	w.code = ask(lang.T("wizard.code.label"), nil).hint(lang.T("wizard.code.hint"))
	w.code.field.Span()
	scan := codeButton(w.o.Window, w.o.Run, w.o.ReadCode, func(code string) { w.code.entry.SetText(code) })
	s := &wizardStep{key: "code", body: widgets.NewCard(container.NewVBox(gridOf(w.code), container.NewHBox(scan))), asked: []*entered{w.code}, onward: w.create}
	var label string
	s.next = func() string {
		label = lang.T("wizard.later")
		if w.code.text() != "" {
			label = lang.T("wizard.finish")
		}
		return label
	}
	w.code.entry.OnChanged = func(string) {
		if before := label; before != s.next() {
			w.foot(s)
		}
	}
	return s
}

// finished is the last page: there is an office now.
func (w *wizard) finished() *wizardStep {
	text := widgets.NewParagraph(lang.T("wizard.done.next"))
	return &wizardStep{key: "done", body: widgets.NewCard(text), next: func() string { return lang.T("wizard.start") }, onward: w.o.Done}
}

// doubt is what a verdict says against a text that was entered.
func doubt(v statute.Verdict, text string) string {
	if text == "" || v.OK {
		return ""
	}
	return lang.Said(v.Reason)
}
