package page

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/forms"
	"anxin/model"
)

var (
	_ shell.Rememberer   = (*Daybooks)(nil)
	_ shell.Creator      = (*Daybooks)(nil)
	_ shell.Saver        = (*Daybooks)(nil)
	_ shell.Finder       = (*Daybooks)(nil)
	_ shell.Stepper      = (*Daybooks)(nil)
	_ shell.FirstFielder = (*Daybooks)(nil)
	_ shell.Undoer       = (*Daybooks)(nil)
	_ shell.Answerer     = (*Daybooks)(nil)
	_ shell.Dirtier      = (*Daybooks)(nil)
)

// daybookForms are the daybooks the program carries.
func daybookForms(t testing.TB) (ids []string) {
	names, err := fs.Glob(assets.Forms, "daybook-*.md")
	sure(t, err)
	for _, name := range names {
		ids = append(ids, strings.TrimSuffix(name, ".md"))
	}
	return ids
}

// asked is what a daybook's form calls a question.
func asked(t testing.TB, book, name string) (label string) {
	form, err := compiled(book)
	sure(t, err)
	form.Each(func(q *forms.Question) {
		if q.Name == name {
			label = q.Label.In(formLanguage())
		}
	})
	if label == "" {
		t.Fatalf("%s asks no %q", book, name)
	}
	return label
}

// TestADaybookIsKept: a training is entered, what is missing is said first; what
// was typed last is taken back, it is saved, found, struck, put back, and stands in the
// figures and in a workbook; in both languages.
func TestADaybookIsKept(t *testing.T) {
	const book = "daybook-training"
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			uitest.Language(t, tag)
			p := NewDaybooks(w.env, DaybooksArg)
			w.show(p)
			w.narrow()
			p.pick.SetKey("")
			p.turn(book)
			w.screen.MustSee(lang.T("daybooks.empty", "title", p.at.Title(formLanguage())))
			w.act(lang.T("daybooks.new"))
			w.screen.Fill(asked(t, book, "title"), "工资支付条例")
			p.Save()
			if n, err := w.store.Count(t.Context(), model.Query{Kind: model.KindEntry}); err != nil || n != 0 {
				t.Fatalf("an entry without its form was saved: %d %v", n, err)
			}
			w.screen.Pick(asked(t, book, "form"), optionOf(t, book, "form", "集中培训"))
			w.screen.Fill(asked(t, book, "hours"), "4.5")
			w.screen.Fill(asked(t, book, "attendees"), "62")
			w.screen.Fill(asked(t, book, "organiser"), "县局")
			if !p.Undo() {
				t.Error("nothing to take back")
			}
			w.screen.Capture("daybooks-form-" + tag)
			p.Save()
			k := only[model.Entry](w)
			if v := k.Value; v.Daybook != book || v.Fields["attendees"] != 62.0 || v.Fields["hours"] != 4.5 || v.Text("organiser") != "" || v.Text(model.EntryDate) != string(model.DateOf(w.clock.Now())) {
				t.Fatalf("saved %+v", v)
			}
			w.wide()
			w.screen.Capture("daybooks-" + tag)
			p.Find()
			w.screen.Type("支付条例")
			w.screen.MustSee("工资支付条例")
			w.strikesAndPutsBack(p, k.ID)
			w.inTheYear(p)
		})
	}
}

// optionOf is what a form calls a choice.
func optionOf(t testing.TB, book, question, name string) (label string) {
	form, err := compiled(book)
	sure(t, err)
	form.Each(func(q *forms.Question) {
		for _, c := range q.Choices {
			if q.Name == question && c.Name == name {
				label = c.Label.In(formLanguage())
			}
		}
	})
	return label
}

// strikesAndPutsBack strikes an entry for a reason and undoes it.
func (w *world) strikesAndPutsBack(p *Daybooks, id model.ID) {
	w.Helper()
	p.Show(id)
	w.act(lang.T("daybooks.strike"))
	w.screen.Type("重复登记")
	w.screen.Shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
	if k := only[model.Entry](w); k.Value.Struck != "重复登记" || k.Value.Summary().State != model.EntryStruck {
		w.Fatalf("struck %+v", k.Value)
	}
	w.screen.MustSee(lang.T("daybooks.struck", "why", "重复登记"))
	if list, err := w.env.Desk.Entries(w.Context(), p.at, casework.Always); err != nil || len(list) != 0 {
		w.Errorf("a struck entry counts: %d %v", len(list), err)
	}
	w.host.undo()
	w.screen.Settle()
	if k := only[model.Entry](w); k.Value.Struck != "" {
		w.Errorf("put back %+v", k.Value)
	}
}

