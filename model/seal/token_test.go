package seal_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

func claim() model.Claim {
	digest := sha256.Sum256([]byte("paper"))
	return model.Claim{
		Issuer: modeltest.Device(1).KeyID(), Document: modeltest.ID(1, 5), Type: "D06", Number: "桃人社监令字〔2026〕第0003号",
		Issued: "2026-09-18", Due: "2026-09-28", AmountFen: 33_600_000, Digest: digest[:],
	}
}

func publicKey(change func(*model.PublicKey)) []model.PublicKey {
	d := modeltest.Device(1)
	k := model.PublicKey{ID: d.KeyID(), Key: d.Public(), Device: d.ID, Name: "监察一中队"}
	if change != nil {
		change(&k)
	}
	return []model.PublicKey{{ID: "short", Key: []byte{1}}, {Key: modeltest.Device(2).Public()}, k}
}

func sign(t testing.TB, c model.Claim) string {
	t.Helper()
	text, err := seal.SignToken(c, modeltest.Device(1))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Papers with this token are in people's hands; it must stay readable.
const keptToken = `0RGSLKX50KJ9V%N 0LEZL05GF:5BMEL7049000010077E88G000000500QD0-R8C$6N8F17TEUGCRNZCT16O0UJA-S3%KO.LAYS3XI846B.6MBG/CTPYL646AP6Q7IEN0EAA0T0OAAWY0HB0SMMZ-0D34G$4QJP4SBA/4F935PUWYK3NBFAM9MRL2S+AHHRT49W1WHZ-0*58M+B$YE6DW2GU/9F$TC%HC0JV61KX78BBI*Y0.J4O:29SATBL*SK LAW5OD*1JGQQ1J2$23WF5.65SQO2MNXNVEPN5I 96C0`

func TestTokenFormatIsFixed(t *testing.T) {
	if got := sign(t, claim()); got != keptToken {
		t.Errorf("token is now\n%s", got)
	}
	got, err := seal.VerifyToken(keptToken, publicKey(nil), modeltest.Day)
	if err != nil || !reflect.DeepEqual(got, claim()) {
		t.Errorf("read as %+v, %v", got, err)
	}
}

func TestTokenIsReadFromLinksToo(t *testing.T) {
	token := sign(t, claim())
	for name, text := range map[string]string{
		"bare": token, "line end of a scanner": token + "\r\n", "pasted with blanks": "  " + token + "\n",
		"link": "https://hub.example/v#" + token, "escaped link": "https://hub.example/v#" + url.PathEscape(token),
	} {
		got, err := seal.VerifyToken(text, publicKey(nil), modeltest.Day)
		if err != nil || !reflect.DeepEqual(got, claim()) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTokenKeyRules(t *testing.T) {
	day := func(d int) time.Time { return modeltest.Day.AddDate(0, 0, d) }
	for _, c := range []struct {
		name string
		keys []model.PublicKey
		at   time.Time
		want error
	}{
		{"known", publicKey(nil), day(0), nil},
		{"years later", publicKey(nil), day(3000), nil},
		{"nobody known", nil, day(0), seal.ErrUnknownKey},
		{"right name, other key", []model.PublicKey{{ID: modeltest.Device(1).KeyID(), Key: modeltest.Device(2).Public()}}, day(0), seal.ErrUnknownKey},
		{"first day", publicKey(func(k *model.PublicKey) { k.From = day(0) }), day(0), nil},
		{"first day, written in UTC the day before", publicKey(func(k *model.PublicKey) { k.From = time.Date(2026, 9, 17, 23, 0, 0, 0, time.UTC) }), day(0), nil},
		{"before the key", publicKey(func(k *model.PublicKey) { k.From = day(1) }), day(2), seal.ErrKeyNotYetValid},
		{"last day", publicKey(func(k *model.PublicKey) { k.To = day(0) }), day(9), nil},
		{"after the key", publicKey(func(k *model.PublicKey) { k.To = day(-1) }), day(9), seal.ErrKeyExpired},
		{"revoked later", publicKey(func(k *model.PublicKey) { k.Revoked = day(1) }), day(9), nil},
		{"revoked that day", publicKey(func(k *model.PublicKey) { k.Revoked = day(0) }), day(9), seal.ErrKeyRevoked},
		{"issued tomorrow", publicKey(nil), day(-1), seal.ErrIssuedLater},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := seal.VerifyToken(sign(t, claim()), c.keys, c.at)
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if got.Number != claim().Number {
				t.Errorf("the claim is not shown: %+v", got)
			}
		})
	}
}

// No single character of a token can be changed unnoticed.
func TestTokenTampered(t *testing.T) {
	token := sign(t, claim())
	for i := range token {
		for _, c := range "0A:" {
			if token[i] == byte(c) {
				continue
			}
			changed := token[:i] + string(c) + token[i+1:]
			if _, err := seal.VerifyToken(changed, publicKey(nil), modeltest.Day); err == nil {
				t.Fatalf("character %d changed to %c and still believed", i, c)
			}
		}
	}
}

func TestTokenMalformed(t *testing.T) {
	token := sign(t, claim())
	for name, text := range map[string]string{
		"nothing": "", "prose": "你好", "cut": token[:len(token)-3], "cut to one": token[:1], "doubled": token + token,
		"lower case": strings.ToLower(token), "a link without": "https://hub.example/v", "beyond base45": ":::" + token[3:],
	} {
		if _, err := seal.ReadToken(text); !errors.Is(err, seal.ErrTokenMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTokenLimits(t *testing.T) {
	long := claim()
	long.Number = strings.Repeat("长", 40)
	if _, err := seal.SignToken(long, modeltest.Device(1)); !errors.Is(err, seal.ErrTokenTooLong) {
		t.Errorf("long number: %v", err)
	}
	for name, change := range map[string]func(*model.Claim){
		"document": func(c *model.Claim) { c.Document = "x" }, "digest": func(c *model.Claim) { c.Digest = c.Digest[1:] },
		"no day": func(c *model.Claim) { c.Issued = "" }, "bad due": func(c *model.Claim) { c.Due = "2026-02-30" },
	} {
		bad := claim()
		change(&bad)
		if text, err := seal.SignToken(bad, modeltest.Device(1)); err == nil {
			t.Errorf("%s: signed as %s", name, text)
		}
	}
	if n := len(sign(t, claim())); n > seal.MaxToken {
		t.Errorf("a usual token has %d characters", n)
	}
}

func TestTokenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := claim()
		c.Number = rapid.StringN(0, 15, 45).Draw(t, "number")
		c.AmountFen = rapid.Int64().Draw(t, "fen")
		c.Issued = model.DateOf(modeltest.Day.AddDate(0, 0, rapid.IntRange(-9000, 0).Draw(t, "issued")))
		c.Due = rapid.SampledFrom([]model.Date{"", "2026-12-31", "9999-12-31"}).Draw(t, "due")
		text, err := seal.SignToken(c, modeltest.Device(1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := seal.VerifyToken("https://h/v#"+url.PathEscape(text), publicKey(nil), modeltest.Day)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("%+v came back as %+v, %v", c, got, err)
		}
	})
}

func FuzzReadToken(f *testing.F) {
	f.Add(keptToken)
	f.Add("https://hub.example/v#" + url.PathEscape(keptToken))
	f.Add("#")
	f.Add("%%20%zz")
	f.Fuzz(func(t *testing.T, text string) {
		token, err := seal.ReadToken(text)
		if err != nil {
			if !errors.Is(err, seal.ErrTokenMalformed) && !errors.Is(err, seal.ErrTokenVersion) {
				t.Fatal(err)
			}
			return
		}
		c := token.Claim
		if len(c.Digest) != 32 || c.Issued.Time(time.UTC).IsZero() || len(c.Issuer) != 16 {
			t.Fatalf("read %+v", c)
		}
		if got, err := seal.VerifyToken(text, publicKey(nil), modeltest.Day); err == nil && (got.Document != claim().Document || !bytes.Equal(got.Digest, claim().Digest)) {
			t.Fatalf("believed %+v", got)
		}
	})
}
