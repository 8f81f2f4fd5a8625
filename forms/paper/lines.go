package paper

import (
	"strings"

	"github.com/rivo/uniseg"
)

// GB/T 15834-2011, 5.1: what may not begin a line, what may not end one, and what is never parted.
const (
	noStart = "、。，．：；！？）］｝〕〉》」』】〗”’·•‧・／/%％‰℃°′″～〜~,.:;!?)]}…-–"
	noEnd   = "（［｛〔〈《「『【〖“‘([{／/$¥￥£€№"
	// after a figure these read as one with it: 3月, 28名, 第5条
	afterDigit = "年月日时分秒号条款项页元名人份次个周天万亿"
	// their right half is empty, so at the end of a full line they stand in half a character
	halfAtEnd = "，。、；：．）》〕」』】〉”’！？"
)

// Classes of a character, as bits.
const (
	classNoStart = 1 << iota
	classNoEnd
	classAfterDigit
	classHalfAtEnd
)

var classes = func() (table [0x10000]uint8) {
	for bit, list := range map[uint8]string{classNoStart: noStart, classNoEnd: noEnd, classAfterDigit: afterDigit, classHalfAtEnd: halfAtEnd} {
		for _, r := range list {
			table[r] |= bit
		}
	}
	return table
}()

func is(r rune, class uint8) bool { return r < 0x10000 && classes[r]&class != 0 }

func digit(r rune) bool { return r >= '0' && r <= '9' }

// glyph is a cell with the face that draws it and its advance in points.
type glyph struct {
	cell
	face  *face
	width float64
}

// mayBreak says whether a line may end between two neighbouring characters. byClass is what UAX #14 says;
// it stands for letters and figures, while next to a wide character GB/T 15834 alone decides.
func mayBreak(a, b rune, byClass bool) bool {
	switch {
	case is(b, classNoStart) || is(a, classNoEnd) || b == ' ':
		return false
	case a == b && (a == '—' || a == '…'):
		return false
	case digit(a) && is(b, classAfterDigit):
		return false
	case a == ' ' || wide(a) || wide(b):
		return true
	}
	return byClass
}

// joined says whether glyphs i and i+1 are one thing: a check box and its words, the halves of a telephone
// number such as 0571-8862 3456.
func joined(t []glyph, i int) bool {
	return t[i+1].joined || (t[i].r == ' ' && i > 0 && digit(t[i-1].r) && digit(t[i+1].r))
}

// breaks marks the glyphs after which a line may end.
func breaks(t []glyph) []bool {
	out := classBreaks(t)
	for i := range len(t) - 1 {
		out[i] = !joined(t, i) && mayBreak(t[i].r, t[i+1].r, out[i])
	}
	return out
}

// classBreaks marks the glyphs after which UAX #14 allows a break. Only stretches of narrow characters are
// asked about: it has no say next to a wide one.
func classBreaks(t []glyph) []bool {
	out := make([]bool, len(t))
	for i := 0; i < len(t); {
		from, plain := i, true
		for ; i < len(t) && !wide(t[i].r); i++ {
			plain = plain && (digit(t[i].r) || letter(t[i].r))
		}
		if !plain && i-from > 1 { // a word or a figure has no break inside
			stretchBreaks(t[from:i], out[from:i])
		}
		if i == from {
			i++
		}
	}
	return out
}

