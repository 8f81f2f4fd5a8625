package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha512"
	"errors"

	"filippo.io/edwards25519"

	"anxin/model"
)

// CanonicalRevisions is CanonicalRevision for many at once, at about a quarter of
// the price: keys[i] checks revs[i], and errs[i] is nil where it holds. They are
// named one by one and their signatures checked together, by the equation of
// batch verification (cofactored, as in ZIP 215); when it does not hold each is
// checked alone by it, so that what is wrong is found. All it lets pass that a
// check by itself would not are signatures whose own maker, who holds the key,
// bent them by a point of small order.
func CanonicalRevisions(revs []model.Revision, keys []ed25519.PublicKey) (out []model.Revision, errs []error) {
	out, errs = make([]model.Revision, len(revs)), make([]error, len(revs))
	var b batch
	for i, r := range revs {
		if out[i], errs[i] = named(r); errs[i] == nil {
			b = append(b, signatureOf(r, keys[i]))
		}
	}
	if b.holds() {
		return out, errs
	}
	for i := range out {
		// by the same equation first: what is said of one must not hang on its neighbours
		if errs[i] == nil && !(batch{signatureOf(revs[i], keys[i])}).holds() {
			errs[i] = signed(out[i], keys[i])
		}
	}
	return out, errs
}

// signature is what is to be checked.
type signature struct {
	key     []byte
	message string
	sig     []byte
}

func signatureOf(r model.Revision, key ed25519.PublicKey) signature {
	return signature{key, domainRevision + string(r.Rev), r.Sig}
}

// batch is a set of signatures that hold or do not hold together.
type batch []signature

var errBatch = errors.New("a signature for a check by itself")

// holds says whether all signatures hold: the sum of z·(s·B − k·A − R) over all,
// with a random z of 128 bits for each, is nothing but a point of small order.
func (b batch) holds() bool {
	sum, err := b.sum()
	return err == nil && sum.MultByCofactor(sum).Equal(edwards25519.NewIdentityPoint()) == 1
}

func (b batch) sum() (*edwards25519.Point, error) {
	s := &batchSum{byKey: map[string]*edwards25519.Scalar{}, base: edwards25519.NewScalar()}
	drawn := make([]byte, len(b)*weightSize)
	if _, err := rand.Read(drawn); err != nil {
		return nil, err
	}
	for i, sig := range b {
		if err := s.add([weightSize]byte(drawn[i*weightSize:]), sig); err != nil {
			return nil, err
		}
	}
	return s.total()
}

// weightSize in bytes: nobody can foresee the weights, so that a batch that does
// not hold passes for one that does once in 2^128.
const weightSize = 16

// batchSum gathers the terms, those of B and of each key in one.
type batchSum struct {
	base    *edwards25519.Scalar
	byKey   map[string]*edwards25519.Scalar
	weights [][weightSize]byte
	points  []*edwards25519.Point // R of each signature
}

// add takes one signature with its weight z.
func (s *batchSum) add(weight [weightSize]byte, of signature) error {
	if len(of.key) != ed25519.PublicKeySize || len(of.sig) != ed25519.SignatureSize || !usual(of.sig[:32]) {
		return errBatch
	}
	r, err := new(edwards25519.Point).SetBytes(of.sig[:32])
	if err != nil {
		return err
	}
	half, err := new(edwards25519.Scalar).SetCanonicalBytes(of.sig[32:])
	if err != nil {
		return err
	}
	var room [256]byte
	hash := sha512.Sum512(append(append(append(room[:0], of.sig[:32]...), of.key...), of.message...))
	k, err := new(edwards25519.Scalar).SetUniformBytes(hash[:])
	if err != nil {
		return err
	}
	ofKey := s.byKey[string(of.key)]
	if ofKey == nil {
		ofKey = edwards25519.NewScalar()
		s.byKey[string(of.key)] = ofKey
	}
	z := scalarOf(weight)
	ofKey.MultiplyAdd(z, k, ofKey)
	s.base.MultiplyAdd(z, half, s.base)
	s.weights, s.points = append(s.weights, weight), append(s.points, r)
	return nil
}

// total is the sum with its sign turned.
func (s *batchSum) total() (*edwards25519.Point, error) {
	scalars := []*edwards25519.Scalar{s.base.Negate(s.base)}
	points := []*edwards25519.Point{edwards25519.NewGeneratorPoint()}
	for key, k := range s.byKey {
		a, err := new(edwards25519.Point).SetBytes([]byte(key))
		if err != nil {
			return nil, err
		}
		scalars, points = append(scalars, k), append(points, a)
	}
	if len(s.points) >= bucketsPay {
		of := new(edwards25519.Point).VarTimeMultiScalarMult(scalars, points)
		return of.Add(of, weighted(s.weights, s.points)), nil
	}
	for _, w := range s.weights {
		scalars = append(scalars, scalarOf(w))
	}
	return new(edwards25519.Point).VarTimeMultiScalarMult(scalars, append(points, s.points...)), nil
}

func scalarOf(weight [weightSize]byte) *edwards25519.Scalar {
	var wide [32]byte
	copy(wide[:], weight[:])
	return must(new(edwards25519.Scalar).SetCanonicalBytes(wide[:]))
}

// usual says that an encoded point has one encoding only: its y is below p, and
// it is none of the two whose x is 0, y = 1 and y = p-1.
func usual(point []byte) bool {
	y := [32]byte(point)
	y[31] &= 0x7f
	if y == [32]byte{1} {
		return false
	}
	for _, b := range y[1:31] {
		if b != 0xff {
			return true
		}
	}
	return y[31] != 0x7f || y[0] < 0xec
}
