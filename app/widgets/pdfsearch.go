package widgets

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/lang"
)

// pdfSearch is the bar of a PDFView that finds text: it looks while one types,
// says how often the text stands there and steps through the places.
type pdfSearch struct {
	view   *PDFView
	input  *pdfInput
	count  *Paragraph
	bar    *fyne.Container
	hits   []PDFHit
	at     int
	turn   int // of the newest search: an older one that comes late is dropped
	cancel func()
}

// pdfInputWidth holds a name or a number of a paper.
const pdfInputWidth = 220

func newPDFSearch(v *PDFView) *pdfSearch {
	s := &pdfSearch{view: v, count: NewCaption("")}
	s.count.Wrapping = fyne.TextWrapOff
	s.input = &pdfInput{search: s}
	s.input.init(s.input)
	s.input.SetPlaceHolder(lang.T("pdf.find.hint"))
	s.input.OnChanged = func(string) { s.look() }
	s.bar = container.NewHBox(
		AtLeast(pdfInputWidth, 0, s.input),
		NewQuietButton("", fynetheme.MoveUpIcon(), func() { s.move(-1) }).Hinted(lang.T("widget.verb.previous")),
		NewQuietButton("", fynetheme.MoveDownIcon(), func() { s.move(+1) }).Hinted(lang.T("widget.verb.next")),
		NewQuietButton("", fynetheme.CancelIcon(), s.close).Hinted(lang.T("dialog.close")),
		container.NewCenter(s.count))
	s.bar.Hide()
	return s
}

// open shows the bar with the keyboard in it; what stands there is selected.
func (s *pdfSearch) open() {
	fresh := !s.bar.Visible()
	s.bar.Show()
	s.view.root.Refresh()
	if c := canvasOf(s.view); c != nil {
		c.Focus(s.input)
		s.input.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	if fresh {
		s.look()
	}
}

// close hides the bar and the marks; the keyboard goes to the page.
func (s *pdfSearch) close() {
	s.drop()
	s.bar.Hide()
	s.view.root.Refresh()
	if c := canvasOf(s.view); c != nil {
		c.Focus(s.view.sheet)
	}
}

// drop forgets what was found.
func (s *pdfSearch) drop() {
	s.turn++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.hits = nil
	s.count.SetText("")
	s.mark()
}

// again looks anew after other pages have come.
func (s *pdfSearch) again() {
	if s.bar.Visible() {
		s.look()
	}
}

// look searches off the window and goes to the first place from the page in
// sight on.
func (s *pdfSearch) look() {
	s.drop()
	text, pages, turn := strings.TrimSpace(s.input.Text), s.view.pages, s.turn
	if text == "" || pages == nil {
		return
	}
	var hits []PDFHit
	s.cancel = s.view.run(lang.T("pdf.finding"), func(ctx context.Context) (err error) {
		hits, err = pages.Find(ctx, text)
		return err
	}, func(err error) {
		switch {
		case turn != s.turn:
		case err != nil:
			s.view.failed(err)
		default:
			s.found(hits)
		}
	})
}

func (s *pdfSearch) found(hits []PDFHit) {
	s.hits, s.at = hits, 0
	if len(hits) == 0 {
		s.count.SetText(lang.T("pdf.find.none"))
		return
	}
	for i, h := range hits {
		if h.Page >= s.view.at {
			s.at = i
			break
		}
	}
	s.show()
}

// step goes to the next place, with Shift to the one before.
func (s *pdfSearch) step() {
	if s.view.shift {
		s.move(-1)
		return
	}
	s.move(+1)
}

// move goes so many places on, from the last to the first again.
func (s *pdfSearch) move(by int) {
	if n := len(s.hits); n > 0 {
		s.at = (s.at + by + n) % n
		s.show()
	}
}

// show turns to the page of the place one is at.
func (s *pdfSearch) show() {
	s.count.SetText(lang.T("pdf.find.count", "n", s.at+1, "all", len(s.hits)))
	if page := s.hits[s.at].Page; page != s.view.at {
		s.view.goTo(page) // marks the page when it is there
		return
	}
	s.mark()
}

// mark puts ink over the places of the page in sight and scrolls to the one one
// is at.
func (s *pdfSearch) mark() {
	var here []PDFHit
	at := -1
	for i, h := range s.hits {
		if h.Page != s.view.at {
			continue
		}
		if i == s.at {
			at = len(here)
		}
		here = append(here, h)
	}
	if from, size := s.view.sheet.mark(here, at); at >= 0 {
		s.view.reveal(from, size)
	}
}

// pdfInput is the input of the bar: Enter goes to the next place.
type pdfInput struct {
	Entry
	search *pdfSearch
}

// TypedKey implements fyne.Focusable.
func (e *pdfInput) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.search.step()
	case fyne.KeyDown:
		e.search.move(+1)
	case fyne.KeyUp:
		e.search.move(-1)
	default:
		e.Entry.TypedKey(k)
	}
}

// KeyDown implements desktop.Keyable.
func (e *pdfInput) KeyDown(k *fyne.KeyEvent) {
	e.search.view.held(k, true)
	e.Entry.KeyDown(k)
}

// KeyUp implements desktop.Keyable.
func (e *pdfInput) KeyUp(k *fyne.KeyEvent) {
	e.search.view.held(k, false)
	e.Entry.KeyUp(k)
}

// FocusLost implements fyne.Focusable.
func (e *pdfInput) FocusLost() {
	e.search.view.shift = false
	e.Entry.FocusLost()
}
