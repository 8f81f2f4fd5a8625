package formview_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/formview"
	"anxin/app/uitest"
)

// undo and redo press the keys where the keyboard is.
func (r *rig) undo() { r.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{}); r.Settle() }
func (r *rig) redo() { r.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutRedo{}); r.Settle() }

func TestUndoAcrossFields(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Fill("被检查单位", "华安")
	r.Fill("从业人数", "3")
	r.Settle()
	r.Tap("不符合")
	r.Settle()
	r.MustSee("拖欠金额", "具体情况")
	r.undo()
	r.values(t, map[string]string{"/findings/C01": "", "/base/workers": "3"})
	r.MustNotSee("具体情况")
	r.undo() // the number, letter by letter in its own input or at once
	r.value(t, "/base/workers", "")
	r.MustNotSee("拖欠金额")
	if r.Focused() != r.Input("从业人数") {
		t.Errorf("the keyboard is on %T, want the number taken back", r.Focused())
	}
	r.undo()
	r.value(t, "/base/employer", "")
	r.redo()
	r.redo()
	r.redo()
	r.values(t, map[string]string{"/base/employer": "华安", "/base/workers": "3", "/findings/C01": "breach"})
	r.MustSee("具体情况")
	if r.view.Redo() {
		t.Error("there was something more to do again")
	}
}

// A text takes its own letters back while it has the keyboard; then the form goes on.
func TestUndoInsideAText(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.Tap("符合")
	r.Fill("被检查单位", "华安")
	r.undo()
	r.value(t, "/base/employer", "")
	if r.Focused() != r.Input("被检查单位") {
		t.Error("the keyboard left the text")
	}
	r.undo()
	r.value(t, "/findings/C01", "")
}

// A pasted block, its new rows included, is taken back by one key and done again
// by one.
func TestUndoOfAPastedBlock(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.Type("张三")
	r.paste("李四\t木工\t30\n王五\t瓦工\t12\n赵六\t电工\t3\n")
	r.values(t, map[string]string{"/people[1]/name": "李四", "/people[3]/name": "赵六"})
	if !r.view.Undo() {
		t.Fatal("nothing to take back")
	}
	r.Settle()
	r.value(t, "/people[1]/name", "张三")
	if n := r.in.Count("/people"); n != 1 {
		t.Errorf("%d rows are left", n)
	}
	r.MustNotSee("王五", "赵六")
	if !r.view.Redo() {
		t.Fatal("nothing to do again")
	}
	r.Settle()
	r.values(t, map[string]string{"/people[1]/name": "李四", "/people[3]/name": "赵六"})
	r.MustSee("王五", "赵六")
}

func TestUndoOfRows(t *testing.T) {
	r := newRig(t, roll, formview.Options{})
	r.addRow()
	r.Type("张三")
	r.addRow()
	r.Type("李四")
	r.Shortcut(fyne.KeyUp, fyne.KeyModifierAlt)
	r.value(t, "/people[1]/name", "李四")
	r.undo()
	r.value(t, "/people[1]/name", "张三")
	r.Shortcut(fyne.KeyMinus, fyne.KeyModifierControl)
	if r.Sees("删除这一项") {
		r.Tap("删除这一项")
		r.Settle()
	}
	if r.in.Count("/people") != 1 {
		t.Fatalf("%d rows", r.in.Count("/people"))
	}
	if !r.view.Undo() {
		t.Fatal("nothing to take back")
	}
	r.Settle()
	r.values(t, map[string]string{"/people[1]/name": "张三", "/people[2]/name": "李四"})
	r.MustSee("张三", "李四")
}

func TestNextUnanswered(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	r.MustSee("还有 4 项必填未填")
	r.Tap("跳到下一项（F8）")
	if r.Focused() != r.Input("被检查单位") {
		t.Fatalf("the keyboard is on %T", r.Focused())
	}
	r.Type("华安")
	r.MustSee("还有 3 项必填未填")
	r.Press(fyne.KeyF8)
	if r.Focused() != r.Input("检查类别") {
		t.Fatalf("the keyboard is on %T", r.Focused())
	}
	r.Press(fyne.KeyF8)
	if r.Focused() != r.Input("检查日期") {
		t.Fatalf("the keyboard is on %T", r.Focused())
	}
	r.Pick("检查类别", "专项检查")
	r.Fill("检查日期", "2026-11-03")
	r.Tap("已确认")
	r.Settle()
	r.MustNotSee("必填未填")
	r.Tap("不符合")
	r.Settle()
	r.MustSee("还有 1 项必填未填")
	r.in.Freeze()
	r.view.Rebuild()
	r.Settle()
	r.MustNotSee("必填未填")
}

func TestRequiredStripInEnglish(t *testing.T) {
	r := newRig(t, sample, formview.Options{})
	uitest.Language(t, "en")
	t.Cleanup(func() { uitest.Language(t, "zh-Hans") })
	r.view.ShowErrors()
	r.view.Rebuild()
	r.Settle()
	r.MustSee("4 required questions", "Required, please fill in")
}
