package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func newSearch(t *testing.T) *Keys {
	t.Helper()
	k, err := newKeys(t.TempDir(), make([]byte, keySize), keyFile{}, Params{})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The words stand in databases: what they are made of can never change.
func TestWordsStayWhatTheyAre(t *testing.T) {
	k := newSearch(t)
	var want []string
	for _, said := range []string{"张三", "三1", "12", "23", "34", "1234", "\x01甲a", "\x02x=1", "\x00th\x00\x00", "\x00thy\x00", "\x00hyj\x00"} {
		mac := hmac.New(sha256.New, k.search)
		mac.Write([]byte(said))
		want = append(want, lower32.EncodeToString(mac.Sum(nil)[:5]))
	}
	got := append(k.Tokens("张三 张三"), k.Tokens("三1 １-2 23 34")[:4]...)
	got = append(append(got, k.Tokens("1234")[3:]...), k.QueryNamed("甲A")...)
	got = append(append(got, k.Exact("x=1")), k.Spelled("TH")...)
	got = append(got, k.Spelled("thyj")...)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// All words of a record are those of its parts, each kind once.
func TestWordsOfARecord(t *testing.T) {
	k := newSearch(t)
	for range 3 { // by the letters, then from memory
		got := strings.Fields(k.Words([]string{"张三丰", "住张三丰家"}, []string{"a=1"}, []string{"zsf", "zsq"}))
		want := slices.Concat(k.Tokens("张三丰 住张三丰家"), k.QueryNamed("张三丰"), []string{k.Exact("a=1")}, k.Spelled("zs"), k.Spelled("zsf"), k.Spelled("zsq"))
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	if got := k.Words(nil, nil, nil); got != "" {
		t.Errorf("nothing is found by %q", got)
	}
	if k.Forget(); k.Words([]string{"张三"}, nil, nil) != "" {
		t.Error("words without the key")
	}
}

// Whatever the text, its words are the keyed pairs and fours of its letters
// after NFKC, each once: what is taken at a glance changes nothing.
func TestWordsOfAnyText(t *testing.T) {
	k := newSearch(t)
	piece := rapid.SampledFrom([]string{"张", "三", "丰", "龥", "鿿", "㐀", "豈", "𠀀", "ａ", "Ａ", "b", "B", "1", "２", "é", "e\u0301", "か\u3099", "ﬁ", "㎏", "Ⅳ", "İ", "ß",
		" ", "　", "-", "，", "〔", "\n", "\x00", "\xff", "가", "ㄱ", "ﾊﾟ"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "text"), "") + rapid.StringN(0, 3, -1).Draw(t, "end")
		if got, want := k.Tokens(text), plainTokens(k, text); !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
	})
}

// plainTokens is Tokens by its definition.
func plainTokens(k *Keys, text string) (tokens []string) {
	keep := func(r rune) rune {
		if r = unicode.ToLower(r); unicode.IsSpace(r) {
			return ' '
		} else if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		return r
	}
	add := func(runes []rune) {
		mac := hmac.New(sha256.New, k.search)
		mac.Write([]byte(string(runes)))
		if t := lower32.EncodeToString(mac.Sum(nil)[:tokenSize]); !slices.Contains(tokens, t) {
			tokens = append(tokens, t)
		}
	}
	latin := func(runes []rune) bool {
		return !slices.ContainsFunc(runes, func(r rune) bool { return r >= unicode.MaxASCII })
	}
	for _, word := range strings.Fields(strings.Map(keep, norm.NFKC.String(text))) {
		letters := []rune(word)
		for from := 0; from < len(letters); {
			run := from
			for run < len(letters) && latin(letters[run:run+1]) {
				run++
			}
			for i := from + 2; i <= run; i++ {
				add(letters[i-2 : i])
			}
			for i := from + latinRun; i <= run; i++ {
				add(letters[i-latinRun : i])
			}
			from = max(run, from+1)
			if from < len(letters) {
				add(letters[from-1 : from+1])
			}
		}
	}
	return tokens
}

// What is called folded is so, alone and beside any other.
func TestFolded(t *testing.T) {
	for r := range rune(unicode.MaxRune + 1) {
		text := string(r)
		if !isFolded(text) {
			continue
		}
		p := norm.NFKC.PropertiesString(text)
		if norm.NFKC.String(text) != text || p.CCC() != 0 || r >= utf8.RuneSelf && (!p.BoundaryBefore() || unicode.ToLower(r) != r || !unicode.IsLetter(r)) {
			t.Fatalf("%U is not folded", r)
		}
	}
}

// A record of more grams than are kept, and what comes after it.
func TestWordsOfALongText(t *testing.T) {
	k := newSearch(t)
	var text []rune
	for a := rune(0x4e00); len(text) <= 2*gramsKept+2; a++ {
		for b := a; b < a+300; b++ {
			text = append(text, a, b)
		}
	}
	distinct := map[string]bool{}
	for i := range len(text) - 1 {
		distinct[string(text[i:i+2])] = true
	}
	for range 2 {
		if got := len(k.Tokens(string(text))); got != len(distinct) {
			t.Errorf("%d words, want %d", got, len(distinct))
		}
		if got := k.Tokens("张三 张三"); !slices.Equal(got, plainTokens(k, "张三")) {
			t.Errorf("after it %v", got)
		}
	}
}

// Many at once, while what is known grows again and again.
func TestWordsAtOnce(t *testing.T) {
	k, one := newSearch(t), newSearch(t)
	var wg sync.WaitGroup
	for from := range 4 {
		wg.Go(func() {
			for i := range 3000 {
				text := string([]rune{rune(0x4e00 + (from*1500+i)%9000), rune(0x4e00 + i%7), 'a', rune('a' + i%26)})
				if a, b := k.Words([]string{text}, nil, nil), one.Words([]string{text}, nil, nil); a != b {
					t.Errorf("%s: %s, %s", text, a, b)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestWordsAreRemembered(t *testing.T) {
	k := newSearch(t)
	text := []string{"临江县第一建筑工程有限公司"}
	first := k.Words(text, nil, nil)
	known := k.makers.idle[0].known.used
	if again := k.Words(text, nil, nil); again != first || known == 0 || k.makers.idle[0].known.used != known {
		t.Errorf("%d words known, then %d; %s, then %s", known, k.makers.idle[0].known.used, first, again)
	}
}
