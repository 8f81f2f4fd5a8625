package page

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Documents lists the papers of the office, shows what each says and leads it
// through its acts: issue, serve, print, withdraw; and checks the QR of any.
type Documents struct {
	*recordPage[model.Document, *model.Document]
	env     *Env // also while the list is being made, which may open a record
	regs    *registers
	acts    acts
	serving model.ID // the document whose service is being recorded
	asking  verifyAsk
	booking bool // what is opened next without a record is the register of numbers
}

// NewDocuments lists the documents and opens the one named by arg, if any;
// after "sign:" its signature is asked for; "new" offers the types of a new one, "case:" and an id those of a case.
func NewDocuments(env *Env, arg string) *Documents {
	p := &Documents{env: env, regs: newRegisters(env), acts: acts{env: env}}
	arg, asked := strings.CutPrefix(arg, toSign)
	of, ofACase := strings.CutPrefix(arg, ofCase)
	if ofACase {
		arg = ""
	}
	p.recordPage = newRecordPage[model.Document](env, recordSpec[model.Document]{
		Place:   placeDocuments,
		Icon:    fynetheme.DocumentIcon(),
		Empty:   lang.T("documents.empty"),
		New:     lang.T("documents.new"),
		States:  []string{model.DocumentDraft, model.DocumentIssued, model.DocumentServed, model.DocumentWithdrawn, model.DocumentClosed},
		Waiting: []string{model.DocumentDraft},
		Columns: documentColumns(env),
		Open:    p.openOne,
	}, arg)
	if asked {
		p.offerSigning()
	}
	if ofACase {
		p.NewFrom(kept[model.Document]{Value: &model.Document{Case: model.ID(of)}})
	}
	return p
}

func documentColumns(env *Env) []widgets.Column[kept[model.Document]] {
	due := func(v *model.Document) string { return string(v.DueBy) }
	title := textColumn(lang.T("documents.col.title"), 0, 0, func(v *model.Document) string { return strings.TrimPrefix(v.Title, "劳动保障监察") })
	title.Note = func(k kept[model.Document]) string { return casework.PartyOf(k.Value) }
	return []widgets.Column[kept[model.Document]]{
		textColumn(lang.T("documents.col.type"), 46, 560, func(v *model.Document) string { return v.Type }),
		title,
		textColumn(lang.T("documents.col.number"), 112, 440, shortNumber),
		{Title: lang.T("documents.col.due"), Width: 92, DropBelow: 400,
			Cell: func(k kept[model.Document]) string { return due(k.Value) },
			Tone: func(k kept[model.Document]) theme.Tone {
				if finished(k.Value) {
					return theme.Neutral
				}
				return dueTone(k.Value.DueBy, env.Now())
			},
			Compare: func(a, b kept[model.Document]) int { return cmp.Compare(due(a.Value), due(b.Value)) }},
		stateColumn[model.Document](func(v *model.Document) string { return v.State }),
	}
}

// shortNumber is the number for a narrow column: its kind, year and serial.
func shortNumber(v *model.Document) string {
	if v.Issued == nil {
		return ""
	}
	if isProvisional(v) {
		return lang.T("documents.provisional")
	}
	kind, year, ok := strings.Cut(v.Issued.Series, "/")
	if !ok {
		return casework.NumberOf(v)
	}
	return fmt.Sprintf("%s %s-%d", kind, year, v.Issued.Serial)
}

// isProvisional tells whether a paper was issued without a number of its
// series and none followed.
func isProvisional(v *model.Document) bool {
	return v.Issued != nil && v.Issued.Number == "" && strings.Contains(casework.NumberOf(v), "暂编")
}

// finished papers have no day to keep any more.
func finished(v *model.Document) bool {
	return v.State == model.DocumentWithdrawn || v.State == model.DocumentClosed
}

// openOne shows a document, or the form of its service while that is recorded.
func (p *Documents) openOne(k kept[model.Document]) (detail, error) {
	if k.ID != "" && p.serving == k.ID {
		return p.openService(k)
	}
	p.serving = ""
	booking := p.booking
	p.booking = false
	switch {
	case k.ID == "" && booking:
		return p.openBook(), nil
	case k.ID == "":
		return p.openChooser(k.Value.Case), nil
	}
	return p.openDocument(k), nil
}

