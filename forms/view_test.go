package forms

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestNextUnanswered(t *testing.T) {
	hidden := ask(TypeText, "hidden", "required=true()")
	hidden.Relevant = "${a} = 'x'"
	in := start(t, ask(TypeText, "a", "required=true()"), ask(TypeText, "b"), hidden,
		repeat("rows", ask(TypeText, "c", "required=true()")), ask(TypeNote, "n", "required=true()"), ask(TypeText, "d", "required=true()"))
	addRow(t, in, "/rows")
	addRow(t, in, "/rows")
	walk := func(after string) string {
		path, _ := in.NextUnanswered(after)
		return path
	}
	for after, want := range map[string]string{"": "/a", "/a": "/rows[1]/c", "/b": "/rows[1]/c", "/rows": "/rows[1]/c", "/rows[1]/c": "/rows[2]/c", "/rows[2]/c": "/d", "/d": "/a", "/nowhere": "/a"} {
		if got := walk(after); got != want {
			t.Errorf("after %q comes %q, want %q", after, got, want)
		}
	}
	set(t, in, "/a", "x")
	if got := walk(""); got != "/hidden" {
		t.Errorf("got %q", got)
	}
	for _, p := range []string{"/hidden", "/rows[1]/c", "/rows[2]/c"} {
		set(t, in, p, "1")
	}
	if path, ok := in.NextUnanswered("/d"); ok {
		t.Errorf("only the question itself is left, got %s", path)
	}
}

func TestAttachments(t *testing.T) {
	photo := ask(TypeImage, "photo")
	photo.Relevant = "${show} = 'yes'"
	in := start(t, ask(TypeText, "show"), photo, repeat("rows", ask(TypeFile, "scan")))
	set(t, in, "/photo", "ab12.jpg")
	set(t, in, addRow(t, in, "/rows")+"/scan", "cd34.pdf")
	if got := fmt.Sprint(in.Attachments()); got != "[{/rows[1]/scan file cd34.pdf}]" {
		t.Error(got)
	}
	set(t, in, "/show", "yes")
	if got := len(in.Attachments()); got != 2 {
		t.Errorf("%d attachments", got)
	}
}

