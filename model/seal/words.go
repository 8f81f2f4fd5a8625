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

// Words are all keyed words of a record in the search index, separated by
// blanks; "" after Forget. find are the texts it is found by: of each its Tokens,
// and of the first, its name, the words that QueryNamed asks for too. exact are
// found as wholes, by Exact, and initials are those of names, found by Spelled.
func (k *Keys) Words(find, exact, initials []string) string {
	var out string
	k.words(func(w *wordMaker) {
		for _, text := range find {
			w.text(text)
		}
		if len(find) > 0 {
			w.kind = gramNamed
			w.text(find[0])
		}
		for _, text := range exact {
			w.put(w.token(exactSign + text))
		}
		w.kind = gramSpelled
		for _, name := range initials {
			letters := []rune(name)
			w.spell(letters[:min(2, len(letters))])
			w.spell(letters)
		}
		out = string(w.out)
	})
	return out
}

// Tokens turns text into the keyed words of a search index: every pair of
// neighbouring letters or digits, and every four in a row of a run of Latin
// letters and digits (a hundred digit pairs would match every roll of identity
// numbers). Text is folded by NFKC and case; blanks separate words, other signs
// are passed over, so that 138-0013-8000 is found by 13800138000.
//
// The tokens are HMACs; without the key they say nothing readable. Each is
// listed once, and none after Forget.
func (k *Keys) Tokens(text string) []string {
	return k.list(func(w *wordMaker) { w.text(text) })
}

// Query turns what is searched for into the tokens that a text must all have.
// They are among the text's Tokens whenever the text contains every word of
// the query, of at least two letters each; a word of one letter gives no token
// and so restricts nothing.
func (k *Keys) Query(text string) []string {
	return k.list(func(w *wordMaker) { w.rarest = true; w.text(text) })
}

// QueryNamed is Query for what is looked for in names alone. Their words are
// others than those of Tokens, so that the index does not tell which of them
// make up names.
func (k *Keys) QueryNamed(text string) []string {
	return k.list(func(w *wordMaker) { w.rarest, w.kind = true, gramNamed; w.text(text) })
}

// Exact turns a whole text into one keyed word, which nothing shorter, longer or
// spelled otherwise has; "" after Forget.
func (k *Keys) Exact(text string) string {
	return strings.Join(k.list(func(w *wordMaker) { w.put(w.token(exactSign + text)) }), "")
}

// exactSign begins what is found as a whole; no gram of a text has it.
const exactSign = "\x02"

func (k *Keys) list(make func(*wordMaker)) []string {
	var out []string
	k.words(func(w *wordMaker) {
		if make(w); len(w.out) > 0 {
			out = strings.Split(string(w.out), " ")
		}
	})
	return out
}

// words lends a maker of words, unless the keys are forgotten.
func (k *Keys) words(use func(*wordMaker)) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.search == nil {
		return
	}
	w := k.grams.lend(k.search)
	use(w)
	k.grams.takeBack(w)
}

// wordMaker makes the words of one record.
type wordMaker struct {
	mac    hash.Hash
	kind   gram // of the words being made
	rarest bool // leave out pairs that a run of four covers
	out    []byte
	letter []rune // of the word being cut

	known *knownGrams
	met   []uint32 // by place in known: the round that last met it
	round uint32
	fresh map[gram]token // met in this round and not known before
}

func (w *wordMaker) text(text string) {
	for _, r := range norm.NFKC.String(text) {
		switch r = unicode.ToLower(r); {
		case unicode.IsSpace(r):
			w.word()
		case unicode.IsLetter(r), unicode.IsNumber(r):
			w.letter = append(w.letter, r)
		}
	}
	w.word()
}

const latinRun = 4

// word cuts the letters gathered into grams.
func (w *wordMaker) word() {
	runes := w.letter
	w.letter = w.letter[:0]
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
	g := gramOf(w.kind, runes)
	if at, ok := w.known.at[g]; ok {
		if w.met[at] != w.round {
			w.met[at] = w.round
			w.put(w.known.tokens[at])
		}
		return
	}
	if _, ok := w.fresh[g]; ok {
		return
	}
	t := w.token(w.kind.said(runes))
	w.fresh[g] = t
	w.put(t)
}