// Actions adds what is done with many papers, and the check of a QR, which
// needs no document of this office.
func (p *Documents) Actions() []widgets.Action {
	if p.serving != "" {
		return p.shown.Actions()
	}
	return append(p.recordPage.Actions(),
		widgets.Action{Label: lang.T("documents.printlist"), Icon: fynetheme.DocumentPrintIcon(), Do: p.printList},
		widgets.Action{Label: lang.T("documents.scan"), Icon: fynetheme.UploadIcon(), Do: p.askScans},
		widgets.Action{Label: lang.T("documents.book.open"), Icon: fynetheme.ListIcon(), Do: p.showBook},
		widgets.Action{Label: lang.T("ledgers.title"), Icon: fynetheme.GridIcon(), Do: func() { p.env.Host.Go(placeDocuments, LedgersArg) }},
		widgets.Action{Label: lang.T("daybooks.title"), Icon: fynetheme.ListIcon(), Do: func() { p.env.Host.Go(placeDocuments, DaybooksArg) }},
		widgets.Action{Label: lang.T("documents.verify"), Icon: fynetheme.SearchIcon(), Do: p.askVerify})
}

// Print prints the paper that is shown.
func (p *Documents) Print() {
	if d, ok := p.shown.(*documentDetail); ok && d.k.Value.Issued != nil {
		p.printPapers([]kept[model.Document]{d.k})
	}
}

// Submit does the next act of the document that is shown.
func (p *Documents) Submit() {
	if p.shown == nil {
		return
	}
	if next := p.shown.Actions(); len(next) > 0 && next[0].Primary {
		next[0].Do()
	}
}

// issue asks once more, with the reasons to think twice, and issues a draft.
func (p *Documents) issue(k kept[model.Document]) {
	var reasons []casework.Reason
	p.env.Host.Run("", func(ctx context.Context, _ func(float64, string)) (err error) {
		reasons, err = p.env.Desk.IssueReasons(ctx, k.Value)
		return err
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.askIssue(k, reasons)
	})
}

func (p *Documents) askIssue(k kept[model.Document], reasons []casework.Reason) {
	if blocks(reasons) {
		dialogs.Inform(p.env.Host.Window(), lang.T("documents.issue.blocked"), reasonList(reasons))
		return
	}
	text := lang.T("documents.issue.text")
	if len(reasons) > 0 {
		text += "\n\n" + reasonList(reasons)
	}
	dialogs.Confirm(p.env.Host.Window(), dialogs.Question{Title: lang.T("documents.issue.title", "title", k.Value.Title), Text: text,
		Verb: lang.T("documents.issue"), Yes: func() {
			p.acts.does("documents.issue", func(ctx context.Context) ([]casework.Reason, error) {
				_, err := p.env.Desk.Issue(ctx, k.ID)
				return nil, err
			}, func() {
				p.Show(k.ID)
				p.offerCopies()
			})
		}})
}

// offerCopies asks for a printer right after a paper with several copies was
// issued: it is handed over on the spot.
func (p *Documents) offerCopies() {
	d, ok := p.shown.(*documentDetail)
	if ok && d.k.Value.Issued != nil && len(p.env.Desk.Press.Copies(d.k.Value.Edition())) > 0 {
		p.printPapers([]kept[model.Document]{d.k})
	}
}

func blocks(reasons []casework.Reason) bool {
	for _, r := range reasons {
		if r.Blocks {
			return true
		}
	}
	return false
}

// withdraw takes a paper back, with the reason that stays in its record.
func (p *Documents) withdraw(k kept[model.Document]) {
	dialogs.Ask(p.env.Host.Window(), dialogs.Prompt{Title: lang.T("documents.withdraw.title", "title", k.Value.Title), Label: lang.T("documents.withdraw.reason"),
		Hint: lang.T("documents.withdraw.hint"), Verb: lang.T("documents.withdraw"), Lines: 3,
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return sentence(lang.T("documents.withdraw.needed"))
			}
			return nil
		},
		OK: func(text string) {
			p.acts.does("documents.withdraw", func(ctx context.Context) ([]casework.Reason, error) {
				return nil, p.env.Desk.Withdraw(ctx, k.ID, strings.TrimSpace(text))
			}, func() { p.Show(k.ID) })
		}})
}

// redraft begins a new paper with the words of one that was taken back, to be
// corrected and issued in its place.
func (p *Documents) redraft(k kept[model.Document]) {
	v := k.Value
	again := model.Document{Type: v.Type, Title: v.Title, Case: v.Case, Inspection: v.Inspection, About: v.About, WageRoll: v.WageRoll, Replaces: k.ID, Fields: v.Fields}
	var made model.ID
	p.acts.does("documents.redraft", func(ctx context.Context) (_ []casework.Reason, err error) {
		made, err = p.env.Desk.Draft(ctx, again)
		return nil, err
	}, func() { p.Show(made) })
}

// sentence is an error that already is what a person should read.
type sentence string

func (s sentence) Error() string { return string(s) }
