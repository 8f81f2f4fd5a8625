package formview_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"anxin/app/formview"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// roll has a repeat that stands as a table.
const roll = `
| survey |
| | type | name | label | required | relevant | constraint | constraint_message |
| | text | project | 项目 | yes | | | |
| | begin repeat | people | 工资表 | | | | |
| | text | name | 姓名 | yes | | | |
| | select_one trade | trade | 工种 | | | | |
| | integer | months | 欠薪月数 | | | . <= 24 | 不能超过24个月 |
| | decimal | owed | 欠薪金额 | | ${months} > 0 | | |
| | date | since | 起始日 | | | | |
| | end repeat | | | | | | |

| choices |
| | list_name | name | label |
| | trade | rebar | 钢筋工 |
| | trade | wood | 木工 |
`

// paste puts text on the clipboard and pastes it where the keyboard is.
func (r *rig) paste(text string) {
	c := test.NewClipboard()
	c.SetContent(text)
	r.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
	r.Settle()
}

// addRow taps the button below the rows.
func (r *rig) addRow() {
	r.Tap("添加一项")
	r.Settle()
}

func TestTableByKeyboard(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.MustSee("姓名 *", "工种", "起始日")
	r.Type("张三")
	r.Press(fyne.KeyTab)
	r.Type("mg") // opens the list of trades with 木工 found by its initials
	r.Press(fyne.KeyReturn, fyne.KeyTab)
	r.Type("3")
	r.Settle()
	r.Press(fyne.KeyTab)
	r.Type("￥12,600.50")
	r.Press(fyne.KeyReturn)
	r.Type("2026.3.1")
	r.Press(fyne.KeyReturn) // Enter in the last cell adds a row
	r.Settle()
	r.Type("李四")
	r.values(t, map[string]string{
		"/people[1]/name": "张三", "/people[1]/trade": "wood", "/people[1]/months": "3", "/people[1]/owed": "12600.50",
		"/people[1]/since": "2026-03-01", "/people[2]/name": "李四",
	})
	r.Shortcut(fyne.KeyUp, fyne.KeyModifierAlt)
	r.values(t, map[string]string{"/people[1]/name": "李四", "/people[2]/name": "张三", "/people[2]/owed": "12600.50"})
	r.Type("明") // the keyboard went with the row; its text is selected
	r.value(t, "/people[1]/name", "明")
	r.Shortcut(fyne.KeyMinus, fyne.KeyModifierControl)
	r.Tap("删除这一项")
	r.Settle()
	r.value(t, "/people[1]/name", "张三")
	if r.in.Count("/people") != 1 || r.Focused() == nil {
		t.Errorf("%d rows, the keyboard is on %T", r.in.Count("/people"), r.Focused())
	}
	r.Capture("table")
}

func TestTableTellsErrorsBelowTheRow(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.addRow()
	r.Fill("项目", "一期")
	if got := r.view.ShowErrors(); got != 2 {
		t.Fatalf("%d errors, want 2", got)
	}
	r.Settle()
	r.MustSee("姓名：必填，请填写")
	r.Type("张三")
	r.Press(fyne.KeyTab, fyne.KeyTab)
	r.Type("30")
	r.Press(fyne.KeyTab)
	r.Settle()
	r.MustSee("欠薪月数：不能超过24个月")
	r.Capture("table-errors")
}

func TestPasteOfCells(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.paste("张三\t钢筋工\t2\t8,000\t2026/1/5\r\n李四\t木工\t30\t9000\r\n\"王\n五\"\t瓦工\t１\t7000.5\t昨天\textra\r\n")
	r.values(t, map[string]string{
		"/people[1]/name": "张三", "/people[1]/trade": "rebar", "/people[1]/months": "2", "/people[1]/owed": "8000", "/people[1]/since": "2026-01-05",
		"/people[2]/name": "李四", "/people[2]/trade": "wood", "/people[2]/months": "30", "/people[2]/owed": "9000",
		"/people[3]/name": "王 五", "/people[3]/trade": "瓦工", "/people[3]/months": "1", "/people[3]/owed": "7000.5", "/people[3]/since": "昨天",
	})
	r.MustSee("欠薪月数：不能超过24个月", "所选的“瓦工”不在可选范围内", "应填日期")
	if !r.view.Dirty() {
		t.Error("pasting does not make the form dirty")
	}
	r.Focus(r.Input("工种")) // the name of the first row follows the heads
	r.paste("孙七")          // one cell is pasted as text is
	if r.in.Count("/people") != 3 {
		t.Errorf("%d rows after a paste of one cell", r.in.Count("/people"))
	}
	r.Capture("table-pasted")
}

func TestTableBecomesLinesWhereItIsNarrow(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.Type("张三")
	r.Resize(420, 700)
	r.MustSee("第 1 项  张三")
	r.Resize(1200, 700)
	r.MustNotSee("第 1 项")
	r.MustSee("姓名 *", "最后一格按 Enter")
}

func TestTableInEnglish(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	uitest.Language(t, "en")
	t.Cleanup(func() { uitest.Language(t, "zh-Hans") })
	r.view.Rebuild()
	r.Settle()
	r.Tap(lang.T("form.row.add"))
	r.Settle()
	r.MustSee("Enter in the last cell adds a row")
}

// people is a clipboard with so many rows.
func people(rows int) string {
	var b strings.Builder
	for i := range rows {
		fmt.Fprintf(&b, "工人%d\t木工\t2\t%d\t2026-01-05\n", i+1, 1000+i)
	}
	return b.String()
}

func TestLongTableHasFewWidgets(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.paste(people(300))
	if r.in.Count("/people") != 300 {
		t.Fatalf("%d rows", r.in.Count("/people"))
	}
	inputs := 0
	r.Each(func(o fyne.CanvasObject) {
		if _, ok := o.(*widgets.Entry); ok {
			inputs++
		}
	})
	if inputs > 250 {
		t.Errorf("%d inputs exist for 300 rows of which some 25 can be seen", inputs)
	}
	r.view.Jump("/people[250]/name")
	r.Settle()
	r.Type("郑十")
	r.value(t, "/people[250]/name", "郑十")
}

func BenchmarkAddRowAt1000(b *testing.B) {
	r := newRig(b, roll, formview.Options{})
	r.addRow()
	r.paste(people(1000))
	for b.Loop() {
		r.Tap("添加一项")
	}
}
