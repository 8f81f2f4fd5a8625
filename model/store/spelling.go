package store

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"anxin/model/pinyin"
)

// projection counts the ways heads and index have been computed: a database of
// an older one is projected anew when it is opened.
//
//	1  names are found by their pinyin initials
//	2  what is called so stands before what mentions it; members that registers
//	   are filtered by
//	3  the party of cases and visits, the subcontractors of sites
const projection = 3

// projected notes by which way this database has been projected.
func (t *tx) projected() error { return t.script(fmt.Sprintf(`PRAGMA user_version = %d`, projection)) }

// longestName in letters; what is longer is an answer or a claim, which nobody
// looks for by initials.
const longestName = 24

// spellings are the pinyin initials of the names among what a record is found by.
func spellings(find []string) []string {
	var out []string
	for _, text := range find {
		if !nameLike(text) {
			continue
		}
		out = append(out, pinyin.Initials(text))
		if other, several := pinyin.Others(text); several {
			out = append(out, other)
		}
	}
	return out
}

// nameLike tells whether a text is short and Chinese, without the marks of a
// sentence and the digits of an address or a telephone.
func nameLike(text string) bool {
	letters, digits, han := 0, 0, false
	for _, r := range text {
		switch r {
		case '，', '。', '；', '：', '？', '！', '、', '\n':
			return false
		}
		switch {
		case pinyin.Common(r):
			han = true
		case unicode.IsDigit(r):
			digits++
		case !han && unicode.Is(unicode.Han, r):
			han = true
		}
		if letters++; letters > longestName {
			return false
		}
	}
	return han && digits <= 2 && letters >= 2
}

// wanted is what a text is looked for by, as terms of the index that must all
// match: each word as it stands or, when it has Latin letters only, as the
// initials of a name. named are the terms that a record's own name must match.
func (s *Store) wanted(text string) (terms, named []string) {
	for _, word := range strings.Fields(norm.NFKC.String(text)) {
		written := s.opt.Keys.Query(word)
		if len(written) == 0 {
			continue
		}
		term := all(written)
		if spelled := s.opt.Keys.Spelled(word); latin(word) && len(spelled) > 0 {
			term = "(" + term + ") OR (" + all(spelled) + ")"
		}
		terms = append(terms, "("+term+")")
		named = append(named, all(s.opt.Keys.QueryNamed(word)))
	}
	return terms, named
}

func all(tokens []string) string { return `"` + strings.Join(tokens, `" AND "`) + `"` }

// latin tells whether a word could be initials: letters and digits of ASCII, a
// letter among them.
func latin(word string) bool {
	letter := false
	for _, r := range word {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
		letter = letter || unicode.IsLetter(r)
	}
	return letter
}
