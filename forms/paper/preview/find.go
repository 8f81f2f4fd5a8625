package preview

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf16"
)

// Mark is a rectangle on a page, its edges as parts of the page's width and
// height as it is seen: 0, 0 is the upper left corner, 1, 1 the lower right.
type Mark struct{ Left, Top, Right, Bottom float64 }

// Hit is a place where a text was found: the page, from 0, and a mark for each
// line it stands on.
type Hit struct {
	Page  int
	Marks []Mark
}

// mostHits bounds what one search brings: nobody steps through more.
const mostHits = 1000

// Find looks for a text on every page, in the order of the pages. Spaces and
// line ends do not count, neither in the text nor on the page, so a word that
// goes on in the next line is found; nor do case and width (ABC, ａｂｃ). No text
// finds nothing. A damaged page is an error with a sentence about it.
func (d *Document) Find(ctx context.Context, text string) ([]Hit, error) {
	want := folded(text)
	if len(want) == 0 {
		return nil, nil
	}
	var hits []Hit
	for i := range d.sizes {
		read, err := d.characters(ctx, i)
		if err != nil {
			return nil, err
		}
		places := read.places(want)
		if len(places) == 0 {
			continue
		}
		found, err := d.marks(ctx, i, places)
		if err != nil {
			return nil, err
		}
		if hits = append(hits, found...); len(hits) >= mostHits {
			return hits[:mostHits], nil
		}
	}
	return hits, nil
}

// characters are those of a page as a search sees them: folded, without spaces,
// each with its index in PDFium's list.
type characters struct {
	runes []rune
	index []int
}

// span is the first and the last character of a place, as PDFium counts them.
type span struct{ first, last int }

// places finds a folded text. Places do not overlap.
func (c characters) places(want []rune) (out []span) {
	for at := 0; at+len(want) <= len(c.runes); at++ {
		if slices.Equal(c.runes[at:at+len(want)], want) {
			out = append(out, span{c.index[at], c.index[at+len(want)-1]})
			at += len(want) - 1
		}
	}
	return out
}

// folded is a text as a search sees it.
func folded(text string) (out []rune) {
	for _, r := range text {
		if r, ok := fold(r); ok {
			out = append(out, r)
		}
	}
	return out
}

// fold gives a character without case and width; false for what does not count.
func fold(r rune) (rune, bool) {
	const widest, wide = '～', '！' - '!'
	switch {
	case unicode.IsSpace(r), !unicode.IsPrint(r):
		return 0, false
	case r >= '！' && r <= widest:
		r -= wide
	}
	return unicode.ToLower(r), true
}

// characters reads those of page i once.
func (d *Document) characters(ctx context.Context, i int) (characters, error) {
	d.mu.Lock()
	read, ok := d.read[i]
	d.mu.Unlock()
	if ok {
		return read, nil
	}
	read, err := onText(ctx, d, i, func(s *session, _, text uint64) (out characters, _ error) {
		all := s.number("FPDFText_CountChars", text)
		for n := 0; n < all; n++ {
			at, r := n, rune(s.number("FPDFText_GetUnicode", text, uint64(n)))
			if utf16.IsSurrogate(r) { // above U+FFFF: the second half follows
				n++
				r = utf16.DecodeRune(r, rune(s.number("FPDFText_GetUnicode", text, uint64(n))))
			}
			if r, ok := fold(r); ok {
				out.runes, out.index = append(out.runes, r), append(out.index, at)
			}
		}
		return out, nil
	})
	if err != nil {
		return characters{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.read == nil {
		d.read = map[int]characters{}
	}
	d.read[i] = read
	return read, nil
}

// marks are the rectangles around places on page i.
func (d *Document) marks(ctx context.Context, i int, places []span) ([]Hit, error) {
	return onText(ctx, d, i, func(s *session, page, text uint64) ([]Hit, error) {
		at := s.alloc(boxBytes)
		if at == 0 {
			return nil, errMemory
		}
		defer s.free(at)
		hits := make([]Hit, len(places))
		for k, p := range places {
			hits[k].Page = i
			for n := p.first; n <= p.last; n++ {
				if m, ok := s.mark(page, text, uint64(n), at); ok {
					hits[k].Marks = joined(hits[k].Marks, m)
				}
			}
		}
		return hits, nil
	})
}

// boxBytes is room for an FS_RECTF, four 32-bit floats.
const boxBytes = 16

// clearance is the share of a character's room above and below it that is left
// unmarked: Chinese faces claim half as much again as their characters fill.
const clearance = 0.15

// fine is the number of steps a page is measured in: PDFium counts dots.
const fine = 1 << 16

// mark is the room of one character, false for one that has none on the page:
// a line end PDFium made up.
func (s *session) mark(page, text, n, at uint64) (Mark, bool) {
	if s.call("FPDFText_GetLooseCharBox", text, n, at) == 0 {
		return Mark{}, false
	}
	b := s.view(at, boxBytes)
	if b == nil {
		return Mark{}, false
	}
	left, top, right, bottom := float(b), float(b[4:]), float(b[8:]), float(b[12:])
	if left == right || top == bottom {
		return Mark{}, false
	}
	room := (top - bottom) * clearance
	top, bottom = top-room, bottom+room
	x0, y0 := s.seen(page, left, top, at)
	x1, y1 := s.seen(page, right, bottom, at)
	return Mark{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}, true
}

// seen is where a point of a page is seen, turned and cropped.
func (s *session) seen(page uint64, x, y float64, at uint64) (float64, float64) {
	s.call("FPDF_PageToDevice", page, 0, 0, fine, fine, 0, math.Float64bits(x), math.Float64bits(y), at, at+4)
	b := s.view(at, 8)
	if b == nil {
		return 0, 0
	}
	return float64(integer(b)) / fine, float64(integer(b[4:])) / fine
}

// joined adds the mark of a character to those of its place: the last one grows
// as long as the text stays on its line, which runs down on a turned page.
func joined(marks []Mark, m Mark) []Mark {
	n := len(marks)
	if n == 0 {
		return []Mark{m}
	}
	last := &marks[n-1]
	along := between(last.Top, (m.Top+m.Bottom)/2, last.Bottom) && m.Right > last.Left
	down := between(last.Left, (m.Left+m.Right)/2, last.Right) && between(m.Left, (last.Left+last.Right)/2, m.Right)
	if !along && !down {
		return append(marks, m)
	}
	*last = Mark{min(last.Left, m.Left), min(last.Top, m.Top), max(last.Right, m.Right), max(last.Bottom, m.Bottom)}
	return marks
}

func between(from, at, to float64) bool { return from < at && at < to }

// onText takes a turn with page i and its text loaded.
func onText[T any](ctx context.Context, d *Document, i int, do func(s *session, page, text uint64) (T, error)) (T, error) {
	return onPage(ctx, d, i, func(s *session, page uint64) (T, error) {
		text := s.call("FPDFText_LoadPage", page)
		if text == 0 {
			var none T
			return none, fmt.Errorf("第%d页的文字读不出来，请重新取得这个文件", i+1)
		}
		defer s.call("FPDFText_ClosePage", text)
		return do(s, page, text)
	})
}
