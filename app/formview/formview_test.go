package formview_test

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/formview"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/forms/xlsform"
)

var zone = time.FixedZone("CST", 8*3600)

func clock() time.Time { return time.Date(2026, 11, 21, 9, 30, 0, 0, zone) }

// sample has every type a view draws.
const sample = `
| survey |
| | type | name | label | hint | required | relevant | constraint | constraint_message | calculation | readonly | appearance | bind::law:basis | bind::law:phrases | bind::law:personal |
| | begin group | base | 基本信息 | | | | | | | | | | | |
| | text | employer | 被检查单位 | | yes | | | | | | | | | |
| | select_one kind | kind | 检查类别 | | yes | | | | | | minimal | | | |
| | integer | workers | 从业人数 | 含劳务派遣 | | | . >= 0 | 人数不能为负数 | | | | | | |
| | decimal | owed | 拖欠金额 | | | ${workers} > 0 | | | | | | | | |
| | calculate | total | | | | | | | ${workers} * 2 | | | | | |
| | text | twice | 两倍人数 | | | | | | ${total} | yes | | | | |
| | date | day | 检查日期 | | yes | | | | | | | | | |
| | dateTime | at | 到场时间 | | | | | | | | | | | |
| | time | clock | 离场时刻 | | | | | | | | | | | |
| | note | advice | 请向当事人出示执法证件，告知权利和义务，并全程录音录像。 | | | | | | | | | | | |
| | end group | | | | | | | | | | | | | |
| | begin group | findings | 检查结果 | | | | | | | | | | | |
| | select_one verdict | C01 | C01 已开设农民工工资专用账户，并用于支付本项目农民工工资 | | | | | | | | | 《保障农民工工资支付条例》第二十六条 | | |
| | text | C01_note | 具体情况 | | yes | ${C01} = 'breach' | | | | | multiline | | 未开设农民工工资专用账户\|专用账户资金被挪用 | |
| | select_multiple proof | proof | 已取证据 | | | | | | | | | | | |
| | select_one big | site | 工地 | | | | | | | | autocomplete | | | |
| | rank proof | order | 证据顺序 | | | | | | | | | | | |
| | acknowledge | read | 已宣读 | | yes | | | | | | | | | |
| | image | photo | 现场照片 | | | | | | | | | | | |
| | image | sign | 当事人签名 | | | | | | | | signature | | | |
| | end group | | | | | | | | | | | | | |
| | begin repeat | people | 劳动者 | | | | | | | | | | | |
| | text | name | 姓名 | | yes | | | | | | | | | |
| | text | idno | 身份证号 | | | | | | | | | | | yes |
| | integer | months | 拖欠月数 | | | | . <= 24 | 不能超过 24 个月 | | | | | | |
| | text | why | 说明 | | | ${months} > 6 | | | | | | | | |
| | end repeat | | | | | | | | | | | | | |

| choices |
| | list_name | name | label | pinyin |
| | kind | daily | 日常巡查 | |
| | kind | special | 专项检查 | |
| | verdict | conform | 符合 | |
| | verdict | breach | 不符合 | |
| | verdict | na | 不适用 | |
| | verdict | unchecked | 未查 | |
| | proof | photo | 照片 | |
| | proof | roll | 工资表 | |
| | proof | record | 询问笔录 | |
| | big | s1 | 滨江花园一期 | bjhy |
| | big | s2 | 城南安置房 | cnazf |

| settings |
| | form_title | form_id | version | namespaces |
| | 样表 | sample | 1 | law="urn:anxin:law" |
`

// rig is a view of the sample in a window.
type rig struct {
	*uitest.Screen
	in      *forms.Instance
	view    *formview.View
	changed []string
}

func newRig(t testing.TB, source string, o formview.Options) *rig {
	t.Helper()
	return newRigWith(t, source, forms.Env{Now: clock}, o)
}

func newRigWith(t testing.TB, source string, env forms.Env, o formview.Options) *rig {
	t.Helper()
	form, err := xlsform.CompileMarkdown(source, "sample")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Screen: uitest.New(t)}
	if r.in, err = forms.New(form, env); err != nil {
		t.Fatal(err)
	}
	o.Now, o.Window = clock, r.Win
	o.OnChange = func(changed []string) { r.changed = append(r.changed, changed...) }
	r.view = formview.New(r.in, o)
	r.Show(r.view.Root())
	return r
}

func (r *rig) value(t *testing.T, path, want string) {
	t.Helper()
	if got := r.in.Value(path); got != want {
		t.Errorf("%s is %q, want %q", path, got, want)
	}
}

var tones = map[string]theme.Tone{"conform": theme.Good, "breach": theme.Bad}

