package xlsform

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"anxin/forms"
)

// sheet is one table: its rows as they stand, the header being the first row
// that is not empty.
type sheet struct {
	name string
	rows []line
}

// line is one row of cells with its number in the source.
type line struct {
	number int
	cells  []string
}

func (l line) empty() bool {
	for _, c := range l.cells {
		if c != "" {
			return false
		}
	}
	return true
}

// header is one column: its canonical name, the language of a translation or
// the rest after ::, and what stands in the source.
type header struct {
	column  string
	sub     string
	written string
}

// record is one row below the header, by column.
type record struct {
	sheet  string
	number int
	fields []field
}

type field struct {
	header
	value string
}

// get returns the value of a column without language, "" if it is empty.
func (r record) get(column string) string {
	for _, f := range r.fields {
		if f.column == column && f.sub == "" {
			return f.value
		}
	}
	return ""
}

// written is how the source spells a column, for messages.
func (r record) written(column string) string {
	for _, f := range r.fields {
		if f.column == column {
			return f.header.written
		}
	}
	return column
}

// text gathers a column in all its languages.
func (r record) text(column string) forms.Text {
	var t forms.Text
	for _, f := range r.fields {
		if f.column == column {
			if t == nil {
				t = forms.Text{}
			}
			t[languageCode(f.sub)] = f.value
		}
	}
	return t
}

// columns is what a sheet's headers may be.
type columns struct {
	aliases    map[string]string // lower case with _ for blanks, to the canonical name
	translated map[string]bool
	required   []string
	free       bool // further columns are allowed
	outside    map[string]bool
}

// read turns a sheet into records, checking its header.
func (c *compiler) read(s sheet, known columns) []record {
	rows := s.rows
	for len(rows) > 0 && rows[0].empty() {
		rows = rows[1:]
	}
	if len(rows) == 0 {
		return nil
	}
	headers := c.headers(s.name, rows, known)
	var out []record
	for _, row := range rows[1:] {
		if row.empty() {
			continue
		}
		r := record{sheet: s.name, number: row.number}
		for i, cell := range row.cells {
			if cell == "" {
				continue
			}
			if i >= len(headers) || headers[i].written == "" {
				c.fault(s.name, row.number, "", "第 %d 列的“%s”上面没有列名，请补上列名或清空", i+1, clip(cell))
				continue
			}
			if s.name != sheetSurvey && strings.Contains(wholeReference.ReplaceAllString(cell, ""), "${") {
				c.fault(s.name, row.number, headers[i].written, "引用应写成 ${题目}，这里的 ${ 没有配对的 }")
			}
			if headers[i].column != "" {
				r.fields = append(r.fields, field{headers[i], cell})
			}
		}
		out = append(out, r)
	}
	return out
}

// wholeReference is a reference as it should be; in the survey the expressions
// and texts look after themselves.
var wholeReference = regexp.MustCompile(`\$\{[^{}]*\}`)

func (c *compiler) headers(sheetName string, rows []line, known columns) []header {
	head := rows[0]
	out := make([]header, len(head.cells))
	seen := map[[2]string]string{}
	for i, cell := range head.cells {
		if cell == "" {
			continue
		}
		h := c.header(sheetName, head.number, cell, known)
		if h.column != "" {
			key := [2]string{h.column, languageCode(h.sub)}
			if h.column == "bind" || h.column == "parameters" {
				key[1] = h.sub
			}
			if other, twice := seen[key]; twice {
				c.fault(sheetName, head.number, cell, "“%s”和“%s”是同一列，请只留一个", other, cell)
			}
			seen[key] = cell
		}
		out[i] = h
		for _, name := range [...]string{cell, h.column} {
			if _, taken := c.places[[2]string{sheetName, name}]; !taken {
				c.places[[2]string{sheetName, name}] = i + 1
			}
		}
	}
	for _, need := range known.required {
		if _, ok := seen[[2]string{need, ""}]; !ok && len(rows) > 1 {
			c.fault(sheetName, head.number, "", "缺少 %s 列，请在表头补上", need)
		}
	}
	if known.free {
		c.doubtLabels(sheetName, head.number, out)
	}
	return out
}

// surveyOnly are columns that mean something to questions only; among choices,
// where any further column is allowed, they are out of place.
var surveyOnly = map[string]bool{"relevant": true, "constraint": true, "constraint_message": true, "calculation": true, "choice_filter": true, "appearance": true, "repeat_count": true}

