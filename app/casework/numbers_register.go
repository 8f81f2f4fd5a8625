package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// States of a line in the register of papers, beside those of the store.
const (
	numberUnused      = "未用"
	numberProvisional = "暂编"
	numberReturned    = "退回"
)

// NumberLine is one line of the register of papers (文书领用与作废台账): one
// number with what became of it, or a run of numbers not used yet.
type NumberLine struct {
	Series   string   // type word and year
	From, To int      // serials; the same for a single number, 0 for a provisional one
	Number   string   // as it is printed
	State    string   // 已用, 作废, 退回, 未用, 暂编
	Document model.ID // "" where none took it
	Type     string
	Title    string
	Party    string
	Day      model.Date // of issue, of giving up
	Officer  string
	Standing string // of the document: 已签发, 已送达, 已撤回
	Note     string // why it was given up, where the block came from, which number followed
}

// NumberRegister lists the numbers of a year: every one this laptop used, gave
// up, returned or still holds, by series and serial, and the documents that
// wait for theirs. No serial of a block is missing.
func (d *Desk) NumberRegister(ctx context.Context, year int) ([]NumberLine, error) {
	if d.Numbers == nil {
		return nil, errNoBook
	}
	b, err := d.numberBook(ctx, year)
	if err != nil {
		return nil, err
	}
	blocks, err := d.Numbers.Blocks(ctx)
	if err != nil {
		return nil, fmt.Errorf("读取号段: %w", err)
	}
	var out []NumberLine
	for _, series := range b.series {
		rows, err := d.Numbers.Numbers(ctx, series)
		if err != nil {
			return nil, fmt.Errorf("读取“%s”的登记: %w", series, err)
		}
		var lines []NumberLine
		for _, r := range rows {
			lines = append(lines, b.line(r))
		}
		for _, k := range blocks {
			if k.Series == series && k.Left() > 0 {
				lines = append(lines, b.unused(k))
			}
		}
		slices.SortStableFunc(lines, func(x, y NumberLine) int { return x.From - y.From })
		out = append(out, lines...)
	}
	return append(out, b.provisional()...), nil
}

// numberBook is what the lines of the register are made of.
type numberBook struct {
	year     int
	word     string
	series   []string
	rows     map[string]statute.Document // by series
	docs     []Kept[model.Document]
	byID     map[model.ID]*model.Document
	officers map[model.ID]string
}

func (d *Desk) numberBook(ctx context.Context, year int) (*numberBook, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	on := d.Clock.Now().AddDate(year-d.Clock.Now().Year(), 0, 0)
	b := &numberBook{year: year, word: o.Value.Word, rows: map[string]statute.Document{}, byID: map[model.ID]*model.Document{}, officers: map[model.ID]string{}}
	for _, row := range d.Law.Catalogue(on, o.Value.Region).All() {
		s, err := d.Series(row.ID, on)
		if err != nil {
			return nil, err
		}
		if s != "" {
			if row.Number, err = pattern(o.Value, row); err != nil {
				return nil, err
			}
			b.series, b.rows[s] = appendNew(b.series, s), row
		}
	}
	if b.docs, err = all[model.Document](ctx, d, model.Query{}); err != nil {
		return nil, err
	}
	for _, k := range b.docs {
		b.byID[k.ID] = k.Value
	}
	people, err := all[model.Officer](ctx, d, model.Query{})
	for _, k := range people {
		b.officers[k.ID] = k.Value.Name
	}
	return b, err
}

func (b *numberBook) line(r model.NumberRow) NumberLine {
	l := NumberLine{Series: r.Series, From: r.Serial, To: r.Serial, State: r.State, Document: r.Document, Title: b.rows[r.Series].Title,
		Type: b.rows[r.Series].ID, Number: b.rows[r.Series].Number.Format(b.word, b.year, r.Serial), Day: model.DateOf(r.At), Note: r.Reason}
	if r.Reason == numberReturned {
		l.State = numberReturned // given back, not spoilt
	}
	if doc := b.byID[r.Document]; doc != nil && doc.Issued != nil {
		b.describe(&l, doc)
	}
	return l
}