func TestAnswersReachTheInstance(t *testing.T) {
	asked := ""
	r := newRig(t, sample, formview.Options{Tones: tones, Attach: func(n forms.Node, then func(string)) {
		asked = n.Path
		then("IMG_0001.jpg")
	}})
	r.Fill("被检查单位", "华安建筑工程有限公司")
	r.Pick("检查类别", "专项检查")
	r.Fill("从业人数", "28")
	r.Settle()
	r.Fill("拖欠金额", "412600.5")
	r.Fill("检查日期", "2026.11.3")
	r.Press(fyne.KeyReturn)
	r.Fill("到场时间", "2026-11-03 08:05")
	r.Fill("离场时刻", "11:30")
	r.Tap("不符合")
	r.Settle()
	r.Fill("具体情况", "经查，")
	r.Tap("未开设农民工工资专用账户")
	r.Tap("工资表")
	r.Tap("照片")
	r.Fill("工地", "cn")
	r.Press(fyne.KeyReturn)
	r.Tap("已确认")
	r.Tap("选择照片")
	for path, want := range map[string]string{
		"/base/employer": "华安建筑工程有限公司", "/base/kind": "special", "/base/workers": "28", "/base/owed": "412600.5",
		"/base/day": "2026-11-03", "/base/at": "2026-11-03T08:05:00+08:00", "/base/clock": "11:30", "/base/twice": "56",
		"/findings/C01": "breach", "/findings/C01_note": "经查，未开设农民工工资专用账户", "/findings/proof": "photo roll",
		"/findings/site": "s2", "/findings/read": "OK", "/findings/photo": "IMG_0001.jpg",
	} {
		r.value(t, path, want)
	}
	if asked != "/findings/photo" {
		t.Errorf("a file was asked for %q", asked)
	}
	r.MustSee("56", "IMG_0001.jpg", "城南安置房", "《保障农民工工资支付条例》第二十六条", "请向当事人出示执法证件")
	if !r.view.Dirty() || len(r.changed) == 0 {
		t.Error("the owner was not told of the answers")
	}
	r.view.Saved()
	if r.view.Dirty() {
		t.Error("still dirty after saving")
	}
	r.Resize(1000, 1400)
	r.Capture("form-filled")
}

func TestHeadScrollsWithTheForm(t *testing.T) {
	head := widgets.NewPageTitle("登记册")
	r := newRig(t, sample, formview.Options{Head: head})
	r.Resize(1000, 400)
	r.MustSee("登记册", "被检查单位")
	before := fyne.CurrentApp().Driver().AbsolutePositionForObject(head).Y
	r.Focus(r.Input("已宣读"))
	if after := fyne.CurrentApp().Driver().AbsolutePositionForObject(head).Y; after >= before {
		t.Errorf("the head stays at %.0f while the form scrolls", after)
	}
	r.view.Rebuild()
	r.MustSee("登记册")
}

func TestTypingKeepsTheCaret(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Fill("被检查单位", "安薪")
	r.Press(fyne.KeyLeft)
	r.Type("心")
	r.value(t, "/base/employer", "安心薪")
}

func TestIrrelevantVanishesAndComesBack(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.MustNotSee("拖欠金额", "具体情况")
	r.Fill("从业人数", "3")
	r.Settle()
	r.Fill("拖欠金额", "100")
	r.Fill("从业人数", "0")
	r.Settle()
	r.MustNotSee("拖欠金额")
	r.Fill("从业人数", "4")
	r.Settle()
	r.MustSee("拖欠金额")
	r.value(t, "/base/owed", "100")
}

func TestErrors(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Fill("从业人数", "-1")
	r.MustNotSee("人数不能为负数") // not while it is typed
	r.Press(fyne.KeyReturn)
	r.MustSee("人数不能为负数")
	r.Fill("从业人数", "5")
	r.MustNotSee("人数不能为负数")
	r.MustNotSee("必填，请填写")
	if got, want := r.view.ShowErrors(), len(r.in.Errors()); got != want || want < 4 {
		t.Errorf("%d errors, the instance has %d", got, want)
	}
	if r.Focused() != r.Input("被检查单位") {
		t.Errorf("the keyboard is on %T, want the first wrong field", r.Focused())
	}
	r.MustSee("必填，请填写")
	r.Capture("form-errors")
}

