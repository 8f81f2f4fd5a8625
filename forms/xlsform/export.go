package xlsform

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// ExportWorkbook writes the tables of a Markdown source as an .xlsx workbook
// for editing in a spreadsheet: the header stays in sight, columns are as wide
// as what is in them, types and yes or no are offered to choose from. Compiling
// the workbook gives the same form; the same source gives the same bytes. ODK's
// tools read it too.
func ExportWorkbook(w io.Writer, markdown string) error {
	if len(markdown) > maxSource {
		return tooLarge(len(markdown))
	}
	e, err := newExport(parseMarkdown(markdown))
	if err != nil {
		return fmt.Errorf("写出工作簿：%w", err)
	}
	defer e.book.Close()
	for _, s := range e.sheets {
		if _, err := e.book.NewSheet(s.name); err != nil {
			return refuse(s.name, "不能用作工作表的名称，请改名")
		}
		if err := e.sheet(s); err != nil {
			return fmt.Errorf("写出工作表 %s：%w", s.name, err)
		}
	}
	if err := e.finish(); err != nil {
		return fmt.Errorf("写出工作簿：%w", err)
	}
	if err := e.book.Write(w); err != nil {
		return fmt.Errorf("写出工作簿：%w", err)
	}
	return nil
}

// helpSheet holds what may be chosen in the type column; sheets whose names
// begin with _ are nobody's business but the editor's.
const helpSheet = "_types"

// spareRows is how many rows below the last the choices to pick from reach.
const spareRows = 500

// export is a workbook being written.
type export struct {
	book   *excelize.File
	sheets []sheet
	types  []string
	text   int // style of a cell: everything is text, so that 001 stays 001
	head   int // style of the header
	err    error
}

func newExport(sheets []sheet) (*export, error) {
	e := &export{book: excelize.NewFile(), sheets: sheets, types: typesFor(sheets)}
	err := e.book.SetSheetName("Sheet1", helpSheet)
	if err != nil {
		return nil, err
	}
	if e.text, err = e.book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return nil, err
	}
	e.head, err = e.book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE7F3"}}})
	return e, err
}

// typesFor are the types to choose from: the usual ones, and selects for each
// of the form's own lists.
func typesFor(sheets []sheet) []string {
	out := []string{"text", "integer", "decimal", "date", "time", "dateTime", "note", "calculate", "hidden", "acknowledge",
		"begin_group", "end_group", "begin_repeat", "end_repeat", "image", "audio", "video", "file", "geopoint", "barcode", "range",
		"start", "end", "today", "deviceid", "username"}
	for _, r := range registers {
		out = append(out, "select_one_from_file "+r)
	}
	for _, s := range sheets {
		if s.name != sheetChoices {
			continue
		}
		for _, list := range column(s, "list_name") {
			for _, select1 := range [...]string{"select_one ", "select_multiple ", "rank "} {
				if !slices.Contains(out, select1+list) {
					out = append(out, select1+list)
				}
			}
		}
	}
	return out
}

// column are the cells below a header, empty ones left out.
func column(s sheet, header string) []string {
	if len(s.rows) == 0 {
		return nil
	}
	at := slices.IndexFunc(s.rows[0].cells, func(h string) bool { return normalHeader(h) == header })
	var out []string
	for _, row := range s.rows[1:] {
		if at >= 0 && at < len(row.cells) && row.cells[at] != "" {
			out = append(out, row.cells[at])
		}
	}
	return out
}

// do keeps the first error.
func (e *export) do(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *export) sheet(s sheet) error {
	widths := []int{}
	for i, row := range s.rows {
		for j, cell := range row.cells {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			e.do(err)
			e.do(e.book.SetCellStr(s.name, at, cell))
			for j >= len(widths) {
				widths = append(widths, 8)
			}
			widths[j] = max(widths[j], min(breadth(cell)+2, 60))
		}
	}
	e.do(e.book.SetColStyle(s.name, "A:AZ", e.text))
	e.do(e.book.SetRowStyle(s.name, 1, 1, e.head))
	for j, width := range widths {
		name, err := excelize.ColumnNumberToName(j + 1)
		e.do(err)
		e.do(e.book.SetColWidth(s.name, name, name, float64(width)))
	}
	panes := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	if s.name == sheetSurvey { // type and name stay in sight too
		panes = &excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}
	}
	e.do(e.book.SetPanes(s.name, panes))
	e.offer(s)
	return e.err
}

// breadth is how wide the longest line of a cell is, in letters; a Chinese one
// counts twice.
func breadth(cell string) int {
	widest, line := 0, 0
	for _, r := range cell {
		switch {
		case r == '\n':
			line = 0
		case utf8.RuneLen(r) > 2:
			line += 2
		default:
			line++
		}
		widest = max(widest, line)
	}
	return widest
}

// offer lets the types, and yes or no, be chosen from; other words may still
// be typed, as a condition or a list that is yet to come.
func (e *export) offer(s sheet) {
	if s.name != sheetSurvey || len(s.rows) == 0 {
		return
	}
	for j, header := range s.rows[0].cells {
		known, ok := surveyColumns.aliases[normalHeader(header)]
		if !ok || known != "type" && known != "required" && known != "readonly" {
			continue
		}
		name, err := excelize.ColumnNumberToName(j + 1)
		e.do(err)
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%s2:%s%d", name, name, len(s.rows)+spareRows)
		v.ShowErrorMessage = false
		if known == "type" {
			v.SetSqrefDropList(fmt.Sprintf("%s!$A$1:$A$%d", helpSheet, len(e.types)))
		} else {
			e.do(v.SetDropList([]string{"yes", "no"}))
		}
		e.do(e.book.AddDataValidation(s.name, v))
	}
}

// finish fills the sheet of types, which the book begins with, and puts it out
// of sight.
func (e *export) finish() error {
	for i, t := range e.types {
		e.do(e.book.SetCellStr(helpSheet, "A"+strconv.Itoa(i+1), t))
	}
	if len(e.sheets) > 0 {
		e.book.SetActiveSheet(1)
		e.do(e.book.SetSheetVisible(helpSheet, false))
	}
	return e.err
}
