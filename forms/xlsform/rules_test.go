package xlsform

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ruleChoices are the choice lists the rules below choose from.
const ruleChoices = "| choices |\n| | list_name | name | label |\n| | c1 | a | 甲 |\n| | c1 | b | 乙 |\n| | c2 | x y | 丙 |\n"

// table writes a Markdown sheet; cells of a row are separated by |.
func table(name, header string, rows ...string) string {
	return "| " + name + " |\n| | " + header + " |\n| | " + strings.Join(rows, " |\n| | ") + " |\n"
}

// TestRulesOfXLSForm are the rules of the format, each broken once and, where
// that is not plain, kept once. want is what the refusal says, "" for a form
// that is accepted.
func TestRulesOfXLSForm(t *testing.T) {
	cases := []struct{ name, source, want string }{
		{"a group cannot be required", table("survey", "type|name|label|required", "begin group|g|G|yes", "text|a|A|", "end group|||"), "第 2 行 required 列（D2）：分组和重复组不能必填"},
		{"a group that is not required", table("survey", "type|name|label|required", "begin group|g|G|no", "text|a|A|", "end group|||"), ""},
		{"list from a file within rows", table("survey", "type|name|label", "begin repeat|g|G", "csv-external|f|", "text|a|A", "end repeat||"), "重复组里不能声明外部选项表"},
		{"rows named like the form", table("survey", "type|name|label", "begin repeat|data|G", "text|a|A", "end repeat||"), "不能与整张表单同名"},
		{"a group named like the form", table("survey", "type|name|label", "begin group|data|G", "text|a|A", "end group||"), ""},
		{"grid of two lists", table("survey", "type|name|label|appearance", "begin group|g|G|table-list", "select_one c1|a|A|", "select_one c2|b|B|", "end group|||") + ruleChoices, "第 4 行 type 列（A4）：外观为 table-list 的组里各题要用同一个选项表，第一题用的是“c1”"},
		{"grid with a filter", table("survey", "type|name|label|appearance|choice_filter", "begin group|g|G|table-list|", "select_one c1|a|A||name='a'", "end group||||") + ruleChoices, "不能用 choice_filter"},
		{"grid", table("survey", "type|name|label|appearance", "begin group|g|G|table-list", "select_one c1|a|A|", "select_one c1|b|B|", "end group|||") + ruleChoices, ""},
		{"calculate with a plain default", table("survey", "type|name|label|default", "calculate|a||1"), "没有 calculation"},
		{"calculate with a computed default", table("survey", "type|name|label|default", "calculate|a||now()"), ""},
		{"calculate with a trigger alone", table("survey", "type|name|label|trigger", "text|b|B|", "calculate|a||${b}"), "没有 calculation"},
		{"or_other of a file", table("survey", "type|name|label", "select_one_from_file a.csv or_other|a|A"), "不能用 or_other"},
		{"or_other with a filter", table("survey", "type|name|label|choice_filter", "select_one c1 or_other|a|A|name='a'") + ruleChoices, "or_other 不能与 choice_filter 同用"},
		{"register", table("survey", "type|name|label", "select_one_from_file employers|a|A"), ""},
		{"misspelt register", table("survey", "type|name|label", "select_one_from_file employer|a|A"), "没有名册“employer”，是不是 employers？"},
		{"file of another kind", table("survey", "type|name|label", "select_one_from_file a.pdf|a|A"), "应是 .csv"},
		{"file with two endings", table("survey", "type|name|label", "select_one_from_file a.b.csv|a|A"), "只能有一个扩展名"},
		{"column of a file that is none", table("survey", "type|name|label|parameters", "select_one_from_file a.csv|a|A|value=val*"), "参数 value 的值“val*”不是列名"},
		{"columns of a file", table("survey", "type|name|label|parameters", "select_one_from_file a.csv|a|A|value=编号 label=名称"), ""},
		{"one list from a file and from the sheet", table("survey", "type|name|label|calculation", "select_one c1|a|A|", "calculate|b||pulldata('c1', 'x', 'y', 'z')") + ruleChoices, "第 3 行 calculation 列（D3）：选项表“c1”在 choices 表里已有"},
		{"one list asked for twice", table("survey", "type|name|label|calculation", "select_one_from_file x.csv|a|A|", "calculate|b||pulldata('x', 'a', 'b', ${a})"), ""},
		{"parameters of a type without any", table("survey", "type|name|label|parameters", "integer|a|A|foo=1"), "“foo”不在本系统支持的 XLSForm 范围内"},
		{"parameters that are none", table("survey", "type|name|label|parameters", "date|a|A|foo"), "应写成 名称=值"},
		{"seed without shuffling", table("survey", "type|name|label|parameters", "select_one c1|a|A|seed=5") + ruleChoices, "有 seed 就应有 randomize=true"},
		{"several choices with blanks in names", table("survey", "type|name|label", "select_multiple c2|a|A") + ruleChoices, "name 里有空格"},
		{"one choice with blanks in names", table("survey", "type|name|label", "select_one c2|a|A") + ruleChoices, ""},
		{"reference without end", table("survey", "type|name|label|hint", "text|a|A|x ${a"), "${ 没有配对的 }"},
		{"reference without end in a choice", table("survey", "type|name|label", "text|a|A") + "| choices |\n| | list_name | name | label |\n| | c | a | ${q |\n", "choices 表第 2 行 label 列（C2）：引用应写成 ${题目}"},
		{"reference without end in a title", table("survey", "type|name|label", "text|a|A") + "| settings |\n| | form_title |\n| | ${q |\n", "settings 表第 2 行 form_title 列（A2）"},
		{"a lone word as a condition", table("survey", "type|name|label|relevant", "text|a|A|", "text|b|B|a"), "第 3 行 relevant 列（D3）：不认识“a”，引用题目要写 ${a}"},
		{"a misspelt yes", table("survey", "type|name|label|required", "text|a|A|ye"), "不认识“ye”，应填 yes、no 或者条件"},
		{"quotes of a writing program", table("survey", "type|name|label|relevant", "text|a|A|", "text|b|B|${a} = “x” or ${a} = ‘y’"), ""},
		{"full-width signs", table("survey", "type|name|label|relevant", "text|a|A|", "text|b|B|${a} ＝ 1"), "的 ＝ 是全角符号，请改用半角 ="},
		{"a column of the settings in the survey", table("survey", "type|name|label|form_title", "text|a|A|x"), "“form_title”是 settings 表的列，请移到那里"},
		{"a column of the choices in the survey", table("survey", "type|name|label|list_name", "text|a|A|x"), "“list_name”是 choices 表的列"},
		{"a column of the survey among choices", table("survey", "type|name|label", "text|a|A") + "| choices |\n| | list_name | name | label | choice_filter |\n| | c | a | A | 1 |\n", "“choice_filter”是 survey 表的列"},
		{"misspelt label of choices", table("survey", "type|name|label", "text|a|A") + "| choices |\n| | list_name | name | labels |\n| | c | a | A |\n", "“labels”是不是 label？"},
		{"misspelt setting", table("survey", "type|name|label", "text|a|A") + "| settings |\n| | form_tilte |\n| | x |\n", "是不是 form_title？"},
		{"two spellings of one column", table("survey", "type|name|label|relevant|relevance", "text|a|A|1|2"), "“relevant”和“relevance”是同一列"},
		{"name of the form that is none", table("survey", "type|name|label", "text|a|A") + "| settings |\n| | name |\n| | a@b |\n", "settings 表第 2 行 name 列（A2）"},
		{"spellings of headers and types", table("survey", "Type|Name|Label|Read Only|Constraint Message", "INTEGER|a|A|yes|m", "Select_One c1|b|B||", "Begin Group|g|G||", "text|x|X||", "End Group||||") + ruleChoices, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := CompileMarkdown(c.source, "data")
			if err == nil != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant …%s…", err, c.want)
			}
		})
	}
}

