package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
)

// Part is a piece of a Reel, as wide as the reel.
type Part struct {
	Make   func() fyne.CanvasObject    // makes the widgets when the part comes near
	Drop   func()                      // forgets them again; nil: they are kept
	Guess  func(width float32) float32 // the height before it was made
	Stop   bool                        // the Tab key stops in it
	Card   int                         // parts that follow each other with one number stand on one card; 0: on the ground
	Indent float32

	object   fyne.CanvasObject
	height   float32
	measured float32 // the width the height was measured at; 0: it is a guess
	y        float32
}

// Made tells whether the part has its widgets now.
func (p *Part) Made() bool { return p.object != nil }

// Reel is a vertical scroll area of parts of which only those in sight and near
// it have widgets, so that a long form is as light as a short one. The part that
// has the keyboard, the stops of the Tab key around it, and the first and last
// stop always have theirs: Tab and Shift+Tab go through the parts as if all were
// there. A reel of few parts has all of them.
type Reel struct {
	widget.BaseWidget
	OnWidth func(width float32) // the width changed; parts may be set anew

	parts   []*Part
	scroll  *container.Scroll
	content *fyne.Container
	grounds map[int]*canvas.Rectangle
	root    *fyne.Container
	width   float32
	least   float32
	height  float32
	busy    bool
}

const (
	reelWhole    = 60  // so many parts all have their widgets
	reelMargin   = 400 // beyond the edges parts have widgets to this distance,
	reelFar      = 900 // and lose them from this one on
	reelRounds   = 20  // parts turn out lower than guessed so often at most until the view is full
	cardSide     = 8
	cardTop      = 6
	cardBottom   = 8
	cardDistance = 4
)

// NewReel makes an empty reel.
func NewReel() *Reel {
	r := &Reel{grounds: map[int]*canvas.Rectangle{}}
	r.content = &fyne.Container{Layout: &reelLayout{r}}
	r.root, r.scroll = NewFormScroll(r.content)
	r.scroll.OnScrolled = func(fyne.Position) { r.arrange(false) }
	r.ExtendBaseWidget(r)
	return r
}

// SetParts replaces the parts. Those that were there before keep their widgets,
// the others are dropped.
func (r *Reel) SetParts(parts []*Part) {
	stays := make(map[*Part]bool, len(parts))
	for _, p := range parts {
		stays[p] = true
	}
	former := r.parts
	r.parts = parts
	r.arrange(true)
	for _, p := range former {
		if !stays[p] {
			p.forget()
		}
	}
}

func (p *Part) forget() {
	if p.object != nil && p.Drop != nil {
		p.Drop()
	}
	p.object = nil
}

// Measure asks the parts with widgets for their heights again.
func (r *Reel) Measure() { r.arrange(true) }

// Reach scrolls a part into sight, which gives it its widgets.
func (r *Reel) Reach(p *Part) {
	for range 3 { // its neighbours' heights may turn out other than guessed
		r.arrange(false)
		top, bottom := p.y, p.y+p.height
		switch offset, view := r.scroll.Offset.Y, r.scroll.Size().Height; {
		case top < offset:
			r.scrollTo(top - 2*cardTop)
		case bottom > offset+view:
			r.scrollTo(bottom - view + 2*cardBottom)
		}
	}
	r.arrange(false)
}

func (r *Reel) scrollTo(y float32) {
	r.scroll.Offset.Y = y
	r.arrange(false)
	r.scroll.Refresh()
}

// Width returns the width parts have on the ground, 0 before the first layout.
func (r *Reel) Width() float32 { return r.width }

// arrange gives parts near the view their widgets, measures and places them. What
// stands at the upper edge stays there when heights above it change.
func (r *Reel) arrange(measure bool) {
	if r.busy || r.width <= 0 {
		return
	}
	r.busy = true
	defer func() { r.busy = false }()
	if measure {
		for _, p := range r.parts {
			if p.Made() {
				p.measured = 0
			}
		}
	}
	r.place()
	r.clamp()
	for range reelRounds {
		anchor, within := r.anchor()
		if !r.fill() {
			break
		}
		r.place()
		if anchor != nil {
			r.scroll.Offset.Y = anchor.y + within
		}
		r.clamp()
	}
	r.drop()
	r.show()
}

// clamp keeps the view within the parts.
func (r *Reel) clamp() {
	r.scroll.Offset.Y = max(0, min(r.scroll.Offset.Y, r.height-r.scroll.Size().Height))
}

// anchor is the part at the upper edge of the view and how far it reaches above it.
func (r *Reel) anchor() (p *Part, within float32) {
	if r.scroll.Offset.Y <= 0 {
		return nil, 0
	}
	for _, p := range r.parts {
		if p.y+p.height > r.scroll.Offset.Y {
			return p, r.scroll.Offset.Y - p.y
		}
	}
	return nil, 0
}

// place sets where every part begins.
func (r *Reel) place() {
	var y float32
	for i, p := range r.parts {
		if r.begins(i) {
			y += cardTop
		}
		if p.measured == 0 && !p.Made() {
			p.height = p.Guess(r.room(p))
		}
		p.y = y
		y += p.height
		if p.height > 0 {
			y += fieldGap
		}
		if r.ends(i) {
			y += cardBottom - fieldGap + cardDistance
		}
	}
	r.height = y
}

