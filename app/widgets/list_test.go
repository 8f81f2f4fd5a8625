package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"anxin/app/uitest"
	"anxin/app/widgets"
)

func newList(t testing.TB, n int) (*uitest.Screen, *widgets.RecordList[record]) {
	s := uitest.New(t)
	l := widgets.NewRecordList(columns(), widget.NewLabel("没有记录"))
	l.SetRows(records(n))
	s.Show(l)
	return s, l
}

func TestListKeyboard(t *testing.T) {
	s, l := newList(t, 100_000)
	var selected, opened []string
	l.OnSelect = func(r record) { selected = append(selected, r.no) }
	l.OnOpen = func(r record) { opened = append(opened, r.no) }
	l.Focus()
	s.Press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	s.Press(fyne.KeyEnd)
	s.MustSee("JC2026100000")
	s.Press(fyne.KeyDown, fyne.KeyReturn) // there is nothing below the last
	s.Press(fyne.KeyHome, fyne.KeyPageDown)
	if len(opened) != 2 || opened[0] != "JC2026000001" || opened[1] != "JC2026100000" {
		t.Errorf("opened %v", opened)
	}
	if want := "JC2026000002"; len(selected) < 2 || selected[1] != want {
		t.Errorf("selected %v, want second %s", selected, want)
	}
	if last, ok := l.Selected(); !ok || last.no <= "JC2026000010" {
		t.Errorf("PageDown selects %v", last.no)
	}
}

func TestListTapAndStep(t *testing.T) {
	s, l := newList(t, 50)
	got := ""
	l.OnSelect = func(r record) { got = r.no }
	s.Tap("JC2026000003")
	if got != "JC2026000003" {
		t.Fatalf("tap selects %q", got)
	}
	l.Step(1)
	if got != "JC2026000004" {
		t.Errorf("the next is %q", got)
	}
	l.Step(-100)
	if got != "JC2026000001" {
		t.Errorf("far back is %q", got)
	}
}

func TestListSorts(t *testing.T) {
	s, l := newList(t, 1000)
	remembered := -1
	l.OnSort = func(column int, _ bool) { remembered = column }
	s.Tap("检查日期")
	if l.At(0).day != "2026-01-01" || remembered != 3 {
		t.Errorf("first is %s, remembered %d", l.At(0).day, remembered)
	}
	s.MustSee("检查日期 ▲")
	s.Tap("检查日期 ▲")
	s.MustSee("检查日期 ▼")
	if l.At(0).day != "2026-12-28" {
		t.Errorf("descending begins with %s", l.At(0).day)
	}
	for i := 1; i < l.Len(); i++ {
		before, after := l.At(i-1), l.At(i)
		if before.day < after.day || before.day == after.day && before.no > after.no {
			t.Fatalf("row %d: %v before %v", i, before, after)
		}
	}
	s.Tap("状态") // has no order
	if column, _ := l.Sorted(); column != 3 {
		t.Errorf("sorted by %d after tapping a column without order", column)
	}
	l.Focus()
	s.Type("1")
	if l.At(0).no != "JC2026000001" {
		t.Errorf("the key 1 sorts by the first column, first is %s", l.At(0).no)
	}
	l.Sort(-1, false)
	s.MustNotSee("▲", "▼")
}

func TestListKeepsOrderForNewRows(t *testing.T) {
	_, l := newList(t, 10)
	l.Sort(0, true)
	l.Select(2)
	l.SetRows(records(20))
	if l.At(0).no != "JC2026000020" {
		t.Errorf("first is %s", l.At(0).no)
	}
	if _, ok := l.Selected(); ok {
		t.Error("the selection outlives its rows")
	}
	if !l.SelectWhere(func(r record) bool { return r.no == "JC2026000007" }) {
		t.Fatal("row not found")
	}
	if r, _ := l.Selected(); r.no != "JC2026000007" {
		t.Errorf("selected %s", r.no)
	}
}

func TestListEmpty(t *testing.T) {
	s, l := newList(t, 3)
	s.MustNotSee("没有记录")
	l.SetRows(nil)
	s.MustSee("没有记录")
	l.Focus()
	s.Press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnd)
	l.Step(1)
	if _, ok := l.Selected(); ok {
		t.Error("something is selected in an empty list")
	}
	l.SetRows(records(1))
	s.MustSee("JC2026000001")
}

func TestListDropsColumns(t *testing.T) {
	s, _ := newList(t, 3)
	s.MustSee("检查日期", "2026-01-01")
	s.Resize(340, 400)
	s.MustNotSee("检查日期", "2026-01-01")
	s.MustSee("单位名称", "待检查")
}

func BenchmarkScroll100k(b *testing.B) {
	s, l := newList(b, 100_000)
	l.Focus()
	for b.Loop() {
		s.Press(fyne.KeyDown)
	}
}

func BenchmarkSort100k(b *testing.B) {
	_, l := newList(b, 100_000)
	for i := 0; b.Loop(); i++ {
		l.Sort(1, i%2 == 0)
	}
}

// A column with a note has rows of two lines: the note is read, clicked and told
// in full below the list when there is no room for it.
func TestListWithNotes(t *testing.T) {
	long := "常德市桃源县陬市镇及周边乡镇农田水利基本建设工程施工总承包联合体有限责任公司"
	s := uitest.New(t)
	l := widgets.NewRecordList([]widgets.Column[record]{{Title: "文书", Cell: func(r record) string { return r.no }, Note: func(r record) string { return r.name }}}, widget.NewLabel(""))
	l.SetRows([]record{{no: "一", name: long}, {no: "二"}, {no: "三", name: "短"}})
	s.Show(l)
	s.Resize(300, 300)
	got := ""
	l.OnSelect = func(r record) { got = r.no }
	s.Tap("短")
	if got != "三" {
		t.Errorf("a tap on the note selects %q", got)
	}
	l.Select(0)
	s.Settle()
	s.MustSee(long, "二")
	s.Capture("list-notes")
}
