package xlsform

import (
	"fmt"
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
	return build(parseMarkdown(src), name)
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
