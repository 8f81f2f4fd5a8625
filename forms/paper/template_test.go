package paper

import (
	"strings"
	"testing"
	"testing/fstest"

	"anxin/assets"
)

const goodHead = "title 甲\nfield a text 标签\nfield r rows 各行\ncolumn c text 栏\nbody\n{{a}}\n@each r\n{{c}}\n@end\n"

func TestTemplateErrors(t *testing.T) {
	cases := []struct{ name, source, want string }{
		{"unknown placeholder", goodHead + "{{b}}\n", "T.paper:10：“b”没有声明"},
		{"unused field", "title 甲\nfield a text 标签\nbody\n正文\n", "T.paper:2：字段“a”已声明但正文没有用到"},
		{"unused column", "title 甲\nfield r rows 行\ncolumn c text 栏\nbody\n@each r\n行\n@end\n", "T.paper:3：字段“r.c”"},
		{"missing end", goodHead + "@if a\n正文\n", "缺少 @end"},
		{"missing end of a table", goodHead + "@table r\nc | 栏 | 10 | left\n", "@table 缺少 @end"},
		{"stray end", goodHead + "@end\n", "T.paper:10：多出一个 @end"},
		{"else of a loop", goodHead + "@each r\n{{c}}\n@else\n@end\n", "T.paper:12：@else"},
		{"column outside its rows", goodHead + "{{c}}\n", "T.paper:10：“c”没有声明"},
		{"unknown statement", goodHead + "@tabel r\n", "T.paper:10：没有 @tabel 这种写法"},
		{"unknown kind", "title 甲\nfield a txt 标签\nbody\n{{a}}\n", "T.paper:2：没有字段类型“txt”"},
		{"no label", "title 甲\nfield a text\nbody\n{{a}}\n", "T.paper:2：字段应写作"},
		{"declared twice", "title 甲\nfield a text 标\nfield a text 标\nbody\n{{a}}\n", "T.paper:3：字段“a”重复"},
		{"name of our own", "title 甲\nfield pages text 标\nbody\n{{pages}}\n", "T.paper:2：字段“pages”重复"},
		{"choice without options", "title 甲\nfield a choice 标\nbody\n{{a}}\n", "T.paper:2：choice"},
		{"no body", "title 甲\n", "缺少“body”行"},
		{"no title", "body\n正文\n", "T.paper:1：缺少“title”行"},
		{"unknown word in the head", "title 甲\nfeild a text 标\n", "T.paper:2：不认识“feild”"},
		{"unknown style", "title 甲\nstyle leter\n", "T.paper:2：没有版式“leter”"},
		{"size out of range", "title 甲\nsize 2 400\n", "T.paper:2：size"},
		{"open braces", goodHead + "{{a\n", "T.paper:10：“{{”没有对应"},
		{"open condition", goodHead + "{{if a}}甲\n", "T.paper:10：{{if}} 没有对应"},
		{"closed twice", goodHead + "甲{{end}}\n", "T.paper:10：多出一个 {{end}}"},
		{"condition on nothing", goodHead + "{{if z}}甲{{end}}\n", "T.paper:10：“z”没有声明"},
		{"boxes of a text", goodHead + "{{a:boxes}}\n", "T.paper:10：{{a:boxes}}"},
		{"blank too long", goodHead + "{{a:99}}\n", "T.paper:10：{{a:99}}"},
		{"loop over a text", goodHead + "@each a\n@end\n", "T.paper:10：@each 之后应是 rows"},
		{"loop in a loop", goodHead + "@each r\n@each r\n@end\n@end\n", "T.paper:11：@each 里面不能"},
		{"table without columns", goodHead + "@table r\n@end\n", "T.paper:10：@table 里没有写栏目"},
		{"unknown column", goodHead + "@table r\nd | 栏 | 10 | left\n@end\n", "T.paper:11：“r”没有栏目“d”"},
		{"column without width", goodHead + "@table r\nc | 栏 | 宽 | left\n@end\n", "T.paper:11：宽度“宽”"},
		{"unknown alignment", goodHead + "@table r\nc | 栏 | 10 | middle\n@end\n", "T.paper:11：没有对齐方式“middle”"},
		{"widths and cells differ", goodHead + "@row [1 2] 甲：{{a}}\n", "T.paper:10：写了 2 个宽度，却有 1 栏"},
		{"too many cells in a grid", goodHead + "@grid 10 20\n甲 | 乙 | 丙\n@end\n", "T.paper:11：写了 3 栏，@grid 只有 2 栏"},
		{"tall row outside a grid", goodHead + "@tall 10 甲\n", "T.paper:10：@tall 只能"},
		{"cells in a paragraph", goodHead + "甲 | 乙\n", "T.paper:10：“|”只能"},
		{"annex inside a block", goodHead + "@keep\n@annex\n@end\n@end\n", "T.paper:11：@annex 不能写在其他块里面"},
		{"two annexes", goodHead + "@annex\n@end\n@annex\n@end\n", "T.paper:12：一份模板只能有一个 @annex"},
		{"words after keep", goodHead + "@keep 甲\n@end\n", "T.paper:10：@keep 之后不应有文字"},
		{"space without a number", goodHead + "@space\n", "T.paper:10：@space 之后缺少数字"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewPress(fstest.MapFS{"T.paper": {Data: []byte(c.source)}}, assets.Face)
			if err == nil {
				t.Fatal("the template was taken")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want %q", err, c.want)
			}
		})
	}
}

