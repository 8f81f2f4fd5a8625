package xlsform

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A workbook written for editing compiles to the form it came from, also after
// its cells have been rewritten by a spreadsheet.
func TestExportRoundTrip(t *testing.T) {
	for _, src := range []string{markdown(inspection), big(30)} {
		var b bytes.Buffer
		if err := ExportWorkbook(&b, src); err != nil {
			t.Fatal(err)
		}
		if got, want := describe(CompileWorkbook(&b, "x")), describe(CompileMarkdown(src, "x")); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	var again bytes.Buffer
	if err := ExportWorkbook(&again, markdown(inspection)); err != nil {
		t.Fatal(err)
	}
	var first bytes.Buffer
	if err := ExportWorkbook(&first, markdown(inspection)); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Errorf("%v: the same source gives other bytes", err)
	}
	var refused *Error
	if err := ExportWorkbook(&bytes.Buffer{}, "| a/b |\n| | x |"); !errors.As(err, &refused) {
		t.Errorf("a sheet that cannot be named so: %v", err)
	}
}

// What is written for editing helps with it: types and yes or no are offered,
// the header stays in sight, columns are as wide as their text.
func TestExportHelpsEditing(t *testing.T) {
	var b bytes.Buffer
	if err := ExportWorkbook(&b, markdown(inspection)+"\n| Sheet1 |\n| | x |\n"); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := fmt.Sprint(book.GetSheetList()); got != "[_types survey choices settings Sheet1]" {
		t.Errorf("sheets %s", got)
	}
	if visible, err := book.GetSheetVisible(helpSheet); err != nil || visible || book.GetActiveSheetIndex() != 1 {
		t.Errorf("%v: the sheet of types is in sight, or not the survey is", err)
	}
	offers, err := book.GetDataValidations("survey")
	if err != nil || len(offers) != 2 || offers[0].Formula1 != "_types!$A$1:$A$33" || offers[0].Sqref != "A2:A507" || offers[1].Formula1 != `"yes,no"` {
		t.Errorf("%v: offered %+v", err, offers)
	}
	types, err := book.GetCols(helpSheet)
	if err != nil || !strings.Contains(strings.Join(types[0], ","), ",select_one verdict,") {
		t.Errorf("%v: types %v", err, types)
	}
	if panes, err := book.GetPanes("survey"); err != nil || panes.YSplit != 1 || panes.XSplit != 2 || !panes.Freeze {
		t.Errorf("%v: panes %+v", err, panes)
	}
	wide, err := book.GetColWidth("survey", "A")
	narrow, err2 := book.GetColWidth("survey", "B")
	if err != nil || err2 != nil || wide <= narrow {
		t.Errorf("%v %v: widths %v and %v", err, err2, wide, narrow)
	}
}

// zipBomb is a workbook whose one sheet claims to unpack to size bytes.
func zipBomb(t testing.TB, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: size}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lyingBomb unpacks to much and claims a hundred bytes.
func lyingBomb(t testing.TB) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		if _, err := w.Write(blanks); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range [...]string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		part, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: 100, CompressedSize64: uint64(packed.Len())})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(packed.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheetOf is a workbook whose survey sheet has these rows, as XML.
func sheetOf(t testing.TB, rows string) []byte {
	t.Helper()
	book := excelize.NewFile()
	if err := book.SetSheetName("Sheet1", "survey"); err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	if err := book.Write(&plain); err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range from.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(part, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`, rows)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// longSheet has more rows than a form may have, each with a blank in it.
func longSheet() string {
	var b strings.Builder
	for i := range maxRows + 10 {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d"/></row>`, i+1, i+1)
	}
	return b.String()
}

func manyParts(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range maxMembers + 1 {
		if _, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHugeWorkbooksAreRefused(t *testing.T) {
	phantom := excelize.NewFile()
	w, err := phantom.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]any{{"A1", "type", "name"}, {"A2", "text", "a"}, {"A1048576", " "}} {
		if err := w.SetRow(row[0].(string), row[1:]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := phantom.Write(&b); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		raw  []byte
		want string
	}{
		{"too much to unpack", zipBomb(t, 5<<30), "解开后超过"},
		{"more to unpack than it claims", lyingBomb(t), "无法打开"},
		{"rows that are blank", sheetOf(t, strings.Repeat("<row/>", maxTags)), "单元格太多"},
		{"rows that are there", sheetOf(t, longSheet()), "超过 100000 行"},
		{"columns without end", sheetOf(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>`), "超过 400 列"},
		{"parts without end", manyParts(t), "上限 500 个"},
		{"a million rows", b.Bytes(), "超过 100000 行"},
		{"no workbook", []byte("<html>"), "不是 .xlsx 文件"},
		{"empty archive", zipBomb(t, 0), "无法打开"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := CompileWorkbook(bytes.NewReader(c.raw), "x"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s…", err, c.want)
			}
		})
	}
}

// BenchmarkCompileWorkbook reads workbooks of so many questions, each with a
// condition and a constraint.
func BenchmarkCompileWorkbook(b *testing.B) {
	for _, n := range []int{600, 6700} {
		var raw bytes.Buffer
		if err := ExportWorkbook(&raw, big(n)); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := CompileWorkbook(bytes.NewReader(raw.Bytes()), "big"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
