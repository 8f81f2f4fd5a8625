package xpath

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const sampleXML = `<data>
  <site id="s1"><name>东区一号</name><heads>28</heads></site>
  <workers><name>甲</name><wage>100.5</wage></workers>
  <workers><name>乙</name><wage>200</wage></workers>
  <workers><name>丙</name><wage/></workers>
  <several>a b c</several>
  <day>2026-03-02</day>
</data>`

// evaluate compiles and evaluates source on the sample at the root element.
func evaluate(t testing.TB, source string) (Value, error) {
	t.Helper()
	doc, err := parseXML(sampleXML)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Compile(source, Options{})
	if err != nil {
		return nil, err
	}
	return e.Eval(Context{Node: doc.children[0], Now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("CST", 8*3600)), Language: "zh", Random: bytes.NewReader(make([]byte, 4096))})
}

var evaluations = []struct{ source, want string }{
	{"1 + 2 * 3 - 4 div 2", "5"},
	{"concat(“甲‘”, ‘乙’, '”')", "甲‘乙”"},
	{"count(namespace::node())", "0"},
	{"-(2 + 3) * --2", "-10"},
	{"7 mod 3 = 1 and not(2 > 3)", "true"},
	{"count(workers)", "3"},
	{"workers[2]/name", "乙"},
	{"workers[wage > 150]/name", "乙"},
	{"workers[last()]/name", "丙"},
	{"workers[name = current()/workers[1]/name]/wage", "100.5"},
	{"sum(workers[wage != '']/wage)", "300.5"},
	{"sum(workers/wage)", "NaN"},
	{"/data/site/@id", "s1"},
	{"name(//heads/..)", "site"},
	{"count(//name | //wage)", "7"},
	{"count(//name | //name)", "4"},
	{"string(workers[3]/preceding-sibling::workers[1]/name)", "乙"},
	{"position(workers[2])", "2"},
	{"indexed-repeat(/data/workers/name, /data/workers, 2)", "乙"},
	{"string-length(site/name)", "4"},
	{"substr('保障农民工工资', 2, 5)", "农民工"},
	{"substr('abc', -2)", "bc"},
	{"substring('12345', 1.5, 2.6)", "234"},
	{"substring('12345', -42)", "12345"},
	{"translate('2026-03-02', '-', '')", "20260302"},
	{"join('、', workers/name)", "甲、乙、丙"},
	{"if(selected(several, 'b'), 'yes', 'no')", "yes"},
	{"selected-at(several, 1)", "b"},
	{"count-selected(several)", "3"},
	{"regex('13800138000', '1[3-9][0-9]{9}')", "true"},
	{"regex('x13800138000', '1[3-9][0-9]{9}')", "false"},
	{"coalesce(workers[3]/wage, 0)", "0"},
	{"round(2.15, 1)", "2.2"},
	{"round(-0.5)", "-1"},
	{"number('')", "NaN"},
	{"number('0x10')", "NaN"},
	{"number('Infinity')", "NaN"},
	{"boolean('false')", "true"},
	{"'' = 0", "false"},
	{"today()", "2026-03-02"},
	{"date(today() + 15)", "2026-03-17"},
	{"day < today() + 1", "true"},
	{"day = today()", "true"},
	{"format-date(day, '%Y年%n月%e日 %a')", "2026年3月2日 周一"},
	{"format-date('2026-03-02T09:05:07', '%H:%M:%S')", "09:05:07"},
	{"format-date('', '%Y')", ""},
	{"decimal-date-time('1970-01-02T00:00:00+00:00')", "1"},
	{"uuid()", "00000000-0000-4000-8000-000000000000"},
	{"digest('abc', 'SHA-256', 'hex')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"digest('abc', 'MD5')", "kAFQmDzST7DWlj99KOF/cg=="},
	{"pow(2, 10)", "1024"},
	{"max(workers/wage)", "NaN"},
	{"min(3, 1, 2)", "1"},
	{"int(-3.7)", "-3"},
	{"once(5)", "\n  东区一号28\n  甲100.5\n  乙200\n  丙\n  a b c\n  2026-03-02\n"},
	{"if(false(), nothing-of-the-kind(), 1)", "1"},
	{"checklist(1, 2, 1 = 1, 2 = 3)", "true"},
	{"weighted-checklist(3, 5, true(), 4, false(), 9)", "true"},
	{"count(randomize(workers, 42))", "3"},
	{"count(randomize(workers, 'some words'))", "3"},
	{"local-name(/data/node()[2])", "site"},
	{"count(/data/site/following::wage)", "3"},
	{"count(/data/workers[2]/preceding::name)", "2"},
	{"  /data/site\n/ heads ", "28"},
}

func TestEvaluate(t *testing.T) {
	for _, c := range evaluations {
		v, err := evaluate(t, c.source)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
		} else if v.String() != c.want {
			t.Errorf("%s = %q, want %q", c.source, v.String(), c.want)
		}
	}
}

