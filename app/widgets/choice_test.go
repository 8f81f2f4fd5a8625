package widgets_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestSelect(t *testing.T) {
	s := uitest.New(t)
	var picked []string
	drop := widgets.NewSelect([]widgets.Option{{"a", "同名"}, {"b", "同名"}, {"c", "别的"}}, func(key string) { picked = append(picked, key) })
	s.Show(container.NewVBox(drop))
	s.MustSee("请选择")
	drop.SetKey("b")
	if drop.Key() != "b" || len(picked) != 0 {
		t.Fatalf("key %q, told %v", drop.Key(), picked)
	}
	s.Focus(drop)
	s.Press(fyne.KeyRight)
	s.Press(fyne.KeyBackspace)
	if !slices.Equal(picked, []string{"c", ""}) {
		t.Errorf("told %q", picked)
	}
	s.Press(fyne.KeyDown) // opens
	s.Tap("同名 (b)")
	if drop.Key() != "b" {
		t.Errorf("picked %q", drop.Key())
	}
	drop.SetChoices([]widgets.Option{{"c", "别的"}})
	if drop.Key() != "" {
		t.Errorf("keeps %q which is no option any more", drop.Key())
	}
}

func TestSegments(t *testing.T) {
	s := uitest.New(t)
	picked := "none"
	row := widgets.NewSegments(option("符合", "不符合", "不适用", "未查"), func(key string) { picked = key })
	s.Show(container.NewVBox(row))
	s.Tap("不适用")
	if picked != "2" {
		t.Fatalf("tap picks %q", picked)
	}
	s.Press(fyne.KeyLeft)
	s.Type("9") // there is no ninth
	if picked != "1" {
		t.Errorf("left picks %q", picked)
	}
	s.Type("4")
	s.Press(fyne.KeyRight)
	if picked != "3" {
		t.Errorf("the last stays, got %q", picked)
	}
	row.Disable()
	s.Type("1")
	if row.Key() != "3" {
		t.Error("a disabled row changes")
	}
	s.Resize(120, 300)
	if one, many := row.OneLine(), row.Size(); one <= many.Width || many.Height < 2*theme.Size(theme.SizeRow)-4 {
		t.Errorf("in a narrow window the row of %.0f is %v, it does not wrap", one, many)
	}
}

func TestChecks(t *testing.T) {
	s := uitest.New(t)
	var picked []string
	set := widgets.NewChecks(option("工资表", "考勤表", "合同"), func(keys []string) { picked = keys })
	s.Show(set.Root)
	set.SetKeys([]string{"2"})
	s.Tap("工资表")
	if !slices.Equal(picked, []string{"0", "2"}) {
		t.Errorf("picked %v, want them in the order of the options", picked)
	}
	set.SetChoices(option("工资表"))
	if got := set.Keys(); !slices.Equal(got, []string{"0"}) {
		t.Errorf("keeps %v", got)
	}
}

func TestSearchField(t *testing.T) {
	s := uitest.New(t)
	names := []widgets.Option{{"1", "华安建筑"}, {"2", "华泰劳务"}, {"3", "恒达物业"}}
	var picked []string
	field := widgets.NewSearchField(func(text string) []widgets.Option {
		var found []widgets.Option
		for _, n := range names {
			if strings.Contains(n.Label, text) {
				found = append(found, n)
			}
		}
		return found
	}, func(o widgets.Option) { picked = append(picked, o.Key) })
	s.Show(container.NewVBox(field.Root))
	s.Focus(field.Focusable())
	s.Type("华")
	s.MustSee("华安建筑", "华泰劳务")
	s.MustNotSee("恒达物业")
	s.Press(fyne.KeyDown, fyne.KeyReturn)
	if field.Entry.Text != "华泰劳务" || picked[len(picked)-1] != "2" {
		t.Fatalf("picked %v, shows %q", picked, field.Entry.Text)
	}
	s.MustNotSee("华安建筑")
	s.Type("x") // no longer the choice
	if picked[len(picked)-1] != "" {
		t.Errorf("typing on keeps the choice %q", picked[len(picked)-1])
	}
	field.SetText("")
	s.Press(fyne.KeyDown)
	s.Tap("恒达物业")
	if picked[len(picked)-1] != "3" {
		t.Errorf("tap picks %v", picked)
	}
}

func TestFieldErrorsAndStar(t *testing.T) {
	s := uitest.New(t)
	f := widgets.NewField("姓名", widgets.NewEntry()).Star()
	g := widgets.NewField("电话", widgets.NewEntry())
	s.Show(widgets.NewFieldGrid(f, g))
	f.SetError("请填写姓名")
	s.Settle()
	s.MustSee("姓名*", "请填写姓名")
	f.SetVisible(false)
	s.Settle()
	s.MustNotSee("姓名", "请填写姓名")
	f.SetVisible(true)
	f.SetError("")
	s.MustNotSee("请填写姓名")
	if f.Error() != "" || f.Label() != "姓名" || !f.Required() {
		t.Errorf("%q %q %v", f.Error(), f.Label(), f.Required())
	}
}

