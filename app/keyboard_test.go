package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/page"
	"anxin/app/uitest"
	"anxin/app/widgets"
)

// eachPage shows every page of the program after the carried day, and a record
// on each page that has any, in one language after the other.
func eachPage(t *testing.T, see func(t *testing.T, name string, d *desktop)) {
	d, _ := watchedDay(t)
	d.win.Resize(fyne.NewSize(1366, 768))
	for _, tag := range lang.Languages {
		uitest.Language(t, tag)
		d.prefs.Set(page.PrefLanguage, tag)
		d.shell.Rebuild()
		for _, p := range d.places() {
			d.shell.Go(p.Key, "")
			see(t, tag+" "+p.Key, d)
		}
		d.shell.Go("documents", page.DaybooksArg)
		d.shell.Page().(*page.Daybooks).New()
		see(t, tag+" daybooks", d)
		for _, r := range recordPages {
			heads, err := d.office.Store.List(t.Context(), r.query)
			if err != nil || len(heads) == 0 {
				t.Fatalf("%s: no record to open, %v", r.place, err)
			}
			d.shell.Go(r.place, string(heads[0].ID))
			see(t, tag+" "+r.place+" "+string(r.query.Kind), d)
		}
	}
}

// stop is one stop of the Tab key, and where the stop before it stood when the
// keyboard came: a form scrolls meanwhile.
type stop struct {
	on       fyne.Focusable
	from, to fyne.Position
	last     *stop // nil for the first, and where the one before is not drawn any more
}

func (s stop) String() string {
	return fmt.Sprintf("%T %s at %.0f,%.0f–%.0f,%.0f", s.on, says(s.on), s.from.X, s.from.Y, s.to.X, s.to.Y)
}

// says is what an input or a button shows.
func says(f fyne.Focusable) string {
	switch w := f.(type) {
	case *widgets.Button:
		return w.Verb()
	case *widgets.Entry:
		return w.Text + w.PlaceHolder
	}
	return ""
}

// mostStops bounds a walk: a form draws what one sees, and more while one walks.
const mostStops = 150

// walkTab presses Tab until the keyboard comes round, or long enough.
func walkTab(t *testing.T, d *desktop) (stops []stop) {
	t.Helper()
	c := d.win.Canvas()
	c.Unfocus()
	for range mostStops {
		c.FocusNext()
		f := c.Focused()
		if f == nil {
			t.Fatal("Tab leads nowhere")
		}
		if len(stops) > 0 && f == stops[0].on {
			return stops
		}
		if slices.ContainsFunc(stops, func(s stop) bool { return s.on == f }) {
			t.Errorf("Tab runs in a circle at %T %s", f, says(f))
			return stops
		}
		next := stopAt(f)
		if len(stops) > 0 {
			if last := stopAt(stops[len(stops)-1].on); widgets.Holds(c.Content(), last.on.(fyne.CanvasObject)) {
				next.last = &last
			}
		}
		stops = append(stops, next)
	}
	return stops
}

// stopAt is a stop where it stands now.
func stopAt(f fyne.Focusable) stop {
	o := f.(fyne.CanvasObject)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return stop{on: f, from: at, to: at.Add(o.Size())}
}

// before tells whether b is read before a: it stands above it, and not in a pane
// at its right, or at its left in the same row.
func before(b, a stop) bool {
	above := b.to.Y <= a.from.Y+1 && b.from.X < a.to.X
	left := b.to.X <= a.from.X+1 && b.from.Y < a.to.Y && a.from.Y < b.to.Y
	return above || left
}

