package day_test

import (
	"slices"
	"strings"
	"testing"

	"anxin/app/casework"
)

func TestEveryOddThingOfTheDayIsNamedWithItsPlace(t *testing.T) {
	_, sum := worked(t)
	cases := []struct {
		name, where string
		parts       []string
	}{
		{"office's own blanks", "设置", []string{"地址", "邮编", "联系电话"}},
		{"employer listed twice", "registers.xlsx 用人单位!A7（单位名称）", []string{"常德沅澧建筑工程有限公司", "合并"}},
		{"the two rows differ", "registers.xlsx 用人单位!H7（从业人数）", []string{"120", "44", "保留"}},
		{"code with a wrong check digit", "registers.xlsx 用人单位!B5（统一社会信用代码）", []string{"校验不符", "92430725D1TJ3Y7L4A", "保存"}},
		{"expired certificate", "registers.xlsx 执法人员!F4（有效期至）", []string{"王小明", "2025-12-31", "到期", "第四十二条"}},
		{"assistant", "registers.xlsx 执法人员!G5（角色）", []string{"李倩", "协管员", "不能作为两名承办人员之一"}},
		{"reviewer", "registers.xlsx 执法人员!G6（角色）", []string{"孙法", "法制审核"}},
		{"identity number with a wrong check digit", "roster.xlsx 拖欠工资明细!C13（身份证号码）", []string{"校验不符", "保存"}},
		{"identity number used twice", "roster.xlsx 拖欠工资明细!C25（身份证号码）", []string{"第9行", "周永玉", "相同"}},
		{"worker of fifteen", "roster.xlsx 拖欠工资明细!C27（身份证号码）", []string{"韩建", "2011年3月14日", "不满16周岁", "《禁止使用童工规定》第二条"}},
		{"total row that does not add up", "roster.xlsx 拖欠工资明细!I33（欠发(元)）", []string{"668311.31", wantFigure}},
		{"item not checked, without a reason", "现场检查笔录", []string{"C31", "未查", "原因"}},
		{"statement without an identity number", "调查询问笔录", []string{"证件号码没有填写"}},
		{"PNG named .jpg", "工资表 第1页.png.jpg", []string{"image/png", "原样保存"}},
		{"photo cut off", "broken.jpg", []string{"不完整", "原样保存"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			i := slices.IndexFunc(sum.Warnings, func(w casework.Warning) bool { return w.Where == c.where })
			if i < 0 {
				t.Fatalf("nothing is said of %s in %v", c.where, sum.Warnings)
			}
			for _, p := range c.parts {
				if !strings.Contains(sum.Warnings[i].Text, p) {
					t.Errorf("%s lacks %q", sum.Warnings[i], p)
				}
			}
		})
	}
	if len(sum.Warnings) != len(cases) {
		t.Errorf("%d warnings, want the %d above and no more: %v", len(sum.Warnings), len(cases), sum.Warnings)
	}
}
