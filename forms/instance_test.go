package forms

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestRelevanceHidesButKeeps(t *testing.T) {
	detail := group("detail", ask(TypeInteger, "workers", "required=true()"), ask(TypeText, "note"))
	detail.Relevant = "${owed} = 'yes'"
	in := start(t, ask(TypeSelectOne, "owed", "choices=yes:是 no:否"), detail, ask(TypeCalculate, "copy", "calculation=${workers}"))
	if n, _ := in.Node("/detail/workers"); n.Relevant {
		t.Error("the group should be hidden at first")
	}
	if got := errorsOf(in); got != "" {
		t.Errorf("a hidden question must not be required: %s", got)
	}
	changed := set(t, in, "/owed", "yes")
	if want := []string{"/detail", "/detail/note", "/detail/workers", "/owed"}; !reflect.DeepEqual(changed, want) {
		t.Errorf("changed %v, want %v", changed, want)
	}
	if got := errorsOf(in); !strings.Contains(got, "/detail/workers 必填") {
		t.Errorf("errors: %s", got)
	}
	set(t, in, "/detail/workers", "28")
	wantValue(t, in, "/copy", "28")
	set(t, in, "/owed", "no")
	wantValue(t, in, "/detail/workers", "28")
	wantValue(t, in, "/copy", "")
	flat, err := in.Flat()
	if err != nil {
		t.Fatal(err)
	}
	if flat["workers"] != int64(28) {
		t.Errorf("the hidden answer belongs to the record: %v", flat)
	}
	if _, ok := in.Printable()["detail"]; ok {
		t.Error("nothing of a hidden group may be printed")
	}
}

