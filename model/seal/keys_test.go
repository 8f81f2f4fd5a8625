package seal_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

const officer, colleague = model.ID("01990000-0000-7000-8000-00000000000a"), model.ID("01990000-0000-7000-8000-00000000000b")

func create(t testing.TB) (*seal.Keys, string) {
	t.Helper()
	dir := t.TempDir()
	k, err := seal.CreateKeys(dir, "桃花源 里", officer, modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	return k, dir
}

func TestEveryOfficerOpensWithTheirOwn(t *testing.T) {
	k, dir := create(t)
	sealed, err := k.SealBody("r", "1-a", []byte("内容"))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.AddSlot(colleague, "another"); err != nil {
		t.Fatal(err)
	}
	if err := k.AddSlot(colleague, "third"); err == nil {
		t.Error("a second slot for the same officer")
	}
	for pass, who := range map[string]model.ID{"桃花源 里": officer, "another": colleague, "ａｎｏｔｈｅｒ": colleague} {
		opened, got, err := seal.Unlock(dir, pass)
		if err != nil || got != who {
			t.Fatalf("%q opens as %s, %v", pass, got, err)
		}
		if plain, err := opened.OpenBody("r", "1-a", sealed); err != nil || string(plain) != "内容" {
			t.Errorf("%q reads %q, %v", pass, plain, err)
		}
		a, err1 := k.Device()
		b, err2 := opened.Device()
		if err1 != nil || err2 != nil || !a.Key.Equal(b.Key) || a.ID != b.ID || a.Epoch != 1 {
			t.Errorf("device %v, %v; %v, %v", a.ID, b.ID, err1, err2)
		}
	}
	if _, _, err := seal.Unlock(dir, "wrong"); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
}

func TestPassphraseChange(t *testing.T) {
	k, dir := create(t)
	if err := k.ChangePassphrase(officer, "wrong", "new"); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("wrong old one: %v", err)
	}
	if err := k.ChangePassphrase(officer, "桃花源 里", ""); err == nil {
		t.Error("an empty passphrase")
	}
	if err := k.ChangePassphrase(officer, "桃花源 里", "new"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := seal.Unlock(dir, "桃花源 里"); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("the old one still opens: %v", err)
	}
	if _, _, err := seal.Unlock(dir, "new"); err != nil {
		t.Errorf("the new one: %v", err)
	}
}

func TestRecovery(t *testing.T) {
	k, dir := create(t)
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.AddRecovery(private.PublicKey().Bytes()); err != nil {
		t.Fatal(err)
	}
	opened, err := seal.Recover(dir, private.Bytes(), modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.AddSlot(colleague, "after"); err != nil {
		t.Fatal(err)
	}
	if _, who, err := seal.Unlock(dir, "after"); err != nil || who != colleague {
		t.Errorf("%s, %v", who, err)
	}
	other, _ := ecdh.X25519().GenerateKey(rand.Reader)
	if _, err := seal.Recover(dir, other.Bytes(), modeltest.FastParams()); !errors.Is(err, model.ErrPassphrase) {
		t.Errorf("another's recovery key: %v", err)
	}
}

func TestForgotten(t *testing.T) {
	k, _ := create(t)
	k.Forget()
	_, sealErr := k.SealBody("r", "1-a", nil)
	_, openErr := k.Open("n", nil)
	_, deviceErr := k.Device()
	for name, err := range map[string]error{"seal": sealErr, "open": openErr, "device": deviceErr, "slot": k.AddSlot("x", "y"),
		"change": k.ChangePassphrase(officer, "a", "b"), "recovery": k.AddRecovery(make([]byte, 32))} {
		if !errors.Is(err, model.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if k.Tokens("张三") != nil || k.Query("张三") != nil {
		t.Error("tokens without keys")
	}
}

func TestKeyFileTroubles(t *testing.T) {
	k, dir := create(t)
	if _, err := seal.CreateKeys(dir, "x", officer, modeltest.FastParams()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created over another: %v", err)
	}
	if _, _, err := seal.Unlock(t.TempDir(), "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	path := filepath.Join(dir, seal.KeyFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	public, _ := k.Device()
	if !bytes.Contains(text, []byte(public.ID)) || !bytes.Contains(text, []byte(officer)) {
		t.Error("device or officer missing")
	}
	for name, broken := range map[string]string{
		"half": string(text[:len(text)/2]), "newer": strings.Replace(string(text), `"format": 1`, `"format": 9`, 1),
		"asks for all memory": strings.Replace(string(text), `"memory_kib": 64`, `"memory_kib": 4000000000`, 1),
	} {
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := seal.Unlock(dir, "桃花源 里"); err == nil || errors.Is(err, model.ErrPassphrase) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSealAndOpen(t *testing.T) {
	k, _ := create(t)
	rapid.Check(t, func(t *rapid.T) {
		record, rev := model.ID(rapid.String().Draw(t, "record")), model.Rev(rapid.StringMatching(`[0-9]-[a-z]{4}`).Draw(t, "rev"))
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := k.SealBody(record, rev, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.OpenBody(record, rev, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%x came back as %x, %v", plain, got, err)
		}
		if _, err := k.OpenBody(record+"x", rev, sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("opened in another record's place: %v", err)
		}
		if _, err := k.OpenBody(record, rev+"x", sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("opened as another revision: %v", err)
		}
		if _, err := k.Open(string(record), sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("opened as a setting: %v", err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := k.OpenBody(record, rev, sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("opened although changed: %v", err)
		}
	})
}

// Whatever piece of at least two letters a text contains, the text is found by
// it: the piece's tokens are among the text's.
func TestTokensOfAPieceAreAmongTheWhole(t *testing.T) {
	k, _ := create(t)
	alphabet := []rune("张三丰伟〔〕号令 　0123456789abcXYZ１２Ａ-()·，")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom(alphabet), 2, 40).Draw(t, "text")
		from := rapid.IntRange(0, len(text)-2).Draw(t, "from")
		to := rapid.IntRange(from+2, len(text)).Draw(t, "to")
		all := k.Tokens(string(text))
		for _, token := range append(k.Tokens(string(text[from:to])), k.Query(string(text[from:to]))...) {
			if !slices.Contains(all, token) {
				t.Fatalf("%q is not found by %q", string(text), string(text[from:to]))
			}
		}
	})
}

func TestTokens(t *testing.T) {
	k, _ := create(t)
	text := k.Tokens("张三丰 430725196001011234 138-0013-8000 桃人社监令〔2026〕第3号")
	for query, found := range map[string]bool{
		"张三": true, "三丰": true, "张三丰": true, "张丰": false, "72": true, "1960": true, "19600101": true, "13800138000": true, "138-0013-8000": true,
		"〔2026〕": true, "第3号": true, "２０２６": true, "9999": false, "4321": false, "张三 2026": true, "张三 李四": false,
	} {
		tokens := k.Query(query)
		all := len(tokens) > 0
		for _, w := range tokens {
			all = all && slices.Contains(text, w)
		}
		if all != found {
			t.Errorf("%q found: %v", query, all)
		}
	}
	if got := k.Query("张 , a"); got != nil {
		t.Errorf("words of one letter give %v", got)
	}
	if got := k.Query("a12345"); len(got) != 3 {
		t.Errorf("a run of six is searched by %d tokens, not by three fours", len(got))
	}
	other, _ := create(t)
	if slices.Contains(other.Tokens("张三"), k.Tokens("张三")[0]) {
		t.Error("another laptop's index has the same words")
	}
}
