package formview_test

import (
	"image"
	"image/color"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"anxin/app/formview"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/forms"
)

// looks has every appearance of the profile, in two languages.
const looks = `
| survey |
| | type | name | label::中文 (zh) | label::English (en) | appearance | parameters |
| | begin group | scales | 量表 | Scales | | |
| | select_one agree | happy | 工资按时发放 | Paid on time | likert | |
| | range | rate | 满意程度 | Satisfaction | | start=0 end=10 step=2 |
| | rank proof | order | 证据顺序 | Order of evidence | | |
| | end group | | | | | |
| | begin group | grid | 现场设施 | Facilities | table-list | |
| | select_one yn | board | 公示牌 | Notice board | | |
| | select_one yn | gate | 实名制通道 | Turnstile | | |
| | select_multiple yn | any | 其他 | Other | | |
| | end group | | | | | |
| | begin group | hand | 手工表 | By hand | field-list | |
| | select_one yn | head | 项目 | Item | label | |
| | select_one yn | water | 饮水 | Water | list-nolabel | |
| | select_one yn | light | 照明 | Light | list-nolabel | |
| | end group | | | | | |
| | begin group | wide | 宽度 | Widths | | |
| | text | province | 省 | Province | w3 | |
| | text | county | 县 | County | w3 | |
| | text | street | 街道 | Street | w6 | |
| | text | rest | 其余 | Rest | w12 | |
| | end group | | | | | |
| | begin group | days | 日期 | Dates | | |
| | date | plain | 无日历 | No calendar | no-calendar | |
| | date | month | 月份 | Month | month-year | |
| | date | year | 年份 | Year | year | |
| | time | clock | 时刻 | Time | | |
| | end group | | | | | |
| | begin group | things | 附件 | Attachments | | |
| | image | photo | 照片 | Photo | | |
| | image | sign | 签名 | Signature | signature | |
| | audio | sound | 录音 | Recording | | |
| | video | film | 录像 | Video | | |
| | file | paper | 文件 | File | | |
| | geopoint | place | 位置 | Place | | |
| | barcode | code | 条码 | Code | | |
| | select_one town | town | 乡镇 | Town | minimal | |
| | select_multiple town | towns | 涉及乡镇 | Towns | minimal | |
| | end group | | | | | |

| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | agree | 1 | 很不同意 | Strongly disagree |
| | agree | 2 | 不同意 | Disagree |
| | agree | 3 | 一般 | Neutral |
| | agree | 4 | 同意 | Agree |
| | agree | 5 | 很同意 | Strongly agree |
| | yn | y | 有 | Yes |
| | yn | n | 没有 | No |
| | yn | u | 不清楚 | Unknown |
| | proof | photo | 照片 | Photo |
| | proof | roll | 工资表 | Roll |
| | proof | record | 笔录 | Record |
| | town | cq | 拆迁中心 | Demolition centre |
| | town | cx | 城西镇 | Chengxi |
| | town | zq | 重庆路街道 | Chongqing Road |

| settings |
| | form_title | form_id | version | default_language |
| | 外观 | looks | 1 | zh |
`

func newLooks(t *testing.T, language string, o formview.Options) *rig {
	t.Helper()
	o.Language = language
	return newRigWith(t, looks, forms.Env{Now: clock, Language: language}, o)
}

func (r *rig) values(t *testing.T, want map[string]string) {
	t.Helper()
	for path, v := range want {
		r.value(t, path, v)
	}
}

func TestScalesByKeyboard(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	r.Focus(r.Input("工资按时发放"))
	r.Type("4")
	r.Focus(r.Input("满意程度"))
	r.Press(fyne.KeyRight, fyne.KeyRight)
	r.value(t, "/scales/rate", "4")
	r.Type("10")
	r.value(t, "/scales/rate", "10")
	r.Press(fyne.KeyBackspace)
	r.value(t, "/scales/rate", "")
	r.Press(fyne.KeyHome)
	r.value(t, "/scales/rate", "0") // the beginning of the scale is an answer too
	r.Focus(r.Input("证据顺序"))
	r.value(t, "/scales/order", "")
	r.Press(fyne.KeyDown, fyne.KeyDown)
	r.Type("1")
	r.values(t, map[string]string{"/scales/happy": "4", "/scales/order": "record photo roll"})
	r.Shortcut(fyne.KeyDown, fyne.KeyModifierControl)
	r.value(t, "/scales/order", "photo record roll")
	r.Press(fyne.KeyBackspace)
	r.value(t, "/scales/order", "")
	r.Press(fyne.KeySpace) // takes the order the choices are listed in
	r.value(t, "/scales/order", "photo roll record")
}

