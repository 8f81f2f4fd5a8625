package seal

import (
	"slices"
	"testing"

	"filippo.io/edwards25519"
	"pgregory.net/rapid"
)

// bytesThat are likely to carry, or not.
var bytesThat = rapid.OneOf(rapid.SampledFrom([]byte{0, 1, 0x7f, 0x80, 0x81, 0xff}), rapid.Byte())

// The sum by buckets is the sum.
func TestWeighted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var weights [][weightSize]byte
		var points, scaled []*edwards25519.Point
		var scalars []*edwards25519.Scalar
		for range rapid.IntRange(0, 20).Draw(t, "points") {
			p := edwards25519.NewIdentityPoint()
			if n := rapid.IntRange(-3, 3).Draw(t, "which"); n != 0 {
				p = multiple(n)
			}
			w := [weightSize]byte(rapid.SliceOfN(bytesThat, weightSize, weightSize).Draw(t, "weight"))
			weights, points, scalars = append(weights, w), append(points, p), append(scalars, scalarOf(w))
			scaled = append(scaled, new(edwards25519.Point).Set(p))
		}
		got := weighted(weights, points)
		if got.Equal(new(edwards25519.Point).MultiScalarMult(scalars, points)) != 1 {
			t.Fatalf("another sum of %x", weights)
		}
		if !slices.EqualFunc(points, scaled, func(a, b *edwards25519.Point) bool { return a.Equal(b) == 1 }) {
			t.Fatal("the points were changed")
		}
	})
}

// multiple is n times the generator.
func multiple(n int) *edwards25519.Point {
	p := edwards25519.NewIdentityPoint()
	for range max(n, -n) {
		p.Add(p, edwards25519.NewGeneratorPoint())
	}
	if n < 0 {
		p.Negate(p)
	}
	return p
}

// The digits of a weight are worth the weight.
func TestDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := [weightSize]byte(rapid.SliceOfN(bytesThat, weightSize, weightSize).Draw(t, "weight"))
		carry := 0
		for i, d := range digitsOf(w) {
			v := int(d) + carry // the value left at this place
			want := 0
			if i < weightSize {
				want = int(w[i])
			}
			if (v-want)&0xff != 0 {
				t.Fatalf("%x: digit %d is %d", w, i, d)
			}
			carry = (v - want) >> 8
		}
		if carry != 0 {
			t.Fatalf("%x: %d is left", w, carry)
		}
	})
}
