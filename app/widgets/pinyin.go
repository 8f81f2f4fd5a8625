package widgets

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// Match tells whether a text is what someone looks for: the query stands in it as
// written, or its letters are the pinyin initials of characters that follow each
// other ("cqzx" finds 拆迁中心), or both mixed. A character with several readings
// matches the initial of each. Letters match whatever their case; blanks and marks
// in the text are passed over. The rank orders what was found: 0 at the beginning
// as written, 1 at the beginning by initials, 2 further in as written, 3 further in
// by initials. An empty query matches everything.
func Match(text, query string) (rank int, ok bool) {
	wanted := strip(query)
	if len(wanted) == 0 {
		return 0, true
	}
	runes := strip(text)
	best := -1
	for at := 0; at+len(wanted) <= len(runes); at++ {
		written, hit := matchAt(runes[at:], wanted)
		if !hit {
			continue
		}
		rank := 0
		if !written {
			rank = 1
		}
		if at > 0 {
			rank += 2
		}
		if best < 0 || rank < best {
			best = rank
		}
		if best <= 1 {
			break
		}
	}
	return max(best, 0), best >= 0
}

// matchAt compares the beginning of a text; written tells that no initial was needed.
func matchAt(runes, wanted []rune) (written, hit bool) {
	written = true
	for i, want := range wanted {
		switch r := runes[i]; {
		case r == want:
		case want >= 'a' && want <= 'z' && initialsOf(r)&(1<<(want-'a')) != 0:
			written = false
		default:
			return false, false
		}
	}
	return written, true
}

// strip leaves the letters and digits of a text, in lower case.
func strip(text string) []rune {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// Initials are the pinyin initials of a text by the first reading of each
// character, letters and digits as they are: "cqzx" for 拆迁中心. They serve as a
// column to sort or search by; Match knows the other readings too.
func Initials(text string) string {
	var b strings.Builder
	for _, r := range strip(text) {
		if reading, ok := pinyin.PinyinDict[int(r)]; ok {
			for _, first := range reading {
				b.WriteRune(plain(first))
				break
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// initialsOf is the set of initials of a character, bit 0 for a; 0 if it has no reading.
func initialsOf(r rune) (set uint32) {
	if r < unicode.MaxLatin1 {
		return 0
	}
	for _, reading := range strings.Split(pinyin.PinyinDict[int(r)], ",") {
		for _, first := range reading {
			if letter := plain(first); letter >= 'a' && letter <= 'z' {
				set |= 1 << (letter - 'a')
			}
			break
		}
	}
	return set
}

// plain is a letter without its tone mark.
func plain(r rune) rune {
	switch {
	case strings.ContainsRune("āáǎà", r):
		return 'a'
	case strings.ContainsRune("ēéěèê", r):
		return 'e'
	case strings.ContainsRune("ōóǒò", r):
		return 'o'
	case strings.ContainsRune("ńňǹ", r):
		return 'n'
	case r == 'ḿ':
		return 'm'
	}
	return r
}
