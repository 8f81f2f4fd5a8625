package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Field is one labelled input of a FieldGrid, with its star, hint and error.
type Field struct {
	Input  fyne.CanvasObject
	Wide   bool // takes the whole width also in two columns
	Bare   bool // without a label: the input takes its place too
	Share  int  // twelfths of the width, with the label above; 0: half, or all when Wide
	Beside bool // the label takes what the input leaves at its left
	Long   bool // the label is laid out as a long one, as its neighbours' are

	text     string
	required bool
	align    fyne.TextAlign
	hidden   bool
	label    *widget.RichText
	hint     *Paragraph
	problem  *Paragraph
	outline  *canvas.Rectangle
	grid     *fyne.Container // it stands in
}

// NewField labels an input.
func NewField(label string, input fyne.CanvasObject) *Field {
	f := &Field{Input: input, label: widget.NewRichText(), hint: NewCaption(""), problem: NewCaption("")}
	f.label.Wrapping = WrapFor(label)
	f.problem.Importance = widget.DangerImportance
	f.outline = canvas.NewRectangle(color.Transparent)
	f.outline.StrokeColor, f.outline.StrokeWidth, f.outline.CornerRadius = theme.Danger, 1.5, 3
	f.outline.Hide()
	f.hint.Hide()
	f.problem.Hide()
	f.SetLabel(label, false)
	return f
}

// Star marks the field as required and returns it.
func (f *Field) Star() *Field {
	f.SetLabel(f.text, true)
	return f
}

// Span makes the field take the whole width and returns it.
func (f *Field) Span() *Field {
	f.Wide = true
	return f
}

// SetLabel changes the label and the star of a required field.
func (f *Field) SetLabel(text string, required bool) {
	same := f.text == text && f.required == required && f.label.Segments != nil
	f.text, f.required = text, required
	align := fyne.TextAlignTrailing
	if f.stacked() {
		align = fyne.TextAlignLeading
	}
	if same && align == f.align {
		return
	}
	f.align = align
	plain := widget.RichTextStyle{Inline: true, SizeName: fynetheme.SizeNameText, ColorName: fynetheme.ColorNameForeground, Alignment: align}
	star := plain
	star.ColorName = fynetheme.ColorNameError
	f.label.Segments = []widget.RichTextSegment{&widget.TextSegment{Text: text, Style: plain}}
	if required {
		f.label.Segments[0].(*widget.TextSegment).Text = f.withStar()
		f.label.Segments = append(f.label.Segments, &widget.TextSegment{Text: "*", Style: star})
	}
	f.label.Refresh()
}

// withStar breaks a label before its last word where the star alone would come to
// stand on a line of its own.
func (f *Field) withStar() string {
	room := theme.Size(theme.SizeLabel) - 2*theme.Size(fynetheme.SizeNameInnerPadding)
	wide := func(text string) float32 { return fyne.MeasureText(text, fynetheme.TextSize(), fyne.TextStyle{}).Width }
	if f.stacked() || wide(f.text) > room || wide(f.text+"*") <= room {
		return f.text
	}
	if at := strings.LastIndexByte(f.text, ' '); at > 0 {
		return f.text[:at] + "\n" + f.text[at+1:]
	}
	runes := []rune(f.text)
	at := max(len(runes)-2, 1)
	return string(runes[:at]) + "\n" + string(runes[at:])
}

// SetHint shows a small text under the input; "" hides it.
func (f *Field) SetHint(text string) {
	if setShown(f.hint, text) && f.grid != nil {
		MakeRoom(f.grid)
	}
}

// SetError shows what is wrong under the input and outlines it; "" hides it.
func (f *Field) SetError(text string) {
	changed := setShown(f.problem, text)
	if bad := text != ""; f.outline.Visible() != bad {
		f.outline.Hidden = !bad
		f.outline.Refresh()
	}
	if changed && f.grid != nil { // in no grid yet
		MakeRoom(f.grid)
	}
}

// Error returns the error shown, "" for none.
func (f *Field) Error() string {
	if f.problem.Hidden {
		return ""
	}
	return f.problem.Text
}

// Label returns the text of the label without the star.
func (f *Field) Label() string { return f.text }

// Required tells whether the star is shown.
func (f *Field) Required() bool { return f.required }

