package widgets_test

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestTabSelectsWhatStandsThere(t *testing.T) {
	s := uitest.New(t)
	first, second, many := widgets.NewEntry(), widgets.NewEntry(), widgets.NewMultiLine(2)
	second.SetText("415700")
	many.SetText("长文")
	s.Show(container.NewVBox(first, second, many))
	s.Focus(first)
	s.Press(fyne.KeyTab)
	if got := second.SelectedText(); got != "415700" {
		t.Errorf("Tab selects %q", got)
	}
	s.Type("41")
	if second.Text != "41" {
		t.Errorf("typing after Tab leaves %q", second.Text)
	}
	s.Press(fyne.KeyTab)
	if got := many.SelectedText(); got != "" {
		t.Errorf("a long text is selected: %q", got)
	}
	s.Focus(first)
	second.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if got := second.SelectedText(); got != "" {
		t.Errorf("a click selects %q", got)
	}
	second.FocusLost() // another program comes to the front and goes again
	second.FocusGained()
	if got := second.SelectedText(); got != "" {
		t.Errorf("coming back to the window selects %q", got)
	}
}

func TestSettingASelectedTextLetsGoOfIt(t *testing.T) {
	s := uitest.New(t)
	e := widgets.NewEntry()
	e.SetText("旧的内容")
	s.Show(container.NewVBox(widgets.NewEntry(), e))
	s.Focus(e)
	e.SetText("")
	s.Type("新内容")
	if e.Text != "新内容" {
		t.Errorf("typed %q", e.Text)
	}
}

// rings counts the visible focus rings.
func rings(s *uitest.Screen) (n int) {
	s.Each(func(o fyne.CanvasObject) {
		if r, ok := o.(*canvas.Rectangle); ok && r.StrokeColor == color.Color(theme.Focus) && r.StrokeWidth >= 2 {
			n++
		}
	})
	return n
}

func TestWhatHasTheKeyboardHasARing(t *testing.T) {
	options := []widgets.Option{{"a", "甲"}, {"b", "乙"}}
	s := uitest.New(t)
	inputs := map[string]fyne.Focusable{
		"button":    widgets.NewActionButton(widgets.Action{Label: "签发", Do: func() {}, Primary: true}),
		"check":     widgets.NewCheck("已确认", nil),
		"drop-down": widgets.NewSelect(options, nil),
		"segments":  widgets.NewSegments(options, nil),
		"marks":     widgets.NewMarks(options, false, nil),
		"ranking":   widgets.NewRanking(options, nil),
		"entry":     widgets.NewEntry(),
		"date":      widgets.NewDateField(clock),
		"scale":     widgets.NewScale(0, 10, 1, nil).Focusable(),
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			other := widget.NewEntry()
			s.Show(container.NewVBox(other, input.(fyne.CanvasObject)))
			s.Focus(other)
			if rings(s) != 0 {
				t.Error("there is a ring before it has the keyboard")
			}
			s.Focus(input)
			if got := rings(s); got != 1 {
				t.Errorf("%d rings, want 1", got)
			}
			s.Focus(other)
			if rings(s) != 0 {
				t.Error("the ring stays")
			}
		})
	}
}

// keeper notes what it is offered.
type keeper struct {
	widget.BaseWidget
	body *fyne.Container
	got  []string
}

func (k *keeper) TakeKey(e *fyne.KeyEvent) bool {
	k.got = append(k.got, string(e.Name))
	return e.Name == fyne.KeyF8
}

func (k *keeper) TakeShortcut(s fyne.Shortcut) bool {
	k.got = append(k.got, s.ShortcutName())
	return false
}
func (k *keeper) Children() []fyne.CanvasObject       { return []fyne.CanvasObject{k.body} }
func (k *keeper) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.body) }

