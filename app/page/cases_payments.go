package page

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// payments asks for payments of wages and shows them: on the page of a case, and
// on that of an agreement without one.
type payments struct {
	env  *Env
	acts *acts
	then func() // after a payment was noted or struck out
}

// payable are the papers that a payment can be on: agreements, promises, orders.
func payable(docs []kept[model.Document]) (out []kept[model.Document]) {
	for _, k := range casework.Counted(docs) {
		open := k.Value.Issued != nil && k.Value.State != model.DocumentWithdrawn
		if open && (len(casework.Instalments(k.Value, 0)) > 0 || (k.Value.Type == orderType || k.Value.Type == handlingType) && k.Value.Issued.AmountFen > 0) {
			out = append(out, k)
		}
	}
	return out
}

// paymentForm is the form of a payment.
type paymentForm struct {
	of                         model.Payment
	paper, way                 *widgets.Select
	on                         *widgets.DateField
	amount, workers            *widgets.Entry
	note                       *widgets.Entry
	amountField, workersField  *widgets.Field
	onField, wayField, noteBox *widgets.Field
}

// ask shows the form, with what is known already, and notes the payment.
func (p *payments) ask(of model.Payment, papers []kept[model.Document]) {
	f := p.form(of, payable(papers))
	fields := []*widgets.Field{f.amountField, f.onField, f.workersField, f.wayField, widgets.NewField(lang.T("payments.paper"), f.paper).Span(), f.noteBox}
	body, again := dialogForm(600, 250, widgets.NewFieldGrid(fields...))
	dialogs.Custom(p.env.Host.Window(), lang.T("payments.new"), body, f.amount, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("payments.note.verb"), Primary: true, Do: func() {
			v, ok := f.value(p.env)
			again()
			if ok {
				p.note(v, shut)
			}
		}}}
	})
}

func (p *payments) form(of model.Payment, papers []kept[model.Document]) *paymentForm {
	f := &paymentForm{of: of, on: widgets.NewDateField(p.env.Now), amount: widgets.NewEntry(), workers: widgets.NewEntry(), note: widgets.NewMultiLine(2)}
	options := []widgets.Option{{Key: "", Label: lang.T("payments.paper.none")}}
	for _, k := range papers {
		options = append(options, widgets.Option{Key: string(k.ID), Label: joined(k.Value.Title, shortNumber(k.Value))})
	}
	f.paper = widgets.NewSelect(options, nil)
	f.paper.SetKey(string(of.Document))
	var ways []widgets.Option
	for _, w := range model.PayWays() {
		ways = append(ways, widgets.Option{Key: w, Label: lang.Said(w)})
	}
	f.way = widgets.NewSelect(ways, nil)
	f.way.SetKey(model.PayAccount)
	f.on.SetValue(p.env.Now())
	if of.AmountFen > 0 {
		f.amount.SetText(statute.Fen(of.AmountFen).Plain())
	}
	f.amountField = widgets.NewField(lang.T("payments.amount"), f.amount).Star()
	f.amountField.SetHint(lang.T("payments.amount.hint"))
	f.onField = widgets.NewField(lang.T("payments.on"), f.on).Star()
	f.workersField = widgets.NewField(lang.T("payments.workers"), f.workers)
	f.wayField = widgets.NewField(lang.T("payments.way"), f.way).Star()
	f.noteBox = widgets.NewField(lang.T("payments.note"), f.note).Span()
	f.noteBox.SetHint(lang.T("payments.note.hint"))
	return f
}

// value is the payment as typed; what is wrong is shown otherwise.
func (f *paymentForm) value(env *Env) (model.Payment, bool) {
	v := f.of
	fen, err := statute.ParseFen(f.amount.Text)
	f.amountField.SetError(missing(err != nil || fen <= 0, "payments.amount.wrong"))
	on, err := f.on.Value()
	f.onField.SetError(missing(err != nil || on.IsZero() || model.DateOf(on) > model.DateOf(env.Now()), "payments.on.wrong"))
	n, err := strconv.Atoi(strings.TrimSpace(f.workers.Text))
	f.workersField.SetError(missing(f.workers.Text != "" && (err != nil || n < 0), "payments.workers.wrong"))
	for _, field := range []*widgets.Field{f.amountField, f.onField, f.workersField} {
		if field.Error() != "" {
			return v, false
		}
	}
	v.AmountFen, v.On, v.Workers, v.Way, v.Note, v.Document = int64(fen), model.DateOf(on), n, f.way.Key(), strings.TrimSpace(f.note.Text), model.ID(f.paper.Key())
	return v, true
}

