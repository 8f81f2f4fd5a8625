package page

import (
	"strings"

	"anxin/forms"
	"anxin/model/statute"
)

// doubtOf words what is odd about the answer to a question. It is shown as the
// question's hint or as a note <name>_note, through a hidden question
// doubt_<name>, and never blocks.
type doubtOf struct {
	question string
	judge    func(text string) string
	path     string // of the question
}

// identifiers are judged by their names in whatever form asks for them.
var identifiers = map[string]func(string) statute.Verdict{
	"uscc": statute.CheckUSCC, "grid": statute.CheckGrid, "division": statute.CheckDivision, "project_code": statute.CheckProjectCode,
	"phone": statute.CheckPhone, "contact_phone": statute.CheckPhone, "wage_officer_phone": statute.CheckPhone,
}

// judge shows what is odd about the identifiers of the form.
func (f *recordForm) judge() {
	if f.view == nil {
		return
	}
	if f.doubts == nil {
		f.doubts = []doubtOf{}
		f.in.Form().Each(func(q *forms.Question) {
			name, hidden := strings.CutPrefix(q.Name, doubtPrefix)
			if check := identifiers[name]; hidden && check != nil {
				f.doubts = append(f.doubts, doubtOf{question: name, judge: func(text string) string { return doubt(check(text), text) }})
			}
		})
	}
	f.doubt(f.doubts)
}

const doubtPrefix = "doubt_"

// doubt shows what a list of doubts has to say now.
func (f *recordForm) doubt(list []doubtOf) {
	for i := range list {
		x := &list[i]
		if x.path == "" {
			x.path = questionPath(f.in.Form(), x.question)
		}
		hidden := strings.TrimSuffix(x.path, x.question) + doubtPrefix + x.question
		text := x.judge(f.in.Value(x.path))
		if x.path == "" || f.in.Value(hidden) == text {
			continue
		}
		if changed, err := f.in.Set(hidden, text); err == nil { // a form of the office's own may lack the hidden question
			f.view.Apply(append(changed, x.path, x.path+"_note"))
		}
	}
}

// questionPath is where a form asks a question, by its name.
func questionPath(f *forms.Form, name string) (path string) {
	f.Each(func(q *forms.Question) {
		if q.Name == name && path == "" {
			path = q.Path
		}
	})
	return path
}

func doubtPhone(text string) string { return doubt(statute.CheckPhone(text), text) }