func letter(r rune) bool { return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') }

func stretchBreaks(t []glyph, out []bool) {
	var b strings.Builder
	for _, g := range t {
		b.WriteRune(g.r)
	}
	rest, state, at := b.String(), -1, 0
	var segment string
	for len(rest) > 0 {
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		for range segment {
			at++
		}
		out[at-1] = true
	}
}

// line is one line of a paragraph.
type line struct {
	glyphs []glyph
	width  float64 // natural width in points, without the half character a closing mark gives up
	last   bool    // ends a paragraph: not justified
}

// breakLines sets one paragraph, free of line ends, in lines of the given widths in points (first line, other
// lines). A stretch without a break that is wider than a line is cut anywhere: nothing is ever lost.
func breakLines(t []glyph, em, first, rest float64) []line {
	b := &breaker{text: t, em: em, room: first, rest: rest}
	from := 0
	for i, may := range breaks(t) {
		if may || i == len(t)-1 {
			b.add(from, i+1)
			from = i + 1
		}
	}
	if b.end > b.start || len(b.out) == 0 {
		b.emit(true)
	}
	return b.out
}

type breaker struct {
	text       []glyph
	em         float64
	room, rest float64
	start, end int // the line being filled
	width      float64
	out        []line
}

const slack = 1e-6 // points; keeps rounding from costing a line its last character

// add takes the unbreakable stretch from..to.
func (b *breaker) add(from, to int) {
	w, inked := b.measure(from, to)
	if b.end > b.start && b.width+inked > b.room+slack {
		b.emit(false)
	}
	for b.start == b.end && inked > b.room+slack && to-from > 1 {
		from += b.fitting(from, to)
		b.end = from
		b.emit(false)
		w, inked = b.measure(from, to)
	}
	b.end = to
	b.width += w
}

// measure gives the width of a stretch and what it needs at the end of a line, where trailing spaces and
// the empty half of a closing mark do not count.
func (b *breaker) measure(from, to int) (width, inked float64) {
	width = widthOf(b.text[from:to])
	ink := trimSpaces(b.text[from:to])
	if len(ink) < to-from {
		return width, widthOf(ink) - b.endGain(ink)
	}
	return width, width - b.endGain(ink)
}

// fitting counts the glyphs that fill one line, at least one. A stretch too long for any line is cut where it does
// least harm: between two numbers, else not before closing nor after opening punctuation, if that leaves a glyph on the line.
func (b *breaker) fitting(from, to int) int {
	w, n := 0.0, to-from
	for i := from; i < to; i++ {
		if w += b.text[i].width; w > b.room+slack && i > from {
			n = i - from
			break
		}
	}
	for k := n; k > 1 && from+k < to; k-- {
		if i := from + k - 1; b.text[i].r == ' ' && digit(b.text[i-1].r) && digit(b.text[i+1].r) {
			return k
		}
	}
	for k := n; k > 0 && from+k < to; k-- {
		if !is(b.text[from+k].r, classNoStart) && !is(b.text[from+k-1].r, classNoEnd) {
			return k
		}
	}
	return n
}

func (b *breaker) endGain(t []glyph) float64 {
	if len(t) == 0 || t[len(t)-1].under || !is(t[len(t)-1].r, classHalfAtEnd) {
		return 0
	}
	return b.em / 2
}

func (b *breaker) emit(last bool) {
	glyphs := trimSpaces(b.text[b.start:b.end])
	w := widthOf(glyphs)
	if w > b.room+slack { // only then the closing mark gives up its empty half
		w -= b.endGain(glyphs)
	}
	b.out = append(b.out, line{glyphs: glyphs, width: w, last: last})
	b.start, b.width, b.room = b.end, 0, b.rest
}

func widthOf(t []glyph) (w float64) {
	for i := range t {
		w += t[i].width
	}
	return w
}

func trimSpaces(t []glyph) []glyph {
	for len(t) > 0 && t[len(t)-1].r == ' ' && !t[len(t)-1].under {
		t = t[:len(t)-1]
	}
	return t
}

// mostStretch is the widest gap justification may open, in ems; beyond it a ragged line reads better.
const mostStretch = 1.0 / 6

// gaps gives the extra width after each glyph that fills a line of the wanted width. The extra goes between
// wide characters and at spaces; figures and Latin words keep their own spacing. A line that would have to
// stretch too far stays ragged.
func (l line) gaps(want, em float64) []float64 {
	missing := want - l.width
	if l.last || missing <= slack || len(l.glyphs) < 2 {
		return nil
	}
	out := make([]float64, len(l.glyphs))
	n := 0
	for i := range len(l.glyphs) - 1 {
		a, c := l.glyphs[i].r, l.glyphs[i+1].r
		if wide(a) || wide(c) || a == ' ' {
			out[i] = 1
			n++
		}
	}
	if n == 0 || missing/float64(n) > mostStretch*em {
		return nil
	}
	for i := range out {
		out[i] *= missing / float64(n)
	}
	return out
}
