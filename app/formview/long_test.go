package formview_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/formview"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/xlsform"
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

// plain is a form of so many questions that are all in sight at once, every fourth
// a long note without a stop of the Tab key.
func plain(questions int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | required |\n")
	for i := range questions {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "| | text | q%d | 第 %d 题 被检查单位是否已经按照规定填写并且留存本项目的农民工进出场记录和考勤表 | |\n", i, i)
		case 1:
			fmt.Fprintf(&b, "| | select_one verdict | q%d | 第 %d 题 | yes |\n", i, i)
		case 2:
			fmt.Fprintf(&b, "| | note | q%d | 第 %d 条说明 %s | |\n", i, i, strings.Repeat("请当事人如实陈述，", 30))
		default:
			fmt.Fprintf(&b, "| | integer | q%d | 第 %d 题 | |\n", i, i)
		}
	}
	b.WriteString("\n| choices |\n| | list_name | name | label |\n| | verdict | conform | 符合 |\n| | verdict | breach | 不符合 |\n")
	return b.String()
}

// count is how many widgets a screen holds, in sight or not.
func (r *rig) count() (n int) {
	r.Each(func(o fyne.CanvasObject) {
		if _, ok := o.(fyne.Widget); ok {
			n++
		}
	})
	return n
}

func TestOnlyWhatIsInSightHasWidgets(t *testing.T) {
	few := newRig(t, plain(40), formview.Options{})
	whole := few.count() * 551 / 40
	r := newRig(t, plain(551), formview.Options{})
	if got := r.count(); got > whole/5 {
		t.Errorf("%d widgets for 551 questions, all of them would be about %d", got, whole)
	}
	r.MustSee("第 0 题")
	r.MustNotSee("第 304 题")
	if !r.view.Jump("/q304") {
		t.Fatal("no way to question 304")
	}
	r.Settle()
	r.MustSee("第 304 题", "第 305 题", "第 303 题")
	r.Type("看到了")
	r.value(t, "/q304", "看到了")
	if got := r.count(); got > whole/5 {
		t.Errorf("%d widgets after a jump", got)
	}
	r.Capture("form-long-middle")
}

// Tab reaches every question of a long form and no other, in order, and back.
func TestTabGoesThroughALongForm(t *testing.T) {
	r := newRig(t, plain(551), formview.Options{})
	d := fyne.CurrentApp().Driver()
	r.view.FocusFirst()
	for i := range 551 {
		if i%4 == 2 {
			continue
		}
		if i > 0 {
			r.Press(fyne.KeyTab)
		}
		at := d.AbsolutePositionForObject(r.Focused().(fyne.CanvasObject))
		if at.Y < 0 || at.Y > 760 {
			t.Fatalf("question %d has the keyboard out of sight, at %.0f", i, at.Y)
		}
		if i%40 > 4 {
			continue // what is typed is tried here and there
		}
		switch i % 4 {
		case 0:
			r.Type("答")
			r.value(t, fmt.Sprintf("/q%d", i), "答")
		case 1:
			r.Type("2")
			r.value(t, fmt.Sprintf("/q%d", i), "breach")
		default:
			r.Type("7")
			r.value(t, fmt.Sprintf("/q%d", i), "7")
		}
	}
	for i := 550; i > 480; i-- {
		if i%4 == 2 {
			continue
		}
		if got := r.view.WithKeyboard(); got != fmt.Sprintf("/q%d", i) {
			t.Fatalf("Shift+Tab came to %s, want /q%d", got, i)
		}
		r.Win.Canvas().FocusPrevious()
	}
}

// What is scrolled away keeps the keyboard and what was typed.
func TestScrollingAwayLosesNothing(t *testing.T) {
	r := newRig(t, plain(551), formview.Options{})
	r.view.FocusFirst()
	r.Type("写到一半")
	wheel := func(by float32) {
		r.Each(func(o fyne.CanvasObject) {
			if w, ok := o.(*widgets.WheelLayer); ok {
				w.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, by)})
			}
		})
	}
	for range 80 {
		wheel(-200)
	}
	r.MustNotSee("第 12 题")
	r.Type("，继续")
	r.value(t, "/q0", "写到一半，继续")
	r.Press(fyne.KeyTab)
	if got := r.view.WithKeyboard(); got != "/q1" {
		t.Errorf("Tab went to %s from a question out of sight", got)
	}
	r.Settle()
	r.MustSee("第 1 题")
	r.MustSee("第 0 题")
}

func BenchmarkOpen560(b *testing.B) {
	source := big(560)
	for b.Loop() {
		newRig(b, source, formview.Options{})
	}
}

func BenchmarkOpen551InSight(b *testing.B) {
	source := plain(551)
	var r *rig
	for b.Loop() {
		r = newRig(b, source, formview.Options{})
	}
	b.ReportMetric(float64(r.count()), "widgets")
}

// BenchmarkWidgets551 measures the heap a drawn form of 551 questions holds beside
// its instance.
func BenchmarkWidgets551(b *testing.B) {
	form, err := xlsform.CompileMarkdown(plain(551), "plain")
	if err != nil {
		b.Fatal(err)
	}
	screen := uitest.New(b)
	var held float64
	for b.Loop() {
		in, err := forms.New(form, forms.Env{Now: clock})
		if err != nil {
			b.Fatal(err)
		}
		before := heap()
		view := formview.New(in, formview.Options{Now: clock, Window: screen.Win})
		screen.Show(view.Root())
		held = float64(heap()) - float64(before)
		runtime.KeepAlive(view)
	}
	b.ReportMetric(held/1024, "KiB/form")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAnswer560 is one answer with what it brings to the screen: three questions
// come and go in sight.
func BenchmarkAnswer560(b *testing.B) {
	r := newRig(b, big(560), formview.Options{})
	for i := 0; b.Loop(); i++ {
		changed, err := r.in.Set("/g0/c2", []string{"breach", "conform"}[i%2])
		if err != nil {
			b.Fatal(err)
		}
		r.view.Apply(changed)
	}
}

// BenchmarkTyping551 is one letter typed into a question.
func BenchmarkTyping551(b *testing.B) {
	r := newRig(b, plain(551), formview.Options{})
	r.view.FocusFirst()
	for i := 0; b.Loop(); i++ {
		if i%40 == 39 {
			r.Focused().(interface{ SetText(string) }).SetText("")
		}
		r.Focused().TypedRune('字')
	}
}
