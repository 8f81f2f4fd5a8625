package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// Asked is a question of a draft's form with what stands there now.
type Asked struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Type     string   `json:"type"` // XLSForm's word: text, date, decimal, select_one, repeat …
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty"`
	// From are the sources it is filled in from, see sources; "" for a fact of
	// its own name.
	From    string  `json:"from,omitempty"`
	Value   any     `json:"value,omitempty"`
	Columns []Asked `json:"columns,omitempty"` // of the rows of a repeat
}

// PaperSheet is what the form of a document asks, what is filled in already,
// and what still stands against issuing it.
type PaperSheet struct {
	ID        model.ID `json:"id"`
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	State     string   `json:"state"`
	Questions []Asked  `json:"questions"`
	Reasons   []Reason `json:"-"`
}

// PaperSheet opens the form of a document for a terminal. Values are as the
// form takes them: days as 2026-01-31, money as plain figures in yuan.
func (d *Desk) PaperSheet(ctx context.Context, id model.ID) (*PaperSheet, error) {
	doc, _, err := load[model.Document](ctx, d, id)
	if err != nil {
		return nil, err
	}
	in, given, err := d.openPaper(ctx, doc)
	if err != nil {
		return nil, err
	}
	out := &PaperSheet{ID: id, Type: doc.Type, Title: doc.Title, State: doc.State}
	for _, n := range in.Nodes() {
		if q := n.Question; !inRepeat(q) && q.Type != forms.TypeGroup && q.Type != forms.TypeNote {
			a := askedOf(q)
			a.Label, a.Required, a.Value = n.Label, n.Required, given[q.Name]
			out.Questions = append(out.Questions, a)
		}
	}
	out.Questions = slices.CompactFunc(out.Questions, func(a, b Asked) bool { return a.Name == b.Name }) // a repeat comes once for each row
	if doc.State == model.DocumentDraft {
		out.Reasons, err = d.IssueReasons(ctx, doc)
	}
	return out, err
}

func askedOf(q *forms.Question) Asked {
	a := Asked{Name: q.Name, Label: q.Label.In("zh"), Type: string(q.Type), Required: q.Required != "", From: q.Law[lawFrom]}
	for _, c := range q.Choices {
		a.Options = append(a.Options, c.Name)
	}
	if q.IsRepeat() {
		for _, c := range q.Children {
			a.Columns = append(a.Columns, askedOf(c))
		}
	}
	return a
}

// openPaper opens the form of a document on its answers.
func (d *Desk) openPaper(ctx context.Context, doc *model.Document) (*forms.Instance, map[string]any, error) {
	form, err := d.PaperForm(doc.Edition())
	if err != nil {
		return nil, nil, err
	}
	given, err := d.PaperAnswers(ctx, doc)
	if err != nil {
		return nil, nil, err
	}
	in, err := d.fillIn(form, given)
	return in, given, err
}

// AnswerPaper writes answers into a draft, by the names of the questions, and
// leaves the others as they are. A name the form does not ask is refused.
func (d *Desk) AnswerPaper(ctx context.Context, id model.ID, answers map[string]any) error {
	doc, rev, err := load[model.Document](ctx, d, id)
	if err != nil {
		return err
	}
	form, err := d.PaperForm(doc.Edition())
	if err != nil {
		return err
	}
	if err := knownQuestions(form, answers); err != nil {
		return err
	}
	given, err := d.PaperAnswers(ctx, doc)
	if err != nil {
		return err
	}
	maps.Copy(given, answers)
	flat, err := d.answers(form, given)
	if err != nil {
		return err
	}
	_, err = d.SavePaper(ctx, id, rev, flat)
	return err
}

// knownQuestions refuses answers to what a form does not ask, in its rows too.
func knownQuestions(form *forms.Form, answers map[string]any) error {
	columns := map[string][]string{}
	form.Each(func(q *forms.Question) {
		switch {
		case inRepeat(q):
			columns[q.Parent.Name] = append(columns[q.Parent.Name], q.Name)
		case q.Type != forms.TypeGroup:
			columns[""] = append(columns[""], q.Name)
		}
	})
	unknown := func(of string, given map[string]any) error {
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if !slices.Contains(columns[of], name) {
				return fmt.Errorf("表单“%s”没有“%s”这一项，可以填写：%s", form.ID, strings.TrimPrefix(of+"."+name, "."), strings.Join(columns[of], "、"))
			}
		}
		return nil
	}
	if err := unknown("", answers); err != nil {
		return err
	}
	for name, v := range answers {
		for _, row := range rowList(v) {
			if err := unknown(name, row); err != nil {
				return err
			}
		}
	}
	return nil
}