func TestGridsOfChoices(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	r.MustSee("现场设施", "没有", "不清楚", "手工表")
	r.Focus(r.Input("公示牌"))
	r.Type("2")
	r.Press(fyne.KeyDown)
	r.Type("1")
	r.Press(fyne.KeyRight, fyne.KeyReturn)
	r.Type("1")
	r.Press(fyne.KeyRight, fyne.KeyRight, fyne.KeySpace)
	r.Focus(r.Input("饮水"))
	r.Press(fyne.KeySpace)
	r.values(t, map[string]string{"/grid/board": "n", "/grid/gate": "n", "/grid/any": "y u", "/hand/water": "y", "/hand/head": ""})
	r.Press(fyne.KeyBackspace)
	r.value(t, "/hand/water", "")
	marks := r.Input("照明").(*widgets.Marks)
	marks.Tapped(&fyne.PointEvent{Position: fyne.NewPos(marks.Size().Width-4, 4)})
	r.value(t, "/hand/light", "u")
}

func TestWidths(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	d := fyne.CurrentApp().Driver()
	at := func(label string) (fyne.Position, fyne.Size) {
		o := r.Input(label).(fyne.CanvasObject)
		return d.AbsolutePositionForObject(o), o.Size()
	}
	province, third := at("省")
	county, _ := at("县")
	street, half := at("街道")
	rest, whole := at("其余")
	if province.Y != county.Y || county.Y != street.Y || rest.Y <= street.Y || province.X >= county.X || county.X >= street.X {
		t.Errorf("w3 w3 w6 and w12 stand at %v %v %v %v", province, county, street, rest)
	}
	if third.Width*1.9 > half.Width || half.Width*1.9 > whole.Width {
		t.Errorf("w3 %.0f, w6 %.0f, w12 %.0f wide", third.Width, half.Width, whole.Width)
	}
}

func TestDatesOfEveryGrain(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	r.Fill("无日历", "2026年3月5日")
	r.Press(fyne.KeyDown) // there is no calendar to open
	if r.Win.Canvas().Overlays().Top() != nil {
		t.Error("a calendar opened")
	}
	r.Fill("月份", "2026.9")
	r.Press(fyne.KeyUp, fyne.KeyReturn)
	r.Fill("年份", "2025年")
	r.Press(fyne.KeyReturn)
	r.Fill("时刻", "９点30分")
	r.Press(fyne.KeyReturn)
	r.values(t, map[string]string{"/days/plain": "2026-03-05", "/days/month": "2026-10-01", "/days/year": "2025-01-01", "/days/clock": "09:30"})
	r.MustSee("2026-10", "09:30")
	r.Fill("年份", "去年")
	r.Press(fyne.KeyReturn)
	r.value(t, "/days/year", "去年")
	r.MustSee("应填日期")
}

func TestAttachmentsShowWhatTheyAre(t *testing.T) {
	names := map[string]string{"/things/photo": "IMG_1.jpg", "/things/sound": "REC_1.wav", "/things/film": "VID_1.mp4", "/things/paper": "合同.pdf"}
	picture := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range picture.Pix {
		picture.Pix[i] = 0x99
	}
	r := newLooks(t, "zh", formview.Options{
		Attach: func(n forms.Node, then func(string)) { then(names[n.Path]) },
		Thumbnail: func(name string) image.Image {
			if name != "IMG_1.jpg" {
				return nil
			}
			return picture
		},
	})
	for _, verb := range []string{"选择照片", "选择录音", "选择录像", "选择文件"} {
		r.Tap(verb)
	}
	r.Settle()
	r.values(t, names)
	r.MustSee("IMG_1.jpg", "REC_1.wav", "VID_1.mp4", "合同.pdf")
	thumbs := 0
	r.Each(func(o fyne.CanvasObject) {
		if i, ok := o.(*canvas.Image); ok && i.Image == picture && i.Size().Width > 40 {
			thumbs++
		}
	})
	if thumbs != 1 {
		t.Errorf("%d thumbnails, want 1", thumbs)
	}
	r.Buttons("移除")[0].Tapped(nil)
	r.value(t, "/things/photo", "")
	r.MustNotSee("IMG_1.jpg")
}

func TestPlaceAndCode(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	r.Fill("位置", "31.23, 121.47")
	r.value(t, "/things/place", "31.23 121.47")
	r.Press(fyne.KeyTab)
	r.Type("500")
	r.Press(fyne.KeyTab)
	r.value(t, "/things/place", "31.23 500")
	r.MustSee("应填“纬度 经度”")
	r.Fill("条码", "6901234567892")
	r.Press(fyne.KeyReturn) // a scanner ends with Enter
	r.value(t, "/things/code", "6901234567892")
	if r.Focused() == r.Input("条码") {
		t.Error("the scanner's Enter does not go on")
	}
}

