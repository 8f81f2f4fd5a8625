package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/model"
)

// first is the first word a command printed: the id of what it made.
func first(t *testing.T, out string) string {
	t.Helper()
	id, _, _ := strings.Cut(out, " ")
	if _, err := model.ParseID(id); err != nil {
		t.Fatalf("%q begins with no id", out)
	}
	return id
}

// TestACaseAndAVisitFromTheTerminal: settings, a case, a call and a visit to its
// record, without a window.
func TestACaseAndAVisitFromTheTerminal(t *testing.T) {
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "数据")
	at := func(args ...string) []string { return append([]string{"--data", dir}, args...) }
	must(t, nil, at("init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社", "--region", "湖南",
		"--officer", "林晓,1807040000011,2024-01-01,2099-12-31", "--officer", "何静,1807040000012,2024-01-01,2099-12-31")...)

	refused(t, "邮编", at("office", "set", "邮编=4157")...)
	refused(t, "颜色", at("office", "set", "颜色=红")...)
	must(t, []string{"提示 ", "已保存"}, at("office", "set", "机关地址=青溪县沅水路 1 号", "postcode=415700", "联系人=何静", "联系电话=12", "复议机关=青溪县人民政府", "管辖法院=青溪县人民法院", "remedies=false", "报送期限=5")...)
	must(t, []string{"沅水路 1 号", "415700"}, at("office", "show")...)
	must(t, []string{`"report_days": 5`, `"remedies": false`, `"number_word": "青人社"`}, at("office", "show", "--json")...)

	must(t, []string{"新增 "}, at("import", "registers", carried(t, "registers.xlsx"))...)
	two := []string{"--officer", "林晓", "--officer", "1807040000012"}
	refused(t, "没有名为“查无此人”", at("case", "open", "--cause", "拖欠工资", "--officer", "查无此人")...)
	refused(t, "名册里没有", at(append([]string{"case", "open", "--cause", "拖欠工资", "--source", "现场投诉", "--employer", "查无此厂"}, two...)...)...)
	refused(t, "没有“托梦”这种线索来源", at(append([]string{"case", "open", "--cause", "拖欠工资", "--source", "托梦"}, two...)...)...)
	employer := listed(t, dir, "employer")
	kase := first(t, must(t, []string{"克扣或者无故拖欠工资"}, at(append([]string{"case", "open", "--cause", "克扣或者无故拖欠工资", "--source", "现场投诉", "--claim", "三个月没有发工资",
		"--employer", employer, "--amount", "12,345.60", "--workers", "3"}, two...)...)...))
	must(t, []string{"现场投诉", "共 1 条"}, at("list", "线索", "--state", "已受理")...)

	refused(t, "请选择联系方式", at("case", "contact", kase, "--person", "赵会计", "--said", "周五打款", "--way", "托梦")...)
	must(t, []string{"提示 ", "已记下"}, at("case", "contact", kase, "--person", "赵会计", "--said", "答应周五打款", "--phone", "139", "--next", "查流水", "--by", "2099-01-02")...)
	must(t, []string{"跟进联系事项", "2099-01-02"}, at("today")...)
	must(t, []string{"共 1 条", "待跟进"}, at("list", "联系记录")...)

	paid := []string{"case", "pay", kase, "--amount", "5,000.50", "--workers", "2", "--note", "回单 0917"}
	refused(t, "今天或者以前", at(append(paid, "--on", "2199-01-01")...)...)
	refused(t, "今天或者以前", at(append(paid, "--on", "昨天")...)...)
	refused(t, "请选择支付方式", at(append(paid, "--on", "2026-01-05", "--way", "以物抵薪")...)...)
	must(t, []string{"5,000.50 元"}, at(append(paid, "--on", "2026-01-05")...)...)
	must(t, []string{"共 1 条", "已支付"}, at("list", "支付记录")...)
	must(t, []string{"清欠金额（元）\t5000.5\n", "清欠人数（人次）\t2\n"}, at("ledgers", "--from", "2026-01-01", "--to", "2026-01-31")...)

	start := time.Now().Add(-2 * time.Hour)
	when := func(hours int) string { return start.Add(time.Duration(hours) * time.Hour).Format("2006-01-02 15:04") }
	refused(t, "不是时间", at(append([]string{"visit", "plan", "--case", kase, "--matter", "工资支付情况", "--at", "下午"}, two...)...)...)
	visit := first(t, must(t, []string{"工资支付情况"}, at(append([]string{"visit", "plan", "--case", kase, "--matter", "工资支付情况", "--place", "项目部", "--at", when(0)}, two...)...)...))
	refused(t, "经审批后才能通知", at("visit", "announce", visit)...)
	must(t, []string{"行政检查审批表"}, at("visit", "approve", visit)...)
	must(t, []string{"行政检查通知书"}, at("visit", "announce", visit)...)
	answers := answersFile(t, map[string]any{})
	refused(t, "结束时间必须晚于", at("visit", "record", visit, "--start", when(1), "--end", when(0), "--place", "项目部", "--answers", answers)...)
}

// The region is known by any of its names, and what is none is answered with what to write.
func TestTheOfficesRegionIsKnown(t *testing.T) {
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "d")
	create := func(region string) []string {
		return []string{"--data", dir, "init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社", "--region", region,
			"--officer", "林晓,1807040000011,2024-01-01,2030-12-31", "--officer", "何静,1807040000012,2024-01-01,2030-12-31"}
	}
	refused(t, "没有名为“胡南”的地区，是不是“河南”“湖南”“海南”？", create("胡南")...)
	must(t, []string{"已在"}, create("430725")...)
	at := func(args ...string) []string { return append([]string{"--data", dir}, args...) }
	must(t, []string{"region  适用地区  湖南"}, at("office", "show")...)
	for _, c := range []struct{ item, now string }{
		{"地域=湖南省", "湖南"}, {"适用地区=广东省深圳市", "广东/深圳"}, {"region=桃源县", "湖南"}, {"省份＝浙江", "浙江"}, {"地域=330102", "浙江"}, {"地区=", ""},
	} {
		must(t, []string{"已保存"}, at("office", "set", c.item)...)
		must(t, []string{"region  适用地区  " + c.now + "\n"}, at("office", "show")...)
	}
	refused(t, "“适用地区”：“鼓楼区”不止一处，请写明省份：", at("office", "set", "地域=鼓楼区")...)
	refused(t, "没有名为“星球”的项目，可以改的有：机关全称、", at("office", "set", "星球=火星")...)
	refused(t, "应写成“项目=内容”", at("office", "set", "湖南")...)
}
