package casework

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const pastedRoll = "某某工程工资表\r\n序号\t姓名\t身份证号码\t欠薪起\t欠薪止\t应发(元)\t已发(元)\t欠发(元)\t备注\r\n" +
	"1\t王大山\t430725198001010019\t2026-06\t2026-08\t12,000.50\t2000\t10,000.50\t\"两行的\n备注\"\r\n" +
	"2\t李小河\t\t2026-06\t2026-07\t9000\t0\t9000\t说\"还\"了\r\n合计\t\t\t\t\t\t\t19000.50\t\r\n"

func TestPastedCellsAreAWageRoll(t *testing.T) {
	raw, err := workbookOf(pastedRoll)
	if err != nil {
		t.Fatal(err)
	}
	roll, report, err := readRoster(pastedName, raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(roll.Workers) != 2 || roll.TotalFen() != 1900050 || roll.Workers[0].IDNo != "430725198001010019" || roll.Workers[0].Note != "两行的\n备注" {
		t.Errorf("read %+v", roll)
	}
	if len(report.Warnings) == 0 || !strings.Contains(report.Warnings[len(report.Warnings)-1].String(), "李小河没有身份证号码") {
		t.Errorf("warnings %v", report.Warnings)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "a sentence": "请支付工资", "lines": "甲\n乙\n丙", "one line": "甲\t乙",
		"too much": strings.Repeat("甲\t乙\n", mostPasted/8+1), "too many rows": strings.Repeat("1\t2\n", maxRows+1), "too wide": "甲\n" + strings.Repeat("\t", excelize.MaxColumns+1)} {
		t.Run(name, func(t *testing.T) {
			if _, err := workbookOf(text); err == nil || !startsChinese(err.Error()) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func startsChinese(s string) bool { r := []rune(s); return len(r) > 0 && r[0] > 0x2E80 }

// FuzzPastedCells: whatever lies on the clipboard gives a workbook that can be
// read, or a sentence.
func FuzzPastedCells(f *testing.F) {
	f.Add(pastedRoll)
	f.Add("a\tb\n\"c\td\n")
	f.Add("\"\t\"\n\t\x00\n")
	f.Add("=1+1\t@cmd\n-2\t+3\n")
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := workbookOf(text)
		if err != nil {
			if !startsChinese(err.Error()) {
				t.Errorf("no sentence: %v", err)
			}
			return
		}
		book, err := openWorkbook(pastedName, bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("the workbook of %q cannot be read: %v", text, err)
		}
		book.Close()
	})
}