// note keeps a payment; for a while it can be taken back.
func (p *payments) note(v model.Payment, shut func()) {
	var id model.ID
	p.acts.does("payments.new", func(ctx context.Context) (_ []casework.Reason, err error) {
		id, err = p.env.Desk.NotePayment(ctx, v)
		return nil, err
	}, func() {
		shut()
		p.then()
		p.env.Host.ToastUndo(lang.T("did.payments.new"), func() { p.strike(id, lang.T("payments.strike.undo")) })
	})
}

func (p *payments) strike(id model.ID, why string) {
	p.acts.does("payments.strike", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, p.env.Desk.StrikePayment(ctx, id, why)
	}, p.then)
}

// askStrike asks why a payment does not count.
func (p *payments) askStrike(k kept[model.Payment]) {
	dialogs.Ask(p.env.Host.Window(), dialogs.Prompt{Title: lang.T("payments.strike"), Label: lang.T("payments.strike.why"), Hint: yuan(k.Value.AmountFen) + "　" + string(k.Value.On),
		Verb: lang.T("payments.strike"), Check: func(why string) error {
			if strings.TrimSpace(why) == "" {
				return sentence(lang.T("daybooks.strike.needed"))
			}
			return nil
		}, OK: func(why string) { p.strike(k.ID, why) }})
}

// lines are the instalments of papers and what was paid. An instalment that is
// open asks for its payment, a payment for why it does not count.
func (p *payments) lines(of model.Payment, docs []kept[model.Document], list []kept[model.Payment]) (out []line) {
	paid, today := casework.PaidOn(list, docs), model.DateOf(p.env.Now())
	for _, k := range casework.Counted(docs) {
		for _, i := range casework.Instalments(k.Value, paid[k.ID]) {
			out = append(out, p.instalment(of, k, i, today, docs))
		}
	}
	for _, k := range list {
		v := k.Value
		l := line{Tag: stateLabel(v.State), Tone: stateTone(v.State), Title: yuan(v.AmountFen), Text: joined(string(v.On), lang.Said(v.Way), lang.T("cases.money.workers", "n", v.Workers)), Note: v.Note}
		if v.Struck != nil {
			l.Note = joined(v.Struck.Reason, v.Note)
		} else {
			l.Open = func() { p.askStrike(k) }
		}
		out = append(out, l)
	}
	return out
}

func (p *payments) instalment(of model.Payment, k kept[model.Document], i casework.Instalment, today model.Date, docs []kept[model.Document]) line {
	standing := i.Standing(today)
	l := line{Tag: lang.Said(standing), Tone: dueTone(i.Due, p.env.Now()), Title: yuan(i.Fen), Text: joined(lang.T("payments.instalment", "n", i.No), k.Value.Title, shortNumber(k.Value)),
		Note: dueText(i.Due, p.env.Now())}
	if standing == casework.InstalmentPaid {
		l.Tone, l.Note = theme.Good, string(i.Due)
		return l
	}
	if i.PaidFen > 0 {
		l.Note = joined(l.Note, lang.T("payments.left", "yuan", statute.Fen(i.Left())))
	}
	of.Document, of.AmountFen = k.ID, i.Left()
	l.Open = func() { p.ask(of, docs) }
	return l
}

// payments are those of the case.
func (d *caseDetail) payments() *payments {
	return &payments{env: d.env, acts: d.page.acts, then: func() { d.show(partSummary) }}
}

// notePayment asks for a payment in the case, on one of its papers or on none.
func (d *caseDetail) notePayment() {
	docs, err := readAll[model.Document](d.env, model.Query{Case: d.k.ID, Limit: mostRows})
	if err != nil {
		showError(d.env, err)
		return
	}
	d.payments().ask(model.Payment{Case: d.k.ID}, docs)
}

// paySide shows the instalments of an agreement and what was paid on it, under the
// paper itself.
func paySide(env *Env, a *acts, k kept[model.Document], then func()) (side, bool) {
	if len(casework.Instalments(k.Value, 0)) == 0 {
		return side{}, false
	}
	p := &payments{env: env, acts: a, then: then}
	box := container.NewVBox()
	root, _ := widgets.NewFormScroll(box)
	return side{lang.T("payments.title"), root, func() {
		docs, list, err := env.Desk.Family(context.Background(), k.ID)
		if err != nil {
			showError(env, err)
			return
		}
		of := model.Payment{Case: k.Value.Case}
		if counted := payable(docs); len(counted) > 0 {
			of.Document = counted[0].ID
		}
		box.RemoveAll()
		box.Add(widgets.NewSectionCard(lang.T("payments.title"), rowsOf(p.lines(of, docs, list)),
			widgets.NewQuietButton(lang.T("payments.new"), fynetheme.ConfirmIcon(), func() { p.ask(of, docs) })))
		box.Refresh()
	}}, true
}
