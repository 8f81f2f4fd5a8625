package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/xuri/excelize/v2"

	"anxin/forms"
)

// Limits of a workbook: bytes of the file, bytes unpacked, parts, rows and
// columns of a sheet. A form of a thousand questions needs a hundredth of these.
const (
	maxWorkbook = 32 << 20
	maxUnpacked = 64 << 20
	maxMembers  = 500
	maxTags     = 4_000_000
	maxRows     = 100_000
	maxColumns  = 400
)

// CompileWorkbook reads an .xlsx workbook. name is used as form id where the
// settings give none. A workbook that claims to be huge is refused before it
// is unpacked. The error is an *Error, or that of reading r.
func CompileWorkbook(r io.Reader, name string) (*forms.Form, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return nil, fmt.Errorf("读取工作簿：%w", err)
	}
	sheets, err := readWorkbook(raw)
	if err != nil {
		return nil, err
	}
	return build(sheets, name)
}

func refuse(sheetName, format string, args ...any) error {
	return &Error{[]Problem{{Sheet: sheetName, Text: fmt.Sprintf(format, args...)}}}
}

func readWorkbook(raw []byte) ([]sheet, error) {
	if len(raw) > maxWorkbook {
		return nil, refuse("工作簿", "文件超过 %d MB，请删去图片和多余的表", maxWorkbook>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, refuse("工作簿", "不是 .xlsx 文件，请用表格软件另存为 .xlsx")
	}
	if len(z.File) > maxMembers {
		return nil, refuse("工作簿", "里面有 %d 个部件，上限 %d 个，请删去图片和多余的表", len(z.File), maxMembers)
	}
	var total uint64
	for _, f := range z.File {
		total += f.UncompressedSize64
		if total > maxUnpacked {
			return nil, refuse("工作簿", "解开后超过 %d MB，请删去空行、图片和多余的表", maxUnpacked>>20)
		}
	}
	if err := countTags(z.File); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, unreadable()
	}
	defer book.Close()
	var sheets []sheet
	for _, name := range book.GetSheetList() {
		s, err := readSheet(book, name)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	return theSurvey(sheets), nil
}

// theSurvey takes the only sheet of a workbook for the survey, whatever the
// spreadsheet program called it, if it has the column type.
func theSurvey(sheets []sheet) []sheet {
	if len(sheets) == 1 && len(sheets[0].rows) > 0 && sheetNumber.MatchString(sheets[0].name) {
		if slices.ContainsFunc(sheets[0].rows[0].cells, func(s string) bool { return normalHeader(s) == "type" }) {
			sheets[0].name = sheetSurvey
		}
	}
	return sheets
}

// sheetNumber is how spreadsheet programs name a new sheet.
var sheetNumber = regexp.MustCompile(`(?i)^(sheet|工作表|表)\s*\d*$`)

// countTags refuses a workbook with more elements than a form can have, without
// taking them apart: that is what would take minutes.
func countTags(parts []*zip.File) error {
	total := 0
	buffer := make([]byte, 64<<10)
	for _, part := range parts {
		r, err := part.Open()
		if err != nil {
			return unreadable()
		}
		for {
			n, err := r.Read(buffer)
			if total += bytes.Count(buffer[:n], []byte("<")); total > maxTags {
				r.Close()
				return refuse("工作簿", "单元格太多，多半是下方的空行或右边的空列带了格式，请选中它们整行整列删除")
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				r.Close()
				return unreadable()
			}
		}
		r.Close()
	}
	return nil
}

func unreadable() error {
	return refuse("工作簿", "无法打开，请用表格软件重新另存为 .xlsx")
}

func readSheet(book *excelize.File, name string) (sheet, error) {
	s := sheet{name: name}
	rows, err := book.Rows(name)
	if err != nil {
		return s, refuse(name, "无法读取这张表，请用表格软件重新另存")
	}
	defer rows.Close()
	for number := 1; rows.Next(); number++ {
		if number > maxRows {
			return s, refuse(name, "超过 %d 行，多半是下方的空行带了格式，请选中空行整行删除", maxRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return s, refuse(name, "第 %d 行无法读取，请用表格软件重新另存", number)
		}
		for i := range cells {
			cells[i] = tidy(cells[i])
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) > maxColumns {
			return s, refuse(name, "第 %d 行超过 %d 列，请删去多余的列", number, maxColumns)
		}
		if len(cells) > 0 {
			s.rows = append(s.rows, line{number, cells})
		}
	}
	return s, nil
}
