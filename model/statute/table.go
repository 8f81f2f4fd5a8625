package statute

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// TableError is a fault in a table, worded for the person who edits it.
type TableError struct {
	File    string
	Line    int    // 1 is the header line; 0 when the whole file is meant
	Column  string // empty when the whole line is meant
	Problem string // what is wrong and how to cure it, one Chinese clause
}

func (e *TableError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, " 第%d行", e.Line)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, "“%s”列", e.Column)
	}
	return b.String() + "\uff1a" + e.Problem + "。"
}

// Mark says how far a row was verified against its source.
type Mark string

const (
	Verified  Mark = "V" // read word for word in the statute
	Excerpt   Mark = "S" // read in an excerpt of a named page
	Compared  Mark = "C" // seen in a comparable system
	Knowledge Mark = "K" // not verified: the office's own value stands in its place
	Design    Mark = "D" // a choice of this program
)

// Source is carried by every row: the article it rests on and its mark.
type Source struct {
	Article string
	Mark    Mark
	Note    string
	// Setting tells that the row is a default an office may replace (mark K).
	Setting bool
}

// Reason is one ground of a finding: a Chinese sentence and the article behind it.
type Reason struct {
	Code    string
	Text    string
	Article string
}

// record is one data line of a table with what is needed to word a fault.
// The first fault found in a line is kept in table.fault; later reads return zero values.
type record struct {
	table *table
	line  int
	cells map[string]string
}

type table struct {
	file    string
	records []record
	fault   error
}

// readTable reads a CSV file with exactly the given columns, in any order. Lines starting
// with # and blank lines are passed over. A byte order mark, as spreadsheets write, is fine.
func readTable(fsys fs.FS, file string, columns ...string) (*table, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &TableError{File: file, Problem: "找不到这个数据表，请恢复该文件"}
		}
		return nil, fmt.Errorf("读取数据表 %s：%w", file, err)
	}
	return parseTable(file, data, columns...)
}

// parseTable reads the bytes of a table; file names them in faults.
func parseTable(file string, data []byte, columns ...string) (*table, error) {
	if !utf8.Valid(data) {
		return nil, &TableError{File: file, Problem: "文字编码不是 UTF-8，请在表格软件中另存为“CSV UTF-8”格式"}
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	reader.Comment = '#'
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		return nil, &TableError{File: file, Line: 1, Problem: "缺少表头行，请写明各列名称"}
	}
	headerLine, _ := reader.FieldPos(0)
	if err := checkHeader(file, headerLine, header, columns); err != nil {
		return nil, err
	}
	t := &table{file: file}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, csvFault(file, err)
		}
		line, _ := reader.FieldPos(0)
		if err := t.add(line, header, cells); err != nil {
			return nil, err
		}
	}
}

func checkHeader(file string, line int, header, want []string) error {
	seen := map[string]bool{}
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
		if seen[header[i]] {
			return &TableError{File: file, Line: line, Column: header[i], Problem: "列名重复，请删去其中一列"}
		}
		seen[header[i]] = true
	}
	for _, name := range want {
		if !seen[name] {
			return &TableError{File: file, Line: line, Column: name, Problem: "缺少这一列，请补上"}
		}
		delete(seen, name)
	}
	for _, name := range header {
		if seen[name] {
			return &TableError{File: file, Line: line, Column: name, Problem: "不认识这个列名，请更正或者删去"}
		}
	}
	return nil
}

func csvFault(file string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &TableError{File: file, Line: parse.Line, Problem: "引号没有配对，请检查该行的英文双引号"}
	}
	return fmt.Errorf("读取数据表 %s：%w", file, err)
}

func (t *table) add(line int, header, cells []string) error {
	blank := true
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
		blank = blank && cells[i] == ""
	}
	if blank {
		return nil
	}
	if len(cells) != len(header) {
		return &TableError{File: t.file, Line: line,
			Problem: fmt.Sprintf("应有%d格，实有%d格，请检查逗号和引号", len(header), len(cells))}
	}
	r := record{table: t, line: line, cells: make(map[string]string, len(header))}
	for i, name := range header {
		r.cells[name] = cells[i]
	}
	t.records = append(t.records, r)
	return nil
}

// fail keeps the first fault of the table.
func (r record) fail(column, problem string, args ...any) {
	if r.table.fault == nil {
		r.table.fault = &TableError{File: r.table.file, Line: r.line, Column: column, Problem: fmt.Sprintf(problem, args...)}
	}
}

func (r record) text(column string) string { return r.cells[column] }

// need is text that may not be empty.
func (r record) need(column string) string {
	value := r.cells[column]
	if value == "" {
		r.fail(column, "不能为空，请填写")
	}
	return value
}

// list splits a cell at semicolons, either width.
func (r record) list(column string) []string {
	var items []string
	for _, item := range strings.FieldsFunc(r.cells[column], func(c rune) bool { return c == ';' || c == '\uff1b' }) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func (r record) integer(column string) int {
	n, err := strconv.Atoi(r.need(column))
	if err != nil {
		r.fail(column, "应为整数，请更正")
	}
	return n
}

// fen reads an amount in yuan; an empty cell is zero.
func (r record) fen(column string) Fen {
	if r.cells[column] == "" {
		return 0
	}
	amount, err := ParseFen(r.cells[column])
	if err != nil {
		r.fail(column, "%s", strings.TrimSuffix(err.Error(), "。"))
	}
	return amount
}

// date reads yyyy-mm-dd; an empty cell is the zero time, an open end.
func (r record) date(column string) time.Time {
	if r.cells[column] == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, r.cells[column])
	if err != nil {
		r.fail(column, "日期应写成“2026-01-31”的样子，请更正")
	}
	return day
}

// oneOf reads a cell that must hold one of the words.
func (r record) oneOf(column string, words ...string) string {
	value := r.cells[column]
	for _, word := range words {
		if value == word {
			return value
		}
	}
	r.fail(column, "“%s”不是可用的值，可用：%s", value, strings.Join(words, "、"))
	return ""
}

// source reads the columns basis, mark and note. A row that claims to be read in a statute
// must name it in book-title marks.
func (r record) source() Source {
	s := Source{Article: r.need("basis"), Note: r.text("note")}
	s.Mark = Mark(r.oneOf("mark", "V", "S", "C", "K", "D"))
	s.Setting = s.Mark == Knowledge
	if (s.Mark == Verified || s.Mark == Excerpt) && !strings.Contains(s.Article, "《") {
		r.fail("basis", "应写明带书名号的法律名称和条款，请补上")
	}
	return s
}