// TestEveryPageIsWorkedByKeys: on every page, in both languages, Tab follows the
// eye, nothing keeps the keyboard, what has it shows it, and every button says
// what it does.
func TestEveryPageIsWorkedByKeys(t *testing.T) {
	kinds, verbs := map[string]bool{}, map[string]map[string]bool{}
	for _, tag := range lang.Languages {
		verbs[tag] = map[string]bool{}
	}
	eachPage(t, func(t *testing.T, name string, d *desktop) {
		stops := walkTab(t, d)
		if len(stops) < 2 {
			t.Errorf("%s: Tab finds %d stops", name, len(stops))
		}
		for _, s := range stops {
			if s.last != nil && before(s, *s.last) {
				t.Errorf("%s: Tab goes from\n\t%v to\n\t%v", name, *s.last, s)
			}
			letsGo(t, name, d, s)
			if kind := fmt.Sprintf("%T", s.on); !kinds[kind] {
				kinds[kind] = true
				isSeen(t, name, d, s)
				passesOn(t, name, d, s)
			}
		}
		every(d.win.Canvas().Content(), func(o fyne.CanvasObject) { hasVerb(t, name, o, verbs[lang.Tag()]) })
	})
	if len(kinds) < 6 {
		t.Errorf("only %v have the keyboard anywhere", kinds)
	}
	for tag, said := range verbs {
		if len(said) < 20 {
			t.Errorf("%s: only the buttons %v were seen", tag, said)
		}
		for words := range said {
			if !beginsWithVerb(tag, words) {
				t.Errorf("%s: the button %q does not begin with a verb", tag, words)
			}
		}
	}
}

// letsGo: neither Tab nor Escape is kept.
func letsGo(t *testing.T, name string, d *desktop, s stop) {
	t.Helper()
	if tab, ok := s.on.(fyne.Tabbable); ok && tab.AcceptsTab() {
		t.Errorf("%s: %v keeps Tab", name, s)
	}
	c := d.win.Canvas()
	c.Focus(s.on)
	if c.Focused() != s.on {
		return // the form has put it away meanwhile
	}
	s.on.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if c.Focused() != nil {
		t.Errorf("%s: %v keeps the keyboard at Escape", name, s)
		c.Unfocus()
	}
}

// passesOn: the function keys and the shortcuts of the program are handed on.
func passesOn(t *testing.T, name string, d *desktop, s stop) {
	t.Helper()
	if _, ok := s.on.(fyne.Shortcutable); !ok {
		t.Errorf("%s: %v hands no shortcut on", name, s)
	}
	c := d.win.Canvas()
	c.Focus(s.on)
	s.on.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	if c.Overlays().Top() == nil {
		t.Errorf("%s: %v swallows F1", name, s)
		return
	}
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
}

// isSeen: it looks different with the keyboard.
func isSeen(t *testing.T, name string, d *desktop, s stop) {
	t.Helper()
	c := d.win.Canvas()
	c.Focus(s.on)
	with := picture(t, c)
	c.Unfocus()
	if bytes.Equal(with, picture(t, c)) {
		t.Errorf("%s: %v looks the same with and without the keyboard", name, s)
	}
}

// hasVerb notes what a button says.
func hasVerb(t *testing.T, name string, o fyne.CanvasObject, said map[string]bool) {
	t.Helper()
	switch b := o.(type) {
	case *widget.Button:
		t.Errorf("%s: a button of the toolkit says %q", name, b.Text)
	case interface{ Verb() string }:
		if b.Verb() == "" || lang.Has(b.Verb()) {
			t.Errorf("%s: a %T says %q", name, b, b.Verb())
			return
		}
		said[b.Verb()] = true
	}
}

func beginsWithVerb(tag, words string) bool {
	if tag == "en" {
		first, _, _ := strings.Cut(words, " ")
		return slices.Contains(englishVerbs, strings.ToLower(first))
	}
	return slices.ContainsFunc(chineseVerbs, func(v string) bool { return strings.HasPrefix(words, v) })
}

func picture(t *testing.T, c fyne.Canvas) []byte {
	t.Helper()
	var out bytes.Buffer
	var img image.Image = c.Capture()
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// englishVerbs are the words buttons begin with.
var englishVerbs = strings.Fields(`add approve change check choose close collapse copy draft export file find fold go import issue lease leave log make move
	note open paste pause plan print read refresh remove resume save scan serve show start stop sync take try unfold watch withdraw write`)

// chineseVerbs are theirs.
var chineseVerbs = strings.Fields(`保存 撤回 打印 打开 归档 导出 导入 登记 核验 后退 记 立即 另存 批量 前进 安排 删 刷新 生成 收起 添加 跳到 停止 展开 新建 制作 自查 查`)

// every visits what is visible, with the insides of widgets.
func every(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			every(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			every(child, visit)
		}
	}
}
