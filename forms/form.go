// Package forms is what is filled in: the definition of a form, and an
// instance of it with answers, where relevance, constraints, calculations and
// repeats follow the semantics of ODK XForms.
//
// A Form is built by a compiler (package xlsform), checked once and never
// changed. An Instance is one filling-in of it; it belongs to one goroutine.
// The package refuses to know a law, a screen or a store: what a column of the
// law means, how a question is drawn and where registers lie is for others.
package forms

import (
	"sort"
	"strings"

	"anxin/forms/xpath"
)

// Type is what kind of answer a question takes.
type Type string

// The types of the profile. A signature is an image with that appearance; a
// select from a file has File set.
const (
	TypeText           Type = "text"
	TypeInteger        Type = "integer"
	TypeDecimal        Type = "decimal"
	TypeRange          Type = "range"
	TypeDate           Type = "date"
	TypeTime           Type = "time"
	TypeDateTime       Type = "dateTime"
	TypeSelectOne      Type = "select_one"
	TypeSelectMultiple Type = "select_multiple"
	TypeRank           Type = "rank"
	TypeNote           Type = "note"
	TypeCalculate      Type = "calculate"
	TypeHidden         Type = "hidden"
	TypeAcknowledge    Type = "acknowledge"
	TypeImage          Type = "image"
	TypeAudio          Type = "audio"
	TypeVideo          Type = "video"
	TypeFile           Type = "file"
	TypeGeopoint       Type = "geopoint"
	TypeBarcode        Type = "barcode"
	TypeStart          Type = "start"
	TypeEnd            Type = "end"
	TypeToday          Type = "today"
	TypeDeviceID       Type = "deviceid"
	TypeUsername       Type = "username"
	TypeGroup          Type = "group"
	TypeRepeat         Type = "repeat"
)

// Text is a text in several languages by language code; "" is the text of no
// particular language.
type Text map[string]string

// In returns the text in lang, else the one of no language, else that of the
// first language in alphabetical order.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	if s, ok := t[""]; ok {
		return s
	}
	codes := make([]string, 0, len(t))
	for c := range t {
		codes = append(codes, c)
	}
	sort.Strings(codes)
	if len(codes) == 0 {
		return ""
	}
	return t[codes[0]]
}

// Language is one the form is written in: Code as "zh", Name as in the column
// header.
type Language struct{ Code, Name string }

// Place is where in its source something was defined; rows count from 1 with
// the header as row 1.
type Place struct {
	Sheet string
	Row   int
}

// Form is a compiled form.
type Form struct {
	ID              string
	Version         string
	Title           Text
	DefaultLanguage string
	Languages       []Language
	InstanceName    string
	Namespaces      map[string]string // prefix to URI
	Root            *Question         // a group without a label holding all

	plan *plan
}

// Choice is one entry of a choice list. Extra are its further columns, which
// choice filters look at.
type Choice struct {
	Name  string
	Label Text
	Media map[string]Text
	Extra map[string]string
}

// Question is one node of a form: a question, a group or a repeat. The
// expressions stand as written, in XPath with ${name} for other questions.
type Question struct {
	Name              string
	Type              Type
	Path              string // as /workers/name, without row numbers
	Label             Text
	Hint              Text
	Guidance          Text
	Media             map[string]Text
	Appearance        string
	Choices           []Choice
	ListName          string
	File              string // external list of a select from file
	Required          string
	RequiredMessage   Text
	Readonly          string
	Relevant          string
	Constraint        string
	ConstraintMessage Text
	Calculation       string
	Default           string
	ChoiceFilter      string
	RepeatCount       string
	Trigger           []string
	Parameters        map[string]string
	Law               map[string]string // by the part after bind::law:
	Children          []*Question
	Parent            *Question
	Source            Place

	named    map[string]*Question // children by name
	byChoice map[string]int       // places of choices by name, the first of each
	index    int
	slot     int // place among the parent's children
	depth    int
	exprs    compiled
}

// IsContainer tells a group or repeat from a question.
func (q *Question) IsContainer() bool { return q.Type == TypeGroup || q.Type == TypeRepeat }

// IsRepeat tells whether q is a repeat.
func (q *Question) IsRepeat() bool { return q.Type == TypeRepeat }

// IsSelect tells whether the answer is taken from choices.
func (q *Question) IsSelect() bool {
	return q.Type == TypeSelectOne || q.Type == TypeSelectMultiple || q.Type == TypeRank
}

// HasAppearance tells whether word is one of the appearance's words.
func (q *Question) HasAppearance(word string) bool {
	for _, w := range strings.Fields(q.Appearance) {
		if w == word {
			return true
		}
	}
	return false
}

// shown tells whether q appears when a form is filled in.
func (q *Question) shown() bool {
	switch q.Type {
	case TypeCalculate, TypeHidden, TypeStart, TypeEnd, TypeToday, TypeDeviceID, TypeUsername:
		return false
	}
	return true
}

// answered tells whether a person answers q: it is shown and no mere text.
func (q *Question) answered() bool { return q.shown() && !q.IsContainer() && q.Type != TypeNote }

// Each visits every group, repeat and question in document order, the root
// excepted.
func (f *Form) Each(visit func(*Question)) {
	var walk func(*Question)
	walk = func(q *Question) {
		for _, c := range q.Children {
			visit(c)
			walk(c)
		}
	}
	walk(f.Root)
}

// Question returns the node at a path without row numbers, nil if there is
// none.
func (f *Form) Question(path string) *Question {
	q := f.Root
	for _, name := range strings.Split(strings.Trim(path, "/"), "/") {
		q = q.child(name)
		if q == nil {
			return nil
		}
	}
	return q
}

func (q *Question) child(name string) *Question { return q.named[name] }

// HasDynamicDefault tells whether the default is computed when the form or row
// begins: it refers or calls, or it calculates where a number is wanted.
func (q *Question) HasDynamicDefault() bool {
	if isDynamic(q.Default) {
		return true
	}
	switch q.Type {
	case TypeInteger, TypeDecimal, TypeRange, TypeCalculate:
		_, plain := xpath.ParseNumber(strings.TrimSpace(q.Default))
		return !plain && arithmetic.MatchString(q.Default)
	}
	return false
}

// choice returns the first entry called name, nil if there is none.
func (q *Question) choice(name string) *Choice {
	if i, ok := q.byChoice[name]; ok {
		return &q.Choices[i]
	}
	return nil
}