// The same seed gives the order that other engines of the field give.
func TestRandomizeWithSeed(t *testing.T) {
	doc, err := parseXML("<d><a>A</a><a>B</a><a>C</a><a>D</a><a>E</a><a>F</a></d>")
	if err != nil {
		t.Fatal(err)
	}
	for seed, want := range map[string]string{"42": "AFCBDE", "'42'": "AFCBDE", "-42": "EDAFBC", "1": "BFEACD", "11111111": "ACDBFE"} {
		e, err := Compile("join('', randomize(//a, "+seed+"))", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(Context{Node: doc}); err != nil || v.String() != want {
			t.Errorf("seed %s: %v %v, want %s", seed, v, err, want)
		}
	}
}

func TestFaultyExpressions(t *testing.T) {
	cases := []struct{ source, want string }{
		{"", "空的"}, {"1 +", "没有写完"}, {"(1", "缺少 )"}, {"'abc", "引号没有配对"}, {"a[1", "缺少 ]"}, {"1 2", "不该有"},
		{"sideways::a", "没有名为 sideways 的轴"}, {"zz:a", "前缀 zz 没有声明"}, {"#", "不认识的符号"}, {"${x}", "不能用"}, {"${x", "没有配对"}, {"${ x }", "空格"},
		{"$x", "$ 后面"}, {"if(1, 2)", "参数个数不对"}, {"count(1)", "节点集"}, {"nothing-of-the-kind()", "不存在"}, {"1 | 2", "节点集"}, {"digest('a', 'b')", "算法"},
		{"regex('a', '(')", "missing"},
		{"小计 + 一", ""},
	}
	for _, c := range cases {
		_, err := evaluate(t, c.source)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.source, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s…", c.source, err, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)
	nested := "//*" + strings.Repeat("[//*", 60) + strings.Repeat("]", 60)
	doubling := strings.Repeat("concat(", 1) + "." + strings.Repeat(",.", 20000) + ")"
	for name, source := range map[string]string{"deep": deep, "long": strings.Repeat(" ", maxSource) + "1", "many steps": nested} {
		if _, err := evaluate(t, source); !errors.Is(err, ErrLimit) {
			t.Errorf("%s: got %v, want ErrLimit", name, err)
		}
	}
	if v, err := evaluate(t, doubling); err != nil || len(v.String()) > maxText {
		t.Errorf("%d bytes, %v", len(doubling), err)
	}
	if v, err := evaluate(t, "1"+strings.Repeat("+1", 20000)); err != nil || v.String() != "20001" {
		t.Errorf("a long sum: %v", err)
	}
}

// rows is a list outside the document.
type rows struct {
	domNode
	asked []Filter
}

func (r *rows) Select(name string, where Filter) ([]Node, error) {
	r.asked = append(r.asked, where)
	return r.Children(), nil
}

func TestConditionsArePushedDown(t *testing.T) {
	cases := []struct {
		condition string
		want      Filter
	}{
		{"name = 'x'", Filter{Op: "=", Field: "name", Value: "x"}},
		{"current()/site/@id = ./code", Filter{Op: "=", Field: "code", Value: "s1"}},
		{"district = /data/site/name and starts-with(name, 'b')", Filter{Op: "and", Args: []Filter{
			{Op: "=", Field: "district", Value: "东区一号"}, {Op: "starts-with", Field: "name", Value: "b"}}}},
		{"contains(name, 'x') or name = /data/workers/name", Filter{Op: "or", Args: []Filter{
			{Op: "contains", Field: "name", Value: "x"},
			{Op: "or", Args: []Filter{{Op: "=", Field: "name", Value: "甲"}, {Op: "=", Field: "name", Value: "乙"}, {Op: "=", Field: "name", Value: "丙"}}}}}},
		{"heads = 3", Filter{}},
		{"heads = 3 and name = 'x'", Filter{Op: "=", Field: "name", Value: "x"}},
		{"heads = 3 or name = 'x'", Filter{}},
		{"position() < 3 and name = 'x'", Filter{}},
		{"string-length(name) > last() and name = 'x'", Filter{}},
		{"name = other", Filter{}},
		{"not(name = 'x')", Filter{}},
		{"position() = 1", Filter{}},
	}
	for _, c := range cases {
		doc, err := parseXML(sampleXML)
		if err != nil {
			t.Fatal(err)
		}
		list := &rows{domNode: domNode{kind: Element, local: "root"}}
		e, err := Compile("instance('l')/item["+c.condition+"]", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Eval(Context{Node: doc.children[0], Instance: func(string) (Node, error) { return list, nil }}); err != nil {
			t.Fatal(err)
		}
		if len(list.asked) != 1 || !sameFilter(list.asked[0], c.want) {
			t.Errorf("[%s]: asked %+v, want %+v", c.condition, list.asked, c.want)
		}
	}
}

func sameFilter(a, b Filter) bool {
	if a.Op != b.Op || a.Field != b.Field || a.Value != b.Value || len(a.Args) != len(b.Args) {
		return false
	}
	for i := range a.Args {
		if !sameFilter(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return true
}

func TestReferences(t *testing.T) {
	doc, err := parseXML("<data><a/><rep><b/><c/><in><d/></in></rep><e/></data>")
	if err != nil {
		t.Fatal(err)
	}
	at := doc.find("/0/1/1") // c
	cases := []struct{ source, want string }{
		{"/data/a + 1", "/0/0^/"},
		{"../b * 2", "/0/1/0^/0/1"},
		{"current()/../b", "/0/1/0^/0/1"},
		{"../../rep[b = current()/../in/d]/b", "/0/1/0^/0 /0/1/2/0^/0/1"},
		{"if(. > 1, /data/e, 0)", "/0/1/1^/0/1/1 /0/2^/"},
		{"position(..)", "/0/1^/0"},
		{"count(/data/rep)", "/0/1^/"},
		{"instance('x')/root/item[name = current()/../b]/label", "/0/1/0^/0/1"},
		{"string-length()", "/0/1/1^/0/1/1"},
	}
	for _, c := range cases {
		e, err := Compile(c.source, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, ref := range e.References(at) {
			got[ref.Node.(*domNode).address()+"^"+ref.Top.(*domNode).address()] = true
		}
		for _, want := range strings.Fields(c.want) {
			if !got[want] {
				t.Errorf("%s: got %v, want %s among them", c.source, got, want)
			}
		}
	}
}

// The order in which a sum is written does not matter, and a number survives
// being written and read.
func TestNumbersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64().Draw(t, "number")
		back, ok := ParseNumber(Number(f).String())
		if !ok || back != f {
			t.Fatalf("%v became %v", f, back)
		}
	})
}

// substr agrees with slicing runes wherever that is defined.
func TestSubstrSlices(t *testing.T) {
	doc, err := parseXML("<s/>")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-c保障]{0,8}`).Draw(t, "text")
		n := utf8.RuneCountInString(s)
		from := rapid.IntRange(0, n).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		e, err := Compile("substr('"+s+"',"+Number(from).String()+","+Number(to).String()+")", Options{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := e.Eval(Context{Node: doc})
		if err != nil || v.String() != string([]rune(s)[from:to]) {
			t.Fatalf("%q, %v", v, err)
		}
	})
}

func FuzzEval(f *testing.F) {
	for _, s := range []string{
		"1+1", "//*[. = 'a']/../@*", "sum(/data/workers[position() < last()]/wage)", "if(a and b or c, 'x', \"y\")", "substr('abc', -1e9, 9)", "round(1, 99999)",
		"format-date(today(), '%Y%%%')", "regex('a', '(a+)+$')", "randomize(//*, 'x')", "concat(//*, //*)", "id('a')|/", "uuid(99999)", "../../../..", "ancestor::*[1]", "@*[1]/following::node()",
		"decimal-time('1:2')", "date(99999999999)", "area('1 2;3 4;5 6')", "pulldata('a','b','c','d')", "jr:choice-name('a', '${b}')", "${a}[1]", "instance('x')/root/item[a='b']", "-(-(-1))", "1 and1",
	} {
		f.Add(s)
	}
	doc, err := parseXML(sampleXML)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := Compile(source, Options{Reference: func(string, bool) (string, error) { return "/data/several", nil }})
		if err != nil {
			return
		}
		e.References(doc.children[0])
		for _, at := range []*domNode{doc, doc.children[0], doc.find("/0/1/@id"), doc.find("/0/1/0/0")} {
			v, err := e.Eval(Context{Node: at, Now: time.Unix(0, 0), MaxSteps: 20000})
			if err == nil && v == nil {
				t.Fatal("neither value nor error")
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := Compile("if(${a} = 'yes' and /data/site/heads > 10, sum(/data/workers/wage) * 0.5, 0)", Options{Reference: func(string, bool) (string, error) { return "/data/several", nil }}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	doc, err := parseXML(sampleXML)
	if err != nil {
		b.Fatal(err)
	}
	e, err := Compile("if(/data/site/heads > 10, sum(/data/workers/wage) * 0.5, 0)", Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := e.Eval(Context{Node: doc.children[0]}); err != nil {
			b.Fatal(err)
		}
	}
}
