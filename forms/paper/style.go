package paper

const mm = 72 / 25.4 // points in a millimetre

// A4 in points.
const (
	paperWidth  = 210 * mm
	paperHeight = 297 * mm
)

// geometry is a sheet and its type area, in points from the top left corner.
type geometry struct {
	width, height            float64
	top, left, right, bottom float64 // margins
}

func (g geometry) textWidth() float64 { return g.width - g.left - g.right }

// turned lies the sheet on its side; its top edge goes to the binding margin.
func (g geometry) turned() geometry {
	return geometry{width: g.height, height: g.width, top: g.left, right: g.top, bottom: g.right, left: g.bottom}
}

// pageStyle is what a kind of document shares beyond its template.
type pageStyle struct {
	geometry
	titleSize  float64
	agencySize float64
	lined      bool    // label rows print a line under every value, not only under blanks
	pageNumber float64 // size of the page number; 0 for none and no running head
}

// letterStyle is GB/T 9704-2012: type area 156 × 225 mm, title 2号.
var letterStyle = pageStyle{
	geometry:  geometry{width: paperWidth, height: paperHeight, top: 37 * mm, left: 28 * mm, right: 26 * mm, bottom: 35 * mm},
	titleSize: 22, agencySize: 22, pageNumber: 10.5,
}

// recordStyle serves records, approval forms and receipts, which the standard leaves free.
var recordStyle = pageStyle{
	geometry:  geometry{width: paperWidth, height: paperHeight, top: 26 * mm, left: 27 * mm, right: 22 * mm, bottom: 22 * mm},
	titleSize: 18, agencySize: 15, lined: true, pageNumber: 9,
}

// sheetStyle serves the sheets of a file that carry no page number of their own.
var sheetStyle = func() pageStyle {
	s := recordStyle
	s.pageNumber = 0
	return s
}()

var pageStyles = map[string]pageStyle{"letter": letterStyle, "record": recordStyle, "sheet": sheetStyle}

type align int

const (
	alignLeft align = iota
	alignCentre
	alignRight
	alignJustify
)

var aligns = map[string]align{"left": alignLeft, "centre": alignCentre, "right": alignRight}

// setting is how a stretch of text is set.
type setting struct {
	face       string
	size, lead float64
	first      float64 // indent of the first line, in points
	hang       float64 // indent of the other lines
	align      align
	glue       bool // stays with what follows
}

// strip is a piece of a page that is never divided. Positions are relative to its top left corner.
type strip struct {
	height float64
	spans  []span
	rules  []rule
	symbol *symbol
	glue   bool    // the next strip stands on the same page
	price  float64 // of parting it from the next strip all the same, see turning; 0: never
	pieces []strip // the same divided, for the end of a page that would stay empty; nil: never
	label  bool    // of a label row: no text a signature could stand under
	frame  *frame  // part of a ruled table, closed where a page ends inside it
	head   []strip // repeated when a page begins with this strip
	carry  *carry  // first strip of a row of a table with carried totals

	pictures []shownPicture
	slots    []slot
	page     bool    // begins a page
	fill     float64 // width of a void stroke over the rest of the page; 0 for none
	bookmark string  // words of a bookmark that leads here
	level    int     // 1 or 2
}

func (s *strip) blank() bool {
	return len(s.spans) == 0 && len(s.rules) == 0 && s.symbol == nil && len(s.pictures) == 0 && s.fill == 0
}

type frame struct{ x, width float64 }

// span is text of one face on one baseline.
type span struct {
	face  *face
	size  float64
	x, y  float64
	runes []rune
	gaps  []float64 // extra width after each rune; nil for none
}

// rule is a stroke from one point to another.
type rule struct {
	x1, y1, x2, y2, width float64
	dashed                bool
}

const (
	hairline  = 0.5 // points
	blankRule = 0.6
)

func (s *strip) shift(dx, dy float64) {
	for i := range s.spans {
		s.spans[i].x += dx
		s.spans[i].y += dy
	}
	for i := range s.rules {
		r := &s.rules[i]
		r.x1, r.x2, r.y1, r.y2 = r.x1+dx, r.x2+dx, r.y1+dy, r.y2+dy
	}
	for i := range s.pictures {
		s.pictures[i].x += dx
		s.pictures[i].y += dy
	}
	for i := range s.slots {
		s.slots[i].x += dx
		s.slots[i].y += dy
	}
}
