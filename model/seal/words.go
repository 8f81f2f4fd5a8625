package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"maps"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tokens turns text into the keyed words of a search index: every pair of
// neighbouring letters or digits, and every four in a row of a run of Latin
// letters and digits (a hundred digit pairs would match every roll of identity
// numbers). Text is folded by NFKC and case; blanks separate words, other signs
// are passed over, so that 138-0013-8000 is found by 13800138000.
//
// The tokens are HMACs; without the key they say nothing readable. Each is
// listed once, and none after Forget.
func (k *Keys) Tokens(text string) []string { return k.tokens(text, wordMaker{}) }

// Query turns what is searched for into the tokens that a text must all have.
// They are among the text's Tokens whenever the text contains every word of
// the query, of at least two letters each; a word of one letter gives no token
// and so restricts nothing.
func (k *Keys) Query(text string) []string { return k.tokens(text, wordMaker{rarest: true}) }

// Named is Tokens for the name of a record, and QueryNamed Query for what is
// looked for in names alone. Their words are others than those of Tokens, so
// that the index does not tell which of them make up names.
func (k *Keys) Named(name string) []string { return k.tokens(name, wordMaker{named: true}) }

// QueryNamed: see Named.
func (k *Keys) QueryNamed(text string) []string {
	return k.tokens(text, wordMaker{named: true, rarest: true})
}

// Exact turns a whole text into one keyed word, which nothing shorter, longer or
// spelled otherwise has; "" after Forget.
func (k *Keys) Exact(text string) string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.search == nil {
		return ""
	}
	w := wordMaker{key: k.search}
	return w.token("\x02" + text) // no gram of a text has this sign
}

func (k *Keys) tokens(text string, w wordMaker) []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.search == nil {
		return nil
	}
	w.key, w.known, w.seen = k.search, k.grams.look(), seenGrams.Get().(map[gram]bool)
	defer func() {
		clear(w.seen)
		seenGrams.Put(w.seen)
	}()
	folded := strings.ToLower(norm.NFKC.String(text))
	for _, word := range strings.Fields(folded) {
		w.word([]rune(strings.Map(letters, word)))
	}
	k.grams.keep(w.fresh)
	return w.tokens
}

// letters drops what is neither letter nor digit.
func letters(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return r
	}
	return -1
}

// seenGrams are empty sets, kept because every record needs one.
var seenGrams = sync.Pool{New: func() any { return make(map[gram]bool, 128) }}

type wordMaker struct {
	key    []byte
	mac    hash.Hash // made when a gram is new
	known  map[gram]string
	fresh  map[gram]string // not known before
	rarest bool            // leave out pairs that a run of four covers
	named  bool            // words of names
	seen   map[gram]bool
	tokens []string
}

// tokenSize in bytes: among a million different pairs a false match of two is
// as likely as one in a million.
const tokenSize = 5

const latinRun = 4

func (w *wordMaker) word(runes []rune) {
	for len(runes) > 0 {
		n := 0 // length of the run of Latin letters and digits
		for n < len(runes) && runes[n] < unicode.MaxASCII {
			n++
		}
		covered := w.rarest && n >= latinRun
		for i := 2; i <= n && !covered; i++ {
			w.add(runes[i-2 : i])
		}
		for i := latinRun; i <= n; i++ {
			w.add(runes[i-latinRun : i])
		}
		// The pair across the end of the run, and the pairs of what follows.
		next := max(n, 1)
		if next < len(runes) {
			w.add(runes[next-1 : next+1])
		}
		runes = runes[next:]
	}
}

func (w *wordMaker) add(runes []rune) {
	var g gram
	copy(g[:], runes)
	if w.named {
		g[0] = -g[0] // as the first letter alone is of no other gram
	}
	if w.seen[g] {
		return
	}
	w.seen[g] = true
	token, ok := w.known[g]
	if !ok {
		text := string(runes)
		if w.named {
			text = "\x01" + text // no gram of a text has this sign
		}
		token = w.token(text)
		if w.fresh == nil {
			w.fresh = map[gram]string{}
		}
		w.fresh[g] = token
	}
	w.tokens = append(w.tokens, token)
}

func (w *wordMaker) token(gram string) string {
	if w.mac == nil {
		w.mac = hmac.New(sha256.New, w.key)
	}
	w.mac.Reset()
	w.mac.Write([]byte(gram))
	return lower32.EncodeToString(w.mac.Sum(nil)[:tokenSize])
}

// gram is two letters, or four of a Latin run.
type gram [latinRun]rune

// gramTokens remembers the tokens of grams: the same ones come again in nearly
// every record, and a look is a tenth of an HMAC. The map in use is never
// written to; what is new gathers beside it until it is worth a new map.
type gramTokens struct {
	mu     sync.Mutex
	known  map[gram]string
	gather map[gram]string
}

const (
	gramsGathered = 1 << 10 // before they are joined to the known ones
	gramsKept     = 1 << 16
)

func (c *gramTokens) look() map[gram]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

func (c *gramTokens) keep(fresh map[gram]string) {
	if len(fresh) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gather == nil {
		c.gather = map[gram]string{}
	}
	maps.Copy(c.gather, fresh)
	if len(c.gather) < max(gramsGathered, len(c.known)/4) {
		return
	}
	if len(c.known) < gramsKept {
		maps.Copy(c.gather, c.known)
	}
	c.known, c.gather = c.gather, nil
}
