package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/formview"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/forms"
	"anxin/model/statute"
)

// moneyUnit is the law column of a form that says in which unit an amount is
// typed; the record keeps fen.
const moneyUnit = "money"

// recordForm lays a record open in a form whose questions carry the JSON names
// of the record's fields. What the form does not ask stays as it was.
type recordForm struct {
	in   *forms.Instance
	view *formview.View
	// doubts are those about identifiers, nil until they were looked for.
	doubts []doubtOf

	// Where its photos come from; nil where it has none.
	pictures *pictureSource
	attach   func(n forms.Node, then func(name string))
}

// newRecordForm opens the form by its id on a record (a pointer to a struct or
// a map of JSON members). changed is called after every answer and may be nil.
func newRecordForm(env *Env, id string, record any, changed func()) (*recordForm, error) {
	return newPicturedForm(env, id, record, nil, changed)
}

// newPicturedForm is the same with photos from a source; nil for none.
func newPicturedForm(env *Env, id string, record any, from *pictureSource, changed func()) (*recordForm, error) {
	form, err := env.Form(id)
	if err != nil {
		return nil, err
	}
	f, err := newForm(env, form)
	if err != nil {
		return nil, err
	}
	if err := f.load(record); err != nil {
		return nil, err
	}
	if from != nil {
		from.take(f)
	}
	f.draw(env, nil, func() {
		f.judge()
		if changed != nil {
			changed()
		}
	})
	f.judge()
	return f, nil
}

func newForm(env *Env, form *forms.Form) (*recordForm, error) {
	in, err := forms.New(form, forms.Env{Now: env.Now, Language: formLanguage(), Lists: env.Desk.Lists})
	return &recordForm{in: in}, err
}

// draw makes the widgets; tones tint picked choices by their name.
func (f *recordForm) draw(env *Env, tones map[string]theme.Tone, changed func()) {
	o := formview.Options{Now: env.Now, Language: formLanguage(), Window: env.Host.Window(), Tones: tones, Phrases: phrasesOf, Attach: f.attach,
		Failed: func(err error) { showError(env, err) },
		OnChange: func([]string) {
			if changed != nil {
				changed()
			}
		}}
	if f.pictures != nil {
		o.Called, o.Thumbnail = f.pictures.Called, f.pictures.Thumbnail
	}
	f.view = formview.New(f.in, o)
}

// phrasesOf are the ready phrases of a question, from its law column; a row
// that is filled in is not offered them again.
func phrasesOf(n forms.Node) []string {
	if n.Value != "" && insideRepeat(n.Question) {
		return nil
	}
	return strings.FieldsFunc(n.Question.Law["phrases"], func(r rune) bool { return r == '|' })
}

// formLanguage is the language of the screen as forms name it.
func formLanguage() string {
	short, _, _ := strings.Cut(lang.Tag(), "-")
	return short
}

// load shows a record's members as answers.
func (f *recordForm) load(record any) error {
	members, err := membersOf(record)
	if err != nil {
		return err
	}
	answers := map[string]any{}
	f.in.Form().Each(func(q *forms.Question) {
		if v, ok := members[q.Name]; ok && !insideRepeat(q) {
			answers[q.Name] = toAnswer(q, v)
		}
	})
	return f.in.LoadFlat(answers)
}

func insideRepeat(q *forms.Question) bool {
	for p := q.Parent; p != nil; p = p.Parent {
		if p.IsRepeat() {
			return true
		}
	}
	return false
}

// Fill shows a record's members as answers after the view was made.
func (f *recordForm) Fill(record any) error {
	if err := f.load(record); err != nil {
		return err
	}
	f.view.Rebuild()
	return nil
}

// Root is the form, scrolling by itself.
func (f *recordForm) Root() fyne.CanvasObject { return f.view.Root() }

// FocusFirst puts the keyboard on the first input.
func (f *recordForm) FocusFirst() { f.view.FocusFirst() }

// Dirty tells whether an answer changed since it was opened or saved.
func (f *recordForm) Dirty() bool { return f.view.Dirty() }

// Saved tells the form that its answers are kept now.
func (f *recordForm) Saved() { f.view.Saved() }

// OK tells whether every answer is in order; otherwise all errors are shown
// and the keyboard is on the first.
func (f *recordForm) OK() bool { return f.view.ShowErrors() == 0 }

// Freeze makes the form read only.
func (f *recordForm) Freeze() {
	f.in.Freeze()
	f.view.Rebuild()
}

// Write puts the answers into the record (a pointer to a struct); an empty
// answer empties the member.
func (f *recordForm) Write(record any) error {
	members, err := membersOf(record)
	if err != nil {
		return err
	}
	flat, err := f.in.Flat()
	if err != nil {
		return err
	}
	f.in.Form().Each(func(q *forms.Question) {
		if insideRepeat(q) || (q.IsContainer() && !q.IsRepeat()) {
			return
		}
		v, answered := flat[q.Name]
		switch {
		case !answered:
			delete(members, q.Name)
		case !readable(q, v): // half typed: a draft keeps what stood there
		case err == nil:
			members[q.Name], err = fromAnswer(q, v)
		}
	})
	if err != nil {
		return err
	}
	return intoRecord(members, record)
}

// membersOf is a record as its JSON members, numbers kept exactly.
func membersOf(record any) (map[string]any, error) {
	raw, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("打开记录: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	out := map[string]any{}
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("打开记录: %w", err)
	}
	return out, nil
}

// intoRecord replaces a record by its members.
func intoRecord(members map[string]any, record any) error {
	raw, err := json.Marshal(members)
	if err != nil {
		return fmt.Errorf("整理填写的内容: %w", err)
	}
	at := reflect.ValueOf(record).Elem()
	fresh := reflect.New(at.Type()) // a member that is not there must become empty
	if err := json.Unmarshal(raw, fresh.Interface()); err != nil {
		return fmt.Errorf("整理填写的内容: %w", err)
	}
	at.Set(fresh.Elem())
	return nil
}

// toAnswer is a member of a record as the form shows it: no zero numbers, no
// zero times, money in the unit of the question.
func toAnswer(q *forms.Question, v any) any {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return v
		}
		switch {
		case n == 0:
			return ""
		case q.Law[moneyUnit] == "yuan":
			return statute.Fen(n).Plain()
		case q.Law[moneyUnit] == "wan":
			return statute.Fen(n).Wan()
		}
		return v
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil && t.IsZero() {
			return ""
		}
	}
	return v
}

// readable tells whether an answer can stand in a record: a moment or a number
// that is half typed cannot.
func readable(q *forms.Question, v any) bool {
	switch q.Type {
	case forms.TypeDateTime:
		text, _ := v.(string)
		_, err := time.Parse(time.RFC3339, text)
		return err == nil
	case forms.TypeInteger:
		_, ok := v.(int64)
		return ok
	}
	return true
}

// fromAnswer is the way back of toAnswer.
func fromAnswer(q *forms.Question, v any) (any, error) {
	text, isText := v.(string)
	if !isText {
		return v, nil
	}
	parse := statute.ParseFen
	switch q.Law[moneyUnit] {
	case "":
		return v, nil
	case "wan":
		parse = statute.ParseWan
	}
	fen, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("“%s”：%w", q.Label.In(formLanguage()), err)
	}
	return int64(fen), nil
}
