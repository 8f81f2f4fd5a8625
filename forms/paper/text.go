package paper

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cell is one character on its way to the page.
type cell struct {
	r      rune
	under  bool // underlined: an empty blank of a form
	joined bool // stays on the line of the cell before it
}

// text is a run of cells; '\n' parts paragraphs.
type text []cell

// paragraphs splits at line ends; there is always at least one.
func (t text) paragraphs() []text {
	var out []text
	from := 0
	for i, c := range t {
		if c.r == '\n' {
			out = append(out, t[from:i])
			from = i + 1
		}
	}
	return append(out, t[from:])
}

func (t text) plain() string {
	var b strings.Builder
	for _, c := range t {
		b.WriteRune(c.r)
	}
	return b.String()
}

// normalise makes text printable: every kind of line end becomes '\n', tabs and odd spaces become a space,
// and characters without width or meaning on paper (zero-width, soft hyphen, direction and variation
// marks, control characters) go. Text that is no valid UTF-8 is refused.
func normalise(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("含有无法识别的字节（不是 UTF-8 编码），请重新输入")
	}
	if !strings.ContainsFunc(s, needsCare) {
		return s, nil
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			return '\n'
		case r == '\t' || (r != '\u3000' && unicode.Is(unicode.Zs, r)):
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, s), nil
}

func needsCare(r rune) bool {
	return r < ' ' || (r >= 0x7F && r <= 0xAD) || invisible(r) || (r != ' ' && r != '\u3000' && unicode.IsSpace(r))
}

func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u034F'
}

// blankOf is an underlined empty blank, n body characters wide.
func blankOf(n int) text {
	t := make(text, n)
	for i := range t {
		t[i] = cell{r: '\u3000', under: true}
	}
	return t
}

func plainText(s string) text {
	t := make(text, 0, len(s)/2)
	for _, r := range s {
		t = append(t, cell{r: r})
	}
	return t
}

// wide says whether r is set on the square grid of Chinese: hanzi and full-width punctuation.
func wide(r rune) bool {
	switch {
	case r < 0x2E80:
		return r > 0x7F && strings.ContainsRune(wideBelowHan, r)
	case r >= 0xFF00 && r <= 0xFFEF:
		return r <= 0xFF60 || r >= 0xFFE0
	case r >= 0xAC00 && r <= 0xD7FF, r >= 0xE000 && r <= 0xF8FF:
		return false
	}
	return true
}

// wideBelowHan are the characters before the blocks of Chinese that a Chinese face sets full width.
var wideBelowHan = "“”‘’—…" + string([]rune{boxEmpty, boxTicked, boxCrossed})
