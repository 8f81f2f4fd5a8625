package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"anxin/app/casework"
	"anxin/app/day"
)

// sheet is what papers draft and papers answers print as JSON.
type sheet struct {
	casework.PaperSheet
	Open    bool     `json:"open"`
	Reasons []string `json:"reasons"`
}

func (s sheet) value(t *testing.T, name string) any {
	t.Helper()
	for _, q := range s.Questions {
		if q.Name == name {
			return q.Value
		}
	}
	t.Fatalf("%s does not ask %q", s.Type, name)
	return nil
}

func asSheet(t *testing.T, out string) (s sheet) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return s
}

func answersFile(t *testing.T, answers map[string]any) string {
	t.Helper()
	raw, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "answers.json", raw)
}

// TestAPaperFromTheTerminal drafts a paper from a case, answers what its form
// still asks, issues it, and keeps the register of its numbers.
func TestAPaperFromTheTerminal(t *testing.T) {
	out, _ := worked(t)
	data := day.OfficeDir(out)
	kase := listed(t, data, "case")
	draft := asSheet(t, must(t, nil, "--data", data, "papers", "draft", "D27", "--case", kase, "--answers", answersFile(t, map[string]any{"contact": "何静"}), "--json"))
	if draft.value(t, "contact") != "何静" || draft.value(t, "employer") == nil || draft.Open || len(draft.Reasons) == 0 {
		t.Errorf("drafted as %+v, held by %q", draft.Questions, draft.Reasons)
	}
	given := map[string]any{}
	for _, q := range draft.Questions {
		if q.Required && q.Value == nil && given[q.Name] == nil {
			given[q.Name] = "记录在案"
		}
	}
	id := string(draft.ID)
	must(t, []string{"可以签发", "（contact）：何静"}, "--data", data, "papers", "answers", id, "--set", answersFile(t, given))
	must(t, []string{"建议", "第1号，"}, "--data", data, "papers", "issue", id)
	must(t, []string{"已用", "劳监建议字〔2026〕第1号"}, "--data", data, "numbers", "register", "--year", "2026")
	numbersOfTheYear(t, data)
	for _, c := range []slip{
		{"draft: no such type", "没有“D99”这种文书", []string{"papers", "draft", "D99", "--case", kase}},
		{"draft: by a title", "没有找到", []string{"papers", "draft", "劳动保障监察建议书", "--case", none}},
		{"draft: of nothing", "请用 --case 写明案件", []string{"papers", "draft", "D27"}},
		{"draft: no such case", "没有找到", []string{"papers", "draft", "D27", "--case", none}},
		{"draft: bad id", "不是有效的记录编号", []string{"papers", "draft", "D27", "--case", "x"}},
		{"draft: unknown answer", "没有“weather”这一项", []string{"papers", "draft", "D27", "--case", kase, "--answers", answersFile(t, map[string]any{"weather": "晴"})}},
		{"draft: unknown column", "没有“suggestions.colour”这一项", []string{"papers", "draft", "D27", "--case", kase, "--answers",
			answersFile(t, map[string]any{"suggestions": []map[string]any{{"colour": "红"}}})}},
		{"draft: no file", "请核对路径", []string{"papers", "draft", "D27", "--case", kase, "--answers", "none.json"}},
		{"draft: no object", "应是一个 JSON 对象", []string{"papers", "draft", "D27", "--case", kase, "--answers", file(t, "a.json", []byte("[1]"))}},
		{"answers: of an issued paper", "不能再修改", []string{"papers", "answers", id, "--set", answersFile(t, given)}},
		{"answers: no paper", "不是文书", []string{"papers", "answers", kase}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.want, append([]string{"--data", data}, c.args...)...) })
	}
}

// numbersOfTheYear voids, returns and writes the register after one number of
// the series of D27 is used.
func numbersOfTheYear(t *testing.T, data string) {
	const series = "劳监建议/2026"
	must(t, []string{"已作废 劳监建议/2026 第2号：打印破损"}, "--data", data, "numbers", "void", series, "2", "--reason", "打印破损")
	refused(t, "下一号是第3号", "--data", data, "numbers", "void", series, "2", "--reason", "打印破损")
	refused(t, "缺少选项", "--data", data, "numbers", "void", series, "3")
	must(t, []string{"已退回 劳监建议/2026 第3号至第"}, "--data", data, "numbers", "return", series, "--from", "1")
	must(t, []string{"不用退回"}, "--data", data, "numbers", "return", series, "--from", "1")
	refused(t, "没有从第7号起的号段", "--data", data, "numbers", "return", series, "--from", "7")
	must(t, []string{"作废  ", "打印破损", "退回  "}, "--data", data, "numbers", "register", "--year", "2026")
	must(t, []string{"改编正式文号 0 份，还有 0 份"}, "--data", data, "numbers", "formalise")
	for name, magic := range map[string]string{"台账.xlsx": "PK", "台账.pdf": "%PDF"} {
		path := filepath.Join(t.TempDir(), name)
		must(t, []string{"2026年的台账 → "}, "--data", data, "numbers", "register", "--year", "2026", "--out", path)
		if raw, err := os.ReadFile(path); err != nil || string(raw[:len(magic)]) != magic {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused(t, "不能写成“台账.doc”", "--data", data, "numbers", "register", "--out", "台账.doc")
}
