package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Column is one column of a record list as data; the head, the rows, the sorting
// and the tests read this literal.
type Column[T any] struct {
	Title     string
	Width     float32            // logical pixels at 100 %; 0 shares what is left
	Cell      func(T) string     // the text; must be cheap, it runs for every row that scrolls in
	Note      func(T) string     // not nil: a small text below it, the rows are higher
	Tone      func(T) theme.Tone // not nil: the text is drawn as a tag
	Compare   func(a, b T) int   // nil: not sortable
	DropBelow float32            // the column is left out when the list is narrower; 0 keeps it
}

// RecordList shows records as rows of columns; 100,000 rows cost as much as 30.
// Up and Down select, Enter opens, the digits sort by that column.
type RecordList[T any] struct {
	widget.BaseWidget
	OnSelect func(T)                   // a row was selected
	OnOpen   func(T)                   // Enter on a row
	OnSort   func(int, bool)           // after the order changed, to remember it
	OnKey    func(*fyne.KeyEvent) bool // gets keys first; true: dealt with
	OnRune   func(rune) bool           // gets letters first; true: dealt with

	columns []Column[T]
	rows    []T
	order   []int32 // position shown → index in rows
	sortBy  int     // -1: as given
	desc    bool

	list  *rowList
	heads []*headCell
	empty *fyne.Container
	grid  *columnLayout
	full  *Paragraph // what the selected row has no room to say
}

// NewRecordList makes an empty list; empty is what is shown without rows.
func NewRecordList[T any](columns []Column[T], empty fyne.CanvasObject) *RecordList[T] {
	l := &RecordList[T]{columns: columns, sortBy: -1, empty: container.NewStack(empty), full: NewCaption("")}
	l.full.Hide()
	l.grid = &columnLayout{height: theme.Size(theme.SizeRow), lines: 1}
	for i, c := range columns {
		l.grid.widths = append(l.grid.widths, c.Width)
		l.grid.drops = append(l.grid.drops, c.DropBelow)
		if c.Note != nil {
			l.grid.lines = noteRow
		}
		head := newHeadCell(c.Title, nil)
		if c.Compare != nil {
			head.tapped = func() { l.toggle(i) }
		}
		l.heads = append(l.heads, head)
	}
	l.list = newRowList(func() int { return len(l.order) }, l.newRow, l.fillRow)
	l.list.row = func() float32 { return l.grid.MinSize(nil).Height }
	l.list.opened = func(i int) { l.call(l.OnOpen, i) }
	l.list.selected = func(i int) {
		l.tellClipped(i)
		l.call(l.OnSelect, i)
	}
	l.list.digit = func(n int) {
		if n < len(l.columns) && l.columns[n].Compare != nil {
			l.toggle(n)
		}
	}
	l.list.key = func(k *fyne.KeyEvent) bool { return l.OnKey != nil && l.OnKey(k) }
	l.list.letter = func(r rune) bool { return l.OnRune != nil && l.OnRune(r) }
	l.ExtendBaseWidget(l)
	return l
}

func (l *RecordList[T]) call(f func(T), i int) {
	if f != nil && i >= 0 && i < len(l.order) {
		f(l.rows[l.order[i]])
	}
}

func (l *RecordList[T]) newRow() fyne.CanvasObject {
	cells := make([]fyne.CanvasObject, len(l.columns))
	for i, c := range l.columns {
		if c.Tone != nil {
			cells[i] = NewTag("", theme.Neutral)
			continue
		}
		if c.Note != nil {
			cells[i] = newNoteCell()
			continue
		}
		cells[i] = newRowText(fynetheme.SizeNameText)
	}
	return &fyne.Container{Layout: l.grid, Objects: cells}
}

func (l *RecordList[T]) fillRow(i int, row fyne.CanvasObject) {
	if i >= len(l.order) {
		return // the rows were replaced while the list was scrolling
	}
	record := l.rows[l.order[i]]
	for n, cell := range row.(*fyne.Container).Objects {
		column := l.columns[n]
		switch cell := cell.(type) {
		case *Tag:
			cell.Set(column.Cell(record), column.Tone(record))
		case *fyne.Container:
			setNoteCell(cell, column.Cell(record), column.Note(record))
		case *rowText:
			cell.Set(column.Cell(record))
		}
	}
}