func TestKeyboardOnly(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.view.FocusFirst()
	r.Type("华安")
	r.Press(fyne.KeyReturn)
	if _, ok := r.Focused().(*widgets.Select); !ok {
		t.Fatalf("Enter goes to %T, want the drop-down", r.Focused())
	}
	r.Press(fyne.KeyRight, fyne.KeyTab)
	r.Type("7")
	r.Settle()
	r.value(t, "/base/kind", "daily")
	r.value(t, "/base/workers", "7")
	verdict := r.Input("C01 已开设农民工工资专用账户，并用于支付本项目农民工工资")
	r.Focus(verdict)
	r.Type("3")
	r.value(t, "/findings/C01", "na")
	r.Press(fyne.KeyLeft)
	r.value(t, "/findings/C01", "breach")
	r.Press(fyne.KeyBackspace)
	r.value(t, "/findings/C01", "")
}

func TestFocusScrollsIntoView(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Resize(1000, 400)
	last := r.Input("已宣读").(fyne.CanvasObject)
	d := fyne.CurrentApp().Driver()
	if y := d.AbsolutePositionForObject(last).Y; y < 400 {
		t.Fatalf("the field is at %.0f, this test needs it out of sight", y)
	}
	r.Focus(last.(fyne.Focusable))
	if y := d.AbsolutePositionForObject(last).Y; y < 0 || y+last.Size().Height > 400 {
		t.Errorf("the field with the keyboard is at %.0f of 400", y)
	}
}

// TestFrozen: a frozen form reads as paper does, with nothing on it to fill in.
func TestFrozen(t *testing.T) {
	r := newRigWith(t, `
| survey |
| | type | name | label | hint | required | appearance | bind::law:phrases | bind::law:basis |
| | text | party | 被检查单位 | 写全称 | yes | | | |
| | text | facts | 查明的事实 | 写清时间 | | multiline | 未订立劳动合同 | 第十一条 |
| | datetime | at | 到达时间 | | | | | |
| | select_one levels | level | 情形 | | | minimal | | |
| | select_one levels | grade | 等级 | | | | | |
| choices |
| | list_name | name | label |
| | levels | a | 较轻 |
| | levels | b | 较重 |
| settings |
| | namespaces |
| | law="urn:anxin:law" |
`, forms.Env{Now: clock}, formview.Options{Now: clock})
	r.Fill("被检查单位", "华安")
	r.Fill("查明的事实", "拖欠工资")
	r.Fill("到达时间", "2026-09-18 09:30")
	r.Pick("情形", "较重")
	r.MustSee("写全称", "写清时间", "未订立劳动合同")
	r.in.Freeze()
	r.view.Rebuild()
	r.Settle()
	r.MustSee("华安", "拖欠工资", "2026-09-18 09:30", "较重", "第十一条")
	r.MustNotSee("写全称", "写清时间", "未订立劳动合同", "*")
	for range 3 { // only the choices in sight are widgets still
		r.Press(fyne.KeyTab)
		if e, ok := r.Focused().(*widgets.Entry); ok {
			t.Errorf("the keyboard comes to an input that says %q", e.Text)
		}
	}
}

func TestFrozenBehindItsBack(t *testing.T) {
	var failed error
	r := newRig(t, sample, formview.Options{Failed: func(err error) { failed = err }})
	r.Fill("被检查单位", "华安")
	r.in.Freeze()
	r.Fill("被检查单位", "别的单位")
	if failed == nil || !r.Sees("华安") || r.Sees("别的单位") {
		t.Errorf("a frozen form takes an answer: %v", failed)
	}
}

// brokenLists is a register that cannot be read.
type brokenLists struct{}

func (brokenLists) Search(string, forms.Filter, string, int) ([]forms.Item, error) {
	return nil, errors.New("单位登记册还没有下载，请先同步")
}

func TestChoicesThatCannotBeListed(t *testing.T) {
	r := newRigWith(t, `
| survey |
| | type | name | label |
| | select_one_from_file employers.csv | employer | 单位 |
`, forms.Env{Now: clock, Lists: brokenLists{}}, formview.Options{})
	r.MustSee("单位登记册还没有下载，请先同步")
}

func TestUnreadableDateIsKeptAndTold(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Fill("检查日期", "昨天")
	r.Press(fyne.KeyReturn)
	r.value(t, "/base/day", "昨天")
	r.MustSee("应填日期")
}

// A time that was filled in from the clock has seconds the field does not show:
// opening the form is not an answer to it.
func TestOpeningAFormAnswersNothing(t *testing.T) {
	const source = `
| survey |
| | type | name | label | default |
| | dateTime | at | 时间 | now() |
| | text | place | 地点 | |
`
	env := forms.Env{Now: func() time.Time { return clock().Add(42 * time.Second) }, Language: "zh"}
	r := newRigWith(t, source, env, formview.Options{})
	if r.view.Dirty() {
		t.Error("the form is dirty before anything was typed")
	}
	if got := r.in.Value("/at"); got == "" || got[17:19] != "42" {
		t.Errorf("the time became %q", got)
	}
}
