package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/app/day"
)

const smallForm = `
| survey |
| | type | name | label | required | relevant | calculation |
| | integer | heads | 人数 | yes | | |
| | text | detail | 说明 | yes | ${heads} > 10 | |
| | calculate | double | | | | ${heads} * 2 |
| settings |
| | form_id | form_title | version | instance_name |
| | small | 小表 | 3 | concat('共', ${heads}, '人') |
`

func TestFormsCheck(t *testing.T) {
	good := file(t, "小表.md", []byte(smallForm))
	must(t, []string{"小表（small）版本 3：3 题，0 组，没有问题"}, "forms", "check", good)
	bad := file(t, "坏表.md", []byte(strings.NewReplacer("integer", "intger", "${heads} * 2", "${head} * 2").Replace(smallForm)))
	code, out, errs := ctl("forms", "check", bad)
	for _, want := range []string{bad + "：survey 表第 2 行 type 列（A2）：不认识题型“intger”，是不是 integer？", "calculation 列（F4）", "共 2 处问题"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code == 0 || errs != "" {
		t.Errorf("exit %d, %s", code, errs)
	}
	refused(t, "找不到", "forms", "check", filepath.Join(t.TempDir(), "none.xlsx"))
	refused(t, "应是 .xlsx", "forms", "check", file(t, "x.docx", nil))
	dir := filepath.Join(t.TempDir(), "表")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "survey.csv"), []byte("type,name,label\ntext,a,甲\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, []string{"1 题"}, "forms", "check", dir)
}

func TestFormsExport(t *testing.T) {
	out := filepath.Join(t.TempDir(), "指令书.xlsx")
	must(t, []string{out}, "forms", "export", "D06", out)
	must(t, []string{"限期改正指令书（D06）"}, "forms", "check", out)
	refused(t, "没有名为“nosuch”的表单，可用的有：", "forms", "export", "nosuch", out)
	refused(t, "为免盖掉改过的表单", "forms", "export", "D06", out)
	refused(t, "找不到文件夹", "forms", "export", "D06", filepath.Join(filepath.Dir(out), "无", "a.xlsx"))
}

func TestFormsRun(t *testing.T) {
	form := file(t, "small.md", []byte(smallForm))
	var got trial
	run := func(answers string) int {
		t.Helper()
		code, out, errs := ctl("forms", "run", form, "--answers", answers)
		if errs != "" {
			t.Fatal(errs)
		}
		got = trial{}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		return code
	}
	if code := run(file(t, "a.json", []byte(`{"heads": 12}`))); code == 0 || len(got.Errors) != 1 || got.Errors[0].Path != "/detail" || got.Name != "共12人" {
		t.Errorf("exit %d: %+v", code, got)
	}
	if got.Nodes[2].Value != "24" || !got.Nodes[1].Relevant || !got.Nodes[1].Required {
		t.Errorf("%+v", got.Nodes)
	}
	if code := run(file(t, "b.json", []byte(`{"form":"small","version":"2","answers":{"heads":3,"detail":"旧"}}`))); code != 0 || got.Nodes[1].Relevant || fmt.Sprint(got.Printed) != "map[double:6 heads:3]" {
		t.Errorf("exit %d: %+v", code, got)
	}
	if code := run(file(t, "c.xml", []byte(`<data id="small"><heads>4</heads></data>`))); code != 0 || got.Answered != 2 {
		t.Errorf("exit %d: %+v", code, got)
	}
	refused(t, "属于表单 other", "forms", "run", form, "--answers", file(t, "d.xml", []byte(`<data id="other"/>`)))
	refused(t, "不是 JSON", "forms", "run", form, "--answers", file(t, "e.json", []byte(`{`)))
}

func TestFormPackagesFromTheTerminal(t *testing.T) {
	out, _ := worked(t)
	data := day.OfficeDir(out)
	form := file(t, "small.md", []byte(smallForm))
	packed := filepath.Join(t.TempDir(), "小表-3.anxin")
	must(t, []string{"共 0 个表单包"}, "--data", data, "forms", "list")
	must(t, []string{packed, "签名"}, "--data", data, "forms", "pack", form, "--out", packed, "--from", "2026-01-01", "--law", "2026")
	must(t, []string{"已安装 small@3，2026年1月1日起启用"}, "--data", data, "forms", "install", packed)
	must(t, []string{"已安装 small@3"}, "--data", data, "forms", "install", packed)
	must(t, []string{"small@3  在用  2026-01-01起  小表", "共 1 个表单包"}, "--data", data, "forms", "list")
	book := filepath.Join(t.TempDir(), "小表.xlsx")
	must(t, []string{book}, "--data", data, "forms", "export", "small@3", book)
	must(t, []string{"小表（small）版本 3"}, "forms", "check", book)
	must(t, []string{"已停用 small@3"}, "--data", data, "forms", "withdraw", "small@3", "--reason", "试用结束")
	must(t, []string{"small@3  已停用"}, "--data", data, "forms", "list")
	refused(t, "没有安装表单包 small@4", "--data", data, "forms", "withdraw", "small@4", "--reason", "x")
	refused(t, "不是安薪的文件包", "--data", data, "forms", "install", form)
	refused(t, "不是日期", "--data", data, "forms", "pack", form, "--out", packed, "--from", "七月")
	must(t, []string{"问题 0"}, "--data", data, "store", "verify")
	must(t, nil, "--data", data, "store", "rebuild")
	must(t, []string{"共 1 个表单包"}, "--data", data, "forms", "list")
}
