package dialogs_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

func screen(t *testing.T) *uitest.Screen {
	s := uitest.New(t)
	s.Resize(900, 600)
	s.Show(widget.NewLabel("页面"))
	return s
}

func TestConfirmKeys(t *testing.T) {
	cases := []struct {
		name   string
		danger bool
		press  fyne.KeyName
		want   string
	}{
		{"Enter does what the verb says", false, fyne.KeyReturn, "yes"},
		{"Escape cancels", false, fyne.KeyEscape, "no"},
		{"Enter on a dangerous act cancels", true, fyne.KeyReturn, "no"},
		{"Escape on a dangerous act cancels", true, fyne.KeyEscape, "no"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := screen(t)
			got := ""
			dialogs.Confirm(s.Win, dialogs.Question{
				Title: "删除检查记录", Text: "确定要删除选中的 1 条检查记录吗？", Verb: "删除", Danger: c.danger,
				Yes: func() { got = "yes" }, No: func() { got = "no" },
			})
			s.MustSee("删除检查记录", "取消")
			s.Press(c.press)
			if got != c.want {
				t.Errorf("answered %q, want %q", got, c.want)
			}
			if s.Win.Canvas().Overlays().Top() != nil {
				t.Error("the dialog is still open")
			}
		})
	}
}

// TestKeysGivenBack guards the window's own keys: a dialog takes them only while it is open.
func TestKeysGivenBack(t *testing.T) {
	s := screen(t)
	typed := 0
	s.Win.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { typed++ })
	dialogs.Inform(s.Win, "提示", "已完成")
	s.Press(fyne.KeyF5)
	s.Press(fyne.KeyEscape)
	if typed != 0 {
		t.Fatalf("the window heard %d keys under the dialog", typed)
	}
	s.Press(fyne.KeyF5)
	if typed != 1 {
		t.Errorf("the window heard %d keys after the dialog, want 1", typed)
	}
}

func TestChoose(t *testing.T) {
	s := screen(t)
	got := ""
	way := func(name string) widgets.Action { return widgets.Action{Label: name, Do: func() { got = name }} }
	ask := func() {
		dialogs.Choose(s.Win, "未保存", "要保存吗？", func() { got = "stay" }, way("不保存"), way("保存"))
	}
	for key, want := range map[fyne.KeyName]string{fyne.KeyEscape: "stay", fyne.KeyReturn: "保存"} {
		ask()
		s.Press(key)
		if got != want {
			t.Errorf("%s answered %q, want %q", key, got, want)
		}
	}
	ask()
	s.Tap("不保存")
	if got != "不保存" {
		t.Errorf("tap answered %q", got)
	}
}

func TestAskKeepsOpenOnError(t *testing.T) {
	s := screen(t)
	got := ""
	dialogs.Ask(s.Win, dialogs.Prompt{
		Title: "作废文号", Label: "作废原因", Verb: "作废",
		Check: func(text string) error {
			if len([]rune(text)) < 4 {
				return errors.New("作废原因至少写 4 个字")
			}
			return nil
		},
		OK: func(text string) { got = text },
	})
	s.Type("写错")
	s.Press(fyne.KeyReturn)
	s.MustSee("作废原因至少写 4 个字")
	s.Capture("dialog-ask")
	s.Type("日期了")
	s.Press(fyne.KeyReturn)
	if got != "写错日期了" {
		t.Errorf("got %q", got)
	}
}

func TestPassphrase(t *testing.T) {
	s := screen(t)
	got := ""
	dialogs.Passphrase(s.Win, dialogs.PassphrasePrompt{
		Title: "设置口令", Text: "口令用来解开本机的数据，请记牢。", Verb: "设置", Repeat: true,
		OK: func(phrase string) { got = phrase },
	})
	s.Press(fyne.KeyReturn) // to the second input
	s.Press(fyne.KeyReturn)
	s.MustSee("请输入口令")
	s.Fill("口令", "correct horse")
	s.Fill("再输一遍", "correct hearse")
	s.Press(fyne.KeyReturn)
	s.MustSee("两次输入的口令不一样")
	s.Fill("再输一遍", "correct horse")
	s.Tap("设置")
	if got != "correct horse" {
		t.Errorf("got %q", got)
	}
}

