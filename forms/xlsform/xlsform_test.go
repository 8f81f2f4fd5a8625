package xlsform

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"

	"anxin/forms"
)

const inspection = `
# 检查表

Commentary between the tables is passed over.

| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | required | constraint | constraint_message::中文 (zh) | calculation | bind::law:basis | bind::law:fact | note |
| |------|------|
| | select_one verdict | C01 | 是否欠薪 | Wages owed | | yes | | | | 条例第三十条 | 拖欠工资 | 给编辑看的话 |
| | begin_repeat | workers | 工人 | Workers | \${C01} = 'breach' | | | | | | | |
| | text | name | 姓名 | Name | | 是 | | | | | | |
| | decimal | owed | 欠薪 | Owed | | | . > 0 | 应大于零 | | | | |
| | end_repeat | | | | | | | | | | | |
| | calculate | total | | | | | | | sum(\${owed}) | | | |

| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | weight |
| | verdict | ok | 符合 | Fine | 1 |
| | verdict | breach | 不符合 | Breach | 2 |

| settings |
| | form_id | form_title | version | default_language | namespaces |
| | inspection | 现场检查 | 3 | 中文 (zh) | law="https://anxin.example/law" |
`

func markdown(s string) string { return strings.ReplaceAll(s, `\${`, "${") }

func TestCompileMarkdown(t *testing.T) {
	f, err := CompileMarkdown(markdown(inspection), "stem")
	if err != nil {
		t.Fatal(err)
	}
	if f.ID != "inspection" || f.Version != "3" || f.DefaultLanguage != "zh" || f.Title.In("zh") != "现场检查" {
		t.Errorf("settings: %+v", f)
	}
	if want := []forms.Language{{Code: "zh", Name: "中文 (zh)"}, {Code: "en", Name: "English (en)"}}; fmt.Sprint(f.Languages) != fmt.Sprint(want) {
		t.Errorf("languages %v", f.Languages)
	}
	checkInspection(t, f)
}

func checkInspection(t *testing.T, f *forms.Form) {
	t.Helper()
	q := f.Question("/C01")
	if q.Law["basis"] != "条例第三十条" || q.Law["fact"] != "拖欠工资" || q.Label.In("en") != "Wages owed" || q.Required != "true()" {
		t.Errorf("C01: %+v", q)
	}
	if len(q.Choices) != 2 || q.Choices[1].Label.In("zh") != "不符合" || q.Choices[1].Extra["weight"] != "2" {
		t.Errorf("choices: %+v", q.Choices)
	}
	name := f.Question("/workers/name")
	if name == nil || name.Required != "true()" || name.Source != (forms.Place{Sheet: "survey", Row: 4}) {
		t.Errorf("name: %+v", name)
	}
}

