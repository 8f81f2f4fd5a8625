package casework

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"anxin/model"
)

// mostPasted bounds what is pasted, in bytes of text.
const mostPasted = 4 << 20

// pastedName is the workbook that pasted cells are kept as.
const pastedName = "粘贴的工资表.xlsx"

// IsTable tells whether a text is cells of a spreadsheet: several lines with
// tabs, as spreadsheets put them on the clipboard.
func IsTable(text string) bool {
	first, rest, more := strings.Cut(strings.TrimSpace(text), "\n")
	return more && strings.Contains(first+rest, "\t")
}

// PasteRoster takes the wage roll from cells copied out of a spreadsheet, its
// header among them. What was pasted is kept as a workbook, as evidence of the
// case, and read as ImportRoster reads one.
func (d *Desk) PasteRoster(ctx context.Context, caseID model.ID, text string) (model.ID, Report, error) {
	raw, err := workbookOf(text)
	if err != nil {
		return "", Report{}, err
	}
	return d.ImportRoster(ctx, caseID, pastedName, bytes.NewReader(raw))
}

// workbookOf writes cells that are separated by tabs and line breaks into a
// workbook; cells that hold either stand in quotation marks.
func workbookOf(text string) ([]byte, error) {
	if len(text) > mostPasted {
		return nil, fmt.Errorf("粘贴的内容超过 %d MB，请存成 .xlsx 文件后导入", mostPasted>>20)
	}
	if !IsTable(text) {
		return nil, fmt.Errorf("剪贴板里不是表格，请在 Excel 或 WPS 中连同表头选中工资表，复制后再粘贴")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("粘贴的表格读不出来（%v），请存成 .xlsx 文件后导入", err)
	}
	if len(rows) > maxRows {
		return nil, fmt.Errorf("粘贴的表格超过 %d 行，请拆分后再粘贴", maxRows)
	}
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if len(row) > excelize.MaxColumns {
			return nil, fmt.Errorf("粘贴的第 %d 行有 %d 格，工作表放不下，请只选工资表再复制", i+1, len(row))
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			return nil, fmt.Errorf("粘贴的第 %d 行放不进工作表（%v），请存成 .xlsx 文件后导入", i+1, err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("整理粘贴的表格: %w", err)
	}
	return out.Bytes(), nil
}
