package casework

import (
	"slices"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// sources answer the questions of a form from the records of a case. A
// question names where its answer comes from in the column law:from; without
// it, it is the fact of its own name. Several are tried in turn:
//
//	employer              a fact of the records (see facts)
//	D06.facts             a field of the newest issued paper of a type to the same party
//	D06.number            its 文号; also title, issued_on, served_on, due_by
//	clock:fine.pay        how long a period of the law is, in words
//	days:notice.statement the same as a bare number
//	due:transfer.decide   the last day of a period that begins now
//	matter:陈述申辩        what was decided on a matter of the case
//	decided:听证/当事人要求 the day it was, with that outcome
//	-                     nothing: an officer writes it
type sources struct {
	file  *File
	facts map[string]any
	about model.ID // the paper a new one answers, if any
}

func (d *Desk) sources(f *File, in PaperIn) *sources {
	s := &sources{file: f, facts: d.facts(f, in), about: in.About}
	foundFacts(s.facts, s)
	if in.Type == receiptType {
		d.receiptFacts(s.facts, f, in.About)
	}
	if in.Type == interviewType {
		d.askedFacts(s.facts, f, in)
	}
	return s
}

// lawFrom is the form column that names sources.
const lawFrom = "from"

// all answers every question of a form that has an answer.
func (s *sources) all(form *forms.Form) map[string]any {
	return s.answer(form, func(*forms.Question) bool { return true })
}

// hidden answers the questions that no officer sees and no paper prints, and
// blanks the composed ones.
func (s *sources) hidden(form *forms.Form) map[string]any {
	return s.answer(form, func(q *forms.Question) bool { return q.Type == forms.TypeHidden })
}

func (s *sources) answer(form *forms.Form, wanted func(*forms.Question) bool) map[string]any {
	out := map[string]any{}
	form.Each(func(q *forms.Question) {
		if q.Type == forms.TypeGroup || inRepeat(q) {
			return
		}
		if q.Calculation != "" {
			// Composed once, and not before what it is composed of is there.
			out[q.Name] = ""
		}
		if !wanted(q) {
			return
		}
		if v := s.find(q); v != nil {
			out[q.Name] = v
		}
	})
	return out
}

// inRepeat tells whether a question stands in the rows of a repeat: it is
// answered with them.
func inRepeat(q *forms.Question) bool {
	for p := q.Parent; p != nil; p = p.Parent {
		if p.IsRepeat() {
			return true
		}
	}
	return false
}

// find is the first of a question's sources that says something; nil when none
// does.
func (s *sources) find(q *forms.Question) any {
	from := strings.Fields(q.Law[lawFrom])
	if len(from) == 0 {
		from = []string{q.Name}
	}
	for _, name := range from {
		if v := s.look(name); filled(v) {
			return shaped(q, v)
		}
	}
	return nil
}

func filled(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case bool:
		return v
	case []any:
		return len(v) > 0
	case []map[string]any:
		return len(v) > 0
	}
	return true
}

// questionKinds are the kinds of value that questions take in a form of their
// own.
var questionKinds = map[forms.Type]string{forms.TypeDate: kindDate, forms.TypeDateTime: kindTime, forms.TypeDecimal: kindMoney}

// shaped gives a value the form its question takes: rows become one sentence
// where a single text is asked for.
func shaped(q *forms.Question, v any) any {
	list := rowList(v)
	if list == nil || q.IsRepeat() {
		if b, ok := v.(bool); ok && b {
			return "true"
		}
		return formValue(questionKinds[q.Type], v)
	}
	var parts []string
	for _, r := range list {
		if text, _ := r["text"].(string); text != "" {
			parts = append(parts, bare(text))
		} else if name, _ := r["name"].(string); name != "" {
			parts = append(parts, bare(name))
		}
	}
	return strings.Join(parts, "；")
}

// look reads one source.
func (s *sources) look(name string) any {
	kind, key, keyed := strings.Cut(name, ":")
	if !keyed {
		if docType, field, dotted := strings.Cut(name, "."); dotted {
			return s.paper(docType, field)
		}
		return s.facts[name]
	}
	f := s.file
	switch kind {
	case "clock", "days":
		c, err := f.Law.Clock(key, f.At, f.region())
		if err != nil {
			return nil
		}
		if kind == "days" {
			return strings.Trim(c.LengthText(), "个工作日")
		}
		return c.LengthText()
	case "due":
		due, err := f.Law.Due(key, f.At, f.region())
		if err != nil {
			return nil
		}
		return string(model.DateOf(due.Last))
	case "decided":
		matter, outcome, _ := strings.Cut(key, "/")
		for _, x := range slices.Backward(f.Case.Decisions) {
			if x.Matter == matter && (outcome == "" || x.Outcome == outcome) {
				return string(model.DateOf(x.At))
			}
		}
	case "matter":
		if x, _ := f.standing(key, f.At); x != nil {
			return strings.TrimSuffix(x.Outcome+"："+x.Reason, "：")
		}
	}
	return nil
}

// newest is the issued paper of a type that a new one follows: the one it is
// about, or else the newest to the same party. The orders of one case go to
// several parties, and what one of them did is not held against another.
func (s *sources) newest(docType string) *Kept[model.Document] {
	var out *Kept[model.Document]
	for _, k := range s.file.issued(docType) {
		if k.ID == s.about {
			return &k
		}
		if to, _ := k.Value.Fields["employer"].(string); to == "" || to == s.facts["employer"] {
			out = &k
		}
	}
	return out
}

// paper reads a field of the issued paper of a type.
func (s *sources) paper(docType, field string) any {
	k := s.newest(docType)
	if k == nil {
		return nil
	}
	switch field {
	case "number":
		return NumberOf(k.Value)
	case "title":
		return k.Value.Title
	case "issued_on":
		return string(model.DateOf(k.Value.Issued.At))
	case "due_by":
		return string(k.Value.DueBy)
	case "served_on":
		if on := s.file.servedOn(k.ID); !on.IsZero() {
			return string(model.DateOf(on))
		}
		return nil
	}
	return k.Value.Fields[field]
}