// doubtLabels asks, where choices have no label, whether a column that looks
// like it was meant for it.
func (c *compiler) doubtLabels(sheetName string, row int, headers []header) {
	if slices.ContainsFunc(headers, func(h header) bool { return h.column == "label" }) {
		return
	}
	for _, h := range headers {
		base, _ := splitHeader(h.written)
		if h.column == "extra" && forms.Nearest(normalHeader(base), []string{"label"}) != "" {
			c.fault(sheetName, row, h.written, "选项没有 label 列，“%s”是不是 label？", h.written)
		}
	}
}

// header recognises one column header. Of one that is not known it says so and
// returns a header without a column.
func (c *compiler) header(sheetName string, row int, cell string, known columns) header {
	h := header{written: cell}
	base, sub := splitHeader(cell)
	lower := normalHeader(base)
	full := normalHeader(cell)
	if alias, ok := known.aliases[full]; ok { // such as media::image and bind::relevant
		h.column, _, _ = strings.Cut(alias, "::")
		return h
	}
	if lower == "media" || lower == "bind" {
		kind, lang := splitHeader(sub)
		if alias, ok := known.aliases[lower+"::"+normalHeader(kind)]; ok {
			h.column, h.sub = alias, lang
			return h
		}
	}
	if alias, ok := known.aliases[lower]; ok {
		h.column, h.sub = alias, sub
		if sub != "" && !known.translated[alias] && alias != "bind" {
			c.fault(sheetName, row, cell, "%s 列不分语言，请去掉“::%s”", base, sub)
		}
		return h
	}
	switch {
	case known.outside[lower]:
		c.outside(sheetName, row, cell, cell)
	case known.free && surveyOnly[lower]:
		c.unknownHeader(sheetName, row, cell, lower, columns{})
	case known.free:
		h.column, h.sub = "extra", cell
	default:
		c.unknownHeader(sheetName, row, cell, lower, known)
	}
	return h
}

func (c *compiler) unknownHeader(sheetName string, row int, cell, lower string, known columns) {
	names := make([]string, 0, len(known.aliases))
	for n := range known.aliases {
		names = append(names, n)
	}
	text := "不认识列名“" + cell + "”，这一列的内容会被漏掉，请更正或删去"
	if near := forms.Nearest(lower, names); near != "" {
		text = "不认识列名“" + cell + "”，是不是 " + near + "？"
	} else if home := homeOf(lower); home != "" {
		text = "“" + cell + "”是 " + home + " 表的列，请移到那里"
	}
	c.problems = append(c.problems, Problem{Sheet: sheetName, Row: row, Column: cell, Text: text, Outside: cell})
}

// homeOf is the sheet on which a column belongs, "" for a column of no sheet.
func homeOf(lower string) string {
	for _, s := range [...]struct {
		name  string
		known columns
	}{{sheetSurvey, surveyColumns}, {sheetChoices, choiceColumns}, {sheetSettings, settingsColumns}} {
		if _, ok := s.known.aliases[lower]; ok {
			return s.name
		}
	}
	return ""
}

// splitHeader takes "label::中文 (zh)" apart; the older single colon is
// accepted too.
func splitHeader(s string) (base, sub string) {
	if base, sub, ok := strings.Cut(s, "::"); ok {
		return strings.TrimSpace(base), strings.TrimSpace(sub)
	}
	if base, sub, ok := strings.Cut(s, ":"); ok && normalHeader(base) != "jr" {
		return strings.TrimSpace(base), strings.TrimSpace(sub)
	}
	return strings.TrimSpace(s), ""
}

// normalHeader makes spellings comparable: lower case, _ for blanks and
// hyphens kept.
func normalHeader(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || r == '_' }), "_")
}

// languageCode is the code in "中文 (zh)", or the whole if there is none.
func languageCode(s string) string {
	s = strings.TrimSpace(s)
	if open := strings.LastIndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") {
		if code := strings.TrimSpace(s[open+1 : len(s)-1]); code != "" {
			return code
		}
	}
	return s
}

// clip shortens a cell for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

var typographic = strings.NewReplacer("\u00a0", " ", "\r\n", "\n")

// tidy is what every source does to a cell: blanks of any kind around it go,
// non-breaking blanks become plain ones. Quotes stay as they are: in Chinese
// texts they belong there, and expressions take them for plain ones.
func tidy(s string) string {
	s = typographic.Replace(s)
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}
