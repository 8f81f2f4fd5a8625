package formview

import (
	"encoding/csv"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
)

// mostColumns is how many questions a repeat may have to stand as a table.
const mostColumns = 8

// Widths of a table at 100 %: the number of a row, its icons, and one unit of the
// weights of the columns.
const (
	numberWidth = 26
	iconsWidth  = 76
	unitWidth   = 58
	cellGap     = 3
)

// columnsOf are the questions of a repeat as the columns of a table; nil if they
// are too many, too long, or hold groups.
func columnsOf(q *forms.Question) []*forms.Question {
	var columns []*forms.Question
	for _, c := range q.Children {
		switch {
		case !c.IsContainer() && !drawn(c.Type):
			continue
		case c.IsContainer(), weight(c) == 0, c.Law["phrases"] != "":
			return nil
		}
		columns = append(columns, c)
	}
	if len(columns) > mostColumns || len(columns) < 2 {
		return nil // a single question reads better as a line
	}
	return columns
}

// weight is how much of a table's width a question wants; 0 if it fits in no cell.
func weight(q *forms.Question) float32 {
	switch q.Type {
	case forms.TypeText, forms.TypeBarcode:
		if q.HasAppearance("multiline") {
			return 0
		}
		return 1.8
	case forms.TypeInteger, forms.TypeDecimal, forms.TypeTime:
		return 1.3
	case forms.TypeDate:
		return 1.9
	case forms.TypeSelectOne:
		if q.HasAppearance("label") || q.File != "" {
			return 0
		}
		return 1.7
	case forms.TypeAcknowledge:
		return 1.3
	}
	return 0
}

// fits tells whether the repeat can stand as a table in the width there is.
func (r *repeat) fits() bool {
	if r.columns == nil {
		return false
	}
	least := float32(numberWidth + iconsWidth)
	for _, q := range r.columns {
		least += weight(q) * unitWidth
	}
	width := r.view.reel.Width()
	return width == 0 || width >= least*fynetheme.TextSize()/13
}

// tableHead plans the line with the labels of the columns.
func (p *plan) tableHead(r *repeat, n forms.Node, at place) {
	part := p.add("table head "+n.Path, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{Guess: fixed(theme.Size(theme.SizeRow)), Drop: func() {}, Make: func() fyne.CanvasObject {
			cells := []fyne.CanvasObject{widgets.NewCaption("")}
			for _, q := range r.columns {
				label := widgets.NewCaption(r.title(q))
				label.Importance = widget.MediumImportance
				label.TextStyle.Bold = true
				cells = append(cells, label)
			}
			cells = append(cells, widgets.NewCaption(""))
			return widgets.NewPanel(theme.Header, container.New(&tableLayout{r}, cells...))
		}}
	})
	part.Stop = false
}

// title is the head of a column, with a star where an answer is always required.
func (r *repeat) title(q *forms.Question) string {
	label := q.Label.In(r.view.o.Language)
	if strings.HasPrefix(q.Required, "true") || q.Required == "yes" {
		label += " *"
	}
	return label
}

// tableRow is one row of a table: a cell for each question, and below them what
// is wrong in it.
type tableRow struct {
	repeat  *repeat
	path    string
	number  int
	cells   []*cell
	problem *widgets.Paragraph
	root    *fyne.Container // nil while out of sight
}

// tableRow plans a row; nodes are the row and what is in it.
func (p *plan) tableRow(r *repeat, whole forms.Node, nodes []forms.Node, at place) {
	n := nodes[0]
	row := r.cells[n.Path]
	if row == nil || p.former.pieces["cells "+n.Path] == nil {
		row = &tableRow{repeat: r, path: n.Path, number: n.Row, cells: make([]*cell, len(r.columns))}
		r.cells[n.Path] = row
	}
	for _, inside := range nodes[1:] {
		p.relevant[inside.Path] = inside.Relevant
		for i, q := range r.columns {
			if q == inside.Question {
				p.cell(row, i, inside)
			}
		}
	}
	part := p.add("cells "+n.Path, at.card, at.indent, func() *widgets.Part {
		return &widgets.Part{Stop: true, Guess: fixed(theme.Size(theme.SizeRow)),
			Make: func() fyne.CanvasObject { return row.make(whole.Readonly) }, Drop: row.forget}
	})
	for _, c := range row.cells {
		c.f.part = part
	}
}

