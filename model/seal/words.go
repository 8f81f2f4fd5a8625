package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

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
	w := k.makers.lend(k.search)
	use(w)
	k.makers.takeBack(w)
}

// wordMaker makes the words of one record after the other.
type wordMaker struct {
	mac    hash.Hash
	said   []byte // to mac
	sum    []byte // of mac
	kind   gram   // of the words being made
	rarest bool   // leave out pairs that a run of four covers
	out    []byte
	letter []rune // of the word being cut
	known  gramTable
	round  uint32 // of the record
}

func (w *wordMaker) text(text string) {
	if !isFolded(text) {
		text = norm.NFKC.String(text)
	}
	for _, r := range text {
		if isIdeograph(r) {
			w.letter = append(w.letter, r)
			continue
		}
		switch r = unicode.ToLower(r); {
		case unicode.IsSpace(r):
			w.word()
		case unicode.IsLetter(r), unicode.IsNumber(r):
			w.letter = append(w.letter, r)
		}
	}
	w.word()
}

// isFolded says at a glance that NFKC leaves a text as it is: ASCII and the
// ideographs have no other form and join with nothing.
func isFolded(text string) bool {
	for _, r := range text {
		if r >= utf8.RuneSelf && !isIdeograph(r) {
			return false
		}
	}
	return true
}

// isIdeograph tells the characters of nearly all Chinese text: they are letters.
func isIdeograph(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

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
	k := w.known.at(g)
	if k.gram == 0 {
		*k = knownGram{gram: g, token: w.token(w.kind.said(runes))}
		w.known.used++
	}
	if k.round != w.round {
		k.round = w.round
		w.put(k.token)
	}
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
	w.mac.Reset()
	w.said = append(w.said[:0], said...)
	w.mac.Write(w.said)
	w.sum = w.mac.Sum(w.sum[:0])
	lower32.Encode(t[:], w.sum[:tokenSize])
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

// knownGram is a gram met before.
type knownGram struct {
	gram  gram // 0: a free place
	token token
	round uint32 // that last met it
}

// gramTable holds known grams by their bits: the same ones come again in nearly
// every record, and a look is a hundredth of an HMAC. It has a power of two of
// places, at least half of them free.
type gramTable struct {
	places []knownGram
	used   int
}

// at is the place of a gram: where it is, or where it is to be put.
func (t *gramTable) at(g gram) *knownGram {
	if 2*t.used >= len(t.places) {
		t.grow()
	}
	return t.find(g)
}

func (t *gramTable) find(g gram) *knownGram {
	const golden = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio: the higher bits spread well
	for i := g * golden >> 32; ; i++ {
		if k := &t.places[int(i)&(len(t.places)-1)]; k.gram == g || k.gram == 0 {
			return k
		}
	}
}

func (t *gramTable) grow() {
	old := t.places
	t.places = make([]knownGram, max(1<<10, 2*len(old)))
	for _, k := range old {
		if k.gram != 0 {
			*t.find(k.gram) = k
		}
	}
}

// gramsKept is how many grams a maker remembers from record to record.
const gramsKept = 1 << 16

// wordMakers are the makers nobody uses; each remembers what it has met.
type wordMakers struct {
	mu   sync.Mutex
	idle []*wordMaker
}

// lend gives out a maker for one record.
func (m *wordMakers) lend(key []byte) *wordMaker {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.idle)
	if n == 0 {
		return &wordMaker{mac: hmac.New(sha256.New, key), round: 1}
	}
	w := m.idle[n-1]
	m.idle = m.idle[:n-1]
	if w.round++; w.round == 0 || w.known.used > gramsKept {
		w.known, w.round = gramTable{}, 1
	}
	w.kind, w.rarest, w.out = 0, false, w.out[:0]
	return w
}

func (m *wordMakers) takeBack(w *wordMaker) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle = append(m.idle, w)
}