// A default that reckons is reckoned where a number is wanted, and is a text
// elsewhere: a telephone number is no difference.
func TestDefaultsThatReckon(t *testing.T) {
	f, err := CompileMarkdown(table("survey", "type|name|label|default", "integer|n|N|6 * 7", "integer|m|M|-5", "text|phone|P|0371-66510000", "date|d|D|2026-03-02", "date|today|T|today()"), "data")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"/n": true, "/m": false, "/phone": false, "/d": false, "/today": true} {
		if got := f.Question(path).HasDynamicDefault(); got != want {
			t.Errorf("%s: computed %v, want %v", path, got, want)
		}
	}
}

// The example workbooks of the field that do not compile, with what is said of
// them.
var refusedWorkbooks = map[string]string{
	"bug_example_xls__ODKValidateWarnings":   "第 4 列的“relevant”上面没有列名",
	"bug_example_xls__UCL_Biomass_Plot_Form": "多半是下方的空行带了格式",
	"bug_example_xls__bad_calc":              "survey 表第 2 行 calculation 列（D2）：表达式 because pyxform doesn't know what to do 有误",
	"example_xls__flat_xlsform_test":         "“simserial”不在本系统支持的 XLSForm 范围内",
	"example_xls__include":                   "survey 表第 3 行 type 列（A3）：“include”不在本系统支持",
	"example_xls__include_json":              "survey 表第 2 行 type 列（A2）：“include”不在本系统支持",
	"example_xls__loop":                      "“loop”不在本系统支持的 XLSForm 范围内",
}

// Example workbooks of the field compile, or are refused for the right reason.
func TestExampleWorkbooks(t *testing.T) {
	files, err := filepath.Glob("../../../shared/corpora/workbooks/*.xlsx")
	if err != nil || len(files) == 0 {
		t.Skip("the example workbooks are not here")
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".xlsx")
		_, err = CompileWorkbook(bytes.NewReader(raw), "x")
		mustExplain(t, err)
		want := refusedWorkbooks[name]
		if err == nil != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v\nwant …%s…", name, err, want)
		}
	}
}
