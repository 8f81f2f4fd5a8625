package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"testing"
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
	if k.grams.known == nil || len(k.grams.known.tokens) < gramsGathered {
		t.Error("nothing is remembered")
	}
}
