package casework

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Table is a list as it leaves the program: one sheet of a workbook, or a file
// of comma-separated values. A cell is a text or a number.
type Table struct {
	Name string // of the sheet
	Head []string
	Rows [][]any
}

// CellText is a cell in words: a number in full digits, however large.
func CellText(cell any) string {
	if v, ok := cell.(float64); ok {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(cell)
}

// A column is as wide as its longest text, within these many letters.
const (
	narrowest = 8
	widest    = 60
)

// WriteWorkbook writes tables as a workbook, a sheet each.
func WriteWorkbook(w io.Writer, tables ...Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return fmt.Errorf("写出工作表“%s”: %w", t.Name, err)
		}
		if err := t.write(f); err != nil {
			return fmt.Errorf("写出工作表“%s”: %w", t.Name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("写出工作簿: %w", err)
	}
	return nil
}

func (t Table) write(f *excelize.File) error {
	s, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, width := range t.widths() {
		if err := s.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return err
		}
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	head := make([]any, len(t.Head))
	for i, h := range t.Head {
		head[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := s.SetRow("A1", head); err != nil {
		return err
	}
	for i, cells := range t.Rows {
		if err := s.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	return s.Flush()
}

// widths are the columns' in letters; a Chinese character takes two.
func (t Table) widths() []int {
	out := make([]int, len(t.Head))
	fit := func(i int, text string) {
		if i < len(out) {
			wide := (len(text)+utf8.RuneCountInString(text))/2 + 2
			out[i] = min(max(out[i], wide, narrowest), widest)
		}
	}
	for i, h := range t.Head {
		fit(i, h)
	}
	for _, cells := range t.Rows {
		for i, c := range cells {
			fit(i, CellText(c))
		}
	}
	return out
}

// byteOrderMark tells Excel that a file of comma-separated values is UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes a table as comma-separated values that Excel and WPS open
// with a double click. A text that would be taken for a formula gets an
// apostrophe before it.
func (t Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("写出“%s”: %w", t.Name, err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(t.Head))
	put := func(cells []any) error {
		line = line[:0]
		for _, c := range cells {
			text := CellText(c)
			if s, ok := c.(string); ok && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
				text = "'" + s
			}
			line = append(line, text)
		}
		return out.Write(line)
	}
	head := make([]any, len(t.Head))
	for i, h := range t.Head {
		head[i] = h
	}
	for _, cells := range append([][]any{head}, t.Rows...) {
		if err := put(cells); err != nil {
			return fmt.Errorf("写出“%s”: %w", t.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("写出“%s”: %w", t.Name, err)
	}
	return nil
}