// press of one template of the test's own.
func pressOf(t *testing.T, source string) *Press {
	t.Helper()
	p, err := NewPress(fstest.MapFS{"T.paper": {Data: []byte(source)}}, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTemplateLanguage(t *testing.T) {
	head := "title 题\nfield a text 甲\nfield b text 乙\nfield f flag 旗\nfield k choice 选 = 一/二\nfield m choices 多 = 子/丑/寅\nfield r rows 行\ncolumn c text 栏\nbody\n"
	use := "{{if f}}{{end}}{{if a}}{{end}}{{if b}}{{end}}{{if k}}{{end}}{{if m}}{{end}}\n@each r\n{{if c}}{{end}}\n@end\n"
	rows := rowsOf("c", "甲", "乙", "丙")
	cases := []struct {
		name, body string
		fields     map[string]any
		want       string
	}{
		{"value", "始{{a}}终", map[string]any{"a": "中"}, "始中终"},
		{"blank", "始{{a}}终", nil, "始终"},
		{"condition", "{{if a}}有{{a}}{{end}}{{unless a}}无{{end}}", map[string]any{"a": "甲"}, "有甲"},
		{"condition not met", "{{if a}}有{{a}}{{end}}{{unless a}}无{{end}}", nil, "无"},
		{"condition in a condition", "{{if a}}一{{if b}}二{{end}}三{{end}}", map[string]any{"a": "x"}, "一三"},
		{"block", "@if f\n真\n@else\n假\n@end", map[string]any{"f": true}, "真"},
		{"other block", "@if f\n真\n@else\n假\n@end", nil, "假"},
		{"unless", "@unless f\n假\n@end", nil, "假"},
		{"loop", "@each r\n{{no}}、{{c}}{{n}}{{stop}}\n@end", map[string]any{"r": rows}, "一、甲1；二、乙2；三、丙3。"},
		{"boxes", "{{k:boxes}}", map[string]any{"k": "二"}, "☐一☑二"},
		{"boxes of several", "{{m:boxes}}", map[string]any{"m": []string{"子", "寅"}}, "☑子☐丑☑寅"},
		{"choice as text", "{{m}}", map[string]any{"m": []any{"子", "寅"}}, "子、寅"},
		{"check marks typed in", "{{a}}", map[string]any{"a": "☑☒☐"}, "☑☒☐"},
		{"title field", "{{title}}", map[string]any{"title": "另题"}, "另题"},
		{"paragraphs of a value", "{{a}}", map[string]any{"a": "一\n二"}, "一二"},
		{"optional column", "@table r\nn | 号 | 10 | left\nc | 栏 | 10 | left | optional\n@end", map[string]any{"r": []map[string]any{{}, {}}}, "号12"},
		{"pages", "{{pages}}页", nil, "1页"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := pressOf(t, head+use+c.body+"\n")
			text := strings.Join(laidText(t, p, Job{Type: "T", Fields: c.fields}), "")
			if got, _, _ := strings.Cut(text, "第1页"); got != squeeze(c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What is kept together stays on one page, wherever the page happens to end.
func TestKeepTogether(t *testing.T) {
	p := pressOf(t, "title 题\nfield r rows 行\ncolumn c text 栏\nbody\n@each r\n{{c}}\n@end\n@keep\n始甲\n始乙\n始丙\n@end\n@seal 机关 | 日期\n")
	for n := range 60 {
		var texts []string
		for range n {
			texts = append(texts, "行")
		}
		for _, page := range laidText(t, p, Job{Type: "T", Fields: map[string]any{"r": rowsOf("c", texts...)}}) {
			if strings.Contains(page, "始甲") != strings.Contains(page, "始丙") {
				t.Errorf("%d lines: the kept block is divided", n)
			}
			if strings.Contains(page, "机关") && (!strings.Contains(page, "始丙") || !strings.Contains(page, "日期")) {
				t.Errorf("%d lines: the signature stands alone", n)
			}
		}
	}
}

// Literal text no face has is found when it is printed, and named.
func TestLiteralWithoutGlyph(t *testing.T) {
	p := pressOf(t, "title 题\nbody\n甲\u0E01乙\n")
	if _, err := p.Print(Job{Type: "T"}); err == nil || !strings.Contains(err.Error(), "U+0E01") {
		t.Errorf("error %v does not name the character", err)
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(goodHead)
	f.Add(goodHead + "@grid 10 20\n@tall 5 甲 | {{a}}\n@end\n@table r\nc | 栏 | 10 | left\n@foot {{a}}\n@end\n@qr\n@end\n@footer\n@row 甲：\n@end\n")
	f.Add("title 甲\nbody\n@if\n@else\n@end\n{{if}}{{end}}")
	f.Fuzz(func(t *testing.T, source string) {
		p, err := NewPress(fstest.MapFS{"T.paper": {Data: []byte(source)}}, assets.Face)
		if err != nil {
			return
		}
		values, _ := marked(p.Fields("T"), variant{flag: true, series: '甲', rows: 3})
		if _, err := p.Print(Job{Type: "T", Fields: values}); err != nil && !strings.Contains(err.Error(), "T") && !strings.Contains(err.Error(), "选项") {
			t.Errorf("error %q does not name its document", err)
		}
	})
}
