package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tokens turns text into the keyed words of a search index: every pair of
// neighbouring letters or digits, and every four in a row of a run of Latin
// letters and digits (a hundred digit pairs would match every roll of identity
// numbers). Text is folded by NFKC and case; blanks separate words, other signs
// are passed over, so that 138-0013-8000 is found by 13800138000.
//
// It serves the index and the query alike: whatever piece of at least two
// neighbouring letters a text contains, the piece's tokens are among the
// text's. A word of one letter gives no token and so restricts nothing. The
// tokens are HMACs; without the key they say nothing readable. Each token is
// listed once.
func (k *Keys) Tokens(text string) []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.search == nil {
		return nil
	}
	w := wordMaker{mac: hmac.New(sha256.New, k.search), seen: map[string]bool{}}
	folded := strings.ToLower(norm.NFKC.String(text))
	for _, word := range strings.Fields(folded) {
		w.word([]rune(strings.Map(letters, word)))
	}
	return w.tokens
}

// letters drops what is neither letter nor digit.
func letters(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return r
	}
	return -1
}

type wordMaker struct {
	mac    hash.Hash
	seen   map[string]bool
	tokens []string
}

// tokenSize in bytes: among a million different pairs a false match of two is
// as likely as one in a million.
const tokenSize = 5

const latinRun = 4

func (w *wordMaker) word(runes []rune) {
	run := 0 // Latin letters and digits up to and with runes[i]
	for i, r := range runes {
		if r < unicode.MaxASCII {
			run++
		} else {
			run = 0
		}
		if i > 0 {
			w.add(string(runes[i-1 : i+1]))
		}
		if run >= latinRun {
			w.add(string(runes[i+1-latinRun : i+1]))
		}
	}
}

func (w *wordMaker) add(gram string) {
	if w.seen[gram] {
		return
	}
	w.seen[gram] = true
	w.mac.Reset()
	w.mac.Write([]byte(gram))
	w.tokens = append(w.tokens, lower32.EncodeToString(w.mac.Sum(nil)[:tokenSize]))
}