func (p *plan) cell(row *tableRow, column int, n forms.Node) {
	f := p.field(n)
	if f.cell == nil || f.cell.row != row {
		f.forget()
		f.cell = &cell{row: row, f: f}
	}
	if f.look == lookSegments || f.look == lookLikert || f.look == lookSearch {
		f.look = lookDrop // its list narrows as one types
	}
	row.cells[column] = f.cell
}

// make makes the widgets of the row.
func (t *tableRow) make(fixed bool) fyne.CanvasObject {
	number := widgets.NewCaption(itoa(t.number))
	number.Alignment = fyne.TextAlignTrailing
	objects := []fyne.CanvasObject{number}
	t.problem = widgets.NewCaption("")
	t.problem.Importance = widget.DangerImportance
	t.problem.Hide()
	for _, c := range t.cells {
		objects = append(objects, c.make())
	}
	r, at := t.repeat, t.number
	icons := container.NewHBox(
		widgets.NewIconTap(fynetheme.MoveUpIcon(), func() { r.moveRow(at, at-1, "") }).Hinted(lang.T("widget.verb.up")),
		widgets.NewIconTap(fynetheme.MoveDownIcon(), func() { r.moveRow(at, at+1, "") }).Hinted(lang.T("widget.verb.down")),
		widgets.NewIconTap(fynetheme.DeleteIcon(), func() { r.removeRow(at) }).Hinted(lang.T("widget.verb.remove")))
	icons.Hidden = fixed
	objects = append(objects, icons)
	t.root = widgets.NewBorder(nil, t.problem, nil, nil, container.New(&tableLayout{r}, objects...))
	for _, c := range t.cells {
		n, _ := r.view.in.Node(c.f.path)
		c.f.frame = c
		c.f.begin(n)
	}
	return t.root
}

func (t *tableRow) forget() {
	for _, c := range t.cells {
		if c.f.cell == c {
			c.f.forget()
		}
	}
	t.root, t.problem = nil, nil
}

// tell words below the row what is wrong in its cells.
func (t *tableRow) tell() {
	if t.problem == nil {
		return
	}
	var parts []string
	for _, c := range t.cells {
		if c.problem != "" {
			parts = append(parts, lang.T("form.table.problem", "column", c.f.question.Label.In(t.repeat.view.o.Language), "text", c.problem))
		}
	}
	text := strings.Join(parts, "  ")
	if text != t.problem.Words() {
		t.problem.SetText(text)
	}
	t.problem.Hidden = text == ""
}

// cell is the place of a question in a table.
type cell struct {
	row     *tableRow
	f       *field
	box     *fyne.Container
	outline *canvas.Rectangle
	problem string
}

func (c *cell) make() fyne.CanvasObject {
	c.f.control = c.f.newControl()
	c.problem = ""
	c.outline = canvas.NewRectangle(color.Transparent)
	c.outline.StrokeColor, c.outline.StrokeWidth, c.outline.CornerRadius = theme.Danger, 1.5, 3
	c.outline.Hide()
	c.box = container.NewStack(c.f.control.object(), c.outline)
	return c.box
}

// SetLabel shows or hides the cell: the label itself stands at the head of the column.
func (c *cell) SetLabel(string, bool) {
	n, _ := c.row.repeat.view.in.Node(c.f.path)
	if c.box.Visible() != n.Relevant {
		c.box.Hidden = !n.Relevant
		c.box.Refresh()
	}
}

// SetHint implements frame; a table has no room for hints.
func (c *cell) SetHint(string) {}