// A compiled form is filled in as its columns say.
func TestCompiledFormRuns(t *testing.T) {
	f, err := CompileMarkdown(markdown(inspection), "stem")
	if err != nil {
		t.Fatal(err)
	}
	in, err := forms.New(f, forms.Env{Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Set("/C01", "breach"); err != nil {
		t.Fatal(err)
	}
	row, _, err := in.Add("/workers")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Set(row+"/owed", "-1"); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(in.Errors()); !strings.Contains(got, "应大于零") || !strings.Contains(got, "姓名") {
		t.Errorf("errors %s", got)
	}
}

// The same tables give the same form from every kind of source.
func TestSourcesAgree(t *testing.T) {
	sheets := parseMarkdown(markdown(inspection))
	want := describe(CompileMarkdown(markdown(inspection), "x"))
	dir := fstest.MapFS{}
	book := excelize.NewFile()
	for _, s := range sheets {
		var csv strings.Builder
		if _, err := book.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for i, row := range s.rows {
			for j, cell := range row.cells {
				fmt.Fprintf(&csv, "%q,", strings.ReplaceAll(cell, `"`, "“"))
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := book.SetCellStr(s.name, at, cell); err != nil {
					t.Fatal(err)
				}
			}
			csv.WriteString("\r\n")
		}
		dir[s.name+".csv"] = &fstest.MapFile{Data: []byte("\xef\xbb\xbf" + csv.String())}
	}
	if got := describe(CompileCSV(dir, "x")); got != want {
		t.Errorf("CSV:\n%s\nwant\n%s", got, want)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got := describe(CompileWorkbook(&b, "x")); got != want {
		t.Errorf("workbook:\n%s\nwant\n%s", got, want)
	}
}

// describe renders what a form says, without where it says it.
func describe(f *forms.Form, err error) string {
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	fmt.Fprintln(&b, f.ID, f.Version, f.Title, f.Languages)
	f.Each(func(q *forms.Question) {
		fmt.Fprintln(&b, q.Path, q.Type, q.Label, q.Hint, q.Guidance, q.Media, q.Appearance, q.Required, q.RequiredMessage, q.Readonly, q.Relevant, q.Constraint,
			q.ConstraintMessage, q.Calculation, q.Default, q.ChoiceFilter, q.RepeatCount, q.Trigger, q.Parameters, q.File, q.Law, q.Choices)
	})
	return b.String()
}

func TestProblems(t *testing.T) {
	survey := func(rows string) string {
		return "| survey |\n| | type | name | label | relevant | calculation | parameters | choice_filter |\n" + rows +
			"\n| choices |\n| | list_name | name | label |\n| | yn | yes | 是 |\n| | yn | no | 否 |\n"
	}
	cases := []struct{ name, source, want string }{
		{"misspelt type", survey("| | integr | a | A |"), "survey 表第 2 行 type 列（A2）：不认识题型“integr”，是不是 integer？"},
		{"misspelt select", survey("| | selct_one yn | a | A |"), "是不是 select_one yn？"},
		{"misspelt header", "| survey |\n| | type | name | label | relevent |\n| | text | a | A | 1 |", "survey 表第 1 行 relevent 列（D1）：不认识列名“relevent”，是不是 relevan"},
		{"misspelt list", survey("| | select_one ynn | a | A |"), "choices 表里没有选项表“ynn”，是不是 yn？"},
		{"misspelt sheet", survey("| | text | a | A |") + "| setings |\n| | form_id |\n| | x |", "是不是 settings？"},
		{"reference", survey("| | text | a | A |\n| | text | b | B | ${aa} = 1 |"), "survey 表第 3 行 relevant 列（D3）：表达式 ${aa} = 1 有误：第 1 个字符处引用的 ${aa} 不存在"},
		{"cell without header", survey("| | text | a | A | | | | | | stray |"), "第 9 列的“stray”上面没有列名"},
		{"same name", survey("| | text | a | A |\n| | text | a | B |"), "第 3 行 name 列（B3）：名称“a”与第 2 行重复"},
		{"name taken by or_other", survey("| | select_one yn or_other | a | A |\n| | text | a_other | B |"), "同一组里有两个“a_other”"},
		{"bad name", survey("| | text | 1a | A |"), "名称“1a”不合规则"},
		{"no label", survey("| | text | a | |"), "没有 label 或 hint"},
		{"group not closed", survey("| | begin group | g | G |\n| | text | a | A |"), "第 2 行 type 列（A2）：begin_group 没有配对的 end_group"},
		{"end without begin", survey("| | text | a | A |\n| | end repeat | | |"), "end_repeat 前面没有对应的 begin_repeat"},
		{"crossed ends", survey("| | begin group | g | G |\n| | text | a | A |\n| | end repeat | | |"), "第 2 行开始的是 begin_group，这里却写 end_repeat"},
		{"parameters", survey("| | range | a | A | | | start=1 stop=2 |"), "没有参数 stop"},
		{"range step", survey("| | range | a | A | | | start=1 end=5 step=9 |"), "参数 step 不能大于"},
		{"filter on text", survey("| | text | a | A | | | | x = 1 |"), "只有选择题才能有 choice_filter"},
		{"calculate without formula", survey("| | calculate | a | |"), "没有 calculation"},
		{"duplicate choice", survey("| | text | a | A |") + "| | yn | no | 非 |", "choices 表第 4 行 name 列（B4）：选项“no”与第 3 行重复"},
		{"outside: geotrace", survey("| | geotrace | a | A |"), "“geotrace”不在本系统支持的 XLSForm 范围内"},
		{"outside: entities", survey("| | text | a | A |") + "| entities |\n| | list_name |\n| | e |", "“entities”不在本系统支持的 XLSForm 范围内"},
		{"no survey", "| choices |\n| | list_name | name |\n| | a | b |", "缺少 survey 表"},
		{"heading instead of the sheet's row", "## survey\n| | type | name | label |\n| | text | a | A |", "文件第 1 行的标题“## survey”不是表的开头，请改成单独一行“| survey |”"},
		{"rows without the empty first cell", "| survey |\n| type | name | label |\n|---|---|---|\n| text | a | A |", "文件第 2 行第一格写着“type”，会被当成表名，这一行就漏掉了；请让第一格空着，如“| | type | name |”"},
		{"law not declared", "| survey |\n| | type | name | label | bind::law:basis |\n| | text | a | A | x |", "前缀 law 没有声明"},
		{"nothing", "", "缺少 survey 表"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := CompileMarkdown(c.source, "x")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant …%s…", err, c.want)
			}
		})
	}
}

func TestCSVOfAnotherEncoding(t *testing.T) {
	_, err := CompileCSV(fstest.MapFS{"survey.csv": {Data: []byte("type,name,label\ntext,a,\xd0\xd5\xc3\xfb\n")}}, "x")
	if err == nil || !strings.Contains(err.Error(), "survey 表：文字编码不是 UTF-8，请用表格软件另存为“CSV UTF-8（逗号分隔）”") {
		t.Errorf("got %v", err)
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := CompileMarkdown("| survey |\n| | type | name | label |\n| | txt | a | A |\n| | text | 9 | B |\n| | select_one zz | c | C |\n| | text | d | ${nobody} |", "x")
	var all *Error
	if !errors.As(err, &all) || len(all.Problems) != 4 {
		t.Fatalf("got %v, want four problems", err)
	}
	for i, row := range []int{2, 3, 4, 5} {
		if all.Problems[i].Row != row {
			t.Errorf("problem %d is at row %d, want %d", i, all.Problems[i].Row, row)
		}
	}
}

// What is outside the profile is one problem, not a trail of them.
func TestOutsideIsReportedOnce(t *testing.T) {
	_, err := CompileMarkdown("| survey |\n| | type | name | label | parameters | relevant |\n| | geotrace | g | | incremental=true | |\n| | text | a | A | | ${g} != '' |", "x")
	var said *Error
	if !errors.As(err, &said) || len(said.Problems) != 1 || said.Problems[0].Outside != "geotrace" {
		t.Errorf("got %v", err)
	}
}

func TestOrOther(t *testing.T) {
	f, err := CompileMarkdown("| survey |\n| | type | name | label |\n| | select_multiple yn or_other | a | A |\n| choices |\n| | list_name | name | label |\n| | yn | yes | 是 |", "x")
	if err != nil {
		t.Fatal(err)
	}
	if q := f.Question("/a_other"); q == nil || q.Relevant == "" || len(f.Question("/a").Choices) != 2 {
		t.Errorf("%+v", q)
	}
}

// The forms of the project itself must compile.
func TestProjectForms(t *testing.T) {
	files, err := filepath.Glob("../../assets/forms/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := CompileMarkdown(string(raw), strings.TrimSuffix(filepath.Base(file), ".md")); err != nil {
			t.Errorf("%s:\n%v", filepath.Base(file), err)
		}
	}
}

// The workbooks for office staff are the forms of the first day as they stand
// beside them in Markdown.
func TestProjectWorkbooks(t *testing.T) {
	for _, id := range []string{"checklist", "record", "D06", "interview", "service"} {
		md, err := os.ReadFile("../../assets/forms/" + id + ".md")
		if err != nil {
			t.Fatal(err)
		}
		book, err := os.ReadFile("../../assets/forms/workbooks/" + id + ".xlsx")
		if err != nil {
			t.Fatal(err)
		}
		cure := "anxinctl forms export " + id + " assets/forms/workbooks/" + id + ".xlsx"
		if got, want := describe(CompileWorkbook(bytes.NewReader(book), id)), describe(CompileMarkdown(string(md), id)); got != want {
			t.Errorf("%s: the workbook says\n%s\nthe Markdown\n%s\nwrite it again: %s", id, got, want, cure)
		}
		var fresh bytes.Buffer
		if err := ExportWorkbook(&fresh, string(md)); err != nil || !bytes.Equal(fresh.Bytes(), book) {
			t.Errorf("%s: %v: not the workbook this program writes: %s", id, err, cure)
		}
	}
}

// mustExplain fails if a refusal has no sentence for the person.
func mustExplain(t *testing.T, err error) {
	t.Helper()
	var said *Error
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return
	}
	if !errors.As(err, &said) || len(said.Problems) == 0 || said.Problems[0].Text == "" {
		t.Fatalf("refused without a sentence: %v", err)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add(markdown(inspection))
	f.Add("| survey |\n| | type | name | label |\n| | begin group | g | |\n| | range | a | A |")
	f.Add("|survey|\n||type|name|label::x (y)|label:z|\n||select one from f or_other|a|${a}|")
	f.Add("|survey|\n||type|name|label|\n||select one from \xb8\xb8İİİİİİ or_other|a|A|") // longer in lower case
	f.Fuzz(func(t *testing.T, src string) {
		_, err := CompileMarkdown(src, "x")
		mustExplain(t, err)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("type,name,label\ntext,a,A\n", "list_name,name\nx,y\n")
	f.Add("type,name\n\"unclosed", "")
	f.Fuzz(func(t *testing.T, survey, choices string) {
		_, err := CompileCSV(fstest.MapFS{"survey.csv": {Data: []byte(survey)}, "choices.csv": {Data: []byte(choices)}}, "x")
		mustExplain(t, err)
	})
}

func FuzzWorkbook(f *testing.F) {
	book := excelize.NewFile()
	if err := book.SetSheetName("Sheet1", "survey"); err != nil {
		f.Fatal(err)
	}
	if err := book.SetSheetRow("survey", "A1", &[]string{"type", "name", "label"}); err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(zipBomb(f, 0))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := CompileWorkbook(bytes.NewReader(raw), "x")
		mustExplain(t, err)
	})
}

// big is a form of n questions as Markdown.
func big(n int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant | constraint |\n")
	for i := range n {
		condition := ""
		if i > 0 {
			condition = fmt.Sprintf("${q%d} != ''", i-1)
		}
		fmt.Fprintf(&b, "| | integer | q%d | 第 %d 项 | %s | . >= 0 and . < 100000 |\n", i, i, condition)
	}
	return b.String()
}

func BenchmarkCompile551(b *testing.B) {
	src := big(551)
	for b.Loop() {
		if _, err := CompileMarkdown(src, "big"); err != nil {
			b.Fatal(err)
		}
	}
}
