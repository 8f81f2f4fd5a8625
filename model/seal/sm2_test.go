package seal_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

// longest is a claim as long as papers have it.
func longest() model.Claim {
	digest := sha256.Sum256([]byte("x"))
	return model.Claim{Document: modeltest.ID(0xffff, 0xffffffffff), Type: "D08c", Number: "桃花源人社劳监令〔2026〕第12345号",
		Issued: "2026-09-18", Due: "2026-12-31", AmountFen: 9_999_999_999_99, Digest: digest[:]}
}

func keysOf(t testing.TB, d seal.Device) []model.PublicKey {
	t.Helper()
	keys, err := d.PublicKeys("甲")
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestSM2Token(t *testing.T) {
	d := modeltest.Device(1)
	keys := keysOf(t, d)
	token, err := seal.SignTokenSM2(longest(), d)
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal.VerifyToken(token, keys, modeltest.Day)
	if err != nil || got.Issuer != keys[1].ID || got.Number != longest().Number || !bytes.Equal(got.Digest, longest().Digest) {
		t.Errorf("%+v, %v", got, err)
	}
	read, err := seal.ReadToken("https://hub/v#" + token)
	if err != nil || read.Alg != model.AlgSM2 {
		t.Errorf("%+v, %v", read, err)
	}
	revoked, swapped, other := keys[1], keys[1], keysOf(t, modeltest.Device(2))
	revoked.Revoked = modeltest.Day.AddDate(0, 0, -1)
	swapped.Alg = model.AlgEd25519
	early := keys[1]
	early.To = modeltest.Day.AddDate(0, 0, -1)
	for name, c := range map[string]struct {
		keys []model.PublicKey
		want error
	}{
		"the device's other key": {keys[:1], seal.ErrUnknownKey}, "another device": {other, seal.ErrUnknownKey},
		"revoked": {[]model.PublicKey{revoked}, seal.ErrKeyRevoked}, "expired": {[]model.PublicKey{early}, seal.ErrKeyExpired},
		"called by another algorithm": {[]model.PublicKey{swapped}, seal.ErrUnknownKey},
	} {
		if _, err := seal.VerifyToken(token, c.keys, modeltest.Day); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A token whose header, claim or signature is changed is never believed.
func TestSM2TokenTampered(t *testing.T) {
	d := modeltest.Device(1)
	keys := keysOf(t, d)
	token, err := seal.SignTokenSM2(longest(), d)
	if err != nil {
		t.Fatal(err)
	}
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for i := range token {
		next := alphabet[(strings.IndexByte(alphabet, token[i])+1)%len(alphabet)]
		if got, err := seal.VerifyToken(token[:i]+string(next)+token[i+1:], keys, modeltest.Day); err == nil {
			t.Errorf("changed at %d it still says %+v", i, got)
		}
	}
}

func TestSM2KeyFollowsFromTheSeed(t *testing.T) {
	one, err := modeltest.Device(1).SM2Public()
	again, err2 := modeltest.Device(1).SM2Public()
	other, err3 := modeltest.Device(2).SM2Public()
	if errors.Join(err, err2, err3) != nil || !bytes.Equal(one, again) || bytes.Equal(one, other) || len(one) != 65 {
		t.Errorf("%x %x %x, %v %v %v", one, again, other, err, err2, err3)
	}
}

// Naming the algorithm costs an SM2 token a few characters of the code, no
// more: both kinds stay within MaxToken for a number as long as offices have.
func TestTokensFitTheCode(t *testing.T) {
	d := modeltest.Device(1)
	first, err := seal.SignToken(longest(), d)
	if err != nil {
		t.Fatal(err)
	}
	second, err := seal.SignTokenSM2(longest(), d)
	if err != nil {
		t.Fatal(err)
	}
	if len(second) > len(first)+4 || len(second) > seal.MaxToken {
		t.Errorf("%d and %d characters of %d", len(first), len(second), seal.MaxToken)
	}
}

func TestKeyList(t *testing.T) {
	d := modeltest.Device(1)
	keys := keysOf(t, d)
	keys[1].Revoked = modeltest.Day
	raw, err := seal.SignKeyList(keys, modeltest.Day, d)
	if err != nil {
		t.Fatal(err)
	}
	l, err := seal.ReadKeyList(raw)
	if err != nil || len(l.Keys) != 2 || l.Keys[1].Alg != model.AlgSM2 || !l.Keys[1].Revoked.Equal(modeltest.Day) || l.KeyID != d.KeyID() || !l.Made.Equal(modeltest.Day) {
		t.Errorf("%+v, %v", l, err)
	}
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"a revocation taken out": {bytes.Replace(raw, []byte(`"revoked"`), []byte(`"rewoked"`), 1), seal.ErrForged},
		"another name":           {bytes.Replace(raw, []byte("甲"), []byte("乙"), 1), seal.ErrForged},
		"another signer":         {bytes.Replace(raw, []byte(`"key_id": "`+d.KeyID()), []byte(`"key_id": "`+modeltest.Device(2).KeyID()), 1), seal.ErrForged},
		"not signed":             {bytes.Replace(raw, []byte(`"sig"`), []byte(`"gis"`), 1), seal.ErrForged},
		"something else":         {[]byte(`{"a":1}`), seal.ErrKeyList}, "nothing": {nil, seal.ErrKeyList},
	} {
		if _, err := seal.ReadKeyList(c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadKeyList(f *testing.F) {
	raw, err := seal.SignKeyList(keysOf(f, modeltest.Device(1)), modeltest.Day, modeltest.Device(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"format":1,"keys":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := seal.ReadKeyList(raw)
		if err == nil && l.KeyID != seal.KeyID(l.Key) {
			t.Error("a list of a signer it does not name")
		}
	})
}

func BenchmarkToken(b *testing.B) {
	d := modeltest.Device(1)
	keys := keysOf(b, d)
	for name, sign := range map[string]func(model.Claim, seal.Device) (string, error){"Ed25519": seal.SignToken, "SM2": seal.SignTokenSM2} {
		token, err := sign(longest(), d)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/sign", func(b *testing.B) {
			for b.Loop() {
				if _, err := sign(longest(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/verify", func(b *testing.B) {
			at := modeltest.Day.Add(time.Hour)
			for b.Loop() {
				if _, err := seal.VerifyToken(token, keys, at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
