package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"anxin/forms"
)

// maxSource bounds text sources in bytes.
const maxSource = 8 << 20

// CompileMarkdown reads tables in Markdown as pyxform does: a row with text in
// its first cell begins a sheet of that name, every further row has an empty
// first cell. Lines that are no table rows are commentary. name is used as
// form id where the settings give none. The error is an *Error.
func CompileMarkdown(src, name string) (*forms.Form, error) {
	if len(src) > maxSource {
		return nil, tooLarge(len(src))
	}
	if problems := misshapen(src); len(problems) > 0 {
		return nil, &Error{problems}
	}
	return build(parseMarkdown(src), name)
}

// headingOfSheet is a heading that looks as if it began a sheet.
var headingOfSheet = regexp.MustCompile(`(?i)^#+\s*(survey|choices|settings)\b`)

// misshapen finds tables written as other programs write Markdown: a heading in
// the place of the sheet's row, rows without the empty first cell. What they hold
// would be passed over.
func misshapen(src string) []Problem {
	var headings, rows []Problem
	begun := map[string]bool{}
	in := sheetSurvey
	for i, text := range strings.Split(src, "\n") {
		text = strings.TrimSpace(text)
		if m := headingOfSheet.FindStringSubmatch(text); m != nil {
			in = strings.ToLower(m[1])
			headings = append(headings, Problem{Sheet: in, Text: fmt.Sprintf(
				"文件第 %d 行的标题“%s”不是表的开头，请改成单独一行“| %s |”，表中各行的第一格空着", i+1, clip(text), in)})
		}
		if !strings.HasPrefix(text, "|") {
			continue
		}
		cells := splitRow(text)
		name := strings.ToLower(cells[0])
		switch known := name == sheetSurvey || name == sheetChoices || name == sheetSettings || outsideSheets[name]; {
		case known:
			in = name
			begun[name] = true
		case name != "" && !strings.HasPrefix(name, "_") && !isRule(cells) && !(line{cells: cells[1:]}).empty():
			rows = append(rows, Problem{Sheet: in, Text: fmt.Sprintf(
				"文件第 %d 行第一格写着“%s”，会被当成表名，这一行就漏掉了；请让第一格空着，如“| | %s | %s |”", i+1, clip(cells[0]), clip(cells[0]), clip(cells[1]))})
		}
	}
	headings = slices.DeleteFunc(headings, func(p Problem) bool { return begun[p.Sheet] })
	return append(headings, rows...)
}

func tooLarge(size int) error {
	return &Error{[]Problem{{Sheet: sheetSurvey, Text: fmt.Sprintf("文件有 %d 字节，上限 %d 字节，请拆成几张表单", size, maxSource)}}}
}

// parseMarkdown splits the source into sheets. Row numbers are those of the
// sheet, the header being row 1.
func parseMarkdown(src string) []sheet {
	var sheets []sheet
	number := 0
	for _, text := range strings.Split(src, "\n") {
		text = strings.TrimSpace(text)
		if !strings.HasPrefix(text, "|") {
			continue
		}
		cells := splitRow(text)
		switch {
		case isRule(cells):
		case cells[0] != "":
			sheets = append(sheets, sheet{name: cells[0]})
			number = 0
		case len(sheets) > 0:
			number++
			last := &sheets[len(sheets)-1]
			last.rows = append(last.rows, line{number, cells[1:]})
		}
	}
	return sheets
}

// splitRow cuts a row at its bars; \| is a bar within a cell and <br> a line
// break.
func splitRow(text string) []string {
	text = strings.TrimPrefix(text, "|")
	if strings.HasSuffix(text, "|") && !strings.HasSuffix(text, `\|`) {
		text = strings.TrimSuffix(text, "|")
	}
	text = strings.ReplaceAll(text, `\|`, "\x00")
	cells := strings.Split(text, "|")
	for i, c := range cells {
		cells[i] = tidy(strings.ReplaceAll(strings.ReplaceAll(c, "\x00", "|"), "<br>", "\n"))
	}
	return cells
}

// isRule recognises the line of dashes below a Markdown header.
func isRule(cells []string) bool {
	dashes := false
	for _, c := range cells {
		if strings.Trim(c, "-:") != "" {
			return false
		}
		dashes = dashes || strings.Contains(c, "--")
	}
	return dashes
}
