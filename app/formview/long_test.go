package formview_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"anxin/app/formview"
	"anxin/assets"
	"anxin/forms"
)

// TestSiteChecklist draws the checklist the program carries.
func TestSiteChecklist(t *testing.T) {
	source, err := fs.ReadFile(assets.Forms, "checklist.md")
	if err != nil {
		t.Fatal(err)
	}
	r := newRigWith(t, string(source), forms.Env{Now: clock, Language: "zh"}, formview.Options{Tones: tones, Language: "zh"})
	r.Tap("不符合")
	r.Settle()
	r.MustSee("资金与合同", "具体情况", "涉及劳动者人数")
	r.Capture("form-site-checklist")
}

// big is a form of many questions with verdicts, as a long checklist is.
func big(questions int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant |\n")
	for i := range questions / 4 {
		if i%10 == 0 {
			fmt.Fprintf(&b, "| | begin group | g%d | 第 %d 组 | |\n", i/10, i/10+1)
		}
		fmt.Fprintf(&b, "| | select_one verdict | c%d | C%d 已按月考核农民工工作量并编制工资支付表，经农民工本人签字确认 | |\n", i, i)
		for _, extra := range []string{"note", "workers", "reason"} {
			fmt.Fprintf(&b, "| | text | c%d_%s | 具体情况 | ${c%d} = 'breach' |\n", i, extra, i)
		}
		if i%10 == 9 {
			b.WriteString("| | end group | | | |\n")
		}
	}
	b.WriteString("\n| choices |\n| | list_name | name | label |\n| | verdict | conform | 符合 |\n| | verdict | breach | 不符合 |\n| | verdict | na | 不适用 |\n| | verdict | unchecked | 未查 |\n")
	return b.String()
}

func TestLongChecklist(t *testing.T) {
	r := newRig(t, big(560), formview.Options{Tones: tones})
	r.Tap("不符合")
	r.Settle()
	r.MustSee("具体情况")
	r.value(t, "/g0/c0", "breach")
	r.Capture("form-checklist")
}

func BenchmarkOpen560(b *testing.B) {
	source := big(560)
	for b.Loop() {
		newRig(b, source, formview.Options{})
	}
}

func BenchmarkAnswer560(b *testing.B) {
	r := newRig(b, big(560), formview.Options{})
	for i := 0; b.Loop(); i++ {
		verdict := []string{"breach", "conform"}[i%2]
		changed, err := r.in.Set("/g7/c77", verdict)
		if err != nil {
			b.Fatal(err)
		}
		r.view.Apply(changed)
	}
}
