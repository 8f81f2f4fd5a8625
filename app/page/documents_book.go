package page

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
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
)

// numberBook is the register of papers (文书领用与作废台账) of a year: every
// number with what became of it. Numbers are given up and returned here.
type numberBook struct {
	reading
	page *Documents
	env  *Env
	year *widgets.Select
	list *widgets.RecordList[casework.NumberLine]
	sum  *widgets.Paragraph
}

// Years the register is shown of: this one and the four before.
const bookYears = 5

// showBook opens the register in place of a document.
func (p *Documents) showBook() {
	p.booking = true
	p.NewFrom(kept[model.Document]{Value: &model.Document{}})
	p.booking = false // the officer may have stayed with what was not saved
}

func (p *Documents) openBook() detail {
	b := &numberBook{page: p, env: p.env, sum: widgets.NewCaption("")}
	var years []widgets.Option
	for i := range bookYears {
		y := strconv.Itoa(p.env.Now().Year() - i)
		years = append(years, widgets.Option{Key: y, Label: y})
	}
	b.year = widgets.NewSelect(years, func(string) { b.read() })
	b.year.SetKey(years[0].Key)
	b.list = widgets.NewRecordList(bookColumns(), widgets.NewEmptyState(fynetheme.ListIcon(), lang.T("book.empty"),
		widgets.Action{Label: lang.T("book.lease"), Do: func() { p.env.Host.Go("sync", "") }}))
	b.list.OnOpen = b.open
	head := widgets.NewBorder(nil, nil, nil, widgets.AtLeast(90, 0, b.year), widgets.NewPageTitle(lang.T("documents.book")))
	b.content = container.NewPadded(widgets.NewBorder(container.NewVBox(head, b.sum), nil, nil, nil, b.list))
	b.read()
	return b
}

func bookColumns() []widgets.Column[casework.NumberLine] {
	return []widgets.Column[casework.NumberLine]{
		{Title: lang.T("documents.col.number"), Cell: func(l casework.NumberLine) string { return l.Number }},
		{Title: lang.T("col.state"), Width: 72, Cell: bookState, Tone: bookTone,
			Compare: func(a, b casework.NumberLine) int { return cmp.Compare(a.State, b.State) }},
		{Title: lang.T("documents.col.title"), Width: 150, DropBelow: 460, Cell: func(l casework.NumberLine) string { return joined(l.Title, l.Party) }},
		{Title: lang.T("book.day"), Width: 92, DropBelow: 520, Cell: func(l casework.NumberLine) string { return string(l.Day) },
			Compare: func(a, b casework.NumberLine) int { return cmp.Compare(a.Day, b.Day) }},
		{Title: lang.T("book.officer"), Width: 70, DropBelow: 620, Cell: func(l casework.NumberLine) string { return l.Officer }},
		{Title: lang.T("book.note"), Width: 110, DropBelow: 700, Cell: func(l casework.NumberLine) string { return l.Note }},
	}
}

// States of a line of the register as the use case names them.
const (
	lineUsed        = "已用"
	lineVoid        = "作废"
	lineReturned    = "退回"
	lineUnused      = "未用"
	lineProvisional = "暂编"
)

var lineWords = map[string]struct {
	key  string
	tone theme.Tone
}{lineUsed: {"book.used", theme.Good}, lineVoid: {"book.void", theme.Bad}, lineReturned: {"book.returned", theme.Neutral},
	lineUnused: {"book.unused", theme.Info}, lineProvisional: {"documents.provisional", theme.Warning}}

func bookState(l casework.NumberLine) string {
	if w, ok := lineWords[l.State]; ok {
		return lang.T(w.key)
	}
	return l.State
}

func bookTone(l casework.NumberLine) theme.Tone { return lineWords[l.State].tone }

// chosenYear is the year shown.
func (b *numberBook) chosenYear() int {
	y, err := strconv.Atoi(b.year.Key())
	if err != nil {
		return b.env.Now().Year()
	}
	return y
}

// read lists the year.
func (b *numberBook) read() {
	var lines []casework.NumberLine
	b.env.Host.Run(lang.T("documents.book"), func(ctx context.Context, _ func(float64, string)) (err error) {
		lines, err = b.env.Desk.NumberRegister(ctx, b.chosenYear())
		return err
	}, func(err error) {
		if err != nil {
			showError(b.env, err)
			return
		}
		b.list.SetRows(lines)
		n := map[string]int{}
		for _, l := range lines {
			n[l.State] += max(1, l.To-l.From+1)
		}
		b.sum.SetText(lang.T("book.sum", "used", n[lineUsed], "void", n[lineVoid], "returned", n[lineReturned], "unused", n[lineUnused], "provisional", n[lineProvisional]))
	})
}

