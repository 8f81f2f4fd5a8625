package seal_test

import (
	"crypto/ed25519"
	"crypto/sha512"
	"errors"
	"fmt"
	"slices"
	"testing"

	"filippo.io/edwards25519"
	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

// many are n revisions of three devices, with the keys they are signed by.
func many(t interface{ Fatal(...any) }, n int) (revs []model.Revision, keys []ed25519.PublicKey) {
	for i := range n {
		d := modeltest.Device(1 + i%3)
		r := sample()
		r.Body = fmt.Appendf(nil, `{"name":"某公司","headcount":%d}`, i)
		if err := d.SignRevision(&r); err != nil {
			t.Fatal(err)
		}
		revs, keys = append(revs, r), append(keys, d.Public())
	}
	return revs, keys
}

// spoil does something to a signed revision, or to the key it is checked with.
var spoil = map[string]func(r *model.Revision, key *ed25519.PublicKey){
	"body":            func(r *model.Revision, _ *ed25519.PublicKey) { r.Body = []byte(`{"name":"另一家"}`) },
	"broken body":     func(r *model.Revision, _ *ed25519.PublicKey) { r.Body = []byte(`{"name":`) },
	"author":          func(r *model.Revision, _ *ed25519.PublicKey) { r.Author = "x" },
	"sig":             func(r *model.Revision, _ *ed25519.PublicKey) { r.Sig[3] ^= 1 },
	"second half":     func(r *model.Revision, _ *ed25519.PublicKey) { r.Sig[40] ^= 1 },
	"short sig":       func(r *model.Revision, _ *ed25519.PublicKey) { r.Sig = r.Sig[:63] },
	"no sig":          func(r *model.Revision, _ *ed25519.PublicKey) { r.Sig = nil },
	"half too large":  func(r *model.Revision, _ *ed25519.PublicKey) { r.Sig[63] |= 0xe0 },
	"first half one":  func(r *model.Revision, _ *ed25519.PublicKey) { copy(r.Sig, append([]byte{1}, make([]byte, 31)...)) },
	"first half high": func(r *model.Revision, _ *ed25519.PublicKey) { copy(r.Sig, slices.Repeat([]byte{0xff}, 32)) },
	"no key":          func(_ *model.Revision, key *ed25519.PublicKey) { *key = nil },
	"another's key":   func(_ *model.Revision, key *ed25519.PublicKey) { *key = modeltest.Device(9).Public() },
	"no point":        func(_ *model.Revision, key *ed25519.PublicKey) { *key = slices.Repeat([]byte{2}, 32) },
}

// Together or alone, the same revisions hold and the same do not, and come back
// the same.
func TestManyAreCheckedLikeOne(t *testing.T) {
	kinds := make([]string, 0, len(spoil))
	for kind := range spoil {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	rapid.Check(t, func(t *rapid.T) {
		revs, keys := many(t, rapid.IntRange(0, 12).Draw(t, "n"))
		for i := range revs {
			revs[i].Sig = slices.Clone(revs[i].Sig)
			if rapid.IntRange(0, 9).Draw(t, "spoilt") == 0 {
				spoil[rapid.SampledFrom(kinds).Draw(t, "how")](&revs[i], &keys[i])
			}
		}
		out, errs := seal.CanonicalRevisions(revs, keys)
		for i := range revs {
			alone, err := seal.CanonicalRevision(revs[i], keys[i])
			if (err == nil) != (errs[i] == nil) || errors.Is(err, seal.ErrForged) != errors.Is(errs[i], seal.ErrForged) || err == nil && string(alone.Body) != string(out[i].Body) {
				t.Fatalf("%d of %d: alone %v, together %v", i, len(revs), err, errs[i])
			}
		}
	})
}

// In few and in so many that they are summed by buckets.
func TestEachWayToSpoilOne(t *testing.T) {
	for _, n := range []int{70, 230} {
		revs, keys := many(t, n)
		if _, errs := seal.CanonicalRevisions(revs, keys); errors.Join(errs...) != nil {
			t.Errorf("%d, none spoilt: %v", n, errors.Join(errs...))
		}
		for name, do := range spoil {
			revs, keys := slices.Clone(revs), slices.Clone(keys)
			revs[33].Sig = slices.Clone(revs[33].Sig)
			do(&revs[33], &keys[33])
			_, errs := seal.CanonicalRevisions(revs, keys)
			for i, err := range errs {
				if (err != nil) != (i == 33) {
					t.Errorf("%s: revision %d of %d: %v", name, i, n, err)
				}
			}
		}
	}
}

// What the batch lets pass beyond a check alone: its maker, who holds the key,
// bent the signature by a point of order eight. Nobody else can.
func TestBentByItsOwnMaker(t *testing.T) {
	d := modeltest.Device(1)
	r := sample()
	if err := d.SignRevision(&r); err != nil {
		t.Fatal(err)
	}
	r.Sig = bent(t, d.Key, []byte("anxin revision 1\n"+string(r.Rev)))
	if err := seal.CheckRevision(r, d.Public()); !errors.Is(err, seal.ErrForged) {
		t.Errorf("alone: %v", err)
	}
	if _, errs := seal.CanonicalRevisions([]model.Revision{r}, []ed25519.PublicKey{d.Public()}); errs[0] != nil {
		t.Errorf("together: %v", errs[0])
	}
	if _, errs := seal.CanonicalRevisions([]model.Revision{r}, []ed25519.PublicKey{modeltest.Device(2).Public()}); !errors.Is(errs[0], seal.ErrForged) {
		t.Errorf("by another's key: %v", errs[0])
	}
	forged := r
	forged.Sig = make([]byte, len(r.Sig))
	if _, errs := seal.CanonicalRevisions([]model.Revision{forged, r}, []ed25519.PublicKey{d.Public(), d.Public()}); !errors.Is(errs[0], seal.ErrForged) || errs[1] != nil {
		t.Errorf("beside a forged one: %v", errs)
	}
}

// bent signs a message with R moved by a point of order eight.
func bent(t *testing.T, key ed25519.PrivateKey, message []byte) []byte {
	t.Helper()
	half := sha512.Sum512(key.Seed())
	secret, err1 := edwards25519.NewScalar().SetBytesWithClamping(half[:32])
	wide := sha512.Sum512(append(slices.Clone(half[32:]), message...))
	nonce, err2 := edwards25519.NewScalar().SetUniformBytes(wide[:])
	order8, err3 := new(edwards25519.Point).SetBytes([]byte{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
		0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	r := new(edwards25519.Point).ScalarBaseMult(nonce)
	first := r.Add(r, order8).Bytes()
	h := sha512.New()
	h.Write(first)
	h.Write(key.Public().(ed25519.PublicKey))
	h.Write(message)
	k, err := edwards25519.NewScalar().SetUniformBytes(h.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	return append(first, edwards25519.NewScalar().MultiplyAdd(k, secret, nonce).Bytes()...)
}

func BenchmarkCheckRevisions(b *testing.B) {
	for _, n := range []int{16, 64, 128, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			revs, keys := many(b, n)
			for b.Loop() {
				if _, errs := seal.CanonicalRevisions(revs, keys); errors.Join(errs...) != nil {
					b.Fatal(errs)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/revision")
		})
	}
}