func TestFieldGridColumns(t *testing.T) {
	s := uitest.New(t)
	first, second := widgets.NewEntry(), widgets.NewEntry()
	s.Show(container.NewVBox(widgets.NewFieldGrid(widgets.NewField("姓名", first), widgets.NewField("电话", second))))
	if first.Position().Y != second.Position().Y {
		t.Error("a wide grid does not stand in two columns")
	}
	s.Resize(420, 400)
	if first.Position().Y >= second.Position().Y || first.Position().X != second.Position().X {
		t.Error("a narrow grid does not stand in one column")
	}
}

func TestPanes(t *testing.T) {
	s := uitest.New(t)
	p := widgets.NewPanes(widget.NewLabel("列表"), widget.NewLabel("详情"))
	s.Show(p.Root)
	s.MustSee("列表", "详情")
	s.MustNotSee("返回列表")
	s.Resize(800, 500)
	s.MustSee("列表")
	s.MustNotSee("详情")
	p.ShowDetail()
	s.MustSee("详情")
	s.Tap("返回列表")
	s.MustSee("列表")
	s.MustNotSee("详情")
}

func TestToastGoesByItself(t *testing.T) {
	s := uitest.New(t)
	var later []func()
	toasts := widgets.NewToasts(func(_ time.Duration, f func()) { later = append(later, f) })
	s.Show(toasts.Root)
	toasts.Show("已保存", theme.Good)
	toasts.Show("已签发", theme.Good)
	later[0]()
	if toasts.Text() != "已签发" {
		t.Errorf("the first message's time takes the second away: %q", toasts.Text())
	}
	later[1]()
	if toasts.Text() != "" {
		t.Errorf("still shows %q", toasts.Text())
	}
}

func TestToolbarKeepsShort(t *testing.T) {
	s := uitest.New(t)
	done := ""
	var actions []widgets.Action
	for _, name := range []string{"新建", "保存", "打印", "导出", "删除"} {
		actions = append(actions, widgets.Action{Label: name, Do: func() { done = name }})
	}
	s.Show(container.NewVBox(widgets.NewToolbar(actions, 3)))
	s.MustSee("新建", "保存", "展开更多")
	s.MustNotSee("打印")
	s.Tap("展开更多")
	s.Tap("导出")
	if done != "导出" {
		t.Errorf("did %q", done)
	}
}

func TestPhraseChips(t *testing.T) {
	s := uitest.New(t)
	long := "未按月足额支付农民工工资，拖欠时间超过一个月"
	got := ""
	s.Show(widgets.NewPhraseChips([]string{long}, func(p string) { got = p }))
	s.Tap("未按月足额支付农民工工资，拖欠时间…")
	if got != long {
		t.Errorf("a chip hands on %q", got)
	}
}

// A text that is in no register can be made a record there: the offer is the last
// suggestion, and the first one when nothing is found.
func TestSearchFieldOffersSomethingNew(t *testing.T) {
	s := uitest.New(t)
	var made, picked []string
	field := widgets.NewSearchField(func(text string) []widgets.Option {
		if strings.HasPrefix("华安建筑", text) {
			return []widgets.Option{{Key: "1", Label: "华安建筑"}}
		}
		return nil
	}, func(o widgets.Option) { picked = append(picked, o.Key) })
	field.Offer = func(text string) string { return "新：" + text }
	field.OnNew = func(text string) { made = append(made, text) }
	s.Show(container.NewVBox(field.Root))
	s.Focus(field.Focusable())
	s.Type("华安")
	s.MustSee("华安建筑", "新：华安")
	s.Type("建筑")
	s.MustNotSee("新：华安建筑") // it is there
	s.Type("二")
	s.MustSee("新：华安建筑二")
	s.Press(fyne.KeyReturn)
	if len(made) != 1 || made[0] != "华安建筑二" || picked[len(picked)-1] != "" {
		t.Errorf("made %q, picked %q", made, picked)
	}
	field.SetText("")
	s.Type("华")
	s.Press(fyne.KeyReturn)
	if len(made) != 1 || picked[len(picked)-1] != "1" {
		t.Errorf("made %q, picked %q", made, picked)
	}
	s.Type("！") // where the choice ends
	if field.Entry.Text != "华安建筑！" {
		t.Errorf("after the choice stands %q", field.Entry.Text)
	}
}

// A short label among long ones is laid out as they are.
func TestShortLabelsAmongLongOnes(t *testing.T) {
	s := uitest.New(t)
	options := []widgets.Option{{Key: "1", Label: "符合"}, {Key: "2", Label: "不符合"}}
	long := widgets.NewField("已存储工资保证金或者提交金融机构保函，额度和有效期符合规定", widgets.NewSegments(options, nil)).Span()
	short := widgets.NewField("无拖欠工资", widgets.NewSegments(options, nil)).Span()
	short.Long = true
	s.Show(widgets.NewFieldGrid(long, short))
	d := fyne.CurrentApp().Driver()
	if a, b := d.AbsolutePositionForObject(long.Input).X, d.AbsolutePositionForObject(short.Input).X; a != b {
		t.Errorf("the choices begin at %v and %v", a, b)
	}
}