func (r *Reel) begins(i int) bool {
	return r.parts[i].Card != 0 && (i == 0 || r.parts[i-1].Card != r.parts[i].Card)
}

func (r *Reel) ends(i int) bool {
	return r.parts[i].Card != 0 && (i == len(r.parts)-1 || r.parts[i+1].Card != r.parts[i].Card)
}

// room is the width of a part.
func (r *Reel) room(p *Part) float32 {
	width := r.width - p.Indent
	if p.Card != 0 {
		width -= 2 * cardSide
	}
	return max(width, 1)
}

// fill makes and measures the parts that are wanted; true if a height changed.
func (r *Reel) fill() (changed bool) {
	pinned := r.pinned()
	for i, p := range r.parts {
		if !pinned[i] && !r.near(p, reelMargin) && !p.Made() {
			continue
		}
		if !p.Made() {
			p.object = p.Make()
			p.measured = 0
			r.least = max(r.least, p.object.MinSize().Width+p.Indent+2*cardSide)
		}
		width := r.room(p)
		if p.measured == width {
			continue
		}
		put(p.object, 0, 0, width)
		put(p.object, 0, 0, width) // flows know their height only once they have their width
		p.measured = width
		if high := p.object.Size().Height; high != p.height {
			p.height, changed = high, true
		}
	}
	return changed
}

func (r *Reel) near(p *Part, margin float32) bool {
	if len(r.parts) <= reelWhole {
		return true
	}
	from := r.scroll.Offset.Y - margin
	return p.y+p.height >= from && p.y <= r.scroll.Offset.Y+r.scroll.Size().Height+margin
}

// pinned are the parts the Tab key needs: that with the keyboard, the next stops
// before and after it, the first stop and the last.
func (r *Reel) pinned() map[int]bool {
	pinned := map[int]bool{}
	pin := func(from, by int) {
		for i := from; i >= 0 && i < len(r.parts); i += by {
			pinned[i] = true
			if r.parts[i].Stop {
				return
			}
		}
	}
	if len(r.parts) <= reelWhole {
		return pinned
	}
	pin(0, 1)
	pin(len(r.parts)-1, -1)
	if at := r.keyboard(); at >= 0 {
		pinned[at] = true
		pin(at-1, -1)
		pin(at+1, 1)
	}
	return pinned
}

// keyboard is the part that has the keyboard, -1 for none.
func (r *Reel) keyboard() int {
	c := canvasOf(r)
	if c == nil {
		return -1
	}
	focused, ok := c.Focused().(fyne.CanvasObject)
	if !ok {
		return -1
	}
	for i, p := range r.parts {
		if !p.Made() {
			continue
		}
		if Holds(p.object, focused) {
			return i
		}
	}
	return -1
}

// drop takes the widgets of parts that went far out of sight.
func (r *Reel) drop() {
	pinned := r.pinned()
	for i, p := range r.parts {
		if p.Made() && p.Drop != nil && !pinned[i] && !r.near(p, reelFar) {
			p.forget()
		}
	}
}

// show places the widgets and the cards below them.
func (r *Reel) show() {
	var objects, grounds []fyne.CanvasObject
	for i := 0; i < len(r.parts); i++ {
		p := r.parts[i]
		if r.begins(i) {
			end := i
			for !r.ends(end) {
				end++
			}
			grounds = append(grounds, r.ground(i, end))
		}
		if p.Made() {
			x := p.Indent
			if p.Card != 0 {
				x += cardSide
			}
			p.object.Move(fyne.NewPos(x, p.y))
			p.object.Resize(fyne.NewSize(r.room(p), p.height))
			objects = append(objects, p.object)
		}
	}
	r.content.Objects = append(grounds, objects...)
	high := max(r.height, r.scroll.Size().Height)
	if r.content.Size().Height != high || r.content.Position().Y != -r.scroll.Offset.Y {
		r.content.Resize(fyne.NewSize(r.width, high))
		r.scroll.Refresh()
	}
	canvas.Refresh(r.content)
}

// ground is the card below the parts from one to another.
func (r *Reel) ground(from, to int) *canvas.Rectangle {
	first, last := r.parts[from], r.parts[to]
	g := r.grounds[first.Card]
	if g == nil {
		g = canvas.NewRectangle(theme.Card)
		g.StrokeColor, g.StrokeWidth, g.CornerRadius = theme.CardBorder, 1, 3
		r.grounds[first.Card] = g
	}
	g.Move(fyne.NewPos(0, first.y-cardTop))
	g.Resize(fyne.NewSize(r.width, last.y+last.height+cardBottom-first.y+cardTop))
	return g
}

// Children lets objects inside be found.
func (r *Reel) Children() []fyne.CanvasObject { return []fyne.CanvasObject{r.root} }

// CreateRenderer implements fyne.Widget.
func (r *Reel) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.root) }

// reelLayout lets the reel place its parts whenever it gets a size.
type reelLayout struct{ reel *Reel }

func (l *reelLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.reel.least, l.reel.height)
}

func (l *reelLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := l.reel
	if r.busy {
		return
	}
	if changed := r.width != size.Width; changed {
		r.width = size.Width
		if r.OnWidth != nil {
			r.OnWidth(size.Width)
		}
	}
	r.arrange(true)
}
