package widgets

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
)

// PDFPages are the pages of an open PDF, counted from 0.
type PDFPages interface {
	Count() int
	// Draw makes a picture of page i about so many pixels wide.
	Draw(ctx context.Context, i, width int) (image.Image, error)
	// Find looks for a text on all pages, in their order; a text that goes on in
	// the next line is found too.
	Find(ctx context.Context, text string) ([]PDFHit, error)
	Close()
}

// PDFHit is a place where a text was found: the page, and a mark for each line
// it stands on.
type PDFHit struct {
	Page  int
	Marks []PDFMark
}

// PDFMark is a rectangle, its edges as parts of the page's width and height from
// the upper left corner.
type PDFMark struct{ Left, Top, Right, Bottom float64 }

// Background runs work off the window's goroutine and then on it; title is what
// the status bar says meanwhile.
type Background func(title string, work func(ctx context.Context) error, then func(error)) (cancel func())

// PDFView shows a PDF page by page, exactly as it is printed, and finds text in
// it. Only the page in sight is kept as a picture. Inside it Ctrl+F opens the
// search and F3 goes on, on the page PgUp, PgDn, Home, End and the arrows move, +, -
// and 0 set the size.
type PDFView struct {
	widget.BaseWidget
	run    Background
	failed func(error)

	pages PDFPages
	at    int
	zoom  int // index in pdfZooms
	turn  int // of the newest drawing: an older one that comes late is dropped
	shift bool

	sheet  *pdfSheet
	scroll *container.Scroll
	where  *widget.Label
	body   *fyne.Container
	search *pdfSearch
	root   *fyne.Container
}

// pdfZooms are the widths a page is shown at, in logical pixels.
var pdfZooms = []float32{420, 560, 700, 900, 1200, 1600}

const (
	pdfStartZoom  = 1   // shows a whole page of A4 readably in the right pane
	pdfWhereWidth = 132 // holds "page 100 of 200" in either language
)

// NewPDFView makes an empty view. failed is told what went wrong with a page or
// a search.
func NewPDFView(run Background, failed func(error)) *PDFView {
	v := &PDFView{run: run, failed: failed, zoom: pdfStartZoom, where: widget.NewLabel(""), body: container.NewStack()}
	v.sheet = newPDFSheet(v)
	v.scroll = container.NewScroll(container.NewCenter(v.sheet))
	v.search = newPDFSearch(v)
	bar := container.NewHBox(
		NewQuietButton(lang.T("pdf.back"), fynetheme.NavigateBackIcon(), func() { v.Turn(-1) }),
		AtLeast(pdfWhereWidth, 0, v.where),
		NewQuietButton(lang.T("pdf.next"), fynetheme.NavigateNextIcon(), func() { v.Turn(+1) }),
		NewQuietButton(lang.T("pdf.smaller"), fynetheme.ZoomOutIcon(), func() { v.scale(v.zoom - 1) }),
		NewQuietButton(lang.T("pdf.larger"), fynetheme.ZoomInIcon(), func() { v.scale(v.zoom + 1) }),
		NewQuietButton(lang.T("pdf.find"), fynetheme.SearchIcon(), v.Find))
	v.root = NewBorder(container.NewVBox(bar, v.search.bar), nil, nil, nil, v.body)
	v.ExtendBaseWidget(v)
	return v
}

// Open shows pages, which the view closes when it is given others or closed, at
// the page one was on; a search that is open looks again.
func (v *PDFView) Open(pages PDFPages) {
	v.Close()
	v.pages = pages
	v.draw()
	v.search.again()
}

// Close gives the pages back.
func (v *PDFView) Close() {
	v.turn++
	v.search.drop()
	if v.pages != nil {
		v.pages.Close()
		v.pages = nil
	}
}

// Say shows a word in place of a page.
func (v *PDFView) Say(text string) {
	v.where.SetText("")
	word := widget.NewLabel(text)
	word.Importance = widget.LowImportance
	v.body.Objects = []fyne.CanvasObject{container.NewCenter(word)}
	v.body.Refresh()
}

