package casework

import "fmt"

// Warning is something an import kept but a person should look at: the place
// (file, sheet, row and column) and what is odd there.
type Warning struct {
	Where string `json:"where"`
	Text  string `json:"text"`
}

func (w Warning) String() string { return w.Where + "：" + w.Text }

// Report is what an import did.
type Report struct {
	Added    int
	Merged   int
	Same     int       // rows that were here already, unchanged
	Adds     []Warning // rows that became records, by their names
	Merges   []Warning // rows that told something new of a record, and what
	Refused  []Warning // rows that were left out, and why
	Warnings []Warning
}

func (r *Report) refuse(where, text string) {
	r.Refused = append(r.Refused, Warning{Where: where, Text: text})
}

func (r *Report) warn(where, format string, args ...any) {
	r.Warnings = append(r.Warnings, Warning{Where: where, Text: fmt.Sprintf(format, args...)})
}
