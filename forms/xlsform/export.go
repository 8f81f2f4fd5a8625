package xlsform

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// ExportWorkbook writes the tables of a Markdown source as an .xlsx workbook,
// for editing in a spreadsheet. Compiling the workbook gives the same form.
func ExportWorkbook(w io.Writer, markdown string) error {
	if len(markdown) > maxSource {
		return tooLarge(len(markdown))
	}
	book := excelize.NewFile()
	defer book.Close()
	first := book.GetSheetName(0)
	for _, s := range parseMarkdown(markdown) {
		if _, err := book.NewSheet(s.name); err != nil {
			return refuse(s.name, "不能用作工作表的名称，请改名")
		}
		if err := exportSheet(book, s); err != nil {
			return fmt.Errorf("写出工作表 %s：%w", s.name, err)
		}
	}
	if len(book.GetSheetList()) > 1 {
		if err := book.DeleteSheet(first); err != nil {
			return fmt.Errorf("写出工作簿：%w", err)
		}
	}
	if err := book.Write(w); err != nil {
		return fmt.Errorf("写出工作簿：%w", err)
	}
	return nil
}

// exportSheet writes every cell as text, so that 001 stays 001, below a bold
// header that does not scroll away.
func exportSheet(book *excelize.File, s sheet) error {
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, row := range s.rows {
		for j, cell := range row.cells {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(s.name, at, cell); err != nil {
				return err
			}
		}
	}
	if err := book.SetColStyle(s.name, "A:Z", text); err != nil {
		return err
	}
	if err := book.SetRowStyle(s.name, 1, 1, bold); err != nil {
		return err
	}
	if err := book.SetColWidth(s.name, "A", "Z", 20); err != nil {
		return err
	}
	return book.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
