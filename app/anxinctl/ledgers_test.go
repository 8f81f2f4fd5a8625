package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"anxin/app/day"
)

// TestLedgersOfTheSampleDay: the figures agree with the day's papers, every
// ledger is a sheet, and who complained is on none.
func TestLedgersOfTheSampleDay(t *testing.T) {
	out, _ := worked(t)
	t.Setenv(passphraseVariable, day.Passphrase)
	data := day.OfficeDir(out)
	path := filepath.Join(t.TempDir(), "台账.xlsx")
	said := must(t, []string{"线索（件）\t1\n", "线索来源：", "检查（户次）\t1\n", "立案（件）\t1\n", "拖欠工资人数\t12\n", "拖欠工资金额（元）\t203100\n", "人均拖欠（元）\t16,925.00\n", "送达：直接\t1\n", " 张台账"},
		"--data", data, "ledgers", "--from", "2026-01-01", "--to", "2026-12-31", "--out", path)
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := map[string]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		sheets[name] = fmt.Sprint(rows)
	}
	for name, want := range map[string]string{"年度数据": "持证率", "线索台账": "第", "检查台账": "已记录", "案件台账": "203100", "整改台账": "2026-08-31", "送达台账": "直接",
		"处罚公示": "决定书文号", "随机抽查台账": "摘要", "清欠台账": "凭证", "分期支付台账": "应付日期", "音像台账": "SHA-256", "保证金台账": "保函", "隐患台账": "依据", "网格覆盖": "户次", "执法人员": "持证"} {
		if name == "线索台账" || name == "执法人员" {
			want = "20" // dates
		}
		if !strings.Contains(sheets[name], want) {
			t.Errorf("the sheet %q says no %q: %s", name, want, sheets[name])
		}
	}
	if t.Failed() {
		t.Log(said)
	}
	must(t, []string{"线索（件）\t0\n", "结案率\t—\n"}, "--data", data, "ledgers", "--from", "2020-01-01", "--to", "2020-12-31")
	refused(t, "起止日期", "--data", data, "ledgers", "--from", "2026-12-31", "--to", "2026-01-01")
	refused(t, "起止日期", "--data", data, "ledgers", "--from", "昨天", "--to", "今天")
	refused(t, ".xlsx", "--data", data, "ledgers", "--from", "2026-01-01", "--to", "2026-12-31", "--out", "a.txt")
}
