package widgets

import (
	"fmt"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
)

// calendar shows one month, weeks beginning on Monday. The arrow keys move by
// days and weeks, PageUp and PageDown by months, Enter picks, Escape closes.
type calendar struct {
	widget.BaseWidget
	day, today time.Time
	pick       func(time.Time) // zero time: clear
	close      func()

	title *widget.Label
	cells [42]dayCell
	names [7]*canvas.Text
}

type dayCell struct {
	ground *canvas.Rectangle
	text   *canvas.Text
}

func newCalendar(day, today time.Time, pick func(time.Time)) *calendar {
	c := &calendar{day: dateOnly(day), today: dateOnly(today), pick: pick}
	c.title = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	for i := range c.cells {
		c.cells[i] = dayCell{canvas.NewRectangle(theme.Card), canvas.NewText("", theme.Text)}
		c.cells[i].ground.CornerRadius = 3
		c.cells[i].text.Alignment = fyne.TextAlignCenter
	}
	for i := range c.names {
		c.names[i] = canvas.NewText(lang.T(fmt.Sprintf("widget.weekday.%d", i+1)), theme.Secondary)
		c.names[i].Alignment = fyne.TextAlignCenter
	}
	c.ExtendBaseWidget(c)
	c.fill()
	return c
}

func dateOnly(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// root is the calendar with its head and foot.
func (c *calendar) root() fyne.CanvasObject {
	step := func(label string, years, months int) *widget.Button {
		b := widget.NewButton(label, func() { c.move(addMonths(c.day, years*12+months)) })
		b.Importance = widget.LowImportance
		return b
	}
	quiet := func(label string, day time.Time) *widget.Button {
		b := widget.NewButton(label, func() { c.pick(day) })
		b.Importance = widget.LowImportance
		return b
	}
	head := NewBorder(nil, nil,
		container.NewHBox(step("«", -1, 0), step("‹", 0, -1)), container.NewHBox(step("›", 0, 1), step("»", 1, 0)), c.title)
	foot := container.NewHBox(quiet(lang.T("widget.clear"), time.Time{}), layout.NewSpacer(), quiet(lang.T("widget.today"), c.today))
	return container.NewPadded(container.NewVBox(head, c, foot))
}

// addMonths keeps to the last day of a shorter month instead of running into the next.
func addMonths(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func (c *calendar) move(day time.Time) {
	c.day = day
	c.fill()
	c.Refresh()
}

// first is the Monday on or before the first of the month shown.
func (c *calendar) first() time.Time {
	first := c.day.AddDate(0, 0, 1-c.day.Day())
	return first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
}

func (c *calendar) fill() {
	c.title.SetText(lang.T("widget.monthtitle", "year", c.day.Year(), "month", lang.T(fmt.Sprintf("widget.month.%d", c.day.Month()))))
	first := c.first()
	for i := range c.cells {
		day := first.AddDate(0, 0, i)
		cell := c.cells[i]
		cell.text.Text, cell.text.Color, cell.ground.FillColor = strconv.Itoa(day.Day()), theme.Text, theme.Card
		cell.text.TextSize = fynetheme.TextSize()
		cell.ground.StrokeWidth = 0
		switch {
		case day.Equal(c.day):
			cell.text.Color, cell.ground.FillColor = theme.Card, theme.Primary
		case day.Month() != c.day.Month():
			cell.text.Color = theme.Border
		}
		if day.Equal(c.today) {
			cell.ground.StrokeColor, cell.ground.StrokeWidth = theme.Primary, 1
		}
	}
}

// Tapped implements fyne.Tappable.
func (c *calendar) Tapped(e *fyne.PointEvent) {
	cell := c.cellSize()
	column, row := int(e.Position.X/cell.Width), int(e.Position.Y/cell.Height)-1
	if column < 0 || column > 6 || row < 0 || row > 5 {
		return
	}
	c.pick(c.first().AddDate(0, 0, row*7+column))
}

// FocusGained implements fyne.Focusable.
func (c *calendar) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (c *calendar) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (c *calendar) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *calendar) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		c.close()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.pick(c.day)
	case fyne.KeyLeft:
		c.move(c.day.AddDate(0, 0, -1))
	case fyne.KeyRight:
		c.move(c.day.AddDate(0, 0, 1))
	case fyne.KeyUp:
		c.move(c.day.AddDate(0, 0, -7))
	case fyne.KeyDown:
		c.move(c.day.AddDate(0, 0, 7))
	case fyne.KeyPageUp:
		c.move(addMonths(c.day, -1))
	case fyne.KeyPageDown:
		c.move(addMonths(c.day, 1))
	}
}

func (c *calendar) cellSize() fyne.Size {
	return fyne.NewSize(max(32*fynetheme.TextSize()/13, c.Size().Width/7), theme.Size(theme.SizeRow)-2)
}

// CreateRenderer implements fyne.Widget.
func (c *calendar) CreateRenderer() fyne.WidgetRenderer { return &calendarRenderer{c} }

type calendarRenderer struct{ c *calendar }

func (r *calendarRenderer) Destroy() {}

func (r *calendarRenderer) Objects() []fyne.CanvasObject {
	all := make([]fyne.CanvasObject, 0, 7+84)
	for _, n := range r.c.names {
		all = append(all, n)
	}
	for _, cell := range r.c.cells {
		all = append(all, cell.ground, cell.text)
	}
	return all
}

func (r *calendarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(7*32*fynetheme.TextSize()/13, 7*(theme.Size(theme.SizeRow)-2))
}

func (r *calendarRenderer) Layout(fyne.Size) {
	cell := r.c.cellSize()
	put := func(o fyne.CanvasObject, column, row int) {
		o.Move(fyne.NewPos(float32(column)*cell.Width, float32(row)*cell.Height))
		o.Resize(cell.SubtractWidthHeight(1, 1))
	}
	for i, n := range r.c.names {
		put(n, i, 0)
	}
	for i, d := range r.c.cells {
		put(d.ground, i%7, i/7+1)
		put(d.text, i%7, i/7+1)
	}
}

func (r *calendarRenderer) Refresh() {
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}