func (w *wordMaker) put(t token) {
	if len(w.out) > 0 {
		w.out = append(w.out, ' ')
	}
	w.out = append(w.out, t[:]...)
}

// tokenSize in bytes: among a million different pairs a false match of two is
// as likely as one in a million.
const tokenSize = 5

// token is a keyed word.
type token [tokenSize * 8 / 5]byte

// token makes a keyed word.
func (w *wordMaker) token(said string) (t token) {
	var sum [sha256.Size]byte
	w.mac.Reset()
	w.mac.Write([]byte(said))
	lower32.Encode(t[:], w.mac.Sum(sum[:0])[:tokenSize])
	return t
}

// gram is two letters, three of a spelling or four of a Latin run, in bits, with
// the kind of its word in the highest.
type gram uint64

const (
	gramNamed   gram = 1 << 63
	gramSpelled gram = 1 << 62
	gramOfFour  gram = 1 << 61

	gramRune = 20 // bits of a letter
	gramByte = 7  // of each of four
)

// said is what the token of a gram is made of: signs that no text has set the
// kinds apart.
func (kind gram) said(runes []rune) string {
	switch text := string(runes); kind {
	case gramNamed:
		return "\x01" + text
	case gramSpelled:
		return "\x00" + text + strings.Repeat("\x00", latinRun-len(runes))
	default:
		return text
	}
}

// gramOf packs at most three runes that isGram, or four of ASCII.
func gramOf(kind gram, runes []rune) gram {
	bits := gramRune
	if len(runes) == latinRun {
		kind, bits = kind|gramOfFour, gramByte
	}
	var g gram
	for _, r := range runes {
		g = g<<bits | gram(r)
	}
	return kind | g
}

// knownGrams are the tokens of grams met before.
type knownGrams struct {
	at     map[gram]uint32
	tokens []token
}

// gramTokens remembers the tokens of grams: the same ones come again in nearly
// every record, and a look is a tenth of an HMAC. What is in use is never
// written to; what is new gathers beside it until it is worth joining.
type gramTokens struct {
	mu     sync.Mutex
	known  *knownGrams
	gather map[gram]token
	makers sync.Pool
}

const (
	gramsGathered = 1 << 10 // before they are joined to the known ones
	gramsKept     = 1 << 16
)

// lend gives out a maker for one round.
func (c *gramTokens) lend(key []byte) *wordMaker {
	w, ok := c.makers.Get().(*wordMaker)
	if !ok {
		w = &wordMaker{mac: hmac.New(sha256.New, key), fresh: map[gram]token{}}
	}
	c.mu.Lock()
	if c.known == nil {
		c.known = &knownGrams{}
	}
	w.known = c.known
	c.mu.Unlock()
	if w.round++; w.round == 0 || len(w.met) < len(w.known.tokens) {
		w.met, w.round = make([]uint32, len(w.known.tokens)), 1
	}
	w.kind, w.rarest, w.out = 0, false, w.out[:0]
	return w
}

// takeBack keeps what a round has found out.
func (c *gramTokens) takeBack(w *wordMaker) {
	if len(w.fresh) > 0 {
		c.keep(w.fresh)
		clear(w.fresh)
	}
	c.makers.Put(w)
}

func (c *gramTokens) keep(fresh map[gram]token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gather == nil {
		c.gather = map[gram]token{}
	}
	maps.Copy(c.gather, fresh)
	old := c.known
	if len(c.gather) < max(gramsGathered, len(old.tokens)/4) {
		return
	}
	if len(old.tokens) >= gramsKept {
		old = &knownGrams{}
	}
	c.known = old.with(c.gather)
	c.gather = nil
}

// with is the known grams and more.
func (k *knownGrams) with(more map[gram]token) *knownGrams {
	out := &knownGrams{at: make(map[gram]uint32, len(k.at)+len(more)), tokens: append([]token{}, k.tokens...)}
	maps.Copy(out.at, k.at)
	for g, t := range more {
		if _, ok := out.at[g]; !ok {
			out.at[g] = uint32(len(out.tokens))
			out.tokens = append(out.tokens, t)
		}
	}
	return out
}
