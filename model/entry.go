package model

import (
	"maps"
	"slices"
	"time"
)

// KindEntry is a line of a daybook (台账登记).
const KindEntry Kind = "entry"

// EntryStruck is the state of an entry that was made in error.
const EntryStruck = "已作废"

// Names of answers that mean the same in every daybook.
const (
	EntryTitle = "title" // what the line is called
	EntryDate  = "date"  // when it happened, a Date
	EntryState = "state" // how it stands; one of the form's choices, never a free text
)

// Entry is one line of a daybook: a register of the office's own work, such as
// its trainings, its recorders or its talks about the law. The questions of the
// daybook's form are its columns, so another daybook is another form. An entry
// is no act towards anybody: what has a reader or a clock is a document.
type Entry struct {
	Daybook string         `json:"daybook"` // id of its form
	Fields  map[string]any `json:"fields"`  // answers by the names of the questions
	// Struck is why the entry was struck, "" while it stands. It stays on the list
	// of the struck and counts nowhere.
	Struck string `json:"struck,omitempty"`
}

func (*Entry) Kind() Kind { return KindEntry }

// Text is an answer that is a text, "" where it is none.
func (e *Entry) Text(name string) string {
	s, _ := e.Fields[name].(string)
	return s
}

// Summary implements Record.
func (e *Entry) Summary() Summary {
	s := Summary{State: e.Text(EntryState), Date: Date(e.Text(EntryDate)).Time(time.UTC), Find: []string{e.Text(EntryTitle)},
		Exact: exactly("daybook", e.Daybook)}
	if e.Struck != "" {
		s.State = EntryStruck
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		if text := e.Text(name); text != "" && name != EntryTitle {
			s.Find = append(s.Find, text)
		}
	}
	return s
}