func TestWorkingCancels(t *testing.T) {
	s := screen(t)
	cancelled := 0
	w := dialogs.ShowWorking(s.Win, "正在导出", func() { cancelled++ })
	w.Set(0.5, "第 14 页")
	s.MustSee("第 14 页")
	s.Press(fyne.KeyEscape)
	w.Done()
	if cancelled != 1 {
		t.Errorf("cancelled %d times, want once", cancelled)
	}
	s.MustNotSee("正在导出")
}

// TestWorkingEndsUnderAnotherDialog: the work ends while its error or a question
// stands above it; the dialog above keeps its keys and the window gets them back.
func TestWorkingEndsUnderAnotherDialog(t *testing.T) {
	s := screen(t)
	window := 0
	s.Win.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { window++ })
	w := dialogs.ShowWorking(s.Win, "正在导出", nil)
	dialogs.Inform(s.Win, "提示", "打印机没有纸")
	w.Done()
	s.MustSee("打印机没有纸")
	s.Press(fyne.KeyEscape)
	s.MustNotSee("打印机没有纸")
	s.Press(fyne.KeyF5)
	if window != 1 {
		t.Errorf("the window heard %d keys, want only the one after the dialogs", window)
	}
}

func TestErrorDialog(t *testing.T) {
	s := screen(t)
	dialogs.Error(s.Win, context.Canceled)
	if s.Win.Canvas().Overlays().Top() != nil {
		t.Fatal("a cancelled work shows a dialog")
	}
	dialogs.Error(s.Win, fmt.Errorf("import roll: %w", errors.New("工资表“9月!D14”不是金额，请改成数字后重新导入")))
	s.MustSee("工资表“9月!D14”不是金额")
	s.MustNotSee("import roll")
	s.Capture("dialog-error")
	s.Tap("查看技术详情")
	s.MustSee("import roll")
	s.Press(fyne.KeyEscape)
	s.MustNotSee("没有成功")
}

func TestSentence(t *testing.T) {
	uitest.Language(t, "zh-Hans")
	own := errors.New("第 3 行缺少姓名，请补上")
	cases := []struct {
		name string
		err  error
		want string
	}{
		{"none", nil, ""},
		{"own", own, "第 3 行缺少姓名，请补上"},
		{"own in context", fmt.Errorf("open: %w", fmt.Errorf("row: %w", own)), "第 3 行缺少姓名，请补上"},
		{"outermost own", fmt.Errorf("导入失败：%w", own), "导入失败：第 3 行缺少姓名，请补上"},
		{"several", fmt.Errorf("check: %w", errors.Join(own, errors.New("第 4 行缺少金额，请补上"))), "第 3 行缺少姓名，请补上\n第 4 行缺少金额，请补上"},
		{"no file", &fs.PathError{Op: "open", Path: "工资表.xlsx", Err: fs.ErrNotExist}, "找不到文件“工资表.xlsx”"},
		{"no right", &fs.PathError{Op: "open", Path: "工资表.xlsx", Err: fs.ErrPermission}, "没有权限读写“工资表.xlsx”"},
		{"full", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, "磁盘空间不足"},
		{"network", &net.OpError{Op: "dial", Err: errors.New("refused")}, "连不上服务器"},
		{"late", fmt.Errorf("push: %w", context.DeadlineExceeded), "等待太久没有回应"},
		{"unexpected", errors.New("EOF"), "出了意外的问题"},
	}
	for _, c := range cases {
		if got := dialogs.Sentence(c.err); !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: %q, want it to begin with %q", c.name, got, c.want)
		}
	}
}

func TestSign(t *testing.T) {
	s := screen(t)
	var picture []byte
	var written [][]widgets.Point
	dialogs.Sign(s.Win, "当事人签名", time.Now, func(p []byte, strokes [][]widgets.Point) { picture, written = p, strokes })
	s.Tap("确认签名")
	s.MustSee("当事人签名") // an empty pad is no signature
	var pad *widgets.Signature
	s.Each(func(o fyne.CanvasObject) {
		if p, ok := o.(*widgets.Signature); ok {
			pad = p
		}
	})
	for i := range 10 {
		pad.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(30+i*25), float32(60+i%3*20))}})
	}
	s.Capture("dialog-sign")
	s.Tap("确认签名")
	if len(picture) == 0 {
		t.Error("no picture was handed over")
	}
	if len(written) != 1 || len(written[0]) != 10 || written[0][9].At.IsZero() {
		t.Errorf("strokes %v", written)
	}
	s.MustNotSee("当事人签名")
}