// open goes to the paper that took the number.
func (b *numberBook) open(l casework.NumberLine) {
	if l.Document != "" {
		b.page.Show(l.Document)
	}
}

// FocusFirst implements detail.
func (b *numberBook) FocusFirst() { b.list.Focus() }

// Actions implements detail.
func (b *numberBook) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: lang.T("book.export"), Icon: fynetheme.DownloadIcon(), Primary: true, Do: b.export},
		{Label: lang.T("documents.print"), Icon: fynetheme.DocumentPrintIcon(), Do: b.print},
		{Label: lang.T("book.formalise"), Icon: fynetheme.ConfirmIcon(), Do: b.formalise},
		{Label: lang.T("book.void.act"), Icon: fynetheme.DeleteIcon(), Danger: true, Do: b.void},
		{Label: lang.T("book.return.act"), Icon: fynetheme.MailReplyIcon(), Do: b.giveBack},
	}
}

// export writes the register as a workbook.
func (b *numberBook) export() {
	year := b.chosenYear()
	dialogs.SaveFile(b.env.Host.Window(), lang.T("book.file", "year", year), func(path string) {
		b.env.Host.Run(lang.T("book.export"), func(ctx context.Context, _ func(float64, string)) error {
			var out bytes.Buffer
			if err := b.env.Desk.WriteNumberRegister(ctx, year, &out); err != nil {
				return err
			}
			if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
				return fmt.Errorf("保存台账: %w", err)
			}
			return nil
		}, func(err error) {
			if err != nil {
				showError(b.env, err)
				return
			}
			b.env.Host.Say(lang.T("documents.copied", "path", path))
		})
	})
}

func (b *numberBook) print() {
	year := b.chosenYear()
	askPrint(b.env, []PrintItem{{Title: joined(lang.T("documents.book"), strconv.Itoa(year)), PDF: func(ctx context.Context, _ string) ([]byte, error) {
		pdf, _, err := b.env.Desk.PrintNumberRegister(ctx, year)
		return pdf, err
	}}}, nil)
}

// formalise gives the papers under provisional numbers those of their series.
func (b *numberBook) formalise() {
	var n int
	b.page.acts.does("book.formalise", func(ctx context.Context) (_ []casework.Reason, err error) {
		n, err = b.env.Desk.FormaliseAll(ctx)
		return nil, err
	}, func() {
		b.env.Host.Toast(lang.T("book.formalised", "n", n), theme.Good)
		b.page.reload()
		b.read()
	})
}

// unusedLine is the run of unused numbers that is selected; without one the
// officer is told to select it.
func (b *numberBook) unusedLine() (casework.NumberLine, bool) {
	l, ok := b.list.Selected()
	if !ok || l.State != lineUnused {
		b.env.Host.Toast(lang.T("book.select"), theme.Warning)
		return l, false
	}
	return l, true
}

// void gives up the next number of the selected series, with the reason that
// stays in the register.
func (b *numberBook) void() {
	l, ok := b.unusedLine()
	if !ok {
		return
	}
	title := lang.T("book.void.title", "title", l.Title)
	dialogs.Ask(b.env.Host.Window(), dialogs.Prompt{Title: title, Label: lang.T("book.void.reason"), Hint: lang.T("book.void.hint"),
		Verb: lang.T("book.void.act"), Lines: 3,
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return sentence(lang.T("book.void.needed"))
			}
			return nil
		},
		OK: func(text string) {
			b.page.acts.does("book.void.act", func(ctx context.Context) ([]casework.Reason, error) {
				_, err := b.env.Desk.VoidNumber(ctx, l.Series, strings.TrimSpace(text))
				return nil, err
			}, b.read)
		}})
}

// giveBack returns the unused rest of the block of the selected line.
func (b *numberBook) giveBack() {
	l, ok := b.unusedLine()
	if !ok {
		return
	}
	dialogs.Confirm(b.env.Host.Window(), dialogs.Question{Title: lang.T("book.return.act"), Text: lang.T("book.return.text", "number", l.Number),
		Verb: lang.T("book.return.act"), Danger: true, Yes: func() {
			b.page.acts.does("book.return.act", func(ctx context.Context) ([]casework.Reason, error) {
				return nil, b.env.returnBlock(ctx, l)
			}, b.read)
		}})
}

// returnBlock gives back the block whose unused rest a line shows: the use
// case wants its first number.
func (e *Env) returnBlock(ctx context.Context, l casework.NumberLine) error {
	blocks, err := e.Desk.Numbers.Blocks(ctx)
	if err != nil {
		return err
	}
	for _, k := range blocks {
		if k.Series == l.Series && k.Next == l.From && k.To == l.To {
			_, err := e.Desk.ReturnNumbers(ctx, k.Series, k.From)
			return err
		}
	}
	return fmt.Errorf("“%s”的号段已有变化，请刷新台账后再退回", l.Series)
}
