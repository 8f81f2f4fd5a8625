// Package xlsform turns an XLSForm into a forms.Form. The source is a workbook
// (.xlsx), the same tables as CSV files, or as Markdown.
//
// It reports everything that is wrong at once, each with sheet, row, column
// and cure. What lies outside the profile of this project (geotrace, entities,
// search() and the like) is refused by name and never passed over in silence;
// so is a column typed under a header nobody knows.
package xlsform

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/xuri/excelize/v2"

	"anxin/forms"
)

// Problem is one thing wrong in a source. Row counts from 1 with the header as
// row 1, 0 for the whole sheet; Column is the header as written, Cell the
// address such as E5 where it is known. Outside names
// what the source uses that is not in the profile, "" for an ordinary mistake.
type Problem struct {
	Sheet   string
	Row     int
	Column  string
	Cell    string
	Text    string
	Outside string
}

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Sheet + " 表")
	if p.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行", p.Row)
	}
	if p.Column != "" {
		fmt.Fprintf(&b, " %s 列", p.Column)
	}
	if p.Cell != "" {
		b.WriteString("（" + p.Cell + "）")
	}
	return b.String() + "：" + p.Text
}

// Error is all that is wrong in a source, in its order.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// The sheets the profile knows.
const (
	sheetSurvey   = "survey"
	sheetChoices  = "choices"
	sheetSettings = "settings"
)

// outsideSheets are sheets of XLSForm that are not in the profile.
var outsideSheets = map[string]bool{"entities": true, "external_choices": true, "osm": true}

// compiler gathers what is read and what is wrong.
type compiler struct {
	name     string // file stem: the form id where settings give none
	problems []Problem
	form     *forms.Form
	settings settings
	lists    map[string]*choiceList
	names    map[string]bool // of questions, groups and repeats
	siblings map[inGroup]int // rows of names
	// choiceRecords are the rows of the choices sheet.
	choiceRecords []record
	repeats       map[string]int  // rows of repeats by name
	reported      map[string]bool // columns already refused
	externals     map[string]int  // rows that name a list from a file
	lawReported   bool
	places        map[[2]string]int // of columns from 1, by sheet and header
}

func (c *compiler) fault(sheet string, row int, column, format string, args ...any) {
	c.problems = append(c.problems, Problem{Sheet: sheet, Row: row, Column: column, Text: fmt.Sprintf(format, args...)})
}

// outside reports thing as not in the profile.
func (c *compiler) outside(sheet string, row int, column, thing string) {
	c.problems = append(c.problems, Problem{Sheet: sheet, Row: row, Column: column, Outside: thing,
		Text: fmt.Sprintf("“%s”不在本系统支持的 XLSForm 范围内，请删去或改用其他写法", thing)})
}

// build compiles the sheets of a source. name is used where the settings give
// no form_id.
func build(sheets []sheet, name string) (*forms.Form, error) {
	c := &compiler{name: name, form: &forms.Form{}, lists: map[string]*choiceList{}, names: map[string]bool{}, siblings: map[inGroup]int{}, repeats: map[string]int{}, reported: map[string]bool{}, externals: map[string]int{}, places: map[[2]string]int{}}
	found := c.arrange(sheets)
	c.readSettings(found[sheetSettings])
	c.readChoices(found[sheetChoices])
	if survey, ok := found[sheetSurvey]; ok {
		c.readSurvey(survey)
	} else {
		c.fault(sheetSurvey, 0, "", "缺少 survey 表，题目应写在名为 survey 的表里")
	}
	c.checkChoiceReferences()
	c.link()
	if len(c.problems) > 0 {
		c.addressProblems()
		sort.SliceStable(c.problems, func(i, j int) bool {
			a, b := c.problems[i], c.problems[j]
			if a.Sheet != b.Sheet {
				return sheetOrder(a.Sheet) < sheetOrder(b.Sheet)
			}
			return a.Row < b.Row
		})
		return nil, &Error{c.problems}
	}
	return c.form, nil
}

// addressProblems adds the address of the cell to each problem whose column is
// in the sheet, by its header or by the name it goes under.
func (c *compiler) addressProblems() {
	for i := range c.problems {
		p := &c.problems[i]
		at, ok := c.places[[2]string{p.Sheet, p.Column}]
		if !ok || p.Row == 0 {
			continue
		}
		if name, err := excelize.CoordinatesToCellName(at, p.Row); err == nil {
			p.Cell = name
		}
	}
}

func sheetOrder(name string) int {
	for i, s := range [...]string{sheetSettings, sheetSurvey, sheetChoices} {
		if s == name {
			return i
		}
	}
	return 3
}

// arrange finds the known sheets by name, whatever their case.
func (c *compiler) arrange(sheets []sheet) map[string]sheet {
	found := map[string]sheet{}
	for _, s := range sheets {
		name := strings.ToLower(strings.TrimSpace(s.name))
		switch {
		case name == sheetSurvey || name == sheetChoices || name == sheetSettings:
			s.name = name
			if _, twice := found[name]; twice {
				c.fault(name, 0, "", "有两张名为 %s 的表，请合并", name)
			}
			found[name] = s
		case outsideSheets[name] && len(s.rows) > 1:
			c.outside(s.name, 0, "", name)
		default:
			if near := forms.Nearest(name, []string{sheetSurvey, sheetChoices, sheetSettings}); near != "" && !strings.HasPrefix(name, "_") {
				c.fault(s.name, 0, "", "不认识名为 %s 的表，是不是 %s？", s.name, near)
				c.problems[len(c.problems)-1].Outside = s.name
			}
		}
	}
	return found
}

// link compiles the form's expressions and carries its faults back to their
// cells. It is done only for a tree that could be built.
func (c *compiler) link() {
	if c.form.Root == nil {
		return
	}
	err := c.form.Compile()
	var definition *forms.DefinitionError
	if !errors.As(err, &definition) {
		return
	}
	for _, p := range definition.Problems {
		row := p.Question.Source.Row
		if p.Column == "name" && slices.ContainsFunc(c.problems, func(q Problem) bool { return q.Sheet == sheetSurvey && q.Row == row }) {
			continue // reported already
		}
		problem := Problem{Sheet: sheetSurvey, Row: row, Column: p.Column, Text: p.Text, Outside: p.Outside}
		if p.Question == c.form.Root {
			problem.Sheet, problem.Row = sheetSettings, 2
		}
		c.problems = append(c.problems, problem)
	}
}
