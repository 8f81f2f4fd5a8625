package widgets_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

var day = time.Date(2026, 11, 21, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

func clock() time.Time { return day }

type record struct {
	no, name, day string
	state         theme.Tone
	amount        int
}

func records(n int) []record {
	out := make([]record, n)
	for i := range out {
		out[i] = record{
			no: fmt.Sprintf("JC2026%06d", i+1), name: "华安建筑工程有限公司第" + fmt.Sprint(i*7919%n) + "项目部",
			day: fmt.Sprintf("2026-%02d-%02d", i%12+1, i%28+1), state: theme.Tone(i % 5), amount: i * 31 % 977,
		}
	}
	return out
}

var stateWords = []string{"已归档", "待检查", "检查中", "待整改", "已整改"}

func columns() []widgets.Column[record] {
	return []widgets.Column[record]{
		{Title: "检查编号", Width: 104, Cell: func(r record) string { return r.no }, Compare: func(a, b record) int { return compare(a.no, b.no) }},
		{Title: "单位名称", Cell: func(r record) string { return r.name }, Compare: func(a, b record) int { return compare(a.name, b.name) }},
		{Title: "状态", Width: 64, Cell: func(r record) string { return stateWords[r.state] }, Tone: func(r record) theme.Tone { return r.state }},
		{Title: "检查日期", Width: 92, Cell: func(r record) string { return r.day }, Compare: func(a, b record) int { return compare(a.day, b.day) }, DropBelow: 360},
	}
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// TestLook draws every widget once at both ends of the text scale; the pictures
// are for eyes, the test fails when a widget cannot be drawn or needs too much room.
func TestLook(t *testing.T) {
	for _, scale := range []float32{1, 1.5} {
		s := uitest.New(t)
		s.Scale(scale)
		list := widgets.NewRecordList(columns(), widgets.NewEmptyState(fynetheme.SearchIcon(), "没有记录", widgets.Action{}))
		list.SetRows(records(100))
		detail, _ := widgets.NewFormScroll(container.NewVBox(basics(), findings()))
		panes := widgets.NewPanes(list, detail)
		s.Show(panes.Root)
		list.Sort(0, false)
		list.Select(4)
		s.Capture(fmt.Sprintf("widgets-%.0f", scale*100))
		if least := panes.Root.MinSize(); least.Width > 850 {
			t.Errorf("at %.0f %% the least width is %.0f", scale*100, least.Width)
		}
		s.Resize(900, 600)
		panes.ShowDetail()
		s.Capture(fmt.Sprintf("widgets-narrow-%.0f", scale*100))
		s.MustSee("返回列表", "基本信息")
	}
}

func option(labels ...string) []widgets.Option {
	out := make([]widgets.Option, len(labels))
	for i, l := range labels {
		out[i] = widgets.Option{Key: fmt.Sprint(i), Label: l}
	}
	return out
}

func basics() fyne.CanvasObject {
	number := widgets.NewEntry()
	number.SetText("JC2026000005")
	employer := widgets.NewEntry()
	employer.SetText("北京市丰台区博雅机电设备安装有限公司")
	phone := widgets.NewEntry()
	phone.SetText("1381234")
	kind := widgets.NewSelect(option("日常巡查", "专项检查"), nil)
	site := widgets.NewField("联系电话", phone)
	site.SetError("电话应为 11 位手机号或带区号的座机")
	trade := widgets.NewSelect(option("建筑业", "制造业"), nil)
	trade.SetKey("0")
	scale := widgets.NewSegments(option("大型", "中型", "小型", "微型"), nil)
	scale.SetKey("1")
	long := widgets.NewField("总包单位是否按月考核农民工工作量并编制工资支付表，经农民工本人签字确认", widgets.NewSegments(option("符合", "不符合", "不适用", "未检查"), nil))
	long.SetHint("《保障农民工工资支付条例》第三十一条")
	return widgets.NewSectionCard("基本信息", widgets.NewFieldGrid(
		widgets.NewField("检查编号", number), widgets.NewField("检查类别", kind).Star(),
		widgets.NewField("被检查单位", employer).Star().Span(),
		site, widgets.NewField("行业类别", trade),
		widgets.NewField("单位规模", scale), widgets.NewField("统一社会信用代码", widgets.NewEntry()).Star(),
		long.Span(),
	))
}

func findings() fyne.CanvasObject {
	verdict := widgets.NewSegments(option("符合", "不符合", "不适用", "未检查"), nil)
	verdict.SetTones(map[string]theme.Tone{"0": theme.Good, "1": theme.Bad})
	verdict.SetKey("1")
	date := widgets.NewDateField(clock)
	date.SetValue(day)
	moment := widgets.NewDateTimeField(clock)
	checks := widgets.NewChecks(option("许可资质", "用工实名制", "工资专用账户", "维权告示牌", "工资保证金", "考勤记录"), nil)
	checks.SetKeys([]string{"1", "2"})
	text := widgets.NewMultiLine(3)
	text.SetText("经查，该项目拖欠 28 名农民工 2026 年 9 月至 10 月工资共计 412,600.00 元；未开设农民工工资专用账户；施工现场未设立维权信息告示牌。\n现场责令立即改正，并下达限期改正指令书。\n第四行\n第五行")
	chips := widgets.NewPhraseChips([]string{"未开设农民工工资专用账户", "未设立维权信息告示牌", "未按月足额支付农民工工资，拖欠时间超过一个月"}, text.InsertAtCursor)
	tags := widgets.NewFlow()
	for tone := theme.Neutral; tone <= theme.Good; tone++ {
		tags.Add(widgets.NewTag(stateWords[tone], tone))
	}
	bar := widgets.NewProgress()
	bar.SetValue(0.4)
	return widgets.NewSectionCard("检查结果", widgets.NewFieldGrid(
		widgets.NewField("检查日期", date).Star(), widgets.NewField("到场时间", moment),
		widgets.NewField("结论", verdict).Star().Span(),
		widgets.NewField("检查事项", checks.Root).Span(),
		widgets.NewField("检查情况", container.NewVBox(text, chips)).Star().Span(),
		widgets.NewField("状态", tags), widgets.NewField("进度", bar),
	))
}
