package formview_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/formview"
	"anxin/app/widgets"
)

// long has a repeat that is no table, because one of its questions is a long text.
const long = `
| survey |
| | type | name | label | required | relevant | constraint | appearance | bind::law:personal |
| | begin repeat | people | 劳动者 | | | | | |
| | text | name | 姓名 | yes | | | | |
| | text | idno | 身份证号 | | | | | yes |
| | integer | months | 拖欠月数 | | | . <= 24 | | |
| | text | why | 说明 | | ${months} > 6 | | multiline | |
| | end repeat | | | | | | | |

| settings |
| | form_title | form_id | version | namespaces |
| | 名册 | long | 1 | law="urn:anxin:law" |
`

func TestRows(t *testing.T) {
	r := newRig(t, long, formview.Options{})
	for i, name := range []string{"张三", "李四", "王五"} {
		r.Tap("添加一项")
		r.Settle()
		r.Type(name)
		r.value(t, fmt.Sprintf("/people[%d]/name", i+1), name)
	}
	r.Fill("身份证号", "110101199001011237")
	r.Fill("拖欠月数", "8")
	r.Settle()
	r.MustSee("说明", "第 1 项  张三", "第 3 项  王五 · 8")
	r.Resize(1000, 1400)
	r.Capture("form-rows")
	changed, err := r.in.Remove("/people[1]")
	if err != nil {
		t.Fatal(err)
	}
	r.view.Apply(append(changed, "/people"))
	r.Settle()
	r.MustSee("第 1 项  李四")
	r.MustNotSee("第 3 项")
}

func TestRemovingARowAsks(t *testing.T) {
	r := newRig(t, long, formview.Options{})
	r.Tap("添加一项")
	r.Settle()
	r.Type("张三")
	r.Press(fyne.KeyTab)
	r.Type("110101199001011237")
	r.Tap("添加一项")
	r.Settle()
	r.Type("李四")
	if r.Sees("110101199001011237") {
		t.Error("a closed row shows an identity number")
	}
	var remove []*widgets.Button
	for _, b := range r.Buttons("") {
		if b.Icon == fynetheme.DeleteIcon() {
			remove = append(remove, b)
		}
	}
	remove[0].Tapped(nil)
	r.MustSee("“张三”将被删除，确定吗？")
	r.Press(fyne.KeyReturn) // the default of a dangerous act is to cancel
	if got := r.in.Count("/people"); got != 2 {
		t.Fatalf("%d rows, want 2", got)
	}
	remove[0].Tapped(nil)
	r.Tap("删除这一项")
	r.Settle()
	if got := r.in.Count("/people"); got != 1 {
		t.Fatalf("%d rows, want 1", got)
	}
	r.MustSee("第 1 项  李四")
	r.MustNotSee("张三")
}

func TestErrorInAClosedRow(t *testing.T) {
	r := newRig(t, long, formview.Options{})
	for range 5 {
		if _, _, err := r.in.Add("/people"); err != nil {
			t.Fatal(err)
		}
	}
	set := func(path, value string) {
		if _, err := r.in.Set(path, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{"/people[1]/name", "/people[2]/name", "/people[3]/name", "/people[5]/name"} {
		set(p, "甲")
	}
	r.view.Rebuild()
	r.Settle()
	if got := r.view.ShowErrors(); got != 1 {
		t.Fatalf("%d errors, want 1", got)
	}
	r.Settle()
	r.MustSee("1 处待改", "必填")
	if r.Focused() != r.Input("姓名") {
		t.Error("the keyboard is not on the wrong field in the row")
	}
}

func TestGroupAndRepeatRelevance(t *testing.T) {
	r := newRig(t, `
| survey |
| | type | name | label | relevant |
| | select_one yn | wages | 是否拖欠工资 | |
| | begin group | arrears | 欠薪情况 | ${wages} = 'y' |
| | text | since | 起始月份 | |
| | begin repeat | people | 被欠薪人员 | |
| | text | name | 姓名 | |
| | end repeat | | | |
| | end group | | | |

| choices |
| | list_name | name | label |
| | yn | y | 是 |
| | yn | n | 否 |
`, formview.Options{})
	r.MustNotSee("欠薪情况", "起始月份", "被欠薪人员")
	r.Tap("是")
	r.Settle()
	r.MustSee("欠薪情况", "起始月份", "被欠薪人员")
	r.Fill("起始月份", "2026-09")
	r.Tap("添加一项")
	r.Settle()
	r.Type("张三")
	r.Tap("否")
	r.Settle()
	r.MustNotSee("欠薪情况", "起始月份", "被欠薪人员", "张三")
	r.Tap("是")
	r.Settle()
	r.MustSee("第 1 项  张三")
	r.value(t, "/arrears/since", "2026-09")
}
