package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestADrawFromTheTerminal: units are drawn for two officers, the draw is proved,
// its list is written, and what is not there yet cannot be made public.
func TestADrawFromTheTerminal(t *testing.T) {
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "数据")
	at := func(args ...string) []string { return append([]string{"--data", dir}, args...) }
	must(t, nil, at("init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社", "--region", "湖南",
		"--officer", "林晓,1807040000011,2024-01-01,2099-12-31", "--officer", "何静,1807040000012,2024-01-01,2099-12-31", "--officer", "吴敏,1807040000013,2024-01-01,2099-12-31")...)
	must(t, []string{"新增 "}, at("import", "registers", carried(t, "registers.xlsx"))...)
	employer := listed(t, dir, "employer")
	ask := []string{"draw", "run", "--name", "九月抽查", "--matter", "工资支付情况", "--at", "2026-09-21 09:00", "--seed", "0918 017"}
	refused(t, "不能抽取 9000 户", at(append(ask, "--pick", "9000")...)...)
	refused(t, "应写成 人员=单位=理由", at(append(ask, "--pick", "2", "--recuse", "林晓")...)...)
	refused(t, "不是时间", at("draw", "run", "--name", "甲", "--matter", "乙", "--pick", "1", "--at", "明天")...)
	id := first(t, must(t, []string{"九月抽查", "抽取 2 户", "种子 0918 017", "待审批"}, at(append(ask, "--pick", "2", "--recuse", "林晓="+employer+"=亲属")...)...))
	list := filepath.Join(t.TempDir(), "名单.txt")
	must(t, []string{"核验通过", "种子 0918 017"}, at("draw", "verify", id, "--out", list)...)
	raw, err := os.ReadFile(list)
	if err != nil || !strings.Contains(string(raw), "seed 0918 017\n") || !strings.Contains(string(raw), "recusal ") {
		t.Errorf("list %s, %v", raw, err)
	}
	must(t, []string{"九月抽查", "共 1 条"}, at("list", "随机抽查")...)
	must(t, []string{"九月抽查"}, at("search", "九月抽查")...)
	must(t, []string{"共 2 条"}, at("list", "检查", "--state", "待审批")...)
	refused(t, "没有已经检查", at("draw", "publish", id, "--where", "公示栏")...)
	sheet := filepath.Join(t.TempDir(), "公示.csv")
	must(t, []string{"0 户"}, at("draw", "sheet", id, "--out", sheet)...)
	must(t, []string{"双随机检查占比\t100.00%", "应用信用规则率\t100.00%"}, at("ledgers", "--from", "2026-01-01", "--to", "2099-12-31")...)
}