// inTheYear looks for the entry in the workbook and in the figures.
func (w *world) inTheYear(p *Daybooks) {
	w.Helper()
	path := filepath.Join(w.TempDir(), "培训.xlsx")
	uitest.AnswerFiles(w.TB, path)
	w.act(lang.T("daybooks.export"))
	f, err := excelize.OpenFile(path)
	sure(w, err)
	defer f.Close()
	rows, err := f.GetRows(p.at.Title(formLanguage()))
	sure(w, err)
	if len(rows) != 2 || rows[1][0] != "工资支付条例" {
		w.Errorf("workbook %v", rows)
	}
	l := NewLedgers(w.env)
	w.show(l)
	w.wide()
	figures := map[string]any{}
	for _, row := range l.tables[0].Rows {
		figures[row[0].(string)] = row[1]
	}
	if figures["教育培训"] != 1 || figures["教育培训：参加人数"] != 62.0 || figures["教育培训：学时"] != 4.5 {
		w.Errorf("figures %v", figures)
	}
	l.turn("教育培训")
	w.screen.MustSee(asked(w, p.at.ID, "attendees"), "工资支付条例")
}

// TestALoanChangesHowAPieceStands: what is lent and comes back is a row of the
// piece, from which its standing follows.
func TestALoanChangesHowAPieceStands(t *testing.T) {
	w := newWorld(t)
	id := w.entry("daybook-equipment", map[string]any{"title": "DSJ-T9", "type": "执法记录仪", "serial": "0007", "condition": "在用", "state": "在库"})
	p := NewDaybooks(w.env, string(id))
	if !IsDaybook(w.env, string(id)) || IsDaybook(w.env, string(w.site)) {
		t.Error("the page of an entry is not told from that of others")
	}
	w.show(p)
	w.wide()
	w.screen.MustSee("DSJ-T9", "在库", joined("执法记录仪", "0007"))
	form := p.shownOf(t).form
	row, _, err := form.in.Add("/loans")
	sure(t, err)
	for name, text := range map[string]string{"borrower": string(w.me), "borrowed_on": "2026-09-18"} {
		_, err := form.in.Set(row+"/"+name, text)
		sure(t, err)
	}
	form.view.Rebuild()
	w.screen.Capture("daybooks-equipment")
	p.Save()
	if v := only[model.Entry](w).Value; v.Text(model.EntryState) != "借出" {
		t.Errorf("stands as %+v", v)
	}
	tables, err := w.env.Desk.Ledgers(t.Context(), casework.Always)
	sure(t, err)
	i := slices.IndexFunc(tables, func(x casework.Table) bool { return x.Name == "领用归还" })
	if i < 0 {
		t.Fatal("the ledgers have no list of loans")
	}
	if rows := tables[i].Rows; len(rows) != 1 || rows[0][0] != "DSJ-T9" || rows[0][1] != w.nameOf(w.me) {
		t.Errorf("loans %v", rows)
	}
}

// TestAStrikeIsUndoneInItsOwnDaybook: whoever has turned to another daybook
// meanwhile is led back, is asked about what is not saved there, and the line
// stays a line of its own daybook; another daybook's form refuses it.
func TestAStrikeIsUndoneInItsOwnDaybook(t *testing.T) {
	const book, other = "daybook-training", "daybook-permit"
	w := newWorld(t)
	id := w.entry(book, map[string]any{"title": "工资支付条例", "date": "2026-09-18", "form": "集中培训", "hours": 4.5, "attendees": 62})
	p := NewDaybooks(w.env, string(id))
	w.show(p)
	w.narrow()
	w.act(lang.T("daybooks.strike"))
	w.screen.Type("重复登记")
	w.screen.Shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
	undo := w.host.undo
	p.turn(other)
	if p.at.ID != other {
		t.Fatalf("turned to %s", p.at.ID)
	}
	w.act(lang.T("daybooks.new"))
	w.screen.Fill(asked(t, other, "title"), "还没有保存")
	undo()
	w.screen.Settle()
	if only[model.Entry](w).Value.Struck == "" {
		t.Fatal("what was not saved was dropped unasked")
	}
	w.screen.Tap(lang.T("shell.dirty.discard"))
	if k := only[model.Entry](w); p.at.ID != book || p.registerList.State() != string(id) || k.Value.Struck != "" {
		t.Fatalf("shows %s of %s, struck for %q", p.registerList.State(), p.at.ID, k.Value.Struck)
	}
	w.screen.Fill(asked(t, book, "title"), "工资支付条例解读")
	p.Save()
	k := only[model.Entry](w)
	if k.Value.Daybook != book || k.Value.Text(model.EntryTitle) != "工资支付条例解读" {
		t.Errorf("kept %+v", k.Value)
	}
	p.turn(other)
	if _, err := p.open(p.at, k); err == nil || !strings.Contains(err.Error(), p.at.Title(formLanguage())) {
		t.Errorf("the form of another daybook opens the line: %v", err)
	}
}

