package casework

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// Daybook is a register of the office's own work as its form describes it: the
// questions are the columns, a repeat is a list of its own beside it. bind::law:sum
// of a question says that its answers are added up in the figures.
type Daybook struct {
	ID   string
	Form *forms.Form
}

// Daybooks are those of the office in the order of their ids.
func (d *Desk) Daybooks() ([]Daybook, error) {
	var out []Daybook
	for _, id := range d.DaybookForms {
		form, err := d.Form(model.EditionOf(id, d.newest(id)))
		if err != nil {
			return nil, fmt.Errorf("打开台账“%s”的表单: %w", id, err)
		}
		out = append(out, Daybook{id, form})
	}
	return out, nil
}

// Title is the name of the daybook.
func (b Daybook) Title(language string) string { return b.Form.Title.In(language) }

// Dated tells whether its lines happen on a day; others are an inventory.
func (b Daybook) Dated() bool {
	return slices.ContainsFunc(b.Columns(), func(q *forms.Question) bool { return q.Name == model.EntryDate })
}

// Columns are the questions of a line, in the order of the form; those of its
// repeats are not among them.
func (b Daybook) Columns() []*forms.Question { return columnsBelow(b.Form.Root) }

// Repeats are the lists a line carries.
func (b Daybook) Repeats() (out []*forms.Question) {
	b.Form.Each(func(q *forms.Question) {
		if q.IsRepeat() {
			out = append(out, q)
		}
	})
	return out
}

func columnsBelow(of *forms.Question) (out []*forms.Question) {
	for _, q := range of.Children {
		switch {
		case q.Type == forms.TypeGroup:
			out = append(out, columnsBelow(q)...)
		case !q.IsRepeat() && q.Type != forms.TypeHidden && q.Type != forms.TypeNote:
			out = append(out, q)
		}
	}
	return out
}

// Cell is an answer as a list shows it: a text, or a number where it is one;
// name says what the record of an id is called.
func Cell(q *forms.Question, v any, language string, name func(model.ID) string) any {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = CellText(Cell(q, v[i], language, name))
		}
		return strings.Join(words, "、")
	case float64:
		return v
	case string:
		if q.File != "" {
			return name(model.ID(v))
		}
		for _, c := range q.Choices {
			if c.Name == v {
				return c.Label.In(language)
			}
		}
		return v
	}
	return fmt.Sprint(v)
}