func TestKeepersComeFirst(t *testing.T) {
	s := uitest.New(t)
	one, two := widgets.NewEntry(), widgets.NewSegments([]widgets.Option{{"a", "甲"}}, nil)
	k := &keeper{body: container.NewVBox(one, two)}
	k.ExtendBaseWidget(k)
	s.Show(container.NewStack(k))
	passed := ""
	s.Win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { passed += string(e.Name) })
	widgets.OnShortcut(func(sc fyne.Shortcut) { passed += sc.ShortcutName() })
	t.Cleanup(func() { widgets.OnShortcut(func(fyne.Shortcut) {}) })
	s.Focus(one)
	s.Press(fyne.KeyF8, fyne.KeyF5)
	one.TypedShortcut(&fyne.ShortcutUndo{})
	if got := fmt.Sprint(k.got); got != "[F8 F5 Undo]" || passed != "F5Undo" {
		t.Errorf("the keeper was offered %s, the window got %s", got, passed)
	}
	s.Press(fyne.KeyReturn)
	if s.Focused() != fyne.Focusable(two) {
		t.Errorf("Enter went to %T", s.Focused())
	}
}

func TestDropDownNarrowsAsOneTypes(t *testing.T) {
	s := uitest.New(t)
	var options []widgets.Option
	for i := range 30 {
		options = append(options, widgets.Option{Key: fmt.Sprint(i), Label: fmt.Sprintf("第%d号", i)})
	}
	options = append(options, widgets.Option{Key: "cq", Label: "拆迁中心"})
	picked := ""
	drop := widgets.NewSelect(options, func(key string) { picked = key })
	next := widgets.NewEntry()
	s.Show(container.NewVBox(drop, next))
	s.Focus(drop)
	s.Press(fyne.KeyDown)
	s.MustSee("第0号", "第5号")
	s.Press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if picked != "2" || s.Focused() != fyne.Focusable(drop) {
		t.Errorf("picked %q, the keyboard is on %T", picked, s.Focused())
	}
	s.Type("cq")
	s.MustSee("拆迁中心")
	s.MustNotSee("第5号")
	s.Capture("menu")
	s.Press(fyne.KeyReturn)
	if picked != "cq" {
		t.Errorf("picked %q", picked)
	}
	s.Type("zzz")
	s.Press(fyne.KeyReturn, fyne.KeyEscape)
	if picked != "cq" || drop.Key() != "cq" {
		t.Errorf("nothing found picked %q", picked)
	}
	s.Focus(drop)
	s.Type("29")
	s.Press(fyne.KeyTab)
	if picked != "29" || s.Focused() != fyne.Focusable(next) {
		t.Errorf("Tab picked %q, the keyboard is on %T", picked, s.Focused())
	}
	s.Tap("第29号")
	s.Tap("第28号")
	if picked != "28" {
		t.Errorf("the mouse picked %q", picked)
	}
}

func TestListTellsWhatItCutsShort(t *testing.T) {
	s := uitest.New(t)
	long := "桃花源县漳江街道滨江花园安置房三期工程（二标段）施工总承包项目部"
	l := widgets.NewRecordList([]widgets.Column[string]{
		{Title: "工地", Width: 160, Cell: func(s string) string { return s }},
		{Title: "状态", Cell: func(string) string { return "在建" }},
	}, widget.NewLabel("空"))
	s.Show(l)
	s.Resize(400, 300)
	l.SetRows([]string{"一期", long})
	l.Select(0)
	count := func() (n int) {
		s.Each(func(o fyne.CanvasObject) {
			if text, ok := o.(interface{ Words() string }); ok && text.Words() == long {
				n++
			}
		})
		return n
	}
	if got := count(); got != 1 {
		t.Errorf("%d labels hold the long name, want only its cell", got)
	}
	l.Select(1)
	s.Settle()
	if got := count(); got != 2 {
		t.Errorf("%d labels hold the long name, want its cell and the line below", got)
	}
	s.Capture("list-long")
	d := fyne.CurrentApp().Driver()
	s.Each(func(o fyne.CanvasObject) {
		if text, ok := o.(interface{ Words() string }); ok && text.Words() == "在建" {
			if right := d.AbsolutePositionForObject(o).X + o.Size().Width; right > 400-6 {
				t.Errorf("the last cell reaches to %.0f, under the scroll bar", right)
			}
		}
	})
}