// Find opens the search and puts the keyboard in it.
func (v *PDFView) Find() { v.search.open() }

// Turn goes on or back by so many pages and tells whether there was such a page.
func (v *PDFView) Turn(by int) bool {
	if v.pages == nil || by == 0 || v.at+by < 0 || v.at+by >= v.pages.Count() {
		return false
	}
	v.goTo(v.at + by)
	return true
}

// goTo shows a page from its top.
func (v *PDFView) goTo(page int) {
	v.at = page
	v.scroll.ScrollToTop()
	v.draw()
}

func (v *PDFView) scale(zoom int) {
	if v.pages == nil || zoom < 0 || zoom >= len(pdfZooms) || zoom == v.zoom {
		return
	}
	v.zoom = zoom
	v.draw()
}

// draw makes the picture of the page off the window, as fine as the screen.
func (v *PDFView) draw() {
	v.at = min(v.at, v.pages.Count()-1)
	v.turn++
	turn, at, pages := v.turn, v.at, v.pages
	width := int(pdfZooms[v.zoom] * max(v.fineness(), 1))
	var drawn image.Image
	v.run(lang.T("pdf.opening"), func(ctx context.Context) (err error) {
		drawn, err = pages.Draw(ctx, at, width)
		return err
	}, func(err error) {
		switch {
		case turn != v.turn:
		case err != nil:
			v.Say(lang.T("pdf.failed"))
			v.failed(err)
		default:
			v.show(drawn)
		}
	})
}

// fineness is how many dots of the screen make a logical pixel.
func (v *PDFView) fineness() float32 {
	if c := canvasOf(v); c != nil {
		return c.Scale()
	}
	return 1
}

func (v *PDFView) show(drawn image.Image) {
	size := drawn.Bounds().Size()
	wide := pdfZooms[v.zoom]
	v.sheet.show(drawn, fyne.NewSize(wide, wide*float32(size.Y)/float32(max(size.X, 1))))
	v.where.SetText(lang.T("pdf.page", "n", v.at+1, "all", v.pages.Count()))
	if len(v.body.Objects) != 1 || v.body.Objects[0] != v.scroll {
		v.body.Objects = []fyne.CanvasObject{v.scroll}
		v.body.Refresh()
	}
	v.scroll.Refresh()
	v.search.mark()
}

// reveal scrolls the least way that shows a part of the sheet.
func (v *PDFView) reveal(at fyne.Position, size fyne.Size) {
	const margin = 24
	at = at.Add(v.sheet.Position())
	least := func(offset, window, from, to float32) float32 {
		switch {
		case from-margin < offset:
			return max(0, from-margin)
		case to+margin > offset+window:
			return to + margin - window
		}
		return offset
	}
	now, window := v.scroll.Offset, v.scroll.Size()
	v.scroll.ScrollToOffset(fyne.NewPos(least(now.X, window.Width, at.X, at.X+size.Width), least(now.Y, window.Height, at.Y, at.Y+size.Height)))
}

// TakeKey implements Keeper: F3 goes to the next hit, with Shift to the one
// before; Escape closes the search.
func (v *PDFView) TakeKey(k *fyne.KeyEvent) bool {
	switch {
	case k.Name == fyne.KeyF3:
		v.search.step()
	case k.Name == fyne.KeyEscape && v.search.bar.Visible():
		v.search.close()
	default:
		return false
	}
	return true
}

// TakeShortcut implements Keeper: Ctrl+F searches this PDF.
func (v *PDFView) TakeShortcut(s fyne.Shortcut) bool {
	combination, ok := s.(*desktop.CustomShortcut)
	if !ok || combination.KeyName != fyne.KeyF || combination.Modifier != fyne.KeyModifierControl {
		return false
	}
	v.Find()
	return true
}

// held notes whether Shift is down: the driver gives it with no key.
func (v *PDFView) held(k *fyne.KeyEvent, down bool) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		v.shift = down
	}
}

// Children are what the focus walks through.
func (v *PDFView) Children() []fyne.CanvasObject { return []fyne.CanvasObject{v.root} }

// CreateRenderer implements fyne.Widget.
func (v *PDFView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.root) }