// rowsOf are the rows of a repeat of an entry.
func rowsOf(e *model.Entry, repeat string) (out []map[string]any) {
	list, _ := e.Fields[repeat].([]any)
	for _, row := range list {
		if m, ok := row.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Always is a span that leaves no day out.
var Always = Span{From: "1900-01-01", To: "9999-12-31"}

// Entries are the lines of a daybook that stand, oldest first: of the days of a
// span where it is dated, all otherwise.
func (d *Desk) Entries(ctx context.Context, b Daybook, span Span) ([]Kept[model.Entry], error) {
	list, err := all[model.Entry](ctx, d, model.Query{Exact: []string{model.Exactly("daybook", b.ID)}})
	if err != nil {
		return nil, fmt.Errorf("读取台账“%s”: %w", b.Title("zh"), err)
	}
	list = slices.DeleteFunc(list, func(k Kept[model.Entry]) bool {
		return k.Value.Struck != "" || b.Dated() && !span.has(model.Date(k.Value.Text(model.EntryDate)))
	})
	slices.SortFunc(list, func(x, y Kept[model.Entry]) int {
		return strings.Compare(x.Value.Text(model.EntryDate)+string(x.ID), y.Value.Text(model.EntryDate)+string(y.ID))
	})
	return list, nil
}

// Tables are lines as lists that leave the program: the daybook, then one for
// each of its repeats, beside what the line is called.
func (b Daybook) Tables(entries []Kept[model.Entry], language string, name func(model.ID) string) []Table {
	columns := b.Columns()
	out := []Table{{Name: b.Title(language), Head: heads(columns, language)}}
	for _, k := range entries {
		out[0].Rows = append(out[0].Rows, cells(columns, k.Value.Fields, language, name))
	}
	for _, r := range b.Repeats() {
		below := columnsBelow(r)
		t := Table{Name: r.Label.In(language), Head: append([]string{b.Title(language)}, heads(below, language)...)}
		for _, k := range entries {
			for _, row := range rowsOf(k.Value, r.Name) {
				t.Rows = append(t.Rows, append([]any{k.Value.Text(model.EntryTitle)}, cells(below, row, language, name)...))
			}
		}
		out = append(out, t)
	}
	return out
}

func heads(columns []*forms.Question, language string) []string {
	out := make([]string, len(columns))
	for i, q := range columns {
		out[i] = q.Label.In(language)
		if q.Type == forms.TypeCalculate && out[i] == "" {
			out[i] = q.Name
		}
	}
	return out
}

func cells(columns []*forms.Question, answers map[string]any, language string, name func(model.ID) string) []any {
	out := make([]any, len(columns))
	for i, q := range columns {
		out[i] = Cell(q, answers[q.Name], language, name)
	}
	return out
}

// struckWord is said of a line that was struck.
func struckWord(e *model.Entry) string {
	if e.Struck == "" {
		return ""
	}
	return model.EntryStruck
}

// Strike takes a line out of its daybook for a reason, or puts it back when
// there is none.
func (d *Desk) Strike(ctx context.Context, id model.ID, reason string) error {
	e, rev, err := load[model.Entry](ctx, d, id)
	if err != nil {
		return err
	}
	e.Struck = strings.TrimSpace(reason)
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: e})
	return err
}

// The daybook of equipment and its kinds that take pictures.
const equipmentBook = "daybook-equipment"

var cameras = []string{"执法记录仪", "照相机"}

// Recorders are the cameras of the daybook of equipment in use, by name and
// serial number, for what is taken with them.
func (d *Desk) Recorders(ctx context.Context) (out []string, err error) {
	list, err := all[model.Entry](ctx, d, model.Query{Exact: []string{model.Exactly("daybook", equipmentBook)}})
	for _, k := range list {
		if v := k.Value; v.Struck == "" && slices.Contains(cameras, v.Text("type")) && v.Text("condition") == "在用" {
			out = append(out, joined(v.Text(model.EntryTitle), v.Text("serial")))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// daybookTables are the daybooks of a span as lists, and their figures.
func (l *ledgers) daybookTables(ctx context.Context, figures *Table) (out []Table, err error) {
	books, err := l.desk.Daybooks()
	if err != nil {
		return nil, err
	}
	name := func(id model.ID) string { return l.names[id] }
	for _, b := range books {
		entries, err := l.desk.Entries(ctx, b, l.span)
		if err != nil {
			return nil, err
		}
		out = append(out, b.Tables(entries, "zh", name)...)
		b.figures(figures, entries)
	}
	return out, nil
}

// figures are how many lines there are, and the sums the form asks for.
func (b Daybook) figures(t *Table, entries []Kept[model.Entry]) {
	title, how := b.Title("zh"), "今日台账"
	if b.Dated() {
		how = "日期在期间内"
	}
	t.figure(title, len(entries), how)
	for _, q := range b.Columns() {
		if q.Law["sum"] == "" {
			continue
		}
		t.figure(title+"："+q.Label.In("zh"), sumOf(entries, q.Name), how+"，逐条相加")
	}
}

// sumOf adds up the answers to a question in hundredths, so that what was typed
// with a decimal point sums up to what a person gets by hand.
func sumOf(entries []Kept[model.Entry], question string) float64 {
	hundredths := 0.0
	for _, k := range entries {
		if v, ok := k.Value.Fields[question].(float64); ok {
			hundredths += math.Round(v * 100)
		}
	}
	return hundredths / 100
}