func TestInstanceXML(t *testing.T) {
	detail := group("detail", ask(TypeText, "kept"))
	detail.Relevant = "${n} > 1"
	f := &Form{ID: "visit", Version: "3", InstanceName: "concat('检查 ', ${n})", Root: group("data",
		ask(TypeInteger, "n"), detail, repeat("rows", ask(TypeText, "name"), ask(TypeSelectMultiple, "m", "choices=a:甲 b:乙")), ask(TypeText, "empty"))}
	if err := f.Compile(); err != nil {
		t.Fatal(err)
	}
	in, err := New(f, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	set(t, in, "/n", "1")
	set(t, in, "/detail/kept", "不打印")
	row := addRow(t, in, "/rows")
	set(t, in, row+"/name", "<甲> & 乙\n第二行")
	set(t, in, row+"/m", "b a")
	raw, err := in.XML("0192f0c1")
	if err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<data id="visit" version="3">
  <n>1</n>
  <rows>
    <name>&lt;甲&gt; &amp; 乙
第二行</name>
    <m>b a</m>
  </rows>
  <empty></empty>
  <meta xmlns="http://openrosa.org/xforms">
    <instanceID>uuid:0192f0c1</instanceID>
    <instanceName>检查 1</instanceName>
  </meta>
</data>
`
	if string(raw) != want {
		t.Errorf("got\n%s", raw)
	}
	other, err := New(f, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	if err := other.LoadXML([]byte(strings.Replace(want, "<rows>", `<rows jr:template=""><name/></rows><new><x>1</x></new><rows>`, 1))); err != nil {
		t.Fatal(err)
	}
	wantValue(t, other, "/rows[1]/name", "<甲> & 乙\n第二行")
	wantValue(t, other, "/rows[1]/m", "b a")
	if flat, err := other.Flat(); err != nil || fmt.Sprint(flat["new"]) != "map[x:1]" || other.Count("/rows") != 1 {
		t.Errorf("%v %v: what is unknown is kept aside, a pattern of a row is none", flat, err)
	}
	wantValue(t, other, "/detail/kept", "")
}

func TestInstanceXMLIsRefused(t *testing.T) {
	in := start(t, ask(TypeText, "a"))
	deep := strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)
	for _, c := range []struct{ raw, want string }{
		{"", "没有内容"}, {"<data id='test'>", "无法读取"}, {"<data id='other'/>", "属于表单 other"}, {"<data/>", "属于表单 "},
		{"<data id='test'>" + deep + "</data>", "嵌套超过"}, {"<!DOCTYPE x [<!ENTITY e 'x'>]><data id='test'><a>&e;</a></data>", "无法读取"},
		{strings.Repeat(" ", maxXML+1), "超过 16 MB"},
	} {
		if err := in.LoadXML([]byte(c.raw)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got %v, want …%s…", c.raw, err, c.want)
		}
	}
}

func TestSearchAsksTheRegisterForAFew(t *testing.T) {
	reg := &register{}
	for i := range 1000 {
		reg.rows = append(reg.rows, Item{"name": fmt.Sprint("e", i), "label": fmt.Sprintf("第%d建筑公司", i), "size": fmt.Sprint(i)})
	}
	f := compileForm(t, ask(TypeInteger, "least"),
		ask(TypeSelectOne, "any", "file=employers"), ask(TypeSelectOne, "big", "file=employers", "filter=size >= ${least}"),
		ask(TypeSelectOne, "own", "choices=a:甲公司:X1 b:乙公司:x2 c:丙厂:y"))
	env := testEnv()
	env.Lists = reg
	in, err := New(f, env)
	if err != nil {
		t.Fatal(err)
	}
	set(t, in, "/least", "900")
	for _, c := range []struct {
		path, text string
		limit      int
		want       string
	}{
		{"/any", "99", 3, "e99 e199 e299 more"},
		{"/any", "第99建", 3, "e99"},
		{"/big", "", 2, "e900 e901 more"},
		{"/big", "第99", 0, "e990 e991 e992 e993 e994 e995 e996 e997 e998 e999"},
		{"/own", "x", 5, "a b"},
		{"/own", "厂", 5, "c"},
		{"/own", "", 2, "a b more"},
	} {
		found, more, err := in.Search(c.path, c.text, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, choice := range found {
			got = append(got, choice.Name)
		}
		if more {
			got = append(got, "more")
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q: got %s, want %s", c.path, c.text, s, c.want)
		}
	}
	if _, _, err := in.Search("/least", "", 1); !errors.Is(err, ErrNoSuchPath) {
		t.Errorf("no choices there: %v", err)
	}
}

// The choice made is checked by asking for it alone, however far down the
// register it stands.
func TestChoiceFromALongRegisterIsChecked(t *testing.T) {
	reg := &register{}
	for i := range maxItems + 100 {
		reg.rows = append(reg.rows, Item{"name": fmt.Sprint("e", i), "label": "公司", "district": "east"})
	}
	f := compileForm(t, ask(TypeText, "district"), ask(TypeSelectOne, "employer", "file=employers", "filter=district = ${district}"))
	env := testEnv()
	env.Lists = reg
	in, err := New(f, env)
	if err != nil {
		t.Fatal(err)
	}
	set(t, in, "/district", "east")
	set(t, in, "/employer", "e"+strconv.Itoa(maxItems+50))
	if got := errorsOf(in); got != "" {
		t.Error(got)
	}
	set(t, in, "/district", "west")
	if got := errorsOf(in); !strings.Contains(got, "不在可选范围内") {
		t.Errorf("got %q", got)
	}
	for _, where := range reg.asked {
		if where.Op == "=" && where.Field == "district" {
			t.Error("all of the district were asked for")
		}
	}
}
