package xlsform

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Reversion writes a form source, .md or .xlsx by its name, as Markdown under another version. Compiling it gives the
// same form but for the version; what stood beside the tables is left out. The error is an *Error.
func Reversion(name string, src []byte, version string) ([]byte, error) {
	var sheets []sheet
	switch path.Ext(name) {
	case ".md":
		if len(src) > maxSource {
			return nil, tooLarge(len(src))
		}
		sheets = parseMarkdown(string(src))
	case ".xlsx":
		var err error
		if sheets, err = readWorkbook(src); err != nil {
			return nil, err
		}
	default:
		return nil, refuse(sheetSurvey, "“%s”应是 .md 或 .xlsx 文件", name)
	}
	for i := range sheets {
		sheets[i].rows = slices.DeleteFunc(sheets[i].rows, line.empty)
	}
	i := slices.IndexFunc(sheets, func(s sheet) bool { return strings.EqualFold(s.name, sheetSettings) })
	if i < 0 || len(sheets[i].rows) < 2 {
		return nil, refuse(sheetSettings, "没有 settings 表，请写上 form_id 和 version")
	}
	setVersion(&sheets[i], version)
	return markdownOf(sheets), nil
}

// setVersion puts a version into the settings, in a column of its own where there is none.
func setVersion(s *sheet, version string) {
	head := s.rows[0].cells
	at := slices.IndexFunc(head, func(c string) bool { return normalHeader(c) == "version" })
	if at < 0 {
		at = len(head)
		s.rows[0].cells = append(head, "version")
	}
	cells := &s.rows[1].cells
	for len(*cells) <= at {
		*cells = append(*cells, "")
	}
	(*cells)[at] = version
}

// markdownOf is the reverse of parseMarkdown.
func markdownOf(sheets []sheet) []byte {
	var b strings.Builder
	escape := strings.NewReplacer("|", `\|`, "\n", "<br>")
	for _, s := range sheets {
		fmt.Fprintf(&b, "| %s |\n", s.name)
		for _, l := range s.rows {
			b.WriteString("| |")
			for _, c := range l.cells {
				fmt.Fprintf(&b, " %s |", escape.Replace(c))
			}
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}
