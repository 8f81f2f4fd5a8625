package casework

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"anxin/model"
)

// A sheet under any name is known by its titles; what the titles do not say
// stays open.
func TestLayoutTellsWhatSheetsSeemToHold(t *testing.T) {
	f := excelize.NewFile()
	for sheet, rows := range map[string][][]any{
		"2026年": {{"企业名册"}, {"单位名称", "联系电话", "法人"}, {"甲", "1"}, {}, {"乙", "2", "丙"}},
		"项目":    {{"项目名称", "总承包单位", "地址"}, {"一期", "甲", "路"}},
		"说明":    {{"填表说明"}},
		"颜色":    {{"红", "绿"}, {"1", "2"}},
	} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	k := newKeeper(t, 1)
	layout, err := k.desk.ReadLayout("名册.xlsx", &b, nil)
	k.sure(err)
	got := map[string]LayoutSheet{}
	for _, s := range layout.Sheets {
		got[s.Name] = s
	}
	if s := got["2026年"]; s.Register != RegisterEmployers || s.Rows != 2 || len(s.Columns) != 3 || !s.Columns[0].Known || s.Columns[2].Is != "" || !slices.Equal(s.Columns[2].Sample, []string{"", "丙"}) {
		t.Errorf("employers: %+v", s)
	}
	if s := got["项目"]; s.Register != RegisterSites || s.Columns[1].Is != "general" || s.Columns[1].Cell != "名册.xlsx 项目!B1" {
		t.Errorf("sites: %+v", s)
	}
	for _, name := range []string{"说明", "颜色"} {
		if s := got[name]; s.Register != "" {
			t.Errorf("%s seems to hold %q", name, s.Register)
		}
	}
}

// What a person says of a column wins over what its title says.
func TestWhatIsSaidOfAColumnWins(t *testing.T) {
	k := newKeeper(t, 1)
	as := &Import{Columns: Columns{{"用人单位", "电话"}: "contact_phone", {"用人单位", "联系人"}: ""}}
	rep, err := k.desk.ImportRegisters(t.Context(), "名册.xlsx", registersOf(t, []any{"单位名称", "电话", "联系人"}, []any{"甲", "13907360001", "张"}, []any{"甲", "13907360001", ""}), as)
	k.sure(err)
	list, err := all[model.Employer](t.Context(), k.desk, model.Query{})
	k.sure(err)
	if len(list) != 1 {
		t.Fatalf("%d employers", len(list))
	}
	e := list[0].Value
	if e.ContactPhone != "13907360001" || e.Phone != "" || e.Contact != "" {
		t.Errorf("imported %+v", e)
	}
	if rep.Added != 1 || rep.Same != 1 || len(rep.Adds) != 1 || rep.Adds[0].Text != "甲" {
		t.Errorf("report %+v", rep)
	}
	_, err = k.desk.ImportRegisters(t.Context(), "名册.xlsx", registersOf(t, []any{"单位名称"}, []any{"甲"}), &Import{Sheets: map[string]string{"用人单位": ""}})
	if err == nil || !strings.Contains(err.Error(), "没有可导入的工作表") {
		t.Errorf("with its only sheet left out: %v", err)
	}
}

// Any table reads back from both kinds of file as it was; no text becomes a formula.
func TestATableReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("甲乙=+-@\"',;\n abc12𠮷")))
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 2, 2), 0, 5).Draw(t, "rows")
		table := Table{Name: "表", Head: []string{"一", "二"}}
		for _, r := range rows {
			table.Rows = append(table.Rows, []any{r[0], r[1]})
		}
		var book, file bytes.Buffer
		if err := WriteWorkbook(&book, table); err != nil {
			t.Fatal(err)
		}
		if err := table.WriteCSV(&file); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&book)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.String(), byteOrderMark))).ReadAll()
		if err != nil || len(lines) != len(rows)+1 {
			t.Fatalf("%d lines of %d, %v", len(lines), len(rows), err)
		}
		for i, r := range rows {
			for n, want := range r {
				cell, err := excelize.CoordinatesToCellName(n+1, i+2)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := f.GetCellValue("表", cell); err != nil || got != want {
					t.Fatalf("%s says %q for %q, %v", cell, got, want, err)
				}
				got := lines[i+1][n]
				if strings.TrimPrefix(got, "'") != strings.TrimPrefix(want, "'") {
					t.Fatalf("line %d says %q for %q", i+1, got, want)
				}
				if got != "" && strings.ContainsRune("=+-@", rune(got[0])) {
					t.Fatalf("%q would be a formula", got)
				}
			}
		}
	})
}