// SetVisible shows or hides the whole field; the grid closes the gap on its next layout.
func (f *Field) SetVisible(on bool) {
	f.hidden = !on
	for _, o := range []fyne.CanvasObject{f.label, f.Input} {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	f.hint.Hidden = !on || f.hint.Text == ""
	f.problem.Hidden = !on || f.problem.Text == ""
	f.outline.Hidden = f.problem.Hidden
}

// Visible tells whether the field is shown.
func (f *Field) Visible() bool { return !f.hidden }

// setShown shows a text, or hides it when there is none, and tells whether that
// changed anything.
func setShown(l *Paragraph, text string) bool {
	if l.Text == text && l.Hidden == (text == "") {
		return false
	}
	l.Hidden = text == ""
	l.SetText(text)
	return true
}

// stacked fields carry their label above the input because it is too long to stand beside.
func (f *Field) stacked() bool {
	return f.Share > 0 || f.Beside || f.Long || IsLong(f.text)
}

// IsLong tells a label that is too long to stand beside its input.
func IsLong(label string) bool {
	one := fyne.MeasureText(label, fynetheme.TextSize(), fyne.TextStyle{}).Width
	return one > 2*(theme.Size(theme.SizeLabel)-theme.Size(fynetheme.SizeNameInnerPadding)*2)
}

// NewFieldGrid lays fields out in two columns, or one when it is narrow.
func NewFieldGrid(fields ...*Field) *fyne.Container {
	grid := &fyne.Container{Layout: &fieldGrid{}}
	SetFields(grid, fields...)
	return grid
}

// SetFields replaces the fields of a grid made by NewFieldGrid.
func SetFields(grid *fyne.Container, fields ...*Field) {
	grid.Layout.(*fieldGrid).fields = fields
	for _, f := range fields {
		f.grid = grid
	}
	grid.Objects = make([]fyne.CanvasObject, 0, len(fields)*5)
	for _, f := range fields {
		if !f.Bare {
			grid.Objects = append(grid.Objects, f.label)
		}
		grid.Objects = append(grid.Objects, f.Input, f.outline, f.hint, f.problem)
	}
	grid.Refresh()
}

const (
	columnGap = 15
	fieldGap  = 5
)

// fieldGrid is the layout of a form. Its height depends on its width; it answers
// MinSize for the width it was last given.
type fieldGrid struct {
	fields []*Field
	width  float32
}

func (g *fieldGrid) MinSize([]fyne.CanvasObject) fyne.Size {
	var least float32
	for _, f := range g.fields {
		if f.hidden {
			continue
		}
		w := f.Input.MinSize().Width
		if !f.stacked() && !f.Bare {
			w += theme.Size(theme.SizeLabel) + fieldGap
		}
		least = max(least, w)
	}
	width := g.width
	if width == 0 {
		width = max(least, theme.Size(theme.SizeTwoColumns))
	}
	return fyne.NewSize(least, g.run(max(width, least)))
}

func (g *fieldGrid) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	g.run(size.Width)
}

// run places the fields in a width and returns the height used. Wrapped texts
// know their height only once they have their width, so measuring is placing.
func (g *fieldGrid) run(width float32) float32 {
	two := width >= theme.Size(theme.SizeTwoColumns)
	var y, row float32
	used := 0 // twelfths of the row
	for _, f := range g.fields {
		if f.hidden {
			continue
		}
		share := f.Twelfths()
		if !two {
			share = 12
		}
		if used+share > 12 {
			y, row, used = y+row+fieldGap, 0, 0
		}
		one := (width + columnGap) / 12
		row = max(row, f.place(float32(used)*one, y, float32(share)*one-columnGap))
		used += share
	}
	return y + row
}

// Twelfths returns how much of a row the field takes where there are columns.
func (f *Field) Twelfths() int {
	switch {
	case f.Wide:
		return 12
	case f.Share > 0:
		return f.Share
	}
	return 6
}

// oneLiner is an input that would rather stand at the right of a long label than below it.
type oneLiner interface{ OneLine() float32 }

// leastBeside is the least width of a long label that has its input at the right.
const leastBeside = 220

// place puts one field at x, y in a width and returns its height.
func (f *Field) place(x, y, width float32) float32 {
	pad := theme.Size(fynetheme.SizeNameInnerPadding) // texts stand flush with the edge
	side := theme.Size(theme.SizeLabel)
	line, beside := f.Input.(oneLiner)
	switch {
	case f.Bare:
		return f.placeInput(x, y, width)
	case f.Beside && beside:
		right := max(min(line.OneLine(), width*0.62), width/2) // not too far from the label either
		put(f.label, x-pad, y, width-right)
		put(f.Input, x+width-right, y, right)
		high := max(f.label.MinSize().Height, f.Input.Size().Height)
		return high + f.placeBelow(x-pad, y+high, width)
	case !f.stacked():
		put(f.label, x, y, side)
		return max(f.label.MinSize().Height, f.placeInput(x+side+fieldGap, y, width-side-fieldGap))
	case beside && width-line.OneLine() >= leastBeside:
		put(f.label, x-pad, y, width-line.OneLine()-fieldGap)
		put(f.Input, x+width-line.OneLine(), y, line.OneLine())
		high := max(f.label.MinSize().Height, f.Input.Size().Height)
		return high + f.placeBelow(x-pad, y+high, width)
	}
	put(f.label, x-pad, y, width+pad)
	high := f.label.MinSize().Height
	return high + f.placeInput(x, y+high, width)
}

func (f *Field) placeInput(x, y, width float32) float32 {
	put(f.Input, x, y, width)
	high := f.Input.Size().Height
	return high + f.placeBelow(x, y+high, width)
}

// placeBelow puts error and hint under the input and the outline around it.
func (f *Field) placeBelow(x, y, width float32) float32 {
	f.outline.Move(f.Input.Position())
	f.outline.Resize(f.Input.Size())
	top := y
	for _, below := range []*Paragraph{f.problem, f.hint} {
		if !below.Hidden {
			put(below, x, y-2, width)
			y += below.MinSize().Height - 4
		}
	}
	return y - top
}

// put gives an object a width and then the height it wants at that width.
func put(o fyne.CanvasObject, x, y, width float32) {
	width = max(width, 1)
	o.Move(fyne.NewPos(x, y))
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	}
	if want := o.MinSize().Height; o.Size().Height != want {
		o.Resize(fyne.NewSize(width, want))
	}
}