// tellClipped shows below the list the texts of a row that its columns cut short.
func (l *RecordList[T]) tellClipped(i int) {
	var clipped []string
	if i >= 0 && i < len(l.order) {
		record, room := l.rows[l.order[i]], l.grid.placed(l.list.Size().Width)
		for n, c := range l.columns {
			if c.Tone != nil || room[n] == 0 {
				continue
			}
			inner := room[n] - 2*theme.Size(fynetheme.SizeNameInnerPadding)
			if text := c.Cell(record); textWidth(text, fynetheme.SizeNameText) > inner {
				clipped = append(clipped, text)
			}
			if c.Note == nil {
				continue
			}
			if text := c.Note(record); textWidth(text, fynetheme.SizeNameCaptionText) > inner {
				clipped = append(clipped, text)
			}
		}
	}
	hidden := l.full.Hidden
	setShown(l.full, strings.Join(clipped, " · "))
	if l.full.Hidden != hidden {
		l.Refresh()
	}
}

func textWidth(text string, size fyne.ThemeSizeName) float32 {
	return fyne.MeasureText(text, theme.Size(size), fyne.TextStyle{}).Width
}

// SetRows replaces the records, keeps the order chosen and drops the selection.
// The slice is not copied; the caller no longer changes it.
func (l *RecordList[T]) SetRows(rows []T) {
	l.rows = rows
	l.order = make([]int32, len(rows))
	l.list.UnselectAll()
	l.arrange()
	if l.list.GetScrollOffset() > 0 {
		l.list.ScrollToTop()
	}
}

// Len returns the number of rows.
func (l *RecordList[T]) Len() int { return len(l.order) }

// At returns the record shown at a position.
func (l *RecordList[T]) At(i int) T { return l.rows[l.order[i]] }

// Sort orders the rows by a column; -1 restores the order given.
func (l *RecordList[T]) Sort(column int, descending bool) {
	l.sortBy, l.desc = column, descending
	l.list.UnselectAll()
	l.arrange()
	if l.OnSort != nil {
		l.OnSort(column, descending)
	}
}

// Sorted returns the column the rows are ordered by, -1 for none, and the direction.
func (l *RecordList[T]) Sorted() (column int, descending bool) { return l.sortBy, l.desc }

func (l *RecordList[T]) toggle(column int) {
	l.Sort(column, l.sortBy == column && !l.desc)
}

func (l *RecordList[T]) arrange() {
	for i := range l.order {
		l.order[i] = int32(i)
	}
	if l.sortBy >= 0 && l.sortBy < len(l.columns) && l.columns[l.sortBy].Compare != nil {
		compare, sign := l.columns[l.sortBy].Compare, 1
		if l.desc {
			sign = -1
		}
		slices.SortFunc(l.order, func(a, b int32) int {
			if c := sign * compare(l.rows[a], l.rows[b]); c != 0 {
				return c
			}
			return int(a - b) // equal rows keep the order given
		})
	}
	for i, h := range l.heads {
		h.mark(i == l.sortBy, l.desc)
	}
	l.empty.Hidden = len(l.order) > 0
	l.empty.Refresh()
	l.list.Refresh()
}

// Select selects the row at a position, scrolls to it and calls OnSelect.
func (l *RecordList[T]) Select(i int) { l.list.choose(i) }

// SelectWhere selects the first row the function accepts and tells whether there is one.
func (l *RecordList[T]) SelectWhere(match func(T) bool) bool {
	for i, at := range l.order {
		if match(l.rows[at]) {
			l.Select(i)
			return true
		}
	}
	return false
}

// Unselect drops the selection.
func (l *RecordList[T]) Unselect() { l.list.UnselectAll() }

// Selected returns the selected record.
func (l *RecordList[T]) Selected() (record T, ok bool) {
	if i := l.list.at; i >= 0 && i < len(l.order) {
		return l.rows[l.order[i]], true
	}
	return record, false
}

// Step selects the next (+1) or previous (-1) row, for PageUp and PageDown in a form.
func (l *RecordList[T]) Step(by int) { l.list.choose(min(max(l.list.at+by, 0), len(l.order)-1)) }

// Focus puts the keyboard on the list.
func (l *RecordList[T]) Focus() {
	if c := canvasOf(l.list); c != nil {
		c.Focus(l.list)
	}
}

// RefreshRows repaints the visible rows after records changed in place.
func (l *RecordList[T]) RefreshRows() { l.list.Refresh() }

// Children names what is inside to those who look for the keyboard.
func (l *RecordList[T]) Children() []fyne.CanvasObject { return []fyne.CanvasObject{l.list, l.empty} }

// CreateRenderer implements fyne.Widget.
func (l *RecordList[T]) CreateRenderer() fyne.WidgetRenderer {
	heads := make([]fyne.CanvasObject, len(l.heads))
	for i, h := range l.heads {
		heads[i] = h
	}
	one := *l.grid
	one.lines = 1
	head := NewPanel(theme.Header, &fyne.Container{Layout: &one, Objects: heads})
	body := NewPanel(theme.Card, container.NewStack(l.list, l.empty))
	return widget.NewSimpleRenderer(NewBorder(head, NewPanel(theme.Header, l.full), nil, nil, body))
}
