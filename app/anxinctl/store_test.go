package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// newOffice is a folder with an office, two officers and the carried registers.
func newOffice(t *testing.T) string {
	t.Helper()
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "数据")
	must(t, nil, "--data", dir, "init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社",
		"--officer", "林晓,1807040000011,2024-01-01,2030-12-31", "--officer", "何静,1807040000012,2024-01-01,2030-12-31")
	must(t, []string{"新增 "}, "--data", dir, "import", "registers", carried(t, "registers.xlsx"))
	return dir
}

func TestBackupAndRestoreFromTheTerminal(t *testing.T) {
	dir := newOffice(t)
	folder := t.TempDir()
	first, second, key := filepath.Join(folder, "一"), filepath.Join(folder, "二"), filepath.Join(folder, "私钥")
	must(t, []string{"还没有登记局里的恢复公钥", "打开核对：", "0 个证据文件"}, "--data", dir, "store", "backup", first)
	refused(t, "已经存在", "--data", dir, "store", "backup", first)
	must(t, []string{"私钥已写入", "已登记到本机"}, "--data", dir, "store", "recovery", "--make", key)
	refused(t, "换一个还没有的文件名", "--data", dir, "store", "recovery", "--make", key)
	refused(t, "不是加密公钥", "--data", dir, "store", "recovery", "--public", "abc")
	if out := must(t, []string{"打开核对"}, "--data", dir, "store", "backup", second); strings.Contains(out, "提示") {
		t.Errorf("still warns: %s", out)
	}
	third := filepath.Join(folder, "新电脑")
	must(t, []string{"已恢复到", "原来的号段作废"}, "--data", third, "store", "restore", first)
	refused(t, "不是空文件夹", "--data", third, "store", "restore", first)
	refused(t, "恢复密钥打不开", "--data", filepath.Join(folder, "四"), "store", "restore", first, "--key", key)
	t.Setenv("ANXIN_PASSPHRASE", "另一个长口令 678")
	refused(t, "口令不正确", "--data", filepath.Join(folder, "五"), "store", "restore", second)
	sixth := filepath.Join(folder, "六")
	must(t, []string{"已恢复到"}, "--data", sixth, "store", "restore", second, "--key", key)
	must(t, []string{"问题 0"}, "--data", sixth, "store", "verify")
	content, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "恢复没有完成", "--data", filepath.Join(folder, "七"), "store", "restore", file(t, "坏", append(content[:len(content)/2], content[len(content)/2+1:]...)))
	refused(t, "找不到文件", "--data", filepath.Join(folder, "八"), "store", "restore", filepath.Join(folder, "无"))
}

func TestSearchAndHistoryFromTheTerminal(t *testing.T) {
	dir := newOffice(t)
	out := must(t, []string{"执法人员", "何静", "找到 1 条"}, "--data", dir, "search", "1807040000012")
	id := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(out)
	must(t, []string{"执法证号：（无） → “1807040000012”", "证件已停用：（无） → 否", "共 1 次修改"}, "--data", dir, "store", "history", id)
	must(t, []string{`"rev": "1-`}, "--data", dir, "store", "history", id, "--at", "2099-01-01")
	refused(t, "还没有", "--data", dir, "store", "history", id, "--at", "2001-01-01")
	refused(t, "不是时间", "--data", dir, "store", "history", id, "--at", "gestern")
	must(t, []string{"找到 0 条"}, "--data", dir, "search", "何静", "--kind", "employer")
	employers := must(t, []string{"用人单位"}, "--data", dir, "search", "公司", "--kind", "employer")
	if phone := regexp.MustCompile(`1\d{10}`).FindString(employers); phone != "" {
		t.Errorf("a phone is shown: %s", phone)
	}
	refused(t, "太短", "--data", dir, "search", "何")
	refused(t, "没有名为“hund”的种类", "--data", dir, "search", "何静", "--kind", "hund")
	must(t, []string{"其中补回或者改正 0 条"}, "--data", dir, "store", "rebuild")
	must(t, []string{`"Revisions"`}, "--data", dir, "store", "stats", "--json")
}

func TestWhatASearchShowsOfAPerson(t *testing.T) {
	p := modeltest.PersonOf(3)
	for _, r := range []model.Record{
		modeltest.WageRoll(0, 10, ""), modeltest.Employer(3), &model.Service{Receiver: p.Name},
		&model.Interview{State: model.InterviewDone, Person: p.Name, IDNo: p.IDNo, Phone: p.Phone},
		&model.Lead{State: model.LeadRegistered, Complainant: p.Name, Phone: p.Phone, Source: "来访"},
	} {
		body, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		line := strings.Join(found(model.Head{Kind: r.Kind(), Summary: r.Summary(), Body: body}, []string{p.Name}), "  ")
		for n := range 10 {
			for _, secret := range []string{modeltest.PersonOf(n).Name, modeltest.PersonOf(n).IDNo, modeltest.PersonOf(n).Phone, modeltest.Employer(3).Phone} {
				if strings.Contains(line, secret) {
					t.Errorf("%s shows %q: %s", r.Kind(), secret, line)
				}
			}
		}
		if masked := string([]rune(p.Name)[:1]) + "**"; r.Kind() != model.KindEmployer && !strings.Contains(line, masked) {
			t.Errorf("%s shows not even %s: %s", r.Kind(), masked, line)
		}
	}
}
