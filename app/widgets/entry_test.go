package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestEntryKeys(t *testing.T) {
	s := uitest.New(t)
	one, lines, last := widgets.NewEntry(), widgets.NewMultiLine(2), widgets.NewEntry()
	s.Show(container.NewVBox(one, lines, last))
	var windowKeys []fyne.KeyName
	s.Win.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { windowKeys = append(windowKeys, k.Name) })
	s.Focus(one)
	s.Type("甲")
	s.Press(fyne.KeyF5, fyne.KeyEscape, fyne.KeyReturn)
	if s.Focused() != lines || one.Text != "甲" {
		t.Fatalf("Enter goes to %T, the text is %q", s.Focused(), one.Text)
	}
	if len(windowKeys) != 2 || windowKeys[0] != fyne.KeyF5 || windowKeys[1] != fyne.KeyEscape {
		t.Errorf("the window heard %v", windowKeys)
	}
	s.Type("一")
	s.Press(fyne.KeyReturn)
	s.Type("二")
	s.Press(fyne.KeyTab)
	if s.Focused() != last || lines.Text != "一\n二" {
		t.Errorf("Tab goes to %T, the text is %q", s.Focused(), lines.Text)
	}
}

func TestEntryPassesShortcuts(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewEntry()
	s.Show(e)
	var passed []string
	widgets.OnShortcut(func(sc fyne.Shortcut) { passed = append(passed, sc.ShortcutName()) })
	t.Cleanup(func() { widgets.OnShortcut(func(fyne.Shortcut) {}) })
	s.Focus(e)
	s.Type("安薪")
	s.Shortcut(fyne.KeyS, fyne.KeyModifierControl)
	s.Shortcut(fyne.KeyLeft, fyne.KeyModifierAlt)
	s.Shortcut(fyne.KeyLeft, fyne.KeyModifierControl) // moves by a word, stays here
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: s.App.Clipboard()})
	want := (&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl}).ShortcutName()
	if len(passed) != 2 || passed[0] != want {
		t.Errorf("passed on %v", passed)
	}
	if got := s.App.Clipboard().Content(); got != "安薪" {
		t.Errorf("copied %q", got)
	}
}

func TestMultiLineGrows(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewMultiLine(3)
	s.Show(container.NewVBox(e))
	s.Resize(400, 600)
	empty := e.MinSize().Height
	e.SetText("一\n二\n三")
	if got := e.MinSize().Height; got != empty {
		t.Errorf("three lines need %.0f, the empty field has %.0f", got, empty)
	}
	e.SetText("一\n二\n三\n四\n五\n六")
	six := e.MinSize().Height
	if six <= empty {
		t.Errorf("six lines need %.0f, no more than three", six)
	}
	e.SetText(string(make([]rune, 0)) + "经查该项目拖欠农民工工资未开设专用账户未设立维权信息告示牌经查该项目拖欠农民工工资未开设专用账户未设立维权信息告示牌经查该项目拖欠农民工工资未开设专用账户未设立维权信息告示牌经查该项目拖欠农民工工资未开设专用账户未设立维权信息告示牌")
	if got := e.MinSize().Height; got <= empty {
		t.Errorf("a long line needs %.0f, it does not wrap", got)
	}
}

// TestCaretStaysInSight types a text longer than the window.
func TestCaretStaysInSight(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewMultiLine(3)
	root, _ := widgets.NewFormScroll(container.NewVBox(widgets.NewEntry(), e, widgets.NewEntry()))
	s.Show(root)
	s.Resize(400, 160)
	s.Focus(e)
	for range 20 {
		s.Type("经查")
		s.Press(fyne.KeyReturn)
	}
	caret := fyne.CurrentApp().Driver().AbsolutePositionForObject(e).Y + e.CursorPosition().Y
	if caret < 0 || caret > 150 {
		t.Errorf("the caret is at %.0f of 160", caret)
	}
}

func TestInsertAtCursor(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewMultiLine(2)
	s.Show(e)
	s.Resize(300, 200)
	s.Focus(e)
	s.Type("经查，。")
	s.Press(fyne.KeyLeft)
	e.InsertAtCursor("未开设专用账户")
	e.InsertAtCursor("；未设告示牌")
	s.Type("！")
	if want := "经查，未开设专用账户；未设告示牌！。"; e.Text != want {
		t.Errorf("%q, want %q", e.Text, want)
	}
}

func TestWheelOverInputScrollsTheForm(t *testing.T) {
	s := uitest.New(t)
	box := container.NewVBox()
	for range 60 {
		box.Add(widgets.NewEntry())
	}
	root, scroll := widgets.NewFormScroll(box)
	s.Show(root)
	layer := root.Objects[1].(fyne.Scrollable)
	layer.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -120)})
	if scroll.Offset.Y == 0 {
		t.Error("the wheel does not scroll the form")
	}
	if _, taps := root.Objects[1].(fyne.Tappable); taps {
		t.Error("the layer takes taps from the inputs below it")
	}
}

// A long text that has the keyboard may be scrolled out of sight, and comes back
// when one types on.
func TestTheWheelGoesPastTheText(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewMultiLine(3)
	box := container.NewVBox(e)
	for range 40 {
		box.Add(widgets.NewEntry())
	}
	root, scroll := widgets.NewFormScroll(box)
	s.Show(root)
	s.Resize(400, 200)
	s.Focus(e)
	s.Type("经查")
	root.Objects[1].(fyne.Scrollable).Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -500)})
	e.OnCursorChanged() // the toolkit tells it with every painting
	if scroll.Offset.Y < 300 {
		t.Fatalf("the form stays at %v", scroll.Offset.Y)
	}
	s.Type("，")
	if scroll.Offset.Y > 100 {
		t.Errorf("typing leaves the caret out of sight, the form is at %v", scroll.Offset.Y)
	}
}
