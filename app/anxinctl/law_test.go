package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/app/casework"
)

func TestClockCommand(t *testing.T) {
	year := filepath.Join(t.TempDir(), "2027.json")
	if err := os.WriteFile(year, []byte(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--rule", "case.investigate", "--from", "2026-09-18"}, 0, "至 2026-12-17\n依据 《劳动保障监察条例》第十七条，规则版本 2004-12-01"},
		{[]string{"--rule", "transfer.send", "--from", "2026-09-18T09:30"}, 0, "24小时，至 2026-09-19"},
		{[]string{"--rule", "evidence.hold", "--from", "2026-09-18"}, 0, "按另一种理解至 2026-09-25"},
		{[]string{"--rule", "service.public", "--from", "2026-09-18", "--region", "山东/青岛"}, 0, "60日"},
		{[]string{"--rule", "complaint.accept", "--from", "2026-12-30"}, 0, "（暂定"},
		{[]string{"--rule", "complaint.accept", "--from", "2026-12-30", "--holidays", year}, 0, "至 2027-01-07\n"},
		{[]string{"--rule", "horse", "--from", "2026-12-30"}, 1, "没有名为“horse”的期限规定"},
		{[]string{"--rule", "complaint.accept", "--from", "年底"}, 1, "起算日“年底”应写成"},
		{[]string{"--rule", "complaint.accept", "--from", "2026-12-30", "--holidays", "none.csv"}, 1, "找不到文件"},
	} {
		code, out, errs := ctl(append([]string{"clock"}, c.args...)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%v: %d %s%s", c.args, code, out, errs)
		}
	}
	_, out, _ := ctl("clock", "--rule", "case.investigate", "--from", "2026-11-18", "--json")
	var d deadline
	if err := json.Unmarshal([]byte(out), &d); err != nil || d.Last != "2027-02-10" || d.Firm || d.Mark != "V" || d.Version != "2004-12-01" {
		t.Errorf("%+v %v", d, err)
	}
}

func TestCheckCommand(t *testing.T) {
	for _, c := range []struct {
		what, value string
		code        int
		want        string
	}{
		{"uscc", "91110000101623741K", 0, "正确：91110000101623741K"},
		{"uscc", "91350211M0000XUF46", 1, "不符：统一社会信用代码最后一位校验不符"},
		{"id", "11010519491231002x", 0, "女，1949年12月31日出生"},
		{"id", "110105194912310021", 1, "不符"},
		{"amount", "16,409.02", 0, "人民币壹万陆仟肆佰零玖元零贰分"},
		{"amount", "十六", 1, "不符"},
		{"card", "6222021234567890", 1, "不符"},
		{"horse", "1", 1, "不能核对“horse”"},
	} {
		code, out, errs := ctl("check", c.what, c.value)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s %s: %d %s%s", c.what, c.value, code, out, errs)
		}
	}
}

// The sample day ends before its re-inspection; a reviewer finds what is left.
func TestSelfCheckCommand(t *testing.T) {
	refused(t, "不是有效的记录编号", "case", "selfcheck", "7")
	out, _ := worked(t)
	data := filepath.Join(out, "office")
	kase := listed(t, data, "case")
	text := must(t, []string{"✗ 证据充分【一票否决：证据不足】  C23", "✗ 立案审批【一票否决：程序违法】", "✓ 两名承办人员\n", "共自查"},
		"--data", data, "case", "selfcheck", kase)
	var items []casework.CheckItem
	raw := must(t, nil, "--data", data, "case", "selfcheck", kase, "--json")
	if err := json.Unmarshal([]byte(raw), &items); err != nil || len(items) < 30 || len(items) != strings.Count(text, "✓")+strings.Count(text, "✗") {
		t.Errorf("%d items in JSON (%v), in words:\n%s", len(items), err, text)
	}
}
