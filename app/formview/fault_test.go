package formview_test

import (
	"testing"

	"anxin/app/formview"
	"anxin/app/lang"
	"anxin/assets"
)

const faulty = `
| survey |
| | type | name | label::中文 (zh) | label::English (en) | required | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | parameters |
| | text | who | 姓名 | Name | yes | | | | |
| | integer | days | 天数 | Days | | | | | |
| | decimal | pay | 工资 | Pay | | | | | |
| | range | score | 得分 | Score | | | | | start=1 end=5 |
| | date | day | 日期 | Day | | | | | |
| | time | hour | 时刻 | Hour | | | | | |
| | dateTime | at | 时间 | Moment | | | | | |
| | geopoint | place | 位置 | Place | | | | | |
| | acknowledge | read | 已读 | Read | | | | | |
| | select_one yn | yn | 是否 | Answer | | | | | |
| | text | code | 代码 | Code | | . = 'x' | | | |
| | text | own | 自定 | Own | | . = 'x' | 请填 x | Write x | |

| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | yn | y | 是 | Yes |
`

var faultyAnswers = map[string]string{"/days": "1.5", "/pay": "x", "/score": "9", "/day": "x", "/hour": "x", "/at": "x", "/place": "x", "/read": "x", "/yn": "z", "/code": "1", "/own": "1"}

// What is wrong with an answer is said in the language of the screen, in the
// form's own words where it has some.
func TestFaultsInTheLanguageOfTheScreen(t *testing.T) {
	t.Cleanup(func() {
		if err := lang.Load(assets.Lang, "zh-Hans"); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct {
		tag, form string
		want      []string
	}{
		{"zh-Hans", "zh", []string{"必填，请填写", "应填整数", "应填数字", "应在 1 到 5 之间", "应填日期，", "应填时刻", "应填日期和时刻", "应填“纬度 经度”", "只能勾选", "所选的“z”不在", "不符合要求", "请填 x"}},
		{"en", "en", []string{"Required", "whole number", "a number", "between 1 and 5", "Enter a date,", "Enter a time", "a date and time", "latitude", "ticked", "“z” is not among", "does not meet", "Write x"}},
	} {
		t.Run(c.tag, func(t *testing.T) {
			r := newRig(t, faulty, formview.Options{Language: c.form})
			if err := lang.Load(assets.Lang, c.tag); err != nil {
				t.Fatal(err)
			}
			r.in.SetLanguage(c.form)
			for path, answer := range faultyAnswers {
				if _, err := r.in.Set(path, answer); err != nil {
					t.Fatal(err)
				}
			}
			r.view.Rebuild()
			if n := r.view.ShowErrors(); n != len(c.want) {
				t.Errorf("%d errors of %d", n, len(c.want))
			}
			r.Settle()
			r.MustSee(c.want...)
		})
	}
}
