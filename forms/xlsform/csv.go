package xlsform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"anxin/forms"
)

// CompileCSV reads survey.csv, choices.csv and settings.csv of a folder, UTF-8
// with or without a mark. name is used as form id where the settings give
// none. The error is an *Error, or that of reading a file.
func CompileCSV(dir fs.FS, name string) (*forms.Form, error) {
	var sheets []sheet
	for _, s := range [...]string{sheetSurvey, sheetChoices, sheetSettings, "entities", "external_choices", "osm"} {
		raw, err := readLimited(dir, s+".csv")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows, err := parseCSV(raw)
		if err != nil {
			return nil, &Error{[]Problem{{Sheet: s, Text: err.Error()}}}
		}
		sheets = append(sheets, sheet{s, rows})
	}
	return build(sheets, name)
}

func readLimited(dir fs.FS, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err != nil {
		return nil, fmt.Errorf("读取 %s：%w", name, err)
	}
	if len(raw) > maxSource {
		return nil, tooLarge(len(raw))
	}
	return raw, nil
}

// parseCSV numbers rows as a spreadsheet would show them.
func parseCSV(raw []byte) ([]line, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("文字编码不是 UTF-8，请用表格软件另存为“CSV UTF-8（逗号分隔）”")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	var rows []line
	for number := 1; ; number++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("CSV 格式有误（%v），请用表格软件重新另存", err)
		}
		for i := range cells {
			cells[i] = tidy(cells[i])
		}
		if number > maxRows {
			return nil, fmt.Errorf("超过 %d 行，请拆成几张表单", maxRows)
		}
		rows = append(rows, line{number, cells})
	}
}
