// Package pinyin knows the letters that the pinyin readings of characters begin
// with: people look for 桃花源 by typing "thy". It holds readings and nothing of
// what is looked for; it refuses whole syllables and tones.
package pinyin

import (
	"strings"
	"sync"
	"unicode"

	dictionary "github.com/mozillazg/go-pinyin"
)

// Letters leaves the letters and digits of a text, in lower case.
func Letters(text string) []rune {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		switch {
		case Common(r):
			out = append(out, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// Initials are the initials of a text by the first reading of each character,
// letters and digits as they are: "cqzx" for 拆迁中心.
func Initials(text string) string {
	letters := Letters(text)
	for i, r := range letters {
		letters[i] = initialsOf(r).first
	}
	return string(letters)
}

// Others are the initials of a text where the characters commonly read in two
// ways are read in the other: "cql" beside "zql" for 重庆路. It is false when
// there is no such character.
func Others(text string) (string, bool) {
	if !strings.ContainsFunc(text, func(r rune) bool { return initialsOf(r).other != 0 }) {
		return "", false
	}
	letters := Letters(text)
	for i, r := range letters {
		in := initialsOf(r)
		if letters[i] = in.first; in.other != 0 {
			letters[i] = in.other
		}
	}
	return string(letters), true
}

// twoWays are the characters of names and places that are commonly read in two
// ways, with the initials of both; the dictionary knows every reading that a
// character ever had.
var twoWays = map[rune]string{'重': "zc", '长': "cz", '行': "xh", '乐': "ly", '单': "ds", '曾': "zc", '解': "jx", '覃': "tq", '朝': "cz", '仇': "cq",
	'区': "qo", '查': "cz", '翟': "dz", '尉': "wy", '石': "sd", '调': "dt", '车': "cj", '厦': "sx", '会': "hk", '降': "jx", '省': "sx"}

// initials are those of one character: of its first reading or, where it has
// none, itself; and of the other reading that is common too, 0 for none.
type initials struct{ first, other rune }

func readings(r rune) initials {
	in := initials{first: r}
	if letter := plain(dictionary.PinyinDict[int(r)]); letter != 0 {
		in.first = letter
	}
	if other := strings.Trim(twoWays[r], string(in.first)); other != "" {
		in.other = rune(other[0])
	}
	return in
}

const (
	firstCommon = 0x4e00
	lastCommon  = 0x9fff
)

// Common tells at a glance the characters of nearly all Chinese text: those of
// the first block, all of them letters.
func Common(r rune) bool { return firstCommon <= r && r <= lastCommon }

// common are the initials of the block, looked up once: every name that comes
// in is spelled.
var common = sync.OnceValue(func() *[lastCommon - firstCommon + 1]initials {
	var out [lastCommon - firstCommon + 1]initials
	for i := range out {
		out[i] = readings(firstCommon + rune(i))
	}
	return &out
})

func initialsOf(r rune) initials {
	switch {
	case r < unicode.MaxLatin1:
		return initials{first: r}
	case Common(r):
		return common()[r-firstCommon]
	}
	return readings(r)
}

// Set holds the initials of all readings of a character, bit 0 for a; 0 if it
// has none.
func Set(r rune) (set uint32) {
	if r < unicode.MaxLatin1 {
		return 0
	}
	for reading := range strings.SplitSeq(dictionary.PinyinDict[int(r)], ",") {
		set |= bit(plain(reading))
	}
	return set
}

func bit(letter rune) uint32 {
	if letter < 'a' || letter > 'z' {
		return 0
	}
	return 1 << (letter - 'a')
}

// plain is the first letter of a reading without its tone mark, 0 for none.
func plain(reading string) rune {
	for _, r := range reading {
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
	return 0
}
