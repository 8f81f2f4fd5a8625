package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// bookOf writes an .xlsx of one sheet.
func bookOf(t *testing.T, sheet string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "名册.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDoublesFromTheTerminal: two entries of one employer are imported under
// columns of their own, found, compared, merged, parted and told apart.
func TestDoublesFromTheTerminal(t *testing.T) {
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "数据")
	at := func(args ...string) []string { return append([]string{"--data", dir}, args...) }
	must(t, nil, at("init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社",
		"--officer", "林晓,1807040000011,2024-01-01,2099-12-31", "--officer", "何静,1807040000012,2024-01-01,2099-12-31")...)
	path := bookOf(t, "名单", []any{"企业", "电话", "颜色", "地址"}, []any{"沅水劳务有限公司", "0736-6620001", "红", ""}, []any{"沅水劳务有限责任公司", "0736-6620001", "蓝", "新街 2 号"})
	report := filepath.Join(t.TempDir(), "报告.csv")
	flags := []string{"--sheet", "名单=用人单位", "--column", "名单/企业=单位名称", "--column", "名单/颜色="}
	imported := func(more ...string) []string {
		return at(append(append([]string{"import", "registers", path}, flags...), more...)...)
	}
	refused(t, "没有可导入的工作表", at("import", "registers", path)...)
	refused(t, "应写成“工作表=名册”", at("import", "registers", path, "--sheet", "名单=星星")...)
	refused(t, "没有名为“体重”的列可以导入", at("import", "registers", path, "--sheet", "名单=用人单位", "--column", "名单/颜色=体重")...)
	refused(t, "没有工作表“别的”", at("import", "registers", path, "--column", "别的/颜色=")...)
	must(t, []string{"新增 2", "没有写入"}, imported("--preview", "--report", report)...)
	must(t, []string{"共 0 条"}, at("list", "用人单位")...)
	must(t, []string{"新增 2"}, imported()...)
	must(t, []string{"新增 0，合并 0，未变 2"}, imported()...)
	must(t, []string{"共 2 条，列出最新 1 条"}, at("list", "用人单位", "--limit", "1")...)

	out := must(t, []string{"名称相同", "可能重复 1 对"}, at("employer", "duplicates")...)
	lines := strings.Split(out, "\n")
	earlier, later := first(t, lines[0]), first(t, lines[1])
	must(t, []string{"可能重复 0 对"}, at("employer", "duplicates", "--sites")...)
	must(t, []string{`"Earlier": "` + earlier}, at("employer", "duplicates", "--json")...)
	must(t, []string{"“新街 2 号”", "不同 2 项"}, at("employer", "merge", earlier, later, "--look")...)
	refused(t, "“身高”不是两条记录不同的项", at("employer", "merge", earlier, later, "--later", "身高")...)
	refused(t, "没有合并到别的记录", at("employer", "part", later)...)
	must(t, []string{"已并入“沅水劳务有限责任公司”"}, at("employer", "merge", later, earlier, "--later", "name")...)
	must(t, []string{"可能重复 0 对"}, at("employer", "duplicates")...)
	must(t, []string{"新街 2 号"}, at("show", earlier)...)
	refused(t, "不能合并", at("employer", "merge", earlier, later)...)
	must(t, []string{"已分开"}, at("employer", "part", later)...)
	must(t, []string{"不是同一家"}, at("employer", "distinct", earlier, later)...)
	must(t, []string{"可能重复 0 对"}, at("employer", "duplicates")...)
}