// SetError outlines the cell and tells the row.
func (c *cell) SetError(text string) {
	if c.problem == text {
		return
	}
	c.problem = text
	c.outline.Hidden = text == ""
	c.outline.Refresh()
	c.row.tell()
}

// entered is Enter in a cell: in the last one of the table it adds a row.
func (r *repeat) entered(f *field) bool {
	row := f.cell.row
	whole, ok := r.view.in.Node(r.path)
	if !ok || whole.Readonly || row.number != whole.Rows {
		return false
	}
	for i := len(row.cells) - 1; i >= 0; i-- {
		last := row.cells[i].f
		n, _ := r.view.in.Node(last.path)
		if last == f {
			r.addRow()
			return true
		}
		if n.Relevant && !n.Readonly && last.stops() {
			return false
		}
	}
	return false
}

// paste puts a block of cells, as a spreadsheet copies them, into the table from
// one cell on, and adds the rows it needs. What does not fit is shown cell by cell.
func (r *repeat) paste(from *field, block string) bool {
	records, err := readBlock(block)
	if err != nil || len(records) == 0 {
		return false
	}
	first := 0
	for i, c := range from.cell.row.cells {
		if c.f == from {
			first = i
		}
	}
	var changed []string
	r.view.in.Together(func() { changed, err = r.pasteRows(from.cell.row.number, records, first) })
	for _, path := range changed {
		if f := r.view.fields[path]; f != nil {
			f.touched = true
		}
	}
	r.view.settle(append(changed, r.path), err)
	return true
}

// pasteRows fills rows from a place on, adding them where there are none.
func (r *repeat) pasteRows(from int, records [][]string, first int) (changed []string, err error) {
	for i, record := range records {
		path := rowPath(r.path, from+i)
		if _, ok := r.view.in.Node(path); !ok {
			_, added, err := r.view.in.Add(r.path)
			changed = append(changed, added...)
			if err != nil {
				return changed, err
			}
		}
		changed = append(changed, r.pasteRow(path, record, first)...)
	}
	return changed, nil
}

func (r *repeat) pasteRow(path string, record []string, first int) (changed []string) {
	for j, text := range record {
		if first+j >= len(r.columns) {
			break
		}
		q := r.columns[first+j]
		n, ok := r.view.in.Node(path + "/" + q.Name)
		if !ok || n.Readonly {
			continue
		}
		text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " ") // a cell has one line
		more, err := r.view.in.Set(n.Path, r.view.answerFrom(q, text))
		if err != nil {
			continue // a frozen form is not pasted into: the cells are disabled
		}
		changed = append(changed, more...)
	}
	return changed
}

// readBlock reads cells separated by tabs and lines, quoted where they hold such.
func readBlock(block string) ([][]string, error) {
	reader := csv.NewReader(strings.NewReader(block))
	reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = '\t', true, -1
	return reader.ReadAll()
}

// tableLayout gives the cells of a row the widths of their columns.
type tableLayout struct{ repeat *repeat }

func (l *tableLayout) MinSize(cells []fyne.CanvasObject) fyne.Size {
	var high float32
	for _, c := range cells {
		if c.Visible() {
			high = max(high, c.MinSize().Height)
		}
	}
	return fyne.NewSize((numberWidth+iconsWidth)*fynetheme.TextSize()/13, high)
}

func (l *tableLayout) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	scale := fynetheme.TextSize() / 13
	var total float32
	for _, q := range l.repeat.columns {
		total += weight(q)
	}
	rest := size.Width - (numberWidth+iconsWidth)*scale - cellGap*float32(len(cells))
	x := float32(0)
	for i, c := range cells {
		width := float32(numberWidth) * scale
		switch {
		case i == len(cells)-1:
			width = iconsWidth * scale
		case i > 0:
			width = max(1, rest*weight(l.repeat.columns[i-1])/total)
		}
		c.Move(fyne.NewPos(x, 0))
		c.Resize(fyne.NewSize(width, size.Height))
		x += width + cellGap
	}
}
