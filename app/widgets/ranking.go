package widgets

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// Ranking puts options in an order. It is one stop of the Tab key: Up and Down
// choose a line, Ctrl+Up and Ctrl+Down or "-" and "+" move it, a digit gives it
// that place, Space takes the order as it stands, BackSpace gives it up.
type Ranking struct {
	widget.DisableableWidget
	OnRanked func(keys []string) // nil keys: given up

	options []Option
	order   []string
	ranked  bool // the order is an answer, not only how the options are listed
	at      int
	focused bool
	rows    *fyne.Container
}

// NewRanking makes the list; onRanked may be nil.
func NewRanking(options []Option, onRanked func(keys []string)) *Ranking {
	r := &Ranking{OnRanked: onRanked, rows: container.NewVBox()}
	r.ExtendBaseWidget(r)
	r.Set(options, nil)
	return r
}

// Set shows options in an order of their keys; options without a place come last.
func (r *Ranking) Set(options []Option, keys []string) {
	order := slices.Clone(keys)
	for _, o := range options {
		if !slices.Contains(order, o.Key) {
			order = append(order, o.Key)
		}
	}
	if slices.Equal(order, r.order) && slices.Equal(options, r.options) && r.ranked == (len(keys) > 0) {
		return
	}
	r.options, r.order, r.ranked = slices.Clone(options), order, len(keys) > 0
	r.draw()
}

func (r *Ranking) draw() {
	r.at = min(max(r.at, 0), max(0, len(r.order)-1))
	r.rows.RemoveAll()
	for i := range r.order {
		r.rows.Add(r.row(i))
	}
	r.Refresh()
}

func (r *Ranking) row(i int) fyne.CanvasObject {
	ground := canvas.NewRectangle(theme.Card)
	if r.focused && i == r.at {
		ground.FillColor = theme.Selection
	}
	tone, place := theme.Neutral, "–"
	if r.ranked {
		tone, place = theme.Info, strconv.Itoa(i+1)
	}
	label := widget.NewLabel(r.label(r.order[i]))
	label.Truncation = fyne.TextTruncateEllipsis
	up := NewIconTap(fynetheme.MoveUpIcon(), func() { r.tap(i, -1) }).Hinted(lang.T("widget.verb.up"))
	down := NewIconTap(fynetheme.MoveDownIcon(), func() { r.tap(i, 1) }).Hinted(lang.T("widget.verb.down"))
	line := NewBorder(nil, nil, AtLeast(28, 0, NewTag(place, tone)), container.NewHBox(up, down), label)
	return container.NewStack(ground, line)
}

func (r *Ranking) label(key string) string {
	for _, o := range r.options {
		if o.Key == key {
			return o.Label
		}
	}
	return key
}

func (r *Ranking) tap(i, by int) {
	if c := canvasOf(r); c != nil && !r.Disabled() {
		c.Focus(r)
	}
	r.at = i
	r.moveTo(i + by)
}

// moveTo gives the chosen line another place.
func (r *Ranking) moveTo(to int) {
	if r.Disabled() || len(r.order) == 0 {
		return
	}
	to = min(max(to, 0), len(r.order)-1)
	key := r.order[r.at]
	r.order = slices.Insert(slices.Delete(r.order, r.at, r.at+1), to, key)
	r.at = to
	r.take(r.order)
}

// take makes an order the answer; nil gives it up.
func (r *Ranking) take(order []string) {
	if r.Disabled() {
		return
	}
	r.ranked = order != nil
	r.draw()
	if r.OnRanked != nil {
		r.OnRanked(slices.Clone(order))
	}
}

// FocusGained implements fyne.Focusable.
func (r *Ranking) FocusGained() {
	r.focused = true
	r.draw()
	arrive(r)
}

// FocusLost implements fyne.Focusable.
func (r *Ranking) FocusLost() {
	r.focused = false
	r.draw()
}

// TypedRune implements fyne.Focusable.
func (r *Ranking) TypedRune(c rune) {
	switch {
	case c == '-':
		r.moveTo(r.at - 1)
	case c == '+' || c == '=':
		r.moveTo(r.at + 1)
	case c >= '1' && c <= '9' && int(c-'0') <= len(r.order):
		r.moveTo(int(c - '1'))
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (r *Ranking) TypedShortcut(s fyne.Shortcut) {
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.Modifier == fyne.KeyModifierControl {
		switch custom.KeyName {
		case fyne.KeyUp:
			r.moveTo(r.at - 1)
			return
		case fyne.KeyDown:
			r.moveTo(r.at + 1)
			return
		}
	}
	passShortcut(r, s)
}

// TypedKey implements fyne.Focusable.
func (r *Ranking) TypedKey(k *fyne.KeyEvent) {
	if passKey(r, k) {
		return
	}
	switch k.Name {
	case fyne.KeyUp:
		r.at--
		r.draw()
	case fyne.KeyDown:
		r.at++
		r.draw()
	case fyne.KeySpace:
		r.take(r.order)
	case fyne.KeyBackspace, fyne.KeyDelete:
		r.take(nil)
	case fyne.KeyReturn, fyne.KeyEnter:
		enter(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *Ranking) CreateRenderer() fyne.WidgetRenderer {
	frame := canvas.NewRectangle(theme.Card)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = theme.Border, 1, 3
	return withRing(&r.focused, widget.NewSimpleRenderer(container.NewStack(frame, container.NewPadded(r.rows))))
}
