package casework

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook that is read whole: an office's registers are far
// below them, a hostile file is above.
const (
	maxWorkbookBytes = 32 << 20 // packed
	maxUnpackedBytes = 256 << 20
	maxRows          = 20000
)

// workbook is an .xlsx file in memory.
type workbook struct {
	name string
	file *excelize.File
	as   Columns
}

// openWorkbook reads an .xlsx file. Another format under that name is an
// error sentence.
func openWorkbook(name string, r io.Reader) (*workbook, error) {
	name = filepath.Base(name)
	raw, err := io.ReadAll(io.LimitReader(r, maxWorkbookBytes+1))
	if err != nil {
		return nil, fmt.Errorf("读取“%s”: %w", name, err)
	}
	switch {
	case len(raw) > maxWorkbookBytes:
		return nil, fmt.Errorf("“%s”超过 %d MB，请拆分后再导入", name, maxWorkbookBytes>>20)
	case len(raw) == 0:
		return nil, fmt.Errorf("“%s”是空文件，请重新导出后再导入", name)
	case bytes.HasPrefix(raw, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return nil, fmt.Errorf("“%s”是旧版 Office 文件（.doc/.xls），请在 Excel 或 WPS 中另存为 .xlsx 后再导入", name)
	case !bytes.HasPrefix(raw, []byte("PK")):
		return nil, fmt.Errorf("“%s”不是 .xlsx 工作簿，请在 Excel 或 WPS 中另存为 .xlsx 后再导入", name)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnpackedBytes})
	if err != nil {
		return nil, fmt.Errorf("“%s”不能作为 .xlsx 工作簿打开，文件可能已损坏或是别的格式（%v），请重新导出后再导入", name, err)
	}
	return &workbook{name: name, file: f}, nil
}

func (w *workbook) Close() error { return w.file.Close() }

// sheet is a table found on a sheet: the header row and what stands below.
type sheet struct {
	book    *workbook
	name    string
	columns map[string]int // our name of the column → index from 0
	titles  map[string]string
	rows    []row
}

// row is one line below the header that is not wholly blank.
type row struct {
	sheet *sheet
	n     int // as Excel counts
	cells []string
}

// column says what a column may be called and whether the table needs it.
type column struct {
	name   string
	titles []string
	needed bool
}

// table reads the sheet whose header row names the columns. Title rows above
// the header are passed over; a header title that no column has is an error
// that names its cell, since a column typed under a wrong title must not be
// lost in silence.
func (w *workbook) table(name string, columns []column) (*sheet, error) {
	cells, err := w.cells(name)
	if err != nil {
		return nil, err
	}
	head := headOf(cells, columns)
	if head < 0 { // every title is one of its own
		head = w.as.headOf(name, cells)
	}
	if head < 0 {
		return nil, fmt.Errorf("“%s”的工作表“%s”没有找到表头，需要的列：%s", w.name, name, titles(columns))
	}
	s := &sheet{book: w, name: name, columns: map[string]int{}, titles: map[string]string{}}
	if err := s.header(head, cells[head], columns); err != nil {
		return nil, err
	}
	for i := head + 1; i < len(cells); i++ {
		if !blank(cells[i]) {
			s.rows = append(s.rows, row{sheet: s, n: i + 1, cells: cells[i]})
		}
	}
	return s, nil
}

// headOf is the row of titles, -1 for none.
func headOf(cells [][]string, columns []column) int {
	return slices.IndexFunc(cells, func(r []string) bool { return matches(r, columns) >= 2 })
}