func TestCheckMessages(t *testing.T) {
	cases := []struct {
		name     string
		question *Question
		value    string
		want     string
	}{
		{"integer", ask(TypeInteger, "q"), "12", ""},
		{"integer with letters", ask(TypeInteger, "q"), "一二", "/q 应填整数，如 12"},
		{"integer too long", ask(TypeInteger, "q"), "1234567890123456789", "/q 应填整数，如 12"},
		{"decimal", ask(TypeDecimal, "q"), "12.50", ""},
		{"decimal in words", ask(TypeDecimal, "q"), "Inf", "/q 应填数字，如 12.5"},
		{"date", ask(TypeDate, "q"), "2026-02-30", "/q 应填日期，如 2026-03-01"},
		{"time", ask(TypeTime, "q"), "09:30", ""},
		{"time out of range", ask(TypeTime, "q"), "25:00", "/q 应填时刻，如 09:30"},
		{"date and time", ask(TypeDateTime, "q"), "2026-03-01T09:30:00+08:00", ""},
		{"point", ask(TypeGeopoint, "q"), "39.9 116.4", ""},
		{"point off the globe", ask(TypeGeopoint, "q"), "99.9 116.4", "/q 应填“纬度 经度”，如 39.9 116.4"},
		{"unknown choice", ask(TypeSelectOne, "q", "choices=a:甲 b:乙"), "c", "/q 所选的“c”不在可选范围内，请重新选择"},
		{"several choices", ask(TypeSelectMultiple, "q", "choices=a:甲 b:乙"), " b   a ", ""},
		{"constraint", ask(TypeInteger, "q", "constraint=. > 0", "message=应大于零"), "0", "/q 应大于零"},
		{"constraint without words", ask(TypeInteger, "q", "constraint=. > 0"), "0", "/q 填写的内容不符合要求，请核对"},
		{"an empty answer meets any constraint", ask(TypeInteger, "q", "constraint=. > 0"), "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := start(t, c.question)
			set(t, in, "/q", c.value)
			if got := errorsOf(in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCalculationsFollow(t *testing.T) {
	in := start(t,
		ask(TypeDecimal, "wage"), ask(TypeDecimal, "paid"),
		ask(TypeCalculate, "owed", "calculation=${wage} - ${paid}"),
		ask(TypeCalculate, "share", "calculation=round(${owed} div ${wage}, 2)"),
		ask(TypeCalculate, "day", "calculation=today()"),
		ask(TypeCalculate, "due", "calculation=date(today() + 7)"),
		ask(TypeNote, "told", "label=尚欠 ${owed} 元"))
	wantValue(t, in, "/owed", "")
	set(t, in, "/wage", "0.3")
	changed := set(t, in, "/paid", "0.1")
	wantValue(t, in, "/owed", "0.2")
	wantValue(t, in, "/share", "0.67")
	wantValue(t, in, "/day", "2026-03-02")
	wantValue(t, in, "/due", "2026-03-09")
	if want := []string{"/owed", "/paid", "/share", "/told"}; !reflect.DeepEqual(changed, want) {
		t.Errorf("changed %v, want %v", changed, want)
	}
	if n, _ := in.Node("/told"); n.Label != "尚欠 0.2 元" {
		t.Errorf("label %q", n.Label)
	}
}

func TestFalseAsTextIsTrue(t *testing.T) {
	in := start(t, ask(TypeText, "a"), ask(TypeText, "b", "relevant=${a}"))
	set(t, in, "/a", "false")
	if n, _ := in.Node("/b"); !n.Relevant {
		t.Error(`the text "false" is true`)
	}
}

func TestTriggerRunsOnChange(t *testing.T) {
	in := start(t, ask(TypeText, "a"), ask(TypeText, "b"), ask(TypeText, "c", "calculation=concat(${a}, ${b})", "trigger=a"))
	set(t, in, "/b", "2")
	wantValue(t, in, "/c", "")
	set(t, in, "/a", "1")
	wantValue(t, in, "/c", "12")
	set(t, in, "/b", "3")
	wantValue(t, in, "/c", "12")
}

func TestTriggerWithoutCalculationEmpties(t *testing.T) {
	in := start(t, ask(TypeText, "a"), ask(TypeText, "b", "trigger=a"))
	set(t, in, "/b", "2")
	set(t, in, "/a", "1")
	wantValue(t, in, "/b", "")
}

func TestDefaults(t *testing.T) {
	in := start(t,
		ask(TypeDate, "day", "default=today()"), ask(TypeInteger, "n", "default=3"),
		ask(TypeText, "greeting", "default=你好"), &Question{Name: "by", Type: TypeUsername}, &Question{Name: "at", Type: TypeStart})
	wantValue(t, in, "/day", "2026-03-02")
	wantValue(t, in, "/n", "3")
	wantValue(t, in, "/greeting", "你好")
	wantValue(t, in, "/by", "officer")
	wantValue(t, in, "/at", "2026-03-02T12:00:00+08:00")
}

func workersForm() []*Question {
	return []*Question{
		repeat("workers",
			ask(TypeText, "name", "required=true()"),
			ask(TypeDecimal, "wage"), ask(TypeDecimal, "paid"),
			ask(TypeCalculate, "owed", "calculation=coalesce(${wage}, 0) - coalesce(${paid}, 0)"),
			ask(TypeCalculate, "number", "calculation=position(..)")),
		ask(TypeCalculate, "total", "calculation=sum(${owed})"),
		ask(TypeCalculate, "heads", "calculation=count(${workers})"),
		ask(TypeCalculate, "second", "calculation=indexed-repeat(${name}, ${workers}, 2)"),
	}
}

func TestRepeats(t *testing.T) {
	in := start(t, workersForm()...)
	wantValue(t, in, "/total", "0")
	for i, name := range []string{"甲", "乙", "丙"} {
		row := addRow(t, in, "/workers")
		set(t, in, row+"/name", name)
		set(t, in, row+"/wage", []string{"100", "200", "300"}[i])
	}
	changed := set(t, in, "/workers[2]/paid", "50")
	if want := []string{"/total", "/workers[2]/owed", "/workers[2]/paid"}; !reflect.DeepEqual(changed, want) {
		t.Errorf("changed %v, want %v: only the row itself and the total", changed, want)
	}
	wantValue(t, in, "/total", "550")
	wantValue(t, in, "/heads", "3")
	wantValue(t, in, "/second", "乙")
	if _, err := in.Move("/workers[3]", 1); err != nil {
		t.Fatal(err)
	}
	wantValue(t, in, "/workers[1]/name", "丙")
	wantValue(t, in, "/workers[1]/number", "1")
	wantValue(t, in, "/workers[3]/number", "3")
	wantValue(t, in, "/second", "甲")
	if _, err := in.Remove("/workers[1]"); err != nil {
		t.Fatal(err)
	}
	wantValue(t, in, "/total", "250")
	wantValue(t, in, "/workers[1]/name", "甲")
	wantValue(t, in, "/second", "乙")
	if in.Count("/workers") != 2 || in.Value("/heads") != "2" {
		t.Errorf("%d rows, heads %s", in.Count("/workers"), in.Value("/heads"))
	}
}

// A repeat that is not relevant is not offered, even without rows.
func TestEmptyRepeatFollowsItsCondition(t *testing.T) {
	owed := repeat("workers", ask(TypeText, "name"), repeat("debts", ask(TypeInteger, "sum")))
	owed.Relevant = "${owed} = 'yes'"
	owed.Children[1].Relevant = "${name} != ''"
	in := start(t, ask(TypeText, "owed"), owed)
	if nodes := in.Nodes(); len(nodes) != 1 {
		t.Errorf("%d nodes, want the question alone", len(nodes))
	}
	if changed := set(t, in, "/owed", "yes"); !reflect.DeepEqual(changed, []string{"/owed", "/workers"}) {
		t.Errorf("changed %v", changed)
	}
	row := addRow(t, in, "/workers")
	if n, ok := in.Node(row + "/debts"); !ok || n.Relevant {
		t.Errorf("debts of a worker without a name: %+v", n)
	}
	if changed := set(t, in, row+"/name", "甲"); !reflect.DeepEqual(changed, []string{"/workers[1]/debts", "/workers[1]/name"}) {
		t.Errorf("changed %v", changed)
	}
	set(t, in, "/owed", "no")
	if nodes := in.Nodes(); len(nodes) != 1 {
		t.Errorf("%d nodes, want the question alone", len(nodes))
	}
}

func TestRepeatCount(t *testing.T) {
	rep := repeat("visits", ask(TypeText, "place"), &Question{Name: "inner", Type: TypeRepeat, RepeatCount: "2", Children: []*Question{ask(TypeText, "x", "default=y")}})
	rep.RepeatCount = "${n}"
	in := start(t, ask(TypeInteger, "n"), rep, ask(TypeCalculate, "all", "calculation=count(${inner})"))
	set(t, in, "/n", "3")
	if in.Count("/visits") != 3 || in.Count("/visits[2]/inner") != 2 {
		t.Fatalf("%d visits, %d inner", in.Count("/visits"), in.Count("/visits[2]/inner"))
	}
	wantValue(t, in, "/visits[3]/inner[2]/x", "y")
	wantValue(t, in, "/all", "6")
	set(t, in, "/visits[1]/place", "工地")
	set(t, in, "/n", "1")
	wantValue(t, in, "/visits[1]/place", "工地")
	wantValue(t, in, "/all", "2")
	if _, _, err := in.Add("/visits"); err == nil {
		t.Error("rows that are counted cannot be added by hand")
	}
	inner := repeat("inner", ask(TypeText, "x"))
	outer := repeat("outer", inner)
	outer.RepeatCount = "400"
	many := start(t, outer)
	if n, _ := many.lookup("/outer[7]"); n.most() != maxAllRows/400 || many.root.most() != maxRows {
		t.Errorf("%d rows in each of 400 rows", n.most())
	}
	set(t, in, "/n", "99999999")
	if got := in.Count("/visits"); got != maxRows {
		t.Errorf("%d rows, want the bound %d", got, maxRows)
	}
}

func TestChoiceFilter(t *testing.T) {
	in := start(t,
		ask(TypeSelectOne, "district", "choices=east:东区 west:西区"),
		ask(TypeSelectOne, "street", "choices=a:一街:east b:二街:west c:三街:east", "filter=district = ${district}"))
	offered := func() string {
		list, err := in.Choices("/street")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range list {
			names = append(names, c.Name)
		}
		return strings.Join(names, " ")
	}
	if got := offered(); got != "" {
		t.Errorf("offered %q before a district is chosen", got)
	}
	set(t, in, "/district", "east")
	if got := offered(); got != "a c" {
		t.Errorf("offered %q", got)
	}
	set(t, in, "/street", "c")
	if got := in.Display("/street"); got != "三街" {
		t.Errorf("display %q", got)
	}
	changed := set(t, in, "/district", "west")
	if want := []string{"/district", "/street"}; !reflect.DeepEqual(changed, want) {
		t.Errorf("changed %v", changed)
	}
	if got := errorsOf(in); got != "/street 所选的“三街”不在可选范围内，请重新选择" {
		t.Errorf("errors %q", got)
	}
}

// register answers Search in memory and records what it was asked.
type register struct {
	rows  []Item
	asked []Filter
}

func (r *register) Search(list string, where Filter, text string, limit int) ([]Item, error) {
	if list != "employers" {
		return nil, errors.New("没有名册 " + list)
	}
	r.asked = append(r.asked, where)
	var out []Item
	for _, row := range r.rows {
		if where.Holds(func(name string) string { return row[name] }) && strings.Contains(row["label"], text) && (limit <= 0 || len(out) < limit) {
			out = append(out, row)
		}
	}
	return out, nil
}

// A name may stand in the list once for each district; which one is meant the
// filter says.
func TestChoicesOfOneName(t *testing.T) {
	in := start(t, ask(TypeText, "district"),
		ask(TypeSelectOne, "street", "choices=main:东大街:east main:西大街:west", "filter=district = ${district}"),
		ask(TypeSelectOne, "first", "choices=a:甲 b:乙 c:丙", "filter=position() < 3"))
	set(t, in, "/district", "west")
	list, err := in.Choices("/street")
	if err != nil || len(list) != 1 || list[0].Label.In("zh") != "西大街" {
		t.Errorf("%v %v", list, err)
	}
	set(t, in, "/street", "main")
	set(t, in, "/first", "b")
	if got := errorsOf(in); got != "" {
		t.Error(got)
	}
	set(t, in, "/first", "c")
	if got := errorsOf(in); !strings.Contains(got, "/first 所选的“丙”") {
		t.Error(got)
	}
}

func TestRegistersAreAskedNotLoaded(t *testing.T) {
	reg := &register{rows: []Item{
		{"name": "e1", "label": "一建公司", "district": "east", "phone": "5551"},
		{"name": "e2", "label": "二建公司", "district": "west", "phone": "5552"},
	}}
	f := compileForm(t,
		ask(TypeText, "district"),
		ask(TypeSelectOne, "employer", "file=employers", "filter=district = ${district}"),
		ask(TypeCalculate, "phone", "calculation=pulldata('employers', 'phone', 'name', ${employer})"),
		ask(TypeCalculate, "label", "calculation=instance('employers')/root/item[name = ${employer}]/label"))
	env := testEnv()
	env.Lists = reg
	in, err := New(f, env)
	if err != nil {
		t.Fatal(err)
	}
	set(t, in, "/district", "west")
	set(t, in, "/employer", "e2")
	wantValue(t, in, "/phone", "5552")
	wantValue(t, in, "/label", "二建公司")
	if got := in.Display("/employer"); got != "二建公司" {
		t.Errorf("display %q", got)
	}
	for _, where := range reg.asked {
		if where.Op == "" {
			t.Error("the whole register was asked for")
		}
	}
}

func TestFreeze(t *testing.T) {
	in := start(t, append(workersForm(), &Question{Name: "ended", Type: TypeEnd})...)
	addRow(t, in, "/workers")
	in.Freeze()
	wantValue(t, in, "/ended", "2026-03-02T12:00:00+08:00")
	_, err := in.Set("/workers[1]/name", "x")
	_, _, err2 := in.Add("/workers")
	_, err3 := in.Remove("/workers[1]")
	_, err4 := in.Move("/workers[1]", 1)
	for _, e := range []error{err, err2, err3, err4, in.LoadFlat(nil)} {
		if !errors.Is(e, ErrFrozen) {
			t.Errorf("got %v, want ErrFrozen", e)
		}
	}
}

func TestFrozenShowsWhatWasIssued(t *testing.T) {
	in := start(t, ask(TypeText, "a"), ask(TypeCalculate, "day", "calculation=today()"), ask(TypeText, "b", "relevant=${a} = 'x'"))
	in.Freeze()
	if err := in.LoadFlat(map[string]any{"a": "x", "day": "2025-01-01", "b": "shown"}); err != nil {
		t.Fatal(err)
	}
	wantValue(t, in, "/day", "2025-01-01")
	if n, _ := in.Node("/b"); !n.Relevant || !n.Readonly {
		t.Errorf("%+v", n)
	}
}

func TestNoSuchPath(t *testing.T) {
	in := start(t, workersForm()...)
	for _, path := range []string{"", "/", "/nothing", "/workers", "/workers[1]/name", "/workers[x]/name", "/total[2]", "/workers[0]/name", "/workers[-1]/name"} {
		if _, err := in.Set(path, "1"); !errors.Is(err, ErrNoSuchPath) {
			t.Errorf("Set(%q): %v", path, err)
		}
		in.Value(path)
		in.Node(path)
	}
}

func TestNodesForAView(t *testing.T) {
	in := start(t, append([]*Question{group("site", ask(TypeText, "address")), ask(TypeHidden, "secret")}, workersForm()...)...)
	addRow(t, in, "/workers")
	var got []string
	for _, n := range in.Nodes() {
		got = append(got, n.Path)
	}
	want := []string{"/site", "/site/address", "/workers", "/workers[1]", "/workers[1]/name", "/workers[1]/wage", "/workers[1]/paid"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("nodes %v, want %v", got, want)
	}
}

func TestLanguages(t *testing.T) {
	q := ask(TypeInteger, "n", "required=true()")
	q.Label = Text{"zh": "人数", "en": "Workers"}
	q.RequiredMessage = Text{"zh": "请填人数", "en": "How many?"}
	in := start(t, q)
	if got := errorsOf(in); got != "/n 请填人数" {
		t.Error(got)
	}
	in.SetLanguage("en")
	if got := errorsOf(in); got != "/n How many?" {
		t.Error(got)
	}
	if n, _ := in.Node("/n"); n.Label != "Workers" {
		t.Error(n.Label)
	}
}