func TestFileDialogsOpen(t *testing.T) {
	s := screen(t)
	for name, open := range map[string]func(){
		"选择文件":  func() { dialogs.PickFile(s.Win, []string{".pdf"}, func(string) {}) },
		"选择文件夹": func() { dialogs.PickFolder(s.Win, func(string) {}) },
		"保存到":   func() { dialogs.SaveFile(s.Win, "限期改正指令书.pdf", func(string) {}) },
	} {
		open()
		s.MustSee(name)
		s.Tap("取消")
	}
}

func TestLooks(t *testing.T) {
	s := screen(t)
	dialogs.Confirm(s.Win, dialogs.Question{
		Title: "签发限期改正指令书", Verb: "签发",
		Text: "签发后文书内容不能再改，只能追加送达、撤回或更正。文号将占用 2026 年第 17 号。确定现在签发吗？",
	})
	s.Capture("dialog-confirm")
	s.Press(fyne.KeyEscape)
	dialogs.Passphrase(s.Win, dialogs.PassphrasePrompt{Title: "设置口令", Text: "口令用来解开本机的数据，请记牢；忘记后只能由局里的恢复密钥打开。", Verb: "设置", Repeat: true})
	s.Capture("dialog-passphrase")
	if top := s.Win.Canvas().Overlays().Top(); top == nil {
		t.Error("the passphrase dialog is not open")
	}
}

// A hint or an error that comes up in a dialog, also in a scroll area of it, lies
// over nothing, and the dialog makes room for it.
func TestFieldsInADialogMakeRoom(t *testing.T) {
	s := screen(t)
	for _, inScroll := range []bool{false, true} {
		first, second := widgets.NewField("甲", widgets.NewEntry()).Span(), widgets.NewEntry()
		grid := widgets.NewFieldGrid(first, widgets.NewField("乙", second).Span())
		var body fyne.CanvasObject = grid
		if inScroll {
			frame, _ := widgets.NewFormScroll(container.NewVBox(grid))
			body = widgets.AtLeast(400, 60, frame)
		}
		dialogs.Custom(s.Win, "两个字段", body, nil, func(shut func()) []widgets.Action { return []widgets.Action{{Label: "关掉", Do: shut}} })
		before := grid.Size().Height
		first.SetError("这里填得不对，请改成今天或者以后的日期，否则不能登记。")
		first.SetHint("写成 2026-09-18")
		d := fyne.CurrentApp().Driver()
		foot := d.AbsolutePositionForObject(first.Input).Y + first.Input.Size().Height
		if next := d.AbsolutePositionForObject(second).Y; next < foot+20 || grid.Size().Height < before+20 {
			t.Errorf("in a scroll area %v: the next field stands at %v, below the error's field at %v; the grid grew from %v to %v", inScroll, next, foot, before, grid.Size().Height)
		}
		button := s.Buttons("关掉")[0]
		if low := d.AbsolutePositionForObject(button).Y; !inScroll && low < d.AbsolutePositionForObject(second).Y+second.Size().Height {
			t.Errorf("the buttons at %v lie over the fields", low)
		}
		first.SetError("")
		first.SetHint("")
		if got := grid.Size().Height; got > before+1 {
			t.Errorf("the grid kept its height of %v, it was %v", got, before)
		}
		s.Tap("关掉")
	}
}

// Enter goes from input to input and after the last presses the default button;
// Ctrl+Enter presses it from anywhere.
func TestEnterAcceptsADialog(t *testing.T) {
	s := screen(t)
	for name, keys := range map[string]func(){
		"Enter":      func() { s.Press(fyne.KeyReturn, fyne.KeyReturn) },
		"Ctrl+Enter": func() { s.Shortcut(fyne.KeyReturn, fyne.KeyModifierControl) },
	} {
		first, second := widgets.NewEntry(), widgets.NewEntry()
		accepted := 0
		body := widgets.NewFieldGrid(widgets.NewField("甲", first).Span(), widgets.NewField("乙", second).Span())
		dialogs.Custom(s.Win, "两个字段", body, first, func(shut func()) []widgets.Action {
			return []widgets.Action{{Label: "就这样", Primary: true, Do: func() {
				accepted++
				shut()
			}}}
		})
		keys()
		if accepted != 1 || s.Win.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: accepted %d times", name, accepted)
		}
	}
}
