package statute

import (
	"strconv"
	"strings"
)

// Row is a row of the law's tables as a person reads it: what it is about, what
// it says, where that stands, and from when to when it is in force.
type Row struct {
	Table string // "clocks", "parameters", "documents", "fines"
	Key   string
	Title string
	Says  string
	Source
	Validity
}

// Rows lists every version of every clock, figure, document and fine, table by
// table in the order of the files.
func (l *Law) Rows() []Row {
	out := listed(&l.clocks, "clocks", func(c Clock) Row { return Row{Title: c.Title, Says: c.LengthText(), Source: c.Source} })
	out = append(out, listed(&l.parameters, "parameters", func(p Parameter) Row {
		return Row{Title: p.Title, Says: strings.ReplaceAll(p.text(), ";", "、") + p.Unit, Source: p.Source}
	})...)
	out = append(out, listed(&l.documents, "documents", func(d Document) Row {
		return Row{Title: d.Title, Says: strings.ReplaceAll(d.Number.Template, "{type}", d.Number.Type), Source: d.Source}
	})...)
	return append(out, listed(&l.fines, "fines", func(f FineRange) Row {
		return Row{Title: f.Title, Says: f.spanText(), Source: f.Source}
	})...)
}

func listed[T any](vs *versions[T], table string, row func(T) Row) (out []Row) {
	for _, key := range vs.keys {
		for _, v := range vs.rows[key] {
			r := row(v.row)
			r.Table, r.Key, r.Validity = table, key, v.Validity
			out = append(out, r)
		}
	}
	return out
}

// spanText words the range of a fine, in yuan or per cent.
func (f FineRange) spanText() string {
	if f.Per == PerBase {
		return strconv.FormatInt(f.Low, 10) + "%–" + strconv.FormatInt(f.High, 10) + "%"
	}
	return Fen(f.Low).Plain() + "–" + Fen(f.High).Plain() + "元"
}