// describe puts what a document says of itself on its line.
func (b *numberBook) describe(l *NumberLine, doc *model.Document) {
	l.Number, l.Title, l.Type, l.Standing, l.Officer = NumberOf(doc), doc.Title, doc.Type, doc.State, b.officers[doc.Issued.By]
	l.Day, l.Party = model.DateOf(doc.Issued.At), partyOf(doc)
	if l.Party == "" {
		l.Party, _ = doc.Fields["recipient"].(string)
	}
	for _, e := range doc.Events {
		switch e.Kind {
		case model.EventServed:
			l.Standing = copyTitle(doc.State, servedNote(e))
		case model.EventWithdrawn:
			l.Note = "撤回：" + e.Note
		case model.EventCorrected:
			if e.Note != "" {
				l.Note = "改编为" + e.Note
			} else if by := b.byID[e.Record]; by != nil {
				l.Note += "，改发" + NumberOf(by)
			}
		}
	}
	if first := b.byID[doc.About]; first != nil && first.Issued != nil && first.Issued.Provisional != "" && NumberOf(first) == doc.Issued.Number {
		l.Note = "原" + first.Issued.Provisional
	}
}

// servedNote is the mode and the copy of a service, on one line.
func servedNote(e model.Event) string { return strings.ReplaceAll(e.Note, "，", " ") }

func (b *numberBook) unused(k model.Block) NumberLine {
	row := b.rows[k.Series]
	number := row.Number.Format(b.word, b.year, k.Next)
	if k.Next < k.To {
		number += "至第" + strconv.Itoa(k.To) + "号"
	}
	return NumberLine{Series: k.Series, From: k.Next, To: k.To, Number: number, State: numberUnused, Type: row.ID, Title: row.Title, Note: k.Source}
}

// provisional are the documents of the year that wait for their number.
func (b *numberBook) provisional() (out []NumberLine) {
	for _, k := range b.docs {
		if !AwaitsNumber(k.Value) || k.Value.Issued.At.Year() != b.year {
			continue
		}
		l := NumberLine{State: numberProvisional, Document: k.ID}
		b.describe(&l, k.Value)
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(x, y NumberLine) int { return strings.Compare(string(x.Day)+x.Number, string(y.Day)+y.Number) })
	return out
}

// registerHead are the columns of the register, on paper and in a workbook.
var registerHead = []string{"序号", "文书种类", "文号", "状态", "当事人", "日期", "领用人", "文书状态", "备注"}

func (l NumberLine) cells(n int) []any {
	return []any{n, l.Title, l.Number, l.State, l.Party, string(l.Day), l.Officer, l.Standing, l.Note}
}

// WriteNumberRegister writes the register of a year as a workbook.
func (d *Desk) WriteNumberRegister(ctx context.Context, year int, w io.Writer) error {
	lines, err := d.NumberRegister(ctx, year)
	if err != nil {
		return err
	}
	t := Table{Name: "文书领用与作废台账", Head: registerHead}
	for i, l := range lines {
		t.Rows = append(t.Rows, l.cells(i+1))
	}
	return WriteWorkbook(w, t)
}

// registerPaper is the template of the register.
const registerPaper = "R01"

// PrintNumberRegister sets the register of a year on paper.
func (d *Desk) PrintNumberRegister(ctx context.Context, year int) (pdf []byte, pages int, err error) {
	lines, err := d.NumberRegister(ctx, year)
	if err != nil {
		return nil, 0, err
	}
	o, err := d.Office(ctx)
	if err != nil {
		return nil, 0, err
	}
	counts := map[string]int{}
	var rows []map[string]any
	for _, l := range lines {
		counts[l.State] += max(1, l.To-l.From+1)
		state := l.State
		if l.Standing != "" {
			state += "，" + l.Standing
		}
		rows = append(rows, map[string]any{"kind": l.Title, "mark": l.Number, "state": state, "party": l.Party, "day": l.Day.Chinese(),
			"officer": l.Officer, "note": l.Note})
	}
	now := d.Clock.Now()
	fields := map[string]any{"agency": o.Value.Name, "year": strconv.Itoa(year), "made_on": model.DateOf(now).Chinese(), "lines": rows}
	for name, state := range map[string]string{"used": "已用", "voided": "作废", "returned": numberReturned, "unused": numberUnused, "waiting": numberProvisional} {
		fields[name] = strconv.Itoa(counts[state])
	}
	return d.Press.Print(Paper{Type: registerPaper, Fields: fields, Issued: now})
}
