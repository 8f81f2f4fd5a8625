// Package pinyin knows the letters that the pinyin readings of characters begin
// with: people look for 桃花源 by typing "thy". It holds readings and nothing of
// what is looked for; it refuses whole syllables and tones.
package pinyin

import (
	"strings"
	"unicode"

	dictionary "github.com/mozillazg/go-pinyin"
)

// Letters leaves the letters and digits of a text, in lower case.
func Letters(text string) []rune {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// Initials are the initials of a text by the first reading of each character,
// letters and digits as they are: "cqzx" for 拆迁中心.
func Initials(text string) string {
	var b strings.Builder
	for _, r := range Letters(text) {
		b.WriteRune(first(r))
	}
	return b.String()
}

// twoWays are the characters of names and places that are commonly read in two
// ways, with the initials of both; the dictionary knows every reading that a
// character ever had.
var twoWays = map[rune]string{'重': "zc", '长': "cz", '行': "xh", '乐': "ly", '单': "ds", '曾': "zc", '解': "jx", '覃': "tq", '朝': "cz", '仇': "cq",
	'区': "qo", '查': "cz", '翟': "dz", '尉': "wy", '石': "sd", '调': "dt", '车': "cj", '厦': "sx", '会': "hk", '降': "jx", '省': "sx"}

// Others are the initials of a text where the characters commonly read in two
// ways are read in the other, and whether there is any such character: "cql"
// stands beside "zql" for 重庆路.
func Others(text string) (string, bool) {
	var b strings.Builder
	any := false
	for _, r := range Letters(text) {
		letter := first(r)
		if other := strings.Trim(twoWays[r], string(letter)); other != "" {
			letter, any = rune(other[0]), true
		}
		b.WriteRune(letter)
	}
	return b.String(), any
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

// first is the initial of a character's first reading, or itself.
func first(r rune) rune {
	if r < unicode.MaxLatin1 {
		return r
	}
	if letter := plain(dictionary.PinyinDict[int(r)]); letter != 0 {
		return letter
	}
	return r
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