func (s *sheet) header(at int, cells []string, columns []column) error {
	unknown := &UnknownColumns{}
	for i, title := range cells {
		t := squash(title)
		if t == "" {
			continue
		}
		c, ok := s.book.as.column(s.name, t, columns)
		if !ok {
			c, ok = find(t, columns)
		}
		if !ok {
			unknown.add(s, s.cell(at+1, i), title, columns)
		}
		if c.name == "" {
			continue
		}
		if j, twice := s.columns[c.name]; twice {
			return fmt.Errorf("%s 的列“%s”与 %s 重复，请删去一列", s.cell(at+1, i), title, s.cell(at+1, j))
		}
		s.columns[c.name] = i
		s.titles[c.name] = strings.TrimSpace(title)
	}
	if len(unknown.List) > 0 {
		return unknown
	}
	for _, c := range columns {
		if _, ok := s.columns[c.name]; c.needed && !ok {
			return fmt.Errorf("“%s”的工作表“%s”第%d行缺少列“%s”，请补上后再导入", s.book.name, s.name, at+1, c.titles[0])
		}
	}
	return nil
}

// cells reads a sheet as text; a formula without a kept value is computed.
func (w *workbook) cells(sheet string) ([][]string, error) {
	rows, err := w.file.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("“%s”没有工作表“%s”: %w", w.name, sheet, err)
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("读取“%s”的工作表“%s”第%d行: %w", w.name, sheet, len(out)+1, err)
		}
		if len(out) >= maxRows {
			return nil, fmt.Errorf("“%s”的工作表“%s”超过 %d 行，请拆分后再导入", w.name, sheet, maxRows)
		}
		out = append(out, cells)
	}
	if err := rows.Error(); err != nil {
		return nil, fmt.Errorf("读取“%s”的工作表“%s”: %w", w.name, sheet, err)
	}
	return out, nil
}

// text is a cell without the blanks around it; a missing column gives "".
func (r row) text(name string) string {
	i, ok := r.sheet.columns[name]
	if !ok {
		return ""
	}
	return r.at(i)
}

// at is the i-th cell, from 0, without the blanks around it.
func (r row) at(i int) string {
	v := ""
	if i < len(r.cells) {
		v = strings.TrimSpace(r.cells[i])
	}
	if v == "" {
		v = strings.TrimSpace(r.formula(i))
	}
	return v
}

// formula computes a cell that holds a formula and no value.
func (r row) formula(i int) string {
	cell, err := excelize.CoordinatesToCellName(i+1, r.n)
	if err != nil {
		return ""
	}
	f := r.sheet.book.file
	if src, err := f.GetCellFormula(r.sheet.name, cell); err != nil || src == "" {
		return ""
	}
	v, err := f.CalcCellValue(r.sheet.name, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return ""
	}
	return v
}

// where names a row, or a cell of it, as a person finds it.
func (r row) where(column string) string {
	if i, ok := r.sheet.columns[column]; ok {
		return r.sheet.cell(r.n, i) + "（" + r.sheet.titles[column] + "）"
	}
	return fmt.Sprintf("%s %s第%d行", r.sheet.book.name, r.sheet.name, r.n)
}

// cell is "registers.xlsx 用人单位!B7".
func (s *sheet) cell(n, i int) string {
	name, err := excelize.CoordinatesToCellName(i+1, n)
	if err != nil {
		name = fmt.Sprintf("第%d行第%d列", n, i+1)
	}
	return s.book.name + " " + s.name + "!" + name
}

func matches(cells []string, columns []column) (n int) {
	for _, c := range cells {
		if _, ok := find(squash(c), columns); ok {
			n++
		}
	}
	return n
}

func find(title string, columns []column) (column, bool) {
	if title == "" {
		return column{}, false
	}
	for _, c := range columns {
		for _, t := range c.titles {
			if squash(t) == title {
				return c, true
			}
		}
	}
	return column{}, false
}

func titles(columns []column) string {
	var out []string
	for _, c := range columns {
		out = append(out, c.titles[0])
	}
	return strings.Join(out, "、")
}

// squash makes titles comparable: no blanks, one kind of bracket.
func squash(s string) string {
	return strings.NewReplacer(" ", "", "\u3000", "", "\n", "", "\t", "", "（", "(", "）", ")").Replace(s)
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