func TestChoicesByInitials(t *testing.T) {
	r := newLooks(t, "zh", formview.Options{})
	r.Focus(r.Input("乡镇"))
	r.Type("cqzx")
	r.MustSee("拆迁中心")
	r.MustNotSee("城西镇")
	r.Press(fyne.KeyReturn)
	r.value(t, "/things/town", "cq")
	r.Focus(r.Input("涉及乡镇"))
	r.Type("cql") // 重 is read chong here, zhong elsewhere
	r.Press(fyne.KeyReturn)
	r.Type("zql")
	r.MustSee("重庆路街道")
	r.Press(fyne.KeyReturn)
	r.Type("cx")
	r.Press(fyne.KeyReturn)
	r.value(t, "/things/towns", "zq cx")
	r.MustSee("重庆路街道  ✕", "城西镇  ✕")
	r.Press(fyne.KeyBackspace)
	r.value(t, "/things/towns", "zq")
	r.Tap("重庆路街道  ✕")
	r.value(t, "/things/towns", "")
}

func TestEveryLookInEnglish(t *testing.T) {
	r := newLooks(t, "en", formview.Options{Attach: func(forms.Node, func(string)) {}})
	uitest.Language(t, "en")
	t.Cleanup(func() { uitest.Language(t, "zh-Hans") })
	r.view.Rebuild()
	r.Settle()
	r.MustSee("Scales", "Strongly disagree", "Facilities", "Turnstile", "Unknown", "Province", "Month", "Choose a recording", "Choose a video", "Code")
	r.Each(func(o fyne.CanvasObject) {
		if text, ok := o.(*canvas.Text); ok && hasHan(text.Text) && text.Color != color.Transparent {
			t.Errorf("Chinese on the English screen: %q", text.Text)
		}
	})
}

func hasHan(text string) bool {
	for _, r := range text {
		if r >= 0x4e00 && r <= 0x9fff {
			return true
		}
	}
	return false
}

func TestLooksInPictures(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height float32
		scale         float32
	}{{"looks-900", 900, 600, 1}, {"looks-1366", 1366, 768, 1}, {"looks-900-150", 900, 600, 1.5}, {"looks-1366-150", 1366, 768, 1.5}} {
		t.Run(c.name, func(t *testing.T) {
			r := newLooks(t, "zh", formview.Options{Attach: func(forms.Node, func(string)) {}})
			r.Scale(c.scale)
			r.view.Rebuild()
			r.Resize(c.width, c.height)
			r.Focus(r.Input("工资按时发放"))
			r.Type("4")
			r.Capture(c.name)
			for _, path := range []string{"/wide/province", "/things/towns"} {
				r.view.Jump(path)
				r.Settle()
				r.Capture(c.name + "-" + path[1:3])
			}
			if least := r.view.Root().MinSize().Width; least > 640*c.scale {
				t.Errorf("the form wants at least %.0f", least)
			}
		})
	}
}

// register is a list of 100,000 employers of which only what is asked for comes out.
type register struct {
	most  int      // rows handed out at once
	asked []string // the texts looked up
}

func (l *register) Search(list string, where forms.Filter, text string, limit int) ([]forms.Item, error) {
	if text != "" {
		l.asked = append(l.asked, text)
	}
	var found []forms.Item
	for i := 0; i < 100000 && len(found) < limit; i++ {
		number := strconv.Itoa(i)
		item := map[string]string{"name": "e" + number, "label": "第" + number + "建筑公司"}
		if strings.Contains(item["label"], text) && where.Holds(func(field string) string { return item[field] }) {
			found = append(found, item)
		}
	}
	l.most = max(l.most, len(found))
	return found, nil
}

func TestRegisterIsAskedNotLoaded(t *testing.T) {
	list := &register{}
	r := newRigWith(t, `
| survey |
| | type | name | label |
| | select_one_from_file employers.csv | employer | 单位 |
| | select_multiple_from_file employers.csv | others | 其他单位 |
`, forms.Env{Now: clock, Lists: list}, formview.Options{})
	r.Focus(r.Input("单位"))
	r.Type("9999")
	r.MustSee("第9999建筑公司", "还有更多")
	r.Press(fyne.KeyReturn)
	r.value(t, "/employer", "e9999")
	r.Focus(r.Input("其他单位"))
	r.Type("第77777建")
	r.Press(fyne.KeyReturn)
	r.value(t, "/others", "e77777")
	r.MustSee("第77777建筑公司  ✕")
	if list.most > 20 || len(list.asked) == 0 {
		t.Errorf("%d rows were taken out of the register at once, asked %q", list.most, list.asked)
	}
	r.Type("没有这家")
	r.MustSee("没有找到")
}