// TestStrikingAsksAboutWhatIsNotSaved: answers typed into a line are saved or
// dropped by its writer, never by the strike.
func TestStrikingAsksAboutWhatIsNotSaved(t *testing.T) {
	w := newWorld(t)
	id := w.entry("daybook-list", map[string]any{"list": "音像记录事项清单", "title": "留置送达"})
	p := NewDaybooks(w.env, string(id))
	w.show(p)
	w.narrow()
	w.screen.Fill(asked(t, "daybook-list", "title"), "公告送达")
	w.act(lang.T("daybooks.strike"))
	w.screen.MustNotSee(lang.T("daybooks.strike.why"))
	w.screen.MustSee(lang.T("shell.dirty.title"))
	w.tapLast(lang.T("page.save"))
	w.screen.MustSee(lang.T("daybooks.strike.why"))
	w.screen.Type("重复登记")
	w.screen.Shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
	if v := only[model.Entry](w).Value; v.Text(model.EntryTitle) != "公告送达" || v.Struck != "重复登记" {
		t.Errorf("kept %+v", v)
	}
}

// TestDaybooksThatDoNotOpenSayWhy: where a form is missing the page says so and
// can be used, its keys and its memory included.
func TestDaybooksThatDoNotOpenSayWhy(t *testing.T) {
	w := newWorld(t)
	w.env.Desk.DaybookForms = []string{"daybook-none"}
	p := NewDaybooks(w.env, DaybooksArg)
	w.show(p)
	w.screen.MustSee("daybook-none")
	w.tapLast(lang.T("dialog.close"))
	w.screen.MustSee(lang.T("daybooks.none"))
	for _, a := range p.Actions() {
		a.Do()
	}
	p.New()
	p.Save()
	p.Find()
	p.Step(1)
	p.FocusFirst()
	p.turn("daybook-training")
	p.Restore(p.State() + "x")
	p.Leave()
	if p.Dirty() || p.Undo() {
		t.Error("a page without a daybook holds something to save")
	}
}

// TestFiguresAreWrittenInFull: a million is written in digits, in the list, in the
// figures and in the ledger.
func TestFiguresAreWrittenInFull(t *testing.T) {
	const book = "daybook-training"
	w := newWorld(t)
	for _, hours := range []float64{0.1, 0.2, 1_000_000} {
		w.entry(book, map[string]any{"title": "工资支付条例", "date": string(model.DateOf(w.clock.Now())), "hours": hours})
	}
	p := NewDaybooks(w.env, DaybooksArg)
	w.show(p)
	w.wide()
	p.turn(book)
	w.screen.MustSee("1000000", "0.1")
	l := NewLedgers(w.env)
	shown := map[string]bool{}
	for _, name := range []string{l.tables[0].Name, "教育培训"} {
		l.turn(name)
		table := l.tables[slices.IndexFunc(l.tables, func(x casework.Table) bool { return x.Name == name })]
		for i := range l.list.Len() {
			for _, c := range l.columns(table) {
				shown[c.Cell(l.list.At(i))] = true
			}
		}
	}
	if !shown["1000000.3"] || !shown["1000000"] || !shown["0.1"] {
		t.Errorf("the ledgers show %v", shown)
	}
}

// TestStruckLinesAreNotCounted: a list that holds only the newest lines tells of
// how many that stand.
func TestStruckLinesAreNotCounted(t *testing.T) {
	w := newWorld(t)
	changes := make([]model.Change, mostRows+2)
	for i := range changes {
		e := &model.Entry{Daybook: "daybook-training", Fields: map[string]any{"title": "工资支付条例", "date": "2026-09-18"}}
		if i%2 == 0 {
			e.Struck = "重复登记"
		}
		changes[i].Record = e
	}
	_, err := w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: changes})
	sure(t, err)
	p := NewDaybooks(w.env, DaybooksArg)
	w.show(p)
	w.wide()
	p.turn("daybook-training")
	w.screen.MustSee(lang.T("page.count.most", "n", "500", "total", "501"))
}

// shownOf is the line that is open.
func (p *Daybooks) shownOf(t testing.TB) *entryDetail {
	t.Helper()
	d, ok := p.registerList.(*recordPage[model.Entry, *model.Entry]).shown.(*entryDetail)
	if !ok {
		t.Fatal("no line is open")
	}
	return d
}

func (w *world) entry(book string, fields map[string]any) model.ID {
	w.Helper()
	id, err := w.env.Desk.Save(w.Context(), "", "", &model.Entry{Daybook: book, Fields: fields})
	sure(w, err)
	return id
}

func (w *world) nameOf(id model.ID) string {
	w.Helper()
	return newRegisters(w.env).name(id)
}

// TestDaybooksPrint: the lists that are published are offered to the printer by
// their names.
func TestDaybooksPrint(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			uitest.Language(t, tag)
			w.entry("daybook-list", map[string]any{"list": "音像记录事项清单", "title": "留置送达"})
			w.show(NewDaybooks(w.env, DaybooksArg))
			w.wide()
			w.act(lang.T("daybooks.lists"))
			w.screen.MustSee(lang.Said("音像记录事项清单"), lang.Said("行政执法人员清单"))
			w.screen.Capture("daybooks-print-" + tag)
		})
	}
}
